"""The screen over SSH, on lines that are slow, stall and are not read: `python benchmarks/line.py [LINE ...]`.

A real OpenSSH server on this machine, and between it and the client a proxy that delays and limits. Training at full
speed, the panes of explaining and training, 120×40. Linux only; wants the package openssh-server. Times are of this
machine and of what else it does: terminal, proxy, server, screen and engine share its cores.
"""

import os
import random
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from screen import ASKED, Watched, percentile

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "tui"))
from lines import Line, Server, missing  # noqa: E402
from terminal import alive, engine_of  # noqa: E402

from nntui import messages as m  # noqa: E402
from nntui.session.process.attached import Attached  # noqa: E402
from nntui.session.process.meeting import places  # noqa: E402

SIZE = (120, 40)
# Two arms with so much noise that training never comes to rest: everything on the screen goes on moving.
SCENARIO = """
format = 1
title = "A spiral that cannot be learned"
summary = "So everything goes on moving."
[data]
name = "spiral"
samples = 500
noise = 0.3
seed = 1
[model]
kind = "mlp"
layers = [2, 16, 16, 1]
seed = 7
[training]
method = "gradient"
optimizer = "adam"
learning_rate = 0.02
batch_size = 20
rung = "numpy"
"""
SECONDS = 4.0  # of watching a run
KEYS = 40
STALL_SECONDS = 15.0
UNREAD_SECONDS = 2.0
PATIENCE = 20.0
NOTHING = 16  # bytes, of what stands around a question
DOWN = "\x1b[B"


@dataclass(frozen=True)
class Wanted:
    """A line, and what is wanted of it."""

    round_trip: float  # seconds
    rate: float  # bytes a second each way; 0: no limit
    key: float  # seconds, 95th percentile
    frames: float  # a second
    quit: float  # seconds


LINES = {
    "loopback": Wanted(0.0, 0.0, 0.05, 10.0, 2.0),
    "50 ms, 64 kB/s": Wanted(0.05, 64_000.0, 0.2, 4.0, 2.0),
    "150 ms, 64 kB/s": Wanted(0.15, 64_000.0, 0.35, 2.0, 2.0),
    "300 ms, 8 kB/s": Wanted(0.3, 8_000.0, 1.5, 0.0, 3.0),
}


class Opened:
    """The screen at the end of a line, while it trains."""

    def __init__(self, server: Server, line: Line, folder: str) -> None:
        kept = {"NNTUI_CONFIG": folder, "NNTUI_DATA": folder, "NNTUI_NO_WARM": "1"}
        if "XDG_RUNTIME_DIR" in os.environ:
            kept["XDG_RUNTIME_DIR"] = os.environ["XDG_RUNTIME_DIR"]
        self.line = line
        scenario = Path(folder) / "spiral.toml"
        scenario.write_text(SCENARIO)
        self.terminal = Watched(program=server.nntui(str(scenario), port=line.port, environment=kept), size=SIZE)
        self.terminal.until(lambda: "r run" in self.terminal.rows[-1])
        self.front = server.front_end
        self.engine = engine_of(self.front)
        self.terminal.send("r")
        self.terminal.until(lambda: self.terminal.step > 0)
        self.terminal.watch(2.0)

    def frames(self) -> tuple[float, float]:
        """Frames and bytes a second while it trains."""
        terminal = self.terminal
        frames, written, began = terminal.frames, len(terminal.output), time.perf_counter()
        terminal.watch(SECONDS)
        passed = time.perf_counter() - began
        return (terminal.frames - frames) / passed, (len(terminal.output) - written) / passed

    def key(self) -> float:
        """How long a key is waited for: the selected weight is another."""
        terminal = self.terminal
        terminal.watch(random.uniform(0.05, 0.2))
        before, pressed = terminal.selected, time.perf_counter()
        terminal.send(DOWN)
        return terminal.until(lambda: terminal.selected != before, PATIENCE) - pressed

    def stall(self) -> tuple[float, int]:
        """After a stall: seconds until what is shown is from after it, and how many frames came that were not."""
        terminal = self.terminal
        (place,) = [place for place in places() if place.front == self.front]
        clerk = Attached(place)
        terminal.watch(1.0)
        self.line.stall()
        terminal.watch(STALL_SECONDS)
        reading = clerk.ask(m.AskReading("step"))
        assert isinstance(reading, m.Reading)
        self.line.go()
        began, before, stale = time.perf_counter(), len(terminal.output), 0
        while terminal.step < reading.value:
            stale = frames_in(bytes(terminal.output[before:]))
            terminal.select_read(0.05)
            if time.perf_counter() > began + PATIENCE:
                raise TimeoutError(terminal.text)
        clerk.close()
        return terminal.last - began, stale

    def quit(self) -> float:
        """Seconds from the key until the shell is back."""
        began = time.perf_counter()
        self.terminal.send("q")
        self.terminal.end()
        assert not alive(self.front)
        return time.perf_counter() - began

    def quit_unread(self) -> float:
        """The same where nobody reads the terminal any more: until both processes are gone."""
        began, grown = time.perf_counter(), 0
        while time.perf_counter() < began + UNREAD_SECONDS:  # all of it is written anew, as often as that is possible
            grown += 1
            self.terminal.resize(SIZE[0] + grown % 2, SIZE[1])
            time.sleep(0.02)
        began = time.perf_counter()
        os.write(self.terminal.master, b"q")
        while alive(self.front) or alive(self.engine):
            time.sleep(0.005)
            if time.perf_counter() > began + PATIENCE:
                raise TimeoutError("it does not end")
        return time.perf_counter() - began


def frames_in(output: bytes) -> int:
    """How many frames end in it; a question with nothing before it is none."""
    return sum(len(part) > NOTHING for part in ASKED.split(output)[:-1:3])


@contextmanager
def opened(server: Server, wanted: Wanted) -> Iterator[Opened]:
    """A line, and the screen at its end."""
    with TemporaryDirectory() as folder, Line(server, wanted.round_trip, wanted.rate) as line:
        there = Opened(server, line, folder)
        with there.terminal:
            yield there


def row(server: Server, name: str) -> str:
    """All about one line."""
    wanted = LINES[name]
    with opened(server, wanted) as there:
        frames, written = there.frames()
        delays = [there.key() for _ in range(KEYS)]
        fresh, stale = there.stall()
        ended = there.quit()
    with opened(server, wanted) as there:
        unread = there.quit_unread()
    return (
        f"| {name} | {_ms(statistics.median(delays))}, {_ms(percentile(delays, 95))} ({_ms(wanted.key)}) "
        f"| {frames:.1f}{f' ({wanted.frames:g})' if wanted.frames else ''} | {written / 1000:.0f} "
        f"| {fresh:.2f} s, {stale} | {ended:.2f} s, {unread:.2f} s ({wanted.quit:g}) |"
    )


def _ms(seconds: float) -> str:
    return f"{1000 * seconds:.0f} ms"


def main(names: list[str]) -> None:
    """The table."""
    word = missing()
    if word:
        raise SystemExit(word)
    print(
        "| line | a key is seen after: median, 95th percentile (wanted) | frames/s (wanted) | kB/s "
        "| after 15 s without the line: fresh after (1 s), stale frames (2) | quits, also unread (wanted) |\n"
        "|---|---|---|---|---|---|",
        flush=True,
    )
    with Server() as server:
        for name in names or LINES:
            print(row(server, name), flush=True)


if __name__ == "__main__":
    main([name for name in LINES if any(name.startswith(word) for word in sys.argv[1:])])
