"""The hand that goes along a recording while it is played: where it stands, and how fast it goes."""

from __future__ import annotations

import time

from nntui import messages as m
from nntui.session.recording.way import Way
from nntui.session.subject import CommandError

PAUSE = 1.5  # seconds of thinking that are kept of a longer pause
TICK_SECONDS = 0.1  # between two looks of the clock, where nothing is due


class Hand:
    """Seconds of a recording that go by with those of a clock."""

    def __init__(self, way: Way) -> None:
        """Stand at the beginning."""
        self.at = 0.0
        self.speed = 1.0
        self._way = way
        self._clock = time.perf_counter()

    def set_speed(self, speed: float) -> None:
        """Go so many times as fast from now on; 0 leaves it as it is. Raises CommandError for what is no speed."""
        if speed and not m.SLOWEST <= speed <= m.FASTEST:
            raise CommandError(f"the speed goes from {m.SLOWEST:g} to {m.FASTEST:g} times, not {speed:g}")
        self.speed = speed or self.speed

    def go_from(self, at: float) -> None:
        """Stand there now."""
        self.at, self._clock = at, time.perf_counter()

    def start(self) -> None:
        """Go on from where it stands."""
        self._clock = time.perf_counter()

    def go_on(self) -> None:
        """Take note of the time that has gone by."""
        now = time.perf_counter()
        self.at += (now - self._clock) * self._pace
        self._clock = now

    @property
    def rest(self) -> float:
        """For how many seconds nothing is due."""
        return max(0.0, min(TICK_SECONDS, (self._way.timeline.times[self._way.taken] - self.at) / self._pace))

    @property
    def _pace(self) -> float:
        """Seconds of the recording in a second: of a long pause most is left out."""
        way = self._way
        if way.over:
            return self.speed
        return self.speed * max(1.0, (way.timeline.times[way.taken] - way.seconds) / PAUSE)
