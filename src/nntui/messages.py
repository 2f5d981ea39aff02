"""The vocabulary: every command, query, fact and frame that passes between the engine and those who look at it.

Commands change the state and are recorded with the position at which they took effect. Queries ask and change
nothing. Facts tell what happened, in order, and are never dropped. Frames tell how it looks now; a newer one replaces
an unread one. All of them are data: `encode` and `decode` carry them through a pipe, and `decode` refuses what is
unknown or ill-typed with one sentence. This module knows nobody.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias, TypeVar

import msgspec

Unit: TypeAlias = Literal["line", "into", "over", "out", "call", "pass", "neuron", "layer", "sample", "step", "epoch"]
UNITS: tuple[Unit, ...] = ("line", "into", "over", "out", "call", "pass", "neuron", "layer", "sample", "step", "epoch")
WalkName: TypeAlias = Literal["training", "predict"]
Pane: TypeAlias = Literal["code", "values", "network", "loss", "twist", "picture"]
PANES: tuple[Pane, ...] = ("code", "values", "network", "loss", "twist", "picture")
View: TypeAlias = Literal[
    "code", "values", "network", "loss", "twist", "picture", "weights", "diagram", "settings"
]  # fmt: skip
VIEWS: tuple[View, ...] = (*PANES, "weights", "diagram", "settings")

MOST_STEPS = 1_000_000_000
MOST_TEXT = 1_000_000  # characters of a scenario file

Count: TypeAlias = Annotated[int, msgspec.Meta(ge=1, le=MOST_STEPS)]
Number: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=MOST_STEPS)]
Seed: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=2**32 - 1)]
Word: TypeAlias = Annotated[str, msgspec.Meta(max_length=200)]


class Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag=True):
    """What all messages have in common: immutable, told apart by a tag, no unknown fields."""


# ---------------------------------------------------------------- position


class Position(msgspec.Struct, frozen=True, array_like=True):
    """Where the engine stands: training step, sample that predict looks at, line event within the call walked.

    `work` counts what has been worked on until then, in steps and turns, and never goes back: the engine can be at the
    same step twice, and a command must take effect the same time round when it is replayed.
    """

    step: int = 0
    sample: int = 0
    event: int = 0
    subject: str = "training"
    work: int = 0


# ---------------------------------------------------------------- commands: where to go


class Open(Message, frozen=True):
    """Open a scenario from its text; `name` is what it is called, `folder` where its data file may lie."""

    text: Annotated[str, msgspec.Meta(max_length=MOST_TEXT)]
    name: str = "scenario"
    folder: str = ""


class Step(Message, frozen=True):
    """Go `count` units forwards."""

    count: Count = 1
    unit: Unit = "line"


class Back(Message, frozen=True):
    """Go `count` units back in time."""

    count: Count = 1
    unit: Unit = "line"


class Goto(Message, frozen=True):
    """Go to a place by its number: a training step, an epoch, a sample, or within the call walked."""

    number: Number
    unit: Unit = "step"


class Run(Message, frozen=True):
    """Train for so many steps and tell the end."""

    steps: Count


class Try(Message, frozen=True):
    """Train for so many steps by twists and tell each."""

    count: Count = 1


class Stop(Message, frozen=True):
    """Stop what is running."""


class Break(Message, frozen=True):
    """Set or clear a breakpoint on a line of the source."""

    line: Number


class Until(Message, frozen=True):
    """Run on until a line of the source is about to run, in this call."""

    line: Number


class Walk(Message, frozen=True):
    """Choose the call that is walked line by line: one prediction, or the next training step."""

    what: WalkName


class ChooseSample(Message, frozen=True):
    """Look at one sample of the training split."""

    sample: Number


class TypeInput(Message, frozen=True):
    """Look at an input of one's own."""

    values: Annotated[tuple[float, ...], msgspec.Meta(min_length=1, max_length=20_000)]


# ---------------------------------------------------------------- commands: what to change


