"""The gradient against central differences, published numbers, and from rung to rung; what its steps leave behind."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from small_networks import Table, bits, model_of, network, parameters, rung_of
from test_published_numbers import MAZUR, MAZUR_DATA

from nntui.models.mlp import array_rung, interpreted, loops
from nntui.models.mlp.network import Network
from nntui.models.model import FloatArray, Look
from nntui.models.plans import OPTIMIZERS, Descent, GradientPlan, Rung, TwistPlan

CURVES = ["tanh", "relu", "sigmoid", "linear"]
ENDS = [(curve, "mean squared error") for curve in CURVES] + [("softmax", "cross-entropy")]


def descent(net: Network, steps: int, batch: int, optimizer: str = "sgd", seed: int = 0, **how: Any) -> GradientPlan:
    """A plan whose last batch is a partial one."""
    dice = np.random.Generator(np.random.Philox(seed + 1))
    starts = np.minimum(np.arange(steps + 1) * batch, steps * batch - batch // 2)
    moments = np.zeros((OPTIMIZERS[optimizer], net.layout.size))
    how = {"learning_rate": 0.1, "momentum": 0.9, "weight_decay": 0.0, "moments": moments, **how}
    return GradientPlan(dice.integers(0, len(net.inputs), int(starts[-1])), starts, optimizer, **how)


def walked_down(
    rung: Rung, flat: FloatArray, plan: GradientPlan, deadlines: Callable[[], float] = lambda: float("inf")
) -> tuple[FloatArray, Descent]:
    """The parameters after a plan, and what became of it."""
    rung.load(flat)
    work = rung.start(plan)
    while not work.run(deadlines()):
        pass
    outcome = work.outcome
    assert isinstance(outcome, Descent)
    return rung.store(), outcome


def all_bits(found: tuple[FloatArray, Descent]) -> list[bytes]:
    return bits(found[0], found[1].before, found[1].moments)


def by_the_loops(net: Network, flat: FloatArray, batch: range) -> tuple[float, FloatArray]:
    """The loss and the gradient, by the taught functions."""
    weights, biases = net.listed(flat)
    gradients = net.listed(np.zeros(len(flat)))
    loss = loops.batch_gradient(
        weights, biases, net.inputs.tolist(), net.targets.tolist(), batch, net.activation, net.output_activation,
        net.loss, net.scratch(), net.scratch(), *gradients,
    )  # fmt: skip
    return loss, net.flat(*gradients)


# ---------------------------------------------------------------- what the gradient is


@pytest.mark.parametrize("activation", CURVES)
@pytest.mark.parametrize(("output", "loss"), ENDS)
def test_the_gradient_is_what_central_differences_say(activation: str, output: str, loss: str) -> None:
    net = network((3, 5, 4, 3), activation, output, loss, samples=7, seed=3)
    flat, batch = parameters(net, seed=1), range(7)

    def loss_at(values: FloatArray) -> float:
        weights, biases = net.listed(values)
        data = net.inputs.tolist(), net.targets.tolist(), batch
        codes = net.activation, net.output_activation, net.loss
        return float(loops.batch_loss(weights, biases, *data, *codes, net.scratch()))

    twist = 1e-5
    differences = np.array(
        [(loss_at(flat + twist * one) - loss_at(flat - twist * one)) / (2 * twist) for one in np.eye(len(flat))]
    )
    ours, gradient = by_the_loops(net, flat, batch)
    assert ours == loss_at(flat)  # the bits of batch_loss
    assert np.linalg.norm(differences) > 1e-3
    assert np.linalg.norm(gradient - differences) < 1e-6 * np.linalg.norm(differences)


def test_targets_that_are_no_probabilities_have_their_gradient_too() -> None:
    net = network((2, 3, 3), "tanh", "softmax", "cross-entropy", samples=4)
    net.targets[:] = np.array([0.25, 0.5, 1.5])
    flat, twist = parameters(net), 1e-5
    rung = rung_of("loops", net)

    def loss_at(values: FloatArray) -> float:
        rung.load(values)
        return rung.loss()

    differences = [
        (loss_at(flat + twist * one) - loss_at(flat - twist * one)) / (2 * twist) for one in np.eye(len(flat))
    ]
    _, gradient = by_the_loops(net, flat, range(4))
    np.testing.assert_allclose(gradient, differences, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize(("output", "loss"), ENDS)
@pytest.mark.parametrize("activation", CURVES)
def test_the_gradient_for_the_screen_is_that_of_the_loops(activation: str, output: str, loss: str) -> None:
    table = {"layers": [3, 4, 2], "activation": activation, "output": output, "loss": loss}
    net = network((3, 4, 2), activation, output, loss)
    model = model_of(table, Table(net.inputs, net.targets, classes=()))
    flat = parameters(net)
    np.testing.assert_allclose(model.gradient(flat), by_the_loops(net, flat, range(12))[1], rtol=1e-10, atol=1e-13)
    some = model.gradient(flat, np.array([3, 4, 5]))
    np.testing.assert_allclose(some, by_the_loops(net, flat, range(3, 6))[1], rtol=1e-10, atol=1e-13)


# ---------------------------------------------------------------- published numbers


def after_mazurs_step(train: str, rung: str) -> float:
    model = model_of({**MAZUR, "train": train}, MAZUR_DATA)
    net = model.network
    plan = GradientPlan(np.array([0]), np.array([0, 1]), "sgd", 0.5, 0.0, 0.0, np.zeros((0, net.layout.size)))
    flat, outcome = walked_down(rung_of(rung, net), model.initial(), plan)
    assert outcome.before[0] == pytest.approx(0.298371109, abs=5e-10)
    return model.loss(flat)


@pytest.mark.parametrize("rung", ["loops", "numpy", "numba"])
def test_mazurs_step_comes_out_right(rung: str) -> None:
    """Matt Mazur, "A Step by Step Backpropagation Example" (2015): learning rate 0.5, the biases held.

    His half of the sum of squares is our mean over two outputs. The 0.291027924 of his text comes from hidden
    gradients taken from output weights that were already updated.
    """
    loss = after_mazurs_step("weights", rung)
    assert loss == pytest.approx(0.291027774, abs=5e-10)
    assert loss != pytest.approx(0.291027924, abs=5e-8)
    assert after_mazurs_step("all", rung) == pytest.approx(0.280471447, abs=5e-10)


def test_adams_first_step_is_as_long_as_the_learning_rate() -> None:
    """Kingma and Ba 2015, section 2.1: the step is bounded by the learning rate, whatever the gradient's size."""
    row, velocities, squares = [1.0, 1.0, 1.0], [0.0] * 3, [0.0] * 3
    loops.adam_step(row, [1e-3, -20.0, 0.0], velocities, squares, 0.01, 1)
    assert row == pytest.approx([0.99, 1.01, 1.0], rel=1e-6)


