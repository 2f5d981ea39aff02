"""What a model is to the rest of nntui: named parameters, a loss, rungs that train it, calls that can be walked.

Everything that is trained here is a loss over a few weights. A model names its parameters in blocks, computes its
loss on any of its rungs, says which of its functions can be stepped through, and explains its numbers. The engine
twists, trains, rewinds and tells any model through this interface alone; a new model is a new folder.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from nntui.autograd.graph import Graph
from nntui.messages import Result, Split, StagesView, Value, WalkName, Why
from nntui.models.arrays import FloatArray, Floats, IntArray, Precise
from nntui.models.plans import Plan, RungInfo


class ModelError(ValueError):
    """Something asked of a model that it cannot do; the text says what and what would be right, in one sentence."""


# ---------------------------------------------------------------- parameters


@dataclass(frozen=True)
class Block:
    """A named array of parameters; shape () is a single number, addressed by the name alone."""

    name: str
    shape: tuple[int, ...]
    trainable: bool = True

    @property
    def size(self) -> int:
        """How many parameters it holds."""
        return int(np.prod(self.shape, dtype=np.int64))


class Layout:
    """How blocks lie one after another in one flat array, and the address of each parameter."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.blocks = tuple(blocks)
        self._starts: dict[str, int] = {}
        start = 0
        for block in self.blocks:
            self._starts[block.name] = start
            start += block.size
        self.size = start
        self.trainable: IntArray = np.concatenate(
            [np.arange(self._starts[b.name], self._starts[b.name] + b.size) for b in self.blocks if b.trainable]
            or [np.zeros(0, np.int64)]
        ).astype(np.int64)

    def address(self, index: int) -> str:
        """Print the address of the parameter at a flat index, such as `weights[1][0][2]`."""
        for block in self.blocks:
            offset = index - self._starts[block.name]
            if 0 <= offset < block.size:
                where = np.unravel_index(offset, block.shape) if block.shape else ()
                return block.name + "".join(f"[{int(i)}]" for i in where)
        raise IndexError(index)

    def index(self, address: str) -> int:
        """Parse an address into a flat index; raise ModelError with a sentence where there is no such parameter."""
        text = address.replace(" ", "")
        for block in self.blocks:
            if not text.startswith(block.name):
                continue
            found = _indices(text[len(block.name) :])
            if found is None or len(found) != len(block.shape):
                continue
            if all(0 <= i < n for i, n in zip(found, block.shape, strict=True)):
                offset = int(np.ravel_multi_index(found, block.shape)) if block.shape else 0
                return self._starts[block.name] + offset
        raise ModelError(f"there is no parameter '{address[:60]}'; they go from {self.first} to {self.last}")

    @property
    def first(self) -> str:
        """The address of the first parameter."""
        return self.address(0)

    @property
    def last(self) -> str:
        """The address of the last parameter."""
        return self.address(self.size - 1)

    def views(self, flat: NDArray[Precise]) -> dict[str, NDArray[Precise]]:
        """Cut a flat array into its blocks, without copying."""
        return {
            b.name: flat[self._starts[b.name] : self._starts[b.name] + b.size].reshape(b.shape) for b in self.blocks
        }


def _indices(text: str) -> tuple[int, ...] | None:
    """Read `[1][0]` as (1, 0); None where it is something else."""
    if not text:
        return ()
    if not (text.startswith("[") and text.endswith("]")):
        return None
    parts = text[1:-1].split("][")
    if not all(part.isascii() and part.isdigit() and len(part) < 10 for part in parts):
        return None
    return tuple(int(part) for part in parts)


# ---------------------------------------------------------------- calls that can be walked


@dataclass(frozen=True)
class Call:
    """A call as the line tracer takes it: a plain Python function and its arguments."""

    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    case: Case | None = None  # where the function is wrong, for learners to find out where


@dataclass(frozen=True)
class Compared:
    """A wrong function and the right one, run from the same start: losses over the samples that they worked on.

    `address` names the parameter that they disagree about most, the changes are by how much each has moved it.
    """

    steps: int
    samples: int
    loss_before: float
    wrong_loss: float
    right_loss: float
    address: str
    wrong_change: float
    right_change: float


