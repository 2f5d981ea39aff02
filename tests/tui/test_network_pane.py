"""The network pane: what it draws of views made by hand, and what clicks and arrow keys stand for."""

from __future__ import annotations

import math
import time
from itertools import pairwise

import pytest
from networks import PLAIN, XOR, drawn, network, pane_of
from textual.geometry import Size

from nntui import messages as m
from nntui.tui.look import Look
from nntui.tui.panes.network import NetworkPane, short, walk
from nntui.tui.panes.network_plan import Form, plan
from nntui.tui.panes.network_scene import element, level, parameters


def ink_of(rows: list[str]) -> int:
    return sum((ord(c) - 0x2800).bit_count() for row in rows for c in row if 0x2800 <= ord(c) < 0x2900)


ONE = network((2, 1), pointed="biases[0][0]")


# ---------------------------------------------------------------- what is drawn


def test_the_whole_network_with_its_numbers():
    rows = drawn(XOR, 78, 18)
    text = "\n".join(rows)
    assert text.count("●") == 9
    assert rows[0].split() == ["inputs", "layer", "0", "layer", "1", "layer", "2"]
    for layer in XOR.layers:
        for neuron in layer.neurons:
            assert short(neuron.value, Look()) in text
    assert "target 1" in text


def test_a_neuron_alone_has_all_its_numbers():
    rows = drawn(ONE, 78, 15)
    text = "\n".join(rows)
    neuron = ONE.layers[1].neurons[0]
    assert f"bias {short(neuron.bias or 0, Look(), True)}" in text
    assert all(short(weight, Look(), True) in text for weight in neuron.weights)


def test_maps_stand_beside_their_neurons():
    look = Look()
    pieces = [piece for row in pane_of(network((2, 4, 2, 1), maps=True), look).draw(78, 18) for piece in row]
    mapped = [text for text, style in pieces if style.bgcolor is not None and style.bgcolor.name in look.ramp]
    assert sum(map(len, mapped)) == 9 * 7 * 3
    assert set("".join(mapped)) == {" ", "▀"}
    glyphs = drawn(network((2, 4, 2, 1), maps=True), 78, 18, PLAIN)
    assert not any("▀" in row for row in glyphs)
    assert any("#" in row for row in glyphs)


def test_a_click_on_a_neuron_puts_what_it_answers_at_hand():
    pane = pane_of(XOR)
    pane.draw(78, 18)
    assert pane.number_at_hand() == XOR.pointed
    laid = pane._plan
    assert laid is not None
    spot, source = laid.layers[2][1], laid.layers[0][1]
    assert pane.clicked(spot.x, spot.y, False) == m.Point("biases[1][1]")
    assert pane.number_at_hand() == "outputs[1][1]"
    pane.show(network((2, 4, 2, 1), pointed="biases[1][1]"))
    assert pane.number_at_hand() == "outputs[1][1]", "the bias is pointed at because of the click"
    pane.arrow("down", False)
    assert pane.number_at_hand() == "biases[1][1]"
    assert pane.clicked(source.x, source.y, False) is None
    assert pane.number_at_hand() == "inputs[1]"
    pane.show(network((2, 4, 2, 1), pointed="weights[0][1][0]"))
    assert pane.number_at_hand() == "weights[0][1][0]"
    pane.draw(78, 18)
    pane.clicked(spot.x, spot.y, False)
    pane.show(network((2, 3, 1), pointed="weights[0][1][0]"))
    assert pane.number_at_hand() == "weights[0][1][0]", "that was another network"


