"""What the taught functions compute, against values that others have published or that a head can check."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from small_networks import CORNERS, XOR, Table, by_hand, model_of

from nntui.models.mlp import loops
from nntui.models.mlp.interpreted import InterpretedRung
from nntui.models.mlp.network import ACTIVATIONS, LOSSES, Network
from nntui.models.mlp.numba import NumbaRung
from nntui.models.mlp.numpy import NumpyRung
from nntui.models.model import Look

RUNGS = [InterpretedRung, NumpyRung, NumbaRung]

# Matt Mazur, "A Step by Step Backpropagation Example" (2015).
MAZUR = {
    "layers": [2, 2, 2],
    "activation": "sigmoid",
    "output": "sigmoid",
    "weights": [[[0.15, 0.20], [0.25, 0.30]], [[0.40, 0.45], [0.50, 0.55]]],
    "biases": [[0.35, 0.35], [0.60, 0.60]],
}
MAZUR_DATA = Table(np.array([[0.05, 0.10]]), np.array([[0.01, 0.99]]), "Mazur", ())


def test_mazurs_forward_pass() -> None:
    model = model_of(MAZUR, MAZUR_DATA)
    hidden, outputs = model.outputs(model.initial(), (0.05, 0.10))
    assert hidden == pytest.approx([0.593269992, 0.596884378], abs=5e-10)
    assert outputs == pytest.approx([0.75136507, 0.772928465], abs=5e-9)


@pytest.mark.parametrize("rung", RUNGS)
def test_mazurs_error_is_our_mean_over_two_outputs(rung: Any) -> None:
    model = model_of(MAZUR, MAZUR_DATA)
    loaded = rung(model.network)
    loaded.load(model.initial())
    assert loaded.loss() == pytest.approx(0.298371109, abs=5e-10)


@pytest.mark.parametrize("rung", RUNGS)
def test_mazurs_error_after_one_step_by_his_own_weights(rung: Any) -> None:
    """With the weights after his step (biases held); the 0.291027924 of his text is the output of a bug."""
    after = {
        **MAZUR,
        "weights": [
            [[0.149780716, 0.19956143], [0.24975114, 0.29950229]],
            [[0.35891648, 0.408666186], [0.511301270, 0.561370121]],
        ],
    }
    model = model_of(after, MAZUR_DATA)
    loaded = rung(model.network)
    loaded.load(model.initial())
    assert loaded.loss() == pytest.approx(0.291027774, abs=2e-9)


def test_softmax_and_its_cross_entropy() -> None:
    row = [1.0, 2.0, 3.0]
    loops.softmax(row)
    assert row == pytest.approx([0.09003057, 0.24472847, 0.66524096], abs=5e-9)
    for right, value in enumerate((2.40760596, 1.40760596, 0.40760596)):
        target = [float(neuron == right) for neuron in range(3)]
        assert loops.sample_loss(row, target, loops.CROSS_ENTROPY) == pytest.approx(value, abs=5e-9)


def test_softmax_of_large_numbers() -> None:
    row = [1000.0, 1001.0, 1002.0]
    loops.softmax(row)
    assert row == pytest.approx([0.09003057, 0.24472847, 0.66524096], abs=5e-9)
    row = [0.0, -2000.0]
    loops.softmax(row)
    assert row == [1.0, 0.0]
    assert loops.sample_loss(row, [0.0, 1.0], loops.CROSS_ENTROPY) == pytest.approx(30 * math.log(10))


@pytest.mark.parametrize("rung", RUNGS)
def test_a_classifier_that_knows_nothing_is_wrong_by_the_logarithm_of_the_classes(rung: Any) -> None:
    codes = ACTIVATIONS["tanh"], loops.SOFTMAX, LOSSES["cross-entropy"]
    nothing = np.zeros((0, 2))
    net = Network((2, 10), *codes, CORNERS, np.eye(10)[[0, 3, 5, 9]], nothing, np.zeros((0, 10)))
    loaded = rung(net)
    loaded.load(np.zeros(net.layout.size))
    assert loaded.loss() == pytest.approx(math.log(10), rel=1e-15)


@pytest.mark.parametrize(
    ("name", "total", "bent"),
    [
        ("tanh", 1.0, 0.7615941559557649),
        ("tanh", 1e200, 1.0),
        ("relu", -3.0, 0.0),
        ("relu", 3.0, 3.0),
        ("sigmoid", 0.0, 0.5),
        ("sigmoid", 1.0, 0.7310585786300049),
        ("sigmoid", -1.0, 0.2689414213699951),
        ("sigmoid", 1e200, 1.0),
        ("sigmoid", -1e200, 0.0),
        ("linear", -3.0, -3.0),
    ],
)
def test_activations(name: str, total: float, bent: float) -> None:
    assert loops.activate(total, ACTIVATIONS[name]) == pytest.approx(bent, rel=1e-15)


def test_the_network_of_lesson_2_begins_at_its_loss() -> None:
    model = model_of({"layers": [2, 2, 1], "seed": 3})
    assert model.loss(model.initial()) == pytest.approx(1.02985, abs=5e-6)


def test_exclusive_or_by_hand() -> None:
    model = by_hand()
    for sample, answer in enumerate((-0.96, 0.95, 0.95, -0.96)):
        seen = model.see(model.initial(), Look(sample))
        assert seen.outputs == pytest.approx((answer,), abs=0.005)
        assert seen.target == tuple(XOR[sample])
        assert seen.verdict == "right"
    assert model.loss(model.initial()) == pytest.approx(0.002, abs=0.0005)
    assert model.reading(model.initial(), Look(), "accuracy") == 1.0
