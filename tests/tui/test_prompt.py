"""One line to be typed: text or nothing, checked, completed, remembered, never too long."""

from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.app import App
from textual.pilot import Pilot

from nntui import words
from nntui.tui.look import ASCII, Look
from nntui.tui.screens.prompt import MOST_CHARACTERS, Prompt, files_like, fit
from nntui.tui.themes import defaults


class Host(App[None]):
    def __init__(self, look: Look | None = None, **options: Any) -> None:
        super().__init__()
        self.look = look or Look()
        self.prompt = Prompt(options.pop("title", "Command"), options.pop("text", ""), **options)
        self.got: list[str | None] = []
        self.keys: list[str] = []

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return defaults()

    def on_mount(self) -> None:
        self.push_screen(self.prompt, self.got.append)

    def on_key(self, event: events.Key) -> None:
        self.keys.append(event.key)


def below(app: Host) -> str:
    drawn = app.prompt.query("_Below").first()
    return "\n".join(drawn.render_line(y).text for y in range(drawn.size.height))


async def write(pilot: Pilot[None], text: str) -> None:
    await pilot.press(*("space" if character == " " else character for character in text))


async def test_enter_gives_the_text_and_escape_nothing() -> None:
    app = Host(text="mine")
    async with app.run_test() as pilot:
        await write(pilot, " x")
        await pilot.press("enter")
        assert app.got == ["mine x"]
    app = Host(text="mine")
    async with app.run_test() as pilot:
        await pilot.press("escape")
        assert app.got == [None]


async def test_a_text_to_be_replaced_is_selected() -> None:
    app = Host(text="-0.0460180422523754", replaces=True)
    async with app.run_test(size=(60, 16)) as pilot:
        assert app.prompt.line.selected_text == "-0.0460180422523754"
        assert "type to replace" in below(app)
        assert "esc cancel" in below(app)
        selected = [piece.text for piece in app.prompt.line.render_line(0) if piece.style and piece.style.reverse]
        assert "".join(selected).strip() == "-0.0460180422523754"
        await write(pilot, "2")
        assert app.prompt.line.value == "2"
        assert "replace" not in below(app)
        await pilot.press("5", "enter")
        assert app.got == ["25"]


@pytest.mark.parametrize(("key", "wanted"), [("right", "ab.tomlx"), ("left", "xab.toml"), ("end", "ab.tomlx")])
async def test_an_arrow_keeps_a_text_to_be_replaced(key: str, wanted: str) -> None:
    app = Host(text="ab.toml", replaces=True)
    async with app.run_test(size=(60, 16)) as pilot:
        await pilot.press(key)
        assert "replace" not in below(app)
        await pilot.press("x", "enter")
        assert app.got == [wanted]


async def test_a_text_to_be_replaced_can_be_taken_as_it_is_or_pasted_over() -> None:
    app = Host(text="ab.toml", replaces=True)
    async with app.run_test() as pilot:
        await pilot.press("enter")
        assert app.got == ["ab.toml"]
    app = Host(text="ab.toml", replaces=True)
    async with app.run_test() as pilot:
        app.prompt.line.post_message(events.Paste("c"))
        await pilot.press("enter")
        assert app.got == ["c"]
    app = Host(replaces=True)
    async with app.run_test(size=(60, 16)):
        assert "replace" not in below(app)


async def test_a_text_that_is_wrong_is_not_taken() -> None:
    app = Host(check=lambda text: "" if text == "ok" else "it must be [ok]")
    async with app.run_test(size=(60, 16)) as pilot:
        await write(pilot, "o")
        assert "must" not in below(app)
        await pilot.press("enter")
        assert "✗ it must be [ok]" in below(app)
        assert app.got == []
        await write(pilot, "k")
        assert "must" not in below(app)
        await pilot.press("enter")
        assert app.got == ["ok"]


async def test_tab_goes_on_as_far_as_the_candidates_agree() -> None:
    app = Host(candidates=["network", "next", "names", "noise"])
    async with app.run_test() as pilot:
        await write(pilot, "ne")
        await pilot.press("tab")
        assert app.prompt.line.value == "ne"
        assert "network   next" in below(app)
        await write(pilot, "x")
        assert "network" not in below(app)
        await pilot.press("tab", "shift+tab")
        assert app.prompt.line.value == "next"
        assert app.focused is app.prompt.line


