"""What a network tells of itself: why a number is what it is, what it sees, its readings, its pictures."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_networks import CORNERS, XOR, XOR_BY_HAND, Table, by_hand, model_of

from nntui.messages import BarsView, CurvesView, MapView, NetworkView, Why
from nntui.models.mlp import loops
from nntui.models.mlp.network import ACTIVATIONS, OUTPUTS
from nntui.models.model import Look, ModelError
from nntui.models.plans import TwistPlan

DIGIT_LIKE = Table(
    np.random.Generator(np.random.Philox(1)).random((6, 6)), np.eye(3)[[0, 1, 2, 2, 1, 0]], "three shapes",
    ("a", "b", "c"), 0.5, (2, 3),
)  # fmt: skip
CLASSES = {"layers": [6, 4, 3], "loss": "cross-entropy", "seed": 1}


def added(why: Why) -> float:
    """The terms of a sum, added from the first to the last."""
    total = why.terms[0].value
    for term in why.terms[1:]:
        total += term.value
    return total


@given(
    st.lists(st.integers(1, 6), min_size=1, max_size=4), st.sampled_from(sorted(ACTIVATIONS)),
    st.sampled_from(sorted(OUTPUTS)), st.integers(0, 999), st.data(),
)  # fmt: skip
def test_the_terms_add_up_exactly(hidden: list[int], activation: str, output: str, seed: int, data: Any) -> None:
    sizes = [2, *hidden]
    loss = "cross-entropy" if output == "softmax" else "mean squared error"
    targets = np.eye(sizes[-1])[[0, 0, 0, 0]]
    table = {"layers": sizes, "activation": activation, "output": output, "loss": loss, "seed": seed}
    model = model_of(table, Table(CORNERS, targets, classes=()))
    flat, look = model.initial(), Look(data.draw(st.integers(0, 3)))
    outputs = model.outputs(flat, model.looked_at(look)[0])
    for layer, row in enumerate(outputs):
        for neuron, value in enumerate(row):
            why = model.why(flat, look, f"outputs[{layer}][{neuron}]")
            assert why.value == value == model.reading(flat, look, why.name)
            assert added(why) == why.of
            rule = output if layer == len(outputs) - 1 else activation
            if rule != "softmax":
                assert loops.activate(why.of, OUTPUTS[rule]) == value
            assert why.rule == ("" if rule == "linear" else f"{rule} of")
            for term in why.terms[1:]:
                (address, weight), (source, heard) = term.factors
                assert weight * heard == term.value
                assert weight == model.reading(flat, look, address)
                assert heard == model.why(flat, look, source).value
            assert why.terms[0].value == model.reading(flat, look, why.terms[0].name)


def test_why_a_sample_is_wrong_by_so_much() -> None:
    model = by_hand()
    flat = model.initial()
    for sample in range(4):
        why = model.why(flat, Look(sample), "sample loss")
        answer = model.see(flat, Look(sample)).outputs
        assert added(why) == why.of == why.value == loops.sample_loss(answer, tuple(XOR[sample]), 0)


def test_why_two_outputs_are_wrong_by_so_much() -> None:
    model = model_of({"layers": [2, 3, 3], "seed": 4}, Table(CORNERS, np.ones((4, 3)), classes=()))
    why = model.why(model.initial(), Look(1), "error")
    assert why.rule == "the sum divided by 3, of"
    assert added(why) == why.of
    assert why.of / 3 == why.value == loops.sample_loss(model.see(model.initial(), Look(1)).outputs, [1.0] * 3, 0)


def test_why_cross_entropy() -> None:
    model = model_of(CLASSES, DIGIT_LIKE)
    flat = model.initial()
    why = model.why(flat, Look(3), "sample loss")
    assert (why.rule, why.note) == ("minus the logarithm of", "It is outputs[1][2].")
    assert why.value == -math.log(why.of)
    assert why.of == model.reading(flat, Look(3), "output[2]")


def test_why_cross_entropy_of_targets_between_the_classes() -> None:
    between = Table(CORNERS, np.array([[0.25, 0.75]] * 4), "between", ())
    model = model_of({"layers": [2, 2], "loss": "cross-entropy", "seed": 1}, between)
    why = model.why(model.initial(), Look(1), "sample loss")
    answer = model.see(model.initial(), Look(1)).outputs
    assert why.value == loops.sample_loss(answer, [0.25, 0.75], loops.CROSS_ENTROPY)
    assert (why.rule, why.of, added(why)) == ("minus", -why.value, pytest.approx(-why.value))


@pytest.mark.parametrize("model", [by_hand(), model_of(CLASSES, DIGIT_LIKE)])
def test_the_loss_is_the_mean_of_its_samples_the_worst_first(model: Any) -> None:
    flat = model.initial()
    why = model.why(flat, Look(), "loss")
    values = [term.value for term in why.terms]
    assert values == sorted(values, reverse=True)
    assert why.of == pytest.approx(sum(values))
    assert why.value == model.loss(flat) == pytest.approx(why.of / len(values))
    for term in why.terms:
        sample = int(term.name.removeprefix("sample "))
        assert model.why(flat, Look(sample), "sample loss").value == pytest.approx(term.value)


@pytest.mark.parametrize("model", [by_hand(), model_of(CLASSES, DIGIT_LIKE)])
@pytest.mark.parametrize("look", [Look(), Look(2)])
def test_each_sample_of_a_loss_can_be_opened_down_to_its_inputs(model: Any, look: Look) -> None:
    """Whatever is looked at: the names lead on within the sample, and the numbers are those of that sample."""
    flat, last = model.initial(), len(model.network.sizes) - 2
    for sample in range(model.samples):
        why, same = (model.why(flat, where, name) for where, name in (
            (look, f"sample {sample}"), (Look(sample), "sample loss"),
        ))  # fmt: skip
        assert (why.name, why.value, why.of) == (f"sample {sample}", same.value, same.of)
        assert f"sample {sample} outputs[{last}][" in why.note + "".join(term.name for term in why.terms)
        names = [f"sample {sample} output"]
        for name in names:
            why = model.why(flat, look, name)
            same = model.why(flat, Look(sample), name.removeprefix(f"sample {sample} "))
            assert why.value == same.value
            assert why.name == f"sample {sample} {same.name}"
            names += [term.name for term in why.terms[1:2]]
            assert [term.factors[0] for term in why.terms[1:]] == [term.factors[0] for term in same.terms[1:]]
        assert names[-1] == f"sample {sample} inputs[0]"


def test_an_input_is_made_by_nothing() -> None:
    why = by_hand().why(by_hand().initial(), Look(1), "inputs[0]")
    assert (why.value, why.of, why.terms) == (-1.0, -1.0, ())


INPUTS, OUTPUTS_TO = "inputs go from inputs[0] to inputs[1]", "outputs go from outputs[0][0] to outputs[1][0]"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("inputs[2]", f"there is no inputs[2]; the {INPUTS}"),
        ("inputs[-1]", f"there is no inputs[-1]; the {INPUTS}"),
        ("inputs[²]", f"there is no inputs[²]; the {INPUTS}"),
        ("inputs[" + "9" * 5000 + "]", f"there is no inputs[{'9' * 33}; the {INPUTS}"),
        ("inputs[", f"there is no inputs[; the {INPUTS}"),
        ("outputs[2][0]", f"there is no outputs[2][0]; {OUTPUTS_TO}"),
        ("outputs[1][1]", f"there is no outputs[1][1]; {OUTPUTS_TO}"),
        ("output[1]", f"there is no output[1]; {OUTPUTS_TO}"),
        ("outputs[1]", f"there is no value 'outputs[1]'; {OUTPUTS_TO}"),
        ("outputs[٣][0]", f"there is no value 'outputs[٣][0]'; {OUTPUTS_TO}"),
        ("sample 4", "there is no sample 4; they go from 0 to 3"),
        ("sample 999999999 output", "there is no sample 999,999,999; they go from 0 to 3"),
        ("sample 3 output[1]", f"there is no output[1]; {OUTPUTS_TO}"),
        ("sample 3 inputs[2]", f"there is no inputs[2]; the {INPUTS}"),
        ("sample 3 noise", f"there is no value 'sample 3 noise'; {OUTPUTS_TO}"),
        ("sample -1", f"there is no value 'sample -1'; {OUTPUTS_TO}"),
        ("nonsense", f"there is no value 'nonsense'; {OUTPUTS_TO}"),
    ],
)
def test_why_of_what_is_not_there(name: str, sentence: str) -> None:
    model = by_hand()
    with pytest.raises(ModelError) as caught:
        model.why(model.initial(), Look(), name)
    assert str(caught.value) == sentence


def test_readings() -> None:
    model = by_hand()
    flat = model.initial()
    for name in model.reading_names():
        value = model.reading(flat, Look(), name)
        assert math.isnan(value) == name.startswith("test_")
    assert model.reading(flat, Look(2), "output") == model.see(flat, Look(2)).outputs[0]
    assert model.reading(flat, Look(), "weights[1][0][1]") == -2.0
    assert model.reading(flat, Look(), "biases[1][0]") == -2.0
    with pytest.raises(ModelError, match=r"^there is no parameter 'kept'; they go from"):
        model.reading(flat, Look(), "kept")
    with pytest.raises(ModelError, match=r"^there is no value 'outputs'; outputs go from"):
        model.reading(flat, Look(), "outputs")


def test_regression_has_no_accuracy() -> None:
    model = model_of({"layers": [2, 1]}, Table(CORNERS, XOR, "heights", ()))
    assert "accuracy" not in model.reading_names()
    with pytest.raises(ModelError, match=r"^there is no accuracy: heights has no classes$"):
        model.reading(model.initial(), Look(), "accuracy")
    assert math.isnan(model.accuracy(model.initial()))
    assert model.see(model.initial(), Look()).verdict == ""


def test_test_readings() -> None:
    data = Table(CORNERS, XOR, test_inputs=CORNERS[:1], test_targets=-XOR[:1])
    model = model_of(XOR_BY_HAND, data)
    flat = model.initial()
    assert model.reading(flat, Look(), "test_accuracy") == 0.0
    assert model.reading(flat, Look(), "test_loss") == pytest.approx((0.96 + 1) ** 2, abs=0.02)
    assert model.describe() == ("2-2-1 tanh", "4 samples of corners-xor, 1 more to test")


def test_a_typed_input_that_is_a_sample_has_its_target() -> None:
    model = by_hand()
    flat = model.initial()
    same = model.see(flat, Look(typed=(1.0, -1.0)))
    assert (same.name, same.target, same.verdict, same.outputs) == (
        "typed input", (1.0,), "right", model.see(flat, Look(2)).outputs,
    )  # fmt: skip
    other = model.see(flat, Look(typed=(0.5, -1.0)))
    assert (other.target, other.verdict) == (None, "")
    with pytest.raises(ModelError, match=r"^a typed input that is no sample has no target, and so no loss$"):
        model.why(flat, Look(typed=(0.5, -1.0)), "sample loss")


@pytest.mark.parametrize(
    ("look", "sentence"),
    [
        (Look(4), "there is no sample 4; they go from 0 to 3"),
        (Look(-1), "there is no sample -1; they go from 0 to 3"),
        (Look(typed=(1.0,)), "input needs 2 numbers for this network, not 1"),
    ],
)
def test_looks_that_do_not_fit(look: Look, sentence: str) -> None:
    with pytest.raises(ModelError) as caught:
        by_hand().see(by_hand().initial(), look)
    assert str(caught.value) == sentence


def answering(*answer: float, target: tuple[float, ...], threshold: float = 0.0, classes: tuple[str, ...]) -> Any:
    """A network that gives one answer to everything: all weights 0, linear, the answer its biases."""
    size = len(answer)
    table = {"layers": [2, size], "output": "linear", "weights": [[[0, 0]] * size], "biases": [list(answer)]}
    data = Table(CORNERS[:1], np.array([target]), classes=classes, threshold=threshold)
    return model_of(table, data)


@pytest.mark.parametrize(
    ("answer", "target", "threshold", "verdict"),
    [
        ((0.1,), (1.0,), 0.0, "right"),
        ((-0.1,), (1.0,), 0.0, "wrong"),
        ((-0.1,), (-1.0,), 0.0, "right"),
        ((0.1,), (0.0,), 0.5, "right"),
        ((0.6,), (0.0,), 0.5, "wrong"),
        ((0.6,), (1.0,), 0.5, "right"),
        ((0.9, 0.95), (1.0, 0.0), 0.0, "wrong"),
        ((-0.2, -0.3), (1.0, 0.0), 0.0, "right"),
        ((0.1, 0.3, 0.2), (0.0, 1.0, 0.0), 0.0, "right"),
        ((math.pi, 0.3, 0.2), (0.0, 1.0, 0.0), 0.0, "wrong"),
    ],
)
def test_right_and_wrong(answer: Any, target: Any, threshold: float, verdict: str) -> None:
    classes = ("a", "b", "c")[: max(2, len(answer))]
    model = answering(*answer, target=target, threshold=threshold, classes=classes)
    flat = model.initial()
    seen = model.see(flat, Look())
    assert seen.verdict == verdict
    assert model.accuracy(flat) == (verdict == "right")
    assert seen.answer == ("" if len(answer) == 1 else classes[answer.index(max(answer))])
    picture = model.view(flat, Look(), "picture", (10, 5))
    if isinstance(picture, MapView):
        assert [right for *_, right in picture.points] == [verdict == "right"]
        assert (picture.wrong, picture.shown) == (int(verdict == "wrong"), 1)
    if isinstance(picture, BarsView):
        assert (picture.answer, picture.verdict) == (seen.answer, verdict)


def test_the_network_as_a_table() -> None:
    model = by_hand()
    view = model.view(model.initial(), Look(1), "network", (80, 24))
    assert isinstance(view, NetworkView)
    assert (view.sizes, view.activation, view.output_activation, view.loss) == (
        (2, 2, 1), "tanh", "tanh", "mean squared error",
    )  # fmt: skip
    assert (view.inputs, view.target, view.left_out) == ((-1.0, 1.0), (1.0,), 0)
    outputs = model.outputs(model.initial(), (-1.0, 1.0))
    assert [neuron.output for neuron in view.neurons] == [*outputs[0], *outputs[1]]
    assert view.neurons[2].weights == (2.0, -2.0)
    assert view.neurons[2].bias == -2.0


def test_a_long_table_is_cut_and_says_so() -> None:
    model = model_of({"layers": [2, 250, 1]})
    view = model.view(model.initial(), Look(), "network", (80, 24))
    assert isinstance(view, NetworkView)
    assert (len(view.neurons), view.left_out) == (200, 51)


def test_the_map_shows_what_the_network_answers() -> None:
    model = by_hand()
    view = model.view(model.initial(), Look(), "picture", (29, 15))
    assert isinstance(view, MapView)
    assert (len(view.rows), {len(row) for row in view.rows}) == (15, {29})
    assert view.x_range == view.y_range == pytest.approx((-1.4, 1.4))
    top_right = model.see(model.initial(), Look(typed=(view.x_range[1], view.y_range[1]))).outputs[0]
    assert view.rows[0][-1] == pytest.approx(top_right, rel=1e-12)
    top_left = model.see(model.initial(), Look(typed=(view.x_range[0], view.y_range[1]))).outputs[0]
    assert view.rows[0][0] == pytest.approx(top_left, rel=1e-12)
    assert [point[:3] for point in view.points] == [(*xy, t) for xy, (t,) in zip(CORNERS, XOR, strict=True)]
    assert all(right for *_, right in view.points)
    assert view.share_above == np.mean([value > 0.0 for row in view.rows for value in row])


def test_one_input_is_a_curve() -> None:
    data = Table(np.array([[1.0], [0.0]]), np.array([[5.0], [3.0]]), "line", ())
    model = model_of({"layers": [1, 1], "output": "linear", "weights": [[[2.0]]], "biases": [[3.0]]}, data)
    view = model.view(model.initial(), Look(), "picture", (20, 5))
    assert isinstance(view, CurvesView)
    curve, samples = view.curves
    assert [2.0 * x + 3.0 for x in curve.x] == pytest.approx(curve.y)
    assert (samples.x, samples.y) == ((0.0, 1.0), (3.0, 5.0))


def test_many_inputs_are_scores_and_an_image() -> None:
    model = model_of(CLASSES, DIGIT_LIKE)
    view = model.view(model.initial(), Look(2), "picture", (20, 5))
    assert isinstance(view, BarsView)
    assert (view.names, view.target) == (("a", "b", "c"), "c")
    assert sum(view.values) == pytest.approx(1.0)
    assert np.array_equal(view.image, DIGIT_LIKE.inputs[2].reshape(2, 3))


def test_the_walked_calls_are_the_taught_functions_on_lists_of_their_own() -> None:
    model = by_hand()
    flat = model.initial()
    plan = TwistPlan(np.array([8]), np.array([0.5]), np.array([3, 0]), np.array([0, 2]))
    call = model.call("predict", flat, Look(1), plan)
    assert call.function is loops.predict
    assert tuple(call.function(*call.arguments)) == model.see(flat, Look(1)).outputs
    call = model.call("training", flat, Look(), plan)
    assert call.function is loops.try_a_twist
    rung = model.rungs["loops"].make()  # type: ignore[misc]
    rung.load(flat)
    work = rung.start(plan)
    work.run(float("inf"))
    assert call.function(*call.arguments) == (work.outcome.before[0], work.outcome.after[0])
    assert flat.tolist() == model.initial().tolist()


def test_the_loss_of_much_data_comes_by_arrays_and_is_nearly_the_same() -> None:
    many = np.random.Generator(np.random.Philox(3)).uniform(-1, 1, (2000, 2))
    model = model_of({"layers": [2, 4, 1], "seed": 1}, Table(many, np.sign(many[:, :1]), "many"))
    rung = model.rungs["loops"].make()  # type: ignore[misc]
    rung.load(model.initial())
    assert model.loss(model.initial()) == pytest.approx(rung.loss(), rel=1e-12)


def test_the_ladder_says_what_each_rung_is() -> None:
    rungs = model_of(XOR_BY_HAND, precision=32).rungs
    assert list(rungs) == ["loops", "numpy", "numba", "numba-simd", "numba-parallel", "numba-fused", "numba-generated"]
    assert [rung.precision for rung in rungs.values()] == [64, 32, 32, 32, 32, 32, 32]
    assert [name for name, rung in rungs.items() if rung.traced] == ["loops"]
    assert [name for name, rung in rungs.items() if rung.exact] == ["loops", "numba"]
    assert all(rung.trick and rung.file and rung.file().is_file() for rung in rungs.values())
    assert rungs["loops"].note == "Python's own floats have 64 bits; loops computes in those."
    assert model_of(XOR_BY_HAND).rungs["loops"].note == ""
    for info in rungs.values():
        rung = info.make()  # type: ignore[misc]
        rung.load(model_of(XOR_BY_HAND).initial())
        assert rung.loss() == pytest.approx(0.002, abs=0.0005)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_weights_are_finite(value: float) -> None:
    assert by_hand().allowed(0, value) == "a weight must be a finite number"
    assert by_hand().allowed(0, -1e308) == ""
