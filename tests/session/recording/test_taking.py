"""What is taken away of a recording is what was in it, to the bit."""

import csv
import io
import json
import math
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from recordings import LESSON, SMALL, W, recorded

from nntui import messages as m
from nntui.cli import main
from nntui.commands.replay import progress
from nntui.models.model import FloatArray
from nntui.session.recording.reading import read
from nntui.session.recording.records import RecordingError
from nntui.session.recording.taking import computing, moments
from nntui.session.recording.taking.table import addresses, in_a_cell
from nntui.session.session import Session

HELD = SMALL.replace("samples = 20", "samples = 20\ntest_share = 0.5")
DONE: tuple[m.Command, ...] = (
    m.Run(30), m.Mark("=here"), m.SetValue(W, -0.0), m.Run(7), m.Goto(12), m.Run(5), m.Method("gradient"), m.Try(2),
    m.Layers((2, 3, 1)), m.Run(10), m.Undo(), m.Open(HELD, "held.toml"), m.Run(4),
)  # fmt: skip


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return recorded(tmp_path_factory.mktemp("taking") / "made.nnrec", DONE)


@pytest.fixture
def export(capsys: pytest.CaptureFixture[str]) -> Callable[..., SimpleNamespace]:
    """`nntui export` in this process."""

    def run(*arguments: object) -> SimpleNamespace:
        capsys.readouterr()
        status = main(["export", *map(str, arguments)])
        out, err = capsys.readouterr()
        return SimpleNamespace(status=status, out=out, err=err)

    return run


def steps_of(commands: tuple[m.Command, ...]) -> list[tuple[int, FloatArray]]:
    """Where a session comes by that does the same, a step at a time."""
    session, passed = Session(), []

    def do(command: m.Command) -> None:
        session.handle(command)
        session.settle()
        assert session.desk is not None
        here = (session.position.step, session.desk.training.parameters.copy())
        if not passed or here[0] != passed[-1][0] or here[1].tobytes() != passed[-1][1].tobytes():
            passed.append(here)

    do(m.Open(SMALL, "first.toml"))
    for command in commands:
        count = command.steps if isinstance(command, m.Run) else command.count if isinstance(command, m.Try) else 1
        for _ in range(count):
            do(type(command)(1) if isinstance(command, m.Run | m.Try) else command)
    return passed


def table_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def parameters_in(row: dict[str, str]) -> FloatArray:
    return np.array([float(cell) for name, cell in row.items() if name.startswith(("weights", "biases")) and cell])


def test_a_table_holds_every_step_to_the_bit(recording: Path, tmp_path: Path, export) -> None:
    done = export(recording, tmp_path / "t.csv")
    assert (done.status, done.err) == (0, "")
    rows = table_of(tmp_path / "t.csv")
    found = iter((int(row["step"]), sorted(parameters_in(row).tolist())) for row in rows)
    for step, parameters in steps_of(DONE[:10]):  # in this order, and perhaps others between them
        assert (step, sorted(parameters.tolist())) in found, step
    set_by_hand = next(row for row in rows if row["command"] == f"set {W} -0.0")
    assert math.copysign(1.0, float(set_by_hand[W])) == -1.0
    assert set_by_hand["step"] == "30"
    assert [row["mark"] for row in rows if row["mark"]] == ["'=here"]
    names = [name for name in rows[0] if name.startswith(("weights", "biases"))]
    assert names == [  # those of the second network among those of the first
        *(f"weights[0][{n}][{s}]" for n in range(3) for s in range(2)), *(f"biases[0][{n}]" for n in range(3)),
        *(f"weights[1][0][{s}]" for s in range(3)), "biases[1][0]",
    ]  # fmt: skip
    assert rows[0]["test_loss"] == ""
    assert float(rows[-1]["test_loss"]) > 0
    assert {row["lesson"] for row in rows} == {"first.toml", "held.toml"}
    assert [int(row["step"]) for row in rows][-7:] == [10, 0, 0, 1, 2, 3, 4]  # trained, taken back, opened, trained


