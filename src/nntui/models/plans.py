"""Steps of training, planned with every die cast, and what became of them; the rungs that take them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from nntui.models.arrays import FloatArray, IntArray


@dataclass(frozen=True)
class TwistPlan:
    """Steps of training by twists, every die already cast.

    Step i tries `amounts[i]` on the parameter with flat index `parameters[i]`, on the samples
    `order[starts[i]:starts[i + 1]]` (indices into the training split; empty for a model without data).
    """

    parameters: IntArray  # (steps,)
    amounts: FloatArray  # (steps,)
    order: IntArray
    starts: IntArray  # (steps + 1,)

    @property
    def steps(self) -> int:
        """How many steps are planned."""
        return len(self.amounts)


@dataclass(frozen=True)
class Outcome:
    """What became of a plan, step by step: the loss before and after each twist, and the value before it."""

    before: FloatArray  # (steps,)
    after: FloatArray  # (steps,)
    saved: FloatArray  # (steps,)

    @property
    def kept(self) -> NDArray[np.bool_]:
        """Which twists were kept: those after which the loss was lower."""
        return np.asarray(self.after < self.before)


OPTIMIZERS: Mapping[str, int] = {"sgd": 0, "momentum": 1, "adam": 2}  # and how many rows of moments each keeps


@dataclass(frozen=True)
class GradientPlan:
    """Steps of training by the gradient.

    Step i goes downhill on the samples `order[starts[i]:starts[i + 1]]` (as in a TwistPlan). `moments` are what the
    optimizer remembers of the `taken` steps before: for `momentum` the velocities, for `adam` also the running mean of
    the squares. A plan leaves them as they are; those after it stand in its Descent.
    """

    order: IntArray
    starts: IntArray  # (steps + 1,)
    optimizer: str
    learning_rate: float
    momentum: float
    weight_decay: float
    moments: FloatArray  # (OPTIMIZERS[optimizer], parameters)
    taken: int = 0

    @property
    def steps(self) -> int:
        """How many steps are planned."""
        return len(self.starts) - 1


@dataclass(frozen=True)
class Descent:
    """What became of a GradientPlan: the loss of each step's batch before it, and the moments after the last."""

    before: FloatArray  # (steps,)
    moments: FloatArray


Plan: TypeAlias = TwistPlan | GradientPlan


class Work(Protocol):
    """A plan under way on a rung. It can be left half done: what it did is then forgotten with the next `load`."""

    def run(self, deadline: float) -> bool:
        """Go on until it is done (True) or time.perf_counter() passes the deadline (False)."""

    @property
    def outcome(self) -> Outcome | Descent:
        """What became of the plan, once done: an Outcome of twists, a Descent by the gradient."""


class Rung(Protocol):
    """One way to compute a model. It keeps the parameters in its own form; rungs draw no dice."""

    def load(self, parameters: FloatArray) -> None:
        """Take the canonical parameters, a flat array."""

    def store(self) -> FloatArray:
        """Give the canonical parameters back, a new flat array."""

    def start(self, plan: Plan) -> Work:
        """Begin a plan; running it to its end in one go or in many is the same to the bit.

        ModelError for a plan of a method that is not among the model's `directions`.
        """

    def loss(self, split: str = "train") -> float:
        """The loss over a whole split, `train` or `test`; `nan` where it is empty."""


@dataclass(frozen=True)
class RungInfo:
    """A rung as the ladder lists it."""

    name: str
    idea: str
    make: Callable[[], Rung] | None  # may take seconds the first time (compiling); None where absent
    instant: bool = True  # ready at once; otherwise it has to be prepared
    absent: str = ""  # why it is absent, and what would enable it
    traced: bool = False  # its own code is what is walked line by line; others are walked through the loops
    precision: int = 64  # bits of its floating-point numbers
    note: str = ""  # said when it is chosen
    trick: str = ""  # what is different from the rung below, in a sentence or two
    source: str = ""  # where the trick comes from
    file: Callable[[], Path] | None = None  # whose source is shown on the ladder
    beside: str = ""  # the rung from which its source was written, where that is not the one below
    exact: bool = False  # whether its sums have the order of the loops, so that in 64 bits every bit is theirs
