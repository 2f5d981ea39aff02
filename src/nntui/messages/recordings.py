"""Recording and playing: marks, what is told of the file, and how a recording that is played is moved along."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

import msgspec

from nntui.messages.base import *

SLOWEST, FASTEST = 0.25, 8.0  # times the speed at which it was recorded
MOST_NAME = 80  # characters of a mark
LONGEST = 1_000_000.0  # seconds of a recording
MarkName: TypeAlias = Annotated[str, msgspec.Meta(min_length=1, max_length=MOST_NAME)]
PathName: TypeAlias = Annotated[str, msgspec.Meta(min_length=1, max_length=4_000)]
Playing: TypeAlias = Literal["paused", "playing", "following", "over"]


# ---------------------------------------------------------------- commands


class Mark(Message, frozen=True):
    """Mark this moment with a name, to be found again in the recording."""

    name: MarkName


class Play(Message, frozen=True):
    """Play on, at so many times the speed of the recording; 0: at the speed of before."""

    speed: Annotated[float, msgspec.Meta(ge=0, le=FASTEST)] = 0.0


class Pause(Message, frozen=True):
    """Stop playing; a recording that is still being written waits."""


class Seek(Message, frozen=True):
    """Go to a place of the recording: so many percent or seconds of it, a training step, a beat, a mark by its name,
    the next or the last mark.
    """

    to: Literal["percent", "time", "step", "beat", "mark", "next", "last"] = "percent"
    value: Annotated[float, msgspec.Meta(ge=0, le=MOST_STEPS)] = 0.0
    name: Annotated[str, msgspec.Meta(max_length=MOST_NAME)] = ""


class Branch(Message, frozen=True):
    """Go on alone from here: the recording stays as it is, and what is done now is another one."""


class Rejoin(Message, frozen=True):
    """Come back from a branch to where the recording was left."""


# ---------------------------------------------------------------- how the engine is told of files


class Record(Message, frozen=True):
    """Record what is done from now on into a file, which is begun when something is open; `going_on` with one that has
    been begun. `shelved`: the path is a folder, in which a file gets a name of its own, and old ones are thinned out.
    """

    path: PathName
    going_on: bool = False
    shelved: bool = False


class OpenRecording(Message, frozen=True):
    """Play a recording; `follow` it while it is being written. Branches are recorded in a folder; empty: they are not.

    It stands at its beginning, one that is followed at its end; or `at` so many seconds, where that is not below 0:
    of the moments of one instant behind so many `lines`.
    """

    path: PathName
    follow: bool = False
    branches: Annotated[str, msgspec.Meta(max_length=4_000)] = ""
    at: Annotated[float, msgspec.Meta(ge=-1, le=LONGEST)] = -1.0
    lines: Annotated[int, msgspec.Meta(ge=0, le=MOST_STEPS)] = 0


class Resume(Message, frozen=True):
    """Go on where a recording ends: with the same weights, the same dice, at the same place in the lesson."""

    path: PathName


# ---------------------------------------------------------------- facts


class Marked(Message, frozen=True):
    """A moment was marked."""

    name: str
    step: int


class RecordingBegan(Message, frozen=True):
    """What is done is recorded into a file from now on."""

    path: str


class RecordingLost(Message, frozen=True):
    """Nothing is recorded any more, and why, in one sentence; the session goes on."""

    sentence: str


class RecordingOpened(Message, frozen=True):
    """A recording is played: what made it and when, how long it is, and what is wrong with it."""

    name: str
    nntui: str
    created: str
    seconds: float
    events: int
    damage: str = ""
    parent: str = ""


class RecordingClosed(Message, frozen=True):
    """It is played no more: something else was opened."""

    name: str


class PlayerMoved(Message, frozen=True):
    """Playing began, stopped, or went elsewhere; so many lines of the recording have been done again."""

    state: Playing
    at: float
    seconds: float
    step: int
    speed: float
    lines: int = 0


class DoneAgain(Message, frozen=True):
    """While a recording is played, a command takes effect again: what is told next comes of it. Without words, it is
    one that was refused then.
    """

    words: str


class Branched(Message, frozen=True):
    """From here on it is live: a branch, recorded into a file of its own unless nothing is recorded."""

    parent: str
    at: float
    step: int
    path: str = ""


class Rejoined(Message, frozen=True):
    """The branch was left; the recording is where it was."""

    parent: str
    at: float
    step: int


class Resumed(Message, frozen=True):
    """It goes on where a recording has ended."""

    parent: str
    step: int


# ---------------------------------------------------------------- how it looks


class TimelineMark(msgspec.Struct, frozen=True, array_like=True):
    """A place on the timeline that has a name: a mark, or the beginning of a beat."""

    at: float
    step: int
    name: str
    beat: int = 0  # 0: a mark


class TimelineView(Message, frozen=True):
    """A recording that is played: how long it is, where it stands, its marks, and the losses along it.

    `loss` has (seconds, loss) of places all along it; what is no finite number is left out. In a branch `branch_loss`
    and `parent_loss` are over steps, from where it began.
    """

    name: str
    seconds: float
    at: float
    state: Playing
    speed: float
    live: bool = False  # whether this is a branch
    growing: bool = False  # whether it is still being written
    marks: tuple[TimelineMark, ...] = ()
    loss: tuple[tuple[float, float], ...] = ()
    damage: str = ""
    parent_loss: tuple[tuple[int, float], ...] = ()
    branch_loss: tuple[tuple[int, float], ...] = ()
    parent_places: tuple[float, ...] = ()  # where the losses of `parent_loss` lie on the axis of the plot
    axis: str = "steps"
    recorded: str = ""  # the file that is being written, if one is
