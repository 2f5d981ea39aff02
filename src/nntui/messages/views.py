"""Values and pictures: the answers to queries."""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from nntui.messages.base import *
from nntui.messages.graphs import ComparisonView, GraphView
from nntui.messages.presenting import *
from nntui.messages.races import *
from nntui.messages.recordings import TimelineView
from nntui.messages.slopes import *
from nntui.messages.tensors import *


class ListValue(Message, frozen=True):
    """A list among the values of a line: where it is held, and what it holds (the first of many)."""

    name: str
    items: tuple[float, ...]
    length: int
    rows: int = 0  # for a list of lists: how many lists, and `items` is empty
    columns: int = 0  # for an array of rows: how many numbers each has, and `items` holds them row by row


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
    core: int = 0  # of so many core beats that is the last reached; 0 of 0 where it is not the short lecture
    cores: int = 0


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
    gradients: tuple[float, ...] = ()  # of the loss by each of the weights, where that is what is drawn
    bias_gradient: float | None = None


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
    drawn: str = "weights"  # or "gradient"


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
    that one has gone back from; and those that were kept, whose names are `pinned`. `marks` tell where something was
    changed, and what. `now` is where one stands. Where x is another measure than steps, `steps` has those of the
    points of the first curve.
    """

    title: str
    x_name: str
    y_name: str
    curves: tuple[Curve, ...]
    marks: tuple[tuple[float, str], ...] = ()
    now: float | None = None
    pinned: tuple[str, ...] = ()
    steps: tuple[int, ...] = ()
    level: float | None = None  # the lowest loss that this run and all that were kept came down to
    reached: tuple[float, ...] = ()  # where they first did: this run, then those kept


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
    slope: SlopeView | None = None  # where the slope along it is looked at


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
    tested: tuple[float, float] | None = None  # where the test sample lies that is looked at


class BarsView(Message, frozen=True):
    """Named amounts side by side, such as each class's score."""

    title: str
    names: tuple[str, ...]
    values: tuple[float, ...]
    target: str
    image: tuple[tuple[float, ...], ...] = ()
    answer: str = ""  # the name of the class answered, where there are several
    verdict: str = ""  # "right", "wrong", or ""
    weights: tuple[tuple[float, ...], ...] = ()  # that a neuron of the first layer gives to the pixels of the image
    weights_name: str = ""  # such as `weights[0][7]`


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
    | WeightsView | DiagramView | SettingsView | SlopeView | GradientView | LandscapeView | SweepView
    | ConfusionView | TimelineView | LessonView | NotesView | LadderView | RaceView | WidthsView | CheckView | GraphView
    | ComparisonView | TensorView | StagesView | Reading | ScenarioText | Refused
)  # fmt: skip
