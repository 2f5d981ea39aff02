"""What is no CSV file: nothing at all, a folder, a pipe, a device, or one that may not be read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from nntui.data import DataError, read_table


def sentence(path: Path) -> str:
    with pytest.raises(DataError) as caught:
        read_table(path, ["a"], ["b"])
    said = str(caught.value)
    assert all(character.isprintable() or character == "\ufffd" for character in said)
    return said


def test_missing(tmp_path: Path) -> None:
    said = sentence(tmp_path / "gone\x1b.csv")
    assert said.startswith("gone\ufffd.csv: there is no such file in the folder '")
    assert said.endswith("'; check its name")
    path = tmp_path / "mine.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    assert sentence(path / "below.csv").startswith("below.csv: there is no such file in the folder '")


@pytest.mark.parametrize("name", ["nul\0.csv", "surrogate\ud800.csv"])
def test_names_that_no_file_can_have(tmp_path: Path, name: str) -> None:
    assert ": there is no such file in the folder '" in sentence(tmp_path / name)


def test_a_name_too_long_for_the_system(tmp_path: Path) -> None:
    assert "…: the file cannot be read (" in sentence(tmp_path / ("n" * 5000))


def test_folder(tmp_path: Path) -> None:
    folder = tmp_path / "folder.csv"
    folder.mkdir()
    assert sentence(folder) == "folder.csv: this is a folder; name a CSV file in it"
    assert sentence(Path()) == ".: this is a folder; name a CSV file in it"


def test_pipes_and_devices_are_refused_without_opening(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    assert sentence(pipe) == "pipe.csv: this is a device or a pipe; name a CSV file"
    assert sentence(Path("/dev/zero")) == "zero: this is a device or a pipe; name a CSV file"


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = tmp_path / "mine.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    monkeypatch.setattr(Path, "open", refuse)
    assert sentence(path) == "mine.csv: the file cannot be read (Permission denied); choose one that can be"
