"""The rung `numba-fused` as others see it: plans are cut into blocks of samples, parameters put into panels and back.

What is computed, and how, is in fused.py.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nntui.models.crew import cores, crew
from nntui.models.mlp.array_rung import ArrayRung, Pieces, in_blocks
from nntui.models.mlp.fused import compiled
from nntui.models.mlp.network import OPTIMIZERS, Network
from nntui.models.mlp.panels import GRADIENTS, LOSSES, TWISTS, Data, Task, lay_out, room_for
from nntui.models.model import FloatArray, Floats, IntArray
from nntui.models.plans import GradientPlan, TwistPlan

BLOCK = 256  # samples that are worked on at once, at most
AT_ONCE = 400_000_000  # multiply-adds of 32 bits of each thread between two looks at the clock: some milliseconds
LONGEST = 2_400_000_000  # multiply-adds in a block, which cannot be interrupted: a tenth of a second
WORTH = 1_500_000  # multiply-adds of a worker's share, from which on it is worth waiting for the others
FEWEST = 16  # samples of a worker's share


class FusedRung(ArrayRung):
    """The network in panels; only for others it is an array in the order of the layout."""

    def __init__(self, network: Network, threads: int | None = None) -> None:
        """As many threads as are worth it for a plan, or so many as are asked for."""
        super().__init__(network)
        self._compiled = compiled()
        self._asked, self._most = threads, threads or cores()
        # Enough samples to make good use of what is fetched. It must not depend on anything but the network, for it is
        # in the order of the sums.
        self._block = max(32, min(BLOCK, LONGEST // (3 * network.layout.size)) // 4 * 4)
        self._net, self._places, length = lay_out(network, self._block)
        self._room = room_for(self._net, length, self._block, self._most, self._type)

    def load(self, parameters: FloatArray) -> None:
        """Put the canonical parameters into their panels, rounded to this precision."""
        self._room.weights[self._places] = parameters

    def store(self) -> FloatArray:
        """Take the parameters out of their panels."""
        return self._room.weights[self._places].astype(np.float64)

    def _twists(
        self, plan: TwistPlan, saved: FloatArray, before: FloatArray, after: FloatArray, in_parts: bool
    ) -> Pieces:
        twice = np.repeat(np.diff(plan.starts), 2)
        losses = np.zeros(2 * plan.steps)
        task = self._task(TWISTS, plan.order, np.repeat(plan.starts[:-1], 2), twice)._replace(
            places=self._places[plan.parameters], amounts=np.ascontiguousarray(plan.amounts, np.float64), saved=saved
        )  # fmt: skip
        yield from self._train(task, self._splits["train"], losses)
        before[:], after[:] = losses[::2], losses[1::2]

    def _descent(self, plan: GradientPlan, moments: NDArray[Any], before: FloatArray, in_parts: bool) -> Pieces:
        remembered = (self._room.velocities, self._room.squares)[: len(moments)]
        for row, packed in zip(moments, remembered, strict=True):
            packed[self._places] = row
        task = self._task(GRADIENTS, plan.order, plan.starts[:-1], np.diff(plan.starts))._replace(
            optimizer=OPTIMIZERS[plan.optimizer], learning_rate=float(plan.learning_rate),
            momentum=float(plan.momentum), weight_decay=float(plan.weight_decay), taken=int(plan.taken),
        )  # fmt: skip
        yield from self._train(task, self._splits["train"], before)
        for row, packed in zip(moments, remembered, strict=True):
            row[:] = packed[self._places]

    def _mean_loss(self, inputs: Floats, targets: Floats) -> float:
        loss = np.zeros(1)
        task = self._task(LOSSES, np.arange(len(inputs)), np.array([0]), np.array([len(inputs)]))
        for _ in self._train(task, (inputs, targets), loss):
            pass
        return float(loss[0])

    def _task(self, method: int, order: IntArray, starts: IntArray, sizes: IntArray) -> Task:
        """A task of steps that begin somewhere in an order and have so many samples, cut into blocks."""
        steps, begins, ends = in_blocks(starts, sizes, self._block)
        none, nothing = np.zeros(0, np.int64), np.zeros(0)
        return Task(
            method, np.ascontiguousarray(order, np.int64), begins, ends, steps, sizes, none, nothing, nothing,
            0, 0.0, 0.0, 0.0, self.network.train_biases, 0,
        )  # fmt: skip

    def _train(self, task: Task, data: tuple[Floats, Floats], losses: FloatArray) -> Pieces:
        """Do a task with as many threads as are worth it, and pause after some milliseconds, but not within a block."""
        samples = int((task.ends - task.begins).max(initial=1))
        size = (3 if task.method == GRADIENTS else 1) * self.network.layout.size * samples
        self.threads = self._asked or max(1, min(self._most, size // WORTH, samples // FEWEST))
        first = 0
        while first < len(task.steps):
            workers = self._asked or crew().at_hand(self.threads)
            some = max(1, workers * AT_ONCE * 32 // (self.network.precision * size))
            end = min(len(task.steps), first + some)
            first = crew().run(
                workers, self._compiled, self._net, self._room, Data(*data), task, losses, first, end
            )  # fmt: skip
            if workers > 1:
                crew().learn(first == end)
            yield


def prepare(network: Network) -> FusedRung:
    """Make a rung whose code is compiled for this precision."""
    rung = FusedRung(network)
    rung.warm_up()
    return rung
