"""The losses after many twists into the same neurons: one curve for each neuron and sample serves them all.

Whatever weight of a neuron is twisted, and how far, all that the rest of the network hears of it is how much the
neuron's total changes: by twist * heard. So a sample's loss is a function of this one number. It is computed at a few
places by following the change through the network (twist_lanes.py), and in between it is the polynomial through them:
for smooth curves (tanh, sigmoid, softmax) and places that lie as Chebyshev chose them, each further place adds more
than a digit. For a network with 784 inputs that is twelve changes followed instead of 1,570, and a dozen
multiply-adds for each of the twists and samples.

What is even and what is odd in the change is summed apart: the same weight twisted up and down is had at once.

How good it is is seen from the polynomial itself, whose terms become smaller and smaller: `tails` adds up the last two
of them, and twist_sweep.py follows those twists one by one for whose neuron that is not next to nothing.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np

from nntui.models.compiled import UNCOUNTED, jit, jitable
from nntui.models.lanes import fma, load, splat, spread, store, total, where_above, zeros
from nntui.models.mlp import twist_lanes
from nntui.models.mlp.loops import BIAS, SOFTMAX
from nntui.models.mlp.twist_bends import LANES
from nntui.models.mlp.twist_lanes import CHUNK, FACTORS, SPAN, WRONG, entropies, reach, squares
from nntui.models.model import FloatArray

DIGITS = 17  # to which the terms that are left out are next to nothing
LEAST, MOST = 4, 20  # degrees


# ---------------------------------------------------------------- the polynomial


def degree(far: float) -> int:
    """How many terms are needed where totals change by up to `far`; 0 where there would be too many.

    tanh has its poles at a distance of at least pi / 2. So each term is less than the one before, by far / pi.
    """
    if not 0.0 < far < math.pi / 2:
        return 0
    terms = max(LEAST, 2 * math.ceil(DIGITS / math.log10(math.pi / far) / 2))
    return terms if terms <= MOST else 0


@cache
def tables(terms: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """For an even degree: Chebyshev's places, from 1 down to -1; from values to his terms; from these to powers.

    places[q] is cos(pi q / n). A term k is the sum over the first n / 2 places of cosines[k, q] times what the function
    gives there and at the opposite place, added where k is even and subtracted where it is odd; at 0 it gives 0.
    powers[k, m] is how often v**m is in the polynomial T_k(v).
    """
    half = terms // 2
    places = np.cos(np.pi * np.arange(terms + 1) / terms)
    cosines = np.cos(np.pi * np.outer(np.arange(terms + 1), np.arange(half)) / terms) * (2.0 / terms)
    cosines[:, 0] /= 2.0
    cosines[[0, -1]] /= 2.0
    powers = np.zeros((terms + 1, terms + 1))
    powers[0, 0] = powers[1, 1] = 1.0
    for k in range(2, terms + 1):
        powers[k, 1:] = 2.0 * powers[k - 1, :-1]
        powers[k] -= powers[k - 2]
    return places, cosines.ravel(), powers.ravel()


# ---------------------------------------------------------------- compiled


def measure(
    parameters, sizes, rows, weights, samples, layer, neuron, change, activation, output_activation, real, usual,
    heard, totals, errors, active, first, count, factors, bounds, room, values, at,
):  # fmt: skip
    """By how much each sample's loss in a chunk changes where the neuron's total changes, the same for all samples."""
    where, step = reach(
        parameters, sizes, rows, weights, samples, layer, neuron, rows[-1], change, abs(change), activation, heard,
        totals, active, first, count, factors, bounds, room,
    )  # fmt: skip
    if output_activation != SOFTMAX:
        squares(
            sizes, rows, samples, output_activation, heard, totals, errors, active, first, count, factors, bounds, room,
            where, step,
        )  # fmt: skip
    for block in range(count):
        place = active[first + block] * LANES
        wrong = load(room, WRONG + block * LANES, LANES)
        if output_activation == SOFTMAX:
            wrong = entropies(sizes, rows, samples, place, totals, errors, factors, room, where + block * LANES, step)
            for lane in range(LANES):
                room[FACTORS + lane] = math.log(room[FACTORS + lane])
            wrong = wrong + load(room, FACTORS, LANES)
        difference = fma(load(real, place, LANES), wrong, 0.0 - load(usual, place, LANES))
        store(values, at + block * LANES, difference)


def fit(values, count, terms, cosines, powers, chebyshev, curve):
    """The powers of the curves of a chunk from their values; how large the terms are, and how large the last two.

    The powers of a block stand in the order in which `along` needs them: the highest even, the highest odd, and so on.
    """
    half, all_of_it, tail = terms // 2, zeros(values, LANES), zeros(values, LANES)
    for block in range(count):
        for k in range(1, terms + 1):
            sign = splat(1.0 if k % 2 == 0 else -1.0, LANES)
            term = zeros(values, LANES)
            for q in range(half):
                here = load(values, q * SPAN + block * LANES, LANES)
                opposite = load(values, (terms - q) * SPAN + block * LANES, LANES)
                term = fma(spread(cosines, k * half + q, LANES), fma(sign, opposite, here), term)
            store(chebyshev, k * LANES, term)
            size = where_above(term, 0.0, term, 0.0 - term)
            all_of_it = all_of_it + size
            if k >= terms - 1:
                tail = tail + size
        for power in range(1, terms + 1):
            factor = zeros(values, LANES)
            for k in range(power, terms + 1, 2):
                factor = fma(spread(powers, k * (terms + 1) + power, LANES), load(chebyshev, k * LANES, LANES), factor)
            store(curve, (block * terms + terms - power) * LANES, factor)
    return total(all_of_it), total(tail)


def along(curve, terms, heard, row, scale, active, first, count, start):
    """The sums over a chunk's active blocks of what is even and what is odd in the change of the losses.

    A neuron's total changes by what its source says, heard[row...], times a twist; `scale` is the twist as a share of
    the largest change, `start` the chunk's first block.
    """
    evens, odds, factor = zeros(heard, LANES), zeros(heard, LANES), splat(scale, LANES)
    for index in range(first, first + count):
        block = active[index]
        change = load(heard, row + block * LANES, LANES) * factor
        squared = change * change
        at = (block - start) * terms * LANES
        even, odd = load(curve, at, LANES), load(curve, at + LANES, LANES)
        for _ in range(terms // 2 - 1):
            at += 2 * LANES
            even = fma(even, squared, load(curve, at, LANES))
            odd = fma(odd, squared, load(curve, at + LANES, LANES))
        evens = fma(even, squared, evens)
        odds = fma(odd, change, odds)
    return total(evens), total(odds)


def sweep(
    parameters, sizes, rows, weights, samples, layers, neurons, sources, twists, firsts, ends, begin, end, fars,
    terms, places, cosines, powers, activation, output_activation, real, usual, heard, totals, errors, active,
    counts, loss, factors, bounds, room, values, chebyshev, curve, losses, reached, tails,
):  # fmt: skip
    """The sums of the losses after the twists of some neurons; those of one stand in a row."""
    blocks = samples // LANES
    chunks = (blocks + CHUNK - 1) // CHUNK
    for chunk in range(chunks):
        start = chunk * CHUNK
        every = (rows[-1] * chunks + chunk) * CHUNK
        for run in range(begin, end):
            first, far = firsts[run], fars[run]
            layer, neuron = layers[first], neurons[first]
            if chunk == 0:
                reached[run] = tails[run] = 0.0
                losses[first : ends[run]] = loss
            for node in range(terms + 1):
                if 2 * node != terms:  # in the middle nothing changes
                    measure(
                        parameters, sizes, rows, weights, samples, layer, neuron, far * places[node], activation,
                        output_activation, real, usual, heard, totals, errors, active, every,
                        min(CHUNK, blocks - start), factors, bounds, room, values, node * SPAN,
                    )  # fmt: skip
            whole, tail = fit(values, min(CHUNK, blocks - start), terms, cosines, powers, chebyshev, curve)
            reached[run] += whole
            tails[run] += tail
            even, odd, known, scale = 0.0, 0.0, -2, 0.0
            for place in range(first, ends[run]):
                source = sources[place]
                if source != known or abs(twists[place]) != scale * far:
                    known, scale = source, abs(twists[place]) / far
                    origin = rows[-1] if source == BIAS else rows[layer] + source
                    at = origin * chunks + chunk
                    even, odd = along(
                        curve, terms, heard, origin * samples, scale, active, at * CHUNK, counts[at], start
                    )
                losses[place] += even + (odd if twists[place] > 0.0 else 0.0 - odd)


def make() -> Any:
    """Compile, or fetch from the cache, when it is first called."""
    twist_lanes.share()
    for function in (measure, along, fit):
        jitable(function, **UNCOUNTED)
    return jit(sweep, **UNCOUNTED)
