"""`nntui race` as a person types it: a real process, its output, its exit code."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from commanding import ENVIRONMENT, nntui

from nntui import __version__
from nntui.models.mlp.network import Network
from nntui.models.plans import RungInfo


def test_one_object_a_rung_that_can_be_drawn_beside_another_race(small: str, tmp_path: Path) -> None:
    done = nntui("race", small, "--seconds", "0.01", "--rungs", "loops,numpy", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    rungs = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(rung["rung"], rung["precision"], rung["state"]) for rung in rungs] == [
        ("loops", 64, "done"), ("numpy", 64, "done")
    ]  # fmt: skip
    for rung in rungs:
        assert rung["sizes"] == [2, 2, 1]
        assert (rung["batch"], rung["method"], rung["data"], rung["nntui"]) == (4, "twist", "corners-xor", __version__)
        assert rung["samples_per_second"] > 0
        assert rung["machine"]
        assert {"speedup", "gflops", "peak_share", "threads", "seconds", "compile_seconds", "samples", "steps",
                "note"} <= set(rung)  # fmt: skip
    saved = tmp_path / "mine.jsonl"
    saved.write_text(done.stdout)
    beside = nntui("race", small, "--seconds", "0.01", "--rungs", "numpy", "--precision", "32,64", "--with", str(saved))
    assert beside.returncode == 0
    lines = beside.stdout.splitlines()
    assert lines[0].startswith("Mine.jsonl is drawn beside") or lines[0].startswith("mine.jsonl is drawn beside")
    assert sum(line.startswith("numpy") for line in lines) == 2
    assert lines[-1].startswith("Fastest: numpy in ")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--rungs", "lops"), "did you mean 'loops'?"),
        (("--seconds", "0"), "0.01 to 60"),
        (("--seconds", "soon"), "soon"),
        (("--precision", "16"), "32"),
        (("--with", "nowhere.jsonl"), "nowhere.jsonl cannot be read"),
    ],
    ids=str,
)
def test_what_is_wrong_is_said_in_one_sentence(small: str, arguments: tuple[str, ...], said: str) -> None:
    done = nntui("race", small, *arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_file_that_is_no_result_is_refused(small: str, tmp_path: Path) -> None:
    saved = tmp_path / "no.jsonl"
    saved.write_text('{"rung": "numpy"}\n')
    done = nntui("race", small, "--seconds", "0.01", "--rungs", "numpy", "--with", str(saved))
    assert done.returncode == 2
    assert "line 1 of no.jsonl is no rung of a race" in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="an interrupt is another thing there")
def test_an_interrupt_ends_it_with_what_was_measured(small: str) -> None:
    command = [sys.executable, "-u", "-m", "nntui", "race", small, "--seconds", "60", "--rungs", "loops,numpy"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8", env=ENVIRONMENT)
    assert process.stdout is not None
    first = process.stdout.readline()
    process.send_signal(signal.SIGINT)
    rest = process.stdout.read()
    assert process.wait(60) == 130
    assert first.startswith("2 rungs, 60 s each")
    assert rest.startswith("Stopped.")


@pytest.mark.skipif(os.name == "nt", reason="an interrupt is another thing there")
def test_an_interrupted_rung_is_an_object_as_well(
    small: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from nntui import cli
    from nntui.session.session import Session

    usual = Session.work

    def interrupted(session: Session, deadline: float) -> list[object]:
        races = session.desk.races if session.desk is not None else None
        if races is not None and races.race is not None and races.race.lanes[0].steps:
            raise KeyboardInterrupt
        return [*usual(session, 0.0)]

    monkeypatch.setattr(Session, "work", interrupted)
    assert cli.main(["race", small, "--seconds", "60", "--rungs", "loops,numpy", "--json"]) == 130
    (rung,) = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (rung["rung"], rung["state"]) == ("loops", "done")
    assert rung["steps"] > 0


def test_an_absent_rung_is_an_object_that_says_why(
    small: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from nntui import cli
    from nntui.models.mlp import ladder
    from nntui.session.race import racing
    from nntui.session.race.results import read

    usual, why = ladder.rungs, "numpy is not installed"

    def without_numpy(network: Network) -> dict[str, RungInfo]:
        rungs = dict(usual(network))
        return rungs | {"numpy": replace(rungs["numpy"], make=None, absent=why)}

    monkeypatch.setattr(ladder, "rungs", without_numpy)
    monkeypatch.setattr(racing, "peaks", tuple)
    assert cli.main(["race", small, "--seconds", "0.01", "--rungs", "loops,numpy", "--json"]) == 0
    rungs = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {(rung["rung"], rung["state"], rung["note"]) for rung in rungs} == {
        ("numpy", "absent", why), ("loops", "done", "")
    }  # fmt: skip
    assert [lane.rung for lane in read("mine", "\n".join(json.dumps(rung) for rung in rungs)).lanes] == ["loops"]
