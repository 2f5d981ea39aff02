"""What a lesson file may say: its tables and keys, their types, defaults and limits."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

import msgspec

from nntui.messages import WalkName

FORMAT = 1

MOST_BYTES = 1_000_000
MOST_BEATS = 200
MOST_SAY_LINES = 3
MOST_SAY_COLUMNS = 76
MOST_CHOICES = 9

Precision: TypeAlias = Literal[32, 64]
Arrangement: TypeAlias = Literal["explain", "train", "race"]


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What all tables have in common: immutable, no unknown keys."""


class DataTable(Table, frozen=True, kw_only=True):
    """[data]: a data set of ours by name, or a CSV file of one's own."""

    name: str | None = None
    file: str | None = None
    inputs: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    samples: int | None = None
    noise: float = 0.0
    seed: int = 0
    test_share: float = 0.0
    shift: int = 0  # pixels by which every image is moved to the right


class TrainingTable(Table, frozen=True, kw_only=True):
    """[training]: how the model learns. `twist` is the largest change that one try makes.

    `momentum` is the share of its velocity that the optimizer of that name keeps from step to step.
    """

    method: str = "twist"
    twist: float = 0.3
    learning_rate: float = 0.1
    optimizer: str = "sgd"
    momentum: float = 0.9
    weight_decay: float = 0.0
    batch_size: int = 10
    rung: str = "loops"
    precision: Precision = 64


class ViewTable(Table, frozen=True, kw_only=True):
    """[view]: what is looked at first; `walk` is the call that is stepped through."""

    arrangement: Arrangement = "explain"
    walk: WalkName = "training"


class GraphTable(Table, frozen=True, kw_only=True):
    """[state.graph]: the graph that lies open; the words that make it again, and where its passes stand.

    `leaves` and `gradients` are in the order of the forward pass; no gradients: all are 0.
    """

    words: str
    sample: int = 0  # of whose loss it is the graph, where it is the network's
    split: Literal["train", "test"] = "train"
    input: tuple[float, ...] = ()
    step: int = 0  # at which it was made
    leaves: tuple[float, ...] = ()
    gradients: tuple[float, ...] = ()
    direction: Literal["", "forward", "backward"] = ""
    done: int = 0
    at: int = -1
    before: tuple[float, ...] = ()  # the gradients of that node's parents before it was visited
    began: tuple[float, ...] = ()  # all gradients as the backward pass under way began; none: 0
    passes: int = 0
    order: Literal["topological", "depth"] = "topological"
    pointed: int = -1
    folded: tuple[str, ...] = ()
    model: dict[str, Any] = {}  # what of [model] was something else when it was made


class StateTable(Table, frozen=True, kw_only=True):
    """[state]: where a saved session stands; written by `save`. `parameters` holds every block by its name.

    What the optimizer remembers stands in `velocities` and `squares`, in the same blocks, after `optimizer_steps`.

    A lesson goes on to mean what its own tables say: what was changed in them stands here.
    """

    step: int = 0
    kept: int = 0
    since_step: int = 0  # the batches have had their size since this step, which began this epoch
    since_epoch: int = 0
    sample: int = 0
    split: Literal["train", "test"] = "train"  # that the sample is of
    input: tuple[float, ...] = ()
    event: int = 0
    beat: int = 0
    answered: int = 0
    short: bool = False  # whether it is given as the short lecture
    point: str = ""
    slope: float = 0.0  # the size of the twist by which the slope is looked at; 0: none is
    edges: Literal["weights", "gradient"] = "weights"
    landscape: tuple[str, ...] = ()
    reach: float = 0.0  # of the landscape; 0: as far as it takes
    sweep: float = 0.1
    breakpoints: tuple[int, ...] = ()
    tensor: tuple[str, ...] = ()  # the words that make the array at hand
    tensor_shape: tuple[int, ...] = ()  # of the numbers that it took from the network
    tensor_numbers: tuple[float, ...] = ()
    parameters: dict[str, Any] = {}
    optimizer_steps: int = 0
    velocities: dict[str, Any] = {}
    squares: dict[str, Any] = {}
    graph: GraphTable | None = None
    data: DataTable | None = None
    model: dict[str, Any] | None = None
    training: TrainingTable | None = None
    view: ViewTable | None = None


class AskTable(Table, frozen=True, kw_only=True):
    """[beat.ask]: a question, its choices, the number of the right one (from 1), and what to say to each."""

    question: str
    choices: tuple[str, ...]
    right: int
    replies: tuple[str, ...] = ()


class BeatTable(Table, frozen=True, kw_only=True):
    """[[beat]]: one idea of a lesson."""

    say: str
    do: tuple[str, ...] = ()
    show: tuple[str, ...] = ()
    point: str = ""
    ask: AskTable | None = None
    expect: tuple[str, ...] = ()
    core: bool = False
    notes: str = ""


class CheckTable(Table, frozen=True, kw_only=True):
    """[check]: what a test does with a scenario for free play, and what must then hold; no learner sees it."""

    do: tuple[str, ...] = ()
    expect: tuple[str, ...]


class Scenario(Table, frozen=True, kw_only=True):
    """A whole lesson file. `model` is kept as it stands: its keys, beside `kind`, are the model's own affair."""

    format: int
    title: str
    summary: str = ""
    data: DataTable | None = None
    model: dict[str, Any]
    training: TrainingTable = TrainingTable()
    view: ViewTable = ViewTable()
    state: StateTable | None = None
    beat: tuple[BeatTable, ...] = ()
    check: CheckTable | None = None
