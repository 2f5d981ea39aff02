"""How fast frames are asked for: no faster than the terminal takes them, and no more bytes than a line should carry.

After each frame the terminal is asked where its cursor is. Its answer comes behind all that was sent before, so no
frame is drawn while older ones are still on their way; a terminal that never answers is drawn at a fixed, low rate.
"""

from __future__ import annotations

BYTES_A_SECOND = 50_000
BURST_BYTES = 6_000  # that may be saved up: about one frame beside a run
FRAME_SECONDS = 1 / 20  # at most so many frames a second while something runs
SLOW_SECONDS = 0.25  # between frames where nothing answers
PATIENCE_SECONDS = 1.0
QUESTION = "\x1b[6n"


class Pace:
    """Says when the next frame may be asked for; `now` is in seconds of any clock, given with each call."""

    def __init__(self, asks: bool = True) -> None:
        self._asks = asks
        self._answers = False  # whether it ever has
        self._asked: float | None = None
        self._credit = float(BURST_BYTES)
        self._seen = 0.0  # when the credit was counted last
        self._shown = -10.0

    def painted(self, written: int, now: float) -> str:
        """A frame was painted with so many bytes; returns what to write, a question or nothing."""
        self._count(now)
        self._credit -= written
        self._shown = now
        if not self._asks:
            return ""
        self._asked = now
        return QUESTION

    def answered(self) -> None:
        """The terminal has answered."""
        self._answers = True
        self._asked = None

    def wait(self, now: float, running: bool) -> float:
        """For how long not to ask for a frame yet; 0: ask now. It may be answered earlier than that."""
        self._count(now)
        if self._asked is not None:
            silent = now - self._asked
            if silent < PATIENCE_SECONDS and (self._answers or silent < SLOW_SECONDS):
                return min(PATIENCE_SECONDS, SLOW_SECONDS if not self._answers else PATIENCE_SECONDS) - silent
            self._asked = None
        if not running:
            return 0.0
        owed = max(0.0, -self._credit) / BYTES_A_SECOND
        return max(owed, self._shown + FRAME_SECONDS - now, 0.0)

    def _count(self, now: float) -> None:
        """Credit grows with time: while something runs it hovers around nothing."""
        self._credit = min(float(BURST_BYTES), self._credit + (now - self._seen) * BYTES_A_SECOND)
        self._seen = now
