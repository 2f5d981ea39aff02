"""How fast frames are asked for: no faster than the terminal takes them, and no more bytes than a line should carry.

After each frame the terminal is asked where its cursor is. Its answer comes behind all that was sent before, so no
frame is drawn while older ones are still on their way, but for one that shows what a key has done: that does not wait
for the answer. Half of a slow line stays free for it. A terminal that never answers is drawn at a fixed, low rate.

For each question the cursor is at another place, so its answer tells which one it is about, however late it comes.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from nntui.tui.wire.line import Line

BYTES_A_SECOND = 50_000
LEAST_BYTES_A_SECOND = 1_000
SHARE = 0.5  # of what the line carries
BURST_SECONDS = 0.12  # for which bytes may be saved up: about one frame beside a run
FRAME_SECONDS = 1 / 20  # at most so many frames a second while something runs
SLOW_SECONDS = 0.25  # between frames where nothing answers
FIRST_SECONDS = 4.0  # until it is held that nothing will
PATIENCE_SECONDS = 6.0  # with a terminal that has answered before: the line has stalled, or the answer was lost
LAST_PATIENCE_SECONDS = 20.0  # the same, where it was asked again
AT_ONCE = 2  # frames under way when a key was pressed
PLACES = 40  # in the second row, one after another; in the first, some terminals' answers are the codes of keys
QUESTION = "\x1b[6n"
ASKING = f"\x1b7\x1b[2;{{column}}H{QUESTION}\x1b8"  # keep the place, go there, ask, go back


@dataclass(eq=False)
class _Asked:
    """A question that was put behind a frame."""

    at: float
    size: int  # bytes before it, back to the question before
    column: int  # where the cursor was
    counts: bool  # whether it tells how the line is; before the first, something else was written
    waited_for: bool  # not where it was put once more: then the frame is waited for


class Pace:
    """Says when the next frame may be asked for; `now` is in seconds of any clock, given with each call."""

    def __init__(self, asks: bool = True) -> None:
        self.line = Line()
        self._asks = asks
        self._answers = False  # whether it ever has
        self._mute = False  # whether it is held that it will not
        self._asked: deque[_Asked] = deque(maxlen=PLACES)  # what was not answered yet, the oldest first
        self._column = 0
        self._asked_again = False
        self._heard = -10.0  # when the last answer came
        self._credit = BYTES_A_SECOND * BURST_SECONDS
        self._seen = 0.0  # when the credit was counted last
        self._shown = -10.0

    def painted(self, written: int, now: float) -> str:
        """A frame was painted, so many bytes after the one before; returns what to write, a question or nothing."""
        self._count(now)
        self._credit -= written
        self._shown = now
        if not self._asks:
            return ""
        return self._ask(written, now, self._answers)

    def again(self, now: float) -> str:
        """What to write where an answer is long overdue, and may have been lost: the question once more, or nothing.

        Another frame would be stale before it is seen, if the line has stalled.
        """
        waited_for = self._waited_for
        if not waited_for or not self._answers or self._asked_again:
            return ""
        if now < max(waited_for[0].at, self._heard) + PATIENCE_SECONDS:
            return ""
        self._asked_again = True
        return self._ask(0, now, counts=False, waited_for=False)

    def _ask(self, written: int, now: float, counts: bool, waited_for: bool = True) -> str:
        self._column = self._column % PLACES + 1
        self._asked.append(_Asked(now, written, self._column, counts, waited_for))
        return ASKING.format(column=self._column)

    def answered(self, now: float, column: int) -> None:
        """The terminal has answered, with the column of its cursor: all that was sent before the question is there.

        An answer that is to no question of ours is taken for one to the oldest that is waited for.
        """
        self._answers, self._mute, self._asked_again = True, False, False
        meant = [asked for asked in self._asked if asked.column == column] or self._waited_for
        while meant and meant[0] in self._asked:
            asked = self._asked.popleft()
            if asked is meant[0] and asked.counts:
                # What was behind another frame began its way when that had gone.
                self.line.took(asked.size, now - max(asked.at, self._heard - self.line.trip))
        self._heard = now

    @property
    def _waited_for(self) -> list[_Asked]:
        """The frames whose answer is still expected, the oldest first."""
        return [asked for asked in self._asked if asked.waited_for]

    def forget(self) -> None:
        """The terminal was somebody else's meanwhile, and so were its answers."""
        self._asked.clear()

    def wait(self, now: float, running: bool, hurried: bool = False) -> float:
        """For how long not to ask for a frame yet; 0: ask now. It may be answered earlier than that.

        `hurried`: a key was pressed, and what it has done is to be seen.
        """
        self._count(now)
        silence = self._wait_for_answers(now, hurried)
        if silence or hurried or not running:
            return silence
        owed = max(0.0, -self._credit) / self.carries
        return max(owed, self._shown + FRAME_SECONDS - now, 0.0)

    def _wait_for_answers(self, now: float, hurried: bool) -> float:
        """For how long to wait for an answer that is due."""
        waited_for = self._waited_for
        if not waited_for or (hurried and not self._mute and len(waited_for) < AT_ONCE):
            return 0.0
        left = max(waited_for[0].at, self._heard) + self._patience - now
        if left > 0:
            return left
        for asked in waited_for:
            asked.waited_for = False
        self._mute, self._asked_again = not self._answers, False
        return 0.0

    @property
    def _patience(self) -> float:
        """For how long an answer is waited for."""
        if not self._answers:
            return SLOW_SECONDS if self._mute else FIRST_SECONDS
        return LAST_PATIENCE_SECONDS if self._asked_again else PATIENCE_SECONDS

    @property
    def carries(self) -> float:
        """Bytes a second that may be sent beside a run."""
        a_byte = self.line.seconds_a_byte
        return max(LEAST_BYTES_A_SECOND, min(BYTES_A_SECOND, SHARE / a_byte)) if a_byte else BYTES_A_SECOND

    @property
    def slow(self) -> bool:
        """Whether the line carries less than a screen would like to send."""
        return self.carries < BYTES_A_SECOND

    def _count(self, now: float) -> None:
        """Credit grows with time: while something runs it hovers around nothing."""
        carries = self.carries
        self._credit = min(BURST_SECONDS * carries, self._credit + (now - self._seen) * carries)
        self._seen = now
