"""For how long each beat has been looked at: for the lecturer alone, and nothing that is computed depends on it."""

from __future__ import annotations

import time
from collections.abc import Callable


class BeatTimes:
    """A stopwatch for each beat; the one at hand runs."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._spent: dict[int, float] = {}
        self._beat = 0
        self._since = clock()

    def be_at(self, beat: int) -> None:
        """From now on time passes on this beat."""
        now = self._clock()
        if beat != self._beat:
            self._spent[self._beat] = self._spent.get(self._beat, 0.0) + now - self._since
            self._beat, self._since = beat, now

    def of(self, beat: int) -> float:
        """Seconds spent on a beat."""
        running = self._clock() - self._since if beat == self._beat else 0.0
        return self._spent.get(beat, 0.0) + running

    @property
    def total(self) -> float:
        """Seconds spent on all beats."""
        return sum(self.of(beat) for beat in {*self._spent, self._beat} if beat)
