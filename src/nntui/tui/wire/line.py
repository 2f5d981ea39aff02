"""How the line to the terminal is: judged by how long each frame takes to get there, and its answer to come back.

A straight line through the last of them, longer times against more bytes: where it begins is the way there and back,
how steep it is says what the line carries. A stall says nothing about the line after it: what took much longer than it
should have counts for less, and not at all where it took longer than any frame does.
"""

from __future__ import annotations

KEPT = 0.9  # of the weight of what was seen before, at each frame
USUAL_SECONDS = 0.1  # there and back: what longer the first frames take is held to be for their bytes
ALIKE_BYTES = 300.0  # frames that differ by less say nothing about how steep it is
MOST_SECONDS = 5.0  # that a frame takes; the first of all, on a bad line
MUCH, MORE_SECONDS = 3.0, 0.5  # so many times as long as expected, and so much more, is what one counts for
BAD_SECONDS, GOOD_SECONDS = 0.4, 0.25  # from where on it is said, and until where
NEW = 0.3  # the weight of the last frame in what is said
MOST_SAID = 3.0  # seconds that it counts for there


class Line:
    """What is known of it; it is taken for a quick one until frames have shown otherwise."""

    def __init__(self) -> None:
        self._count, self._seconds = 1.0, USUAL_SECONDS  # as if a frame of no bytes had been seen
        self._bytes = self._squares = self._products = 0.0
        self._lag = 0.0
        self._bad = False

    def took(self, size: int, seconds: float) -> None:
        """A frame of so many bytes was answered so many seconds after it could begin its way."""
        self._lag += NEW * (min(seconds, MOST_SAID) - self._lag)
        self._bad = self._lag > (GOOD_SECONDS if self._bad else BAD_SECONDS)
        if seconds > MOST_SECONDS:
            return
        if self._count > 2:
            seconds = min(seconds, MUCH * self._expected(size) + MORE_SECONDS)
        self._count = KEPT * self._count + 1
        self._bytes = KEPT * self._bytes + size
        self._seconds = KEPT * self._seconds + seconds
        self._squares = KEPT * self._squares + size * size
        self._products = KEPT * self._products + size * seconds

    def _expected(self, size: int) -> float:
        """Seconds that a frame of so many bytes should take."""
        more = size - self._bytes / self._count
        return max(0.0, self._seconds / self._count + more * self.seconds_a_byte)

    @property
    def seconds_a_byte(self) -> float:
        """What each byte adds."""
        spread = self._squares - self._bytes * self._bytes / self._count
        together = self._products - self._bytes * self._seconds / self._count
        return max(0.0, together / (spread + ALIKE_BYTES * ALIKE_BYTES))

    @property
    def trip(self) -> float:
        """Seconds there and back, of nothing."""
        return self._expected(0)

    @property
    def lag(self) -> float:
        """Seconds until a frame is seen and its answer is back, where that is bad enough to be said; else 0."""
        return self._lag if self._bad else 0.0
