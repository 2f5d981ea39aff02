"""Starts `nntui plain`: the engine first, since it takes longest; then the lesson; then line after line."""

from __future__ import annotations

import shutil
import sys

from nntui.session.process.client import Engine


def start(lesson: str) -> int:
    """Open a lesson and answer lines until `quit` or the end of the input; returns the exit code."""
    with Engine.start() as engine:
        from nntui.plain.front import Plain, prompted  # while the engine starts
        from nntui.scenario.library import find

        plain = Plain(engine, sys.stdout)
        if sys.stdout.isatty():
            plain.fit(shutil.get_terminal_size().columns)
        path = find(lesson)
        plain.announce(path)
        plain.open(path)
        plain.read(prompted(sys.stdin))
    return 0
