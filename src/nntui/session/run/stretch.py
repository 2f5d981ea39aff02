"""Which stretch of values the curve of the loss along one parameter shows."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from nntui.models.model import FloatArray

REACH = 1.0  # on each side of the middle
SNAP = 0.5  # the middle is a multiple of this
STEADY = 1e15  # from here on a half is no part of a number any more
ROUNDING = 1e-9  # of the largest loss: a third difference below it is none
REACHES = (1.0, 2.5, 5.0)  # around the bottom of a bowl, and ten times, a hundred times as much
FAR = 1e6  # a bowl whose bottom is farther away than this is no bowl any more
MARGIN = 1.2


def snapped(value: float) -> float:
    """The middle of a curve: it stays where it is while the value moves, so that one sees the value move."""
    return round(value / SNAP) * SNAP if abs(value) < STEADY else value


def curve(
    value: float, points: int, allowed: Callable[[float], bool], losses: Callable[[FloatArray], FloatArray]
) -> tuple[list[float], list[float]]:
    """Values around a parameter's own, and their losses: where they lie on a bowl, so much that its bottom is seen.

    The squared error of a linear output is such a bowl: a parabola along every one of its weights.
    """

    def along(middle: float, reach: float) -> tuple[list[float], list[float]]:
        found = np.linspace(middle - reach, middle + reach, points) if math.isfinite(middle) else np.zeros(0)
        xs = [x for x in found.tolist() if allowed(x)]
        return xs, losses(np.array(xs)).tolist()

    xs, ys = along(snapped(value), REACH)
    bottom = bottom_of(xs, ys)
    if bottom is None or abs(bottom - value) > FAR:
        return xs, ys
    reach = _round_reach(MARGIN * abs(bottom - value))
    return along(snapped(bottom), reach)


def bottom_of(xs: list[float], ys: list[float]) -> float | None:
    """Where a parabola through points at equal distances is lowest; None where they lie on none that is open above."""
    if len(xs) < 4 or not np.isfinite(ys).all():
        return None
    size = ROUNDING * max(abs(y) for y in ys)
    second = np.diff(ys, 2)
    if np.abs(np.diff(second)).max() > size or second.min() <= size:
        return None
    step, bend = xs[1] - xs[0], float(second.mean())
    return xs[1] - step * (ys[2] - ys[0]) / (2 * bend)


def _round_reach(least: float) -> float:
    """The next round reach: it stays the same while the value moves within it."""
    tens = 1.0
    while REACHES[-1] * tens < least:
        tens *= 10.0
    return next(reach * tens for reach in REACHES if reach * tens >= least)
