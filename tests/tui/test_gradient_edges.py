"""The gradient on the network's edges: sign and size are seen, the numbers are told, the title says what it is."""

from __future__ import annotations

import msgspec
import pytest
from networks import PLAIN, XOR, drawn, pane_of

from nntui import messages as m
from nntui.tui.look import Look
from nntui.tui.panes.network_labels import slight
from nntui.tui.panes.network_scene import Scene


def with_gradient(largest: float = 0.02, pointed: str = "weights[0][0][0]") -> m.DiagramView:
    """The edges of XOR: the first weight of each neuron has the largest gradient, the second a tenth, with a minus."""
    layers = []
    for number, layer in enumerate(XOR.layers):
        neurons = []
        for neuron in layer.neurons:
            gradients = tuple(largest * (-0.1) ** source for source in range(len(neuron.weights)))
            neurons.append(
                msgspec.structs.replace(neuron, gradients=gradients, bias_gradient=-largest / 2 if number else None)
            )
        layers.append(m.DrawnLayer(layer.size, tuple(neurons)))
    return msgspec.structs.replace(XOR, layers=tuple(layers), drawn="gradient", pointed=pointed)


@pytest.mark.parametrize("largest", [1e-9, 0.02, 1e6])
def test_the_largest_is_a_strong_line_however_small_it_is(largest: float) -> None:
    edges = Scene(with_gradient(largest), 60, 20).edges
    by_source = {source: strength for _, _, source, strength in edges}
    assert by_source[0] == 4
    assert by_source[1] == -2
    assert by_source[2] == 1


@pytest.mark.parametrize(
    ("pointed", "said"), [("weights[0][0][0]", "+0.02"), ("weights[0][0][1]", "−0.002"), ("biases[0][1]", "−0.01")]
)
def test_the_number_at_the_parameter_pointed_at_is_that_of_the_gradient(pointed: str, said: str) -> None:
    pane = pane_of(with_gradient(pointed=pointed))
    text = "\n".join("".join(part for part, _ in row) for row in pane.draw(90, 30))
    assert said in text + pane.title()


def test_the_title_says_that_it_is_the_gradient() -> None:
    assert pane_of(with_gradient()).title().startswith("gradient")
    assert not pane_of(XOR).title().startswith("gradient")


def test_what_is_copied_is_the_weight_itself() -> None:
    pane = pane_of(with_gradient())
    pane.draw(60, 20)
    assert pane.value_at_hand() == repr(XOR.layers[1].neurons[0].weights[0])


def test_nothing_changes_where_there_is_no_gradient_yet() -> None:
    flat = with_gradient(0.0)
    assert all(abs(strength) <= 1 for *_, strength in Scene(flat, 60, 20).edges)
    assert drawn(flat, 38, 10, PLAIN)


@pytest.mark.parametrize(
    ("value", "said"),
    [(0.0123, "+0.012"), (-3.3e-5, "−3.3e−5"), (0.0, "0"), (-0.5, "−0.5"), (2.5, "+2.50"), (1e-12, "+1e−12")],
)
def test_a_slight_number_has_two_digits_that_count(value: float, said: str) -> None:
    assert slight(value, Look()) == said
