"""The rung `numba-parallel`: the functions of simd.py, and each worker does its share of the rows.

The one idea is the cores. A row is a neuron's answers to a block of samples, or its weights: each worker computes a
share of the rows of a layer, and moves the weights of its own. Nobody can begin with a layer before all of the one
before it is there, so they meet at a gate after each (crew.py): 2 meetings a layer and 2 more for every block of
samples.

What that can gain is limited by what one has to do alone while the others wait, here the loss (Amdahl 1967, "Validity
of the single processor approach to achieving large scale computing capabilities"), and by the meetings, each of which
takes as long as thousands of multiply-adds: a tiny network is many times slower with two workers than with one.

Every number is computed by one worker in the order of simd.py. So the bits are those of `numba-simd`, however many
workers there are.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from nntui.models.compiled import COPIED_IN, UNCOUNTED, jit, jitable
from nntui.models.crew import give_up, meet, now, over, share
from nntui.models.mlp import simd
from nntui.models.mlp.blocks import block_loss, is_first, is_last, padded, try_a_twist
from nntui.models.mlp.simd import add_gradients, gather, hand_back, predict_layer, start_at_the_loss, update


def predict(net, data, batch, room, size, team):
    """Answer a block of samples together, layer by layer; for how long one has waited for the others."""
    first, end = share(len(room.inputs), team)
    gather(room.inputs, data.inputs, batch, first, end, size)
    if team.worker == 0:
        gather(room.targets, data.targets, batch, 0, len(room.targets), size)
    waited = meet(team)
    for layer in range(len(net.weights)):
        first, end = share(len(net.biases[layer]), team)
        predict_layer(net, room, layer, first, end, size)
        waited += meet(team)
    return waited


def train_by_twists(net, data, task, room, twists, losses, first, end, team):
    """Work through some blocks: a step tells a loss, and a twist takes two of them, before and after it.

    Returns the block that comes next: the end, or an earlier one where workers keep each other waiting.
    """
    began, waited = now(), 0
    for block in range(first, end):
        step, batch = task.steps[block], task.order[task.begins[block] : task.ends[block]]
        size = padded(len(batch))
        waited += predict(net, data, batch, room, size, team)
        if team.worker == 0:
            losses[step] += block_loss(net, room, len(batch), size)
            if is_last(task, block):
                losses[step] /= task.sizes[step]
                try_a_twist(net, twists, losses, step)
        give_up(team, began, waited)
        waited += meet(team)
        if over(team):
            return block + 1
    return end


def add_own_gradients(net, room, size, fresh, team):
    """Go back through the prediction of a block together: each worker adds to the gradients of its own weights."""
    waited = 0
    for layer in range(len(net.weights) - 1, -1, -1):
        first, end = share(len(net.biases[layer]), team)
        add_gradients(room, layer, first, end, size, fresh)
        if layer > 0:
            first, end = share(len(net.biases[layer - 1]), team)
            hand_back(net, room, layer, first, end, size)
            waited += meet(team)
    return waited


def train_by_gradients(net, data, task, room, moves, losses, first, end, team):
    """Work through some blocks: add up the gradients of a step, and after its last block take it downhill."""
    began, waited = now(), 0
    for block in range(first, end):
        step, batch = task.steps[block], task.order[task.begins[block] : task.ends[block]]
        size = padded(len(batch))
        waited += predict(net, data, batch, room, size, team)
        if team.worker == 0:
            losses[step] += block_loss(net, room, len(batch), size)
            start_at_the_loss(net, room, len(batch), size)
            if is_last(task, block):
                losses[step] /= task.sizes[step]
        waited += meet(team)
        waited += add_own_gradients(net, room, size, is_first(task, block), team)
        if is_last(task, block):
            # Only now, when all gradients are known: they are those of the weights as they were.
            for layer in range(len(net.weights)):
                own, rest = share(len(net.biases[layer]), team)
                update(net, room, moves, layer, own, rest, task.sizes[step], step)
        give_up(team, began, waited)
        waited += meet(team)
        if over(team):
            return block + 1
    return end


@cache
def compiled() -> dict[str, Any]:
    """Compile (or fetch from the cache) the functions of this file; called once a process."""
    simd.register()
    every: tuple[Any, ...] = (predict, add_own_gradients)
    for function in every:
        jitable(function, **UNCOUNTED, **COPIED_IN)
    return {function.__name__: jit(function, **UNCOUNTED) for function in (train_by_gradients, train_by_twists)}
