"""`nntui plain` through a pipe: a real process, typed lines in, sentences out."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from nntui.scenario import library


def talk(lesson: str, *lines: str, cwd: Path | None = None) -> list[str]:
    """What is said, line by line; the process must end well and say nothing on its error output."""
    done = subprocess.run(
        [sys.executable, "-m", "nntui", "plain", lesson],
        input="\n".join(lines) + "\n", capture_output=True, encoding="utf-8", timeout=120, cwd=cwd, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


def joined(lines: list[str]) -> str:
    return " ".join(lines)


def answers(lesson: int) -> list[str]:
    """A whole lesson: the right answer to each question, and `next`."""
    from nntui.scenario.check import load

    entry = next(entry for entry in library.lessons() if entry.number == lesson)
    scenario = load(entry.path.read_text(), entry.path.name, str(entry.path.parent))
    said = []
    for beat in scenario.beat:
        if beat.ask is not None:
            said.append(str(beat.ask.right))
        said.append("next")
    return said


@pytest.mark.parametrize("lesson", [1, 2])
def test_a_lesson_from_its_first_beat_to_its_last(lesson: int) -> None:
    said = talk(str(lesson), *answers(lesson))
    assert said[0].startswith(f"Lesson {lesson}: ")
    assert not [line for line in said if line.startswith("Error")]
    assert any(line.startswith("Now you.") for line in said)
    assert joined(said[-2:]).startswith("That was the last beat.")


def test_a_question_holds_the_next_beat_back_and_never_the_learner() -> None:
    said = talk("1", "next", "next", "where", "input 3 4", "show weights", "return", "7", "1", "next", "where")
    assert any(line.startswith("Error: a question is open") for line in said)
    assert "A question is open:" in joined(said)
    assert "Output 0.99985." in said
    assert any(line.startswith("Back in the lesson, beat 2.") for line in said)
    assert any(line.startswith("Error: the choices go from 1 to 3, not 7") for line in said)
    assert any(line.startswith("Lesson 1, beat 3 of 14.") for line in said)


def test_stepping_there_and_back_again() -> None:
    said = talk("xor", "sample 3", "step 9", "where", "back 9", "step 9", "where", "out", "step layer", "goto 2 layer")
    wheres = [line for line in said if line.startswith("Walking the prediction")]
    assert len(wheres) == 2
    assert wheres[0] == wheres[1] == "Walking the prediction of sample 3, line 9 of the 95 that it runs."
    assert "Error" not in joined(said)


def test_training_and_any_step_of_it_again() -> None:
    said = talk("2", "reset", "digits exact", "run 200", "goto 100", "show loss", "goto 200", "goto 100", "show loss")
    losses = [line for line in said if re.fullmatch(r"Loss [\d.]+\. This is step 100\.", line)]
    assert len(losses) == 2
    assert losses[0] == losses[1]


def test_mistakes_get_one_line_and_the_next_line_is_read() -> None:
    lines = ["stepp", "set weights[9][9][9] 1", "use warp", "input 1", "goto 99999 line", "answer 2", "width 5",
             "size 0", "set weights[0][0][0] 1e999", "back 1 step", "why nonsense", "noise 3", "layers 5,5",
             "data nope", "open nowhere.toml", "save /nowhere/x.toml", "sample 4000000", "break 1", "where"]  # fmt: skip
    said = talk("xor", *lines)
    errors = [line for line in said if line.startswith("Error: ")]
    assert len(errors) == len(lines) - 1
    assert said[-2].startswith("Exclusive or. Step 0.")


def test_empty_lines_and_the_end_of_input_are_no_mistakes() -> None:
    assert talk("xor", "", "  ", "# a remark")[-1].startswith("Step 0.")


def test_what_is_saved_opens_again_exactly_there(tmp_path: Path) -> None:
    before = talk("2", "digits exact", "full", "reset", "size 0.25", "run 150", "sample 2", "step 7", "break 36",
                  "save mine.toml", "show weights", "where", "run 100", "show weights", cwd=tmp_path)  # fmt: skip
    after = talk("mine.toml", "digits exact", "full", "show weights", "where", "run 100", "show weights", cwd=tmp_path)
    then = [line.replace("Lesson 2", "Twist") for line in before[before.index("Saved as mine.toml.") + 1 :]]
    assert [line for line in then if "line 36" not in line] == [
        line for line in after[-len(then) - 1 :] if "line 36" not in line and "sources[source]" not in line
    ]
    assert "Error" in joined(talk("xor", "save mine.toml", cwd=tmp_path))


def test_long_answers_wait_for_more_and_full_says_all_at_once() -> None:
    said = talk("xor", "show weights", "more", "more", "full", "show weights")
    assert [line for line in said if line.endswith("type more.")] == [
        "7 more lines; type more.",
        "4 more lines; type more.",
    ]
    assert sum(line.startswith("biases[2]:") for line in said) == 2


def test_the_width_is_kept() -> None:
    said = talk("2", "width 40", "why output", "show loss", "help", "repeat")
    start = next(i for i, line in enumerate(said) if line == "Lines break after 40 columns.")
    assert all(len(line) <= 40 for line in said[start:])


def test_undo_takes_back_the_last_command() -> None:
    said = talk("xor", "run 50", "set weights[0][0][0] 3", "undo", "undo", "undo")
    assert [line[:14] for line in said if line.startswith("Taken back")] == ["Taken back: se", "Taken back: ru"]
    assert said[-1] == "Error: there is nothing to take back"


# ---------------------------------------------------------------- when something dies


@contextmanager
def started(lesson: str) -> Iterator[subprocess.Popen[str]]:
    """A front end to talk to, which is killed where it hangs."""
    with subprocess.Popen(
        [sys.executable, "-m", "nntui", "plain", lesson], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, encoding="utf-8",
        # Whoever runs the tests in the background has ctrl-c ignored, and children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:  # fmt: skip
        watchdog = threading.Timer(60, process.kill)
        watchdog.start()
        try:
            yield process
        finally:
            watchdog.cancel()


def engine_of(process: subprocess.Popen[str]) -> int:
    """The process id of the engine: the only child."""
    found = subprocess.run(["ps", "-eo", "pid,ppid"], capture_output=True, text=True, check=True).stdout.split("\n")[1:]
    return next(int(line.split()[0]) for line in found if line and int(line.split()[1]) == process.pid)


def say(process: subprocess.Popen[str], line: str) -> None:
    assert process.stdin is not None
    process.stdin.write(line + "\n")
    process.stdin.flush()


def read_until(process: subprocess.Popen[str], part: str) -> str:
    assert process.stdout is not None
    for line in process.stdout:
        if part in line:
            return line
    raise AssertionError(part)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_an_engine_that_is_killed_is_started_again_where_it_was() -> None:
    with started("xor") as process:
        say(process, "run 200")
        read_until(process, "200 steps")
        os.kill(engine_of(process), signal.SIGKILL)
        say(process, "run 5")
        assert "Error: the engine was ended by SIGKILL" in read_until(process, "Error")
        read_until(process, "goes on from step 200")
        say(process, "run 5\nwhere\nquit")
        read_until(process, "Step 205.")
        assert process.wait(10) == 0


def test_an_engine_that_is_killed_before_the_lesson_is_open_opens_it_all_the_same() -> None:
    with started("xor") as process:
        read_until(process, "Exclusive or.")  # is known from the file
        os.kill(engine_of(process), signal.SIGKILL)
        read_until(process, "Error: the engine was ended by SIGKILL")
        read_until(process, "Step 0.")
        say(process, "run 5\nquit")
        read_until(process, "5 steps.")
        assert process.wait(10) == 0


def test_when_the_front_end_is_killed_the_engine_goes_too() -> None:
    with started("xor") as process:
        read_until(process, "Step 0.")
        engine = engine_of(process)
        say(process, "run 1000000000")
        process.kill()
        process.wait()
        deadline = time.monotonic() + 10
        while alive(engine) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert not alive(engine)


def test_ctrl_c_stops_what_is_running_and_the_session_goes_on() -> None:
    with started("xor") as process:
        read_until(process, "Step 0.")
        say(process, "run 1000000000")
        time.sleep(0.3)  # it may be interrupted at any moment; this one is most likely in the middle of the run
        process.send_signal(signal.SIGINT)
        assert " steps" in read_until(process, "Stopped after")
        say(process, "where\nquit")
        read_until(process, "Exclusive or.")
        assert process.wait(10) == 0
