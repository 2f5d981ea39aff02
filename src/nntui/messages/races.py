"""The ladder: a rung's source beside the one below, the check against the loops, races of the rungs."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

import msgspec

from nntui.messages.base import *

SHORTEST_RACE, LONGEST_RACE = 0.01, 60.0  # seconds of each rung
MOST_RACERS = 32
MOST_RESULT = 200_000  # characters of a saved result

Seconds: TypeAlias = Annotated[float, msgspec.Meta(ge=SHORTEST_RACE, le=LONGEST_RACE)]
Names: TypeAlias = Annotated[tuple[Word, ...], msgspec.Meta(max_length=MOST_RACERS)]
Bits: TypeAlias = Annotated[tuple[Literal[32, 64], ...], msgspec.Meta(max_length=2)]
LaneState: TypeAlias = Literal["waiting", "compiling", "racing", "done", "absent", "failed"]


# ---------------------------------------------------------------- commands


class Race(Message, frozen=True):
    """Race rungs: each gets the same work from the same weights, for so many seconds, one after another.

    No rungs: all that are available here. No precisions: the one of the scenario.
    """

    seconds: Seconds = 2.0
    rungs: Names = ()
    precisions: Bits = ()


class RaceWidths(Message, frozen=True):
    """Race rungs on networks like this one with 2 to 10,000 neurons in a hidden layer: which wins at which size?"""

    seconds: Seconds = 0.2  # of each rung at each width
    rungs: Names = ()


class CompareRace(Message, frozen=True):
    """Draw a saved result of a race beside today's: the text that `nntui race --json` gave. Empty: none any more."""

    name: Word = ""
    text: Annotated[str, msgspec.Meta(max_length=MOST_RESULT)] = ""


class Climb(Message, frozen=True):
    """Look at a rung of the ladder beside the one below. Empty: the rung that training uses."""

    rung: Word = ""


class Check(Message, frozen=True):
    """Check a rung against the loops: the same steps from the same weights, in 64 bits. Empty: the rung looked at."""

    rung: Word = ""


# ---------------------------------------------------------------- what is told and shown


class Lane(msgspec.Struct, frozen=True):
    """One rung in a race: what it has done, or why it does not take part. Of a finished race, what was measured.

    `seconds` is training alone; compiling and loading are apart. A multiply-add counts as two operations; those that a
    rung saves or adds to the network's own are not counted. Where loops did not run in this race, there is no speedup.
    """

    rung: str
    precision: int
    state: LaneState = "waiting"
    samples_per_second: float = 0.0
    samples: int = 0
    steps: int = 0
    epochs: float = 0.0
    seconds: float = 0.0
    compile_seconds: float = 0.0
    speedup: float | None = None  # times the loops
    gflops: float = 0.0  # billions of operations a second
    peak_share: float | None = None  # of what this machine was measured to reach on as many cores
    threads: int = 1
    loss: float | None = None  # of the training split, after the race
    note: str = ""  # why it is absent or has failed, and what would help


class RaceView(Message, frozen=True):
    """A race: its lanes in the order in which they run, and what all of them work on.

    `saved` are the lanes of a result that is drawn beside, `saved_name` and `saved_machine` where it comes from.
    """

    lanes: tuple[Lane, ...]
    seconds: float
    sizes: tuple[int, ...]
    batch: int
    method: str
    optimizer: str
    data: str
    samples: int
    operations_per_sample: float
    machine: str
    peaks: tuple[tuple[int, float, float], ...] = ()  # bits, GFLOP/s of one core, of all
    running: bool = False
    saved: tuple[Lane, ...] = ()
    saved_name: str = ""
    saved_machine: str = ""
    saved_on: str = ""  # what the saved result was raced on, where that is something else


class WidthPoint(msgspec.Struct, frozen=True, array_like=True):
    """How fast one rung trains at one width."""

    rung: str
    width: int
    samples_per_second: float
    threads: int = 1


class WidthsView(Message, frozen=True):
    """A race over widths: the points so far. `winners` has, for each width that is done, the fastest rung and why."""

    widths: tuple[int, ...]
    rungs: tuple[str, ...]
    points: tuple[WidthPoint, ...]
    winners: tuple[tuple[int, str, str], ...]
    sizes: tuple[int, ...]  # of the network; the hidden layers are those that are changed
    batch: int
    method: str
    precision: int
    seconds: float
    running: bool = False
    left_out: tuple[tuple[str, str], ...] = ()  # rungs that are not raced, or not at all widths, and why


class CheckView(Message, frozen=True):
    """A rung against the loops in 64 bits: the largest differences of any parameter, and what is allowed.

    Differences are relative to the largest parameter. `exact` tells that every bit is the same.
    """

    rung: str
    steps: int
    difference: float  # after one step
    difference_later: float  # after all steps
    bound: float
    bound_later: float
    exact: bool
    promised_exact: bool  # whether the rung keeps the order of sums, so that every bit must be the same
    method: str
    kept_differently: int = 0  # twists: how many were kept by one and undone by the other

    @property
    def holds(self) -> bool:
        """Whether the rung keeps what it promises."""
        within = self.difference <= self.bound and self.difference_later <= self.bound_later
        return within and (self.exact or not self.promised_exact)


class RungOnLadder(msgspec.Struct, frozen=True, array_like=True):
    """A rung in the list of the ladder, from the lowest up."""

    name: str
    idea: str
    absent: str = ""  # why it is not to be had here
    ready: bool = True
    used: bool = False  # whether training is on it
    check: CheckView | None = None  # the last one made of it


class SourceLine(msgspec.Struct, frozen=True, array_like=True):
    """A line of source, and how it compares with the other rung's: `new`, `changed` or `same`."""

    text: str
    mark: Literal["same", "changed", "new"] = "same"


class LadderView(Message, frozen=True):
    """A rung's source beside that of the rung below, or of the one that it was written from, and what its trick is.

    `below_lines` and `lines` are the part of the files that matters, as they stand; `parts` names what the rows are of:
    (function, first row in `lines`). A row of `align` pairs a line here with one below: (row, row below).
    """

    rungs: tuple[RungOnLadder, ...]
    rung: str
    below: str  # empty for the lowest
    idea: str
    trick: str  # what is different from the rung below, in a sentence or two
    source: str  # where the trick comes from
    file: str
    below_file: str
    lines: tuple[SourceLine, ...]
    below_lines: tuple[SourceLine, ...]
    parts: tuple[tuple[str, int], ...] = ()
    align: tuple[tuple[int, int], ...] = ()
    check: CheckView | None = None  # the last one made of this rung


# ---------------------------------------------------------------- facts


class Climbed(Message, frozen=True):
    """Another rung of the ladder is looked at."""

    view: LadderView


class Checked(Message, frozen=True):
    """A rung was checked against the loops."""

    view: CheckView


class RaceBegan(Message, frozen=True):
    """A race began."""

    view: RaceView


class LaneEnded(Message, frozen=True):
    """A rung has had its time in a race (or failed); it was the `number`th of `lanes`."""

    lane: Lane
    number: int
    lanes: int


class RaceEnded(Message, frozen=True):
    """A race is over: what was measured. `stopped` says why, where it did not come to its end."""

    view: RaceView
    stopped: str = ""


class WidthEnded(Message, frozen=True):
    """All rungs have been raced at one width."""

    width: int
    points: tuple[WidthPoint, ...]
    winner: str
    why: str


class WidthsEnded(Message, frozen=True):
    """The race over widths is over."""

    view: WidthsView
    stopped: str = ""


class RaceCompared(Message, frozen=True):
    """A saved result is drawn beside today's, or none any more."""

    view: RaceView
