"""The `[model]` table: every problem in one sentence that says what would be right; weights drawn as promised."""

from __future__ import annotations

import math
import random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nntui.models import DataFacts, kind, names, register
from nntui.models.mlp.network import layout_of
from nntui.models.mlp.table import KEYS, NetworkTable, check
from nntui.models.model import Kind

XOR = DataFacts(2, (1, 2), "xor")
GOOD = {"layers": [2, 4, 2, 1]}


def sentences(table: dict[str, Any], data: DataFacts | None = XOR) -> list[str]:
    return [problem.sentence for problem in check(table, data)]


@pytest.mark.parametrize(
    "table",
    [
        GOOD,
        {"layers": [2, 1]},
        {"layers": [2, 3, 2], "loss": "cross-entropy"},
        {"layers": [2, 3, 2], "loss": "cross-entropy", "output": "softmax"},
        {**GOOD, "activation": "relu", "output": "sigmoid", "seed": 2**32 - 1},
        {"layers": [2, 1], "weights": [[[1, 2.5]]], "biases": [[0]]},
    ],
)
def test_nothing_is_wrong(table: dict[str, Any]) -> None:
    assert sentences(table) == []
    assert np.isfinite(NetworkTable.of(table).initial()).all()


KNOWN = "tanh, relu, sigmoid, linear"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"layers": None}, "model.layers is missing; it lists the sizes, such as layers = [2, 4, 2, 1]"),
        ({"layers": 3}, "model.layers must be a list of whole numbers, such as [2, 4, 2, 1]"),
        ({"layers": [2, True]}, "model.layers must be a list of whole numbers, such as [2, 4, 2, 1]"),
        ({"layers": [2, 1.0]}, "model.layers must be a list of whole numbers, such as [2, 4, 2, 1]"),
        ({"layers": []}, "model.layers must have from 2 to 33 sizes, inputs and outputs counted, not 0"),
        ({"layers": [2]}, "model.layers must have from 2 to 33 sizes, inputs and outputs counted, not 1"),
        ({"layers": [2] * 34}, "model.layers must have from 2 to 33 sizes, inputs and outputs counted, not 34"),
        ({"layers": [2, 0, 1]}, "model.layers must have sizes from 1 to 20,000, not 0"),
        ({"layers": [2, 20_001, 1]}, "model.layers must have sizes from 1 to 20,000, not 20,001"),
        (
            {"layers": [2, 1 << 20_000, 1]},
            "model.layers must have sizes from 1 to 20,000, not a number of more than 18 digits",
        ),
        (
            {"layers": [2, 20_000, 300, 1]},
            "model.layers would make 6,060,601 weights and biases; the limit is 4,000,000",
        ),
        ({"layers": [3, 1]}, "model.layers must begin with 2, the inputs of xor, not 3"),
        ({"layers": [2, 3]}, "model.layers must end with 1 or 2, the outputs for xor, not 3"),
        ({"activation": "tan"}, f"model.activation 'tan' is unknown; it is one of {KNOWN}; did you mean 'tanh'?"),
        ({"activation": "softmax"}, f"model.activation 'softmax' is unknown; it is one of {KNOWN}"),
        ({"output": 3}, f"model.output 3 is unknown; it is one of {KNOWN}, softmax"),
        ({"output": ["tanh"]}, f"model.output a list is unknown; it is one of {KNOWN}, softmax"),
        ({"loss": "mse"}, "model.loss 'mse' is unknown; it is one of mean squared error, cross-entropy"),
        ({"output": "softmax"}, 'model.output "softmax" and loss "cross-entropy" go together'),
        (
            {"layers": [2, 2], "output": "tanh", "loss": "cross-entropy"},
            'model.output "softmax" and loss "cross-entropy" go together',
        ),
        ({"loss": "cross-entropy"}, "model.loss cross-entropy needs an output for each class, not a single one"),
        ({"seed": -1}, "model.seed must be a whole number from 0 to 4,294,967,295, not -1"),
        ({"seed": 2**32}, "model.seed must be a whole number from 0 to 4,294,967,295, not 4,294,967,296"),
        ({"seed": True}, "model.seed must be a whole number from 0 to 4,294,967,295, not true"),
        ({"seed": "7"}, "model.seed must be a whole number from 0 to 4,294,967,295, not '7'"),
        ({"seed": 1.5}, "model.seed must be a whole number from 0 to 4,294,967,295, not 1.5"),
        (
            {"seed": 1 << 20_000},
            "model.seed must be a whole number from 0 to 4,294,967,295, not a number of more than 18 digits",
        ),
        ({"weights": 1}, "model.weights must hold 3 lists, one for each layer after the inputs"),
        ({"biases": [[0.0]]}, "model.biases must hold 3 lists, one for each layer after the inputs"),
        ({"weights": [[], [], []]}, "model.weights[0] must hold 4 rows, one for each neuron, not 0"),
        ({"weights": [[[1]] * 4, [], []]}, "model.weights[0] must hold 2 numbers, not 1"),
        ({"weights": [[1] * 4, [], []]}, "model.weights[0] must hold 2 numbers, not something else than a list"),
        ({"biases": [[0] * 4, [0], [0]]}, "model.biases[1] must hold 2 numbers, not 1"),
        ({"biases": [[0] * 4, [0, math.inf], [0]]}, "model.biases[1] must hold finite numbers only"),
        ({"biases": [[0] * 4, [0, math.nan], [0]]}, "model.biases[1] must hold finite numbers only"),
        ({"biases": [[0] * 4, [0, True], [0]]}, "model.biases[1] must hold finite numbers only"),
        ({"biases": [[0] * 4, [0, "1"], [0]]}, "model.biases[1] must hold finite numbers only"),
        ({"biases": [[0] * 4, [0, 10**400], [0]]}, "model.biases[1] must hold finite numbers only"),
        ({"layer": [2, 1]}, "model.layer is unknown; did you mean 'layers'?"),
        ({"zzz": 1}, "model.zzz is unknown"),
    ],
)
def test_each_problem_is_one_sentence(change: dict[str, Any], sentence: str) -> None:
    assert sentences({**GOOD, **change}) == [sentence]


