"""The graph pane: what it draws of views made by hand, and what clicks, the wheel and keys stand for."""

from __future__ import annotations

import math
import types
from itertools import pairwise

import msgspec
import pytest
from graphs import (
    BACKWARD,
    FORWARD,
    HANDED_ON,
    PLAIN,
    Lone,
    drawn,
    large,
    leaf,
    looks,
    pane_of,
    pointing,
    view,
    views,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.geometry import Size

from nntui import messages as m
from nntui.sentences.numbers import Voice
from nntui.tui.actions import FINE, TURN
from nntui.tui.look import THEMES, Look
from nntui.tui.panes.graph_plan import TALL, apart
from nntui.tui.panes.pane import DONE

SIZES = [(42, 15), (42, 9), (62, 25), (78, 19), (158, 42)]


def pieces(pane: Lone, width: int = 78, height: int = 19) -> list[tuple[str, object]]:
    return [piece for row in pane.draw(width, height) for piece in row]


def styled(pane: Lone, style: object) -> str:
    return "".join(text for text, found in pieces(pane) if found == style)


# ---------------------------------------------------------------- what is drawn


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_whole_of_a_small_graph_is_there_at_every_size(width: int, height: int) -> None:
    text = "\n".join(drawn(BACKWARD, width, height))
    if height > 9:
        for name in ("a─", "╔b═", "╭c─", "╭d─", "+33", "+11", "+2", "+1", " 6 ", " 12 ", " 18 "):
            assert name in text
    assert "a gets slope 3 × 8 = 24; held 9, now 33" in text


def test_before_a_backward_pass_there_are_no_gradients_and_what_is_not_known_is_asked_for() -> None:
    text = "\n".join(drawn(FORWARD, 78, 19))
    assert "grad" not in text
    assert text.count("?│") + text.count("? │") == 2
    assert "a * b = 2 × −3 = −6" in text
    assert "▶tanh(c)" in text
    assert "╔a * b═" in text


def test_gradients_are_named_where_there_is_room_the_same_in_all_boxes() -> None:
    assert "\n".join(drawn(BACKWARD, 158, 42)).count("gradient +") == 4
    assert "\n".join(drawn(BACKWARD, 78, 19)).count("grad +") == 4
    assert "grad " not in "\n".join(drawn(BACKWARD, 42, 15)).replace("gradient 8", "")


def test_the_edges_in_use_are_lit_with_their_slopes() -> None:
    pane = pane_of(BACKWARD)
    assert styled(pane, pane.ink.lit).split() == ["+3.00"]  # that of the constant nobody asks for
    assert styled(pane, pane.ink.accent).count("◀") == 2
    forwards = pane_of(FORWARD)
    assert styled(forwards, forwards.ink.accent).count("▶") == 3  # two heads, and the node that comes next
    assert styled(forwards, forwards.ink.lit) == ""


def test_where_lines_are_walked_only_the_edge_of_the_parent_in_hand_is_lit() -> None:
    def walked(parent: int) -> Lone:
        pane = pane_of(msgspec.structs.replace(BACKWARD, direction="forward", in_hand=5, parent_in_hand=parent))
        pane.status = types.SimpleNamespace(walking="backward")  # type: ignore[assignment]
        return pane

    assert styled(walked(2), Look().ink.accent).count("◀") == 1
    assert styled(walked(-1), Look().ink.accent).count("◀") == 2
    text = "".join(text for text, _ in pieces(walked(2)))
    assert "▶d══" in text
    assert "▶a" not in text
    assert "d = 18, gradient 1" in text


def test_what_the_line_about_to_run_hands_on_is_told() -> None:
    walked = msgspec.structs.replace(BACKWARD, in_hand=2, parent_in_hand=1)
    assert "a is to get slope 3 × 11 = 33; holds 33" in "\n".join(drawn(walked, 78, 19))
    twice = m.GraphNode(1, "d", "*", (0, 0), 9.0, 1.0, 1, 0, (3.0, 3.0))
    seen = view((leaf(0, "a", 3.0, 0.0, 0), twice), direction="backward", in_hand=1, parent_in_hand=0)
    assert "is to get" not in "\n".join(drawn(seen, 78, 19)), "which of the two times is not known"


def test_signs_have_their_colours_and_their_signs() -> None:
    nodes = (leaf(0, "a", -2.0, -0.5, 0), m.GraphNode(1, "b", "negate", (0,), 2.0, 0.5, 1, 0, (-1.0,)))
    pane = pane_of(view(nodes, direction="backward", at=1, passes=1))
    assert "−0.5" in styled(pane, pane.ink.minus)
    assert "+0.5" in styled(pane, pane.ink.plus)
    assert styled(pane, pane.ink.lit).split() == ["−1.00"]


def test_a_node_that_uses_another_twice_has_two_edges() -> None:
    twice = view(
        (leaf(0, "a", 3.0, 0.0, 0), m.GraphNode(1, "b", "*", (0, 0), 9.0, 1.0, 1, 0, (3.0, 3.0))), at=1,
        direction="backward", passes=1,
    )  # fmt: skip
    pane = pane_of(twice)
    pane.draw(78, 19)
    assert pane._plan is not None
    assert pane._plan.edge(0, 1, 0, 2) != pane._plan.edge(0, 1, 1, 2)


def test_without_colour_and_braille_it_says_the_same() -> None:
    rows = drawn(BACKWARD, 78, 19, PLAIN)
    text = "\n".join(rows)
    assert text.isascii()
    assert "#b==" in text
    assert ">a--" in text
    assert "a gets slope 3 * 8 = 24; held 9, now 33" in text
    assert "[c]" in "\n".join(drawn(pointing(BACKWARD, 4), 78, 19, PLAIN))


def test_a_number_stands_in_the_box_of_what_uses_it() -> None:
    b = m.GraphNode(2, "b", "*", (1,), 6.0, 3.0, 1, 0, (3.0,), numbers=("3", ""))
    half = m.GraphNode(4, "b / 2", "/", (2,), 3.0, 1.0, 2, 0, (0.5,), numbers=("", "2"))
    seen = view((leaf(1, "a", 2.0, 9.0, 0), b, half), "b / 2", pointed=2, numbers=2)
    text = "\n".join(drawn(seen, 40, 9))
    assert "╭b─────3*╮" in text
    assert "╭b / 2──/╮" in text
    assert "* of 3, a" in text
    narrow = (seen.nodes[0], msgspec.structs.replace(b, numbers=("3.125", "")))
    assert "╭b────*╮" in "\n".join(drawn(view(narrow, "b"), 20, 9))


def test_what_is_pointed_at_is_told_in_full() -> None:
    rows = drawn(pointing(BACKWARD, 4), 78, 19)
    assert rows[-3:] == ["c = 12, gradient 2", "* of 2, b", "used by d"]
    pane = pane_of(pointing(BACKWARD, 4))
    assert styled(pane, pane.ink.selected).strip() == "c"
    assert "+2.00" in styled(pane, pane.ink.plus)  # its slope towards b


def test_numbers_that_are_too_wide_lose_digits_not_their_meaning() -> None:
    nodes = (
        leaf(0, "a", -1.234567e-150, 1e300, 0),
        m.GraphNode(1, "b", "exp", (0,), 123456789.123, -1.0e-5, 1, 0, (1.0,)),
    )
    text = "\n".join(drawn(view(nodes, passes=1), 25, 9))
    assert "e-150" in text.replace("−", "-")
    exact = "\n".join(drawn(view(nodes, passes=1), 25, 9, digits=0))
    assert "…" in exact


def test_addresses_are_told_apart_in_little_room() -> None:
    text = "\n".join(drawn(large(), 42, 15))
    assert "o[6][0]" in text
    assert "╔o[6][0]" in text


def test_a_folded_neuron_is_one_box_with_its_count() -> None:
    nodes = (
        leaf(0, "inputs[0]", 1.0, 0.5, 0),
        m.GraphNode(9, "outputs[0][1]", "", (0,), 0.3, 0.1, 1, 0, (), "outputs[0][1]", 8),
    )
    assert "(8)" in "\n".join(drawn(view(nodes, passes=1), 78, 19))
    short = (nodes[0], msgspec.structs.replace(nodes[1], name="neuron"))
    assert "╭neuron───────8 nodes╮" in "\n".join(drawn(view(short, passes=1), 158, 42))
    assert "⊞" in "\n".join(drawn(view(nodes, passes=1), 26, 15))
    pane = pane_of(pointing(view(nodes, passes=1), 9))
    pane.draw(78, 19)
    assert pane.group_in_hand() == "outputs[0][1]"
    assert not pane._scene.can_be_set(9)  # type: ignore[union-attr]


# ---------------------------------------------------------------- of a large graph, a part


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_of_a_large_graph_the_node_in_hand_and_what_is_near_are_drawn(width: int, height: int) -> None:
    seen = large()
    pane = pane_of(seen)
    pane.draw(width, height)
    assert pane._plan is not None
    boxes = pane._plan.boxes
    assert seen.at in boxes
    if height > 9:
        assert len(boxes.keys() & set(seen.nodes[seen.at].parents)) >= min(2, len(seen.nodes[seen.at].parents))
    taken: set[tuple[int, int]] = set()
    for box in boxes.values():
        cells = {(x, y) for x in range(box.x, box.x + box.width) for y in range(box.y, box.y + TALL)}
        assert not cells & taken
        assert all(0 <= x < width and 0 <= y < height for x, y in cells)
        taken |= cells


def test_the_picture_stays_while_what_matters_is_in_it() -> None:
    pane = pane_of(large(at=72, next=71))
    pane.draw(158, 42)
    stayed = 0
    for at in range(60, 96):
        before, pane.view = pane._plan, large(at=at, next=at - 1)
        pane.draw(158, 42)
        assert before is not None
        assert pane._plan is not None
        if {at, at - 1, *pane.view.nodes[at].parents} <= before.boxes.keys():
            stayed += 1
            assert pane._plan.boxes == before.boxes
    assert stayed > 5
    pane.draw(78, 19)
    assert pane._plan is not None
    assert pane._plan.made_for[0] == 78


def test_edges_over_several_columns_pass_between_the_nodes() -> None:
    pane = pane_of(BACKWARD)
    pane.draw(78, 19)
    laid = pane._plan
    assert laid is not None
    lines = laid.edge(2, 5, 0, 2)
    assert len(lines) == 3
    box = laid.boxes[4]
    for x0, y0, x1, y1 in lines:
        if x0 <= 2 * box.x and x1 >= 2 * (box.x + box.width):
            assert not 4 * box.y <= y0 < 4 * (box.y + TALL)
            assert y0 == y1


@given(st.lists(st.floats(-9, 9), min_size=1, max_size=6), st.integers(0, 5))
def test_places_are_apart_and_inside(wishes: list[float], more: int) -> None:
    rows = len(wishes) + more
    places = apart(sorted(wishes), rows)
    assert all(-1e-9 <= place <= rows - 1 + 1e-9 for place in places)
    assert all(two - one >= 1 - 1e-9 for one, two in pairwise(places))


# ---------------------------------------------------------------- the frame


def test_the_frame_says_what_it_is_of_and_how_far_it_has_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Lone, "size", Size(80, 21))
    pane = pane_of(msgspec.structs.replace(BACKWARD, title="b + c", left_out=3))
    pane.draw(78, 19)
    assert pane.title() == "graph b + c · backward 3 of 4, pass 2 · +3 more"
    monkeypatch.setattr(Lone, "size", Size(40, 21))
    assert pane.title() == "backward 3 of 4, pass 2 · +3 more"
    fresh = pane_of(msgspec.structs.replace(BACKWARD, title="b + c", direction="", passes=0))
    fresh.draw(41, 19)
    assert fresh.title() == "graph b + c"