class SetValue(Message, frozen=True):
    """Give one parameter a value."""

    address: Word
    value: float


class Twist(Message, frozen=True):
    """Change one parameter by an amount, by hand; it is kept whatever the loss does."""

    address: Word
    amount: float


class Point(Message, frozen=True):
    """Point at one parameter, for everyone to look at."""

    address: Word


class Use(Message, frozen=True):
    """Go on training on another rung."""

    rung: Word


class Method(Message, frozen=True):
    """Choose how the network learns."""

    name: Word


class Reseed(Message, frozen=True):
    """Start again with the dice, and where they are drawn the initial weights, of another seed."""

    seed: Seed


class UseData(Message, frozen=True):
    """Start again on another data set."""

    name: Word


class Noise(Message, frozen=True):
    """Start again with another share of noise in the data."""

    share: float


class Layers(Message, frozen=True):
    """Start again with other layer sizes."""

    sizes: Annotated[tuple[int, ...], msgspec.Meta(min_length=1, max_length=100)]


class Activation(Message, frozen=True):
    """Bend the totals of the hidden layers with another curve."""

    name: Word


class OutputActivation(Message, frozen=True):
    """Bend the totals of the last layer with another curve."""

    name: Word


class TwistSize(Message, frozen=True):
    """Draw twists from another range: plus or minus `size`."""

    size: float


class BatchSize(Message, frozen=True):
    """Compute the loss of a step over another number of samples."""

    size: Count


class Reset(Message, frozen=True):
    """Go back to the start of the lesson or scenario."""


class Undo(Message, frozen=True):
    """Take back the last command."""


# ---------------------------------------------------------------- commands: the lesson


class Next(Message, frozen=True):
    """Go on to the next beat of the lesson."""


class Previous(Message, frozen=True):
    """Go back to the end of the beat before."""


class Answer(Message, frozen=True):
    """Answer the question of this beat."""

    choice: Count


class Return(Message, frozen=True):
    """Come back from a detour to where the lesson stands."""


Command: TypeAlias = (
    Open | Step | Back | Goto | Run | Try | Stop | Break | Until | Walk | ChooseSample | TypeInput
    | SetValue | Twist | Point | Use | Method | Reseed | UseData | Noise | Layers | Activation | OutputActivation
    | TwistSize | BatchSize | Reset | Undo | Next | Previous | Answer | Return
)  # fmt: skip


# ---------------------------------------------------------------- queries


class AskWhere(Message, frozen=True):
    """Where are we?"""


class AskSummary(Message, frozen=True):
    """What has happened so far?"""


class AskWhy(Message, frozen=True):
    """Why has this value its value? Empty: the one told last."""

    value: Word = ""


class AskView(Message, frozen=True):
    """How does this look? `address` chooses a parameter where the view is of one; `size` is in cells."""

    view: View
    address: Word = ""
    size: tuple[int, int] = (9, 5)


class AskReading(Message, frozen=True):
    """What is the value of this reading, as `expect` names it?"""

    name: Word


class AskScenario(Message, frozen=True):
    """What is on the screen, as a scenario file?"""


Query: TypeAlias = AskWhere | AskSummary | AskWhy | AskView | AskReading | AskScenario


# ---------------------------------------------------------------- values and pictures: the answers to queries


class ListValue(Message, frozen=True):
    """A list among the values of a line: where it is held, and what it holds (the first of many)."""

    name: str
    items: tuple[float, ...]
    length: int
    rows: int = 0  # for a list of lists: how many lists, and `items` is empty


Value: TypeAlias = bool | int | float | str | ListValue | None


class Change(msgspec.Struct, frozen=True, array_like=True):
    """Something that a line changed; `old` is None where there was nothing before."""

    name: str
    old: Value
    new: Value


class Where(Message, frozen=True):
    """The answer to AskWhere."""

    title: str
    name: str
    beat: int
    beats: int
    step: int
    epoch: int
    loss: float
    rung: str
    walking: WalkName
    sample: str
    line: int
    text: str
    function: str
    event: int
    events: int
    waiting: str  # the question that is open, if one is