def test_a_document_holds_the_same_as_the_table(recording: Path, tmp_path: Path, export) -> None:
    export(recording, tmp_path / "t.csv")
    assert export(recording, tmp_path / "t.json").status == 0
    rows, found = table_of(tmp_path / "t.csv"), json.loads((tmp_path / "t.json").read_text())
    assert len(found["rows"]) == len(rows)
    for row, other in zip(rows, found["rows"], strict=True):
        assert (int(row["step"]), float(row["seconds"]), float(row["loss"])) == (
            other["step"], other["seconds"], other["loss"],
        )  # fmt: skip
        flat = {name: float(cell) for name, cell in row.items() if name.startswith(("weights", "biases")) and cell}
        assert flat == named(other["parameters"])
    assert [lesson["layers"] for lesson in found["lessons"]] == [[2, 2, 1], [2, 2, 1]]
    assert [mark["name"] for mark in found["marks"]] == ["=here"]
    assert [done["words"] for done in found["commands"]][1:4] == ["run 30", "mark =here", f"set {W} -0.0"]
    assert found["recording"]["ended"]
    assert found["recording"]["damage"] is None


def named(parameters: dict[str, Any]) -> dict[str, float]:
    """Lists in lists as the addresses of what stands in them."""
    found: dict[str, float] = {}

    def put(name: str, value: Any) -> None:
        if isinstance(value, list):
            for number, item in enumerate(value):
                put(f"{name}[{number}]", item)
        else:
            found[name] = value

    for root, value in parameters.items():
        put(root, value)
    return found


def test_a_lesson_has_its_beats_answers_and_guesses(tmp_path: Path, export) -> None:
    path = recorded(tmp_path / "l.nnrec", (m.Next(), m.Guesses((3, 4)), m.Answer(2), m.Next(), m.Run(9)), LESSON)
    assert export(path, tmp_path / "l.json", "--no-weights", "--every", 10).status == 0
    found = json.loads((tmp_path / "l.json").read_text())
    assert [beat["number"] for beat in found["beats"]] == [1, 2, 3]
    assert [(at["beat"], at["counts"]) for at in found["guesses"]] == [(2, [3, 4])]
    assert [(at["beat"], at["choice"], at["right"]) for at in found["answers"]] == [(2, 2, True)]
    steps = [row["step"] for row in found["rows"]]
    assert set(range(10, 31, 10)) <= set(steps)  # the beat runs 30, goes back 10, and on by 5
    assert all("parameters" not in row for row in found["rows"])


