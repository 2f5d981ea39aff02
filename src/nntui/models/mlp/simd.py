"""The rung `numba-simd`: the loops in another order, so that what is worked on one after another lies side by side.

The one idea is the shape of memory. A processor fetches numbers a cache line at a time, 16 of 32 bits that lie next to
each other, and its vector instructions work on as many at once (SIMD: single instruction, multiple data). In loops.py
the innermost loop goes over the sources of one neuron for one sample, and adds them into one number: nothing can be
done at once, for every addition waits for the one before. Here a block of samples is turned on its side:

inputs[source][sample]           the same input of all samples, side by side
outputs[layer][neuron][sample]   the same neuron's answers to all samples

and the innermost loop goes over samples, which have nothing to do with each other. The compiler makes vector
instructions of such a loop by itself ("Structure of arrays": Intel 64 and IA-32 optimization reference manual). Each
total is still summed up in the order of loops.py. A gradient adds up over samples: there each lane keeps a sum of its
own.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nntui.models import curves
from nntui.models.compiled import COPIED_IN, UNCOUNTED, jit, jitable
from nntui.models.mlp import loops
from nntui.models.mlp.array_rung import ArrayRung, Pieces, step_pieces
from nntui.models.mlp.loops import BIAS, CROSS_ENTROPY, RELU, SIGMOID, SMALLEST_PROBABILITY, SOFTMAX, TANH
from nntui.models.mlp.network import OPTIMIZERS, Network
from nntui.models.model import FloatArray, Floats
from nntui.models.plans import GradientPlan, TwistPlan

BLOCK = 64  # samples that are worked on at once
LANES = 16  # a block is filled up with empty samples to a multiple of this many, so that no sample is left for last


def gather(inputs, targets, batch, block_inputs, block_targets, size):
    """Turn the samples of a block on their side; those that fill it up are all 0."""
    for sample in range(len(batch)):
        for source in range(len(block_inputs)):
            block_inputs[source, sample] = inputs[batch[sample], source]
        for neuron in range(len(block_targets)):
            block_targets[neuron, sample] = targets[batch[sample], neuron]
    for sample in range(len(batch), size):
        for source in range(len(block_inputs)):
            block_inputs[source, sample] = 0.0
        for neuron in range(len(block_targets)):
            block_targets[neuron, sample] = 0.0


def predict(weights, biases, inputs, activation, output_activation, outputs, room, size):
    """Answer a block of samples: carry their inputs through the network, layer by layer."""
    sources = inputs
    for layer in range(len(weights)):
        if layer == len(weights) - 1:
            activation = output_activation
        for neuron in range(len(biases[layer])):
            totals = outputs[layer][neuron]
            for sample in range(size):
                totals[sample] = biases[layer][neuron]
            for source in range(len(sources)):
                add_product(totals, weights[layer][neuron, source], sources[source], size)
            bend(totals, activation, size)
        sources = outputs[layer]
    if output_activation == SOFTMAX:
        softmax(sources, room[0], room[1], size)


def add_product(totals, factor, row, size):
    """Add a multiple of one row to another: the loop that all of this is about."""
    for sample in range(size):
        totals[sample] += factor * row[sample]


def bend(row, activation, size):
    """Bend a neuron's totals into its outputs, in place."""
    if activation == TANH:
        for sample in range(size):
            row[sample] = curves.tanh(row[sample])
    elif activation == RELU:
        for sample in range(size):
            row[sample] = row[sample] if row[sample] > 0.0 else 0.0
    elif activation == SIGMOID:
        for sample in range(size):
            small = curves.exp(-abs(row[sample]))
            share = small / (1.0 + small)
            row[sample] = share if row[sample] < 0.0 else 1.0 - share


def softmax(rows, largest, totals, size):
    """Turn the totals of the last layer into probabilities that add up to 1 for each sample."""
    for sample in range(size):
        largest[sample] = rows[0, sample]
        totals[sample] = 0.0
    for neuron in range(1, len(rows)):
        for sample in range(size):
            largest[sample] = max(rows[neuron, sample], largest[sample])
    for neuron in range(len(rows)):
        for sample in range(size):
            rows[neuron, sample] = curves.exp(rows[neuron, sample] - largest[sample])
            totals[sample] += rows[neuron, sample]
    for neuron in range(len(rows)):
        for sample in range(size):
            rows[neuron, sample] = rows[neuron, sample] / totals[sample]


