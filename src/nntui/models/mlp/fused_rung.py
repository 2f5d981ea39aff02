"""The rung `numba-fused` as others see it: plans are cut into blocks of samples, parameters put into panels and back.

What is computed, and how, is in fused.py.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nntui.models.mlp.array_rung import ArrayRung, Pieces
from nntui.models.mlp.fused import Rates, compiled
from nntui.models.mlp.network import OPTIMIZERS, Network
from nntui.models.mlp.panels import lay_out, room_for
from nntui.models.model import FloatArray, Floats, IntArray
from nntui.models.plans import GradientPlan, TwistPlan

BLOCK = 256  # samples that are worked on at once, at most
AT_ONCE = 200_000_000  # multiply-adds between two looks at the clock: some milliseconds


class FusedRung(ArrayRung):
    """The network in panels; only for others it is an array in the order of the layout."""

    def __init__(self, network: Network) -> None:
        super().__init__(network)
        self._functions = compiled()
        # So many samples that a block takes no more than a few looks at the clock, but enough to make good use of what
        # is fetched: the block must not depend on anything but the network, for it is in the order of the sums.
        self._block = max(16, min(BLOCK, 4 * AT_ONCE // (3 * network.layout.size)) // 4 * 4)
        self._net, self._places, length = lay_out(network, self._block)
        self._room = room_for(self._net, length, self._block, self._type)

    def load(self, parameters: FloatArray) -> None:
        """Put the canonical parameters into their panels, rounded to this precision."""
        self._room.weights[self._places] = parameters

    def store(self) -> FloatArray:
        """Take the parameters out of their panels."""
        return self._room.weights[self._places].astype(np.float64)

    def _twists(
        self, plan: TwistPlan, saved: FloatArray, before: FloatArray, after: FloatArray, in_parts: bool
    ) -> Pieces:
        places = self._places[plan.parameters]
        size = 2 * self.network.layout.size * int(np.diff(plan.starts).max(initial=1))
        if size > 4 * AT_ONCE:
            yield from self._long_twists(plan, places, saved, before, after)
            return
        some = max(1, AT_ONCE // size)
        for first in range(0, plan.steps, some):
            self._functions["train_by_twists"](
                self._net, self._room, places, plan.amounts, *self._splits["train"], plan.order, plan.starts,
                first, min(plan.steps, first + some), saved, before, after,
            )  # fmt: skip
            yield

    def _long_twists(
        self, plan: TwistPlan, places: IntArray, saved: FloatArray, before: FloatArray, after: FloatArray
    ) -> Pieces:
        """The same with a pause after each block of samples."""
        weights = self._room.weights
        for step, place in enumerate(places):
            batch = plan.order[plan.starts[step] : plan.starts[step + 1]]
            saved[step] = weights[place]
            before[step] = yield from self._loss_in_blocks(batch)
            weights[place] += plan.amounts[step]
            after[step] = yield from self._loss_in_blocks(batch)
            if not after[step] < before[step]:
                weights[place] = saved[step]

    def _loss_in_blocks(self, batch: IntArray) -> Generator[None, None, float]:
        loss = 0.0
        for first in range(0, len(batch), self._block):
            block = batch[first : first + self._block]
            loss += self._functions["block_loss"](self._net, self._room, *self._splits["train"], block)
            yield
        return loss / len(batch)

    def _descent(self, plan: GradientPlan, moments: NDArray[Any], before: FloatArray, in_parts: bool) -> Pieces:
        rates = Rates(
            OPTIMIZERS[plan.optimizer], plan.learning_rate, plan.momentum, plan.weight_decay, self.network.train_biases
        )  # fmt: skip
        remembered = (self._room.velocities, self._room.squares)[: len(moments)]
        for row, packed in zip(moments, remembered, strict=True):
            packed[self._places] = row
        cuts, steps = in_blocks(plan.starts, self._block)
        size = 3 * self.network.layout.size * int(np.diff(cuts).max(initial=1))
        some = max(1, AT_ONCE // size)
        for first in range(0, len(steps), some):
            self._functions["train_by_gradients"](
                self._net, self._room, rates, *self._splits["train"], plan.order, cuts, steps, plan.starts,
                first, min(len(steps), first + some), plan.taken, before,
            )  # fmt: skip
            yield
        for row, packed in zip(moments, remembered, strict=True):
            row[:] = packed[self._places]

    def _mean_loss(self, inputs: Floats, targets: Floats) -> float:
        return float(self._functions["batch_loss"](self._net, self._room, inputs, targets, np.arange(len(inputs))))


def in_blocks(starts: IntArray, most: int) -> tuple[IntArray, IntArray]:
    """Cut batches into blocks of so many samples at most: where each begins (and the last one ends), and its batch."""
    counts = np.maximum(1, -(-np.diff(starts) // most))
    steps = np.repeat(np.arange(len(counts)), counts)
    number = np.arange(len(steps)) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.append(starts[steps] + number * most, starts[-1]), steps


def prepare(network: Network) -> FusedRung:
    """Make a rung whose code is compiled for this precision."""
    rung = FusedRung(network)
    rung.warm_up()
    return rung