def test_sign_and_size_can_be_seen_without_colour():
    strokes = {
        weight: drawn(network((1, 1), weight, pointed=""), 30, 3, PLAIN)[1][8:19]
        for weight in (-2.0, -0.3, -0.01, 0.01, 0.3, 2.0)
    }
    assert strokes[2.0] == "=" * 11
    assert strokes[0.3] == "-" * 11
    assert strokes[-2.0].strip(" :") == strokes[-0.3].strip(" .") == ""
    assert len(set(strokes.values())) == 6
    amounts = [ink_of(drawn(network((1, 1), weight, pointed=""), 30, 3)) for weight in (0.01, 0.3, 2.0)]
    assert amounts == sorted(set(amounts))
    dashed = ink_of(drawn(network((1, 1), -0.3, pointed=""), 30, 3))
    assert amounts[0] < dashed < amounts[1]


def test_the_edge_in_use_is_drawn_last_and_its_ends_are_lit():
    pane = pane_of(network((2, 4, 2, 1), uses=("weights[0][1][0]", "outputs[1][0]"), pointed=""))
    pieces = [piece for row in pane.draw(78, 18) for piece in row]
    text = "".join(text for text, _ in pieces)
    assert text.count("◉") == 2
    assert "▶" in text
    lit = [text.strip() for text, style in pieces if style == pane.ink.lit]
    first, neuron = pane.view.layers[0].neurons[0], pane.view.layers[1].neurons[1]
    assert lit == [short(first.value, Look()), short(neuron.weights[0], Look(), True)] or lit == [
        short(neuron.weights[0], Look(), True),
        short(first.value, Look()),
    ]
    accent = "".join(text for text, style in pieces if style == pane.ink.accent)
    assert ink_of([accent]) > 10


def test_a_neuron_in_use_is_lit_with_its_output():
    pane = pane_of(network((2, 4, 2, 1), uses=("outputs[0][2]",), pointed=""))
    pieces = [piece for row in pane.draw(78, 18) for piece in row]
    assert "".join(text for text, _ in pieces).count("◉") == 1
    lit = [text for text, style in pieces if style == pane.ink.lit]
    assert lit == [short(pane.view.layers[1].neurons[2].value, Look())]


def test_what_is_pointed_at_carries_its_value():
    view = network((2, 4, 2, 1), pointed="weights[1][1][2]")
    value = short(view.layers[2].neurons[1].weights[2], Look(), True)
    pane = pane_of(view)
    assert (f" {value} ", pane.ink.selected) in [piece for row in pane.draw(78, 18) for piece in row]
    assert "weights" not in pane.title()
    assert f"[{value.replace('−', '-')}]" in "\n".join(drawn(view, 78, 18, PLAIN))
    pane.draw(30, 7)  # no room for it there: then in the title
    assert f"weights[1][1][2] {value}" in pane.title()
    pane = pane_of(network((2, 4, 2, 1), pointed="biases[0][1]"))
    bias = short(pane.view.layers[1].neurons[1].bias, Look(), True)
    assert ("●", pane.ink.selected) in [piece for row in pane.draw(30, 7) for piece in row]
    assert f"biases[0][1] {bias}" in pane.title()


def test_it_says_how_many_are_left_out_and_draws_what_is_marked():
    view = network((64, 3), shown=(12, 3))
    assert "… +53 more" in drawn(view, 60, 13)[-1]  # a row for the names of the layers, and one for this
    pane = pane_of(network((64, 3), uses=("weights[0][2][60]",)))
    rows = ["".join(text for text, _ in row) for row in pane.draw(60, 10)]
    assert "… +55 more" in rows[-1]
    assert "▶" in "\n".join(rows)


def test_targets_of_classes_are_said_once():
    view = network((2, 3))
    view = m.DiagramView(view.layers, view.sample, (0.0, 1.0, 0.0), "")
    assert "\n".join(drawn(view, 60, 12)).count("target") == 1


def test_more_layers_than_room_show_those_around_the_mark():
    view = network((2,) + (1,) * 40 + (1,), pointed="weights[20][0][0]")
    pane = pane_of(view)
    pane.draw(30, 5)
    assert pane._scene is not None
    assert pane._scene.find_edge(element("weights[20][0][0]")) is not None