def test_from_keyframes_the_same_rows_come(recording: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def rows() -> list[tuple[object, ...]]:
        found = computing.Rows(recording, 1)
        assert found.differing is None
        told = [(row.step, row.lesson, row.loss, row.test_loss, row.parameters.tobytes()) for row in found.rows()]
        found.close()
        return told

    through = rows()
    monkeypatch.setattr(computing, "SOON", -1.0)
    monkeypatch.setattr(computing, "NEAR", -1.0)
    near = rows()
    assert set(near) <= set(through)
    assert len(near) > len(through) / 2


def test_no_row_is_of_a_place_on_the_way_to_a_step(tmp_path: Path) -> None:
    """Steps downhill are not taken back: where one goes back behind them, the way begins at a keyframe, here at 0."""
    beat = '[[beat]]\nsay = "One."\ndo = ["method gradient", "run 40", "back 10 step"]\n'
    rows = computing.Rows(recorded(tmp_path / "x.nnrec", (m.Run(3),), SMALL + beat))
    steps = [row.step for row in rows]
    rows.close()
    assert steps.count(0) == 1
    assert steps[-1] == 33
    assert rows.differing is None


def test_a_loss_that_comes_out_otherwise_is_told(recording: Path, tmp_path: Path, export, monkeypatch) -> None:
    whole = moments.loss_of
    monkeypatch.setattr(
        moments, "loss_of", lambda fact: 0.25 if isinstance(fact, m.Changed) else whole(fact)
    )  # as if another machine had told it
    done = export(recording, tmp_path / "t.csv")
    assert done.status == 1
    assert "at step 30 the loss is" in done.err
    assert "was 0.25" in done.err


@pytest.mark.parametrize(
    ("place", "step"), [((), 4), (("--step", "21"), 21), (("--mark", "=h"), 30), (("--at", "0"), 0)]
)
def test_a_scenario_opens_exactly_there(
    recording: Path, tmp_path: Path, export, place: tuple[str, ...], step: int
) -> None:
    done = export(recording, tmp_path / "s.toml", *place)
    assert (done.status, done.err) == (0, "")
    assert f"at step {step}" in done.out
    again, straight = Session(), Session()
    again.handle(m.Open((tmp_path / "s.toml").read_text(), "s.toml"))
    commands = (m.Open(HELD, "held.toml"),) if not place else (m.Open(SMALL, "first.toml"),)
    for command in (*commands, *((m.Run(step),) if step else ())):
        straight.handle(command)
        straight.settle()
    for session in (again, straight):
        session.handle(m.Run(11))
        session.settle()
    assert again.desk is not None
    assert straight.desk is not None
    assert again.position.step == step + 11
    assert again.desk.training.parameters.tobytes() == straight.desk.training.parameters.tobytes()


def test_the_data_file_of_a_scenario_comes_along(tmp_path: Path, export) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / ".profile").write_text("a,b,c\n0,1,1\n1,0,0\n1,1,1\n")
    text = SMALL.replace('name = "xor"\nsamples = 20', 'file = ".profile"\ninputs = ["a", "b"]\ntargets = ["c"]')
    path = recorded(tmp_path / "d.nnrec", (m.Run(5),), text, str(tmp_path / "in"))
    (tmp_path / "out").mkdir()
    assert export(path, tmp_path / "out" / "s.toml").status == 0
    assert {file.name for file in (tmp_path / "out").iterdir()} == {"s.toml", "s-data.csv"}  # no name of a stranger's
    session = Session()
    session.handle(m.Open((tmp_path / "out" / "s.toml").read_text(), "s.toml", str(tmp_path / "out")))
    assert session.position.step == 5
    said = export(path, "-", "--to", "scenario")
    assert "its data file .profile is not in it" in said.err
    assert said.out.startswith("format = 1")


def test_what_is_wrong_gets_one_sentence(recording: Path, tmp_path: Path, export) -> None:
    there = tmp_path / "there.csv"
    there.write_text("mine")
    cases: dict[tuple[object, ...], str] = {
        (): "name a file to write", (tmp_path / "x.txt",): "does not say what it is to become",
        (there,): "--force", ("-",): "standard output takes", ("-", "--to", "html"): "standard output takes",
        (there, "--to", "json"): "is written by --to csv", (tmp_path / "x.csv", "--beat", 2): "--beat goes with scenario",
        (tmp_path / "x.json", "--theme", "dark"): "goes with cast and html", (tmp_path / "no" / "x.csv",): "folder",
        (tmp_path, "--to", "csv"): "no ordinary file", (tmp_path / "x.toml", "--step", 900): "goes to step",
        (tmp_path / "x.toml", "--beat", 3): "there is no beat 3", (tmp_path / "x.toml", "--mark", "q"): "no mark",
        (tmp_path / "x.toml", "--at", "noon"): "--at takes",
    }  # fmt: skip
    for arguments, part in cases.items():
        done = export(recording, *arguments)
        assert (done.status, done.out) == (2, ""), arguments
        assert part in done.err
        assert done.err.count("\n") == 1
    assert there.read_text() == "mine"
    assert export(recording, there, "--force").status == 0
    assert there.read_text().startswith("step,epoch,seconds,beat,loss,test_loss,lesson,command,mark,weights[0][0][0],")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["there.csv"]


