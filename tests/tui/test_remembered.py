"""What is remembered between runs, and that no file can spoil a lesson."""

import os
from pathlib import Path

import pytest

from nntui.tui.remembered import MOST_BYTES, Remembered, place


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NNTUI_CONFIG", str(tmp_path / "config"))
    return tmp_path / "config"


def test_what_is_saved_is_there_the_next_time(tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    mine.touch()
    kept = Remembered("projector", True).with_file(mine)
    kept.save()
    assert Remembered.load() == kept
    assert Remembered.load().files() == (mine,)


def test_nothing_kept_gives_the_defaults() -> None:
    assert Remembered.load() == Remembered("dark", False, ())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"{",
        b"null",
        b"[1]",
        b'{"theme": "pink"}',
        b'{"exact": 1}',
        b'{"exact": NaN}',
        b'{"recent": "x"}',
        b'{"recent": [["a"]]}',
        b'{"other": ' + b"[" * 60_000,
        b'{"theme": "' + b"a" * MOST_BYTES + b'"}',
    ],
)  # fmt: skip
def test_a_damaged_or_foreign_file_counts_as_none(folder: Path, content: bytes) -> None:
    folder.mkdir()
    place().write_bytes(content)
    assert Remembered.load() == Remembered()


def test_a_pipe_is_not_waited_for(folder: Path) -> None:
    folder.mkdir()
    os.mkfifo(place())
    assert Remembered.load() == Remembered()


def test_what_a_newer_version_adds_is_passed_over_and_strings_are_cleaned(folder: Path) -> None:
    folder.mkdir()
    place().write_text('{"theme": "light", "new": 1, "recent": ["relative", "/x\\u001b"]}')
    found = Remembered.load()
    assert found.theme == "light"
    assert found.recent == ("/x�",)
    assert found.files() == ()


def test_recent_files_are_nine_newest_first_and_named_once(tmp_path: Path) -> None:
    kept = Remembered()
    for number in range(12):
        kept = kept.with_file(tmp_path / f"{number}.toml")
    kept = kept.with_file(tmp_path / "5.toml")
    assert [Path(name).stem for name in kept.recent] == ["5", "11", "10", "9", "8", "7", "6", "4", "3"]


def test_only_files_that_still_exist_are_offered(tmp_path: Path) -> None:
    (tmp_path / "here.toml").touch()
    kept = Remembered().with_file(tmp_path / "gone.toml").with_file(tmp_path / "here.toml")
    kept = Remembered(recent=(*kept.recent, "/" + "x" * 5_000, str(tmp_path)))
    assert kept.files() == (tmp_path / "here.toml",)


def test_a_name_that_cannot_be_shown_is_not_remembered() -> None:
    assert Remembered().with_file(Path("/tmp/\x1b[2J.toml")) == Remembered()
    assert Remembered().with_file(Path("/tmp/\udcff.toml")) == Remembered()


def test_a_failure_to_write_is_swallowed_and_leaves_nothing_behind(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Remembered("light").save()
    monkeypatch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(OSError("full")))
    Remembered("projector").save()
    assert Remembered.load().theme == "light"
    assert [path.name for path in folder.iterdir()] == ["screen.json"]


def test_a_folder_that_cannot_be_made_is_swallowed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("NNTUI_CONFIG", str(tmp_path / "file"))
    Remembered("light").save()
    assert Remembered.load() == Remembered()
