"""Recordings of the whole program in a terminal: whole however it ends, gone on from, and played."""

import signal
from pathlib import Path

import pytest
from terminal import Terminal, engine_of, gone, step_in

from nntui.cli import main
from nntui.session.recording.reading import read
from nntui.session.recording.records import Ended

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked up in /proc")

SOON = 5.0  # seconds for what takes one, on a machine that does other things as well


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
            terminal.wait_for(lambda: step_in(terminal) > 0)
            if ending is None:
                terminal.hang_up()
            else:
                terminal.process.send_signal(ending)
            terminal.process.wait(SOON)
            assert gone(engine, seconds=SOON)
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
        terminal.wait_for(lambda: step_in(terminal) == reached)
        terminal.press("q")
        assert terminal.end() == 0
    assert len(list(shelf.iterdir())) == 2
    with Terminal(str(path), environment=environment) as terminal:
        terminal.wait_for(path.name[:12])
        terminal.wait_for(lambda: step_in(terminal) == 0)
        terminal.press("q")
        assert terminal.end() == 0
    assert len(list(shelf.iterdir())) == 2
