"""The help: every key is in it, in columns that fit, and it closes."""

import pytest
from textual import events
from textual.app import App

from nntui.tui.look import ASCII, THEMES, Look
from nntui.tui.screens.help import Groups, HelpOverlay, parted
from nntui.tui.themes import defaults

GROUPS: Groups = [
    ("Moving", [("space", "one line forwards"), ("backspace", "one line back"), ("shift+→", "one pass of the loop")]),
    ("Training", [("r", "run, and stop"), ("+ −", "turn the weight pointed at by a little, or by less with shift")]),
    ("The lesson", [(f"{n}", f"answer number {n} of the question") for n in range(1, 9)]),
    ("Looking", [("[x]", "not markup [/red]"), ("\x1b", "nothing that steers")]),
    ("Else", [("?", "this help"), ("q", "back to the lessons")]),
]
WHATS = [what for _, rows in GROUPS for _, what in rows]


class Host(App[None]):
    def __init__(self, groups: Groups = GROUPS, look: Look | None = None) -> None:
        super().__init__()
        self.look = look or Look()
        self.keys: list[str] = []
        self.help = HelpOverlay(groups)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return defaults()

    def on_mount(self) -> None:
        self.push_screen(self.help)

    def on_key(self, event: events.Key) -> None:
        self.keys.append(event.key)


def rows(app: Host) -> list[str]:
    return [app.help.sheet.render_line(y).text for y in range(app.help.sheet.size.height)]


def columns(app: Host) -> int:
    return max(sum(row.count(f" {title} ─") for title, _ in GROUPS) for row in rows(app))


@pytest.mark.parametrize(
    ("size", "number"), [((60, 16), 1), ((60, 40), 1), ((80, 24), 2), ((100, 30), 2), ((160, 50), 3)]
)
async def test_columns_fit_the_size(size: tuple[int, int], number: int) -> None:
    app = Host()
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        assert columns(app) == number
        assert app.help.sheet.region.right <= size[0]
        assert app.help.sheet.region.bottom <= size[1]
        assert "esc ? q close" in rows(app)[-1]


@pytest.mark.parametrize("theme", THEMES)
async def test_every_key_can_be_scrolled_to(theme: str) -> None:
    app = Host(look=Look(THEMES[theme]))
    async with app.run_test(size=(60, 16)) as pilot:
        await pilot.pause()
        seen = "\n".join(rows(app))
        assert "The lesson" in seen
        assert "Else" not in seen
        for _ in range(20):
            await pilot.press("down")
            seen += "\n".join(rows(app))
        assert all(what[:40] in seen for what in WHATS)
        assert "\x1b" not in seen
        last = rows(app)
        await pilot.press("home")
        first = rows(app)
        await pilot.press("pagedown", "pagedown", "pagedown")
        assert rows(app) == last
        await pilot.press("pageup", "pageup", "up", "k", "k")
        assert rows(app) == first
        await pilot.press("end", "j")
        assert rows(app) == last


LINES = ["XOR by twists. " * 6, "2-2-1 tanh, 4 samples.", "Last said: run 100; set weights[0][0][0] 0.5; back 1 step."]


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (160, 50)])
async def test_sentences_need_no_keys(size: tuple[int, int]) -> None:
    app = Host([("", [("", line.strip()) for line in LINES])])
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        *shown, rule, keys = (row.rstrip() for row in rows(app))
        assert shown[0].startswith(" XOR by twists. XOR")  # no title, no rule, no room for keys
        assert set(rule) == {"─"}
        assert "close" in keys
        assert shown[1].startswith("   ")
        assert [row[1] != " " for row in shown].count(True) == 3
        assert " ".join(" ".join(shown).split()) == " ".join(" ".join(LINES).split())
        assert max(map(len, shown)) > 50
        assert app.help.sheet.size.width <= 90
        assert app.help.sheet.size.height == len(shown) + 2


async def test_many_sentences_can_be_scrolled() -> None:
    app = Host([("", [("", f"Sentence {n}.") for n in range(50)])])
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("end")
        assert "Sentence 49." in "\n".join(rows(app))


@pytest.mark.parametrize("key", ["escape", "question_mark", "f1", "q", "enter"])
async def test_it_closes(key: str) -> None:
    app = Host()
    async with app.run_test() as pilot:
        await pilot.press("x", "t", "left", key)
        assert app.screen is not app.help
        assert app.keys == []


async def test_the_mouse_scrolls_and_closes() -> None:
    app = Host()
    async with app.run_test(size=(60, 16)) as pilot:
        await pilot.pause()
        before = rows(app)
        app.help.sheet.post_message(
            events.MouseScrollDown(app.help.sheet, 5, 5, 0, 1, 0, False, False, False, screen_x=5, screen_y=5)
        )
        await pilot.pause()
        assert rows(app) != before
        await pilot.click(offset=(1 + rows(app)[-1].index("close"), 14))
        await pilot.pause()
        assert app.screen is not app.help


async def test_a_terminal_that_shrinks_still_shows_it() -> None:
    app = Host()
    async with app.run_test(size=(160, 50)) as pilot:
        await pilot.resize_terminal(60, 16)
        await pilot.pause()
        assert app.help.sheet.region.right <= 60
        assert app.help.sheet.region.bottom <= 16
        assert "close" in rows(app)[-1]


async def test_without_unicode_it_has_none() -> None:
    app = Host(
        [(title, [(k, w) for k, w in keys if (k + w).isascii()]) for title, keys in GROUPS[:3]],
        Look(shapes=ASCII, depth=0),
    )
    async with app.run_test(size=(60, 16)) as pilot:
        await pilot.pause()
        assert "\n".join(rows(app)).isascii()


async def test_no_groups_are_no_reason_to_fall() -> None:
    app = Host([])
    async with app.run_test(size=(60, 16)) as pilot:
        await pilot.press("down", "end", "escape")
        assert app.screen is not app.help


def test_groups_are_parted_in_order_so_that_the_tallest_column_is_low() -> None:
    groups = [[[]] * size for size in (5, 1, 1, 6)]
    assert [[len(group) for group in column] for column in parted(groups, 2)] == [[5, 1], [1, 6]]
    assert [[len(group) for group in column] for column in parted(groups, 3)] == [[5], [1, 1], [6]]
    assert parted([], 3) == [[]]
