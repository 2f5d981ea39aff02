"""The rooms with a bug: each is wrong by the one line that its table names, and right to the bit once that is mended."""

from __future__ import annotations

import inspect
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from small_networks import CORNERS, XOR, Table, bits, model_of
from test_published_numbers import MAZUR, MAZUR_DATA

from nntui.models.mlp.bugs import bug_1, bug_2, bug_3, rooms
from nntui.models.mlp.bugs.lines import LINES
from nntui.models.mlp.network_model import NetworkModel
from nntui.models.model import Call, FloatArray, Look, ModelError
from nntui.models.plans import GradientPlan, TwistPlan
from nntui.trace.source import read_source

UPDATE = """\
        for neuron in range(len(weights[layer])):
            gradient = total_gradients[layer][neuron]
            for source in range(len(sources)):
                weight_gradient = gradient * sources[source]
                weights[layer][neuron][source] -= learning_rate * weight_gradient
            if train_biases:
                biases[layer][neuron] -= learning_rate * gradient
"""
HAND_BACK = """\
        if layer > 0:
            for source in range(len(sources)):
                handed_back = 0.0
                for neuron in range(len(weights[layer])):
                    handed_back += total_gradients[layer][neuron] * weights[layer][neuron][source]
                total_gradients[layer - 1][source] = handed_back * slope(sources[source], activation)
"""
CLEAR, LOOP = "    clear(weight_gradients, bias_gradients)\n", "    for step in range(steps):\n"
GATHER = "weight_gradients[layer][neuron][source] = gradient * sources[source]"
# What stands in each file, and what would be right in its place.
MENDED: dict[str, tuple[ModuleType, str, str]] = {
    "bug 1": (bug_1, UPDATE + HAND_BACK, HAND_BACK + UPDATE),
    "bug 2": (bug_2, CLEAR + LOOP, LOOP + "    " + CLEAR),
    "bug 3": (bug_3, GATHER, GATHER.replace(" = ", " += ")),
}
NETWORKS: list[dict[str, Any]] = [
    {"layers": [2, 2, 1], "seed": 3},
    {"layers": [2, 3, 2, 1], "seed": 4, "activation": "relu", "output": "linear"},
    {"layers": [2, 4, 1], "seed": 5, "activation": "sigmoid", "output": "sigmoid", "train": "weights"},
]


def plan(rate: float = 0.5, batch: tuple[int, ...] = (2, 0, 3, 1)) -> GradientPlan:
    nothing = np.zeros((0, 1))
    return GradientPlan(np.array(batch), np.array([0, len(batch)]), "sgd", rate, 0.0, 0.0, nothing)


def entered(what: Any, model: NetworkModel, rate: float = 0.5, **look: Any) -> Call:
    return model.call(what, model.initial(), Look(**look), plan(rate, tuple(range(model.samples))))


def mended(what: str, arguments: tuple[Any, ...], model: NetworkModel) -> FloatArray:
    """The parameters after the function of a room with its bug mended."""
    module, wrong, right = MENDED[what]
    source = inspect.getsource(module)
    assert source.count(wrong) == 1
    namespace: dict[str, Any] = {}
    exec(source.replace(wrong, right), namespace)
    namespace[entered(what, model).function.__name__](*arguments)
    return model.network.flat(*arguments[:2])


@pytest.mark.parametrize("what", rooms.ROOMS)
@pytest.mark.parametrize("table", NETWORKS, ids=lambda table: str(table["layers"]))
def test_mended_it_is_the_right_function_to_the_bit(what: str, table: dict[str, Any]) -> None:
    model = model_of(table)
    net, rows = model.network, (CORNERS.tolist(), XOR.tolist())
    bench = rooms.Bench(net, model.initial(), *rows, list(range(4)), 0.5)
    if what == "bug 1":
        bench = rooms.Bench(net, model.initial(), *rows, [0], 0.5)
    right = rooms.right_steps(bench, 2 if what == "bug 2" else 1)
    assert bits(mended(what, entered(what, model).arguments, model)) == bits(right)
    wrong = entered(what, model)
    wrong.function(*wrong.arguments)
    assert bits(net.flat(*wrong.arguments[:2])) != bits(right)


def test_the_first_of_the_steps_of_bug_2_is_right_to_the_bit() -> None:
    model = model_of(NETWORKS[0])
    bench = rooms.Bench(model.network, model.initial(), CORNERS.tolist(), XOR.tolist(), list(range(4)), 0.5)
    arguments = (*entered("bug 2", model).arguments[:-1], 1)
    bug_2.some_steps(*arguments)
    assert bits(model.network.flat(*arguments[:2])) == bits(rooms.right_steps(bench, 1))


@pytest.mark.parametrize("what", rooms.ROOMS)
def test_each_line_that_runs_is_spoken_of_and_the_guilty_ones_are_those_that_mending_moves(what: Any) -> None:
    module, wrong, right = MENDED[what]
    source, lines = read_source(str(module.__file__)), LINES[what]
    texts = [source.line_text(line).strip() for line in sorted(source.executable) if source.function_at(line)]
    assert {*lines.guilty, *lines.innocent} == set(texts)
    assert not set(lines.guilty) & set(lines.innocent)
    for text in lines.guilty:
        assert texts.count(text) == 1
        assert text in wrong
    assert wrong != right


def test_the_widely_copied_result_of_mazurs_example_is_that_of_bug_1() -> None:
    """Matt Mazur, "A Step by Step Backpropagation Example" (2015): 0.291027924, where 0.291027774 is right."""
    case = entered("bug 1", model_of({**MAZUR, "train": "weights"}, MAZUR_DATA)).case
    assert case is not None
    compared = case.compare()
    assert compared.loss_before == pytest.approx(0.298371109, abs=5e-10)
    assert compared.wrong_loss == pytest.approx(0.291027924, abs=5e-10)
    assert compared.right_loss == pytest.approx(0.291027774, abs=5e-10)
    assert compared.address.startswith("weights[0]")


def test_comparing_leaves_the_call_as_it_is() -> None:
    model = model_of(NETWORKS[0])
    for what in rooms.ROOMS:
        call = entered(what, model)
        before = repr(call.arguments)
        assert call.case is not None
        assert call.case.compare() == call.case.compare()
        assert repr(call.arguments) == before


def test_without_its_gradient_plan_it_takes_the_usual_rate_and_few_samples() -> None:
    model = model_of(NETWORKS[0], Table(np.tile(CORNERS, (9, 1)), np.tile(XOR, (9, 1))))
    twists = TwistPlan(np.zeros(1, np.int64), np.zeros(1), np.arange(30), np.array([0, 30]))
    call = model.call("bug 3", model.initial(), Look(), twists)
    assert rooms.LEARNING_RATE in call.arguments
    assert list(range(rooms.FEW)) in call.arguments


@pytest.mark.parametrize(
    ("what", "table", "look", "part"),
    [
        ("bug 1", {"layers": [2, 1]}, {}, "needs a hidden layer"),
        ("bug 1", NETWORKS[0], {"typed": (0.5, 0.5)}, "a step needs a target"),
        ("bug 1", NETWORKS[0], {"sample": 99}, "there is no sample 99"),
    ],
)
def test_where_it_makes_no_sense_it_says_so(what: str, table: Any, look: Any, part: str) -> None:
    with pytest.raises(ModelError, match=part):
        entered(what, model_of(table), **look)


def test_with_one_sample_nothing_is_overwritten() -> None:
    with pytest.raises(ModelError, match="two samples at least"):
        entered("bug 3", model_of(MAZUR, MAZUR_DATA))