async def test_the_word_being_typed_is_explained() -> None:
    def hint_for(text: str) -> str:
        word = words.TABLE.get(text.split(" ")[0])
        return f"{word.usage}: {word.help}" if word else ""

    app = Host(hint="Type a word.", hint_for=hint_for)
    async with app.run_test(size=(60, 16)) as pilot:
        assert "Type a word." in below(app)
        await write(pilot, "show")
        assert "show code|values" in below(app)
        assert len(below(app).split("\n")) == 5


async def test_up_and_down_go_through_what_was_typed_before() -> None:
    app = Host(history=["try 3", "run 500"])
    async with app.run_test() as pilot:
        await write(pilot, "se")
        seen = []
        for key in ("up", "up", "up", "down", "down", "down"):
            await pilot.press(key)
            seen.append(app.prompt.line.value)
        assert seen == ["run 500", "try 3", "try 3", "run 500", "se", "se"]
        assert app.prompt.line.cursor_position == 2


async def test_a_megabyte_pasted_is_cut_and_cleaned() -> None:
    app = Host(text="set ")
    async with app.run_test() as pilot:
        app.prompt.line.post_message(events.Paste("\n\x1b[2J" + "x" * 1_000_000 + "\nsecond line"))
        await pilot.pause()
        value = app.prompt.line.value
        assert len(value) == MOST_CHARACTERS
        assert value.startswith("set \N{REPLACEMENT CHARACTER}[2Jxxx")
        app.prompt.line.post_message(events.Paste("more"))
        app.prompt.line.post_message(events.Paste(""))
        await write(pilot, "y")
        assert app.prompt.line.value == value


def test_fit_takes_the_first_line() -> None:
    assert fit("a\nb") == "a"
    assert fit("\r\na\tb\r\n") == "a\N{REPLACEMENT CHARACTER}b"
    assert fit("") == fit("\n") == ""


async def test_no_key_of_the_line_reaches_the_screen_behind() -> None:
    app = Host()
    async with app.run_test() as pilot:
        await pilot.press("q", "question_mark", "up", "down", "tab", "enter")
        assert app.keys == []
        assert app.got == ["q?"]


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (160, 50)])
async def test_it_stands_at_the_bottom_and_names_its_keys(size: tuple[int, int]) -> None:
    app = Host(title="[red]Title[/]", candidates=["a"], history=["b"])
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        drawn = app.prompt.query("_Below").first()
        assert drawn.region.bottom == size[1]
        assert all(name in below(app).split("\n")[-1] for name in ("enter", "tab", "↑↓", "esc cancel"))
        assert "[red]Title[/]" in app.prompt.query_one("#title").render_line(0).text


async def test_a_click_on_a_key_presses_it() -> None:
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.click(offset=(below(app).split("\n")[-1].index("cancel"), 23))
        await pilot.pause()
        assert app.got == [None]


async def test_without_unicode_it_has_none() -> None:
    app = Host(look=Look(shapes=ASCII, depth=0), check=lambda text: "no", candidates=["a"], history=["b"])
    async with app.run_test(size=(60, 16)) as pilot:
        await pilot.press("enter")
        assert below(app).isascii()
        assert "! no" in below(app)
        assert app.prompt.query_one("#title").render_line(0).text.isascii()


def test_files_are_offered_as_the_text_writes_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "nets").mkdir()
    for name in ("a.toml", "b.txt", ".hidden.toml"):
        (tmp_path / name).touch()
    assert files_like("") == ["a.toml", "nets/"]
    assert files_like("~/n") == ["~/nets/"]
    assert files_like(f"{tmp_path}/.h") == [f"{tmp_path}/.hidden.toml"]
    for nowhere in ("/nowhere/x", "~nobody-of-that-name/x", "a\0/b", "x" * 5_000 + "/"):
        assert files_like(nowhere) == ()
