"""Slope, gradient, landscape and sweep on the screen, over a real engine: by keys, by words, and in a lesson."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hall import SIZES, Hall, hall

from nntui import messages as m
from nntui.scenario.library import find
from nntui.scenario.reader import read_text

LESSON = """
[[beat]]
say = "Here is a weight."
show = ["code", "network", "twist"]

[[beat]]
say = "Over two of them, the loss is a landscape."
show = ["code", "network", "twist", "landscape"]
do = ["landscape weights[0][0][0] weights[1][0][0] 2"]

[[beat]]
say = "And here is another of its pictures."
show = ["code", "network", "twist", "picture"]
do = ["slope weights[1][0][0] 0.01", "sweep"]
"""


def shown(place: Hall) -> list[str]:
    return [pane.kind for pane in place.app.work.board.shown]


def slope_of(place: Hall) -> m.SlopeView | None:
    twist = place.app.work.sections["twist"]
    assert isinstance(twist, m.TwistView)
    return twist.slope


@pytest.fixture
def lesson(tmp_path: Path) -> Path:
    path = tmp_path / "lesson.toml"
    text = read_text(find("xor"))
    path.write_text(re.sub(r"\[check\].*", "", text, flags=re.DOTALL) + LESSON)
    return path


# ---------------------------------------------------------------- the slope


@pytest.mark.parametrize("size", SIZES)
async def test_the_twist_is_made_smaller_and_larger_by_keys(size: tuple[int, int]) -> None:
    async with hall("xor", size) as place:
        assert ", smaller" not in place.rows[-1]
        await place.press("D")
        assert place.sent[-1] == m.Slope("weights[0][0][0]", 0.1)
        assert ", smaller" in place.rows[-1]
        assert re.search(r"twist 0\.1 .*slope [+−]0\.", place.text)
        await place.press("comma", "comma")
        assert place.sent[-1] == m.Slope("weights[0][0][0]", 0.001)
        found = slope_of(place)
        assert found is not None
        assert found.exact is not None
        assert abs(found.slope - found.exact) < 1e-3
        await place.press("semicolon")
        assert place.sent[-1] == m.Slope("weights[0][0][0]", 0.01)
        await place.press("D")
        assert place.sent[-1] == m.Slope("", 0.0)
        assert slope_of(place) is None
        assert "if +0.05" in place.text


async def test_keys_that_come_faster_than_frames_count_all_the_same() -> None:
    async with hall("xor") as place:
        for name in ("slope", "smaller", "smaller", "smaller"):
            place.app.work.do(name)
        await place.settle()
        found = slope_of(place)
        assert found is not None
        assert found.size == 0.0001


async def test_the_sizes_of_a_twist_have_an_end() -> None:
    async with hall("xor") as place:
        await place.say("slope weights[0][0][0] 1e-17")
        sent = len(place.sent)
        await place.press("comma")
        assert len(place.sent) == sent
        assert "The twist stays at 1e-17" in place.text.replace("−", "-")


async def test_the_slope_moves_on_with_the_weight_that_is_selected() -> None:
    async with hall("xor") as place:
        await place.press("D", "down", "comma")
        assert place.sent[-1] == m.Slope("weights[0][0][1]", 0.01)
        assert "weights[0][0][1]" in place.text
        await place.press("right")
        assert slope_of(place) is not None


async def test_the_pane_has_more_room_while_a_slope_is_looked_at() -> None:
    async with hall("xor") as place:
        before = place.app.work.panes.twist.size.height
        await place.press("D")
        assert place.app.work.panes.twist.size.height > before
        await place.press("D")
        assert place.app.work.panes.twist.size.height == before


# ---------------------------------------------------------------- the gradient


async def test_a_key_draws_the_gradient_on_the_edges_and_the_weights_again() -> None:
    async with hall("xor", (160, 50)) as place:
        await place.press("E")
        assert place.sent[-1] == m.DrawEdges("gradient")
        assert str(place.app.work.panes.network.border_title).startswith("gradient 2-4-2-1")
        await place.press("E")
        assert place.sent[-1] == m.DrawEdges("weights")
        assert str(place.app.work.panes.network.border_title).startswith("network 2-4-2-1")


async def test_a_key_chooses_between_twists_and_the_gradient_and_the_row_says_what_t_does() -> None:
    async with hall("2") as place:
        await place.say("return")
        await place.press("A")
        assert place.sent[-1] == m.Method("gradient")
        assert "t step" in place.rows[-1]
        await place.press("A")
        assert place.sent[-1] == m.Method("twist")
        assert "t twist" in place.rows[-1]


# ---------------------------------------------------------------- landscape and sweep


@pytest.mark.parametrize("size", SIZES)
async def test_in_free_play_the_pictures_are_on_call(size: tuple[int, int]) -> None:
    async with hall("xor", size) as place:
        assert not {"landscape", "sweep", "confusion"} & set(shown(place))
        seen = []
        for _ in range(6):
            await place.press("V")
            seen += [kind for kind in shown(place) if kind in ("landscape", "sweep", "confusion", "picture")]
            assert "cannot be drawn" not in place.text
        assert set(seen) == {"picture", "landscape", "sweep", "confusion"}


async def test_the_view_is_made_for_the_cells_that_the_pane_has_got() -> None:
    async with hall("xor", (160, 50)) as place:
        await place.say("landscape")
        view, pane = place.app.work.sections["landscape"], place.app.work.panes.landscape
        assert isinstance(view, m.LandscapeView)
        assert (len(view.rows[0]), len(view.rows)) == (pane.size.width, 2 * pane.size.height)


async def test_words_bring_a_pane_up() -> None:
    async with hall("xor") as place:
        await place.press("colon", *"sweep", "enter")
        assert "sweep" in shown(place)
        assert "picture" not in shown(place)
        await place.press("colon", *"show", "space", *"landscape", "enter")
        assert "landscape" in shown(place)
        assert place.app.screen is place.app.work, "the pane shows all there is"


async def test_the_selected_weight_is_put_on_an_axis() -> None:
    async with hall("xor") as place:
        await place.press("X")
        assert place.sent[-1] == m.Landscape()
        view = place.app.work.sections["landscape"]
        assert isinstance(view, m.LandscapeView)
        await place.press("X")
        assert place.sent[-1] == m.Landscape("weights[0][0][0]", view.second)
        await place.press("Y")
        assert place.sent[-1] == m.Landscape(view.second, "weights[0][0][0]"), "they change places"


async def test_arrows_in_the_landscape_walk_on_it_and_a_click_goes_there() -> None:
    async with hall("xor", (160, 50)) as place:
        await place.say("landscape weights[0][0][0] weights[0][0][1] 2")
        work = place.app.work
        work.focus_pane(work.panes.landscape)
        await place.press("up")
        assert place.sent[-1] == m.Twist("weights[0][0][1]", 0.05)
        await place.pilot.click("#pane-landscape", offset=(30, 8))
        await place.settle()
        assert [type(command) for command in place.sent[-2:]] == [m.SetValue, m.SetValue]
        view = work.sections["landscape"]
        assert isinstance(view, m.LandscapeView)
        first, second = place.sent[-2:]
        assert view.here == (first.value, second.value)  # type: ignore[union-attr]


async def test_arrows_in_the_sweep_point() -> None:
    async with hall("xor", (160, 50)) as place:
        await place.say("sweep")
        work = place.app.work
        work.focus_pane(work.panes.sweep)
        view = work.sections["sweep"]
        assert isinstance(view, m.SweepView)
        await place.say(f"point {view.effects[0].address}")
        await place.press("down")
        assert place.sent[-1] == m.Point(view.effects[1].address)
        assert f"›{view.effects[1].address}" in place.text


async def test_zoom_gives_way_to_what_is_called_for() -> None:
    async with hall("xor") as place:
        await place.press("z")
        await place.say("landscape")
        assert "landscape" in shown(place)
        place.app.work.focus_pane(place.app.work.panes.landscape)
        await place.press("z")
        assert shown(place) == ["landscape"]


# ---------------------------------------------------------------- in a lesson


async def test_a_lesson_shows_what_it_has_reached_and_what_its_beats_bring_up(lesson: Path) -> None:
    async with hall(lesson) as place:
        assert shown(place) == ["code", "network", "twist"]
        await place.press("n")
        assert "landscape" in shown(place)
        assert "↑ weights[1][0][0]" in place.text
        await place.press("n")
        assert "sweep" in shown(place), "its own words bring it up, though it has not been reached"
        assert "picture" not in shown(place)
        await place.press("V")
        assert "picture" in shown(place)
        await place.press("p")
        assert "landscape" in shown(place)
        assert "sweep" not in shown(place)


async def test_a_network_a_graph_and_a_tensor_change_places() -> None:
    async with hall("xor") as place:
        await place.press("N")
        assert "nothing else to be seen in the network's place" in place.text
        await place.say("graph a * b a=2 b=3")
        assert "graph" in shown(place)
        assert "network" not in shown(place)
        await place.press("N")
        assert "network" in shown(place)
        await place.press("N")
        assert "graph" in shown(place)
