"""Vectors as numba values, and the curves for them: every lane has what a number by itself has; exp and tanh are near."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from nntui.models import curves
from nntui.models.compiled import UNCOUNTED, jit
from nntui.models.lanes import (
    across,
    fma,
    load,
    ones,
    pick,
    root,
    splat,
    spread,
    store,
    total,
    totals,
    where_above,
    width,
    zeros,
)  # fmt: skip

LANES = 8  # more than the registers of some machines have: LLVM then takes two
TYPES = [np.float32, np.float64]


def bend(curve: int, numbers: Any, into: Any, plain: bool) -> None:
    if plain:
        for place in range(len(numbers)):
            into[place] = curves.exp(numbers[place]) if curve == 0 else curves.tanh(numbers[place])
    else:
        for place in range(0, len(numbers), LANES):
            x = load(numbers, place, LANES)
            store(into, place, curves.exp(x) if curve == 0 else curves.tanh(x))


def arithmetic(a: Any, b: Any, rows: Any) -> None:
    x, y = load(a, 0, LANES), load(b, 0, LANES)
    store(rows, 0, x + y)
    store(rows, LANES, x - y * 2.0)
    store(rows, 2 * LANES, x * y)
    store(rows, 3 * LANES, 1.0 / x)
    store(rows, 4 * LANES, fma(x, y, 0.5))
    store(rows, 5 * LANES, root(x))
    store(rows, 6 * LANES, where_above(x, y, x, 0.0))
    store(rows, 7 * LANES, where_above(x, 1.0, 2.0, y))
    store(rows, 8 * LANES, spread(b, 3, LANES) + zeros(a, LANES))
    store(rows, 9 * LANES, splat(a[1], LANES) + ones(a, 3, LANES))
    rows[10 * LANES] = total(x)


def rearranged(rows: Any, sums: Any, turned: Any) -> None:
    parts = (
        load(rows, 0, LANES), load(rows, 1 * LANES, LANES), load(rows, 2 * LANES, LANES), load(rows, 3 * LANES, LANES),
        load(rows, 4 * LANES, LANES), load(rows, 5 * LANES, LANES), load(rows, 6 * LANES, LANES),
        load(rows, 7 * LANES, LANES),
    )  # fmt: skip
    store(sums, 0, totals(parts))
    for index, part in enumerate(across(parts)):
        store(turned, index * LANES, part)


def picked(rows: Any, order: Any, start: int, left: int, column: int, into: Any) -> None:
    store(into, 0, pick(rows, order, start, left, column, LANES))


@cache
def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    return jit(function, **UNCOUNTED)


def random(kind: Any, *shape: int, seed: int = 0) -> NDArray[Any]:
    return np.random.default_rng(seed).uniform(0.1, 2.0, shape).astype(kind)


def bent(curve: str, numbers: NDArray[Any], plain: bool) -> NDArray[Any]:
    into = np.zeros_like(numbers)
    with np.errstate(all="ignore"):
        compiled(bend)(("exp", "tanh").index(curve), numbers, into, plain)
    return into


def wide(kind: Any, curve: str) -> NDArray[Any]:
    """Numbers of all sizes: from the tiniest to those of which the curve is at its end."""
    most = {"tanh": 25.0, "exp": 87.0 if kind == np.float32 else 707.0}[curve]
    dice = np.random.default_rng(3)
    sizes = np.exp2(dice.uniform(-40 if kind == np.float32 else -300, np.log2(most), 40_000))
    even = dice.uniform(-most, most, 40_000)
    return np.concatenate([sizes, -sizes, even]).astype(kind)


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("curve", ["exp", "tanh"])
def test_a_curve_is_within_a_few_units_in_the_last_place(curve: str, kind: Any, plain: bool) -> None:
    numbers = wide(kind, curve)
    right = getattr(np, curve)(numbers.astype(np.longdouble))
    units = np.abs(bent(curve, numbers, plain) - right) / np.spacing(np.abs(right).astype(kind))
    assert units.max() <= 4.0


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize("kind", TYPES)
def test_curves_at_their_ends(kind: Any, plain: bool) -> None:
    least, largest = np.finfo(kind).smallest_subnormal, np.finfo(kind).max
    numbers = np.array([0.0, -0.0, np.inf, -np.inf, np.nan, largest, -largest, least], kind)
    exps = bent("exp", numbers, plain)
    assert exps[[0, 1, 7]].tolist() == [1.0, 1.0, 1.0]
    assert exps[[2, 5]].tolist() == [np.inf, np.inf]
    assert exps[[3, 6]].tolist() == [0.0, 0.0]
    tanhs = bent("tanh", numbers, plain)
    assert tanhs[[0, 1]].tolist() == [0.0, 0.0]
    assert tanhs[[2, 5]].tolist() == [1.0, 1.0]
    assert tanhs[[3, 6]].tolist() == [-1.0, -1.0]
    assert tanhs[7] in (0.0, least)
    assert np.isnan([exps[4], tanhs[4]]).all()


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("curve", ["exp", "tanh"])
def test_lanes_and_plain_numbers_bend_alike(curve: str, kind: Any) -> None:
    numbers = wide(kind, curve)
    np.testing.assert_array_max_ulp(bent(curve, numbers, True), bent(curve, numbers, False), 1)


@pytest.mark.parametrize("kind", TYPES)
def test_every_lane_is_worked_on_as_a_number_by_itself(kind: Any) -> None:
    a, b = random(kind, LANES), random(kind, LANES, seed=1)
    rows = np.zeros(11 * LANES, kind)
    compiled(arithmetic)(a, b, rows)
    out = rows.reshape(-1, LANES)
    some = np.array([1] * 3 + [0] * (LANES - 3), kind)
    exact = [a + b, None, a * b, 1 / a, None, np.sqrt(a), np.where(a > b, a, 0), np.where(a > 1, 2, b)]
    for row, right in enumerate(exact):
        if right is not None:
            assert out[row].tolist() == right.astype(kind).tolist()
    np.testing.assert_allclose(out[1], a - 2 * b, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(out[4], a * b + kind(0.5), rtol=1e-6)
    assert out[8].tolist() == [b[3]] * LANES
    assert out[9].tolist() == (a[1] + some).tolist()
    pairs = a
    while len(pairs) > 1:
        pairs = pairs[: len(pairs) // 2] + pairs[len(pairs) // 2 :]
    assert out[10, 0] == pairs[0]


@pytest.mark.parametrize("kind", TYPES)
def test_where_above_takes_the_second_for_what_is_no_number(kind: Any) -> None:
    rows = np.zeros(11 * LANES, kind)
    compiled(arithmetic)(np.full(LANES, np.nan, kind), np.full(LANES, 3, kind), rows)
    assert rows[6 * LANES : 8 * LANES].tolist() == [0.0] * LANES + [3.0] * LANES


@pytest.mark.parametrize("kind", TYPES)
def test_rows_are_summed_up_and_turned_all_at_once(kind: Any) -> None:
    rows = random(kind, LANES, LANES)
    sums, turned = np.zeros(LANES, kind), np.zeros((LANES, LANES), kind)
    compiled(rearranged)(rows.ravel(), sums, turned.ravel())
    np.testing.assert_allclose(sums, rows.sum(1), rtol=1e-6)
    assert turned.tolist() == rows.T.tolist()


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("left", [0, 1, 5, 8, 100])
def test_lanes_are_picked_from_many_rows_and_those_left_over_are_0(kind: Any, left: int) -> None:
    rows, order = random(kind, 20, 3), np.random.default_rng(2).integers(0, 20, 12)
    into = np.ones(LANES, kind)
    compiled(picked)(rows, order, 2, left, 1, into)
    there = min(left, LANES)
    assert into.tolist() == rows[order[2 : 2 + there], 1].tolist() + [0.0] * (LANES - there)


def test_a_register_holds_twice_as_many_numbers_of_half_the_bits() -> None:
    assert width(32) == 2 * width(64) in (4, 8, 16)
