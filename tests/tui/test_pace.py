"""How fast frames are asked for: over lines that are reckoned, not waited for."""

from __future__ import annotations

import re
from collections import deque

import pytest

from nntui.tui.wire.line import Line
from nntui.tui.wire.pace import Pace
from nntui.tui.wire.room import PANE_BYTES, Room


def column_of(question: str) -> int:
    """Where the cursor is when it is asked for."""
    found = re.search(r"\x1b\[2;(\d+)H\x1b\[6n", question)
    assert found is not None
    return int(found.group(1))


class Reckoned:
    """A line of which every answer comes when it must; `now` goes on by itself."""

    def __init__(self, round_trip: float, rate: float, pace: Pace | None = None) -> None:
        self.pace = pace or Pace()
        self.round_trip, self.rate = round_trip, rate
        self.now = 0.0
        self.sent = self.frames = 0
        self.under_way: deque[tuple[float, int]] = deque()  # when answers come, and which
        self.stalls: tuple[float, float] = (0.0, 0.0)  # from, to
        self._free = 0.0

    def paint(self, size: int) -> float:
        """Send a frame; when it is seen."""
        question = self.pace.painted(size, self.now)
        self._free = max(self._free, self.now) + size / self.rate
        seen = self._free + self.round_trip / 2
        if self.stalls[0] <= seen < self.stalls[1]:
            seen = self.stalls[1]
        self.under_way.append((seen + self.round_trip / 2, column_of(question)))
        self.sent += size
        self.frames += 1
        return seen

    def train(self, until: float, size: int = 3_000) -> None:
        """Paint whenever it is time to, for so long."""
        while True:
            wait = self._wait()
            if wait == 0:
                self.paint(size - 600 * (self.frames % 3))
                self.now += 0.005  # the engine makes the next
                continue
            self._go_on_for(wait)
            if self.now >= until:
                return

    def _wait(self, hurried: bool = False) -> float:
        """For how long nothing is to be painted; it is asked again where that is due."""
        if again := self.pace.again(self.now):
            self.under_way.append((self.under_way[-1][0], column_of(again)))
        return self.pace.wait(self.now, True, hurried)

    def _go_on_for(self, wait: float) -> None:
        """Wait so long, or until an answer comes."""
        self.now += wait + 1e-4
        if self.under_way and self.under_way[0][0] <= self.now:
            self.now, column = self.under_way.popleft()
            self.pace.answered(self.now, column)

    def key(self, size: int = 3_000) -> float:
        """Press a key: seconds until what it has done is seen, from when it has got here."""
        pressed = self.now
        while wait := self._wait(hurried=True):
            self._go_on_for(wait)
        return self.paint(size) - pressed


def test_beside_a_run_frames_come_no_faster_than_a_line_should_carry() -> None:
    pace, now, written = Pace(asks=False), 0.0, 0
    for _ in range(100):
        pace.painted(12_000, now)
        written += 12_000
        now += max(pace.wait(now, running=True), 0.001)
    assert written / now <= 60_000


@pytest.mark.parametrize(("round_trip", "rate"), [(0.05, 64_000.0), (0.15, 64_000.0), (0.3, 8_000.0), (0.0, 4_000.0)])
def test_a_slow_line_is_not_filled(round_trip: float, rate: float) -> None:
    line = Reckoned(round_trip, rate)
    line.train(30.0)
    sent, frames = line.sent, line.frames
    line.train(60.0)
    assert (line.sent - sent) / 30.0 < 0.6 * rate
    assert line.frames - frames > 20


def test_what_a_key_has_done_is_shown_without_waiting_for_an_answer() -> None:
    line = Reckoned(0.15, 64_000.0)
    line.train(10.0)
    line.paint(3_000)
    assert line.key() < 0.15 / 2 + 2 * 3_000 / 64_000 + 0.001


def test_many_keys_do_not_fill_the_line() -> None:
    line = Reckoned(0.3, 8_000.0)
    line.train(10.0)
    assert max(line.key() for _ in range(50)) < 0.3 + 3 * 3_000 / 8_000


def test_a_stall_leaves_one_stale_frame() -> None:
    line = Reckoned(0.05, 64_000.0)
    line.train(10.0)
    line.stalls = (line.now, line.now + 15.0)
    frames = line.frames
    line.train(25.0)
    assert line.frames - frames == 1
    line.train(26.5)
    assert line.frames - frames > 6, "it goes on as before"


def test_nothing_is_asked_for_until_the_terminal_has_answered() -> None:
    pace = Pace()
    assert pace.painted(100, 0.0)
    assert pace.wait(0.1, running=False) > 0
    pace.answered(0.1, 1)
    assert pace.wait(0.1, running=False) == 0


def test_a_terminal_that_never_answers_is_drawn_slowly() -> None:
    pace, now, frames = Pace(), 0.0, 0
    while now < 12.0:
        pace.painted(100, now)
        frames += 1
        while (wait := pace.wait(now, running=True)) > 0:
            now += wait + 1e-4
    assert 20 <= frames <= 60


