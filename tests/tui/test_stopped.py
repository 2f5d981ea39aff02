"""Stopped and gone on with, in a shell and in tmux; terminals that go away, or have few letters; early signals."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import termios
import time
from pathlib import Path

import pytest
from terminal import NNTUI, PATIENCE, Terminal, alive, children, status_of

from nntui.tui.look import ASCII, UNICODE
from nntui.tui.wire import driver
from nntui.tui.wire import terminal as kinds

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked up in /proc")

LESSON = f"{shlex.join(NNTUI)} 2"
MODES = ("1049", "1000", "1003", "1006", "1004")  # the alternate screen, the mouse, focus


def taken(terminal: Terminal) -> bool:
    """Whether the screen has the terminal."""
    return all(terminal.modes.get(mode) for mode in MODES)


def given_back(terminal: Terminal) -> bool:
    """Whether the shell has it."""
    return not any(terminal.modes.get(mode) for mode in MODES) and terminal.modes["25"] and terminal.modes["7"]


def stopped(pid: int) -> bool:
    return status_of(pid)[0] == "T"


def test_it_is_stopped_by_a_key_and_by_a_signal_that_nobody_hears_and_goes_on_each_time() -> None:
    with Terminal(program=("bash", "--norc", "-i"), environment={"PS1": "shell: "}) as terminal:
        terminal.wait_for("shell:")
        as_before = termios.tcgetattr(terminal.master)[:4]
        terminal.send(f"{LESSON}\r")
        terminal.wait_for("n next")
        (front,) = children(terminal.process.pid)
        terminal.send("\x1a")
        terminal.wait_for(lambda: stopped(front) and given_back(terminal))
        terminal.wait_for(lambda: termios.tcgetattr(terminal.master)[:4] == as_before)
        terminal.send("clear; echo the shell is he''re\r")
        terminal.wait_for("the shell is here")
        terminal.send("fg\r")
        terminal.wait_for(lambda: taken(terminal) and "n next" in terminal.text and "the shell" not in terminal.text)
        os.kill(front, signal.SIGSTOP)
        terminal.wait_for(lambda: stopped(front))
        terminal.send("clear; echo the shell is he''re\r")
        terminal.wait_for("the shell is here")
        terminal.send("fg\r")
        terminal.wait_for(lambda: taken(terminal) and "n next" in terminal.text and "the shell" not in terminal.text)
        terminal.send("T")  # one thread reads keys, not two
        terminal.wait_for("Theme: ")
        terminal.send("q")
        terminal.wait_for(lambda: not children(terminal.process.pid) and given_back(terminal))
        terminal.wait_for(lambda: termios.tcgetattr(terminal.master)[:4] == as_before)


def test_what_the_shell_has_taken_is_not_waited_for() -> None:
    master, slave = os.openpty()
    try:
        with driver.opened_anew(slave) as fileno:
            assert driver.read(fileno) is None
            os.write(master, b"n\n")
            assert os.read(slave, 9) == b"n\n"  # between a look and the read
            assert driver.read(fileno) is None
            os.write(master, b"n\n")
            assert driver.read(fileno) == b"n\n"
            assert os.get_blocking(slave), "the shell's reads still wait"
    finally:
        os.close(master)
        os.close(slave)


def test_a_signal_that_comes_as_soon_as_the_terminal_is_taken_over_leaves_it_as_it_was() -> None:
    with Terminal("2") as terminal:
        terminal.wait_for(lambda: b"\x1b[?1049h" in terminal.output)
        terminal.process.send_signal(signal.SIGHUP)
        assert terminal.end() == 0
        terminal.left_as_it_was()


def test_sentences_end_with_their_terminal_in_the_middle_of_a_run_though_no_signal_says_so() -> None:
    with Terminal("plain", "xor", controls=False) as terminal:
        terminal.wait_for("Step 0.")
        (engine,) = children(terminal.process.pid)
        terminal.send("run 1000000000\r")
        terminal.wait_for("run 1000000000")
        terminal.hang_up()
        assert terminal.process.wait(PATIENCE) == 0
        deadline = time.monotonic() + PATIENCE
        while alive(engine) and time.monotonic() < deadline:
            time.sleep(0.01)
        assert not alive(engine)


@pytest.mark.skipif(shutil.which("tmux") is None, reason="there is no tmux")
def test_it_is_detached_and_attached_at_another_size(tmp_path: Path) -> None:
    tmux = ("tmux", "-S", str(tmp_path / "socket"), "-f", os.devnull)
    try:
        with Terminal("new", LESSON, program=tmux, size=(60, 17)) as terminal:
            terminal.wait_for("n next")
            terminal.send("r")
            terminal.wait_for("r stop")
            terminal.send("\x02d")
            assert terminal.end() == 0
        with Terminal("attach", program=tmux, size=(250, 80)) as terminal:
            terminal.wait_for(lambda: len(terminal.rows[1]) == 250 and "r stop" in terminal.text)
            terminal.resize(60, 17)
            terminal.wait_for(lambda: len(terminal.rows[1]) == 60 and "r stop" in terminal.text)
            terminal.send("r")
            terminal.wait_for("r run")
            terminal.send("q")
            assert terminal.end() == 0
    finally:
        subprocess.run([*tmux, "kill-server"], capture_output=True, timeout=PATIENCE)


@pytest.mark.parametrize(
    ("given", "environment", "shapes"),
    [
        (b"LANG=C", {"LANG": "C", "LC_CTYPE": "C.UTF-8"}, ASCII),  # Python has set LC_CTYPE
        (b"LANG=C\0LC_CTYPE=C.UTF-8", {"LANG": "C", "LC_CTYPE": "C.UTF-8"}, UNICODE),
        (b"", {}, UNICODE),
        (b"", {"LC_CTYPE": "C.UTF-8"}, UNICODE),
        (b"", {"TERM": "linux", "LANG": "C.UTF-8"}, ASCII),
        (b"", {"TERM": "vt100"}, ASCII),
        (b"", {"TERM": "tmux-256color", "LANG": "en_US.UTF-8"}, UNICODE),
    ],
)
def test_only_letters_that_the_terminal_has(
    given: bytes, environment: dict[str, str], shapes: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "environ").write_bytes(given)
    monkeypatch.setattr(kinds, "GIVEN", tmp_path / "environ")
    assert kinds.shapes(kinds.as_given(environment)) is shapes
