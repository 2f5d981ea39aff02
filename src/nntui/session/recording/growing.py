"""A recording that is read, and read on while somebody writes it: its timeline, and what is wrong with the file."""

from __future__ import annotations

import os
import time
from pathlib import Path

from nntui import messages as m
from nntui.session.recording.reading import BLOCK, Scan, is_locked, opened_for_reading
from nntui.session.recording.records import RecordingError
from nntui.session.recording.timeline import Timeline
from nntui.text import clean

ASK_SECONDS, MOST_UNLOCKED = 1.0, 4  # between looks whether anybody writes it, and how many say no until it is so
LOOK_SECONDS = 0.05  # between looks at a file that is still being written
MOST_NAME, MOST_HEADED = 200, 40  # characters of a file's name, of what its header says


class Source:
    """A recording's file."""

    def __init__(self, path: Path, grows: bool) -> None:
        """Read what there is. Raises RecordingError where that is no recording."""
        self.name = clean(path.name, MOST_NAME)
        self.timeline = Timeline()
        self.growing = grows
        self._scan = Scan()
        self._file = opened_for_reading(path)
        self._scan.file = self._file.fileno()
        self._looked = time.perf_counter()
        self._asked, self._unlocked = 0.0, 0  # when it was looked whether anybody writes it; how often nobody did
        try:
            self._read_on()
            if not self._scan.lines and not grows:
                raise RecordingError(f"{self.name} is no recording of nntui, or its first line is damaged")
        except RecordingError:
            self._file.close()
            raise

    def _read_on(self) -> bool:
        """Read what has been written since; tell whether that was anything."""
        before = len(self.timeline.lines)
        try:
            self._scan.look_back(self._file.fileno())
            while not self._scan.full and (data := os.read(self._file.fileno(), BLOCK)):
                for line in self._scan.feed(data):
                    if line.sound:
                        self.timeline.add(line)
        except OSError as error:
            raise RecordingError(f"{self.name} cannot be read any more: {error.strerror}") from None
        if self.timeline.ended:
            self.growing = False
        return len(self.timeline.lines) > before

    def look(self) -> list[m.Fact]:
        """See whether there is more of a file that is being written; tell of its beginning, once that is there."""
        now = time.perf_counter()
        if not self.growing or now < self._looked + LOOK_SECONDS:
            return []
        self._looked = now
        first = not self.timeline.lines
        if not self._read_on():
            self._look_whether_written(now)
            return []
        self._unlocked = 0
        return [self.opened()] if first else []

    def _look_whether_written(self, now: float) -> None:
        """See, now and then, whether anybody holds the file who could write on; an engine may be started anew."""
        if now < self._asked + ASK_SECONDS:
            return
        self._asked = now
        self._unlocked = 0 if is_locked(self._file.fileno()) else self._unlocked + 1
        if self._unlocked >= MOST_UNLOCKED:
            self.growing = False

    @property
    def damage(self) -> str:
        """What is wrong with the file; empty where it is whole. A last line without end is torn, unless it grows."""
        if self._scan.damages:
            first = self._scan.damages[0]
            return f"Damaged at line {first.line:,} ({first.sentence}): played up to there"
        return "Torn last line: played up to there" if self._scan.torn and not self.growing else ""

    def opened(self) -> m.RecordingOpened:
        """What it is."""
        header = self._scan.header
        parent = header.parent.file if header and header.parent else ""
        return m.RecordingOpened(
            self.name, clean(header.nntui, MOST_HEADED) if header else "",
            clean(header.created, MOST_HEADED) if header else "",
            self.timeline.seconds, len(self.timeline.lines), self.damage, clean(parent, MOST_NAME),
        )  # fmt: skip

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()
