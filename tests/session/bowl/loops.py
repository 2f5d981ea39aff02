"""A bowl with its lowest point at mean 3 and the logarithm of spread 1, and how twists find it."""

import math

SPREAD = 1  # the second value; the first is the mean


def height(values):
    """Say how high the bowl is here."""
    aside = values[0] - 3.0
    width = math.log(values[SPREAD]) - 1.0
    return aside * aside + width * width


def try_a_twist(values, index, twist):
    """Twist one value; keep it if that leads down. A spread is above zero: beyond is no bowl."""
    before = height(values)
    saved = values[index]
    values[index] = saved + twist
    after = math.inf
    if values[SPREAD] > 0.0:
        after = height(values)
    if not after < before:
        values[index] = saved
    return before, after


def train_by_twists(values, indices, twists, saved, befores, afters):
    """Try one twist after another."""
    for step in range(len(twists)):
        saved[step] = values[indices[step]]
        before, after = try_a_twist(values, indices[step], twists[step])
        befores[step] = before
        afters[step] = after
