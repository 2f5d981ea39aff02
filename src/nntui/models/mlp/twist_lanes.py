"""The losses after many twists, each by itself, in machine code: reach.py with samples across the vector lanes.

What a twist reaches is followed as differences. The twisted neuron's total changes by twist * heard, so its output
changes; each listener's total changes by that times its weight; and so on to the answers, whose errors are squared.
Nothing else is computed again. A block is as many samples as a vector register has lanes. The same number of all
samples lies side by side, in a row:

heard[row]    the inputs, and the outputs of each layer; the last row, all 1, is what a bias is multiplied by
totals[row]   each neuron's totals, where its outputs lie
errors[row]   answers less targets, or with softmax the targets themselves

Two things make it quick. tanh of a total that has changed a little comes from what it was, in a third of the time
(twist_bends.py). And a block in which every sample gives 0 to the twisted weight is left out:
there the twist reaches nothing (`active` lists the blocks of a row that are not so, `rest` is the loss of the others).

A twist is followed from its start to its end by one thread, so the bits do not depend on how many there are. One
compiled signature serves all networks: depth and sizes are numbers here.
"""

from __future__ import annotations

import math
from typing import Any

from nntui.models import curves
from nntui.models.compiled import COPIED_IN, UNCOUNTED, jit, jitable
from nntui.models.lanes import fma, load, splat, spread, store, total, where_above, zeros
from nntui.models.mlp import twist_bends
from nntui.models.mlp.loops import BIAS, SMALLEST_PROBABILITY, SOFTMAX
from nntui.models.mlp.twist_bends import LANES, bend, change

CHUNK = 16  # blocks that are followed together
SPAN = CHUNK * LANES
# Places in the room of a thread: the twisted neuron's change, a chunk's losses, factors; then rows for the neurons.
OWN, WRONG, FACTORS, ROWS = 0, SPAN, 2 * SPAN, 3 * SPAN
UNLIKELY = -math.log(SMALLEST_PROBABILITY)  # no sample's cross-entropy is counted as more


# ---------------------------------------------------------------- before any twist


def dot(weights, first, count, rows, place, stride):
    """The sum over some rows of a block of each, times its weight."""
    a, b, c, d = zeros(rows, LANES), zeros(rows, LANES), zeros(rows, LANES), zeros(rows, LANES)
    fours = count // 4 * 4
    for source in range(0, fours, 4):  # one sum would have to wait for each multiply-add before the next
        at = place + source * stride
        a = fma(spread(weights, first + source, LANES), load(rows, at, LANES), a)
        b = fma(spread(weights, first + source + 1, LANES), load(rows, at + stride, LANES), b)
        c = fma(spread(weights, first + source + 2, LANES), load(rows, at + 2 * stride, LANES), c)
        d = fma(spread(weights, first + source + 3, LANES), load(rows, at + 3 * stride, LANES), d)
    for source in range(fours, count):
        a = fma(spread(weights, first + source, LANES), load(rows, place + source * stride, LANES), a)
    return (a + b) + (c + d)


def remember(
    parameters, sizes, rows, weights, samples, activation, output_activation, targets, real,
    heard, totals, errors, peaks, active, counts, usual, rest, factors, bounds, room,
):  # fmt: skip
    """Carry all samples through the network once; return the sum of their losses."""
    last, blocks = len(sizes) - 2, samples // LANES
    chunks = (blocks + CHUNK - 1) // CHUNK
    for layer in range(last + 1):
        curve = output_activation if layer == last else activation
        for place in range(0, samples, LANES):  # what all neurons read of a block stays in fast memory
            for neuron in range(sizes[layer + 1]):
                bias = weights[layer] + sizes[layer + 1] * sizes[layer] + neuron
                first, row = weights[layer] + neuron * sizes[layer], (rows[layer + 1] + neuron) * samples
                sums = dot(parameters, first, sizes[layer], heard, rows[layer] * samples + place, samples)
                sums = sums + spread(parameters, bias, LANES)
                store(totals, row + place, sums)
                store(heard, row + place, bend(sums, curve))
    factors[:] = bounds[:] = 0.0  # nothing is twisted yet
    answers = rows[last + 1] * samples
    for place in range(sizes[last + 1] * samples):
        errors[place] = targets[place]
        if output_activation != SOFTMAX:
            errors[place] = heard[answers + place] - targets[place]
    for place in range(len(room)):
        room[place] = 0.0
    whole = 0.0
    for block in range(blocks):
        place = block * LANES
        active[0] = block
        if output_activation == SOFTMAX:
            store(room, WRONG, entropies(sizes, rows, samples, place, totals, errors, factors, room, OWN, 0))
            for lane in range(LANES):
                room[WRONG + lane] += math.log(room[FACTORS + lane])
        else:
            squares(
                sizes, rows, samples, output_activation, heard, totals, errors, active, 0, 1, factors, bounds, room,
                OWN, 0,
            )  # fmt: skip
        for lane in range(LANES):
            usual[place + lane] = real[place + lane] * room[WRONG + lane]
            whole += usual[place + lane]
    for row in range(rows[-1] + 1):
        peaks[row], rest[row] = 0.0, 0.0
        for block in range(blocks):
            chunk = row * chunks + block // CHUNK
            if block % CHUNK == 0:
                counts[chunk] = 0
            most, loss = 0.0, 0.0
            for lane in range(LANES):
                most = max(most, abs(heard[row * samples + block * LANES + lane]))
                loss += usual[block * LANES + lane]
            peaks[row] = max(peaks[row], most)
            if most == 0.0:
                rest[row] += loss
            else:
                active[chunk * CHUNK + counts[chunk]] = block
                counts[chunk] += 1
    return whole


