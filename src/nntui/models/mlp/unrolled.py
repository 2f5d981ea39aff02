"""What generated modules share: samples turned on their side, the loss by classes, the change of a few parameters."""

from __future__ import annotations

import math

from nntui.models.compiled import COPIED_IN, UNCOUNTED, jitable
from nntui.models.lanes import fma, load, root, store
from nntui.models.mlp.loops import ADAM, MEMORY, MOMENTUM, SMALLEST_PROBABILITY, SQUARE_MEMORY, TINY


def gather(inputs, targets, order, starts, first_step, end, block, lanes):  # type: ignore[no-untyped-def]
    """Turn the samples of some steps on their side; tell how many vectors they fill.

    block[vector] has a row for each input and target, and one that is 1 where there is a sample.
    """
    vector = 0
    for step in range(first_step, end):
        for start in range(starts[step], starts[step + 1], lanes):
            for lane in range(lanes):
                here = start + lane < starts[step + 1]
                sample = order[start + lane] if here else order[start]
                for source in range(inputs.shape[1]):
                    block[vector, source, lane] = inputs[sample, source] if here else 0.0
                for neuron in range(targets.shape[1]):
                    block[vector, inputs.shape[1] + neuron, lane] = targets[sample, neuron] if here else 0.0
                block[vector, inputs.shape[1] + targets.shape[1], lane] = 1.0 if here else 0.0
            vector += 1
    return vector


def cross_entropy(answers, block, vector, inputs, outputs, lanes):  # type: ignore[no-untyped-def]
    """Add up the loss of the samples of one vector: the logarithm of what was given to the right class."""
    loss = 0.0
    for lane in range(lanes):
        for neuron in range(outputs):
            target = block[vector, inputs + neuron, lane]
            if target != 0.0:
                probability = max(answers[neuron * lanes + lane], SMALLEST_PROBABILITY)
                loss -= target * math.log(probability)
    return loss


def descend(  # type: ignore[no-untyped-def]
    parameters, place, gradients, optimizer, momentum, rates, decays, step, velocities, squares
):  # fmt: skip
    """Move a few parameters downhill, as many as a vector has lanes; those that stay have a rate of 0.

    See `descend`, `momentum_step` and `adam_step` in loops.py.
    """
    row, rate = load(parameters, place, gradients), load(rates, place, gradients)
    row = row - load(decays, place, gradients) * row
    if optimizer == MOMENTUM:
        velocity = fma(load(velocities, place, gradients), momentum, gradients)
        store(velocities, place, velocity)
        store(parameters, place, row - rate * velocity)
    elif optimizer == ADAM:
        velocity = load(velocities, place, gradients) * MEMORY + gradients * (1.0 - MEMORY)
        square = load(squares, place, gradients) * SQUARE_MEMORY + gradients * gradients * (1.0 - SQUARE_MEMORY)
        store(velocities, place, velocity)
        store(squares, place, square)
        share = 1.0 - math.pow(MEMORY, float(step))
        square_share = 1.0 - math.pow(SQUARE_MEMORY, float(step))
        store(parameters, place, row - rate * (velocity / share) / (root(square / square_share) + TINY))
    else:
        store(parameters, place, row - rate * gradients)


for _function in (gather, cross_entropy, descend):
    jitable(_function, **UNCOUNTED, **COPIED_IN)