def block_loss(answers, targets, loss, losses, samples):
    """Add up how wrong the answers to a block are, sample by sample."""
    for sample in range(samples):
        losses[sample] = 0.0
    for neuron in range(len(answers)):
        if loss == CROSS_ENTROPY:
            for sample in range(samples):
                if targets[neuron, sample] != 0.0:  # most are: a class is one of many
                    probability = max(answers[neuron, sample], SMALLEST_PROBABILITY)
                    losses[sample] -= targets[neuron, sample] * math.log(probability)
        else:
            for sample in range(samples):
                error = answers[neuron, sample] - targets[neuron, sample]
                losses[sample] += error * error
    total = 0.0
    for sample in range(samples):
        total += losses[sample] if loss == CROSS_ENTROPY else losses[sample] / len(answers)
    return total


def padded(samples):
    """How many lanes so many samples take."""
    return (samples + LANES - 1) // LANES * LANES


def batch_loss(
    weights, biases, inputs, targets, batch, activation, output_activation, loss, block_inputs, block_targets, outputs,
    room,
):  # fmt: skip
    """Say how wrong the network is on the average over some samples."""
    total = 0.0
    for first in range(0, len(batch), BLOCK):
        block = batch[first : first + BLOCK]
        size = padded(len(block))
        gather(inputs, targets, block, block_inputs, block_targets, size)
        predict(weights, biases, block_inputs, activation, output_activation, outputs, room, size)
        total += block_loss(outputs[len(weights) - 1], block_targets, loss, room[0], len(block))
    return total / len(batch)


def train_by_twists(
    weights, biases, layers, neurons, sources, twists, inputs, targets, order, starts, first_step, end,
    activation, output_activation, loss, block_inputs, block_targets, outputs, room, saved, losses_before, losses_after,
):  # fmt: skip
    """Try one twist after another, each on its own batch, and note what became of it."""
    for step in range(first_step, end):
        row = biases[layers[step]]
        place = neurons[step]
        if sources[step] != BIAS:
            row = weights[layers[step]][neurons[step]]
            place = sources[step]
        batch = order[starts[step] : starts[step + 1]]
        saved[step] = row[place]
        losses_before[step] = batch_loss(
            weights, biases, inputs, targets, batch, activation, output_activation, loss, block_inputs, block_targets,
            outputs, room,
        )  # fmt: skip
        row[place] += twists[step]
        losses_after[step] = batch_loss(
            weights, biases, inputs, targets, batch, activation, output_activation, loss, block_inputs, block_targets,
            outputs, room,
        )  # fmt: skip
        if not losses_after[step] < losses_before[step]:
            row[place] = saved[step]


def batch_gradient(
    weights, biases, inputs, targets, batch, activation, output_activation, loss, block_inputs, block_targets, outputs,
    room, total_gradients, weight_gradients, bias_gradients,
):  # fmt: skip
    """Find out how the loss over some samples changes with every weight and bias; return that loss."""
    loops.clear(weight_gradients, bias_gradients)
    total = 0.0
    for first in range(0, len(batch), BLOCK):
        block = batch[first : first + BLOCK]
        size = padded(len(block))
        gather(inputs, targets, block, block_inputs, block_targets, size)
        predict(weights, biases, block_inputs, activation, output_activation, outputs, room, size)
        last = len(weights) - 1
        total += block_loss(outputs[last], block_targets, loss, room[0], len(block))
        start_at_the_loss(outputs[last], block_targets, output_activation, loss, total_gradients[last], room[0], size)
        for neuron in range(len(total_gradients[last])):
            for sample in range(len(block), size):
                total_gradients[last][neuron, sample] = 0.0  # an empty sample teaches nothing
        add_gradients(
            weights, block_inputs, activation, outputs, total_gradients, weight_gradients, bias_gradients, size
        )  # fmt: skip
    loops.divide(weight_gradients, bias_gradients, len(batch))
    return total / len(batch)


