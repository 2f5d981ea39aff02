"""What `numba-simd` and `numba-parallel` do to a block of samples besides the sums of a network.

A block lies on its side: rows[neuron][sample].
"""

from __future__ import annotations

import math
from typing import Any

from nntui.models import curves
from nntui.models.compiled import COPIED_IN, UNCOUNTED, jitable
from nntui.models.mlp.loops import BIAS, CROSS_ENTROPY, SMALLEST_PROBABILITY, SOFTMAX

LANES = 16  # a block is filled up with empty samples to a multiple of this many, so that no sample is left for last


def padded(samples):
    """How many lanes so many samples take."""
    return (samples + LANES - 1) // LANES * LANES


def is_first(task, block):
    """Whether a step begins with this block of samples."""
    return block == 0 or task.steps[block - 1] != task.steps[block]


def is_last(task, block):
    """Whether a step ends with it."""
    return block + 1 == len(task.steps) or task.steps[block + 1] != task.steps[block]


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


def block_loss(net, room, samples, size):
    """Make probabilities of the answers to a block where they are to be that, and add up how wrong all of them are."""
    answers, targets, losses = room.outputs[len(net.weights) - 1], room.targets, room.spare[0]
    if net.output_activation == SOFTMAX:
        softmax(answers, room.spare[0], room.spare[1], size)
    for sample in range(samples):
        losses[sample] = 0.0
    for neuron in range(len(answers)):
        if net.loss == CROSS_ENTROPY:
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
        total += losses[sample] if net.loss == CROSS_ENTROPY else losses[sample] / len(answers)
    return total


def try_a_twist(net, twists, losses, step):
    """After a loss twist a weight; after the next one keep the twist if the loss has fallen, and undo it if not."""
    twist = step // 2
    if twist == len(twists.amounts):  # only the loss was asked for
        return
    row = net.biases[twists.layers[twist]]
    place = twists.neurons[twist]
    if twists.sources[twist] != BIAS:
        row = net.weights[twists.layers[twist]][place]
        place = twists.sources[twist]
    if step % 2 == 0:
        twists.saved[twist] = row[place]
        row[place] += twists.amounts[twist]
    elif not losses[step] < losses[step - 1]:
        row[place] = twists.saved[twist]


def register() -> None:
    """Let compiled code call these functions."""
    every: tuple[Any, ...] = (padded, is_first, is_last, softmax, block_loss, try_a_twist)
    for function in every:
        jitable(function, **UNCOUNTED, **COPIED_IN)
