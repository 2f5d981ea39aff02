"""The commands as a person types them: a real process, its output, its exit code."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from commanding import XOR, nntui

from nntui import __version__
from nntui.cli import main


def test_alone_without_a_terminal_it_says_what_to_use_instead() -> None:
    done = nntui()
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "nntui plain 1" in done.stderr


def test_a_command_mistyped_as_a_lesson_is_recognized() -> None:
    done = nntui("trian")
    assert done.returncode == 2
    assert "did you mean the command 'train'?" in done.stderr


def test_version_and_help() -> None:
    assert nntui("--version").stdout.strip() == f"nntui {__version__}"
    said = nntui("--help").stdout
    assert all(name in said for name in ("list", "plain", "check", "train", "data", "completion"))
    assert "show this help message" not in said + nntui("race", "--help").stdout


def test_letters_that_a_character_set_lacks_are_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(out, "ascii"))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"caf\xc3\xa9"), "ascii"))
    assert main(["list"]) == 0
    sys.stdout.write(f"é {sys.stdin.read()}")
    sys.stdout.flush()
    assert out.getvalue().decode("ascii").endswith("? caf??")


def test_streams_that_are_closed_lead_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)
    assert main(["list"]) == 0
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        assert stream.name == os.devnull
        stream.close()


def test_list_has_the_lessons_in_order_then_the_playground() -> None:
    lines = nntui("list").stdout.splitlines()
    assert lines[0].lstrip().startswith("0  A few loops read a digit.")
    assert lines[1].lstrip().startswith("1  What a network does")
    assert lines[2].lstrip().startswith("2  Twist.")
    playground = lines[lines.index("Playground:") + 1 :]
    assert [line.split()[0] for line in playground[:6]] == ["xor", "circle", "spiral", "gauss", "moons", "digits"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "tcsh"])
def test_completion(shell: str) -> None:
    done = nntui("completion", shell)
    assert done.returncode == 0
    assert "train" in done.stdout


# ---------------------------------------------------------------- train


def test_train_as_json(small: str, tmp_path: Path) -> None:
    target = tmp_path / "out.npz"
    done = nntui("train", small, "--steps", "326", "--json", "--parameters", str(target))
    assert (done.returncode, done.stderr) == (0, "")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert lines[0]["step"] == 0
    assert lines[0]["loss"] == pytest.approx(1.02985, abs=1e-5)
    assert all({"step", "loss", "samples_per_second"} <= set(line) for line in lines)
    assert [line["step"] for line in lines[:-1]] == sorted({line["step"] for line in lines[:-1]})
    end = lines[-1]
    assert (end["event"], end["step"], end["test_loss"], end["test_accuracy"]) == ("finished", 326, None, None)
    assert end["loss"] == lines[-2]["loss"] < 0.1
    with np.load(target, allow_pickle=False) as saved:
        assert set(saved) == {f"{a}{b}[{i}]" for a in ("", "initial_") for b in ("weights", "biases") for i in (0, 1)}
        assert saved["initial_weights[0]"].shape == saved["weights[0]"].shape == (2, 2)
        assert saved["weights[0]"].dtype == np.float64
        hidden = np.tanh([[-1, 1]] @ saved["weights[0]"].T + saved["biases[0]"])
        assert np.tanh(hidden @ saved["weights[1]"].T + saved["biases[1]"]).item() > 0


def test_train_is_the_same_from_the_same_seed_on_loops_and_numba(small: str) -> None:
    ends = [
        json.loads(
            nntui("train", small, "--steps", "200", "--seed", "5", "--rung", rung, "--json").stdout.splitlines()[-1]
        )
        for rung in ("loops", "loops", "numba")
    ]
    assert ends[0]["loss"] == ends[1]["loss"] == ends[2]["loss"]
    other = nntui("train", small, "--steps", "200", "--seed", "6", "--json").stdout.splitlines()
    assert json.loads(other[-1])["loss"] != ends[0]["loss"]
    assert json.loads(other[0])["loss"] != pytest.approx(1.02985, abs=1e-5)


def test_train_with_a_test_split_tells_test_loss_and_accuracy() -> None:
    end = json.loads(nntui("train", "xor", "--steps", "100", "--json").stdout.splitlines()[-1])
    assert 0 <= end["test_accuracy"] <= 1
    assert end["test_loss"] > 0


def test_train_in_a_sentence_without_a_bar_where_there_is_no_terminal(small: str) -> None:
    done = nntui("train", small, "--steps", "10")
    assert done.stdout.startswith("Step 10. Loss ")
    assert done.stderr == ""


# ---------------------------------------------------------------- data


def test_data_prints_a_set_that_is_the_same_from_the_same_seed() -> None:
    one, two = (nntui("data", "moons", "--samples", "7", "--noise", "0.1", "--seed", "3", "--csv").stdout for _ in "ab")
    assert one == two
    assert len(one.splitlines()) == 8
    assert one.splitlines()[0] == "x1,x2,label"


def test_data_read_back_trains(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text(nntui("data", "circle", "--samples", "20", "--csv").stdout)
    scenario = XOR.replace('name = "corners-xor"', 'file = "mine.csv"\ninputs = ["x1", "x2"]\ntargets = ["label"]')
    (tmp_path / "mine.toml").write_text(scenario)
    assert nntui("train", "mine.toml", "--steps", "5", cwd=tmp_path).returncode == 0


# ---------------------------------------------------------------- check


def test_check_says_every_problem_with_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text(XOR.replace("corners-xor", "xorr").replace("layers = [2, 2, 1]", "layers = [2, 0, 1]"))
    done = nntui("check", str(path))
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert lines[0].startswith("x.toml:4: data.name 'xorr' is unknown; did you mean 'xor'?")
    assert lines[1].startswith("x.toml:7: model.layers")


def test_check_play_finds_what_does_not_come_true(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text(XOR + '\n[[beat]]\nsay = "Run."\ndo = ["run 5"]\nexpect = ["step == 5", "loss < 0.001"]\n')
    assert nntui("check", str(path)).returncode == 0
    done = nntui("check", "--play", str(path))
    assert done.returncode == 1
    assert "x.toml:16: beat 1 expects loss < 0.001, but loss is " in done.stdout


def test_check_of_a_missing_file_gives_1() -> None:
    done = nntui("check", "nowhere.toml")
    assert done.returncode == 1
    assert "nowhere.toml" in done.stdout
    assert "Traceback" not in done.stderr


# ---------------------------------------------------------------- mistakes


def bad_files(folder: Path) -> dict[str, str]:
    (folder / "empty.toml").write_text("")
    (folder / "binary.toml").write_bytes(b"\x00\xff\x80" * 100)
    (folder / "huge.toml").write_text("#" * 1_000_001)
    (folder / "layers.toml").write_text(XOR.replace("[2, 2, 1]", "[" + "2, " * 1_000 + "1]"))
    (folder / "sizes.toml").write_text(XOR.replace("[2, 2, 1]", "[2, 99999999, 1]"))
    (folder / "fit.toml").write_text(XOR.replace("[2, 2, 1]", "[3, 2, 1]"))
    (folder / "key.toml").write_text(XOR.replace("seed = 3", "sede = 3"))
    (folder / "type.toml").write_text(XOR.replace("batch_size = 4", 'batch_size = "four"'))
    (folder / "out.toml").write_text(
        XOR.replace('name = "corners-xor"', 'file = "../x.csv"\ninputs = ["a"]\ntargets = ["b"]')
    )
    (folder / "deep.toml").write_text("a" + ".a" * 30_000 + " = 1\n")
    (folder / "do.toml").write_text(XOR + '\n[[beat]]\nsay = "x"\ndo = ["rnu 5"]\n')
    os.mkfifo(folder / "pipe.toml")
    return {
        "nope": "there is no lesson",
        "99": "there is no lesson 99",
        str(folder / "nowhere.toml"): "nowhere.toml",
        str(folder): "folder",
        "/dev/zero": "",
        str(folder / "pipe.toml"): "",
        str(folder / "empty.toml"): "empty",
        str(folder / "binary.toml"): "text",
        str(folder / "huge.toml"): "1,000,000",
        str(folder / "layers.toml"): "33 sizes",
        str(folder / "sizes.toml"): "20,000",
        str(folder / "fit.toml"): "must begin with 2",
        str(folder / "key.toml"): "did you mean 'seed'",
        str(folder / "type.toml"): "batch_size",
        str(folder / "out.toml"): "file",
        str(folder / "deep.toml"): "deep.toml",
        str(folder / "do.toml"): "there is no word 'rnu'",
    }


@pytest.mark.parametrize("command", ["plain", "train"])
def test_a_bad_file_gets_one_sentence_and_exit_code_2(command: str, tmp_path: Path) -> None:
    for word, part in bad_files(tmp_path).items():
        done = nntui(command, word)
        assert done.returncode == 2, (word, done)
        assert done.stderr.startswith("nntui: "), (word, done)
        assert done.stderr.count("\n") == 1, (word, done.stderr)
        assert part in done.stderr, (word, done.stderr)


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["trian", "xor"], "trian"),
        (["train"], "LESSON"),
        (["train", "xor", "--steps", "0"], "from 1 to 1,000,000,000"),
        (["train", "xor", "--steps", "many"], "a whole number is wanted, not 'many'"),
        (["train", "xor", "--rung", "numbo"], "did you mean 'numba'"),
        (["train", "xor", "--parameters", "/nowhere/x.npz"], "folder does not exist"),
        (["train", "xor", "--parameters", "x.txt"], ".npz"),
        (["data", "zor"], "did you mean 'xor'"),
        (["data", "xor", "--noise", "2"], "from 0 to 0.5"),
        (["--bogus"], "--help tells more"),
    ],
)
def test_a_mistyped_command_gets_one_sentence(arguments: list[str], part: str) -> None:
    done = nntui(*arguments)
    assert done.returncode == 2
    assert part in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_reader_that_goes_away_is_no_error() -> None:
    command = f"'{sys.executable}' -m nntui data xor --samples 50000 --csv | head -n 1"
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout == "x1,x2,label\n"
    assert done.stderr == ""
