"""Ladder and race on the screen, over a real session: keys, the arrangement, live lanes, marks; measured numbers masked."""

from __future__ import annotations

import re

import pytest
from hall import SIZES, hall
from snapshots import is_as_seen

from nntui import messages as m
from nntui.tui.look import ASCII, Look

SHORT = ("0", "full_stop", "0", "5", "space", *"loops", "comma", *"numpy", "enter")
NUMBER = re.compile(r"[\d.,]+ ?[kMG]?\b|[█▏▎▍▌▋▊▉┊]+")


def masked(rows: list[str]) -> list[str]:
    """Rows without anything that was measured, or whose place depends on it, and without what this machine is."""
    lanes = [row.replace("✓", " ") for row in rows if row[1:6] in ("loops", "numpy")]
    kept = [row for row in rows if row.startswith(("race ", " The scale"))]
    return [row.rstrip() for row in kept] + [
        NUMBER.sub("0", row).replace("✗", " ").split("0")[0].rstrip() for row in lanes
    ]


async def race(place: object) -> None:
    """Ask for a short race with keys."""
    await place.press("exclamation_mark", "backspace", *SHORT)  # type: ignore[attr-defined]
    await place.settle(400)  # type: ignore[attr-defined]


async def test_a_race_is_asked_for_with_keys_and_seen_to_its_end() -> None:
    async with hall("xor", (80, 24)) as place:
        await race(place)
        assert m.Race(0.05, ("loops", "numpy")) in place.sent
        view = place.app.work.sections["race"]
        assert isinstance(view, m.RaceView)
        assert [lane.state for lane in view.lanes] == ["done", "done"]
        for size in SIZES:
            await place.resize(*size)
            assert place.app.work.board.arrangement == "race"
            pane = place.app.work.panes.race
            assert pane in place.app.work.board.shown
            assert "Fastest: 1. " in place.text
            assert " per s   loops" in place.text
            rows = [strip.text for strip in pane._rows]
            assert is_as_seen(f"race-screen-{size[0]}", masked([str(pane.border_title), *rows]))


@pytest.mark.parametrize("size", SIZES)
async def test_v_leads_to_the_race_and_back(size: tuple[int, int]) -> None:
    async with hall("xor", size) as place:
        seen = []
        for _ in range(4):
            await place.press("v")
            seen.append(frozenset(pane.kind for pane in place.app.work.board.shown))
            assert "cannot be drawn" not in place.text
        assert any("race" in kinds for kinds in seen)
        assert any("code" in kinds for kinds in seen)
        assert not any({"race", "code"} <= kinds for kinds in seen)


async def test_capital_v_goes_through_the_panes_of_the_race_where_one_has_room() -> None:
    async with hall("xor", (80, 24)) as place:
        await place.say("ladder numpy")
        kinds = []
        for _ in range(3):
            kinds.append([pane.kind for pane in place.app.work.board.shown])
            await place.press("V")
        assert kinds == [["ladder"], ["race"], ["widths"]]


async def test_the_ladder_is_climbed_checked_flipped_and_used_with_keys() -> None:
    async with hall("xor", (80, 24)) as place:
        ladder = place.app.work.panes.ladder
        await place.press("slash")
        assert place.sent[-1] == m.Climb("")
        await place.press("slash")
        assert place.sent[-1] == m.Climb("numpy")
        assert "numpy above loops" in str(ladder.border_title)
        await place.press("H")
        assert "✓ numpy: " in place.text
        await place.press("Z")
        assert ladder.flipped
        assert str(ladder.border_subtitle).startswith("1 to ")
        await place.press("tab", "pagedown")
        assert not str(ladder.border_subtitle).startswith("1 to ")
        assert "loops.py, the rung below" in place.text
        await place.press("enter")
        assert place.sent[-1] == m.Use("numpy")
        assert "▶numpy✓" in place.text
        await place.press("left", "backslash")
        assert "lowest rung" in place.text


async def test_the_remote_of_a_presenter_goes_through_the_source_and_then_on_in_the_lesson() -> None:
    async with hall("8", (80, 24)) as place:
        await place.press("tab")
        assert place.app.work.pane is place.app.work.panes.ladder
        presses = 0
        while not place.sent or place.sent[-1] != m.Next():
            await place.press("pagedown")
            presses += 1
            assert presses < 100
        assert presses > 2  # the loops are longer than a screen
    async with hall("8", (80, 24)) as place:
        await place.press("tab", "pagedown", "pageup", "pageup")
        assert place.sent[-1] == m.Previous()


async def test_keys_of_the_ladder_say_where_there_is_nothing() -> None:
    async with hall("xor", (80, 24)) as place:
        await place.press("Z")
        assert "There is no ladder to be seen here; / goes to it." in place.text
        await place.press("slash", "Z")
        assert "there is none below it" in place.text
        await place.press("backslash")
        assert "That is the lowest rung of the ladder." in place.text


async def test_widths_are_seen_as_soon_as_they_are_asked_for() -> None:
    async with hall("xor", (80, 24)) as place:
        place._send = lambda command: None  # which is long before the first of them is done
        await place.press("number_sign", *["backspace"] * 3, *SHORT[:3], "1", "space", *"numpy", "enter")
        assert place.sent[-1] == m.RaceWidths(0.01, ("numpy",))
        assert [pane.kind for pane in place.app.work.board.shown] == ["widths"]
        assert "race widths does" in place.text


async def test_a_change_of_rungs_is_marked_on_the_plot_of_the_loss() -> None:
    async with hall("xor", (160, 50)) as place:
        await place.say("run 40", "use numpy", "run 60")
        assert "numpy from here" in place.text


@pytest.mark.parametrize("look", [Look(), Look(shapes=ASCII, depth=0)], ids=["unicode", "ascii"])
async def test_other_sizes_on_the_way(look: Look) -> None:
    async with hall("xor", (160, 50)) as place:
        place.app.look = look
        await place.say("ladder numpy", "race 0.02 loops,numpy")
        await place.settle(100)
        for size in ((80, 24), (119, 30), (120, 26), (200, 60)):
            await place.resize(*size)
            assert "cannot be drawn" not in place.text
            assert all(pane.size.width and pane.size.height for pane in place.app.work.board.shown)


async def test_settings_offer_every_rung() -> None:
    async with hall("xor", (80, 24)) as place:
        rungs, view = place.engine.ask(m.AskView("ladder")), place.engine.ask(m.AskView("settings"))
        assert isinstance(rungs, m.LadderView)
        assert isinstance(view, m.SettingsView)
        setting = next(each for each in view.settings if each.word == "rung" or each.title == "rung")
        assert {*setting.choices, *(name for name, _ in setting.absent)} == {rung.name for rung in rungs.rungs}
