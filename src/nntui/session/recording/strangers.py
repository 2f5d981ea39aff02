"""Holds what a keyframe of a recording says to the limits of a lesson file, before anything is made of it.

A checksum tells that a line is as it was written, and not who wrote it.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import msgspec

from nntui import messages as m
from nntui.scenario.check import held
from nntui.scenario.meaning import check_state
from nntui.scenario.reader import ScenarioError
from nntui.scenario.schema import MOST_BEATS, Scenario, StateTable
from nntui.session.recording.records import RecordingError
from nntui.session.subject import Snapshot
from nntui.text import clean

MOST_WORK = 2**62
MOST_NAME = 200
MOST_EDITS = 100_000
MOST_PINS = 20
KNOWN = 64  # scenarios that are not checked again


class Gate:
    """What lets keyframes through. It remembers scenarios that it has checked: a recording repeats the same few."""

    def __init__(self, folder: str) -> None:
        """Their data files may lie in this folder."""
        self._folder = Path(folder)
        self._checked: dict[bytes, Scenario] = {}

    def admitted(self, data: bytes) -> bytes:
        """A snapshot with its text cleaned. Raises RecordingError where one of its limits is passed."""
        try:
            found = msgspec.msgpack.decode(data, type=Snapshot)
            found = msgspec.structs.replace(
                found, name=clean(found.name, MOST_NAME), folder="", original=self._scenario(found.original),
                scenario=self._scenario(found.scenario), state=_state(found.state, len(found.original.beat)),
            )  # fmt: skip
            waiting = tuple(self._edit(edit, len(found.parameters) // 8) for edit in found.waiting)
            return msgspec.msgpack.encode(_within(msgspec.structs.replace(found, waiting=waiting)))
        except (msgspec.MsgspecError, ScenarioError, UnicodeError, RecursionError, ValueError, TypeError) as error:
            raise RecordingError(f"a keyframe cannot be taken up: {clean(str(error), 200)}") from None

    def _scenario(self, scenario: Scenario) -> Scenario:
        key = msgspec.msgpack.encode(scenario)
        if key not in self._checked:
            if len(self._checked) >= KNOWN:
                self._checked.clear()
            self._checked[key] = held(msgspec.structs.replace(scenario, state=None), self._folder)
        return self._checked[key]

    def _edit(self, edit: Any, parameters: int) -> Any:
        """A change that waits in the future: it must be one of a parameter that there is, or of settings."""
        if not -1 <= edit.index < parameters or not 0 <= edit.step <= m.MOST_STEPS or not math.isfinite(edit.value):
            raise RecordingError("a change that waits in it is out of its limits")
        if not (0 <= edit.since_step <= m.MOST_STEPS and 0 <= edit.since_epoch <= m.MOST_STEPS):
            raise RecordingError("a change that waits in it is out of its limits")
        if edit.scenario is None:
            return edit
        return msgspec.structs.replace(edit, scenario=self._scenario(edit.scenario))


def _state(state: StateTable, beats: int) -> StateTable:
    table = msgspec.to_builtins(state)
    for key in ("parameters", "velocities", "squares", "data", "model", "training", "view"):
        if table.get(key):
            raise RecordingError(f"state.{key} belongs into no keyframe")
    problem = next(iter(check_state(table, beats)), None)
    if problem is not None:
        raise RecordingError(problem.sentence)
    return msgspec.convert(_cleaned(table), StateTable)


def _within(found: Snapshot) -> Snapshot:
    """Hold the rest of it to its limits."""
    if not 0 <= found.work <= MOST_WORK:
        raise RecordingError("its count of work is out of its limits")
    if len(found.waiting) > MOST_EDITS or len(found.kept.pins) > MOST_PINS:
        raise RecordingError("it holds more than a session can")
    if len(found.lesson.guesses) > MOST_BEATS:
        raise RecordingError("it holds more guesses than a lesson has beats")
    for beat, counts in found.lesson.guesses:
        if not 0 <= beat <= MOST_BEATS or len(counts) > m.MOST_GUESSED:
            raise RecordingError("the guesses in it are out of their limits")
        if not all(0 <= count <= m.MOST_GUESSES for count in counts):
            raise RecordingError("the guesses in it are out of their limits")
    return msgspec.structs.replace(
        found, behind=None, kept=msgspec.convert(_cleaned(msgspec.to_builtins(found.kept)), type(found.kept))
    )


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list | tuple):
        return [_cleaned(item) for item in value]
    return {clean(str(key)): _cleaned(item) for key, item in value.items()} if isinstance(value, dict) else value
