"""A lesson's data file: it lies in the lesson's folder, and must load."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from nntui.scenario.check import check

HEAD = 'format = 1\ntitle = "t"\n[model]\nkind = "mlp"\nlayers = [2, 1]\n[data]\n'
COLUMNS = 'inputs = ["a", "b"]\ntargets = ["y"]\n'


def problems(file: str, folder: Path, columns: str = COLUMNS) -> list[str]:
    return check(f"{HEAD}file = {file!r}\n{columns}", "x.toml", folder)[1]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "lessons"
    (folder / "below").mkdir(parents=True)
    for path in (folder / "mine.csv", folder / "below" / "deep.csv", tmp_path / "outside.csv"):
        path.write_text("a,b,y\n1,2,1\n3,4,-1\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize("file", ["mine.csv", "below/deep.csv", "./mine.csv"])
def test_a_file_beside_the_lesson(folder: Path, file: str) -> None:
    assert problems(file, folder) == []


@pytest.mark.parametrize(
    "file",
    ["../outside.csv", "below/../mine.csv", "/etc/passwd", "/dev/zero", "C:\\x.csv", "\\x.csv", "..\\x.csv", "C:x.csv"],
)
def test_a_file_elsewhere(folder: Path, file: str) -> None:
    (said,) = problems(file, folder)
    begun = (
        "x.toml:7: data.file must be a file in the lesson's folder or below it, named from there and without '..', not"
    )
    assert said.startswith(begun)


def test_what_is_no_file_name(folder: Path) -> None:
    assert problems("https://example.org/x.csv", folder) == [
        "x.toml:7: data.file must be a file in the lesson's folder, since nothing is fetched from the network, "
        "not 'https://example.org/x.csv'"
    ]
    assert problems(" ", folder) == ["x.toml:7: data.file must be the name of a file in the lesson's folder, not ' '"]


def test_a_link_out_of_the_folder(folder: Path) -> None:
    (folder / "link.csv").symlink_to(folder.parent / "outside.csv")
    (said,) = problems("link.csv", folder)
    assert said.startswith("x.toml:7: data.file must be a file in the lesson's folder or below it, and no link")
    (folder / "out").symlink_to(folder.parent)
    (said,) = problems("out/outside.csv", folder)
    assert "no link that leads out of it" in said
    (folder / "inner.csv").symlink_to(folder / "mine.csv")
    assert problems("inner.csv", folder) == []
    (folder / "loop.csv").symlink_to(folder / "loop.csv")
    assert len(problems("loop.csv", folder)) == 1


def test_what_the_table_says_is_told_at_the_line_of_the_file(folder: Path) -> None:
    (folder / "bad.csv").write_text("a,b,y\n1,2\n", encoding="utf-8")
    assert problems("bad.csv", folder) == [
        "x.toml:7: bad.csv:2: the row has 1 field; it needs 3, as many as the first line".replace("1 field", "2 fields")
    ]
    assert problems("gone.csv", folder)[0].startswith("x.toml:7: gone.csv: there is no such file in the folder '")
    os.mkfifo(folder / "pipe.csv")
    assert problems("pipe.csv", folder) == ["x.toml:7: pipe.csv: this is a device or a pipe; name a CSV file"]


def test_columns(folder: Path) -> None:
    assert problems("mine.csv", folder, "") == [
        'x.toml:6: data.inputs is missing; it names the columns that go in, such as inputs = ["a", "b"]',
        'x.toml:6: data.targets is missing; it names the columns that should come out, such as targets = ["a", "b"]',
    ]
    assert problems("mine.csv", folder, 'inputs = ["a", 1]\ntargets = ["y"]\n') == [
        "x.toml:8: data.inputs item 2 must be text in quotation marks, not 1"
    ]
    (said,) = problems("mine.csv", folder, 'inputs = ["a", "z"]\ntargets = ["y"]\n')
    assert said.startswith("x.toml:7: mine.csv:1: there is no column 'z'")


def test_the_model_must_fit(folder: Path) -> None:
    (said,) = problems("mine.csv", folder, 'inputs = ["a"]\ntargets = ["y"]\n')
    assert said == "x.toml:5: model.layers must begin with 1, the inputs of mine.csv, not 2"


def test_a_file_is_used_as_it_is(folder: Path) -> None:
    assert problems("mine.csv", folder, COLUMNS + "samples = 2\nnoise = 0.1\n") == [
        "x.toml:10: data.samples goes with data.name alone; a file is used as it is",
        "x.toml:11: data.noise goes with data.name alone; a file is used as it is",
    ]
