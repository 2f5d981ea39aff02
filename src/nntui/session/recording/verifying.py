"""Computes a recording again, from its first line to its last, and says whether all comes out bit for bit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import msgspec
import numpy as np

from nntui import __version__
from nntui import messages as m
from nntui.session.recording.course import Course
from nntui.session.recording.reading import Line, Scan
from nntui.session.recording.recorder import machine
from nntui.session.recording.records import DataFile, Happened, Header, Keyframe, Obeyed, RecordingError
from nntui.session.session import Session
from nntui.session.subject import Snapshot
from nntui.text import clean

COMPARED = (m.Trained, m.Changed, m.Moved, m.Tried, m.Descended, m.SampleChosen, m.Judged)  # facts that are results
TIMES = ("seconds",)  # fields of them that are measured


@dataclass(frozen=True)
class Verdict:
    """What came of it: how many lines, commands and keyframes agree; where it first differs, and why perhaps."""

    lines: int
    commands: int
    keyframes: int
    steps: int
    difference: str = ""
    line: int = 0
    interrupted: bool = False  # by ctrl-c: then `difference` says how far it came
    rung: str = ""  # that computed there

    @property
    def equal(self) -> bool:
        """Whether nothing differs."""
        return not self.difference


class DifferError(Exception):
    """Here the recording and what is computed part ways."""


class Verifier:
    """Goes through a recording, line by line."""

    def __init__(self, scan: Scan) -> None:
        self._lines = [line for line in scan.lines if line.sound]
        self._course = Course(Session(recalls=True))
        self._facts: list[m.Fact] = []
        self._commands = self._keyframes = 0

    def run(self, told: Callable[[int, int], None] = lambda done, lines: None) -> Verdict:
        """Compute all of it; `told` hears how far it is."""
        line: Line | None = None
        why, interrupted = "", False
        try:
            for number, line in enumerate(self._lines):
                self._take(line)
                told(number + 1, len(self._lines))
        except (DifferError, RecordingError) as error:
            why = clean(str(error))
        except KeyboardInterrupt:
            interrupted = True
        finally:
            self._course.close()
        if interrupted and line is not None:
            why = f"interrupted at line {line.number:,} of {len(self._lines):,}; all before it is bit for bit the same"
        at = line.number if line is not None and why else 0
        session = self._course.session
        rung = session.desk.training.settings.rung if session.desk is not None else ""
        steps = session.position.step
        return Verdict(len(self._lines), self._commands, self._keyframes, steps, why, at, interrupted, rung)

    def _take(self, line: Line) -> None:
        record, session = line.record, self._course.session
        if isinstance(record, DataFile):
            self._course.take_file(record)
        elif isinstance(record, Obeyed):
            self._reach(record.position)
            self._obey(record)
        elif isinstance(record, Keyframe):
            self._keyframe(record)
        elif isinstance(record, Happened):
            session.recall(record.fact)
            if isinstance(record.fact, COMPARED):
                self._reach(record.position)
                self._compare(record.fact)

    def _reach(self, position: m.Position) -> None:
        session = self._course.session
        self._hear(session.work_until(position))
        if session.position.work < position.work:
            raise DifferError(f"it comes to an end at step {session.position.step:,}, before step {position.step:,}")

    def _hear(self, facts: list[m.Fact]) -> None:
        self._facts += [fact for fact in facts if isinstance(fact, COMPARED)]

    def _obey(self, record: Obeyed) -> None:
        session, position = self._course.session, record.position
        here = session.position
        if isinstance(record.command, m.Open) and position.work < here.work:  # by an engine that was started anew
            session = self._course.session = Session(recalls=True)
            self._facts.clear()
        elif here.step != position.step:
            raise DifferError(f"a command was given at step {position.step:,}, and here that is step {here.step:,}")
        before = len(session.log)
        facts = self._course.obey(record)
        self._hear(facts)
        if len(session.log) == before:
            errors = [fact.sentence for fact in facts if isinstance(fact, m.Error)]
            raise DifferError(f"a command is refused here: {errors[0] if errors else 'no reason was given'}")
        self._commands += 1

    def _keyframe(self, record: Keyframe) -> None:
        session = self._course.session
        if record.begins:
            self._course.restore(record)
            self._facts.clear()
        else:
            self._reach(record.position)
            if session.desk is None:
                raise DifferError("there is a keyframe where nothing is open")
            if session.steady:
                compare(record.snapshot, session.snapshot(portable=True))
        self._keyframes += 1

    def _compare(self, fact: m.Fact) -> None:
        """Whether a result that was told is the one that comes out here. Not all are told in a recording."""
        while self._facts:
            ours = self._facts.pop(0)
            if type(ours) is type(fact):
                difference = differing(ours, fact)
                if difference:
                    raise DifferError(difference)
                return
        raise DifferError(f"{type(fact).__name__} was told then, and is not told here")


def differing(ours: m.Fact, theirs: m.Fact) -> str:
    """The first field in which two facts differ, but for times; empty where there is none."""
    for field in ours.__struct_fields__:
        here, there = getattr(ours, field), getattr(theirs, field)
        if field not in TIMES and here != there and not (here != here and there != there):
            return f"{field} was {clean(str(there), 60)} then and is {clean(str(here), 60)} here"
    return ""


def compare(theirs: bytes, ours: bytes) -> None:
    """Raise DifferError where two snapshots are not the same future."""
    if theirs == ours:
        return
    try:
        then, now = (msgspec.msgpack.decode(data, type=Snapshot) for data in (theirs, ours))
        before, after = (np.frombuffer(found.parameters, "<f8") for found in (then, now))
    except (msgspec.MsgspecError, UnicodeError, RecursionError, ValueError) as error:
        raise RecordingError(f"a keyframe is not understood: {clean(str(error), 100)}") from None
    if len(before) == len(after) and then.parameters != now.parameters:
        at = int(np.flatnonzero(before.view(np.uint64) != after.view(np.uint64))[0])
        count = int(np.count_nonzero(before.view(np.uint64) != after.view(np.uint64)))
        raise DifferError(
            f"{count:,} of {len(before):,} parameters differ, the first, number {at}, was {before[at]!r} then and is "
            f"{after[at]!r} here"
        )
    if then.lesson.detoured:  # also where an older nntui did not tell: then nobody knows whether it was
        now = msgspec.structs.replace(now, lesson=msgspec.structs.replace(now.lesson, detoured=True))
    for field in Snapshot.__struct_fields__:
        if field not in MEASURED and getattr(then, field) != getattr(now, field):
            raise DifferError(f"the {NAMES.get(field, field)} of then and of here differ")


MEASURED = (
    "kept",
    "name",
)  # the name is cleaned when it is opened; curves that are kept on the plot, which say how many seconds they took
NAMES = {"moments": "memory of the optimizer", "work": "count of what was worked on", "state": "place in the lesson"}


def perhaps(header: Header | None) -> str:
    """What may be the reason for a difference: another version, of numpy or numba too, or another platform, which has
    its own exponential; empty where all are the same.
    """
    if header is None:
        return ""
    theirs = dict(header.machine)
    ours = machine()
    reasons = []
    if header.nntui != __version__:
        reasons.append(f"it was made by nntui {clean(header.nntui, 40)}, and this is {__version__}")
    for key, value in ours.items():
        if key in theirs and theirs[key] != value:
            reasons.append(f"its {key} was {clean(theirs[key], 60)}, and here it is {value}")
    return "; ".join(reasons)
