"""The loss along one parameter is the loss, however it is computed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_networks import CORNERS, Table, model_of, network, parameters

from nntui.models.mlp import along
from nntui.models.mlp.interpreted import InterpretedRung

SIZES = st.lists(st.integers(1, 5), min_size=2, max_size=5).map(tuple)
CURVES = st.sampled_from(["tanh", "relu", "sigmoid", "linear"])


@given(
    sizes=SIZES, activation=CURVES, output=CURVES, seed=st.integers(0, 100), reach=st.sampled_from([0.5, 2.0]),
    by_class=st.booleans(), at_once=st.sampled_from([1, 50, along.AT_ONCE]), data=st.data(),
)  # fmt: skip
@settings(max_examples=200, deadline=None)
def test_it_is_the_loss(sizes, activation, output, seed, reach, by_class, at_once, data):
    loss = "cross-entropy" if by_class else "mean squared error"
    net = network(sizes, activation, "softmax" if by_class else output, loss, seed=seed)
    flat, rung = parameters(net, seed, reach), InterpretedRung(net)
    index = data.draw(st.integers(0, net.layout.size - 1))
    values = np.linspace(-2.0, 2.0, 5) + flat[index]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(along, "AT_ONCE", at_once)
        found = along.losses(net, flat, index, values)
    expected = []
    for value in values:
        changed = flat.copy()
        changed[index] = value
        rung.load(changed)
        expected.append(rung.loss())
    assert found == pytest.approx(expected, rel=1e-12, abs=1e-15)


def test_a_large_weight_leaves_no_rounding_behind() -> None:
    model = model_of({"layers": [2, 2, 1], "seed": 1})
    flat = model.initial()
    expected = model.losses(flat, 1, np.array([0.25]))
    flat[1] = 1e15
    assert model.losses(flat, 1, np.array([0.25])) == expected


def test_no_values_have_no_losses() -> None:
    model = model_of({"layers": [2, 1], "seed": 1}, Table(CORNERS, np.ones((4, 1))))
    assert model.losses(model.initial(), 0, np.zeros(0)).shape == (0,)
    assert np.isfinite(model.losses(model.initial(), 0, np.array([1e300]))).all()
