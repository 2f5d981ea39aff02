"""The rung `numba-simd` as others see it: plans are cut into blocks of samples, which lie on their side in its room.

What is computed, and how, is in simd.py.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nntui.models.mlp.array_rung import LONGEST_STEP, ArrayRung, Pieces, in_blocks
from nntui.models.mlp.blocks import LANES
from nntui.models.mlp.network import OPTIMIZERS, Network
from nntui.models.mlp.panels import Data, aligned
from nntui.models.mlp.simd import compiled
from nntui.models.model import FloatArray, Floats, IntArray
from nntui.models.plans import GradientPlan, TwistPlan

BLOCK = 64  # samples that are worked on at once, at most
LONGEST_BLOCK = 150_000_000  # multiply-adds in a block, which cannot be interrupted: about 20 ms
AT_ONCE = 4 * LONGEST_STEP  # multiply-adds between two looks at the clock, where blocks are shorter

Layers = tuple[NDArray[Any], ...]


class Net(NamedTuple):
    """The network, as compiled code takes it."""

    weights: Layers  # weights[layer][neuron, source]
    biases: Layers
    activation: int
    output_activation: int
    loss: int


class Room(NamedTuple):
    """Where a block is worked on: a number for each sample in every row but those of the gradients."""

    inputs: NDArray[Any]
    targets: NDArray[Any]
    outputs: Layers  # outputs[layer][neuron, sample]
    total_gradients: Layers  # in the same places: how the loss changes with each neuron's total
    spare: NDArray[Any]
    weight_gradients: Layers  # sums over the samples of a step
    bias_gradients: Layers


class Task(NamedTuple):
    """What is to be done, block by block: block i is order[begins[i]:ends[i]], the whole or a part of step steps[i].

    With twists a step is only half of one: the loss before it is computed in an even one, that after it in an odd one.
    """

    order: IntArray
    begins: IntArray
    ends: IntArray
    steps: IntArray
    sizes: IntArray  # how many samples a step has


class Twists(NamedTuple):
    """What is twisted, by how much, and what it was before."""

    layers: IntArray
    neurons: IntArray
    sources: IntArray
    amounts: FloatArray
    saved: FloatArray


class Moves(NamedTuple):
    """How weights and biases move downhill."""

    optimizer: int
    learning_rate: float
    momentum: float
    weight_decay: float
    train_biases: bool
    taken: int  # steps that were taken before
    weight_velocities: Layers
    bias_velocities: Layers
    weight_squares: Layers
    bias_squares: Layers


class SimdRung(ArrayRung):
    """The network as a tuple of two-dimensional arrays, its samples in blocks that lie on their side."""

    def __init__(self, network: Network) -> None:
        super().__init__(network)
        self._functions = compiled()
        self._net = Net(
            network.weights(self._flat), network.biases(self._flat), network.activation, network.output_activation,
            network.loss,
        )  # fmt: skip
        # It must not depend on anything but the network, for it is in the order of the sums.
        self._block = max(LANES, min(BLOCK, LONGEST_BLOCK // (3 * network.layout.size) // LANES * LANES))
        gradients = np.zeros(network.layout.size, self._type)
        sizes = network.sizes
        outputs, totals = (tuple(self._rows(size) for size in sizes[1:]) for _ in range(2))
        self._room = Room(
            self._rows(sizes[0]), self._rows(sizes[-1]), outputs, totals, self._rows(2),
            network.weights(gradients), network.biases(gradients),
        )  # fmt: skip

    def _rows(self, count: int) -> NDArray[Any]:
        return aligned(count * self._block, self._type).reshape(count, self._block)

    def _twists(
        self, plan: TwistPlan, saved: FloatArray, before: FloatArray, after: FloatArray, in_parts: bool
    ) -> Pieces:
        layers, neurons, sources = np.ascontiguousarray(self.network.places[plan.parameters].T)
        twists = Twists(layers, neurons, sources, np.ascontiguousarray(plan.amounts, np.float64), saved)
        task = self._task(plan.order, np.repeat(plan.starts[:-1], 2), np.repeat(np.diff(plan.starts), 2))
        losses = np.zeros(2 * plan.steps)
        yield from self._train("train_by_twists", 1, self._splits["train"], task, twists, losses)
        before[:], after[:] = losses[::2], losses[1::2]

    def _descent(self, plan: GradientPlan, moments: NDArray[Any], before: FloatArray, in_parts: bool) -> Pieces:
        net, room = self.network, self._room
        # What this optimizer does not remember it does not touch: any rows will do in its place.
        rows = [part for row in moments for part in (net.weights(row), net.biases(row))]
        rows += 2 * [room.weight_gradients, room.bias_gradients]
        moves = Moves(
            OPTIMIZERS[plan.optimizer], float(plan.learning_rate), float(plan.momentum), float(plan.weight_decay),
            net.train_biases, int(plan.taken), *rows[:4],
        )  # fmt: skip
        task = self._task(plan.order, plan.starts[:-1], np.diff(plan.starts))
        yield from self._train("train_by_gradients", 3, self._splits["train"], task, moves, before)

    def _mean_loss(self, inputs: Floats, targets: Floats) -> float:
        loss, none = np.zeros(1), np.zeros(0, np.int64)
        task = self._task(np.arange(len(inputs)), np.array([0]), np.array([len(inputs)]))
        nothing = Twists(none, none, none, np.zeros(0), np.zeros(0))
        for _ in self._train("train_by_twists", 1, (inputs, targets), task, nothing, loss):
            pass
        return float(loss[0])

    def _task(self, order: IntArray, starts: IntArray, sizes: IntArray) -> Task:
        """Steps that begin somewhere in an order and have so many samples, cut into blocks."""
        steps, begins, ends = in_blocks(starts, sizes, self._block)
        return Task(np.ascontiguousarray(order, np.int64), begins, ends, steps, sizes)

    def _multiply_adds(self, times: int, task: Task) -> int:
        """About how many multiply-adds the largest block takes that goes through all weights so many times."""
        samples = int((task.ends - task.begins).max(initial=1))
        return max(1, times * self.network.layout.size * samples)

    def _train(self, name: str, times: int, data: tuple[Floats, Floats], task: Task, *what: Any) -> Pieces:
        """Work through a task, and pause after some milliseconds, but not within a block.

        `times` is how often a block goes through all weights: backward takes twice as long as forward.
        """
        some = max(1, AT_ONCE // self._multiply_adds(times, task))
        for first in range(0, len(task.steps), some):
            end = min(len(task.steps), first + some)
            self._functions[name](self._net, Data(*data), task, self._room, *what, first, end)
            yield


def prepare(network: Network) -> SimdRung:
    """Make a rung whose code is compiled for this network's number of layers and precision."""
    rung = SimdRung(network)
    rung.warm_up()
    return rung