class Summary(Message, frozen=True):
    """The answer to AskSummary."""

    title: str
    summary: str
    model: str
    data: str
    training: str
    step: int
    loss: float
    test_loss: float | None
    accuracy: float | None
    commands: tuple[str, ...]  # the last few, in words


class Term(msgspec.Struct, frozen=True, array_like=True):
    """One part of a sum: what it is called, its value, and the factors it is the product of."""

    name: str
    value: float
    factors: tuple[tuple[str, float], ...] = ()


class Why(Message, frozen=True):
    """A value, opened into what made it: an operation on a number, and the sum that this number is."""

    name: str
    value: float
    rule: str  # such as "tanh of", "mean of"; empty where the value is the sum itself
    of: float
    terms: tuple[Term, ...]
    note: str = ""


class CodeView(Message, frozen=True):
    """The source being executed: lines from `first` on; `line` is about to run (0: none).

    `uses` names the elements that the line works on, such as `weights[0][1][0]`: those of the line itself first, then
    those of the lines that it was called from. `stack` lists function and line of each call, the outermost first.
    """

    file: str
    function: str
    first: int
    lines: tuple[str, ...]
    line: int
    breakpoints: tuple[int, ...]
    stack: tuple[tuple[str, int], ...]
    uses: tuple[str, ...] = ()
    event: int = 0  # lines run so far, of `events` that the call runs
    events: int = 0
    note: str = ""  # why there is no line, where the call cannot be walked


class ValuesView(Message, frozen=True):
    """The local values at the line about to run, in order of appearance.

    `in_hand` gives, for lists that the line works on, the index of the element in hand.
    """

    function: str
    values: tuple[tuple[str, Value], ...]
    changed: tuple[Change, ...]
    in_hand: tuple[tuple[str, int], ...] = ()
    loops: tuple[str, ...] = ()  # the names that count the passes of the loops around the line, the outermost first


class Neuron(msgspec.Struct, frozen=True, array_like=True):
    """One neuron of the network as it stands: where it is, its numbers, and what it answered."""

    layer: int
    neuron: int
    bias: float
    weights: tuple[float, ...]
    output: float


class NetworkView(Message, frozen=True):
    """The network as a table: its layer sizes, the neurons (the first of many), and the sample it looks at."""

    sizes: tuple[int, ...]
    activation: str
    output_activation: str
    inputs: tuple[float, ...]
    neurons: tuple[Neuron, ...]
    left_out: int
    target: tuple[float, ...] | None
    sample: str
    loss: str = ""


class DrawnNeuron(msgspec.Struct, frozen=True, array_like=True):
    """One neuron (or input) of a diagram: its number in its layer, what it answered, and what it listens to.

    `weights` are those to the drawn neurons of the layer before, in their order; an input has neither weights nor bias.
    `map` shows what it responds to, as rows from the top of numbers from -1 to 1: over the plane of two inputs, or,
    for images, the weight that it gives to each pixel. Empty where there is no room.
    """

    neuron: int
    value: float
    bias: float | None = None
    weights: tuple[float, ...] = ()
    map: tuple[tuple[float, ...], ...] = ()


class DrawnLayer(msgspec.Struct, frozen=True, array_like=True):
    """One layer of a diagram: how many neurons it has, and those worth drawing, in order of their numbers."""

    size: int
    neurons: tuple[DrawnNeuron, ...]


class DiagramView(Message, frozen=True):
    """The network as it is drawn: of each layer as many neurons as there is room for, the most important ones.

    `layers[0]` holds the inputs, `layers[i + 1]` the neurons of `weights[i]`. `pointed` is the address of the parameter
    that is pointed at; its ends are always among the neurons drawn, and so are those that the line at hand `uses`.
    """

    layers: tuple[DrawnLayer, ...]
    sample: str
    target: tuple[float, ...] | None
    pointed: str
    uses: tuple[str, ...] = ()


