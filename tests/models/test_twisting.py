"""The losses after many twists are those of the whole network, however few of its numbers are computed again."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_networks import network, parameters

from nntui.models.mlp import along, cost, loops, reach, twisting
from nntui.models.mlp.interpreted import InterpretedRung

SIZES = st.lists(st.integers(1, 5), min_size=2, max_size=5).map(tuple)
CURVES = st.sampled_from(["tanh", "relu", "sigmoid", "linear"])


def losses_anew(net, flat, indices, twists):
    """Every loss by the taught loops, nothing remembered."""
    rung, found = InterpretedRung(net), []
    for index, twist in zip(indices.tolist(), twists.tolist(), strict=True):
        changed = flat.copy()
        changed[index] += twist
        rung.load(changed)
        found.append(rung.loss())
    return found


def by_loops(net, flat, indices, twists):
    """The losses by the loops of reach.py, as they stand."""
    layers, neurons, sources = net.places[indices].T
    rooms = [tuple(np.empty((len(net.inputs), size)) for size in net.sizes[1:]) for _ in range(2)]
    found = np.empty(len(twists))
    reach.losses_by_twists(
        net.weights(flat), net.biases(flat), layers, neurons, sources, twists, net.inputs, net.targets,
        net.activation, net.output_activation, net.loss, *rooms, tuple(np.empty(size) for size in net.sizes[1:]), found,
    )  # fmt: skip
    return found


def every_way_up_and_down(net, size=0.1):
    return np.repeat(np.arange(net.layout.size), 2), np.tile([size, -size], net.layout.size)


@given(
    sizes=SIZES, activation=CURVES, output=CURVES, seed=st.integers(0, 100), by_class=st.booleans(),
    at_once=st.sampled_from([1, 50, twisting.AT_ONCE]),
)  # fmt: skip
@settings(max_examples=40, deadline=None)
def test_only_what_a_twist_reaches_gives_the_same_loss(sizes, activation, output, seed, by_class, at_once):
    loss = "cross-entropy" if by_class else "mean squared error"
    net = network(sizes, activation, "softmax" if by_class else output, loss, seed=seed)
    flat = parameters(net, seed)
    indices, twists = every_way_up_and_down(net)
    expected = pytest.approx(losses_anew(net, flat, indices, twists), rel=1e-12, abs=1e-15)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(twisting, "AT_ONCE", at_once)
        assert twisting.losses_by_twists(net, flat, indices, twists) == expected
    assert by_loops(net, flat, indices, twists) == expected


def test_some_samples_are_chosen_by_their_numbers():
    net = network((2, 3, 1))
    flat, some = parameters(net), np.array([1, 4, 7])
    fewer = type(net)(
        net.sizes, net.activation, net.output_activation, net.loss, net.inputs[some], net.targets[some],
        net.test_inputs, net.test_targets,
    )  # fmt: skip
    indices, twists = every_way_up_and_down(net)
    found = twisting.losses_by_twists(net, flat, indices, twists, some)
    assert found.tobytes() == twisting.losses_by_twists(fewer, flat, indices, twists).tobytes()
    values = np.array([0.5, -0.5])
    assert (along.losses(net, flat, 3, values, some) == along.losses(fewer, flat, 3, values)).all()


# ---------------------------------------------------------------- what it costs


class Counted(float):
    """A number that counts how often two such are multiplied."""

    products = 0

    def __mul__(self, other):
        Counted.products += isinstance(other, Counted)
        return Counted(float(self) * float(other))

    __rmul__ = __mul__

    def __add__(self, other):
        return Counted(float(self) + float(other))

    __radd__ = __add__

    def __sub__(self, other):
        return Counted(float(self) - float(other))

    def __truediv__(self, other):
        return Counted(float(self) / float(other))


def counted(rows):
    return [counted(row) for row in rows] if isinstance(rows, list) else Counted(rows)


@pytest.mark.parametrize("sizes", [(2, 4, 2, 1), (3, 2), (5, 4, 3)])
def test_multiply_adds_are_those_that_the_taught_loops_do(sizes):
    net = network(sizes, "linear", "linear")
    flat = parameters(net)
    weights, biases = ([counted(layer.tolist()) for layer in rows] for rows in (net.weights(flat), net.biases(flat)))
    inputs, outputs = counted(net.inputs[0].tolist()), net.scratch()
    Counted.products = 0
    loops.predict(weights, biases, inputs, net.activation, net.output_activation, outputs)
    assert Counted.products == cost.prediction(sizes)
    Counted.products = 0
    loops.add_gradients(
        weights, inputs, net.targets[0].tolist(), net.activation, net.output_activation, net.loss, outputs,
        net.scratch(), [(0 * layer).tolist() for layer in net.weights(flat)], net.scratch(),
    )  # fmt: skip
    assert Counted.products == cost.backward_pass(sizes)


def test_a_gradient_costs_two_to_three_predictions():
    assert cost.gradient_cost((2, 2, 1)) == pytest.approx((6 + 6 + 2) / 6)
    assert 2.0 == cost.gradient_cost((5, 1)) < cost.gradient_cost((2, 64, 64, 1)) < 3.0