# ---------------------------------------------------------------- how wrong some blocks are


def squares(
    sizes, rows, samples, curve, heard, totals, errors, active, first, count, factors, bounds, room, at, step
):  # fmt: skip
    """The squared errors of a chunk, where the totals of the answers change by what stands in the room."""
    answers, neurons = rows[len(sizes) - 1], sizes[len(sizes) - 1]
    for block in range(count):
        store(room, WRONG + block * LANES, zeros(room, LANES))
    for neuron in range(neurons):
        far = bounds[answers + neuron]
        factor = splat(factors[neuron] if step == 0 else 1.0, LANES)
        for block in range(count):
            place = active[first + block] * LANES
            error = load(errors, neuron * samples + place, LANES)
            if far != 0.0:  # elsewhere nothing has changed
                row = (answers + neuron) * samples + place
                difference = factor * load(room, at + neuron * step + block * LANES, LANES)
                error = error + change(totals, heard, row, difference, curve, far)
            store(room, WRONG + block * LANES, fma(error, error, load(room, WRONG + block * LANES, LANES)))


def entropies(sizes, rows, samples, place, totals, targets, factors, room, at, step):
    """The cross-entropies of a block, less the logarithms of the factors that are left in the room.

    The logarithms of many samples are that of their factors' product. Each target is one class.
    """
    answers, neurons = rows[len(sizes) - 1] * samples + place, sizes[len(sizes) - 1]
    largest = changed_total(totals, answers, factors, room, at, step, 0)
    for neuron in range(1, neurons):
        total = changed_total(totals, answers + neuron * samples, factors, room, at, step, neuron)
        largest = where_above(total, largest, total, largest)
    whole, likely, cost = zeros(room, LANES), zeros(room, LANES), zeros(room, LANES)
    for neuron in range(neurons):
        total = changed_total(totals, answers + neuron * samples, factors, room, at, step, neuron)
        target = load(targets, neuron * samples + place, LANES)
        power = curves.exp(total - largest)
        whole = whole + power
        likely = fma(target, power, likely)
        cost = fma(target, largest - total, cost)
    limit = whole * SMALLEST_PROBABILITY
    store(room, FACTORS, where_above(limit, likely, 1.0, whole))
    return where_above(limit, likely, UNLIKELY, cost)


def changed_total(totals, place, factors, room, at, step, neuron):
    """The total of an answer, with what a twist changes."""
    factor = splat(factors[neuron] if step == 0 else 1.0, LANES)
    return fma(factor, load(room, at + neuron * step, LANES), load(totals, place, LANES))


# ---------------------------------------------------------------- after a twist


def follow(
    parameters, sizes, rows, weights, samples, layer, activation, heard, totals, active, first, count, factors, bounds,
    room,
):  # fmt: skip
    """From how a neuron's output changes in a chunk to how the totals of the answers change.

    They stand in the room from the place that is returned on, so far apart; 0 apart says: the neuron's change, times
    each answer's factor.
    """
    at, step, there = OWN, 0, ROWS + (len(room) - ROWS) // 2
    for after in range(layer + 2, len(sizes) - 1):
        for source in range(sizes[after]):
            row = rows[after] + source
            factor = splat(factors[source] if step == 0 else 1.0, LANES)
            for block in range(count):
                place = row * samples + active[first + block] * LANES
                difference = factor * load(room, at + source * step + block * LANES, LANES)
                changed = change(totals, heard, place, difference, activation, bounds[row])
                store(room, ROWS + source * SPAN + block * LANES, changed)
        for listener in range(sizes[after + 1]):
            weight = weights[after] + listener * sizes[after]
            for block in range(count):
                total = dot(parameters, weight, sizes[after], room, ROWS + block * LANES, SPAN)
                store(room, there + listener * SPAN + block * LANES, total)
        at, step = there, SPAN
    return at, step


def bound(parameters, sizes, rows, weights, layer, neuron, far, factors, bounds):
    """How much of the neuron's change each total hears, and how far it can go at most: no curve is steeper than 1."""
    last = len(sizes) - 2
    level = min(layer + 2, last + 1)
    for listener in range(sizes[level]):
        if layer == last:
            factors[listener] = 1.0 if listener == neuron else 0.0
        else:
            factors[listener] = parameters[weights[layer + 1] + listener * sizes[layer + 1] + neuron]
        bounds[rows[level] + listener] = abs(factors[listener]) * far
    for after in range(layer + 2, last + 1):
        for listener in range(sizes[after + 1]):
            most = 0.0
            for source in range(sizes[after]):
                weight = parameters[weights[after] + listener * sizes[after] + source]
                most += abs(weight) * bounds[rows[after] + source]
            bounds[rows[after + 1] + listener] = most