def test_adam_and_momentum_step_by_step() -> None:
    """Three steps by the formulas of the papers, written out."""
    row, velocities, squares = [0.5], [0.0], [0.0]
    ball, speed = [0.5], [0.0]
    weight = place = 0.5
    mean = square = velocity = 0.0
    for step, gradient in enumerate((0.3, -0.1, 0.7), start=1):
        mean, square = 0.9 * mean + 0.1 * gradient, 0.999 * square + 0.001 * gradient**2
        weight -= 0.01 * (mean / (1 - 0.9**step)) / ((square / (1 - 0.999**step)) ** 0.5 + 1e-8)
        velocity = 0.8 * velocity + gradient
        place -= 0.01 * velocity
        loops.adam_step(row, [gradient], velocities, squares, 0.01, step)
        loops.momentum_step(ball, [gradient], speed, 0.01, 0.8)
        assert row[0] == pytest.approx(weight, rel=1e-12)
        assert ball[0] == pytest.approx(place, rel=1e-15)


def test_weights_decay_and_biases_do_not() -> None:
    net = network((2, 2, 1), "relu", "linear")
    net.inputs[:] = 0.0
    flat = np.array([2.0, 0.0, 0.0, -2.0, -1.0, -1.0, 1.0, 1.0, 0.5])  # the hidden neurons are silent
    net.targets[:] = 0.5  # the answer is as wanted: there is no gradient
    after, _ = walked_down(rung_of("loops", net), flat, descent(net, 1, 4, learning_rate=0.5, weight_decay=0.1))
    assert after.tolist() == [1.9, 0.0, 0.0, -1.9, -1.0, -1.0, 0.95, 0.95, 0.5]


