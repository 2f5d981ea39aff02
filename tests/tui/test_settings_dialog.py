"""The dialog of settings: what a row says, what keys and mouse ask for, what is shown when it is told."""

from dataclasses import replace
from typing import Any

import pytest
from textual import events
from textual.app import App
from textual.pilot import Pilot

from nntui import messages as m
from nntui import words
from nntui.tui.look import ASCII, THEMES, Look
from nntui.tui.screens.settings import MOST_TYPED, SettingsDialog, turned
from nntui.tui.themes import defaults

ACTIVATIONS = ("tanh", "relu", "sigmoid", "linear")
SETTINGS = (
    m.Setting("data", "data set", "circle", ("xor", "circle", "spiral"), "What is to be learned.", True),
    m.Setting("noise", "noise", "0.1", (), "a share from 0 to 0.5", True),
    m.Setting("layers", "layer sizes", "2,4,1", (), "Inputs first, such as 2,4,1.", True),
    m.Setting("activation", "hidden activation", "tanh", ACTIVATIONS),
    m.Setting("output", "output activation", "tanh", ACTIVATIONS),
    m.Setting("method", "how it learns", "twist", ("twist",)),
    m.Setting("size", "size of twists", "0.3", (), "Random twists are drawn from ± this."),
    m.Setting("batch", "samples a step", "10"),
    m.Setting("seed", "seed", "0", restarts=True),
    m.Setting("use", "rung", "loops", ("loops", "numpy"), absent=(("cuda", "there is no GPU [here]"),)),
)  # fmt: skip
NUMBER = {setting.word: number for number, setting in enumerate(SETTINGS)}


class Host(App[None]):
    def __init__(self, settings: tuple[m.Setting, ...] = SETTINGS, look: Look | None = None) -> None:
        super().__init__()
        self.look = look or Look()
        self.lines: list[str] = []
        self.keys: list[str] = []
        self.dialog = SettingsDialog(m.SettingsView(settings), self.lines.append)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return defaults()

    def on_mount(self) -> None:
        self.push_screen(self.dialog)

    def on_key(self, event: events.Key) -> None:
        self.keys.append(event.key)


async def write(pilot: Pilot[None], text: str) -> None:
    await pilot.press(*("space" if character == " " else character for character in text))


def to(word: str) -> list[str]:
    return ["home", *["down"] * NUMBER[word]]


def drawn(app: Host) -> str:
    box = app.dialog.box
    return "\n".join(box.render_line(y).text for y in range(box.size.height))


@pytest.mark.parametrize(
    ("size", "theme"), [((60, 16), "dark"), ((80, 24), "light"), ((80, 24), "projector"), ((160, 50), "dark")]
)
async def test_every_row_can_be_seen_and_says_what_it_is(size: tuple[int, int], theme: str) -> None:
    app = Host(look=Look(THEMES[theme]))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        for setting in SETTINGS:
            line = next(line for line in drawn(app).split("\n") if f"▶ {setting.title}" in line)
            assert setting.value in line
            assert ("step 0" in line) == setting.restarts
            await pilot.press("down")
        keys = drawn(app).split("\n")[-1]
        assert all(name in keys for name in ("↑↓ setting", "←→ change", "esc close"))
        assert app.dialog.box.region.right <= size[0]
        assert app.dialog.box.region.bottom <= size[1]


async def test_a_hint_is_a_sentence_and_where_rows_are_short_it_says_that_a_change_begins_again() -> None:
    app = Host()
    async with app.run_test(size=(60, 16)) as pilot:
        await pilot.press("down")
        assert "A share from 0 to 0.5. Changing it begins again" in drawn(app)
        await pilot.resize_terminal(100, 30)
        await pilot.pause()
        assert "A share from 0 to 0.5." in drawn(app)
        assert "Changing it" not in drawn(app)


async def test_arrows_cycle_the_choices() -> None:
    app = Host()
    async with app.run_test() as pilot:
        await pilot.press("right", "right", "left", *to("method"), "right", *to("output"), "left")
        assert app.lines == ["data spiral", "data xor", "data spiral", "output linear"]
        assert "‹ spiral ›" in drawn(app)


