"""`nntui follow FILE` and `nntui follow HOST:PATH`: a recording while it is being written, here or elsewhere."""

from __future__ import annotations

import argparse
from pathlib import Path

from nntui.commands import UserError
from nntui.commands.replay import play
from nntui.session.process.remote import RemoteError, copied, place_of


def run(arguments: argparse.Namespace) -> int:
    """Follow it; from another machine by ssh, which may ask for a password first."""
    if Path(arguments.file).exists() or ":" not in arguments.file:
        arguments.file = Path(arguments.file)
        return play(arguments, follow=True)
    try:
        host, path = place_of(arguments.file)
        with copied(host, path) as copy:
            arguments.file, arguments.copy = copy.file, copy
            return play(arguments, follow=True)
    except RemoteError as error:
        raise UserError(str(error)) from None