def reach(
    parameters, sizes, rows, weights, samples, layer, neuron, origin, twist, far, activation, heard, totals, active,
    first, count, factors, bounds, room,
):  # fmt: skip
    """How the totals of the answers change in a chunk's active blocks, were one weight (or bias) twisted: as `follow`.

    `far` is how far the twist moves the neuron's total at most.
    """
    row = rows[layer + 1] + neuron
    bound(parameters, sizes, rows, weights, layer, neuron, far, factors, bounds)
    for block in range(count):
        place = active[first + block] * LANES
        own = load(heard, origin * samples + place, LANES) * splat(twist, LANES)
        if layer != len(sizes) - 2:
            own = change(totals, heard, row * samples + place, own, activation, far)
        store(room, OWN + block * LANES, own)
    return follow(
        parameters, sizes, rows, weights, samples, layer, activation, heard, totals, active, first, count, factors,
        bounds, room,
    )  # fmt: skip


def chunk_loss(
    parameters, sizes, rows, weights, samples, layer, neuron, origin, twist, far, activation, output_activation, often,
    real, heard, totals, errors, active, first, count, factors, bounds, room,
):  # fmt: skip
    """The sum of the losses of a chunk's active blocks, were one weight (or bias) twisted."""
    at, step = reach(
        parameters, sizes, rows, weights, samples, layer, neuron, origin, twist, far, activation, heard, totals, active,
        first, count, factors, bounds, room,
    )  # fmt: skip
    found = zeros(room, LANES)
    if output_activation != SOFTMAX:
        squares(
            sizes, rows, samples, output_activation, heard, totals, errors, active, first, count, factors, bounds, room,
            at, step,
        )  # fmt: skip
        for block in range(count):
            mask = load(real, active[first + block] * LANES, LANES)
            found = fma(load(room, WRONG + block * LANES, LANES), mask, found)
        return total(found)
    product, logarithms = zeros(room, LANES) + 1.0, 0.0
    for block in range(count):
        place = active[first + block] * LANES
        mask = load(real, place, LANES)
        cost = entropies(sizes, rows, samples, place, totals, errors, factors, room, at + block * LANES, step)
        found = fma(cost, mask, found)
        product = product * where_above(mask, 0.5, load(room, FACTORS, LANES), 1.0)
        if block % often == often - 1:
            logarithms += logarithm(product, room)
            product = zeros(room, LANES) + 1.0
    return total(found) + logarithms + logarithm(product, room)


def logarithm(factors, room):
    """The sum of the logarithms of all lanes, each at most 2^500: that of their product, as far as it can be held."""
    store(room, FACTORS, factors)
    product, found = 1.0, 0.0
    for lane in range(LANES):
        product *= room[FACTORS + lane]
        if product > 1e150:
            found += math.log(product)
            product = 1.0
    return found + math.log(product)


def sweep(
    parameters, sizes, rows, weights, samples, layers, neurons, sources, twists, begin, end,
    activation, output_activation, often, real, heard, totals, errors, peaks, active, counts, rest, loss,
    factors, bounds, room, losses,
):  # fmt: skip
    """The sums of the losses after some of the twists: a chunk of samples for all of them, then the next.

    So what they all read of a chunk stays in fast memory.
    """
    chunks = (samples // LANES + CHUNK - 1) // CHUNK
    for chunk in range(chunks):
        for place in range(begin, end):
            layer, source, twist = layers[place], sources[place], twists[place]
            origin = rows[-1] if source == BIAS else rows[layer] + source
            far = abs(twist) * peaks[origin]
            if chunk == 0:
                losses[place] = loss if far == 0.0 else rest[origin]
            at = origin * chunks + chunk
            if far != 0.0 and counts[at] > 0:
                losses[place] += chunk_loss(
                    parameters, sizes, rows, weights, samples, layer, neurons[place], origin, twist, far,
                    activation, output_activation, often, real, heard, totals, errors, active, at * CHUNK, counts[at],
                    factors, bounds, room,
                )  # fmt: skip


def share() -> None:
    """Let compiled functions call what is here."""
    twist_bends.share()
    copied: tuple[Any, ...] = (dot, changed_total, squares, entropies, follow, logarithm, reach)
    called: tuple[Any, ...] = (bound, chunk_loss)
    for function in copied:
        jitable(function, **UNCOUNTED, **COPIED_IN)
    for function in called:
        jitable(function, **UNCOUNTED)


def make() -> dict[str, Any]:
    """Compile, or fetch from the cache, when they are first called."""
    share()
    return {function.__name__: jit(function, **UNCOUNTED) for function in (remember, sweep)}
