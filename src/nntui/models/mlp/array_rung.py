"""What all compiled rungs have in common: the parameters in one flat array, the data in one precision, plans as pieces.

A rung that is made from this one says in `_twists` and `_descent` what is done between two looks at the clock;
`warm_up` runs all of it once on a single sample, so that everything is compiled before the rung is used.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Generator, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nntui.models.mlp.network import Network
from nntui.models.model import FloatArray, Floats, IntArray
from nntui.models.pieces import PieceWork, outcome_of
from nntui.models.plans import OPTIMIZERS, Descent, GradientPlan, Plan, TwistPlan, Work

Pieces = Generator[None, None, None]

# A step longer than this many multiply-adds (10 ms where each is a loop's pass of its own) is run in parts, so that it
# can be interrupted.
LONGEST_STEP = 5_000_000


class ArrayRung(ABC):
    """A rung whose parameters stand in one flat array, in the order of the layout and in the network's precision."""

    threads: int = 1  # that work at the same time

    def __init__(self, network: Network) -> None:
        self.network = network
        self._type: type[np.floating[Any]] = np.float32 if network.precision == 32 else np.float64
        self._splits: dict[str, tuple[Floats, Floats]] = {}
        for name in ("train", "test"):
            inputs, targets = network.split(name)
            self._splits[name] = (
                np.ascontiguousarray(inputs, dtype=self._type), np.ascontiguousarray(targets, dtype=self._type),
            )  # fmt: skip
        self._flat: NDArray[Any] = np.zeros(network.layout.size, self._type)

    # ---------------------------------------------------------------- what each rung says for itself

    @abstractmethod
    def _twists(
        self, plan: TwistPlan, saved: FloatArray, before: FloatArray, after: FloatArray, in_parts: bool
    ) -> Pieces:
        """Take the steps of a plan and fill in the three rows; each pause is a place where it may be interrupted.

        With `in_parts` a single step pauses, too. Where it pauses must not change a bit.
        """

    @abstractmethod
    def _descent(self, plan: GradientPlan, moments: NDArray[Any], before: FloatArray, in_parts: bool) -> Pieces:
        """The same downhill. `moments` is a copy of the plan's in this precision, (rows, parameters), to be changed."""

    @abstractmethod
    def _mean_loss(self, inputs: Floats, targets: Floats) -> float:
        """The loss over a whole split, which has at least one sample."""

    # ---------------------------------------------------------------- what a Rung does

    def load(self, parameters: FloatArray) -> None:
        """Copy the canonical parameters in, rounded to this precision."""
        self._flat[:] = parameters

    def store(self) -> FloatArray:
        """Copy the parameters out."""
        return self._flat.astype(np.float64)

    def start(self, plan: Plan, in_parts: bool = False) -> Work:
        """Begin a plan: between two looks at the clock many steps, or where a step is long, a part of one."""
        in_parts = in_parts or multiply_adds(plan, self.network) > LONGEST_STEP
        before = np.zeros(plan.steps)
        if isinstance(plan, TwistPlan):
            saved, after = np.zeros(plan.steps), np.zeros(plan.steps)
            return PieceWork(
                self._twists(plan, saved, before, after, in_parts), lambda: outcome_of(before, after, saved)
            )
        own = np.array(plan.moments, self._type)  # a copy: the plan's stay as they are
        return PieceWork(self._descent(plan, own, before, in_parts), lambda: Descent(before, own.astype(np.float64)))

    def loss(self, split: str = "train") -> float:
        """The loss over a whole split."""
        inputs, targets = self._splits[split]
        return self._mean_loss(inputs, targets) if len(inputs) else math.nan

    def warm_up(self) -> None:
        """Run each method once on one sample, whole and where need be in parts, so that nothing is compiled later."""
        self.load(np.zeros(self.network.layout.size))
        for optimizer, rows in OPTIMIZERS.items():
            for plan in small_plans(self.network, optimizer, rows):
                self.start(plan).run(math.inf)
                if multiply_adds(plan, self.network) * len(self.network.inputs) > LONGEST_STEP:
                    self.start(plan, in_parts=True).run(math.inf)
        self.loss()


def multiply_adds(plan: Plan, network: Network) -> int:
    """About how many multiply-adds the longest step of a plan takes: a twist predicts twice, going back is two more."""
    times = 2 if isinstance(plan, TwistPlan) else 3
    return times * network.layout.size * int(np.diff(plan.starts).max(initial=0))


def small_plans(network: Network, optimizer: str, rows: int) -> list[Plan]:
    """A step of each method on the first sample that changes nothing; a twist stands with the first optimizer only."""
    one, starts = np.zeros(1, np.int64), np.array([0, 1])
    plans: list[Plan] = [GradientPlan(one, starts, optimizer, 0.0, 0.0, 0.0, np.zeros((rows, network.layout.size)))]
    if not rows:
        plans.append(TwistPlan(one, np.zeros(1), one, starts))
    return plans


def step_pieces(plan: Plan, network: Network, most: int = 4 * LONGEST_STEP) -> Iterator[tuple[int, int]]:
    """Cut a plan into (first, end) of so many steps as take no more than so many multiply-adds together."""
    some = max(1, most // max(1, multiply_adds(plan, network)))
    for first in range(0, plan.steps, some):
        yield first, min(plan.steps, first + some)


def in_blocks(starts: IntArray, sizes: IntArray, most: int) -> tuple[IntArray, IntArray, IntArray]:
    """Cut steps into blocks of so many samples at most: the step of each block, where it begins and where it ends."""
    counts = np.maximum(1, -(-sizes // most))
    steps = np.repeat(np.arange(len(counts)), counts)
    number = np.arange(len(steps)) - np.repeat(np.cumsum(counts) - counts, counts)
    begins = starts[steps] + number * most
    return steps, begins, np.minimum(begins + most, (starts + sizes)[steps])