# ---------------------------------------------------------------- pointing, turning, asking


def drawn_pane(seen: m.GraphView) -> Lone:
    pane = pane_of(seen)
    pane.draw(78, 19)
    return pane


def press(pane: Lone, *directions: str) -> list[object]:
    return [pane.arrow(direction, False) for direction in directions]  # type: ignore[arg-type]


def test_arrows_lead_along_the_edges_and_within_a_column() -> None:
    assert press(drawn_pane(pointing(BACKWARD, 5)), "left", "left", "left", "left") == [
        m.Point("b"), m.Point("a"), DONE, DONE,
    ]  # fmt: skip
    pane = drawn_pane(pointing(BACKWARD, 2))
    assert press(pane, "right") == [m.Point("d")]
    pane = drawn_pane(pointing(BACKWARD, 1))
    assert press(pane, "right", "left") == [m.Point("b"), m.Point("a")]
    pane = drawn_pane(pointing(FORWARD, 0))
    assert press(pane, "down", "down", "down", "up") == [m.Point("b"), m.Point("c"), DONE, m.Point("b")]
    assert press(pane, "up", "left") == [m.Point("a"), DONE]


def test_the_first_arrow_points_at_the_node_in_hand() -> None:
    assert press(drawn_pane(BACKWARD), "left") == [m.Point("b")]
    assert press(drawn_pane(FORWARD), "left") == [m.Point("#2")]  # a step on the way goes by its number