def add_gradients(
    weights, inputs, activation, outputs, total_gradients, weight_gradients, bias_gradients, size
):  # fmt: skip
    """Go back through the prediction of a block, layer by layer, and add what it says to the gradients."""
    for layer in range(len(weights) - 1, -1, -1):
        sources = inputs
        if layer > 0:
            sources = outputs[layer - 1]
        for neuron in range(len(total_gradients[layer])):
            gradients = total_gradients[layer][neuron]
            bias_gradients[layer][neuron] += add_up(gradients, size)
            for source in range(len(sources)):
                weight_gradients[layer][neuron, source] += add_up_products(gradients, sources[source], size)
        if layer > 0:
            hand_back(weights[layer], total_gradients[layer], sources, activation, total_gradients[layer - 1], size)


def add_up(row, size):
    """The sum of a row, each lane adding up its own share of it."""
    total = row.dtype.type(0.0)  # not of 64 bits where the row is of 32
    for sample in range(size):
        total += row[sample]
    return total


def add_up_products(first, second, size):
    """The sum of the products of two rows, each lane adding up its own share of them."""
    total = first.dtype.type(0.0)
    for sample in range(size):
        total += first[sample] * second[sample]
    return total


def start_at_the_loss(answers, targets, output_activation, loss, gradients, whole, size):
    """Say how the loss of each sample changes with each total of the last layer."""
    if loss == CROSS_ENTROPY:
        for sample in range(size):
            whole[sample] = 0.0
        for neuron in range(len(targets)):
            add_product(whole, 1.0, targets[neuron], size)
        for neuron in range(len(answers)):
            for sample in range(size):
                gradients[neuron, sample] = answers[neuron, sample] * whole[sample] - targets[neuron, sample]
        return
    for neuron in range(len(answers)):
        for sample in range(size):
            error = answers[neuron, sample] - targets[neuron, sample]
            gradients[neuron, sample] = 2.0 * error / len(answers)
        multiply_by_slope(gradients[neuron], answers[neuron], output_activation, size)


def hand_back(weights, gradients, sources, activation, source_gradients, size):
    """Hand a layer's gradients back to its sources, each through the weight that it came along."""
    for source in range(len(sources)):
        row = source_gradients[source]
        for sample in range(size):
            row[sample] = 0.0
        for neuron in range(len(gradients)):
            add_product(row, weights[neuron, source], gradients[neuron], size)
        multiply_by_slope(row, sources[source], activation, size)


def multiply_by_slope(row, outputs, activation, size):
    """Multiply by how fast an output changes with its total."""
    if activation == TANH:
        for sample in range(size):
            row[sample] *= 1.0 - outputs[sample] * outputs[sample]
    elif activation == RELU:
        for sample in range(size):
            row[sample] = row[sample] if outputs[sample] > 0.0 else 0.0
    elif activation == SIGMOID:
        for sample in range(size):
            row[sample] *= outputs[sample] * (1.0 - outputs[sample])


def train_by_gradients(
    weights, biases, inputs, targets, order, starts, first_step, end, activation, output_activation, loss,
    block_inputs, block_targets, outputs, room, total_gradients, weight_gradients, bias_gradients,
    optimizer, learning_rate, momentum, weight_decay, train_biases,
    taken, weight_velocities, bias_velocities, weight_squares, bias_squares, losses_before,
):  # fmt: skip
    """Take one step downhill after another, each by its own batch, and note the loss that it began with."""
    for step in range(first_step, end):
        batch = order[starts[step] : starts[step + 1]]
        losses_before[step] = batch_gradient(
            weights, biases, inputs, targets, batch, activation, output_activation, loss, block_inputs, block_targets,
            outputs, room, total_gradients, weight_gradients, bias_gradients,
        )  # fmt: skip
        loops.update(
            weights, biases, weight_gradients, bias_gradients, optimizer, learning_rate, momentum, weight_decay,
            train_biases, taken + step + 1, weight_velocities, bias_velocities, weight_squares, bias_squares,
        )  # fmt: skip