@pytest.mark.parametrize(
    ("word", "value", "way", "expected"),
    [
        ("size", "0.3", 1, "0.6"),
        ("size", "0.3", -1, "0.15"),
        ("batch", "10", -1, "5"),
        ("batch", "1", -1, "1"),
        ("batch", "7", 1, "14"),
        ("noise", "0.1", 1, "0.15"),
        ("noise", "0.5", 1, "0.5"),
        ("noise", "0.02", -1, "0"),
        ("seed", "0", -1, "0"),
        ("seed", "4294967295", 1, "4294967295"),
        ("seed", "4294967294", 1, "4294967295"),
        ("rate", "0.1", 1, "0.2"),
        ("rate", "0.35", -1, "0.3"),
        ("rate", "0.0001", -1, "0.0001"),
        ("momentum", "0.9", 1, "0.95"),
        ("momentum", "0.99", 1, "0.99"),
        ("decay", "0", 1, "1e-05"),
        ("layers", "2,4,1", 1, None),
        ("size", "1e308", 1, "inf"),  # which the words refuse
    ],
)
def test_numbers_are_turned_in_steps(word: str, value: str, way: int, expected: str | None) -> None:
    assert turned(m.Setting(word, word, value), value, way) == expected


def test_a_value_that_is_no_choice_is_beside_them() -> None:
    setting = m.Setting("data", "data", "mine.csv", ("xor", "moons"))
    assert [turned(setting, "mine.csv", way) for way in (1, -1)] == ["xor", "moons"]


async def test_what_can_only_be_typed_says_so() -> None:
    app = Host()
    async with app.run_test() as pilot:
        await pilot.press(*to("layers"), "right")
        assert "Type a value, then enter." in drawn(app)
        assert app.lines == []


async def test_typing_replaces_the_value() -> None:
    app = Host()
    async with app.run_test() as pilot:
        await pilot.press(*to("layers"))
        await write(pilot, "2,33")
        await pilot.press("backspace")
        assert "2,3_" in drawn(app)
        assert "esc leave it as it was" in drawn(app)
        await pilot.press("enter")
        assert app.lines == ["layers 2,3"]
        await write(pilot, "7")
        await pilot.press("escape")
        assert app.screen is app.dialog
        assert app.lines == ["layers 2,3"]
        await pilot.press("escape")
        assert app.screen is not app.dialog


async def test_enter_edits_a_value_and_cycles_choices() -> None:
    app = Host()
    async with app.run_test() as pilot:
        await pilot.press("enter", *to("layers"), "enter", "backspace", "3", "enter")
        assert app.lines == ["data spiral", "layers 2,4,3"]
        await pilot.press("enter", "ctrl+u", "enter")
        assert len(app.lines) == 2


async def test_what_the_words_refuse_is_said_and_stays_to_be_put_right() -> None:
    app = Host()
    async with app.run_test(size=(60, 16)) as pilot:
        await pilot.press(*to("noise"))
        await write(pilot, "much")
        await pilot.press("enter")
        assert "✗ the noise is a number, not 'much'" in drawn(app)
        assert app.lines == []
        assert app.dialog.typed == "much"
        await pilot.press("up")
        assert app.dialog.typed is None
        assert "✗" not in drawn(app)


async def test_a_paste_is_cut_and_cleaned() -> None:
    app = Host()
    async with app.run_test() as pilot:
        await pilot.press(*to("layers"))
        app.post_message(events.Paste("\x1b[2J" + "9" * 1_000_000))
        await pilot.pause()
        assert app.dialog.typed is not None
        assert len(app.dialog.typed) == MOST_TYPED
        assert "\x1b" not in drawn(app)
        assert "9_" in drawn(app)