def test_arrows_that_come_faster_than_views_lead_on() -> None:
    pane = drawn_pane(pointing(FORWARD, 0))
    assert press(pane, "down", "down") == [m.Point("b"), m.Point("c")]
    pane.show(pointing(FORWARD, 1))
    assert press(pane, "up") == [m.Point("b")]
    pane.show(pointing(FORWARD, 3))
    pane.show(pointing(FORWARD, 1))
    assert pane._sent == []
    pane.show(pointing(FORWARD, 5))
    pane.draw(78, 19)
    assert press(pane, "left") in ([m.Point("#2")], [m.Point("#4")])


def test_a_click_points_at_a_node() -> None:
    pane = drawn_pane(BACKWARD)
    assert pane._plan is not None
    for number, box in pane._plan.boxes.items():
        name = BACKWARD.nodes[number].name
        expected = m.Point(name if name.isalpha() else f"#{number}")
        assert pane.clicked(box.x + 1, box.middle, False) == expected
    assert pane.clicked(0, 18, False) is None


def test_a_leaf_can_be_turned_and_set_and_nothing_else() -> None:
    pane = drawn_pane(pointing(FORWARD, 1))
    assert pane.turn(0.5) == m.SetValue("b", -2.5)
    assert pane.to_be_set() == ("b", -3.0)
    assert pane.arrow("right", True) == m.SetValue("b", -3.0 + FINE)
    assert pane.arrow("left", True) == m.SetValue("b", -3.0 - FINE)
    assert pane._plan is not None
    box = pane._plan.boxes[0]
    assert pane.wheel(box.x, box.y, True, False) == m.SetValue("a", 2.0 + TURN)
    assert pane.wheel(box.x, box.y, False, True) == m.SetValue("a", 2.0 - FINE)
    assert pane.wheel(0, 18, True, False) is None
    step = drawn_pane(pointing(FORWARD, 2))
    assert (step.turn(0.5), step.to_be_set(), step.arrow("right", True)) == (None, None, DONE)
    constant = drawn_pane(pointing(BACKWARD, 0))
    assert constant.to_be_set() is None


