"""What the rung `numba-fused` does to rows of numbers, a vector at a time: curves, the loss, the step downhill.

A row is a flat array and a place in it; it goes on to a whole number of vectors. What fills up the last one is never
used, so it may be anything but for the totals' gradients, which are 0 there.
"""

from __future__ import annotations

import math

from nntui.models.compiled import COPIED_IN, UNCOUNTED, jitable
from nntui.models.curves import exp, tanh
from nntui.models.lanes import fma, load, ones, store, total, where_above, zeros
from nntui.models.mlp import loops, unrolled
from nntui.models.mlp.loops import RELU, SIGMOID, TANH
from nntui.models.mlp.tiles import lanes_of
from nntui.models.mlp.unrolled import rule_of


def copy(table, place, row, at, count):
    """Copy so many numbers from some place of a contiguous array into a row."""
    lanes = lanes_of(row)
    whole = count // lanes * lanes
    for index in range(0, whole, lanes):
        store(row, at + index, load(table, place + index, lanes))
    for index in range(whole, count):
        store(row, at + index, load(table, place + index, 1))


def bend(row, at, vectors, activation):
    """Bend one or two vectors of totals into outputs, in place."""
    lanes = lanes_of(row)
    for place in range(at, at + vectors * lanes, lanes):
        x = load(row, place, lanes)
        if activation == TANH:
            store(row, place, tanh(x))
        elif activation == RELU:
            store(row, place, where_above(x, 0.0, x, 0.0))
        elif activation == SIGMOID:
            small = exp(where_above(x, 0.0, 0.0 - x, x))
            share = small / (small + 1.0)
            store(row, place, where_above(0.0, x, share, 1.0 - share))


def multiply_by_slope(row, at, outputs, vectors, activation, copied, place):
    """Multiply by how fast the outputs in the same places change with their totals, and copy what comes out."""
    lanes = lanes_of(row)
    for index in range(0, vectors * lanes, lanes):
        product = load(row, at + index, lanes) * slope(outputs, at + index, activation)
        store(row, at + index, product)
        store(copied, place + index, product)


def slope(outputs, place, activation):
    """How fast a vector of outputs changes with their totals; the outputs are enough to tell."""
    lanes = lanes_of(outputs)
    output, result = load(outputs, place, lanes), ones(outputs, lanes, lanes)
    if activation == TANH:
        result = fma(0.0 - output, output, result)
    elif activation == RELU:
        result = where_above(output, 0.0, result, 0.0)
    elif activation == SIGMOID:
        result = output * (1.0 - output)
    return result


def softmax(row, at, neurons):
    """Turn one sample's totals into probabilities that add up to 1, in place."""
    lanes = lanes_of(row)
    largest = row[at]
    for neuron in range(1, neurons):
        largest = max(row[at + neuron], largest)
    whole = zeros(row, lanes)
    for neuron in range(0, neurons, lanes):
        share = exp(load(row, at + neuron, lanes) - largest) * ones(row, neurons - neuron, lanes)
        store(row, at + neuron, share)
        whole = whole + share
    added_up = total(whole)
    for neuron in range(0, neurons, lanes):
        store(row, at + neuron, load(row, at + neuron, lanes) / added_up)


def squared_error(answers, at, targets, wanted, totals, neurons, activation):
    """The mean squared error of one sample; its totals get how it changes with each of them."""
    lanes = lanes_of(answers)
    loss = zeros(answers, lanes)
    for neuron in range(0, neurons, lanes):
        error = load(answers, at + neuron, lanes) - load(targets, wanted + neuron, lanes)
        error = error * ones(answers, neurons - neuron, lanes)
        loss = fma(error, error, loss)
        store(totals, at + neuron, error * (2.0 / neurons) * slope(answers, at + neuron, activation))
    return total(loss) / float(neurons)


def cross_entropy(answers, at, targets, wanted, totals, neurons):
    """The same for this loss: softmax bends, the logarithm bends back, what is left is output minus target."""
    loss, whole = 0.0, 0.0
    for neuron in range(neurons):
        target = targets[wanted + neuron]
        whole += target
        if target != 0.0:  # most are: a class is one of many
            loss -= target * math.log(max(answers[at + neuron], loops.SMALLEST_PROBABILITY))
    for neuron in range(neurons):
        totals[at + neuron] = answers[at + neuron] * whole - targets[wanted + neuron]
    return loss


def descend(room, task, at, count, decay, mean, step):
    """Move a row of weights downhill: `decay` is the share of them that goes, `mean` makes an average of a gradient."""
    lanes = lanes_of(room.weights)
    rule = rule_of(task.optimizer, task.momentum, task.taken + step + 1, room.velocities, room.squares)
    for place in range(at, at + count, lanes):
        gradients = load(room.gradients, place, lanes) * mean
        unrolled.descend(room.weights, place, gradients, rule, task.learning_rate, decay)


for _small in (bend, copy, multiply_by_slope, slope):
    jitable(_small, **UNCOUNTED, **COPIED_IN)
for _function in (softmax, squared_error, cross_entropy, descend):
    jitable(_function, **UNCOUNTED)