def test_where_an_answer_was_lost_it_is_asked_again() -> None:
    pace = Pace()
    pace.painted(100, 0.0)
    pace.answered(0.0, 1)
    pace.painted(100, 1.0)
    assert pace.again(3.0) == ""
    assert pace.wait(3.0, running=True) > 0
    again = pace.again(9.0)
    assert again
    assert pace.again(9.0) == ""
    assert pace.wait(9.0, running=True) > 0
    pace.answered(9.1, column_of(again))
    assert pace.wait(9.2, running=True) == 0


def test_a_terminal_that_does_not_answer_any_more_is_drawn_now_and_then() -> None:
    pace, now, frames = Pace(), 0.0, 0
    pace.painted(100, now)
    pace.answered(now, 1)
    while now < 100.0:
        pace.painted(100, now)
        frames += 1
        while pace.again(now) or (wait := pace.wait(now, running=True)) > 0:
            now += wait + 1e-4
    assert 3 <= frames <= 8


def test_an_answer_that_comes_late_is_not_taken_for_another_s() -> None:
    pace = Pace()
    first = pace.painted(25_000, 0.0)
    assert pace.wait(5.0, running=True) == 0, "nothing was heard for a while"
    second = pace.painted(1_000, 5.0)
    pace.answered(5.1, column_of(first))
    assert pace.wait(5.2, running=True) > 0
    pace.answered(5.3, column_of(second))
    assert pace.wait(5.6, running=True) == 0


def test_an_answer_with_another_place_is_one_to_the_oldest_question() -> None:
    pace = Pace()
    for at in range(5):
        pace.painted(100, float(at))
        assert pace.wait(at + 0.5, running=True) > 0
        pace.answered(at + 0.6, 77)
        assert pace.wait(at + 0.9, running=True) == 0


def test_who_comes_back_from_the_shell_is_not_waited_for() -> None:
    pace = Pace()
    pace.painted(100, 0.0)
    pace.answered(0.0, 1)
    pace.painted(100, 1.0)
    pace.forget()
    assert pace.wait(1.1, running=True) == 0


# ---------------------------------------------------------------- what is drawn later

PANES = ["code", "values", "loss", "network", "twist", "picture"]


def test_over_a_slow_line_the_dear_panes_take_turns() -> None:
    room, drawn = Room(), []
    for tenth in range(100):
        kept_back = room.kept_back(PANES, 4_000.0, False, tenth / 10)
        drawn += [kind for kind in ("loss", "network", "picture") if kind not in kept_back]
        assert set(PANES) - set(kept_back) >= {"code", "values", "twist"}
    assert drawn == (["loss", "network", "picture"] * 4)[: len(drawn)]
    assert len(drawn) * PANE_BYTES <= 10 * 4_000 * 0.6


def test_they_wait_while_keys_are_pressed_but_not_for_ever() -> None:
    room = Room()
    assert room.kept_back(PANES, 4_000.0, True, 0.0) == ["picture"]
    assert room.kept_back(PANES, 4_000.0, True, 2.0) == ["loss", "picture"]
    assert room.kept_back(PANES, 4_000.0, True, 5.0) == ["loss"]


# ---------------------------------------------------------------- what is known of the line


@pytest.mark.parametrize(("round_trip", "rate"), [(0.05, 64_000.0), (0.3, 8_000.0)])
def test_how_much_a_line_carries_is_seen_from_sizes_and_times(round_trip: float, rate: float) -> None:
    line = Line()
    for number in range(60):
        size = 1_000 + 700 * (number % 5)
        line.took(size, round_trip + size / rate)
    assert 1 / line.seconds_a_byte == pytest.approx(rate, rel=0.05)


def test_frames_that_are_all_alike_do_not_make_it_slow() -> None:
    line = Line()
    for number in range(100):
        line.took(1_000 + number % 2, 0.3 + 0.02 * (number % 2))
    assert line.seconds_a_byte < 1e-6


def test_a_bad_line_is_said_until_it_is_good_again_and_not_by_turns() -> None:
    line = Line()
    assert line.lag == 0.0
    for _ in range(10):
        line.took(1_000, 0.6)
    assert line.lag == pytest.approx(0.6, rel=0.05)
    said = []
    for number in range(40):
        line.took(1_000, 0.35 if number % 2 else 0.45)
        said.append(line.lag > 0)
    assert all(said), "it wavers about the mark, and is said all the time"
    for _ in range(10):
        line.took(1_000, 0.05)
    assert line.lag == 0.0
    for number in range(40):
        line.took(1_000, 0.25 if number % 2 else 0.45)
        assert line.lag == 0.0, "and not said until it is worse"


def test_one_frame_that_has_stalled_is_soon_forgotten() -> None:
    line = Line()
    for number in range(10):
        line.took(1_000 + 300 * number, 0.05 + 0.03 * number)
    for stalled in (15.0, 4.0):
        line.took(1_000, stalled)
        for _ in range(6):
            line.took(1_000, 0.05)
        assert line.lag == 0.0
    assert 1e-5 < line.seconds_a_byte < 2e-4
