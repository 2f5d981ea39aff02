"""What generated modules share: the loss by classes, and the change of a few parameters (numba-fused too)."""

from __future__ import annotations

import math

from nntui.models.compiled import COPIED_IN, UNCOUNTED, jitable
from nntui.models.lanes import fma, load, root, store
from nntui.models.mlp.loops import ADAM, MEMORY, MOMENTUM, SMALLEST_PROBABILITY, SQUARE_MEMORY, TINY


def cross_entropy(answers, place, step, targets, order, first, count):
    """Add up the loss of a few samples: the logarithm of what was given to the right class.

    The answers to a sample lie `step` apart, those to the next sample beside them.
    """
    loss = 0.0
    for sample in range(count):
        for neuron in range(targets.shape[1]):
            target = targets[order[first + sample], neuron]
            if target != 0.0:
                probability = max(answers[place + neuron * step + sample], SMALLEST_PROBABILITY)
                loss -= target * math.log(probability)
    return loss


def rule_of(optimizer, momentum, step, velocities, squares):
    """What `descend` has to know, for one step."""
    share, square_share = 1.0, 1.0
    if optimizer == ADAM:
        share = 1.0 - math.pow(MEMORY, float(step))
        square_share = 1.0 - math.pow(SQUARE_MEMORY, float(step))
    return optimizer, momentum, share, square_share, velocities, squares


def descend(parameters, place, gradients, rule, rate, decay):
    """Move a few parameters downhill, as many as a vector has lanes; those that stay have a rate of 0.

    See `descend`, `momentum_step` and `adam_step` in loops.py.
    """
    optimizer, momentum, share, square_share, velocities, squares = rule
    row = load(parameters, place, gradients)
    row = row - decay * row
    if optimizer == MOMENTUM:
        velocity = fma(load(velocities, place, gradients), momentum, gradients)
        store(velocities, place, velocity)
        store(parameters, place, fma(0.0 - rate, velocity, row))
    elif optimizer == ADAM:
        velocity = load(velocities, place, gradients) * MEMORY + gradients * (1.0 - MEMORY)
        square = load(squares, place, gradients) * SQUARE_MEMORY + gradients * gradients * (1.0 - SQUARE_MEMORY)
        store(velocities, place, velocity)
        store(squares, place, square)
        store(parameters, place, row - rate * (velocity / share) / (root(square / square_share) + TINY))
    else:
        store(parameters, place, fma(0.0 - rate, gradients, row))


for _function in (cross_entropy, rule_of, descend):
    jitable(_function, **UNCOUNTED, **COPIED_IN)