@dataclass(frozen=True)
class Case:
    """What is known of a function that is wrong on purpose. Its lines are known by their text.

    `guilty` says what is wrong, for each line that may be named for it; `innocent` what another line does and why that
    is right; `hint` is a question that helps to look on.
    """

    guilty: Mapping[str, str]
    innocent: Mapping[str, str]
    hint: str
    compare: Callable[[], Compared]


@dataclass(frozen=True)
class Look:
    """What predict looks at: a sample of a split by its number, or an input of one's own."""

    sample: int = 0
    typed: tuple[float, ...] = ()
    split: Split = "train"

    @property
    def name(self) -> str:
        """What it is called: `sample 3`, `test sample 3` or `typed input`."""
        return "typed input" if self.typed else f"{'test ' * (self.split == 'test')}sample {self.sample}"


def no_such_sample(look: Look, samples: int) -> str:
    """Say that the split looked at has no such sample, and which it has."""
    return f"there is no {'test ' * (look.split == 'test')}sample {look.sample:,}; they go from 0 to {samples - 1:,}"


@dataclass(frozen=True)
class Seen:
    """What comes out for a Look: the inputs, the outputs, what should come out, and the verdict."""

    name: str
    inputs: tuple[float, ...]
    outputs: tuple[float, ...]
    target: tuple[float, ...] | None
    verdict: str = ""
    answer: str = ""
    wanted: str = ""


@dataclass(frozen=True)
class Marks:
    """What a picture has to show: the parameter pointed at, and what the line at hand works on, by their names."""

    pointed: str = ""
    uses: tuple[str, ...] = ()
    edges: Literal["weights", "gradient"] = "weights"  # what a network's edges show


NO_MARKS = Marks()


@dataclass(frozen=True)
class Choice:
    """A setting of a model: its value as the word that changes it takes it, and what it may be instead.

    Where it may be more than could be listed, there are no `choices`, and `hint` says what would be right.
    """

    value: str
    choices: tuple[str, ...] = ()
    hint: str = ""