async def test_what_is_told_replaces_what_was_asked_for() -> None:
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("right")
        assert "‹ spiral ›" in drawn(app)
        app.dialog.show(m.SettingsView(SETTINGS), "There is [no] such data set; " + "because " * 30, wrong=True)
        assert "‹ circle ›" in drawn(app)
        assert "✗ There is [no] such data set" in drawn(app)
        told = tuple(m.Setting("seed", "seed", "5") if s.word == "seed" else s for s in SETTINGS[3:])
        app.dialog.show(m.SettingsView(told), "Seed 5.")
        assert "Seed 5." in drawn(app)
        assert "▶ hidden activation" in drawn(app)  # the row that was chosen is gone
        await pilot.press("down", "up")
        assert "Seed 5." not in drawn(app)


async def test_the_row_stays_chosen_when_others_come() -> None:
    app = Host()
    async with app.run_test() as pilot:
        await pilot.press(*to("seed"))
        app.dialog.show(m.SettingsView(SETTINGS[5:]))
        assert "▶ seed" in drawn(app)


async def test_what_is_absent_is_named_with_its_reason() -> None:
    app = Host()
    async with app.run_test(size=(60, 16)) as pilot:
        await pilot.press("end")
        assert "● loops    numpy" in drawn(app)
        assert "✗ cuda: there is no GPU [here]" in drawn(app)


async def test_the_mouse_chooses_rows_turns_values_and_picks_choices() -> None:
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        left, top = app.dialog.box.content_region.offset

        async def click(text: str, within: str) -> None:
            lines = drawn(app).split("\n")
            y = next(y for y, line in enumerate(lines) if within in line)
            await pilot.click(offset=(left + lines[y].index(text), top + y))
            await pilot.pause()

        await click("samples", "samples a step")
        assert app.dialog.at == NUMBER["batch"]
        await click("›", "size of twists")
        await click("‹", "size of twists")
        await click("rung", "rung")
        await click("numpy", "● loops")
        await click("setting", "esc close")
        assert app.dialog.at == NUMBER["use"]
        assert app.lines == ["size 0.6", "size 0.3", "use numpy"]
        await click("close", "esc close")
        assert app.screen is not app.dialog


async def test_every_line_is_of_the_words() -> None:
    app = Host()
    async with app.run_test() as pilot:
        await pilot.pause()
        for _ in SETTINGS:
            for key in ("right", "left", "left", "down"):
                app.dialog.pressed(key, None)
        assert len(app.lines) > 15
        for line in app.lines:
            words.parse(line)


async def test_no_key_reaches_the_screen_behind() -> None:
    app = Host()
    async with app.run_test() as pilot:
        await pilot.press("f5", "pageup", "pagedown", "tab", "question_mark", "left", "escape", "ctrl+s")
        assert app.keys == ["ctrl+s"]


async def test_nothing_to_change_is_said() -> None:
    app = Host(())
    async with app.run_test(size=(60, 16)) as pilot:
        await pilot.press("down", "right", "enter", "x", "end")
        assert "There is nothing to be changed here." in drawn(app)


@pytest.mark.parametrize("size", [(20, 6), (60, 16)])
async def test_without_unicode_and_in_the_smallest_terminal_it_stands(size: tuple[int, int]) -> None:
    settings: tuple[Any, ...] = tuple(replace_title(s) for s in SETTINGS)
    app = Host(settings, Look(shapes=ASCII, depth=0))
    async with app.run_test(size=size) as pilot:
        await pilot.press("down", "x", "enter", "escape", "end")
        assert drawn(app).isascii()


def replace_title(setting: m.Setting) -> m.Setting:
    hint = setting.hint.replace("±", "+-")
    return m.Setting(
        setting.word, setting.title * 3, setting.value, setting.choices, hint, setting.restarts, setting.absent
    )


async def test_another_theme_is_followed() -> None:
    app = Host()
    async with app.run_test() as pilot:
        await pilot.pause()
        before = app.dialog.box.render_line(0)
        app.look = replace(app.look, colours=THEMES["projector"])
        app.dialog.box.redraw()
        await pilot.pause()
        assert app.dialog.box.render_line(0) != before
        assert app.dialog.box.has_class("-thick")
