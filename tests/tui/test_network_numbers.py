"""The network pane: every number that stands there is one of the network, at every size."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st
from networks import XOR, drawn, looks, network, pane_of, views

from nntui import messages as m
from nntui.tui.look import Look
from nntui.tui.panes.network import short, walk
from nntui.tui.panes.network_scene import parameters
from nntui.tui.rows import Row


def numbers_in(rows: list[Row]) -> list[str]:
    """Whatever has a digit in it, as one reads it: up to the next blank or neuron, without the brackets of a tag."""
    text = "\n".join("".join(text for text, _ in row) for row in rows)
    words = re.split(r"[\s●◉o@\[\]]", re.sub(r"(?<!\S)layer \d+(?!\S)", "", text))
    return [word for word in words if re.search(r"\d", word)]


def sayable(view: m.DiagramView, look: Look) -> set[str]:
    """All numbers of a view as they are written."""
    said = {f"+{layer.size - n:,}" for layer in view.layers for n in range(layer.size)}
    said |= {f"{wanted:g}".replace("-", look.shapes.minus) for wanted in view.target or ()}
    for layer in view.layers:
        for neuron in layer.neurons:
            signed = [value for value in (*neuron.weights, neuron.bias) if value is not None]
            said |= {short(neuron.value, look), *(short(value, look, True) for value in signed)}
    return said


large = st.floats(-3, 3) | st.floats(-2000, 2000)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.integers(1, 6), min_size=2, max_size=5), st.data(), st.integers(20, 90), st.integers(3, 30), looks
)  # fmt: skip
def test_every_number_that_is_drawn_is_one_of_the_network(sizes, data, width, height, look):
    """No number is ever covered in part by another text: what is left of it would be a wrong number."""
    view = network(tuple(sizes), maps=data.draw(st.booleans()), seed=data.draw(st.integers(0, 9)))
    names = [name for layer in parameters(view) for name in layer]
    pointed, used = data.draw(st.sampled_from(names)), data.draw(st.sampled_from([*names, "outputs[0][0]"]))
    scale = data.draw(large)
    layers = tuple(
        m.DrawnLayer(
            layer.size,
            tuple(
                m.DrawnNeuron(
                    n.neuron, n.value * scale, None if n.bias is None else n.bias * scale,
                    tuple(weight * scale for weight in n.weights), n.map,
                )
                for n in layer.neurons
            ),
        )
        for layer in view.layers
    )  # fmt: skip
    pane = pane_of(m.DiagramView(layers, "typed input", (scale,) * sizes[-1], pointed, (used,)), look)
    rows = pane.draw(width, height)
    assert not set(numbers_in(rows)) - sayable(pane.view, look)
    pointed_value = short(float(pane.value_at_hand()), look, True)
    tags = [text.strip(" []") for row in rows for text, style in row if style == pane.ink.selected]
    assert any(tag.removeprefix("bias ") == pointed_value for tag in tags) or pane._untold.endswith(pointed_value)


def test_what_is_pointed_at_covers_no_number():
    """As a learner found it: a tag in the middle of its edge cut the number of a neuron."""
    for width in range(24, 80, 5):
        for height in range(5, 20, 2):
            for at in range(12):
                view = network((2, 4, 2, 1), pointed=parameters(XOR)[0][at])
                assert set(numbers_in(pane_of(view).draw(width, height))) <= sayable(view, Look())


def test_a_tag_fits_between_its_neurons_with_and_without_colour():
    view = network((2, 2, 1), pointed="weights[0][0][0]")
    value = short(view.layers[1].neurons[0].weights[0], Look(), True)
    assert f" {value} " in "\n".join(drawn(view, 34, 7))
    assert f"[{value}]" in "\n".join(drawn(view, 34, 7, Look(depth=0)))


@settings(max_examples=150, deadline=None)
@given(views(), st.integers(1, 120), st.integers(1, 50), looks)
def test_no_view_and_no_size_is_too_much(view, width, height, look):
    pane = pane_of(view, look)
    rows = pane.draw(width, height)
    assert len(rows) == height
    assert all(sum(len(text) for text, _ in row) == width for row in rows)
    assert not set(numbers_in(rows)) - sayable(view, look)
    pane.title()
    pane.number_at_hand()
    pane.value_at_hand()
    for way in ("up", "down", "left", "right"):
        pane.arrow(way, False)  # type: ignore[arg-type]
    walk(view, 1)
    for place in ((0, 0), (width // 2, height // 2), (width - 1, height - 1)):
        pane.clicked(*place, False)
