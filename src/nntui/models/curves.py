"""Curves of our own, which bend many numbers at once: exp and tanh for lanes and for plain numbers.

`math.tanh` inside a compiled loop is a call of some 16 ns, one number at a time. These are a dozen multiply-adds and,
for tanh, one division, without a branch and without a call, so they work on all lanes of a vector at once. They differ
from `math`'s by at most a few units in the last place.

exp(x) is 2**k * exp(r), where k is the whole number nearest to x / ln 2 and r what is left, at most half of ln 2: there
the first terms of its series are enough (Cody and Waite 1980, "Software manual for the elementary functions").
"""

from __future__ import annotations

from typing import Any

from numba.core import types
from numba.extending import overload, register_jitable

from nntui.models.lanes import Lanes, fma, power_of_two, where_above

# Added to a number, it pushes all digits after the point out of its mantissa: what is left is rounded to a whole one.
WHOLE_64, WHOLE_32 = 6755399441055744.0, 12582912.0
TO_POWERS_OF_TWO = 1.4426950408889634  # 1 / ln 2
# ln 2 in two parts, the first with so few digits that its product with k is exact.
LN2_64, LN2_REST_64 = 0.6931471803691238, 1.9082149292705877e-10
LN2_32, LN2_REST_32 = 0.693359375, -2.12194440e-4
OPTIONS: dict[str, Any] = {"error_model": "numpy", "_nrt": False, "forceinline": True}


def exp(number):
    """The exponential: of lanes, or of one number."""
    raise NotImplementedError


def tanh(number):
    """The hyperbolic tangent: of lanes, or of one number."""
    raise NotImplementedError


@register_jitable(**OPTIONS)
def _series_64(r):
    """exp(r) - 1 for |r| <= ln 2 / 2, by its Taylor series up to r**13 (what follows is below 1e-17 of it)."""
    p = fma(r, 1.0 / 6227020800.0, 1.0 / 479001600.0)
    p = fma(p, r, 1.0 / 39916800.0)
    p = fma(p, r, 1.0 / 3628800.0)
    p = fma(p, r, 1.0 / 362880.0)
    p = fma(p, r, 1.0 / 40320.0)
    p = fma(p, r, 1.0 / 5040.0)
    p = fma(p, r, 1.0 / 720.0)
    p = fma(p, r, 1.0 / 120.0)
    p = fma(p, r, 1.0 / 24.0)
    p = fma(p, r, 1.0 / 6.0)
    p = fma(p, r, 0.5)
    return fma(p * r, r, r)


@register_jitable(**OPTIONS)
def _series_32(r):
    """The same up to r**7, enough for 32 bits."""
    p = fma(r, 1.0 / 5040.0, 1.0 / 720.0)
    p = fma(p, r, 1.0 / 120.0)
    p = fma(p, r, 1.0 / 24.0)
    p = fma(p, r, 1.0 / 6.0)
    p = fma(p, r, 0.5)
    return fma(p * r, r, r)


@register_jitable(**OPTIONS)
def _exp_64(x):
    inside = where_above(x, 709.0, 709.0, where_above(-708.0, x, -708.0, x))
    shifted = fma(inside, TO_POWERS_OF_TWO, WHOLE_64)
    k = shifted - WHOLE_64
    r = fma(k, -LN2_REST_64, fma(k, -LN2_64, inside))
    power = power_of_two(shifted)
    return where_above(-708.0, x, 0.0, where_above(x, 709.7, float("inf"), fma(power, _series_64(r), power)))


@register_jitable(**OPTIONS)
def _exp_32(x):
    inside = where_above(x, 88.0, 88.0, where_above(-87.0, x, -87.0, x))
    shifted = fma(inside, TO_POWERS_OF_TWO, WHOLE_32)
    k = fma(shifted, 1.0, -WHOLE_32)  # a plain minus would make 64 bits of a plain number
    r = fma(k, -LN2_REST_32, fma(k, -LN2_32, inside))
    power = power_of_two(shifted)
    return where_above(-87.0, x, 0.0, where_above(x, 88.7, float("inf"), fma(power, _series_32(r), power)))


# tanh(x) is (exp(2x) - 1) / (exp(2x) + 1). Here x is k * ln 2 / 2 + r, and exp(2r) - 1 = 2r + r * r * (2 + 4/3 r ...).
# In a sum that adds term after term, each waits for the one before: pairs of terms, and pairs of pairs, are added at
# the same time instead (Estrin 1960). One constant for ln 2 is enough: where k is so large that it spoils a digit of r,
# tanh is so flat that it does not show.


@register_jitable(**OPTIONS)
def _tanh_64(x):
    below = where_above(x, 20.0, 20.0, x)  # beyond 20 it is 1 to the last bit
    inside = where_above(-20.0, below, -20.0, below)
    shifted = fma(inside, 2.0 * TO_POWERS_OF_TWO, WHOLE_64)
    k = shifted - WHOLE_64
    r = fma(k, -0.5 / TO_POWERS_OF_TWO, inside)
    power = power_of_two(shifted)
    square = r * r
    fourth = square * square
    low = fma(fma(r, 4.0 / 15.0, 2.0 / 3.0), square, fma(r, 4.0 / 3.0, 2.0))
    middle = fma(fma(r, 4.0 / 2835.0, 2.0 / 315.0), square, fma(r, 8.0 / 315.0, 4.0 / 45.0))
    high = fma(fma(r, 8.0 / 6081075.0, 4.0 / 467775.0), square, fma(r, 8.0 / 155925.0, 4.0 / 14175.0))
    less_one = fma(square, fma(fma(high, fourth, middle), fourth, low), r + r)
    return fma(power, less_one, power - 1.0) / fma(power, less_one, power + 1.0)


@register_jitable(**OPTIONS)
def _tanh_32(x):
    below = where_above(x, 10.0, 10.0, x)
    inside = where_above(-10.0, below, -10.0, below)
    shifted = fma(inside, 2.0 * TO_POWERS_OF_TWO, WHOLE_32)
    k = fma(shifted, 1.0, -WHOLE_32)  # a plain minus would make 64 bits of a plain number
    r = fma(k, -0.5 / TO_POWERS_OF_TWO, inside)
    power = power_of_two(shifted)
    square = r * r
    low = fma(fma(r, 4.0 / 15.0, 2.0 / 3.0), square, fma(r, 4.0 / 3.0, 2.0))
    high = fma(r, 8.0 / 315.0, 4.0 / 45.0)
    less_one = fma(square, fma(high, square * square, low), r + r)
    return fma(power, less_one, fma(power, 1.0, -1.0)) / fma(power, less_one, fma(power, 1.0, 1.0))


def _by_precision(narrow: Any, wide: Any) -> Any:
    def choose(number):
        scalar = number.scalar if isinstance(number, Lanes) else number
        if scalar == types.float32:
            return narrow
        if scalar == types.float64:
            return wide
        return None

    return choose


overload(exp, jit_options=OPTIONS, strict=False)(_by_precision(_exp_32, _exp_64))
overload(tanh, jit_options=OPTIONS, strict=False)(_by_precision(_tanh_32, _tanh_64))
