"""Facts: what happened, in order."""

from __future__ import annotations

from typing import TypeAlias

from nntui.messages.base import *
from nntui.messages.graphs import *
from nntui.messages.presenting import *
from nntui.messages.races import *
from nntui.messages.recordings import *
from nntui.messages.tensors import *
from nntui.messages.views import *


class Opened(Message, frozen=True):
    """A scenario was opened; `name` is its file's."""

    name: str
    title: str
    summary: str
    beats: int
    model: str
    data: str
    step: int
    loss: float


class BeatBegan(Message, frozen=True):
    """A beat of the lesson began: its text."""

    number: int
    beats: int
    say: str
    point: str
    show: tuple[str, ...]
    core: bool
    notes: str = ""


class Asked(Message, frozen=True):
    """A question was put, to be answered before the lesson goes on."""

    question: str
    choices: tuple[str, ...]


class Answered(Message, frozen=True):
    """The question was answered."""

    choice: int
    right: bool
    reply: str


class Returned(Message, frozen=True):
    """The lesson is where it was before the detour."""

    number: int
    step: int


class LessonOver(Message, frozen=True):
    """There is no further beat."""


class Walked(Message, frozen=True):
    """The line clock moved: the line that ran last, what it changed, and the line about to run.

    Line 0 stands for none: the call has returned (`returned` says what), or has not begun.
    """

    line: int
    text: str
    changes: tuple[Change, ...]
    next_line: int
    next_text: str
    function: str
    depth: int
    event: int
    moved: int  # events moved: negative when going back
    returned: Value = None
    sample: str = ""
    coarse: bool = False


class Tried(Message, frozen=True):
    """One random twist was tried."""

    step: int
    address: str
    before: float
    after: float
    loss_before: float
    loss_after: float
    kept: bool


class Descended(Message, frozen=True):
    """One step downhill was taken: the loss of its batch before it, and what the whole split's is after it."""

    step: int
    batch_loss: float
    loss: float
    norm: float  # the length of the gradient
    largest: str  # the parameter that moved most
    before: float
    after: float
    loss_before: float = 0.0  # the whole split's


class Trained(Message, frozen=True):
    """A run came to its end: how many steps it took, how many twists were kept, where the loss stands."""

    steps: int
    kept: int
    step: int
    loss: float
    seconds: float
    stopped: str = ""  # why, if before its end
    method: str = "twist"


class Judged(Message, frozen=True):
    """A line was accused of being wrong; `wrong` and `right` are what the two programs give, where they were run.

    Those are the loss over so many samples after so many steps, and by how much these have changed the parameter that
    the two disagree about most, `address`.
    """

    line: int
    text: str
    guilty: bool
    sentence: str
    wrong: tuple[float, ...] = ()
    right: tuple[float, ...] = ()
    address: str = ""
    steps: int = 0
    samples: int = 0
    loss_before: float = 0.0


class Measured(Message, frozen=True):
    """A loss on the way, over the whole training split (thinned: not every step is told)."""

    step: int
    loss: float


class Moved(Message, frozen=True):
    """The training clock moved to another step, backwards or forwards along what has been."""

    step: int
    epoch: int
    loss: float


class Changed(Message, frozen=True):
    """A parameter was changed by hand; what it did to the loss, and to what comes out for the sample looked at."""

    address: str
    old: float
    new: float
    loss_before: float
    loss_after: float
    outputs_before: tuple[float, ...] = ()
    outputs_after: tuple[float, ...] = ()


class SettingChanged(Message, frozen=True):
    """A setting has another value; `restarted` tells whether training began again from step 0."""

    name: str
    old: str
    new: str
    restarted: bool
    loss: float
    note: str = ""


class SampleChosen(Message, frozen=True):
    """Another sample, or a typed input, is looked at: what goes in, what comes out, what should."""

    sample: str
    inputs: tuple[float, ...]
    outputs: tuple[float, ...]
    target: tuple[float, ...] | None
    verdict: str  # "right", "wrong", or ""
    answer: str = ""  # the name of the class answered, where there are several
    wanted: str = ""  # the name of the right one


class Pointed(Message, frozen=True):
    """A parameter is pointed at."""

    address: str
    value: float


class BreakpointSet(Message, frozen=True):
    """A breakpoint was set or cleared."""

    line: int
    text: str
    on: bool


class WalkChosen(Message, frozen=True):
    """Another call is walked line by line."""

    what: WalkName
    line: int
    text: str


class Preparing(Message, frozen=True):
    """A rung is being made ready (compiled)."""

    rung: str


class Ready(Message, frozen=True):
    """A rung is ready."""

    rung: str
    seconds: float


class Overflowed(Message, frozen=True):
    """The loss is no longer a finite number; training stopped."""

    step: int
    loss: float


class Undone(Message, frozen=True):
    """A command was taken back."""

    words: str
    step: int
    loss: float


class WasReset(Message, frozen=True):
    """The start of the lesson or scenario is restored."""

    step: int
    loss: float


class Note(Message, frozen=True):
    """Something worth a sentence."""

    sentence: str
    scene: bool = False  # it says how things are shown: not worth a word while a beat sets its scene


class Error(Message, frozen=True):
    """A message could not be obeyed, and why, in one sentence; nothing was changed."""

    sentence: str


class Told(Message, frozen=True):
    """The answer to a query that the lesson itself asked."""

    result: Result


class KeyframeLaid(Message, frozen=True):
    """All that determines the future, for going on after the engine is lost."""

    position: Position
    snapshot: bytes


class Settled(Message, frozen=True):
    """Nothing is running any more."""

    position: Position


Fact: TypeAlias = (
    Opened | BeatBegan | Asked | Guessed | Blanked | Answered | Returned | LessonOver | Walked | Tried | Descended
    | Trained | Judged | GraphOpened | Visited | GradientsCleared | LeafSet | NodePointed | ArrayMade | Measured | Moved
    | Changed | SettingChanged | SampleChosen | Pointed | BreakpointSet | WalkChosen | Preparing | Ready | Overflowed
    | Marked | RecordingBegan | RecordingLost | RecordingOpened | PlayerMoved | DoneAgain | Branched | Rejoined
    | RecordingClosed | Resumed
    | Climbed | Checked | RaceBegan | LaneEnded | RaceEnded | WidthEnded | WidthsEnded | RaceCompared
    | Undone | WasReset | Note | Error | Told | KeyframeLaid | Settled
)  # fmt: skip
