"""The network as it is drawn: which neurons, their numbers, and what they respond to."""

from itertools import pairwise

import numpy as np
import pytest
from small_networks import CORNERS, XOR, XOR_BY_HAND, Table, by_hand, model_of

from nntui.messages import DiagramView
from nntui.models.model import Look, Marks

FIRST = Look()


def diagram(model, rows=20, pointed="", uses=(), flat=None, look=FIRST):
    flat = model.initial() if flat is None else flat
    view = model.view(flat, look, "diagram", (80, rows), Marks(pointed, tuple(uses)))
    assert isinstance(view, DiagramView)
    return view


def drawn(view):
    return [[neuron.neuron for neuron in layer.neurons] for layer in view.layers]


def test_a_small_network_is_drawn_whole() -> None:
    model = by_hand()
    view = diagram(model, look=Look(1), pointed="weights[0][0][0]")
    assert [layer.size for layer in view.layers] == [2, 2, 1]
    assert drawn(view) == [[0, 1], [0, 1], [0]]
    assert (view.sample, view.target, view.pointed, view.uses) == ("sample 1", (1.0,), "weights[0][0][0]", ())
    outputs = [[-1.0, 1.0], *model.outputs(model.initial(), (-1.0, 1.0))]
    for layer, values in zip(view.layers, outputs, strict=True):
        assert [neuron.value for neuron in layer.neurons] == pytest.approx(values, rel=1e-12)
    assert [(neuron.bias, neuron.weights) for neuron in view.layers[0].neurons] == [(None, ())] * 2
    assert [(neuron.bias, neuron.weights) for neuron in view.layers[2].neurons] == [(-2.0, (2.0, -2.0))]


WIDE = {"layers": [2, 100, 30, 40], "seed": 3}


def wide():
    return model_of(WIDE, Table(CORNERS, np.zeros((4, 40)), classes=()))


def test_of_a_large_layer_the_strongest_are_drawn() -> None:
    model = wide()
    view = diagram(model, rows=7)
    assert [layer.size for layer in view.layers] == [2, 100, 30, 40]
    weights = model.network.weights(model.initial())
    strengths = [np.abs(weights[1]).sum(axis=0), np.abs(weights[2]).sum(axis=0), np.abs(weights[2]).sum(axis=1)]
    for chosen, strength in zip(drawn(view)[1:], strengths, strict=True):
        assert chosen == sorted(np.argsort(-strength)[:7].tolist())
    for (_, before), (layer, after) in pairwise(enumerate(view.layers)):
        sources = [neuron.neuron for neuron in before.neurons]
        for neuron in after.neurons:
            assert neuron.weights == tuple(weights[layer - 1][neuron.neuron, sources].tolist())


def test_there_is_always_one_and_never_more_than_a_screen_holds() -> None:
    assert [len(chosen) for chosen in drawn(diagram(wide(), rows=0))] == [1, 1, 1, 1]
    assert [len(chosen) for chosen in drawn(diagram(wide(), rows=500))] == [2, 64, 30, 40]


@pytest.mark.parametrize("layer", [0, 1, 2])
def test_what_is_pointed_at_or_in_use_is_drawn(layer: int) -> None:
    model = wide()
    shown = drawn(diagram(model, rows=3))
    source, other = (
        next(n for n in range(50) if n not in shown[at]) if layer or at else 0 for at in (layer, layer + 1)
    )
    pointed = f"weights[{layer}][{other}][{source}]"
    view = diagram(model, rows=3, pointed=pointed)
    assert source in drawn(view)[layer]
    assert other in drawn(view)[layer + 1]
    assert [len(chosen) for chosen in drawn(view)] == [2, 3, 3, 3]
    view = diagram(model, rows=3, pointed="weights[0][0][0]", uses=(f"outputs[{layer}][{other}]",))
    assert other in drawn(view)[layer + 1]
    assert view.uses == (f"outputs[{layer}][{other}]",)


def test_names_that_are_no_part_of_it_are_left_out() -> None:
    view = diagram(by_hand(), uses=("inputs[3][1]", "targets[3][0]", "order[2]", "weights[0][1][1]", "nonsense"))
    assert view.uses == ("inputs[1]", "weights[0][1][1]")
    assert drawn(diagram(wide(), rows=2, pointed="outputs[9][9]", uses=("biases[0][99999]", "weights[1]")))


def test_the_maps_show_what_each_neuron_answers() -> None:
    model = by_hand()
    view = diagram(model, rows=8)
    picture = model.view(model.initial(), Look(), "picture", (7, 6))
    assert np.array(view.layers[2].neurons[0].map) == pytest.approx(np.array(picture.rows))
    first, second = (neuron.map for neuron in view.layers[0].neurons)
    assert [row[0] for row in first] == [-1.0] * 6
    assert [row[-1] for row in first] == [1.0] * 6
    assert second[0] == (1.0,) * 7
    x, y = picture.x_range[0], picture.y_range[1]
    corner = model.outputs(model.initial(), (x, y))[0]
    assert [neuron.map[0][0] for neuron in view.layers[1].neurons] == pytest.approx(corner)


def test_there_are_maps_only_where_there_is_room() -> None:
    counts = [[len(neuron.map) for neuron in layer.neurons] for layer in diagram(by_hand(), rows=7).layers]
    assert counts == [[0, 0], [0, 0], [6]]
    with_three_inputs = model_of({"layers": [3, 1]}, Table(np.ones((2, 3)), np.ones((2, 1))))
    assert not diagram(with_three_inputs, rows=60).layers[1].neurons[0].map


@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid", "linear"])
def test_maps_lie_between_minus_one_and_one(activation: str) -> None:
    model = model_of({"layers": [2, 3, 2, 1], "seed": 1, "activation": activation, "output": activation})
    for flat in (model.initial(), 50 * model.initial(), np.full(model.layout.size, 1e300), np.zeros(model.layout.size)):
        for layer in diagram(model, rows=60, flat=flat).layers:
            for neuron in layer.neurons:
                assert np.shape(neuron.map) == (6, 7)
                assert np.abs(neuron.map).max() <= 1.0


def test_softmax_is_mapped_as_twice_its_share_minus_one() -> None:
    data = Table(CORNERS, np.eye(2)[[0, 1, 1, 0]])
    model = model_of({"layers": [2, 2], "seed": 1, "loss": "cross-entropy"}, data)
    one, other = (np.array(neuron.map) for neuron in diagram(model, rows=8).layers[1].neurons)
    assert one + other == pytest.approx(np.zeros((6, 7)))


def test_pixels_are_shown_as_the_weights_that_neurons_give_them() -> None:
    data = Table(np.arange(24.0).reshape(4, 6), XOR, image_shape=(3, 2))
    model = model_of({"layers": [6, 2, 1], "seed": 1}, data)
    view = diagram(model, rows=4)
    weights = model.network.weights(model.initial())[0]
    for row, neuron in zip(weights, view.layers[1].neurons, strict=True):
        assert np.array(neuron.map) == pytest.approx(row.reshape(3, 2) / np.abs(row).max())
    assert not any(neuron.map for layer in diagram(model, rows=3).layers for neuron in layer.neurons)
    assert not view.layers[2].neurons[0].map


def test_a_typed_input_is_drawn_too() -> None:
    view = diagram(model_of(XOR_BY_HAND), look=Look(typed=(0.5, 0.25)))
    assert (view.sample, view.target) == ("typed input", None)
    assert [neuron.value for neuron in view.layers[0].neurons] == [0.5, 0.25]