def test_all_problems_are_told() -> None:
    problems = check({"layers": [2, 0], "seed": -1, "activation": "x", "y": 1}, XOR)
    assert [problem.path for problem in problems] == [("y",), ("layers",), ("activation",), ("seed",)]


def test_without_data_any_sizes_will_do() -> None:
    assert sentences({"layers": [7, 9]}, None) == []


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
)


@given(st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=5), ANYTHING))
def test_no_table_is_too_strange_to_be_checked(table: dict[str, Any]) -> None:
    for sentence in sentences(table):
        assert sentence.startswith("model.")
        assert "\n" not in sentence
        assert "\x1b" not in sentence


@given(st.lists(st.integers(1, 9), min_size=2, max_size=6), st.integers(0, 2**32 - 1))
def test_drawn_weights_are_pythons_own_dice_in_the_order_of_the_loops(sizes: list[int], seed: int) -> None:
    flat = NetworkTable(tuple(sizes), seed=seed).initial()
    layout = layout_of(sizes)
    dice = random.Random(seed)
    for layer in range(len(sizes) - 1):
        reach = min(1.0, math.sqrt(6.0 / (sizes[layer] + sizes[layer + 1])))
        for neuron in range(sizes[layer + 1]):
            for source in range(sizes[layer]):
                drawn = dice.uniform(-reach, reach)
                assert flat[layout.index(f"weights[{layer}][{neuron}][{source}]")] == drawn
            assert flat[layout.index(f"biases[{layer}][{neuron}]")] == 0.0


def test_given_weights_are_taken_to_the_bit() -> None:
    weights, biases = [[[0.1, -1e-320]], [[1 / 3]]], [[-0.0], [5]]
    flat = NetworkTable.of({"layers": [2, 1, 1], "weights": weights, "biases": biases, "seed": 5}).initial()
    assert flat.tobytes() == np.array([0.1, -1e-320, -0.0, 1 / 3, 5.0]).tobytes()


def test_biases_alone_leave_the_weights_drawn() -> None:
    drawn = NetworkTable((2, 1), seed=5).initial()
    both = NetworkTable((2, 1), seed=5, biases=[[3.0]]).initial()
    assert both.tolist() == [*drawn[:2].tolist(), 3.0]


def test_cross_entropy_asks_for_softmax() -> None:
    assert NetworkTable.of({"layers": [2, 2], "loss": "cross-entropy"}).output == "softmax"
    assert NetworkTable.of({"layers": [2, 2]}).output == "tanh"


def test_kinds_are_found_by_name_and_can_be_added_from_outside() -> None:
    assert names() == ("mlp",)
    assert kind("mlp").outputs({"layers": [2, 3]}) == 3
    assert kind("mlp").low({"layers": [2, 3], "output": "sigmoid"}) == 0.0
    assert kind("mlp").low({"layers": [2, 3]}) == -1.0
    with pytest.raises(KeyError):
        kind("nothing")
    take_out = register(Kind("nothing", False, check, kind("mlp").build))
    assert names() == ("mlp", "nothing")
    assert kind("nothing").name == "nothing"
    take_out()
    take_out()
    assert names() == ("mlp",)