class Setting(msgspec.Struct, frozen=True, array_like=True):
    """One setting: the word that changes it, its value as that word takes it, and what it may be."""

    word: str
    title: str
    value: str
    choices: tuple[str, ...] = ()  # empty: anything that the word takes, as `hint` says
    hint: str = ""
    restarts: bool = False  # whether changing it begins again at step 0
    absent: tuple[tuple[str, str], ...] = ()  # choices that are not to be had here, and why


class SettingsView(Message, frozen=True):
    """What can be changed, and what it is now."""

    settings: tuple[Setting, ...]


class Curve(msgspec.Struct, frozen=True, array_like=True):
    """One curve: its name and its points."""

    name: str
    x: tuple[float, ...]
    y: tuple[float, ...]


class CurvesView(Message, frozen=True):
    """Curves over a common axis, such as the loss over the steps.

    The curves of the loss are `loss`, `test loss` where there is a test split, and `ahead`: the losses of the steps
    that one has gone back from. `marks` tell where something was changed, and what. `now` is where one stands.
    """

    title: str
    x_name: str
    y_name: str
    curves: tuple[Curve, ...]
    marks: tuple[tuple[float, str], ...] = ()
    now: float | None = None


class TwistView(Message, frozen=True):
    """One parameter, looked at: its value, the loss now and if it were turned, the curve of the loss along it."""

    address: str
    value: float
    amount: float
    loss: float
    loss_up: float
    loss_down: float
    last: str
    curve: Curve
    before: float | None = None  # its value before its last change
    outputs: tuple[float, ...] = ()  # what comes out now for the sample looked at
    target: tuple[float, ...] | None = None


class MapView(Message, frozen=True):
    """What the model answers over a plane, as rows from the top, with the samples that lie on it."""

    title: str
    x_range: tuple[float, float]
    y_range: tuple[float, float]
    rows: tuple[tuple[float, ...], ...]
    threshold: float
    points: tuple[tuple[float, float, float, bool], ...]  # x, y, target, whether the model is right
    share_above: float
    classes: bool = True  # otherwise the answers are amounts, and no sample is right or wrong
    wrong: int = 0  # of the points
    shown: int = 0  # how many points there are


class BarsView(Message, frozen=True):
    """Named amounts side by side, such as each class's score."""

    title: str
    names: tuple[str, ...]
    values: tuple[float, ...]
    target: str
    image: tuple[tuple[float, ...], ...] = ()
    answer: str = ""  # the name of the class answered, where there are several
    verdict: str = ""  # "right", "wrong", or ""


class WeightsView(Message, frozen=True):
    """Every parameter with its address (the first of many)."""

    blocks: tuple[tuple[str, tuple[int, ...], tuple[float, ...]], ...]  # name, shape, values
    left_out: int


class Reading(Message, frozen=True):
    """The answer to AskReading."""

    name: str
    value: float


class ScenarioText(Message, frozen=True):
    """The answer to AskScenario: a scenario file that opens again exactly here."""

    text: str


class Refused(Message, frozen=True):
    """A query that cannot be answered, and why, in one sentence."""

    sentence: str


Result: TypeAlias = (
    Where | Summary | Why | CodeView | ValuesView | NetworkView | CurvesView | TwistView | MapView | BarsView
    | WeightsView | DiagramView | SettingsView | Reading | ScenarioText | Refused
)  # fmt: skip


# ---------------------------------------------------------------- facts


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


class Trained(Message, frozen=True):
    """A run came to its end: how many steps it took, how many twists were kept, where the loss stands."""

    steps: int
    kept: int
    step: int
    loss: float
    seconds: float
    stopped: str = ""  # why, if before its end


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
    Opened | BeatBegan | Asked | Answered | Returned | LessonOver | Walked | Tried | Trained | Measured | Moved
    | Changed | SettingChanged | SampleChosen | Pointed | BreakpointSet | WalkChosen | Preparing | Ready | Overflowed
    | Undone | WasReset | Note | Error | Told | KeyframeLaid | Settled
)  # fmt: skip


