"""`nntui resume [FILE]`: goes on where the last recording ends, or that one."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from nntui.commands import UserError
from nntui.commands.recorded import named, wanted
from nntui.session.recording.reading import being_written
from nntui.session.recording.shelf import folder, kept
from nntui.text import clean


def run(arguments: argparse.Namespace) -> int:
    """Go on, on the screen, or in sentences where there is none."""
    path = _last() if arguments.file is None else named(arguments.file)
    if being_written(path):
        name = clean(path.name, 200)
        raise UserError(f"{name} is still being written by another nntui; end that one first, or: nntui follow {name}")
    record = wanted(arguments)
    if arguments.plain or not (sys.stdin.isatty() and sys.stdout.isatty()):
        from nntui.plain.start import resume as in_sentences

        return in_sentences(path, record)
    from nntui.tui.start import start

    return start(path, record, resume=True)


def _last() -> Path:
    """The newest recording on the shelf."""
    found = kept()
    if not found:
        raise UserError(f"there is no recording in {clean(str(folder()), 200)}; name a file")
    return named(found[0])
