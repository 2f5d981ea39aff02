"""`nntui notes`: a second terminal for the lecturer, at the screen that runs."""

from __future__ import annotations

import argparse

from nntui.commands import INTERRUPTED
from nntui.plain.notes import start


def run(arguments: argparse.Namespace) -> int:
    """Attach, and answer lines."""
    try:
        return start(arguments.number)
    except KeyboardInterrupt:
        return INTERRUPTED
