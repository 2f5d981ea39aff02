"""Recordings as a person types the commands: a real process, its output, its exit code."""

import json
import os
import re
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from commanding import ENVIRONMENT, nntui

from nntui.cli import main


@pytest.fixture(autouse=True)
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A shelf of its own, on which everything is recorded."""
    monkeypatch.setitem(ENVIRONMENT, "NNTUI_DATA", str(tmp_path / "data"))
    monkeypatch.setitem(ENVIRONMENT, "NNTUI_RECORD", "1")
    return tmp_path / "data" / "recordings"


@pytest.fixture
def here(capsys: pytest.CaptureFixture[str]) -> Callable[..., subprocess.CompletedProcess[str]]:
    """A command in this process, which is quicker; for those that start no other."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        capsys.readouterr()
        status = main(arguments)
        return subprocess.CompletedProcess(arguments, status, *capsys.readouterr())

    return run


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """200 steps, a mark, 100 steps."""
    path = tmp_path_factory.mktemp("recording") / "made.nnrec"
    done = nntui("plain", "xor", "--record", str(path), text="run 200\nmark a place\nrun 100\n")
    assert done.returncode == 0, done.stderr
    return path


def test_what_is_done_is_recorded_unless_told_otherwise(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nntui("plain", "xor", "--no-record", text="run 3\n")
    assert not shelf.exists()
    nntui("plain", "xor", text="run 3\n")
    (found,) = shelf.iterdir()
    assert found.name.endswith("-xor.nnrec")
    assert stat.S_IMODE(found.stat().st_mode) == 0o600
    assert stat.S_IMODE(shelf.stat().st_mode) == 0o700
    assert main(["replay", str(found), "--verify"]) == 0
    monkeypatch.setitem(ENVIRONMENT, "NNTUI_RECORD", "0")
    nntui("plain", "xor", text="run 3\n")
    assert len(list(shelf.iterdir())) == 1


def test_the_oldest_are_thinned_out(shelf: Path) -> None:
    shelf.mkdir(parents=True)
    for day in range(7):
        path = shelf / f"2020-01-0{day + 1}-000000-old.nnrec"
        path.touch()
        os.truncate(path, 60_000_000)  # without taking room
        os.utime(path, (day, day))
    nntui("plain", "xor", text="run 3\n")
    assert [path.name[:10] for path in sorted(shelf.iterdir())[:-1]] == [f"2020-01-0{day}" for day in (4, 5, 6, 7)]


def test_a_recording_is_played_in_sentences(recording: Path) -> None:
    words = "show timeline\nplay 8\nseek mark a place\nbranch\nrun 7\nrejoin\nrun 1\nseek 100%\n"
    done = nntui("plain", str(recording), text=words)
    assert done.returncode == 0
    said = " ".join(done.stdout.split())
    for part in (
        "Recording made.nnrec", "1 mark: a place", "100 steps. Loss", "At the end of the recording", "step 200.",
        "Live from step 200 on", "7 steps. Loss", "Back in made.nnrec", "Error: this is a recording", "step 300.",
    ):  # fmt: skip
        assert part in said, part
    assert nntui("replay", str(recording), text="where\n").stdout.startswith("Recording made.nnrec")


def test_verify_says_bit_for_bit_or_where_it_is_damaged(here, recording: Path, tmp_path: Path) -> None:
    done = here("replay", str(recording), "--verify")
    assert (done.returncode, done.stderr) == (0, "")
    assert "bit for bit" in done.stdout
    found = json.loads(here("replay", str(recording), "--verify", "--json").stdout)
    assert (found["equal"], found["whole"], found["step"], found["commands"]) == (True, True, 300, 4)
    lines = recording.read_bytes().splitlines(keepends=True)
    cases = {
        "Torn last line": b"".join(lines)[:-9],
        "Damaged at line 5 (checksum)": b"".join([*lines[:4], lines[4].replace(b"at", b"AT", 1), *lines[5:]]),
        "It has no end": b"".join(lines[:-1]),
    }
    for sentence, data in cases.items():
        path = tmp_path / "damaged.nnrec"
        path.write_bytes(data)
        done = here("replay", str(path), "--verify")
        assert (done.returncode, done.stderr) == (1, ""), sentence
        assert sentence in done.stdout
        assert here("info", str(path)).returncode == 1


def test_verify_is_interrupted_in_one_sentence(here, recording: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from nntui.session.recording.verifying import Verifier

    def interrupted(verifier: Verifier, line: object) -> None:
        take(verifier, line)
        if verifier._commands == 2:
            raise KeyboardInterrupt

    take = Verifier._take
    monkeypatch.setattr(Verifier, "_take", interrupted)
    done = here("replay", str(recording), "--verify")
    assert done.returncode == 130
    assert re.fullmatch(
        r"made\.nnrec: interrupted at line \d+ of \d+; all before it is bit for bit the same\.\n", done.stdout
    )


def test_verify_says_where_it_first_differs_and_why_perhaps(here, recording: Path, tmp_path: Path) -> None:
    from nntui.session.recording.reading import read
    from nntui.session.recording.records import Happened, to_json
    from nntui.session.recording.writing import RecordingFile

    path = tmp_path / "other.nnrec"
    file = RecordingFile(path)
    for line in read(recording).lines:
        record = line.record
        if line.number == 1:
            record = type(record)(record.format, "0.0.1", record.created, {"processor": "abacus"})
        if isinstance(record, Happened) and type(record.fact).__name__ == "Trained":
            record = Happened(record.at, record.position, type(record.fact)(200, 0, 200, 0.5, 1.0, "", "gradient"))
        if type(record).__name__ != "Keyframe":
            file.add(record)
            assert to_json(record)
    file.close()
    done = here("replay", str(path), "--verify")
    assert done.returncode == 1
    assert "differs first at line" in done.stdout
    assert ", on loops: " in done.stdout
    assert "made by nntui 0.0.1" in done.stdout
    assert "abacus" in done.stdout


@pytest.mark.parametrize("command", ["info", "replay", "resume", "follow", "plain"])
def test_what_is_no_recording_gets_one_sentence(here, command: str, tmp_path: Path) -> None:
    path = tmp_path / "no.nnrec"
    path.write_text("no\n")
    for name in (path, tmp_path / "nowhere.nnrec", tmp_path):
        done = here(command, str(name))
        assert done.returncode == 2, (command, name, done)
        assert done.stderr.startswith("nntui: ")
        assert done.stderr.count("\n") == 1
    assert here("replay", str(path), "--verify").returncode == 2


def test_info(here, recording: Path) -> None:
    done = here("info", str(recording))
    assert done.returncode == 0
    for part in ("step 300", "4 commands", "Exclusive or", "a place at", "It is whole."):
        assert part in done.stdout


def test_resume_goes_on_from_the_last_one(shelf: Path) -> None:
    assert "there is no recording" in nntui("resume").stderr
    nntui("plain", "xor", text="run 20\n")
    done = nntui("resume", text="run 10\nwhere\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert "at step 20." in done.stdout
    assert "Step 30." in done.stdout
    assert [main(["replay", str(path), "--verify"]) for path in shelf.iterdir()] == [0, 0]


def test_where_a_recording_goes_is_looked_at_first(here, recording: Path, tmp_path: Path) -> None:
    for name, part in {
        str(recording): "there already is a file", "a.txt": "ends in .nnrec", str(tmp_path / "no" / "a.nnrec"): "folder",
    }.items():  # fmt: skip
        for command in ("plain", "train"):
            done = here(command, "xor", "--record", name)
            assert done.returncode == 2
            assert part in done.stderr


def test_train_is_recorded_to_the_same_bits(small: str, tmp_path: Path) -> None:
    path = tmp_path / "t.nnrec"
    plain, recorded = (
        json.loads(nntui("train", small, "--steps", "230", "--seed", "5", "--json", *more).stdout.splitlines()[-1])
        for more in ((), ("--record", str(path)))
    )
    assert plain["loss"] == recorded["loss"]
    assert main(["replay", str(path), "--verify"]) == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_train_that_is_ended_by_a_signal_leaves_a_whole_recording(number: int, small: str, tmp_path: Path) -> None:
    path = tmp_path / "t.nnrec"
    words = [sys.executable, "-m", "nntui", "train", small, "--steps", "100000000", "--record", str(path)]
    with subprocess.Popen(words, env=ENVIRONMENT, stdout=subprocess.PIPE) as process:
        wait_for(lambda: path.exists() and b"passed" in path.read_bytes())
        process.send_signal(number)
        process.communicate(timeout=20)
        assert process.returncode == 130
    assert '"end"' in path.read_text().splitlines()[-1]


# ---------------------------------------------------------------- follow


SSH = """#!/bin/sh
# ssh -T -o ServerAliveInterval=15 HOST -- COMMAND
echo "$@" > "{log}"
[ "$4" = "nobody" ] && {{ echo "ssh: could not resolve hostname nobody" >&2; exit 255; }}
eval "exec timeout {seconds} $6"
"""


def wait_for(condition) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def ssh(folder: Path, monkeypatch: pytest.MonkeyPatch, seconds: float) -> Path:
    """An ssh that needs no other machine; what it was called with is in a file."""
    (folder / "bin").mkdir()
    path = folder / "bin" / "ssh"
    path.write_text(SSH.format(log=folder / "log", seconds=seconds))
    path.chmod(0o755)
    monkeypatch.setitem(ENVIRONMENT, "PATH", f"{path.parent}:{os.environ['PATH']}")
    return folder / "log"


def test_a_recording_is_followed_until_its_end(tmp_path: Path) -> None:
    path = tmp_path / "live.nnrec"
    words = [sys.executable, "-m", "nntui"]
    pipe = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "env": ENVIRONMENT, "text": True}
    with subprocess.Popen([*words, "plain", "xor", "--record", str(path)], **pipe) as lecturer:
        lecturer.stdin.write("run 20\n")
        lecturer.stdin.flush()
        wait_for(lambda: path.exists() and '"Trained"' in path.read_text())
        with subprocess.Popen([*words, "follow", str(path)], **pipe) as follower:
            while "Following" not in follower.stdout.readline():
                pass
            assert "still being written" in nntui("resume", str(path)).stderr
            lecturer.stdin.write("run 30\n")
            lecturer.stdin.flush()
            while "30 steps." not in follower.stdout.readline():
                pass
            lecturer.communicate("quit\n")
            said, _ = follower.communicate("branch\nrun 5\n", timeout=20)
    assert "At the end of the recording" in said
    assert "Live from step 50 on" in said
    assert "5 steps." in said


def test_a_recording_of_another_machine_is_followed_by_ssh(
    recording: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "it's; touch gone"
    place.mkdir()
    log = ssh(tmp_path, monkeypatch, 1)
    lines = recording.read_bytes().splitlines(keepends=True)
    (place / "a b.nnrec").write_bytes(b"".join(lines[:-1]))  # not ended: it is ssh that ends
    done = nntui("follow", f"me@far:{place}/a b.nnrec", text="where\nseek 0%\n", cwd=tmp_path)
    assert log.read_text().startswith("-T -o ServerAliveInterval=15 me@far -- tail -c +1 -F ")
    assert done.returncode == 0, done.stderr
    assert "ssh to me@far has ended with exit code 124." in done.stdout
    assert "Step 300." in done.stdout
    assert not (tmp_path / "gone").exists()


def test_an_ssh_that_fails_is_told_by_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ssh(tmp_path, monkeypatch, 5)
    done = nntui("follow", "nobody:a.nnrec")
    assert done.returncode == 2
    assert "nntui: ssh to nobody has ended with exit code 255: ssh: could not resolve hostname nobody" in done.stderr
    for bad in ("-oProxyCommand=touch gone:a.nnrec", ":a.nnrec", "far:", "a\x1b[2J:b.nnrec"):
        assert main(["follow", "--", bad]) == 2


@pytest.mark.parametrize("words", [("2",), ("2", "--short"), ("--short", "2"), ("--no-record", "2"), ("--short",)])
def test_what_opens_a_lesson_need_not_name_the_command(here, words: tuple[str, ...]) -> None:
    assert "the screen needs a terminal" in here(*words).stderr
