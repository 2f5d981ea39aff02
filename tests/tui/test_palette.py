"""The command palette: what is found by which words, and that it stands in a frame of ours at every size."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from textual.app import App
from textual.command import CommandPalette
from textual.pilot import Pilot

from nntui import words
from nntui.tui.actions import ACTIONS, BY_NAME
from nntui.tui.look import THEMES, Look
from nntui.tui.palette import Palette, worth
from nntui.tui.palette_css import PALETTE_CSS
from nntui.tui.themes import defaults, themes


class Host(App[None]):
    CSS = PALETTE_CSS
    COMMANDS = {Palette}  # noqa: RUF012 - Textual's own way

    def __init__(self, theme: str = "dark") -> None:
        super().__init__()
        self.look = Look(THEMES[theme])
        self.done: list[str] = []
        self.work = SimpleNamespace(do=self.done.append, open_command_line=self.done.append)
        for each in themes():
            self.register_theme(each)
        self.theme = f"nntui-{theme}"

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return defaults()


async def opened(pilot: Pilot[None]) -> None:
    await pilot.press("ctrl+p")
    await pilot.pause(0.3)


async def found(query: str) -> list[str]:
    """The titles that a query finds, the best first."""
    app = Host()
    async with app.run_test() as pilot:
        await pilot.pause()
        hits = [hit async for hit in Palette(app.screen).search(query)]
        return [str(hit.text) for hit in sorted(hits, key=lambda hit: -hit.score)]


@pytest.mark.parametrize(
    ("query", "action"),
    [("zoom", "zoom"), ("fill the screen", "zoom"), ("pane", "zoom"), ("svg", "screenshot"), ("full prec", "digits"),
     ("command line", "command_line")],
)  # fmt: skip
async def test_actions_are_found_by_name_title_and_help(query: str, action: str) -> None:
    assert BY_NAME[action].title in await found(query)


async def test_a_title_comes_before_a_help_and_both_before_letters_here_and_there() -> None:
    titles = await found("pane")
    whole = [title for title in titles if "pane" in title.casefold()]
    assert titles[: len(whole)] == whole
    assert worth("pane", "Next pane", "", 1.0) > worth("pane", "Zoom", "One pane", 50.0) > worth("pane", "S", "", 9.0)
    assert worth("", "Zoom", "One pane", 0.0) == 0.0
    assert worth("nothing", "Zoom", "One pane", 0.0) == 0.0


async def test_every_action_and_word_can_be_found_and_its_help_is_not_markup() -> None:
    app = Host()
    async with app.run_test() as pilot:
        await pilot.pause()
        hits = [hit async for hit in Palette(app.screen).discover()]
        expected = [action.title for action in ACTIONS if action.name not in ("answer", "seek_percent", "palette")]
        expected += [f": {word.usage}" for word in words.TABLE.values() if word.group != "speak"]
        assert [str(hit.text) for hit in hits] == expected
        await opened(pilot)
        await pilot.press(*"why")
        await pilot.pause(0.3)
        prompts = [str(option.prompt) for option in app.screen.query_one("CommandList").options]  # type: ignore[attr-defined]
        assert any("outputs[0][1], inputs[0]" in prompt for prompt in prompts)


@pytest.mark.parametrize("size", [(80, 24), (60, 16), (160, 50)])
@pytest.mark.parametrize("theme", THEMES)
async def test_it_stands_in_a_frame_in_our_colours(size: tuple[int, int], theme: str) -> None:
    app = Host(theme)
    async with app.run_test(size=size) as pilot:
        await opened(pilot)
        frame, line = app.screen.query_one("#--container"), app.screen.query_one("CommandInput")
        results = app.screen.query_one("CommandList")
        assert frame.region.width == min(90, size[0])
        assert abs(frame.region.x - (size[0] - frame.region.right)) <= 1
        assert frame.region.contains_region(results.region)
        assert frame.region.contains_region(line.region)
        assert results.region.height >= 7
        assert frame.styles.border_top[0] == "round"
        ground = THEMES[theme].ground.upper()
        assert {each.background_colors[1].hex for each in (frame, line, results)} == {ground}
        assert not app.screen.query_one("SearchIcon").display


async def test_enter_does_what_is_chosen() -> None:
    app = Host()
    async with app.run_test() as pilot:
        await opened(pilot)
        await pilot.press(*"fill")
        await pilot.pause(0.5)
        await pilot.press("enter")
        await pilot.pause(0.3)
        assert app.done == ["zoom"]
        assert not isinstance(app.screen, CommandPalette)


async def test_without_colour_what_is_chosen_is_underlined(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = Host()
    async with app.run_test() as pilot:
        await opened(pilot)
        drawn = app.screen.query_one("CommandList")
        styles = [[piece.style for piece in drawn.render_line(y) if piece.style] for y in range(4)]
        assert [all(style.underline for style in row) for row in styles] == [True, True, False, False]