def test_what_is_at_hand() -> None:
    pane = drawn_pane(pointing(FORWARD, 1))
    assert (pane.number_at_hand(), pane.value_at_hand()) == ("b", "-3.0")
    pane = drawn_pane(BACKWARD)
    assert (pane.number_at_hand(), pane.value_at_hand()) == ("gradient b", "11.0")
    pane = drawn_pane(pointing(FORWARD, 5))
    assert (pane.number_at_hand(), pane.value_at_hand()) == ("#5", "")
    empty = drawn_pane(view((leaf(0, "a", 1.0, 0.0, 0),)))
    assert empty.number_at_hand() == "a"
    nothing = pane_of(m.GraphView("", (), 0, 0, 0, "", 0, 0, -1, -1, -1))
    nothing.draw(78, 19)
    assert (nothing.number_at_hand(), nothing.value_at_hand(), nothing.arrow("left", False)) == ("", "", None)


def test_what_a_visit_did_is_told_as_the_room_allows() -> None:
    product = m.Visit(
        "e", "*", 2.0, 0.123456, (), (m.Given("weights[0][1][0]", 0.1234567, -0.7654321, 0.0289),), "a rule"
    )  # fmt: skip
    seen = msgspec.structs.replace(BACKWARD, visit=product)
    assert "weights[0][1][0] gets −0.76543 × 0.12346; held 0.12346, now 0.0289" in drawn(seen, 78, 19)
    assert "weights[0][1][0]: 0.12346 + −0.76543 × 0.12346 = 0.0289" in drawn(seen, 62, 25)
    assert any(row.endswith("…") or "0.0289" in row for row in drawn(seen, 42, 12))
    last = msgspec.structs.replace(BACKWARD, visit=m.Visit("a", "", 2.0, 33.0))
    assert "a: gradient 33; a leaf hands nothing on" in drawn(last, 78, 19)
    made = msgspec.structs.replace(FORWARD, visit=m.Visit("t", "tanh", 0.46, 0.0, (("c", 0.5),)))
    assert "t = tanh(0.5) = 0.46" in drawn(made, 78, 19)
    power = msgspec.structs.replace(FORWARD, visit=m.Visit("p", "** 2", 0.25, 0.0, (("c", 0.5),)))
    assert "p = 0.5 ** 2 = 0.25" in drawn(power, 78, 19)
    assert HANDED_ON.rule.capitalize()[:9] in "\n".join(drawn(BACKWARD, 78, 19))


