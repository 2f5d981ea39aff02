"""The first screen: what stands there, how one moves, what is chosen."""

from pathlib import Path

import pytest
from textual.app import App
from textual.pilot import Pilot

from nntui.scenario import library
from nntui.tui.look import ASCII, Look
from nntui.tui.screens.help import HelpOverlay
from nntui.tui.screens.lessons import Item, LessonList, _path, _wrong_with, items_of
from nntui.tui.screens.prompt import Prompt
from nntui.tui.themes import defaults


class Host(App[None]):
    def __init__(self, recent: list[Path] | None = None, look: Look | None = None) -> None:
        super().__init__()
        self.look = look or Look()
        self.now = 0.0
        self.chosen: list[Path] = []
        self.keys: list[str] = []
        self.list = LessonList(lambda: recent or [], lambda: self.now)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return defaults()

    def on_mount(self) -> None:
        self.push_screen(self.list)

    def on_lesson_list_chosen(self, chosen: LessonList.Chosen) -> None:
        self.chosen.append(chosen.path)

    def on_key(self, event: object) -> None:
        self.keys.append(getattr(event, "key", ""))


def rows(app: Host) -> list[str]:
    return [app.list.listing.render_line(y).text for y in range(app.list.listing.size.height)]


async def ready(pilot: Pilot[None]) -> None:
    await pilot.pause()
    await pilot.pause()


@pytest.mark.parametrize("key", ["question_mark", "f1"])
async def test_its_help_tells_its_own_keys(key: str) -> None:
    app = Host()
    app.list.over = "Twist"
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot)
        await pilot.press(key)
        assert isinstance(app.screen, HelpOverlay)
        groups = dict(app.screen.sheet.groups)
        assert [keys for keys, _ in groups["The list of lessons"]] == [entry.shown for entry in app.list.keys]
        assert dict(groups["The list of lessons"])["o"].startswith("Open a file")
        await pilot.press("escape")
        assert app.screen is app.list
        assert app.keys == []


def many(app: Host, count: int) -> None:
    """Lessons as there may be one day."""
    app.list.items = tuple(
        Item("Lessons", number, f"Title {number}", "A sentence.", Path(f"{number}.toml")) for number in range(count)
    )
    app.list.listing.redraw()


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (160, 50)])
async def test_the_list_has_title_sections_and_keys(size: tuple[int, int]) -> None:
    app = Host()
    async with app.run_test(size=size) as pilot:
        await ready(pilot)
        shown = rows(app)
        text = "\n".join(shown)
        assert "nntui" in text
        assert "Lessons ──" in text
        first = library.lessons()[0]
        assert any(f"{first.number} ▶ {first.title}" in row for row in shown)
        assert all(name in shown[-1] for name in ("↑↓ choose", "enter open", "o file", "? help", "T theme", "q quit"))
        while app.list.items[app.list.at].number is not None:
            await pilot.press("down")
        assert "Playground ──" in "\n".join(rows(app))


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (160, 50)])
async def test_the_entry_with_the_cursor_is_always_in_sight(size: tuple[int, int]) -> None:
    app = Host()
    async with app.run_test(size=size) as pilot:
        await ready(pilot)
        for _ in app.list.items:
            assert any(f"▶ {app.list.items[app.list.at].title}" in row for row in rows(app))
            await pilot.press("down")
        assert app.list.at == len(app.list.items) - 1
        for _ in app.list.items:
            await pilot.press("up")
        assert "Lessons" in "\n".join(rows(app))
        assert app.list.at == 0


async def test_moving_by_keys_stays_within_the_list() -> None:
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot)
        many(app, 30)
        seen = []
        for key in ("j", "down", "k", "up", "up", "end", "down", "home", "pagedown", "pagedown", "pageup"):
            await pilot.press(key)
            seen.append(app.list.at)
        assert seen[:8] == [1, 2, 1, 0, 0, 29, 29, 0]
        assert 0 < seen[10] < seen[9]
        assert seen[8] == 29 - seen[10]


async def test_enter_opens_what_has_the_cursor() -> None:
    app = Host()
    async with app.run_test() as pilot:
        await ready(pilot)
        await pilot.press("down", "enter")
        assert app.chosen == [library.lessons()[1].path]


async def test_digits_that_follow_soon_are_one_number() -> None:
    app = Host()
    async with app.run_test() as pilot:
        await ready(pilot)
        many(app, 15)
        await pilot.press("1")
        assert app.list.at == 1
        await pilot.press("2")
        assert app.list.at == 12
        app.now += 5
        await pilot.press("2")
        assert app.list.at == 2
        await pilot.press("7")  # there is no lesson 27: another number has begun
        assert app.list.at == 7
        assert app.list.sentence == ""


