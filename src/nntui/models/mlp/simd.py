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

from functools import cache
from typing import Any

from nntui.models import curves
from nntui.models.compiled import COPIED_IN, UNCOUNTED, jit, jitable
from nntui.models.mlp import blocks, loops
from nntui.models.mlp.blocks import block_loss, is_first, is_last, padded, try_a_twist
from nntui.models.mlp.loops import CROSS_ENTROPY, RELU, SIGMOID, TANH


def gather(rows, table, batch, first, end, size):
    """Turn some columns of a table on their side, for the samples of a block; those that fill it up are all 0."""
    for sample in range(len(batch)):
        for column in range(first, end):
            rows[column, sample] = table[batch[sample], column]
    for sample in range(len(batch), size):
        for column in range(first, end):
            rows[column, sample] = 0.0


def predict(net, room, size):
    """Answer a block of samples: carry their inputs through the network, layer by layer."""
    for layer in range(len(net.weights)):
        predict_layer(net, room, layer, 0, len(net.biases[layer]), size)


def predict_layer(net, room, layer, first, end, size):
    """Let some neurons of a layer answer."""
    sources, activation = room.inputs, net.activation
    if layer > 0:
        sources = room.outputs[layer - 1]
    if layer == len(net.weights) - 1:
        activation = net.output_activation
    for neuron in range(first, end):
        totals = room.outputs[layer][neuron]
        for sample in range(size):
            totals[sample] = net.biases[layer][neuron]
        for source in range(len(sources)):
            add_product(totals, net.weights[layer][neuron, source], sources[source], size)
        bend(totals, activation, size)


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


def train_by_twists(net, data, task, room, twists, losses, first, end):
    """Work through some blocks: a step tells a loss, and a twist takes two of them, before and after it."""
    for block in range(first, end):
        step, batch = task.steps[block], task.order[task.begins[block] : task.ends[block]]
        size = padded(len(batch))
        gather(room.inputs, data.inputs, batch, 0, len(room.inputs), size)
        gather(room.targets, data.targets, batch, 0, len(room.targets), size)
        predict(net, room, size)
        losses[step] += block_loss(net, room, len(batch), size)
        if is_last(task, block):
            losses[step] /= task.sizes[step]
            try_a_twist(net, twists, losses, step)


def start_at_the_loss(net, room, samples, size):
    """Say how the loss of each sample changes with each total of the last layer."""
    last = len(net.weights) - 1
    answers, targets, gradients, whole = room.outputs[last], room.targets, room.total_gradients[last], room.spare[0]
    if net.loss == CROSS_ENTROPY:
        for sample in range(size):
            whole[sample] = 0.0
        for neuron in range(len(targets)):
            add_product(whole, 1.0, targets[neuron], size)
    for neuron in range(len(answers)):
        if net.loss == CROSS_ENTROPY:
            for sample in range(size):
                gradients[neuron, sample] = answers[neuron, sample] * whole[sample] - targets[neuron, sample]
        else:
            for sample in range(size):
                error = answers[neuron, sample] - targets[neuron, sample]
                gradients[neuron, sample] = 2.0 * error / len(answers)
            multiply_by_slope(gradients[neuron], answers[neuron], net.output_activation, size)
        for sample in range(samples, size):
            gradients[neuron, sample] = 0.0  # an empty sample teaches nothing


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


def hand_back(net, room, layer, first, end, size):
    """Hand a layer's gradients back to some of its sources, each through the weight that it came along."""
    gradients, sources = room.total_gradients[layer], room.outputs[layer - 1]
    for source in range(first, end):
        row = room.total_gradients[layer - 1][source]
        for sample in range(size):
            row[sample] = 0.0
        for neuron in range(len(gradients)):
            add_product(row, net.weights[layer][neuron, source], gradients[neuron], size)
        multiply_by_slope(row, sources[source], net.activation, size)


