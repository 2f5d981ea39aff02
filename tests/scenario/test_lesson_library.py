"""Finding lessons by number, name and path."""

from __future__ import annotations

from pathlib import Path

import pytest
from lesson_samples import GOOD

from nntui.scenario import library
from nntui.scenario.reader import ScenarioError


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "scenarios"
    (folder / "playground").mkdir(parents=True)
    for name in ("01-neuron", "02-twist", "10-sampling", "playground/zebra", "playground/circle", "playground/xor"):
        (folder / f"{name}.toml").write_text(GOOD.replace("Exclusive or, by twisting", name), encoding="utf-8")
    (folder / "README.md").touch()
    (folder / "03-broken.toml").write_text("[", encoding="utf-8")
    monkeypatch.setattr(library, "folder", lambda: folder)
    monkeypatch.chdir(tmp_path)
    return folder


def test_lessons_in_teaching_order(shipped: Path) -> None:
    found = library.lessons()
    assert [(entry.number, entry.name, entry.title) for entry in found] == [
        (1, "neuron", "01-neuron"),
        (2, "twist", "02-twist"),
        (3, "broken", "broken"),
        (10, "sampling", "10-sampling"),
    ]
    assert found[0].summary == "Two wrongs make a right."
    assert found[0].path == shipped / "01-neuron.toml"


def test_the_playground(shipped: Path) -> None:
    assert [entry.name for entry in library.playground()] == ["xor", "circle", "zebra"]
    assert library.playground()[0].number is None


@pytest.mark.parametrize("word", ["2", "02", " 002 ", "twist", "02-twist"])
def test_a_lesson_by_its_number_or_name(shipped: Path, word: str) -> None:
    assert library.find(word) == shipped / "02-twist.toml"


def test_other_files(shipped: Path, tmp_path: Path) -> None:
    assert library.find("xor") == shipped / "playground" / "xor.toml"
    assert library.find("./mine") == Path("./mine")
    assert library.find("mine.toml") == Path("mine.toml")
    (tmp_path / "mine").touch()
    assert library.find("mine") == Path("mine")


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("twits", "there is no lesson 'twits'; did you mean 'twist'? `nntui list` names them all"),
        ("qqq", "there is no lesson 'qqq'; `nntui list` names them all"),
        ("", "there is no lesson ''; `nntui list` names them all"),
        ("\x1b\0", "there is no lesson '\ufffd\ufffd'; `nntui list` names them all"),
        ("9", "there is no lesson 9; the lessons are 1, 2, 3 and 10"),
    ],
)
def test_what_is_not_there(shipped: Path, word: str, sentence: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        library.find(word)
    assert str(caught.value) == sentence


def test_long_words(shipped: Path) -> None:
    for word in ("x" * 5000, "7" * 5000):
        with pytest.raises(ScenarioError):
            library.find(word)


def test_an_empty_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "folder", lambda: tmp_path / "none")
    assert library.lessons() == library.playground() == ()
    with pytest.raises(ScenarioError, match="there is no lesson 1; there are none yet"):
        library.find("1")


def test_the_folder_of_the_checkout_or_the_package() -> None:
    assert library.folder().name == "scenarios"
    assert library.folder().is_dir()
