"""Whoever comes by a browser from elsewhere reaches no files but the lessons, what is served, and what they saved."""

from pathlib import Path

import pytest
from hall import hall

from nntui.scenario import library
from nntui.tui import confined
from nntui.tui.confined import ConfinedError, check_open, check_write, may_list
from nntui.tui.dialogs import say_words
from nntui.tui.screens.lessons import _wrong_with
from nntui.tui.screens.prompt import files_like

ONLY = "you can open the lessons"


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A session's own folder, in which it is; beside it lie files that are none of its business."""
    folder = tmp_path / "room"
    folder.mkdir()
    for name in ("secret.toml", "served.toml", "secret.nnrec", "room/mine.toml"):
        (tmp_path / name).write_text("format = 1")
    (folder / "link.toml").symlink_to(tmp_path / "secret.toml")
    monkeypatch.setenv(confined.ROOM, str(folder))
    monkeypatch.setenv(confined.SERVED, str(tmp_path / "served.toml"))
    monkeypatch.chdir(folder)
    return folder


def test_what_may_be_opened(room: Path) -> None:
    for name in ("mine.toml", "./mine.toml", str(room / "mine.toml"), "../served.toml", "recordings/x.nnrec"):
        check_open(Path(name))
    check_open(library.find("xor"))
    for name in (
        "../secret.toml",
        "../secret.nnrec",
        "link.toml",
        "/etc/passwd",
        "~/x.toml",
        "~nobody/x",
        "a\0b",
        "..",
    ):
        with pytest.raises(ConfinedError, match=ONLY):
            check_open(Path(name))


def test_what_may_be_written(room: Path) -> None:
    check_write(Path("new.toml"))
    for name in ("../new.toml", "/tmp/new.toml", "~/new.toml", "recordings/new.toml", "a\0/b.toml"):
        with pytest.raises(ConfinedError, match="by its name alone"):
            check_write(Path(name))
    for number in range(confined.MOST_FILES):
        (room / str(number)).touch()
    with pytest.raises(ConfinedError, match="no room for more"):
        check_write(Path("new.toml"))


def test_what_is_listed_and_what_is_told_of_a_file(room: Path) -> None:
    assert files_like("m") == ["mine.toml"]
    assert may_list(Path())
    for folder in ("../", "/", "/etc/", "~/"):
        assert list(files_like(folder)) == []
    for name in ("../secret.toml", "/etc/passwd", "../nothing.toml", "../nothing.nnrec", "~root", "'~nobody-at-all'"):
        assert ONLY in _wrong_with(name)


def test_whoever_is_here_reaches_all_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(confined.ROOM, raising=False)
    check_open(Path("/etc/passwd"))
    check_write(tmp_path / "x.toml")
    assert may_list(Path("/"))


async def test_whatever_is_typed_no_other_file_is_read_or_written(room: Path) -> None:
    async with hall("xor", (100, 30)) as place:
        for words in ("open ../secret.toml", "race with ../secret.toml", "open ../secret.nnrec"):
            say_words(place.app.work, words)
            await place.settle()
            assert ONLY in place.text
        for words in ("save ../new.toml", "save /tmp/new.toml"):
            say_words(place.app.work, words)
            await place.settle()
            assert "saved by its name alone" in place.text
        handed: list[Path] = []
        place.app.hand_over = handed.append  # type: ignore[method-assign]
        await place.press("s", "enter", "P")
        assert f"Saved as {handed[-1].name}." in place.text  # not where that is
    assert sorted(path.suffix for path in handed) == [".svg", ".toml"]
    assert all((room / path).is_file() for path in handed)
    beside = {"secret.toml", "served.toml", "secret.nnrec", "room", "config"}
    assert {path.name for path in room.parent.iterdir()} == beside