def test_too_much_is_refused_before_it_is_written(recording: Path, tmp_path: Path, export, monkeypatch) -> None:
    monkeypatch.setattr(computing, "MOST_NUMBERS", 300)
    done = export(recording, tmp_path / "t.csv")
    assert done.status == 2
    assert "rows of 9 weights and biases would be" in done.err
    assert "--no-weights" in done.err
    assert export(recording, tmp_path / "t.csv", "--no-weights").status == 0
    monkeypatch.setattr(computing, "MOST_ROWS", 20)
    with pytest.raises(RecordingError, match="--every"):
        computing.Rows(recording, 1)
    assert list(tmp_path.iterdir()) == [tmp_path / "t.csv"]


def test_a_damaged_recording_is_exported_up_to_the_damage(recording: Path, tmp_path: Path, export) -> None:
    lines = recording.read_bytes().splitlines(keepends=True)
    at = next(line.number for line in read(recording).lines if "Marked" in str(line.sketch))
    damaged = tmp_path / "d.nnrec"
    damaged.write_bytes(b"".join([*lines[:at], lines[at].replace(b'"at"', b'"AT"', 1), *lines[at + 1 :]]))
    done = export(damaged, tmp_path / "d.csv")
    assert done.status == 1
    assert done.err == f"nntui: Damaged at line {at + 1} (checksum): exported up to there\n"
    rows = table_of(tmp_path / "d.csv")
    assert rows[-1]["mark"] == "'=here"
    assert int(rows[-1]["step"]) == 30


def test_an_interrupted_export_leaves_nothing(recording: Path, tmp_path: Path, export, monkeypatch) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("nntui.session.recording.taking.table.Table.write", stopped)
    assert export(recording, tmp_path / "t.csv").status == 130
    assert list(tmp_path.iterdir()) == []


def test_pictures_are_made_where_they_are_drawn(recording: Path, tmp_path: Path, export, monkeypatch) -> None:
    called: list[tuple[str, dict[str, Any]]] = []

    def write(path: Path, out: Path, tell: Callable[[str], None], **options: Any) -> None:
        called.append((out.suffix, options))
        assert out.parent == tmp_path
        out.write_text("a picture")
        tell("on the way")
        tell("all of it.")

    monkeypatch.setattr("nntui.tui.taking.write_cast", write)
    monkeypatch.setattr("nntui.tui.taking.write_handout", write)
    done = export(recording, tmp_path / "a.cast", "--size", "90x24", "--pause", 2, "--theme", "light")
    assert (done.status, done.err) == (0, "")
    assert done.out.endswith("a.cast: all of it.\n")
    assert export(recording, tmp_path / "a", "--to", "html").status == 0
    assert called == [(".cast", {"columns": 90, "rows": 24, "theme": "light", "pause": 2.0}), ("", {})]
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a", "a.cast"]
    assert (tmp_path / "a").read_text() == "a picture"


def test_names_and_cells() -> None:
    session = Session()
    session.handle(m.Open(SMALL, "first.toml"))
    assert session.desk is not None
    layout = session.desk.model.layout
    assert list(addresses(layout)) == [layout.address(index) for index in range(layout.size)]
    assert [in_a_cell(text) for text in ("a", "=A1", "@x", "-x")] == ["a", "'=A1", "'@x", "'-x"]
    assert [moments.apart(steps) for steps in (0, 1, 1.9, 2, 5, 9.99, 10, 47, 200, 4999)] == [
        1, 1, 1, 2, 5, 5, 10, 20, 200, 2000,
    ]  # fmt: skip


def test_progress_is_drawn_on_a_terminal_alone() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    for file, drawn in ((Terminal(), True), (io.StringIO(), False)):
        with progress(file) as told:
            told(1, 3)
        assert ("of 3" in file.getvalue()) is drawn
