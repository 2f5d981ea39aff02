"""The rung `numba-fused`: never leave fast memory. Each number that is fetched is used as often as it can be.

Three products of matrices are nearly all of the work: totals = outputs times weights, the gradients of the weights =
gradients of the totals times outputs, and what is handed back = gradients of the totals times weights. All three go
through one microkernel (tiles.py), which keeps its sums in registers. Around it:

- Weights stand in panels (panels.py): all that goes into two vectors of neurons, in the order in which it is read.
- Sums over many sources are made in parts of at most 256, so that this part of a panel stays in the nearest cache (L1)
  while all samples of a block pass by.
- Totals are bent while they are still in that cache, and weights move downhill in the very tile in which their
  gradients are summed up: those never go to memory (with `momentum` and `adam` no further than the nearest cache).

A batch is done in blocks of samples that are small enough to be interrupted after each. Every number is summed up by
one worker from its first term to its last, so the bits do not depend on how many workers there are.
"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

from nntui.models.compiled import COPIED_IN, UNCOUNTED, jit, jitable
from nntui.models.lanes import load, store, zeros
from nntui.models.mlp.lane_rows import bend, cross_entropy, descend, multiply_by_slope, softmax, squared_error
from nntui.models.mlp.loops import CROSS_ENTROPY, SGD, SOFTMAX
from nntui.models.mlp.panels import DEEP, fours
from nntui.models.mlp.tiles import lanes_of, multiply

CHUNK = 64  # sources whose gradients are summed up before they move the weights, where an optimizer remembers


class Rates(NamedTuple):
    """How gradients move weights."""

    optimizer: int
    learning_rate: float
    momentum: float
    weight_decay: float
    train_biases: bool


def gather(net, room, inputs, targets, batch, first, end):
    """Fetch some samples of a block; those that fill it up are 0."""
    last = len(net.panels)
    for sample in range(first, end):
        to, wanted = net.rows[0] + sample * net.steps[0], sample * net.steps[last]
        if sample < len(batch):
            row = batch[sample]
            for source in range(net.sizes[0]):
                room.outputs[to + source] = inputs[row, source]
            for neuron in range(net.sizes[last]):
                room.targets[wanted + neuron] = targets[row, neuron]
        else:
            for source in range(net.sizes[0]):
                room.outputs[to + source] = 0.0


def predict(net, room, first, end):
    """Answer some samples of a block: carry their inputs through the network, layer by layer."""
    lanes = lanes_of(room.weights)
    for layer in range(len(net.panels)):
        activation = net.output_activation if layer == len(net.panels) - 1 else net.activation
        sources, neurons = net.sizes[layer], net.sizes[layer + 1]
        heard, said = net.rows[layer] + first * net.steps[layer], net.rows[layer + 1] + first * net.steps[layer + 1]
        parts = (sources + DEEP - 1) // DEEP
        part = (sources + parts - 1) // parts
        panel = net.panels[layer]
        for neuron in range(0, neurons, 2 * lanes):
            vectors = 2 if neurons - neuron > lanes else 1
            wide = vectors * lanes
            into = (room.outputs, said + neuron, net.steps[layer + 1])
            start = (room.weights, panel + fours(sources) * wide, 0)  # each sample starts with the biases
            for source in range(0, sources, part):
                left = (room.outputs, heard + source, net.steps[layer], 1)
                right = (room.weights, panel + source * wide, wide)
                multiply(end - first, vectors, min(part, sources - source), left, right, start, into, 1.0, 1.0)
                start = into
            for sample in range(end - first):
                bend(room.outputs, into[1] + sample * into[2], vectors, activation)
            panel += (fours(sources) + 1) * wide


def start_at_the_loss(net, room, samples, first, end):
    """The loss of each sample, and how it changes with each total of the last layer; 0 for those that fill up."""
    last = len(net.panels)
    neurons = net.sizes[last]
    for sample in range(first, end):
        at, wanted = net.rows[last] + sample * net.steps[last], sample * net.steps[last]
        if net.output_activation == SOFTMAX:
            softmax(room.outputs, at, neurons)
        if sample >= samples:
            room.losses[sample] = 0.0
            room.totals[at : at + neurons] = 0.0
        elif net.loss == CROSS_ENTROPY:
            room.losses[sample] = cross_entropy(room.outputs, at, room.targets, wanted, room.totals, neurons)
        else:
            room.losses[sample] = squared_error(
                room.outputs, at, room.targets, wanted, room.totals, neurons, net.output_activation
            )  # fmt: skip


def hand_back(net, room, layer, first, end, turned):
    """Hand a layer's gradients back to its sources, each through the weight that it came along."""
    lanes = lanes_of(room.weights)
    sources, neurons = net.sizes[layer], net.sizes[layer + 1]
    for source in range(0, sources, 2 * lanes):
        vectors = 2 if sources - source > lanes else 1
        start = (room.nothing, 0, 0)
        into = (room.totals, net.rows[layer] + first * net.steps[layer] + source, net.steps[layer])
        for neuron in range(0, neurons, DEEP):
            count = min(DEEP, neurons - neuron)
            turn(net, room, layer, neuron, count, source, vectors * lanes, turned)
            left = (room.totals, net.rows[layer + 1] + first * net.steps[layer + 1] + neuron, net.steps[layer + 1], 1)
            right = (room.turned, turned, vectors * lanes)
            multiply(end - first, vectors, count, left, right, start, into, 1.0, 1.0)
            start = into
        for sample in range(end - first):
            at = into[1] + sample * into[2]
            multiply_by_slope(room.totals, at, room.outputs, at, vectors, net.activation)


