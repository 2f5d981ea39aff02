"""Keeping a scenario: where it may go, and that nothing is overwritten or left half done."""

import errno
import io
from pathlib import Path
from typing import Any

import pytest

from nntui import messages as m
from nntui.scenario.keep import keep, target


def test_a_new_file_is_written_once(tmp_path: Path) -> None:
    path = target(f" {tmp_path}/mine.toml ")
    keep(path, "format = 1\n")
    assert path.read_text() == "format = 1\n"
    with pytest.raises(ValueError, match="exists already; give it another name"):
        target(str(path))
    with pytest.raises(ValueError, match="cannot be written: File exists"):
        keep(path, "format = 2\n")
    assert path.read_text() == "format = 1\n"


def test_the_home_folder_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert target("~/mine.toml") == tmp_path / "mine.toml"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "a scenario is saved as a file that ends in .toml"),
        ("mine", "ends in .toml, not 'mine'"),
        ("\x1b[2J", "not '\N{REPLACEMENT CHARACTER}"),
        ("/nowhere/x.toml", "there is no folder /nowhere; make it, or choose another"),
        ("~nobody-of-that-name/x.toml", "write the path out"),
        ("/tmp/" + "x" * 300 + ".toml", "cannot be written: File name too long"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_scenario_is_one_sentence(text: str, sentence: str) -> None:
    with pytest.raises(ValueError) as error:  # noqa: PT011 - the sentence is looked at below
        target(text)
    assert sentence in str(error.value)
    assert "\n" not in str(error.value)


def test_a_name_with_a_zero_is_refused() -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        keep(target("/tmp/a\0b.toml"), "format = 1")


def test_a_link_to_nowhere_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "link.toml").symlink_to(tmp_path / "far.toml")
    with pytest.raises(ValueError, match="exists already"):
        target(str(tmp_path / "link.toml"))


def test_a_network_too_large_for_a_scenario_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="a scenario has at most 1,000,000; nntui train"):
        keep(tmp_path / "big.toml", "#" * (m.MOST_TEXT + 1))
    assert not (tmp_path / "big.toml").exists()


def test_half_a_file_is_taken_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "mine.toml"

    class Full(io.FileIO):
        def write(self, _content: Any) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "open", lambda self, mode: Full(str(self), mode))
    with pytest.raises(ValueError, match="No space left on device"):
        keep(path, "format = 1\n")
    assert not path.exists()
