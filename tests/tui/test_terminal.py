"""The whole program in a terminal: what is seen there, how it ends, and what it makes of bad terminals and engines."""

from __future__ import annotations

import fcntl
import os
import re
import signal
import struct
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from terminal import NNTUI, PATIENCE, Terminal, alive, engine_of

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked up in /proc")

NAME = "weights[0][0][0]"  # is selected when lesson 2 comes up


@contextmanager
def lesson(number: str = "2", trains: bool = False, **options) -> Iterator[Terminal]:
    """A terminal with a lesson on its screen."""
    with Terminal(number, **options) as terminal:
        terminal.wait_for("quit" if terminal.columns > 100 else "n next")
        if trains:
            train(terminal)
        yield terminal


def train(terminal: Terminal) -> int:
    """Start to train by `r`, and see the step rise; from where."""
    before = step(terminal)
    terminal.press("r")
    terminal.wait_for(lambda: step(terminal) > before)
    return before


def step(terminal: Terminal) -> int:
    """The step in the header."""
    return int(terminal.wait_for(re.compile(r"step ([\d,]+)")).replace(",", ""))


def loss(terminal: Terminal) -> float:
    """The loss in the header."""
    return float(terminal.wait_for(re.compile(r"loss (\S+)")).replace("−", "-"))


def gone(pid: int) -> bool:
    """Wait until a process has ended."""
    deadline = time.monotonic() + PATIENCE
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    return not alive(pid)


# ---------------------------------------------------------------- a lesson


def test_a_lesson_is_opened_trained_resized_and_ended_by_a_signal():
    with Terminal() as terminal:
        terminal.wait_for("A few loops read a digit")
        terminal.press("2", "enter")
        terminal.wait_for(NAME)
        engine = engine_of(terminal.process.pid)
        assert step(terminal) == 0
        first = loss(terminal)
        train(terminal)
        seen = step(terminal)
        terminal.wait_for(lambda: step(terminal) > seen)
        terminal.wait_for(lambda: loss(terminal) < first)
        terminal.press("r")
        terminal.wait_for("r run")
        terminal.wait_for(lambda: "▶" not in terminal.rows[0])
        terminal.resize(160, 50)
        terminal.wait_for(lambda: len(terminal.rows[1]) == 160)
        terminal.wait_for("q quit")
        terminal.wait_for(NAME)
        stopped = step(terminal)
        terminal.resize(50, 12)
        terminal.wait_for("needs 60 columns and 16 rows")
        terminal.resize(80, 24)
        terminal.wait_for(lambda: NAME in terminal.text and "needs 60" not in terminal.text)
        assert step(terminal) == stopped
        terminal.process.send_signal(signal.SIGTERM)
        assert terminal.end() == 0
        terminal.left_as_it_was()
        assert terminal.after == ""
        assert gone(engine)


def test_what_is_opened_too_small_goes_on_when_enlarged():
    with Terminal("2", size=(59, 24)) as terminal:
        terminal.wait_for("needs 60 columns")
        terminal.resize(60, 16)
        terminal.wait_for("n next")
        terminal.press("q")
        assert terminal.end() == 0


# ---------------------------------------------------------------- endings


@pytest.mark.parametrize("key", ["q", "ctrl+c"])
def test_a_key_ends_it_while_it_trains(key):
    with lesson(trains=True) as terminal:
        engine = engine_of(terminal.process.pid)
        terminal.press(key)
        assert terminal.end() == 0
        terminal.left_as_it_was()
        assert terminal.after == ""
        assert gone(engine)


@pytest.mark.parametrize("controls", [True, False], ids=["by a signal", "by the end of input"])
def test_it_ends_with_its_window(controls):
    with lesson(trains=True, controls=controls) as terminal:
        engine = engine_of(terminal.process.pid)
        terminal.hang_up()
        terminal.process.wait(PATIENCE)
        assert gone(engine)


def test_a_signal_ends_the_list_of_lessons_and_its_dialogs():
    with Terminal() as terminal:
        terminal.wait_for("A few loops read a digit")
        terminal.press("o")
        terminal.wait_for("Open a file")
        terminal.process.send_signal(signal.SIGHUP)
        assert terminal.end() == 0
        terminal.left_as_it_was()