async def test_an_unknown_number_is_one_sentence() -> None:
    app = Host()
    async with app.run_test() as pilot:
        await ready(pilot)
        await pilot.press("7")
        assert app.list.sentence.startswith("There is no lesson 7; ")
        assert "✗ There is no lesson 7" in rows(app)[-2]
        assert app.list.at == 0
        await pilot.press("down")
        assert app.list.sentence == ""


async def test_what_is_wrong_with_a_file_is_said_until_one_moves() -> None:
    app = Host()
    async with app.run_test(size=(60, 16)) as pilot:
        await ready(pilot)
        app.list.say("mine.toml, line 3: there is no [model]")
        assert "✗ mine.toml, line 3: there is no [model]" in rows(app)[-2]
        await pilot.press("down")
        assert "mine.toml" not in rows(app)[-2]


async def test_keys_that_it_does_not_know_are_left_to_the_app() -> None:
    app = Host()
    async with app.run_test() as pilot:
        await ready(pilot)
        await pilot.press("T", "q", "down")
        assert app.keys == ["T", "q"]


async def test_a_click_moves_the_cursor_and_opens_where_it_is() -> None:
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot)
        while app.list.items[app.list.at].title != "Circle":
            await pilot.press("down")
        await pilot.press("up")
        y = next(y for y, row in enumerate(rows(app)) if "Circle" in row)
        await pilot.click(offset=(12, y))
        assert app.list.items[app.list.at].title == "Circle"
        assert not app.chosen
        await pilot.click(offset=(30, y))
        assert [path.stem for path in app.chosen] == ["circle"]


async def test_a_click_on_a_key_presses_it() -> None:
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot)
        keys = rows(app)[-1]
        await pilot.click(offset=(keys.index("theme"), 23))
        await pilot.click(offset=(keys.index("choose"), 23))
        await ready(pilot)
        assert app.keys == ["T"]
        assert app.list.at == 1


async def test_the_wheel_moves_the_cursor() -> None:
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot)
        await pilot._post_mouse_events([__import__("textual.events").events.MouseScrollDown], offset=(5, 5), button=0)
        assert app.list.at == 1


async def test_recent_files_are_named_with_their_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    items = items_of([tmp_path / "a" / "[red]mine[x].toml", Path("/elsewhere/\x1bb.toml")])[-2:]
    assert [(item.title, item.summary) for item in items] == [
        ("[red]mine[x].toml", "in ~/a"),
        ("\N{REPLACEMENT CHARACTER}b.toml", "in /elsewhere"),
    ]
    app = Host([item.path for item in items])
    async with app.run_test(size=(80, 40)) as pilot:
        await ready(pilot)
        await pilot.press("end")
        text = "\n".join(rows(app))
        assert "Recent files" in text
        assert "[red]mine[x].toml" in text
        assert "\x1b" not in text


async def test_a_file_is_opened_by_its_path(tmp_path: Path) -> None:
    mine = tmp_path / "my own.toml"
    mine.write_text("format = 1\n")
    app = Host()
    async with app.run_test() as pilot:
        await ready(pilot)
        await pilot.press("o")
        prompt = app.screen
        assert isinstance(prompt, Prompt)
        prompt.line.value = str(tmp_path / "gone.toml")
        await pilot.press("enter")
        assert "there is no such file" in prompt.wrong
        prompt.line.value = str(tmp_path) + "/"
        await pilot.press("tab")
        assert prompt.line.value == str(mine)
        await pilot.press("enter")
        await ready(pilot)
        assert app.chosen == [mine]
        await pilot.press("o", "escape")
        assert app.screen is app.list


def test_a_path_may_be_quoted_and_a_lesson_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert _path(" '/tmp/a b.toml' ") == Path("/tmp/a b.toml")
    assert _path("~/x.toml") == tmp_path / "x.toml"
    assert _path("circle") == next(entry.path for entry in library.playground() if entry.name == "circle")
    assert "write the path out" in _wrong_with("~nobody-of-that-name/x.toml")
    assert _wrong_with("nonsense")
    assert _wrong_with("")


async def test_without_unicode_it_has_none() -> None:
    app = Host(look=Look(shapes=ASCII, depth=0))
    async with app.run_test(size=(60, 16)) as pilot:
        await ready(pilot)
        await pilot.press("7")
        text = "\n".join(rows(app))
        assert text.isascii()
        assert "0 > A few loops read a digit" in text
        assert "! There is no lesson 7" in text


async def test_a_checkout_without_lessons_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(library, "folder", lambda: tmp_path)
    app = Host()
    async with app.run_test() as pilot:
        await ready(pilot)
        await pilot.press("down", "pagedown", "end", "enter", "1")
        assert "There are no lessons here" in "\n".join(rows(app))
        assert not app.chosen
