"""Recordings of the whole program in a terminal: whole however it ends, gone on from, and played."""

import re
import signal
import time
from pathlib import Path

import pytest
from terminal import Terminal, alive, engine_of

from nntui.cli import main
from nntui.session.recording.reading import read
from nntui.session.recording.records import Ended

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked up in /proc")

STEP = re.compile(r"step ([\d,]+)")
SOON = 5.0  # seconds for what takes one, on a machine that does other things as well


def step(terminal: Terminal) -> int:
    return int(terminal.wait_for(STEP).replace(",", ""))


def gone(*processes: int) -> bool:
    deadline = time.monotonic() + SOON
    while any(map(alive, processes)) and time.monotonic() < deadline:
        time.sleep(0.01)
    return not any(map(alive, processes))


def the_only(shelf: Path) -> Path:
    (found,) = shelf.iterdir()
    return found


def test_it_is_whole_however_it_ends_and_is_gone_on_from(tmp_path: Path) -> None:
    shelf = tmp_path / "data" / "recordings"
    environment = {"NNTUI_RECORD": None, "NNTUI_DATA": str(tmp_path / "data")}
    for ending in (signal.SIGTERM, signal.SIGHUP, None):
        with Terminal("xor", environment=environment) as terminal:
            terminal.wait_for("r run")
            engine = engine_of(terminal.process.pid)
            terminal.press("r")
            terminal.wait_for(lambda: step(terminal) > 0)
            if ending is None:
                terminal.hang_up()
            else:
                terminal.process.send_signal(ending)
            terminal.process.wait(SOON)
            assert gone(engine)
        path = the_only(shelf)
        end = read(path).lines[-1].record
        assert isinstance(end, Ended), ending
        reached = end.position.step
        assert reached > 0
        if ending is not None:
            path.unlink()
    assert main(["replay", str(path), "--verify"]) == 0
    with Terminal("resume", environment=environment) as terminal:
        terminal.wait_for("r run")
        terminal.wait_for(lambda: step(terminal) == reached)
        terminal.press("q")
        assert terminal.end() == 0
    assert len(list(shelf.iterdir())) == 2
    with Terminal(str(path), environment=environment) as terminal:
        terminal.wait_for(path.name[:12])
        terminal.wait_for(lambda: step(terminal) == 0)
        terminal.press("q")
        assert terminal.end() == 0
    assert len(list(shelf.iterdir())) == 2