@cache
def compiled() -> dict[str, Any]:
    """Compile (or fetch from the cache) the functions of this file; called once a process."""
    small: tuple[Any, ...] = (add_product, bend, gather, padded)
    for function in small:
        jitable(function, **UNCOUNTED, **COPIED_IN)
    for name in ("plain_step", "momentum_step", "adam_step", "decay"):
        jitable(getattr(loops, name), **UNCOUNTED, **COPIED_IN)
    # Only these two may add up in another order: each lane for itself.
    sums: tuple[Any, ...] = (add_up, add_up_products)
    for function in sums:
        jitable(function, **UNCOUNTED, fastmath={"reassoc", "nsz"})
    others: tuple[Any, ...] = (
        softmax, block_loss, predict, batch_loss, multiply_by_slope, start_at_the_loss, hand_back, add_gradients,
        loops.clear, loops.divide, loops.descend, loops.update, batch_gradient,
    )  # fmt: skip
    for function in others:
        jitable(function, **UNCOUNTED)
    return {
        function.__name__: jit(function, **UNCOUNTED) for function in (train_by_gradients, train_by_twists, batch_loss)
    }


class SimdRung(ArrayRung):
    """The network as a tuple of two-dimensional arrays, its samples in blocks that lie on their side."""

    def __init__(self, network: Network) -> None:
        super().__init__(network)
        self._functions = compiled()
        self._weights, self._biases = network.weights(self._flat), network.biases(self._flat)
        gradients = np.zeros(network.layout.size, self._type)
        self._gradients = network.weights(gradients), network.biases(gradients)
        sizes = network.sizes
        self._blocks = self._rows(sizes[0]), self._rows(sizes[-1])
        self._outputs, self._totals = (tuple(self._rows(size) for size in sizes[1:]) for _ in range(2))
        self._room = self._rows(2)

    def _rows(self, count: int) -> NDArray[Any]:
        return np.zeros((count, BLOCK), self._type)

    def _twists(
        self, plan: TwistPlan, saved: FloatArray, before: FloatArray, after: FloatArray, in_parts: bool
    ) -> Pieces:
        net = self.network
        layers, neurons, sources = np.ascontiguousarray(net.places[plan.parameters].T)
        for first, end in step_pieces(plan, net):
            self._functions["train_by_twists"](
                self._weights, self._biases, layers, neurons, sources, plan.amounts, *self._splits["train"],
                plan.order, plan.starts, first, end, net.activation, net.output_activation, net.loss,
                *self._blocks, self._outputs, self._room, saved, before, after,
            )  # fmt: skip
            yield

    def _descent(self, plan: GradientPlan, moments: NDArray[Any], before: FloatArray, in_parts: bool) -> Pieces:
        net = self.network
        # What this optimizer does not remember it does not touch: any rows will do in its place.
        rows = [part for row in moments for part in (net.weights(row), net.biases(row))] + 2 * [*self._gradients]
        for first, end in step_pieces(plan, net):
            self._functions["train_by_gradients"](
                self._weights, self._biases, *self._splits["train"], plan.order, plan.starts, first, end,
                net.activation, net.output_activation, net.loss, *self._blocks, self._outputs, self._room,
                self._totals, *self._gradients,
                OPTIMIZERS[plan.optimizer], plan.learning_rate, plan.momentum, plan.weight_decay, net.train_biases,
                plan.taken, *rows[:4], before,
            )  # fmt: skip
            yield

    def _mean_loss(self, inputs: Floats, targets: Floats) -> float:
        net = self.network
        return float(
            self._functions["batch_loss"](
                self._weights, self._biases, inputs, targets, np.arange(len(inputs)),
                net.activation, net.output_activation, net.loss, *self._blocks, self._outputs, self._room,
            )
        )  # fmt: skip


def prepare(network: Network) -> SimdRung:
    """Make a rung whose code is compiled for this network's number of layers and precision."""
    rung = SimdRung(network)
    rung.warm_up()
    return rung
