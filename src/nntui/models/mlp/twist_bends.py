"""What bends a block of totals, a vector at a time, and how much an answer changes where its total changes a little.

A twist changes most totals by very little. So tanh of a changed total is not computed anew: by tanh's addition theorem
it comes from what it was and from tanh of the change, which is small, so that a few terms of its series will do.
"""

from __future__ import annotations

from nntui.models import curves
from nntui.models.compiled import COPIED_IN, UNCOUNTED, jitable
from nntui.models.lanes import fma, load, where_above, width
from nntui.models.mlp.loops import LINEAR, RELU, SIGMOID, TANH

LANES = width(64)
NARROW, WIDE = 1 / 32, 1 / 8  # up to here the short and the long series of tanh are right to the last bits


def tanh_change(answer, own):
    """tanh(total + difference) - tanh(total), from tanh(total) and tanh(difference): (a + b) / (1 + a b) - a."""
    product = answer * own
    squared = product * product
    fourth = squared * squared
    inverse = 1.0 - product  # of 1 + a b, to the 16th power of a b: (1 - x)(1 + x^2)(1 + x^4)(1 + x^8)
    inverse = fma(inverse, squared, inverse)
    inverse = fma(inverse, fourth, inverse)
    inverse = fma(inverse, fourth * fourth, inverse)
    return own * fma(0.0 - answer, answer, 1.0) * inverse


def tanh_narrow(x):
    """tanh by the first terms of its series, for up to 1/32."""
    squared = x * x
    p = fma(squared, -17.0 / 315.0, 2.0 / 15.0)
    p = fma(p, squared, -1.0 / 3.0)
    return fma(p * squared, x, x)


def tanh_wide(x):
    """tanh by more terms, for up to 1/8."""
    squared = x * x
    p = fma(squared, 21844.0 / 6081075.0, -1382.0 / 155925.0)
    p = fma(p, squared, 62.0 / 2835.0)
    p = fma(p, squared, -17.0 / 315.0)
    p = fma(p, squared, 2.0 / 15.0)
    p = fma(p, squared, -1.0 / 3.0)
    return fma(p * squared, x, x)


def sigmoid(total):
    """As in the loops, never the exponential of a large number."""
    small = curves.exp(where_above(total, 0.0, 0.0 - total, total))
    share = 1.0 / (1.0 + small)
    return where_above(0.0, total, small * share, share)


def bend(total, activation):
    """Bend a block of totals into outputs."""
    if activation == TANH:
        return curves.tanh(total)
    if activation == RELU:
        return where_above(total, 0.0, total, 0.0)
    if activation == SIGMOID:
        return sigmoid(total)
    return total


def change(totals, answers, at, difference, activation, far):
    """How a block of outputs changes where their totals change by a difference, which is nowhere larger than `far`."""
    if activation == TANH:
        if far <= NARROW:
            return tanh_change(load(answers, at, LANES), tanh_narrow(difference))
        if far <= WIDE:
            return tanh_change(load(answers, at, LANES), tanh_wide(difference))
    if activation == LINEAR:
        return difference
    return bend(load(totals, at, LANES) + difference, activation) - load(answers, at, LANES)


def share() -> None:
    """Let compiled functions call what is here."""
    for function in (tanh_change, tanh_narrow, tanh_wide, sigmoid, bend, change):
        jitable(function, **UNCOUNTED, **COPIED_IN)
