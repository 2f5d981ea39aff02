"""The whole program at the end of an SSH line: what is seen there, how it ends, and what a line that drops leaves."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from lines import Line, NoServerError, Server, missing
from terminal import NNTUI, Terminal, engine_of, gone, step_in

from nntui.cli import main
from nntui.session.recording.reading import read
from nntui.session.recording.records import Ended

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing() or "all is there")

NAME = "weights[0][0][0]"
SOON = 10.0  # seconds for what takes one, on a machine that does other things as well


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    try:
        with Server() as entered:
            yield entered
    except NoServerError as error:
        pytest.skip(str(error))


def test_over_a_line_it_opens_runs_answers_a_key_and_gives_the_terminal_back(server: Server) -> None:
    with (
        Line(server, round_trip=0.1, rate=64_000.0) as line,
        Terminal(program=server.nntui("2", port=line.port), size=(120, 40)) as terminal,
    ):
        terminal.wait_for(NAME)
        before = step_in(terminal)
        terminal.press("r")
        terminal.wait_for(lambda: step_in(terminal) > before)
        terminal.press("down")
        terminal.wait_for(lambda: NAME not in terminal.text)
        terminal.resize(80, 24)
        terminal.wait_for(lambda: len(terminal.rows[1]) == 80)
        front = server.front_end
        engine = engine_of(front)
        terminal.press("q")
        assert terminal.end() == 0
        terminal.left_as_it_was()
        assert gone(front, engine, seconds=SOON)


@pytest.mark.parametrize("how", ["the line", "the client", "without a signal"])
def test_a_line_that_drops_ends_both_processes_and_leaves_a_whole_recording(
    server: Server, how: str, tmp_path: Path
) -> None:
    environment = {"NNTUI_RECORD": "1", "NNTUI_DATA": str(tmp_path), "NNTUI_CONFIG": str(tmp_path)}
    before = ("setsid", "-w") if how == "without a signal" else ()  # has no terminal whose end would be told
    with (
        Line(server) as line,
        Terminal(program=server.nntui("xor", port=line.port, environment=environment, before=before)) as terminal,
    ):
        terminal.wait_for("r run")
        front = server.front_end
        engine = engine_of(front)
        terminal.press("r")
        terminal.wait_for(lambda: step_in(terminal) > 0)
        if how == "the client":
            os.kill(terminal.process.pid, signal.SIGKILL)
        else:
            line.drop()
        assert gone(front, engine, seconds=SOON)
    (path,) = (tmp_path / "recordings").iterdir()
    end = read(path).lines[-1].record
    assert isinstance(end, Ended)
    assert end.position.step > 0
    if how == "the line":
        assert main(["replay", str(path), "--verify"]) == 0
        went_on = subprocess.run(
            [*NNTUI, "resume", str(path)], input="show loss\nquit\n", capture_output=True, text=True, timeout=60
        )
        assert went_on.returncode == 0
        assert f"{end.position.step:,}" in went_on.stdout
