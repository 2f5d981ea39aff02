"""The compiled rungs above `numba` compute what the loops compute, in 64 bits to 1e-12 of the largest parameter."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from small_networks import bits, network, parameters, plan, rung_of

from nntui.models.mlp import loops
from nntui.models.mlp.ladder import rungs
from nntui.models.mlp.network import ACTIVATIONS, LOSSES, OUTPUTS, Network
from nntui.models.mlp.simd_rung import SimdRung
from nntui.models.plans import OPTIMIZERS, GradientPlan, Plan, Rung, TwistPlan

ENDLESS = float("inf")
CASES = st.fixed_dictionaries(
    {
        "sizes": st.lists(st.integers(1, 19), min_size=3, max_size=4).map(tuple),
        "activation": st.sampled_from(sorted(ACTIVATIONS)),
        "output": st.sampled_from(sorted(OUTPUTS)),
        "loss": st.sampled_from(sorted(LOSSES)),
        "samples": st.integers(1, 150),
        "seed": st.integers(0, 2**32),
    }
)
OPTIMIZER = st.sampled_from(sorted(OPTIMIZERS))


def downhill(net: Network, steps: int, batch: int, optimizer: str = "sgd", seed: int = 0) -> GradientPlan:
    """Steps by the gradient, the last batch a partial one."""
    dice = np.random.Generator(np.random.Philox(seed + 3))
    starts = np.minimum(np.arange(steps + 1) * batch, steps * batch - batch // 2)
    order = dice.integers(0, len(net.inputs), int(starts[-1]))
    return GradientPlan(order, starts, optimizer, 0.05, 0.9, 0.01, np.zeros((OPTIMIZERS[optimizer], net.layout.size)))


def after(rung: Rung, flat: Any, what: Plan) -> tuple[Any, Any]:
    rung.load(flat)
    work = rung.start(what)
    while not work.run(ENDLESS):
        pass
    return rung.store(), work.outcome


def hold(rung: Rung, net: Network, flat: Any, what: GradientPlan, bound: float) -> None:
    """The rung's parameters and losses are those of the loops, to a share of the largest."""
    ours, outcome = after(rung, flat, what)
    theirs, right = after(rung_of("loops", net), flat, what)
    scale = max(1.0, float(np.abs(theirs).max()))
    assert np.abs(ours - theirs).max() <= bound * scale
    np.testing.assert_allclose(outcome.before, right.before, rtol=bound, atol=bound)
    np.testing.assert_allclose(outcome.moments, right.moments, rtol=1e-9, atol=bound * scale)
    assert rung.loss() == pytest.approx(rung_at(net, ours), rel=1e-9, abs=1e-12)


def rung_at(net: Network, flat: Any) -> float:
    slow = rung_of("loops", net)
    slow.load(flat)
    return slow.loss()


def tries(rung: Rung, net: Network, flat: Any, what: TwistPlan) -> None:
    """Step by step from the same parameters: the same losses, and the twist kept exactly where the loss falls."""
    slow = rung_of("loops", net)
    for step in range(what.steps):
        begin, end = what.starts[step], what.starts[step + 1]
        one = TwistPlan(
            what.parameters[step : step + 1], what.amounts[step : step + 1], what.order[begin:end],
            np.array([0, end - begin]),
        )  # fmt: skip
        mine, ours = after(rung, flat, one)
        theirs, right = after(slow, flat, one)
        for row in ("before", "after"):
            np.testing.assert_allclose(getattr(ours, row), getattr(right, row), rtol=1e-12, atol=1e-12)
        assert bits(ours.saved) == bits(right.saved)
        changed = flat.copy()
        changed[what.parameters[step]] += what.amounts[step]
        assert bits(mine) == bits(changed if ours.kept[0] else flat)
        flat = theirs


@settings(max_examples=60)
@given(CASES, st.integers(1, 140), OPTIMIZER)
@example({"sizes": (3, 17, 2), "activation": "relu", "output": "softmax", "loss": "cross-entropy", "samples": 9,
          "seed": 1}, 130, "adam")  # fmt: skip