def turn(net, room, layer, neuron, count, source, columns, turned):
    """Write turned[neuron][source] for some neurons (whole panels) and so many sources of a layer."""
    lanes = lanes_of(room.weights)
    sources, neurons = net.sizes[layer], net.sizes[layer + 1]
    for first in range(neuron, neuron + count, 2 * lanes):
        wide = 2 * lanes if neurons - first > lanes else lanes
        panel = net.panels[layer] + first * (fours(sources) + 1)
        for column in range(columns):
            place, to = panel + (source + column) * wide, turned + (first - neuron) * columns + column
            for row in range(min(wide, neurons - first)):
                room.turned[to + row * columns] = room.weights[place + row] if source + column < sources else 0.0


def move(net, room, rates, layer, samples, batch, step, fresh, done, first, end):
    """Sum up the gradients of the weights from some sources over a block, and after the last one move the weights.

    `fresh` is the first block of a batch, `done` its last one.
    """
    lanes = lanes_of(room.weights)
    sources, neurons = fours(net.sizes[layer]), net.sizes[layer + 1]
    keep, share = 1.0 - rates.learning_rate * rates.weight_decay, 1.0 / batch
    at_once = fresh and done and rates.optimizer == SGD
    panel = net.panels[layer]
    for neuron in range(0, neurons, 2 * lanes):
        vectors = 2 if neurons - neuron > lanes else 1
        wide = vectors * lanes
        right = (room.totals, net.rows[layer + 1] + neuron, net.steps[layer + 1])
        for source in range(first, end, CHUNK):
            rows, place = min(CHUNK, end - source), panel + source * wide
            left = (room.outputs, net.rows[layer] + source, 1, net.steps[layer])
            if at_once:
                weights = (room.weights, place, wide)
                multiply(rows, vectors, samples, left, right, weights, weights, keep, -rates.learning_rate * share)
                continue
            into = (room.gradients, place, wide)
            multiply(rows, vectors, samples, left, right, (room.nothing, 0, 0) if fresh else into, into, 1.0, 1.0)
            if done:
                descend(
                    room.weights, room.gradients, room.velocities, room.squares, place, rows * wide,
                    rates.optimizer, share, rates.learning_rate, keep, rates.momentum, step,
                )  # fmt: skip
        if rates.train_biases and end == sources:
            place = panel + sources * wide
            add_up(room, right, samples, place, wide, fresh)
            if done:
                descend(
                    room.weights, room.gradients, room.velocities, room.squares, place, wide,
                    rates.optimizer, share, rates.learning_rate, 1.0, rates.momentum, step,
                )  # fmt: skip
        panel += (sources + 1) * wide