# ---------------------------------------------------------------- frames and envelopes


class Status(Message, frozen=True):
    """The header: what always stands on the screen."""

    title: str
    rung: str
    step: int
    epoch: int
    loss: float
    running: bool  # whether it trains, or waits to train
    beat: int
    beats: int
    name: str = ""  # of the file
    model: str = ""  # a phrase, such as "2-4-2-1 tanh"
    furthest: int = 0  # the last step that has been reached, and can be gone to again
    preparing: bool = False  # whether it waits for its rung to be made ready
    sample: str = ""
    walking: WalkName = "predict"
    question: bool = False  # whether a question is open
    detoured: bool = False  # whether the state may be another than the lesson's own
    sample_number: int = -1  # of the sample looked at; -1 where it is a typed input
    typed: tuple[float, ...] = ()  # that input
    samples: int = 0  # in the training split


class Frame(Message, frozen=True):
    """How it looks now, section by section: `status`, and of the views that a client subscribed to those made anew.

    While nothing runs, all that changed is in one frame. While something runs, costly views are made less often than
    cheap ones: a view that is not in a frame stays as it was.
    """

    number: int
    status: Status
    sections: dict[str, Result]


class Subscribe(Message, frozen=True):
    """A client wants frames with these views; none: no frames. `sizes` gives the cells of those that differ in it."""

    views: tuple[View, ...]
    size: tuple[int, int] = (40, 20)
    sizes: dict[str, tuple[int, int]] = {}


class Acknowledge(Message, frozen=True):
    """A client has shown the frame of this number and wants the next."""

    number: int


class Restore(Message, frozen=True):
    """Take up again from a keyframe."""

    snapshot: bytes


class Shutdown(Message, frozen=True):
    """End."""


Control: TypeAlias = Subscribe | Acknowledge | Restore | Shutdown


class Heartbeat(Message, frozen=True):
    """The engine lives; told several times a second, whatever it is busy with.

    `stuck` is for how many seconds it has been at one thing without looking at what arrives; 0 while all is well.
    """

    stuck: float = 0.0


class Ask(Message, frozen=True):
    """A query with the number by which its answer is known."""

    id: int
    query: Query


class Cancel(Message, frozen=True):
    """The answer to this query is not wanted any more."""

    id: int


class Reply(Message, frozen=True):
    """The answer to a query."""

    id: int
    result: Result


class Envelope(msgspec.Struct, frozen=True):
    """A message on its way: from or to which client, its number in that client's order, and where it took effect.

    In what the engine sends, `heard` is the number of the last message of that client that it had obeyed by then.
    """

    client: int
    number: int
    body: Command | Ask | Cancel | Control | Fact | Reply | Frame | Heartbeat
    position: Position | None = None
    heard: int = 0


class Stamped(msgspec.Struct, frozen=True, array_like=True):
    """A command with the position at which it took effect: what a recording holds."""

    position: Position
    command: Command


class MalformedMessageError(Exception):
    """Bytes that are no message of this vocabulary; the text says why in one sentence."""


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Envelope)

T = TypeVar("T")


def encode(envelope: Envelope) -> bytes:
    """Pack an envelope for the pipe."""
    return _encoder.encode(envelope)


def decode(data: bytes) -> Envelope:
    """Unpack an envelope; raise MalformedMessageError where it is none."""
    try:
        return _decoder.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedMessageError(f"this is no message: {error}") from None


def validated(message: Any, kinds: Any) -> Any:
    """Return `message` checked field by field against `kinds`; raise MalformedMessageError where it does not fit."""
    try:
        return msgspec.convert(msgspec.to_builtins(message), kinds)
    except (msgspec.MsgspecError, TypeError, RecursionError, OverflowError) as error:
        raise MalformedMessageError(f"this is no message: {error}") from None