def test_small_changes_do_not_draw_the_edges_anew():
    pane = pane_of(network((2, 4, 2, 1), 0.3))
    pane.draw(60, 20)
    before = pane._wires
    pane.view = network((2, 4, 2, 1), 0.31)
    pane.draw(60, 20)
    assert pane._wires is before
    pane.view = network((2, 4, 2, 1), -0.31)
    pane.draw(60, 20)
    assert pane._wires is not before


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.0, "0.00"), (-0.001, "0.00"), (-0.51, "−0.51"), (9.999, "10.0"), (-123.4, "−123"), (1e9, "1e9"),
        (1e-9, "0.00"), (math.nan, "nan"), (-math.inf, "−∞"), (1e300, "1e300"),
    ],
)  # fmt: skip
def test_numbers_are_short(value, said):
    assert short(value, Look()) == said


def test_levels_have_the_sign_of_the_weight():
    assert [level(w) for w in (-9.0, -1.0, -0.2, -0.01, 0.01, 0.2, 1.0, math.inf)] == [-4, -3, -2, -1, 1, 2, 3, 4]
    assert level(math.nan) == 0


def test_the_title_says_no_sample_of_what_is_no_sample(monkeypatch):
    monkeypatch.setattr(NetworkPane, "size", Size(80, 17))
    pane = pane_of(ONE)
    pane.draw(78, 15)
    assert pane.title() == "network 2-1 · sample 3"
    pane.view = m.DiagramView(ONE.layers, "typed input", None, "biases[0][0]")
    assert pane.title() == "network 2-1"


# ---------------------------------------------------------------- clicks


def test_a_click_means_the_nearest_edge_or_the_bias_of_a_neuron():
    pane = pane_of(XOR)
    pane.draw(78, 18)
    laid = pane._plan
    assert laid is not None
    for layer in range(1, 4):
        for index, spot in enumerate(laid.layers[layer]):
            assert pane.clicked(spot.x, spot.y, False) == m.Point(f"biases[{layer - 1}][{index}]")
    for source in range(2):
        for index in range(4):
            x0, y0, x1, y1 = laid.edge(1, index, source)
            near = 0.15 if index % 2 else 0.85
            place = (x0 + (x1 - x0) * near) / 2, (y0 + (y1 - y0) * near) / 4
            found = pane.clicked(int(place[0]), int(place[1]), False)
            assert isinstance(found, m.Point)
            assert found.address.startswith("weights[0]")
    assert pane.clicked(0, 17, False) is None


def test_a_click_on_a_written_weight_means_it():
    pane = pane_of(network((2, 2, 1)))
    pane.draw(78, 16)
    laid = pane._plan
    assert laid is not None
    assert sum(map(len, laid.tags)) == 6
    for layer, tags in enumerate(laid.tags):
        for (neuron, source), tag in tags.items():
            expected = m.Point(f"weights[{layer - 1}][{neuron}][{source}]")
            assert pane.clicked(tag.column, tag.row, False) == expected


# ---------------------------------------------------------------- the walk


def pointed_at(view: m.DiagramView, address: str) -> m.DiagramView:
    return m.DiagramView(view.layers, view.sample, view.target, address, view.uses)


@pytest.mark.parametrize("sizes", [(2, 1), (2, 4, 2, 1), (3, 5, 4)])
def test_the_walk_reaches_every_parameter_and_comes_back(sizes):
    view = network(sizes)
    everything = [name for layer in parameters(view) for name in layer]
    assert len(everything) == sum((before + 1) * after for before, after in pairwise(sizes))
    for delta in (1, -1):
        seen, here = [], everything[0]
        for _ in everything:
            seen.append(here)
            here = walk(pointed_at(view, here), delta)
        assert here == everything[0]
        assert set(seen) == set(everything)
    assert walk(pointed_at(view, everything[1]), 1) == everything[2]
    assert walk(pointed_at(view, everything[2]), -1) == everything[1]
    assert walk(pointed_at(view, "learning_rate"), 1) == everything[0]


