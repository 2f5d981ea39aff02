"""Does a recording again from its first line to its last, moment by moment, for whoever makes pictures of it.

Nothing is left out: what is told is what was told then, in its order, and the session stands where that of the
recording stood, with all of its past. So all is computed from line to line, which takes no longer than it took then.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nntui import messages as m
from nntui.session.recording.reading import Line, read
from nntui.session.recording.records import Header, Obeyed, RecordingError
from nntui.session.recording.timeline import Timeline
from nntui.session.recording.way import Way
from nntui.session.session import Session
from nntui.text import clean

TOGETHER = 0.1  # seconds: what is told within so many of a command, or of the first of it, is one moment
SLICE_SECONDS = 0.1  # of work between two looks of whoever waits for it


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
        """Read a recording, as far as it can be relied on. Raises RecordingError where nothing is in it."""
        self.name = clean(path.name, 200)
        self._scan = read(path)  # large keyframes are read from its file, as long as it is there
        self._timeline = Timeline()
        for line in self._scan.lines:
            if line.sound:
                self._timeline.add(line)
        self.moments: list[Moment] = list(_moments(self._timeline.lines, self._timeline.times))
        if not self.moments:
            raise RecordingError(f"nothing was done in {self.name}")
        self._way = Way(self._timeline, None)
        self._owed = False  # whether it is still to be told that all has settled

    @property
    def session(self) -> Session:
        """Stands where that of the recording stood."""
        return self._way.session

    @property
    def header(self) -> Header | None:
        """What made it, and when."""
        return self._scan.header

    @property
    def seconds(self) -> float:
        """How long it is."""
        return self._timeline.seconds

    def take(self, moment: Moment) -> Iterator[list[m.Fact]]:
        """Do a moment again: what is told in it, bit by bit, so that one who waits can see to something else as well.

        Raises RecordingError where the recording holds what cannot be done.
        """
        opened = self.session.desk
        for end in range(moment.first + 1, moment.end + 1):
            while self._way.taken < end:
                told: list[m.Fact] = []
                again = self._way.taken < end - 1  # it leads here once more: that has been told
                self._way.take(time.perf_counter() + SLICE_SECONDS, None if again else told)
                yield told
                if self.session.waiting:
                    time.sleep(0.001)  # a rung is being made ready elsewhere
            if opened is None and self.session.desk is not None and moment.command is None:
                opened = self.session.desk
                yield self.session.retell()  # a branch begins with all that was done before it
        self._owed = self._owed or moment.command is not None
        if self._owed and not self.session.busy:
            self._owed = False
            yield [m.Settled(self.session.position)]

    def close(self) -> None:
        """Let go of the data files that were laid out."""
        self._way.close()


def _moments(lines: list[Line], times: list[float]) -> Iterator[Moment]:
    """A new moment with every command, and with what comes later than together; one instant is never parted."""
    first = 0
    for number in range(1, len(lines) + 1):
        at_end = number == len(lines)
        late = not at_end and times[number] - times[first] > TOGETHER and times[number] > times[number - 1]
        if at_end or late or isinstance(lines[number].sketch, Obeyed):
            record = lines[first].sketch
            if number > 1:  # not the header alone
                yield Moment(times[first], first, number, record.command if isinstance(record, Obeyed) else None)
            first = number
