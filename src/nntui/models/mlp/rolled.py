"""What generated modules of larger networks share: samples are put into panels, and tiles of gradients move parameters.

A panel is a few samples on their side: numbers[source][sample], as many samples as two vectors have lanes. In `rows`
the same numbers stand sample by sample: numbers[sample][source]. A prediction adds up over sources and reads panels; a
gradient adds up over samples and reads rows.
"""

from __future__ import annotations

from nntui.models.compiled import COPIED_IN, UNCOUNTED, jitable
from nntui.models.curves import exp
from nntui.models.lanes import load, store, total, where_above
from nntui.models.mlp.unrolled import descend


def take(inputs, order, first, count, size, length, room, rows, lanes, zero):
    """Copy samples into rows; the first one stands also where no sample is left, and its errors there are set to 0."""
    for sample in range(size):
        place = order[first + sample if sample < count else first] * length
        for source in range(0, length, lanes):
            store(room, rows + sample * length + source, load(inputs, place + source, zero))


def softmax(room, place, neurons, panel, zero):
    """Turn the totals of the last layer into probabilities that add up to 1 in each lane."""
    largest = load(room, place, zero)
    for neuron in range(1, neurons):
        answer = load(room, place + neuron * panel, zero)
        largest = where_above(answer, largest, answer, largest)
    whole = zero
    for neuron in range(neurons):
        answer = exp(load(room, place + neuron * panel, zero) - largest)
        store(room, place + neuron * panel, answer)
        whole = whole + answer
    for neuron in range(neurons):
        store(room, place + neuron * panel, load(room, place + neuron * panel, zero) / whole)


def change_biases(
    parameters, place, neurons, length, room, gradients, size, panel, sums, fresh, last, rule, rates, zero
):  # fmt: skip
    """Add up the gradients of a layer's totals over the samples, and move its biases if these are the last of them."""
    half = panel // 2
    for neuron in range(neurons):
        added = zero
        for sample in range(0, size, panel):
            row = gradients + sample * length + neuron * panel
            added = added + (load(room, row, zero) + load(room, row + half, zero))
        before = 0.0 if fresh else room[sums + place + neuron]
        room[sums + place + neuron] = before + total(added)
    if last:
        for neuron in range(0, length, half):
            descend(parameters, place + neuron, load(room, sums + place + neuron, zero), rule, rates[1], 0.0)


def change_tile(
    parameters, place, length, room, tile, rows, columns, lanes, panel, sums, fresh, last, rule, rates, zero
):  # fmt: skip
    """Move the weights of a tile by its gradients; where more samples of the batch follow, only keep these."""
    for row in range(rows):
        for column in range(0, columns, lanes):
            at = place + row * length + column
            gradients = load(room, tile + row * panel + column, zero)
            if not fresh:
                gradients = gradients + load(room, sums + at, zero)
            if last:
                descend(parameters, at, gradients, rule, rates[0], rates[2])
            else:
                store(room, sums + at, gradients)


for _function in (take, softmax, change_biases):
    jitable(_function, **UNCOUNTED)
jitable(change_tile, **UNCOUNTED, **COPIED_IN)