# ---------------------------------------------------------------- of any kind


@settings(deadline=None, max_examples=150)
@given(views(), st.integers(2, 130), st.integers(1, 45), looks, st.sampled_from([0, 3, 5]))
def test_any_graph_is_drawn_at_any_size(seen: m.GraphView, width: int, height: int, look: Look, digits: int) -> None:
    pane = pane_of(seen, look, digits)
    rows = pane.draw(width, height)
    assert len(rows) <= max(height, TALL)
    for row in rows:
        assert all(style is not None for _, style in row)
    pane.title()
    for direction in ("up", "down", "left", "right"):
        answer = pane.arrow(direction, False)  # type: ignore[arg-type]
        assert answer is None or answer == DONE or isinstance(answer, m.Point)
    for y in range(0, height, 3):
        for x in range(0, width, 7):
            assert isinstance(pane.clicked(x, y, False), m.Point | None)
    pane.number_at_hand()
    pane.value_at_hand()
    pane.group_in_hand()


@pytest.mark.parametrize("name", THEMES)
def test_every_theme_draws_the_same_characters(name: str) -> None:
    look = Look(colours=THEMES[name])
    assert [row for row in drawn(BACKWARD, 78, 19, look) if "╔" in row or "gets" in row]


def test_nothing_that_is_no_number_breaks_it() -> None:
    nodes = (
        leaf(0, "a", math.nan, math.inf, 0),
        m.GraphNode(1, "b", "log", (0,), -math.inf, math.nan, 1, 0, (math.nan,)),
    )
    rows = drawn(view(nodes, direction="backward", at=1, passes=1), 78, 19)
    assert any("not a number" in row for row in rows)
    assert max(map(cell_len, rows)) <= 78
    assert Voice().number(math.inf) in "\n".join(rows)
