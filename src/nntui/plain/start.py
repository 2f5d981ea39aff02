"""Starts `nntui plain`: the engine first, since it takes longest; then the lesson; then line after line."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from nntui import messages as m
from nntui.plain.line import end_with_line
from nntui.session.process.client import Engine

if TYPE_CHECKING:
    from nntui.plain.front import Plain
    from nntui.session.process.remote import Copy


def start(lesson: str, record: m.Record | None = None, short: bool = False) -> int:
    """Open a lesson and answer lines until `quit` or the end of the input; returns the exit code."""
    with _started(record) as plain:
        from nntui.scenario.library import find

        path = find(lesson)
        plain.announce(path)
        plain.open(path)
        if short:
            plain.obey(m.ShortLecture())
        _read(plain)
    return 0


def play(path: Path, record: m.Record | None = None, follow: bool = False, copy: Copy | None = None) -> int:
    """Play a recording, or follow it; one that is copied from elsewhere is told to have ended when it has."""
    with _started(record) as plain:
        if copy is not None:
            copy.ended = lambda sentence: plain.say_all([sentence])
        plain.play(path, follow)
        _read(plain)
    return 0


def resume(path: Path, record: m.Record | None = None) -> int:
    """Go on where a recording ends."""
    with _started(record) as plain:
        plain.resume(path)
        _read(plain)
    return 0


@contextmanager
def _started(record: m.Record | None) -> Iterator[Plain]:
    """The front end with its engine, which records where that is wanted."""
    with Engine.start() as engine:
        end_with_line()
        from nntui.plain.front import Plain  # while the engine starts

        if record is not None:
            engine.record(record.path, record.shelved)
        plain = Plain(engine, sys.stdout)
        plain.branches = record.path if record is not None and record.shelved else ""
        if sys.stdout.isatty():
            plain.fit(shutil.get_terminal_size().columns)
        yield plain


def _read(plain: Plain) -> None:
    from nntui.plain.front import prompted

    plain.read(prompted(sys.stdin))
