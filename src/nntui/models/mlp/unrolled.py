"""What generated modules share: the loss by classes, and the change of a few parameters."""

from __future__ import annotations

import math

from nntui.models.compiled import COPIED_IN, UNCOUNTED, jitable
from nntui.models.lanes import fma, load, root, store
from nntui.models.mlp.loops import ADAM, MEMORY, MOMENTUM, SMALLEST_PROBABILITY, SQUARE_MEMORY, TINY


def cross_entropy(answers, targets, order, first, left, lanes):
    """Add up the loss of the samples of one vector: the logarithm of what was given to the right class."""
    loss = 0.0
    for lane in range(min(left, lanes)):
        for neuron in range(targets.shape[1]):
            target = targets[order[first + lane], neuron]
            if target != 0.0:
                probability = max(answers[neuron * lanes + lane], SMALLEST_PROBABILITY)
                loss -= target * math.log(probability)
    return loss


def descend(
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
        store(parameters, place, fma(0.0 - rate, velocity, row))
    elif optimizer == ADAM:
        velocity = load(velocities, place, gradients) * MEMORY + gradients * (1.0 - MEMORY)
        square = load(squares, place, gradients) * SQUARE_MEMORY + gradients * gradients * (1.0 - SQUARE_MEMORY)
        store(velocities, place, velocity)
        store(squares, place, square)
        share = 1.0 - math.pow(MEMORY, float(step))
        square_share = 1.0 - math.pow(SQUARE_MEMORY, float(step))
        store(parameters, place, row - rate * (velocity / share) / (root(square / square_share) + TINY))
    else:
        store(parameters, place, fma(0.0 - rate, gradients, row))


for _function in (cross_entropy, descend):
    jitable(_function, **UNCOUNTED, **COPIED_IN)