def add_up(room, rows, samples, place, wide, fresh):
    """Sum up the gradients of the biases of a panel over a block of samples."""
    lanes = lanes_of(room.weights)
    totals, at, step = rows
    for column in range(0, wide, lanes):
        even = zeros(totals, lanes) if fresh else load(room.gradients, place + column, lanes)
        odd = zeros(totals, lanes)
        for sample in range(0, samples - 1, 2):
            even = even + load(totals, at + sample * step + column, lanes)
            odd = odd + load(totals, at + (sample + 1) * step + column, lanes)
        if samples % 2:
            even = even + load(totals, at + (samples - 1) * step + column, lanes)
        store(room.gradients, place + column, even + odd)


def answer(net, room, inputs, targets, batch, first, end):
    """The losses of some samples of a block, and all that was computed on the way."""
    gather(net, room, inputs, targets, batch, first, end)
    predict(net, room, first, end)
    start_at_the_loss(net, room, len(batch), first, end)


def train_by_gradients(
    net, room, rates, inputs, targets, order, cuts, steps, starts, first, end, taken, losses_before
):  # fmt: skip
    """Go downhill, block after block: block i is order[cuts[i]:cuts[i + 1]], a part of the batch of steps[i]."""
    for block in range(first, end):
        step, batch = steps[block], order[cuts[block] : cuts[block + 1]]
        fresh = block == 0 or steps[block - 1] != step
        done = block + 1 == len(steps) or steps[block + 1] != step
        size = starts[step + 1] - starts[step]
        answer(net, room, inputs, targets, batch, 0, fours(len(batch)))
        for layer in range(len(net.panels) - 1, 0, -1):
            hand_back(net, room, layer, 0, fours(len(batch)), 0)
        # Only now, when all gradients of totals are known: they are those of the weights as they were.
        losses_before[step] += sum_of(room.losses, len(batch)) / size
        for layer in range(len(net.panels)):
            move(
                net, room, rates, layer, len(batch), size, taken + step + 1, fresh, done, 0, fours(net.sizes[layer])
            )  # fmt: skip


def block_loss(net, room, inputs, targets, batch):
    """The sum of the losses of a block."""
    answer(net, room, inputs, targets, batch, 0, fours(len(batch)))
    return sum_of(room.losses, len(batch))


def sum_of(losses, samples):
    """The sum of some losses, in the order of the samples."""
    loss = 0.0
    for sample in range(samples):
        loss += losses[sample]
    return loss


def batch_loss(net, room, inputs, targets, batch):
    """Say how wrong the network is on the average over some samples."""
    loss = 0.0
    most = len(room.losses)
    for first in range(0, len(batch), most):
        loss += block_loss(net, room, inputs, targets, batch[first : first + most])
    return loss / len(batch)


def train_by_twists(
    net, room, places, twists, inputs, targets, order, starts, first, end, saved, losses_before, losses_after
):  # fmt: skip
    """Try one twist after another, each on its own batch, and note what became of it."""
    weights = room.weights
    for step in range(first, end):
        batch, place = order[starts[step] : starts[step + 1]], places[step]
        saved[step] = weights[place]
        losses_before[step] = batch_loss(net, room, inputs, targets, batch)
        weights[place] += twists[step]
        losses_after[step] = batch_loss(net, room, inputs, targets, batch)
        if not losses_after[step] < losses_before[step]:
            weights[place] = saved[step]


@cache
def compiled() -> dict[str, Any]:
    """Compile (or fetch from the cache) the functions of this file; called once a process."""
    for function in (
        fours, gather, predict, start_at_the_loss, turn, hand_back, add_up, move, answer, sum_of,
        block_loss, batch_loss,
    ):  # fmt: skip
        jitable(function, **UNCOUNTED, **(COPIED_IN if function is fours else {}))
    whole = (train_by_gradients, train_by_twists, batch_loss, block_loss)
    return {function.__name__: jit(function, **UNCOUNTED) for function in whole}
