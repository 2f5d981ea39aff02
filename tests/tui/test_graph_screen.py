"""The graph on the screen, over a real engine: typed, stepped through by keys, changed, folded, asked."""

from __future__ import annotations

import pytest
from hall import SIZES, Hall, hall

from nntui import messages as m
from nntui.tui.panes.graph import GraphPane

NINES = "graph b + c a=2 b=3*a c=2*b"


def pane(place: Hall) -> GraphPane:
    return place.app.work.panes.graph


def graph(place: Hall) -> m.GraphView:
    view = pane(place).view
    assert isinstance(view, m.GraphView)
    return view


def gradient(place: Hall, name: str) -> float:
    return next(node.gradient for node in graph(place).nodes if node.name == name)


@pytest.mark.parametrize("size", SIZES)
async def test_two_passes_without_clearing_add_up_step_by_step(size: tuple[int, int]) -> None:
    async with hall("xor", size) as place:
        await place.say(NINES)
        assert "b + c" in place.text
        await place.press("greater_than_sign", "greater_than_sign", "greater_than_sign")
        assert place.sent[-1] == m.Forward(1)
        assert [node.value for node in graph(place).nodes if node.name in "abc"] == [2.0, 6.0, 12.0]
        await place.press("less_than_sign", "less_than_sign", "less_than_sign")
        assert gradient(place, "a") == 9.0
        assert "held 0, now 9" in place.text
        await place.press("left_parenthesis", "left_parenthesis")
        assert gradient(place, "a") == 33.0
        assert "+33" in place.text
        await place.press("0")
        assert gradient(place, "a") == 0.0
        await place.press("left_parenthesis")
        assert gradient(place, "a") == 9.0


async def test_a_leaf_is_chosen_by_arrows_and_set_and_it_flows() -> None:
    async with hall("xor") as place:
        await place.say(NINES, "forward")
        place.app.work.focus_pane(pane(place))
        await place.press("left", "left", "left", "left", "left")
        assert place.sent[-1] == m.Point("a")
        assert graph(place).pointed >= 0
        await place.press("plus")
        assert place.sent[-1] == m.SetValue("a", 2.5)
        assert graph(place).nodes[-1].value == 22.5
        await place.press("equals_sign", "3", "enter")
        assert place.sent[-1] == m.SetValue("a", 3.0)
        assert graph(place).nodes[-1].value == 27.0
        await place.press("tab", "t")
        assert place.app.work.now("pointed") != "a"


async def test_enter_asks_for_the_paths_of_a_gradient() -> None:
    async with hall("xor") as place:
        await place.say(NINES, "forward", "backward", "point a")
        place.app.work.focus_pane(pane(place))
        await place.press("enter")
        assert type(place.app.screen).__name__ == "WhyDialog"
        assert "gradient" in place.text


async def test_an_expression_is_typed_and_what_is_wrong_with_it_is_said() -> None:
    async with hall("xor") as place:
        await place.press("G", *"2*a", "enter")
        assert "'a' has no value here" in place.text
        await place.press("G", *"2*4", "enter")
        assert isinstance(place.sent[-1], m.OpenGraph)
        await place.press("right_parenthesis")
        assert graph(place).nodes[-1].value == 8.0


@pytest.mark.parametrize("size", SIZES)
async def test_the_loss_of_the_network_is_folded_and_unfolded(size: tuple[int, int]) -> None:
    async with hall("xor", size) as place:
        await place.say("graph loss", "forward", "backward")
        folded = [node for node in graph(place).nodes if node.folded]
        assert folded
        await place.say(f"point {folded[-1].name}")
        await place.press("I")
        assert place.sent[-1] == m.Fold(folded[-1].name)
        assert folded[-1].name not in [node.name for node in graph(place).nodes if node.folded]
        await place.press("I")
        assert folded[-1].name in [node.name for node in graph(place).nodes if node.folded]
        await place.press("z")
        assert place.app.work.board.zoomed in ("graph", place.app.work.board.shown[0].kind)


async def test_the_graph_follows_the_lines_of_autograds_own_source() -> None:
    async with hall("xor", (160, 50)) as place:
        await place.say(NINES, "forward", "walk backward")
        await place.press("space", "space")
        seen = set()
        for _ in range(9):
            await place.say("step 3 line")
            seen.add((graph(place).in_hand, graph(place).parent_in_hand))
        assert len({node for node, _ in seen}) >= 3
        assert any(parent >= 0 for _, parent in seen)
        assert gradient(place, "a") > 0


async def test_the_mouse_chooses_a_node() -> None:
    async with hall("xor") as place:
        await place.say(NINES, "forward")
        laid = pane(place)._plan
        assert laid is not None
        number = next(node.number for node in graph(place).nodes if node.name == "c")
        box = laid.boxes[number]
        await place.pilot.click(GraphPane, offset=(box.x + 2, box.middle + 1))
        await place.settle()
        assert place.sent[-1] == m.Point("c")
        assert graph(place).pointed == number


async def test_the_network_comes_back_where_the_graph_is_closed() -> None:
    async with hall("nine-weights") as place:
        await place.press("G", *"loss", "enter")
        assert "graph" in place.app.work.board.reached
        await place.press("ctrl+r")
        assert "graph" not in place.app.work.board.reached
        assert "no graph is open" not in place.text
        await place.press("G", *"loss", "enter")
        assert "graph" in place.app.work.board.reached