class Model(Protocol):
    """A loss over a few named weights, and all that nntui can do with one."""

    kind: str
    layout: Layout
    units: Mapping[str, str]  # unit of stepping -> the loop variable whose passes it counts
    samples: int  # in the training split; 0 for a model without data
    test_samples: int
    directions: Mapping[str, str]  # method -> "down" where it lowers its objective, "up" where it raises it

    @property
    def first(self) -> str:
        """The address of the parameter that is looked at before another is pointed at."""

    @property
    def rungs(self) -> Mapping[str, RungInfo]:
        """The ladder, by name."""

    @property
    def settings(self) -> Mapping[str, Choice]:
        """What can be changed about it, by the words `layers`, `activation` and `output`: those that its kind has."""

    def describe(self) -> tuple[str, str]:
        """The model and its data, a phrase each."""

    def initial(self) -> FloatArray:
        """The parameters at step 0."""

    def allowed(self, index: int, value: float) -> str:
        """Why this parameter may not have this value, in one sentence; empty where it may."""

    def loss(self, parameters: FloatArray, split: str = "train") -> float:
        """The loss over a split, computed soon enough for the screen. `nan` where the split is empty."""

    def losses(
        self, parameters: FloatArray, index: int, values: FloatArray, samples: IntArray | None = None
    ) -> FloatArray:
        """The losses with one parameter set to each of these values: quickly, the same as `loss` to about 1e-12.

        They are over some training samples (their numbers), or all.
        """

    def twisted(
        self, parameters: FloatArray, indices: IntArray, twists: FloatArray, samples: IntArray | None = None
    ) -> FloatArray:
        """The losses with one of these parameters at a time changed by its twist, (twists,): quickly, as `losses`."""

    def reached(self, index: int) -> int:
        """About how many multiply-adds it takes to predict one sample anew when this parameter has changed."""

    @property
    def gradient_cost(self) -> float:
        """What `gradient` costs for one sample, in predictions: counted in multiply-adds."""

    def operations(self, method: str) -> float:
        """The operations on numbers that a step takes for one sample, a multiply-add counted as two."""

    def gradient(self, parameters: FloatArray, samples: IntArray | None = None) -> FloatArray:
        """How the loss over some training samples (their numbers; all by default) changes with each parameter.

        A flat array in the order of the layout, also of those that are not trainable; quickly, by arrays.
        """

    def call(self, what: WalkName, parameters: FloatArray, look: Look, plan: Plan) -> Call:
        """The call that is walked: a prediction for `look`, or the one training step of `plan`."""

    def see(self, parameters: FloatArray, look: Look) -> Seen:
        """What comes out for one sample or typed input; ModelError where the input does not fit."""

    def mistakes(self, parameters: FloatArray, split: Split) -> IntArray:
        """The numbers of the samples of a split that are answered wrongly; ModelError where there are no classes."""

    def reading(self, parameters: FloatArray, look: Look, name: str) -> float:
        """The value of a reading by its name; ModelError where there is none of that name."""

    def reading_names(self) -> Sequence[str]:
        """The names of the readings, for `expect` and for error messages."""

    def why(self, parameters: FloatArray, look: Look, name: str) -> Why:
        """Open a value into what made it; ModelError where it is not one of the model's values."""

    def loss_graph(self, parameters: FloatArray, look: Look) -> Graph:
        """The loss of what is looked at as a graph, its parameters leaves named by their addresses.

        ModelError where that has no loss, or is too large to be shown.
        """

    def view(
        self, parameters: FloatArray, look: Look, view: str, size: tuple[int, int], marks: Marks = NO_MARKS
    ) -> Result:
        """The model's own views: `network`, `diagram` and `picture`; ModelError for one that it has not."""


@runtime_checkable
class Layered(Protocol):
    """A model whose prediction goes through layers in loops, which can be folded into array operations."""

    def stages(self, parameters: FloatArray, samples: int) -> StagesView:
        """The loops folded one by one, each compared with the one before on the first training samples."""

    def stage_difference(self, parameters: FloatArray, samples: int) -> float:
        """The largest difference between one stage and the next."""

    def first_inputs(self, samples: int) -> FloatArray:
        """The inputs of the first training samples, (samples, inputs)."""


# ---------------------------------------------------------------- what kinds of model there are


@dataclass(frozen=True)
class DataFacts:
    """What a model's table is checked against: the columns and classes of the data set it will get."""

    inputs: int
    output_choices: tuple[int, ...]
    name: str


@dataclass(frozen=True)
class Problem:
    """What is wrong with a table: the key's path within it, and a sentence that says what would be right."""

    path: tuple[str | int, ...]
    sentence: str


@dataclass(frozen=True)
class Kind:
    """A kind of model as lesson files name it.

    `check(table, data)` lists what is wrong with a `[model]` table; `build(table, data, training)` makes the model
    of a table without problems, where data is a data set with its splits (None without one). The targets of classes
    are put so that the model can reach them: `outputs(table)` says for how many outputs, `low(table)` what stands for
    "not this class" where there is a single one.
    """

    name: str
    needs_data: bool
    check: Callable[[Mapping[str, Any], DataFacts | None], list[Problem]]
    build: Callable[[Mapping[str, Any], Any, int], Model]
    outputs: Callable[[Mapping[str, Any]], int] = lambda table: 1
    low: Callable[[Mapping[str, Any]], float] = lambda table: -1.0
    settings: frozenset[str] = field(default_factory=frozenset)  # of layers, activation, output: those it has


__all__ = [
    "NO_MARKS", "Block", "Call", "Case", "Choice", "Compared", "DataFacts", "FloatArray", "Floats", "IntArray",
    "Kind", "Layered", "Layout", "Look", "Marks", "Model", "ModelError", "Precise", "Problem", "Seen", "Value",
]  # fmt: skip