def add_gradients(room, layer, first, end, size, fresh):
    """Add what a block says to the gradients of some neurons of a layer; to 0 where it is a fresh step."""
    sources = room.inputs
    if layer > 0:
        sources = room.outputs[layer - 1]
    for neuron in range(first, end):
        gradients, row = room.total_gradients[layer][neuron], room.weight_gradients[layer][neuron]
        if fresh:
            room.bias_gradients[layer][neuron] = 0.0
            for source in range(len(row)):
                row[source] = 0.0
        room.bias_gradients[layer][neuron] += add_up(gradients, size)
        for source in range(len(row)):
            row[source] += add_up_products(gradients, sources[source], size)


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


def update(net, room, moves, layer, first, end, samples, step):
    """Turn the sums of some neurons of a layer into averages, and move their weights and biases downhill."""
    for neuron in range(first, end):
        row, gradients = net.weights[layer][neuron], room.weight_gradients[layer][neuron]
        for source in range(len(row)):
            gradients[source] /= samples
        if moves.weight_decay > 0.0:
            loops.decay(row, moves.learning_rate, moves.weight_decay)
        loops.descend(
            row, gradients, moves.weight_velocities[layer][neuron], moves.weight_squares[layer][neuron],
            moves.optimizer, moves.learning_rate, moves.momentum, moves.taken + step + 1,
        )  # fmt: skip
        room.bias_gradients[layer][neuron] /= samples
    if moves.train_biases:
        loops.descend(
            net.biases[layer][first:end], room.bias_gradients[layer][first:end],
            moves.bias_velocities[layer][first:end], moves.bias_squares[layer][first:end],
            moves.optimizer, moves.learning_rate, moves.momentum, moves.taken + step + 1,
        )  # fmt: skip


def train_by_gradients(net, data, task, room, moves, losses, first, end):
    """Work through some blocks: add up the gradients of a step, and after its last block take it downhill."""
    for block in range(first, end):
        step, batch = task.steps[block], task.order[task.begins[block] : task.ends[block]]
        size = padded(len(batch))
        gather(room.inputs, data.inputs, batch, 0, len(room.inputs), size)
        gather(room.targets, data.targets, batch, 0, len(room.targets), size)
        predict(net, room, size)
        losses[step] += block_loss(net, room, len(batch), size)
        start_at_the_loss(net, room, len(batch), size)
        for layer in range(len(net.weights) - 1, -1, -1):
            add_gradients(room, layer, 0, len(net.biases[layer]), size, is_first(task, block))
            if layer > 0:
                hand_back(net, room, layer, 0, len(net.biases[layer - 1]), size)
        if is_last(task, block):
            losses[step] /= task.sizes[step]
            # Only now, when all gradients are known: they are those of the weights as they were.
            for layer in range(len(net.weights)):
                update(net, room, moves, layer, 0, len(net.biases[layer]), task.sizes[step], step)


def register() -> None:
    """Let compiled code call the functions of this file."""
    blocks.register()
    # Copied into their callers: to hand over so many arrays takes longer than a step of a small network.
    every: tuple[Any, ...] = (
        gather, predict, predict_layer, add_product, bend, start_at_the_loss, hand_back, add_gradients, update,
        loops.plain_step, loops.momentum_step, loops.adam_step, loops.decay,
    )  # fmt: skip
    for function in every:
        jitable(function, **UNCOUNTED, **COPIED_IN)
    # Only these two may add up in another order: each lane for itself.
    sums: tuple[Any, ...] = (add_up, add_up_products)
    for function in sums:
        jitable(function, **UNCOUNTED, fastmath={"reassoc", "nsz"})
    others: tuple[Any, ...] = (multiply_by_slope, loops.descend)
    for function in others:
        jitable(function, **UNCOUNTED)


@cache
def compiled() -> dict[str, Any]:
    """Compile (or fetch from the cache) the functions of this file; called once a process."""
    register()
    return {function.__name__: jit(function, **UNCOUNTED) for function in (train_by_gradients, train_by_twists)}
