"""The rungs compute the same numbers: numba those of the loops to the bit, numpy all but the last bits."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from small_networks import bits, network, parameters, plan, results, rung_of

from nntui.models.mlp import loops
from nntui.models.mlp.network import ACTIVATIONS, LOSSES, OUTPUTS
from nntui.models.plans import TwistPlan

CASES = st.fixed_dictionaries(
    {
        "sizes": st.lists(st.integers(1, 9), min_size=2, max_size=6).map(tuple),
        "activation": st.sampled_from(sorted(ACTIVATIONS)),
        "output": st.sampled_from(sorted(OUTPUTS)),
        "loss": st.sampled_from(sorted(LOSSES)),
        "samples": st.integers(1, 12),
        "seed": st.integers(0, 2**32),
    }
)
BATCH = st.integers(1, 7)
SIGMOIDS = {"sizes": (2, 3, 2), "activation": "sigmoid", "output": "softmax", "loss": "cross-entropy"}


@settings(max_examples=200)
@given(CASES, BATCH, st.sampled_from([0.01, 1.0, 40.0, 1e200]))
@example({**SIGMOIDS, "samples": 5, "seed": 1}, 3, 1e200)
@example({**SIGMOIDS, "output": "linear", "samples": 5, "seed": 1}, 3, 1e200)
def test_numba_is_the_loops_to_the_bit(case: dict[str, Any], batch: int, reach: float) -> None:
    net = network(**case)
    flat, steps = parameters(net, case["seed"], reach), plan(net, 12, batch, case["seed"], reach)
    assert results(rung_of("numba", net), flat, steps) == results(rung_of("loops", net), flat, steps)


@pytest.mark.parametrize("activation", sorted(ACTIVATIONS))
@pytest.mark.parametrize("output", sorted(OUTPUTS))
def test_numbers_beyond_all_bounds_come_about_in_the_same_way(activation: str, output: str) -> None:
    net = network((3, 4, 4, 2), activation, output)
    flat = parameters(net, reach=1e200)
    flat[::5], flat[1::7] = 1e308, -1e308
    steps = plan(net, 30, 4, reach=1e308)
    assert results(rung_of("numba", net), flat, steps) == results(rung_of("loops", net), flat, steps)


def test_such_numbers_are_met_at_all() -> None:
    net = network((3, 4, 4, 2), "linear", "linear")
    loops_rung = rung_of("loops", net)
    loops_rung.load(parameters(net, reach=1e200))
    assert not np.isfinite(loops_rung.loss())


@given(CASES, BATCH)
def test_numpy_agrees_step_by_step_from_the_same_parameters(case: dict[str, Any], batch: int) -> None:
    net = network(**case)
    flat, steps = parameters(net, case["seed"]), plan(net, 8, batch, case["seed"])
    arrays, slow = rung_of("numpy", net), rung_of("loops", net)
    for step in range(steps.steps):
        begin, end = steps.starts[step], steps.starts[step + 1]
        one = TwistPlan(
            steps.parameters[step : step + 1], steps.amounts[step : step + 1],
            steps.order[begin:end], np.array([0, end - begin]),
        )  # fmt: skip
        outcomes = []
        for rung in (arrays, slow):
            rung.load(flat)
            work = rung.start(one)
            work.run(float("inf"))
            outcomes.append(work.outcome)
        ours, theirs = outcomes
        for row in ("before", "after"):
            np.testing.assert_allclose(getattr(ours, row), getattr(theirs, row), rtol=1e-12, atol=1e-12)
        assert bits(ours.saved) == bits(theirs.saved)
        flat = slow.store()


@given(CASES, BATCH)
def test_numpy_and_numba_agree_in_32_bits(case: dict[str, Any], batch: int) -> None:
    net = network(**case, precision=32)
    flat, steps = parameters(net, case["seed"]), plan(net, 1, batch, case["seed"])
    rows = []
    for name in ("numpy", "numba"):
        rung = rung_of(name, net)
        rung.load(flat)
        assert rung.store().tolist() == flat.astype(np.float32).tolist()
        work = rung.start(steps)
        work.run(float("inf"))
        assert np.array_equal(rung.store(), rung.store().astype(np.float32))
        rows.append([*work.outcome.before, *work.outcome.after, rung.loss()])
    np.testing.assert_allclose(*rows, rtol=1e-3, atol=1e-4)


def test_32_bits_are_not_64() -> None:
    losses = []
    for precision in (32, 64):
        for name in ("numpy", "numba"):
            net = network((5, 5, 5), precision=precision)
            rung = rung_of(name, net)
            rung.load(parameters(net))
            losses.append(rung.loss())
    assert abs(losses[0] - losses[1]) < 1e-6
    assert abs(losses[0] - losses[2]) > 1e-12
    assert abs(losses[2] - losses[3]) < 1e-12


def test_the_compiled_functions_are_the_taught_ones() -> None:
    from nntui.models.mlp.numba import compiled

    for name, function in compiled().items():
        assert function.py_func is getattr(loops, name)


def test_compiled_code_leaves_nobody_holding_the_arrays() -> None:
    net = network((2, 3, 1))
    rung: Any = rung_of("numba", net)
    rung.load(parameters(net))
    steps = plan(net, 50, 4)
    arrays = [*rung._weights, *rung._biases, *rung._outputs, *rung._splits["train"], steps.order, steps.starts]

    def holders() -> list[int]:
        return [sys.getrefcount(array) for array in arrays]

    work = rung.start(steps)
    work.run(float("inf"))
    del work
    before = holders()
    for _ in range(20):
        work = rung.start(steps)
        work.run(float("inf"))
        del work
        rung.loss()
    assert holders() == before


@given(CASES, st.floats(-300.0, 300.0))
def test_a_twist_is_kept_exactly_where_the_loss_falls(case: dict[str, Any], amount: float) -> None:
    net = network(**case)
    flat = parameters(net, case["seed"])
    steps = plan(net, 1, 4, case["seed"], reach=abs(amount) + 0.1)
    rung = rung_of("loops", net)
    rung.load(flat)
    work = rung.start(steps)
    work.run(float("inf"))
    index, outcome = steps.parameters[0], work.outcome
    expected = flat.copy()
    if outcome.after[0] < outcome.before[0]:
        expected[index] += steps.amounts[0]
    assert outcome.kept[0] == (outcome.after[0] < outcome.before[0])
    assert outcome.saved[0] == flat[index]
    assert bits(rung.store()) == bits(expected)