def test_simd_takes_the_step_of_the_loops(case: dict[str, Any], batch: int, optimizer: str) -> None:
    net = network(**case)
    # Adam divides by the size of a gradient, also where that is nothing but rounding.
    bound = 1e-7 if optimizer == "adam" else 1e-12
    hold(SimdRung(net), net, parameters(net, case["seed"]), downhill(net, 1, batch, optimizer, case["seed"]), bound)


@settings(max_examples=30)
@given(CASES, st.integers(1, 80))
def test_simd_tries_the_twists_of_the_loops(case: dict[str, Any], batch: int) -> None:
    net = network(**case)
    tries(SimdRung(net), net, parameters(net, case["seed"]), plan(net, 6, batch, case["seed"]))


def made(name: str, precision: int = 64) -> tuple[Network, Rung]:
    net = network((2, 4, 2, 1), samples=40, precision=precision)
    return net, rungs(net)[name].make()  # type: ignore[misc]


NAMES = ["numba-simd", "numba-parallel", "numba-fused", "numba-generated"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("optimizer", ["sgd", "momentum"])
def test_a_hundred_steps_stay_near_the_loops(name: str, optimizer: str) -> None:
    net, rung = made(name)
    hold(rung, net, parameters(net), downhill(net, 100, 10, optimizer), 1e-9)


@pytest.mark.parametrize("precision", [32, 64])
@pytest.mark.parametrize("name", NAMES)
def test_steps_at_once_are_steps_one_by_one_to_the_bit(name: str, precision: int) -> None:
    net, rung = made(name, precision)
    flat = parameters(net).astype(np.float32).astype(np.float64)
    for whole in (*(downhill(net, 7, 10, optimizer) for optimizer in OPTIMIZERS), plan(net, 7, 10)):
        at_once, _ = after(rung, flat, whole)
        now, moments = flat, getattr(whole, "moments", None)
        for step in range(whole.steps):
            begin, end = whole.starts[step], whole.starts[step + 1]
            order, starts = whole.order[begin:end], np.array([0, end - begin])
            one: Plan
            if isinstance(whole, TwistPlan):
                one = TwistPlan(whole.parameters[step : step + 1], whole.amounts[step : step + 1], order, starts)
            else:
                one = GradientPlan(order, starts, whole.optimizer, 0.05, 0.9, 0.01, moments, step)
            now, outcome = after(rung, now, one)
            moments = getattr(outcome, "moments", None)
        assert bits(now) == bits(at_once)
        assert bits(after(rung, flat, whole)[0]) == bits(at_once)


@pytest.mark.parametrize("name", NAMES)
def test_biases_that_do_not_train_stay(name: str) -> None:
    net = network((2, 4, 2, 1), samples=20)
    fixed = Network(
        net.sizes, net.activation, net.output_activation, net.loss, net.inputs, net.targets, net.test_inputs,
        net.test_targets, train_biases=False,
    )  # fmt: skip
    rung: Any = rungs(fixed)[name].make()  # type: ignore[misc]
    for optimizer in OPTIMIZERS:
        hold(rung, fixed, parameters(fixed), downhill(fixed, 3, 10, optimizer), 1e-9)


@pytest.mark.parametrize("name", NAMES)
def test_32_bits_are_near(name: str) -> None:
    net, rung = made(name, 32)
    flat = parameters(net)
    ours, _ = after(rung, flat, downhill(net, 5, 10))
    theirs, _ = after(rung_of("loops", net), flat, downhill(net, 5, 10))
    assert np.array_equal(ours, ours.astype(np.float32))
    np.testing.assert_allclose(ours, theirs, atol=1e-5)


def test_simd_is_made_of_the_names_of_the_loops() -> None:
    from nntui.models.mlp import simd

    shared = {name for name in vars(simd) if callable(getattr(loops, name, None))}
    assert {"predict", "add_gradients", "start_at_the_loss", "hand_back", "update", "train_by_twists"} <= shared