# ---------------------------------------------------------------- rungs


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("activation", CURVES)
@pytest.mark.parametrize(("output", "loss"), ENDS)
def test_the_rungs_agree(optimizer: str, activation: str, output: str, loss: str) -> None:
    net = network((3, 5, 2), activation, output, loss, seed=5)
    flat, plan = parameters(net, 5), descent(net, 15, 5, optimizer, weight_decay=0.01)
    expected = walked_down(rung_of("loops", net), flat, plan)
    assert all_bits(walked_down(rung_of("numba", net), flat, plan)) == all_bits(expected)
    arrays = walked_down(rung_of("numpy", net), flat, plan)
    np.testing.assert_allclose(arrays[0], expected[0], rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(arrays[1].before, expected[1].before, rtol=1e-10)
    np.testing.assert_allclose(arrays[1].moments, expected[1].moments, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_numbers_beyond_all_bounds_come_about_in_the_same_way(optimizer: str) -> None:
    net = network((3, 5, 2), "relu", "linear")
    flat, plan = parameters(net, reach=1e3), descent(net, 30, 4, optimizer, learning_rate=1e3, weight_decay=0.5)
    with np.errstate(all="ignore"):
        slow = walked_down(rung_of("loops", net), flat, plan)
        assert all_bits(walked_down(rung_of("numba", net), flat, plan)) == all_bits(slow)
        walked_down(rung_of("numpy", net), flat, plan)
    assert optimizer == "adam" or not np.isfinite(slow[0]).all()


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("name", ["loops", "numpy", "numba"])
def test_steps_at_once_are_steps_one_by_one(name: str, optimizer: str) -> None:
    net = network((3, 4, 2), "tanh", "softmax", "cross-entropy")
    flat, plan = parameters(net), descent(net, 12, 5, optimizer)
    at_once = walked_down(rung_of(name, net), flat, plan)
    rung, moments, before = rung_of(name, net), plan.moments, []
    for step in range(plan.steps):
        begin, end = plan.starts[step], plan.starts[step + 1]
        one = GradientPlan(
            plan.order[begin:end], np.array([0, end - begin]), optimizer, 0.1, 0.9, 0.0, moments, taken=step
        )
        flat, outcome = walked_down(rung, flat, one)
        moments = outcome.moments
        before.append(outcome.before[0])
    assert bits(flat, before, moments) == all_bits(at_once)
    assert not plan.moments.any()


@pytest.mark.parametrize("name", ["loops", "loops by sample", "numpy", "numba", "numba by sample"])
def test_in_pieces_it_is_the_same_and_given_up_it_leaves_nothing(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    net = network((3, 5, 2), "tanh", "softmax", "cross-entropy")
    flat, plan = parameters(net), descent(net, 20, 5, "adam", weight_decay=0.1)
    whole = walked_down(rung_of(name.split()[0], net), flat, plan)
    if name.endswith("by sample"):
        monkeypatch.setattr(interpreted, "LONG_STEP", 0)
        monkeypatch.setattr(array_rung, "LONGEST_STEP", 0)
    dice, rung = random.Random(1), rung_of(name.split()[0], net)

    def deadlines() -> float:
        return dice.choice([0.0, time.perf_counter() + dice.uniform(0, 0.001)])

    for pieces in (1, 7, 33):
        rung.load(flat)
        work = rung.start(plan)
        for _ in range(pieces):
            work.run(0.0)
        assert all_bits(walked_down(rung, flat, plan, deadlines)) == all_bits(whole)


@pytest.mark.parametrize("name", ["loops", "numpy", "numba"])
def test_where_only_weights_train_biases_keep_every_bit(name: str) -> None:
    table = {"layers": [2, 3, 1], "train": "weights", "biases": [[0.1, -0.2, 0.3], [0.4]]}
    model = model_of(table)
    net = model.network
    plan = descent(net, 30, 4, "adam", weight_decay=0.1)
    after, outcome = walked_down(rung_of(name, net), model.initial(), plan)
    held = np.setdiff1d(np.arange(net.layout.size), net.layout.trainable)
    assert held.tolist() == [6, 7, 8, 12]
    assert bits(after[held]) == bits(model.initial()[held])
    assert (after[net.layout.trainable] != model.initial()[net.layout.trainable]).all()
    assert not outcome.moments[:, held].any()
    assert model.gradient(after)[held].any()  # there is one all the same
    assert "only its weights" in model.describe()[0]


@pytest.mark.parametrize("name", ["numpy", "numba"])
def test_in_32_bits_all_that_is_left_behind_has_32_bits(name: str) -> None:
    net = network((3, 4, 2), precision=32)
    after, outcome = walked_down(rung_of(name, net), parameters(net), descent(net, 9, 4, "adam"))
    for numbers in (after, outcome.moments):
        assert np.array_equal(numbers, numbers.astype(np.float32))
    exact, _ = walked_down(rung_of("loops", net), parameters(net), descent(net, 9, 4, "adam"))
    np.testing.assert_allclose(after, exact, rtol=1e-3, atol=1e-4)


# ---------------------------------------------------------------- walked


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_call_that_is_walked_leaves_what_the_step_leaves(optimizer: str) -> None:
    model = model_of({"layers": [2, 3, 1], "seed": 2})
    flat, moments = model.initial(), np.full((OPTIMIZERS[optimizer], 13), 0.25)
    plan = GradientPlan(np.array([2, 0, 3]), np.array([0, 3]), optimizer, 0.3, 0.9, 0.01, moments, taken=4)
    call = model.call("training", flat, Look(), plan)
    assert call.function is loops.gradient_step
    loss = call.function(*call.arguments)
    after, outcome = walked_down(rung_of("loops", model.network), flat, plan)
    assert bits(model.network.flat(*call.arguments[:2]), [loss]) == bits(after, outcome.before)
    assert model.call("training", flat, Look(), twist()).function is loops.try_a_twist


def twist() -> TwistPlan:
    return TwistPlan(np.array([3]), np.array([0.5]), np.array([0]), np.array([0, 1]))