def test_it_ends_where_nobody_reads():
    with lesson(trains=True) as terminal:
        engine = engine_of(terminal.process.pid)
        unread = grown = -1
        quiet = time.monotonic()
        while time.monotonic() < quiet + 1.0:  # until no more of it fits
            grown += 1
            terminal.resize(80 + grown % 2, 24)
            time.sleep(0.02)
            now = struct.unpack("i", fcntl.ioctl(terminal.master, termios.FIONREAD, b"    "))[0]
            if now > unread:
                unread, quiet = now, time.monotonic()
        assert unread > 0
        terminal.process.send_signal(signal.SIGTERM)
        terminal.process.wait(PATIENCE)
        assert gone(engine)


PROGRAM = """
import sys
from nntui.cli import main
from nntui.tui.panes.code import CodePane

def burst(self, *arguments, as_it_was=CodePane.{method}):
    if self.look.colours.name != "dark":
        raise RuntimeError("burst")
    return as_it_was(self, *arguments)

CodePane.{method} = burst
sys.exit(main(["2"]))
"""


@contextmanager
def bursting(method: str) -> Iterator[Terminal]:
    with Terminal(program=(sys.executable, "-c", PROGRAM.format(method=method))) as terminal:
        terminal.wait_for(NAME)
        terminal.press("T")  # another theme: everything is drawn anew
        yield terminal


def test_a_pane_that_cannot_be_drawn_says_so_and_the_others_go_on():
    with bursting("draw") as terminal:
        terminal.wait_for("This pane cannot be drawn")
        train(terminal)
        terminal.press("q")
        assert terminal.end() == 0


def test_a_fault_that_ends_it_leaves_the_terminal_clean_and_says_one_sentence():
    with bursting("render_line") as terminal:
        assert terminal.end() == 1
        terminal.left_as_it_was()
        assert re.fullmatch(r"nntui: something went wrong in the screen \(RuntimeError at .*\n", terminal.after)


# ---------------------------------------------------------------- the engine


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
def test_a_lost_engine_is_told_and_training_goes_on(number):
    with lesson(trains=True) as terminal:
        engine = engine_of(terminal.process.pid)
        terminal.wait_for(lambda: step(terminal) > 1000)
        os.kill(engine, number)
        terminal.wait_for("The engine")
        terminal.wait_for("anew, and goes on from step")
        assert gone(engine)
        terminal.wait_for("r run")
        train(terminal)
        terminal.press("q")
        assert terminal.end() == 0


# ---------------------------------------------------------------- terminals


@pytest.mark.parametrize(
    ("environment", "said"),
    [({"TERM": "dumb"}, "TERM is 'dumb'"), ({"TERM": None}, "TERM is not set"), ({"TERM": ""}, "TERM is not set")],
)
def test_a_terminal_that_cannot_place_a_cursor_is_refused(environment, said):
    with Terminal("2", environment=environment) as terminal:
        assert terminal.end() == 2
        assert said in terminal.text.replace("\n", "")
        assert "nntui plain 1" in terminal.text.replace("\n", "")
        assert b"\x1b" not in terminal.output


def test_a_pipe_is_refused():
    script = f'{" ".join(NNTUI)} 2 | cat; echo "status ${{PIPESTATUS[0]}}"'
    with Terminal(program=("bash", "-c", script)) as terminal:
        terminal.end()
        assert "nntui plain 1" in terminal.text.replace("\n", "")
        assert "status 2" in terminal.text
        assert b"\x1b" not in terminal.output


@pytest.mark.parametrize(("word", "said"), [("nosuch", "nosuch"), ("broken.toml", "broken.toml")])
def test_what_cannot_be_opened_is_said_before_the_screen_is_taken_over(word, said, tmp_path):
    (tmp_path / "broken.toml").write_text("format = 1\ntitle = [\n")
    with Terminal(word, folder=tmp_path) as terminal:
        assert terminal.end() == 2
        said_last = terminal.after if b"\x1b[?1049l" in terminal.output else terminal.text
        assert re.fullmatch(r"nntui: [^\n]*" + said + r"[^\n]*\n*", said_last)
        terminal.left_as_it_was()


