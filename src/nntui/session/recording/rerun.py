"""Does a recording again from its first line to its last, moment by moment, for whoever makes pictures or tables of it.

A player goes along a recording as its watcher wants, and takes keyframes for far ways. Here nothing is left out: what
is told is what was told then, in its order, and the session stands where that of the recording stood.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nntui import messages as m
from nntui import words
from nntui.session.recording.course import Course
from nntui.session.recording.reading import Line, Scan, read
from nntui.session.recording.records import OF_FILES, DataFile, Happened, Header, Keyframe, Obeyed, RecordingError
from nntui.session.session import Session
from nntui.text import clean

TOGETHER = 0.1  # seconds: what is told within so many of a command, or of the first of it, is one moment
SLICE_SECONDS = 0.1  # of work between two looks of whoever waits for it
SHOWN = 400  # characters of a command


@dataclass(frozen=True)
class Moment:
    """Some lines that follow closely one on the other; the first of them may be a command."""

    at: float  # seconds since the beginning
    first: int
    end: int  # the number of the line behind the last
    command: m.Command | None = None


class Rerun:
    """A recording, and a session that does it again."""

    def __init__(self, path: Path) -> None:
        """Read a recording, as far as it can be relied on. Raises RecordingError where there is nothing in it."""
        self.name = clean(path.name, 200)
        self.scan: Scan = read(path)
        self.lines: list[Line] = [line for line in self.scan.lines if line.sound]
        self.moments: list[Moment] = list(_moments(self.lines))
        if not self.moments:
            raise RecordingError(f"nothing was done in {self.name}")
        self._course = Course(Session(recalls=True))
        self._owed = False  # whether it is still to be told that all has settled

    @property
    def session(self) -> Session:
        """Stands where that of the recording stood."""
        return self._course.session

    @property
    def header(self) -> Header | None:
        """What made it, and when."""
        return self.scan.header

    @property
    def seconds(self) -> float:
        """How long it is."""
        return self.moments[-1].at

    @property
    def damage(self) -> str:
        """What of the file is left out, and why, in a sentence; empty where it is whole."""
        if self.scan.damages:
            first = self.scan.damages[0]
            return f"{self.name} is damaged at line {first.line:,} ({clean(first.sentence, 100)}): taken up to there."
        return f"The last line of {self.name} is torn: taken up to there." if self.scan.torn else ""

    def take(self, moment: Moment) -> Iterator[list[m.Fact]]:
        """Do a moment again: what is told in it, bit by bit, so that one who waits can see to something else as well.

        Raises RecordingError where the recording holds what cannot be done.
        """
        for line in self.lines[moment.first : moment.end]:
            record = line.sketch
            if isinstance(record, DataFile):
                self._course.take_file(record)
            elif isinstance(record, Keyframe):
                if record.begins:
                    yield self._begin(line)
            elif not isinstance(record, Header):
                yield from self._reach(record.position)
            if isinstance(record, Obeyed):
                yield self._obey(record)
            elif isinstance(record, Happened):
                self.session.recall(record.fact)
                yield [] if isinstance(record.fact, OF_FILES) else [record.fact]
        if self._owed and not self.session.busy:
            self._owed = False
            yield [m.Settled(self.session.position)]

    def _reach(self, position: m.Position) -> Iterator[list[m.Fact]]:
        """Work up to a position; what is told of it is told by the recording."""
        session = self.session
        while session.busy and session.position.work < position.work:
            session.work_towards(position, time.perf_counter() + SLICE_SECONDS)
            if session.waiting:
                time.sleep(0.001)  # a rung is being made ready elsewhere
            yield []

    def _obey(self, record: Obeyed) -> list[m.Fact]:
        if isinstance(record.command, m.Open) and record.position.work < self.session.position.work:
            self._course.session = Session(recalls=True)  # it was opened by an engine that had been started anew
        self._course.obey(record)
        self._owed = True
        if isinstance(record.command, m.Open):
            return []
        return [m.DoneAgain(clean(words.say(record.command), SHOWN))]

    def _begin(self, line: Line) -> list[m.Fact]:
        """A session begins here: that of a branch, or one that was taken up after a fault."""
        record = line.record
        assert isinstance(record, Keyframe)
        self._course.restore(record)
        return self.session.retell()

    def close(self) -> None:
        """Let go of the data files that were laid out."""
        self._course.close()


def _moments(lines: list[Line]) -> Iterator[Moment]:
    """A new moment with every command, and with what comes later than together; one instant is never parted."""
    begin, since, last, command = 0, 0.0, 0.0, None
    for number, line in enumerate(lines):
        record = line.sketch
        at = last if isinstance(record, Header) else max(last, record.at)
        begins = isinstance(record, Obeyed) or (at - since > TOGETHER and at > last)
        if begins and number > begin:
            if number > 1:
                yield Moment(since, begin, number, command)
            begin, since, command = number, at, None
        if isinstance(record, Obeyed):
            command, since = record.command, at
        last = at
    if len(lines) > 1:
        yield Moment(since, begin, len(lines), command)