def test_arrows_walk_within_a_layer_and_along_the_edges():
    def press(address: str, *directions: str) -> str:
        for direction in directions:
            answer = pane_of(pointed_at(XOR, address)).arrow(direction, False)  # type: ignore[arg-type]
            if answer == "done":
                return "done"
            assert isinstance(answer, m.Point)
            address = answer.address
        return address

    assert press("biases[0][0]", "down") == "weights[0][0][0]"
    assert press("weights[0][0][1]", "down") == "biases[0][1]"
    assert press("biases[0][1]", "up") == "weights[0][0][1]"
    assert press("biases[0][0]", "up") == "done"
    assert press("weights[0][3][1]", "down") == "done"
    assert press("weights[0][3][1]", "right") == "weights[1][0][3]"
    assert press("weights[1][0][3]", "left") == "weights[0][3][0]"
    assert press("biases[1][1]", "left") == "biases[0][1]"
    assert press("biases[1][1]", "right") == "biases[2][0]"
    assert press("weights[0][0][0]", "left") == "done"
    assert press("somewhere", "down") == "biases[0][0]"
    reached = {"biases[0][0]"}
    while True:
        more = {press(name, way) for name in reached for way in ("up", "down", "left", "right")} - {"done"}
        if more <= reached:
            break
        reached |= more
    assert reached == {name for layer in parameters(XOR) for name in layer}


def test_what_is_at_hand():
    view = network((2, 2, 1), pointed="weights[1][0][1]")
    pane = pane_of(view)
    pane.draw(60, 12)
    assert pane.number_at_hand() == "weights[1][0][1]"
    assert float(pane.value_at_hand()) == view.layers[2].neurons[0].weights[1]
    pane = pane_of(pointed_at(view, ""))
    assert (pane.number_at_hand(), pane.value_at_hand()) == ("output", "")


@pytest.mark.parametrize("name", ["weights[0]", "biases[1]", "inputs[0][1]", "sin", "", "weights[a][b][c]"])
def test_other_names_are_no_elements(name):
    assert element(name) is None


# ---------------------------------------------------------------- all sizes


@pytest.mark.parametrize("sizes", [(2, 1), (2, 2, 1), (2, 4, 2, 1), (2, 8, 8, 1)])
@pytest.mark.parametrize("maps", [False, True])
def test_neurons_lie_inside_and_apart(sizes, maps):
    for width in range(26, 121, 7):
        for height in range(max(6, *sizes), 50, 3):
            laid = plan(width, height, tuple(Form(n, False, 1.2 if maps else 0.0) for n in sizes), True)
            ends = [0]
            for spots in laid.layers:
                assert spots[0].x >= ends[-1]
                ends.append(spots[0].leave)
                taken: set[int] = set()
                for spot in spots:
                    body = range(spot.map_row, spot.map_row + max(1, spot.map_height))
                    rows = {spot.y, *(body if spot.map_height else ())}
                    rows |= {spot.value.row} if spot.value else set()
                    rows |= {spot.bias.row} if spot.bias else set()
                    assert not rows & taken
                    assert all(0 <= row < height for row in rows)
                    taken |= rows
            assert ends[-1] <= width


def test_it_is_drawn_fast():
    """Not a benchmark: ten times what it takes, so that only a change of kind shows."""
    for sizes, shown, size, limit in (
        ((2, 4, 2, 1), (2, 4, 2, 1), (60, 20), 0.04),
        ((64, 32, 10), (38, 32, 10), (60, 40), 0.1),
    ):
        pane = pane_of(network(sizes, shown=shown))
        pane.draw(*size)
        times = []
        for seed in range(5):
            pane.view = network(sizes, shown=shown, seed=seed)
            begun = time.perf_counter()
            pane.draw(*size)
            times.append(time.perf_counter() - begun)
        assert min(times) < limit