def look_around(terminal: Terminal) -> None:
    """See most of what can be drawn: two themes, the help, the settings, the palette, a run."""
    for name in ("light", "projector"):
        terminal.press("T")
        terminal.wait_for(f"Theme: {name}.")
    for keys, what in (("?", "The lesson"), ("e", "settings"), ("\x10", "Search for commands")):
        terminal.press(keys)
        terminal.wait_for(what)
        terminal.press("escape")
        terminal.wait_for(lambda what=what: what not in terminal.text)
    train(terminal)
    terminal.press("down")
    terminal.wait_for("weights[0][0][1]")
    terminal.press("q")
    assert terminal.end() == 0
    terminal.left_as_it_was()


GREY, PALETTE, TRUE = {"38;2", "48;2"}, {"38;5", "48;5"}, {"38;2", "48;2"}


@pytest.mark.parametrize(
    ("environment", "allowed"),
    [
        ({"NO_COLOR": "1"}, lambda colours: not colours),
        ({"TERM": "xterm", "COLORTERM": None}, lambda colours: colours and not colours & (PALETTE | TRUE)),
        ({"COLORTERM": None}, lambda colours: "38;5" in colours and not colours & TRUE),
        ({"COLORTERM": "truecolor"}, lambda colours: "38;2" in colours),
    ],
    ids=["no colour", "16", "256", "true"],
)
def test_only_the_colours_that_the_terminal_has_are_written(environment, allowed):
    with lesson(environment=environment) as terminal:
        look_around(terminal)
        assert allowed(terminal.colours), terminal.colours


def test_only_ascii_is_drawn_where_that_is_all_there_is():
    with lesson(environment={"LC_ALL": "C"}) as terminal:
        look_around(terminal)
        assert terminal.output.isascii()


# ---------------------------------------------------------------- much at once


def still_obeys(terminal: Terminal) -> None:
    """A key is obeyed, and it ends in good order."""
    terminal.press("T")
    terminal.wait_for("Theme: ")
    terminal.press("ctrl+c")
    assert terminal.end() == 0
    terminal.left_as_it_was()


def test_a_megabyte_is_pasted():
    with lesson() as terminal:
        paste = "\x1b[200~" + "weights[0][0][0] = é \x1b[31m\n" * 36_000 + "\x1b[201~"
        terminal.send(paste)
        terminal.press(":")
        terminal.wait_for("the words of nntui plain")
        terminal.send(paste)
        terminal.press("escape")
        terminal.wait_for("n next")
        still_obeys(terminal)


def test_letters_that_arrive_in_halves():
    with lesson(answers=False) as terminal:  # which would come between the halves
        terminal.press(":")
        terminal.wait_for("the words of nntui plain")
        for half in "é".encode():
            terminal.send(bytes([half]))
            for _ in range(3):
                terminal.read(0.1)
        terminal.wait_for("é")
        terminal.press("escape")
        terminal.wait_for("n next")
        still_obeys(terminal)


def test_keys_that_come_all_at_once_reach_what_the_ones_before_have_opened():
    with lesson() as terminal:
        terminal.send(":goto 3\r:goto 2\r?")
        terminal.wait_for("The lesson")
        terminal.send("q:point biases[1][0]\r")
        terminal.wait_for(lambda: "biases[1][0]" in terminal.text and "The lesson" not in terminal.text)
        assert step(terminal) == 2
        terminal.press("q")
        assert terminal.end() == 0


@pytest.mark.parametrize("keys", [" rtnpk[]{}vzdlwxcU", "jhiou:\x1be\x1bOM?sTLS"])
def test_keys_are_held_down(keys, tmp_path):
    with lesson(folder=tmp_path) as terminal:
        terminal.send(" " * 2000)
        for key in keys:
            terminal.send(key * 500)
        terminal.send("\x1b[B" * 500 + "\x1b[C" * 500 + "\t" * 500)
        terminal.press("ctrl+c")
        assert terminal.end() == 0
        terminal.left_as_it_was()


def test_a_storm_of_resizes():
    with lesson(trains=True) as terminal:
        for number in range(60):
            terminal.resize(40 + number * 37 % 160, 10 + number * 11 % 50)
        terminal.resize(100, 30)
        terminal.wait_for(lambda: len(terminal.rows[1]) == 100)
        terminal.wait_for("n next")
        seen = step(terminal)
        terminal.wait_for(lambda: step(terminal) > seen)
        still_obeys(terminal)
