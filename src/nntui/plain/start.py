"""Starts `nntui plain`: the engine first, since it takes longest; then the lesson; then line after line."""

from __future__ import annotations

import sys

from nntui.plain.front import Plain, prompted
from nntui.scenario.library import find
from nntui.session.client import Engine


def start(lesson: str) -> int:
    """Open a lesson and answer lines until `quit` or the end of the input; returns the exit code."""
    with Engine.start() as engine:
        plain = Plain(engine, sys.stdout, find)
        plain.open(lesson)
        plain.read(prompted(sys.stdin))
    return 0
