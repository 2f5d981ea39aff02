"""`nntui plain LESSON`: a lesson or a recording in sentences."""

from __future__ import annotations

import argparse
from pathlib import Path

from nntui.commands.recorded import named, wanted
from nntui.plain.start import play, start
from nntui.session.recording.records import SUFFIX


def run(arguments: argparse.Namespace) -> int:
    """Open it and answer lines."""
    record = wanted(arguments)
    if arguments.lesson.endswith(SUFFIX):
        return play(named(Path(arguments.lesson)), record)
    return start(arguments.lesson, record, arguments.short)
