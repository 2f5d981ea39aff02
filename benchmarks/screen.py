"""What the screen costs, in a terminal that answers as a real one does: `python benchmarks/screen.py [PART ...]`.

The parts are `paint`, `train`, `speed` and `memory`; alone, all of them. Linux only. Times are of this machine and of
what else it does; believe the ratios. The terminal itself (pyte) takes its share of the machine, too.
"""

import os
import random
import re
import select
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "tui"))
from processes import busy  # noqa: E402
from terminal import QUESTION, Terminal, engine_of  # noqa: E402

from nntui import messages as m  # noqa: E402
from nntui.session.process.client import Engine  # noqa: E402

RUNGS = ("loops", "numpy", "numba")
SCENARIOS = ("xor", "digits")
SIZES = ((80, 24), (160, 50))
SECONDS = 4.0  # of watching a run
KEYS = 30  # pressed in each run
STARTS = 9
TURNS = 3  # with a screen and without, by turns
MEMORY_SECONDS = 60.0

ADDRESS = re.compile(r"(?:weights|biases)(?:\[\d+\])+")
ASKED = re.compile(rb"\x1b\[(\d+);(\d+)H" + re.escape(QUESTION))  # a question, and the place that is the answer
MOST_ASKED = 16  # bytes of it
STEP = re.compile(r"step ([\d,]+)")
LABEL = """
from textual.app import App
from textual.widgets import Label
class One(App):
    def compose(self):
        yield Label("one label")
One().run()
"""


class Watched(Terminal):
    """A terminal that answers at once and knows when it was written to."""

    def __init__(self, *arguments: str, **options: object) -> None:
        self.frames = 0
        self.last = 0.0  # when something came
        super().__init__(*arguments, answers=False, **options)  # type: ignore[arg-type]

    def _read(self) -> bool:
        before = len(self.output)
        going = super()._read()
        asked = [found for found in ASKED.finditer(self.output, max(0, before - MOST_ASKED)) if found.end() > before]
        for place in asked:
            os.write(self.master, b"\x1b[%b;%bR" % place.groups())
        self.frames += len(asked)
        return going

    def select_read(self, seconds: float) -> None:
        """Read once, and note the time before the screen is worked out."""
        if select.select([self.master], [], [], seconds)[0]:
            self.last = time.perf_counter()
            self._read()

    def watch(self, seconds: float) -> None:
        """Let it run."""
        end = time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            self.select_read(min(left, 0.05))

    def until(self, so: Callable[[], bool], seconds: float = 30.0) -> float:
        """Watch until something is so; when that came."""
        end = time.perf_counter() + seconds
        while not so():
            if time.perf_counter() > end:
                raise TimeoutError(self.text)
            self.select_read(0.05)
        return self.last

    @property
    def selected(self) -> tuple[str, ...]:
        """All names of weights that are to be seen."""
        return tuple(ADDRESS.findall(self.text))

    @property
    def step(self) -> int:
        """The step in the header."""
        found = STEP.search(self.rows[0])
        return int(found.group(1).replace(",", "")) if found else 0


@contextmanager
def screen(name: str, size: tuple[int, int] = (80, 24), rung: str = "") -> Iterator[Watched]:
    """A lesson or scenario on a screen, nobody's settings."""
    with TemporaryDirectory() as folder, Watched(name, size=size, environment={"NNTUI_CONFIG": folder}) as terminal:
        terminal.until(lambda: "quit" in terminal.text or "run" in terminal.rows[-1])
        terminal.watch(0.5)
        if rung:
            terminal.send(f":use {rung}\r")
            terminal.watch(3.0)
            terminal.until(lambda: "making" not in terminal.rows[0] and "r run" in terminal.rows[-1])
        yield terminal
        terminal.send("\x03")
        terminal.end()


def run(terminal: Watched) -> None:
    """Train, and wait until it has begun."""
    before = terminal.step
    terminal.send("r")
    terminal.until(lambda: terminal.step > before)
    terminal.watch(1.0)


def percentile(values: list[float], percent: float) -> float:
    """The value below which so many percent of them lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(percent / 100 * (len(ordered) - 1)))]


# ---------------------------------------------------------------- the parts


def paint() -> None:
    """The first paint of lesson 1 against a Textual app that shows one label."""
    ours, lesson, label = list[float](), list[float](), list[float]()
    for _ in range(STARTS):
        began = time.perf_counter()
        with Watched(program=(sys.executable, "-c", LABEL)) as terminal:
            label.append(terminal.until(lambda: bool(terminal.text.strip())) - began)
        began = time.perf_counter()
        with Watched("1") as terminal:
            ours.append(terminal.until(lambda: bool(terminal.text.strip())) - began)
            lesson.append(terminal.until(lambda: "predict" in terminal.text) - began)
    print("\n| first to be seen | median | against a label, median of pairs |\n|---|---|---|")
    print(f"| a Textual app that shows one label | {statistics.median(label):.2f} s | |")
    for what, times in (("anything of `nntui 1`", ours), ("its lesson", lesson)):
        ratio = statistics.median(one / other for one, other in zip(times, label, strict=True))
        print(f"| {what} | {statistics.median(times):.2f} s | {ratio:.2f} |")


def train() -> None:
    """Training at full speed, and then at rest."""
    print("\n| scenario | rung | size | a key is seen after: median, 95th percentile | frames/s | front end | kB/s "
          "| at rest: front end, bytes |\n|---|---|---|---|---|---|---|---|")  # fmt: skip
    for name in SCENARIOS:
        for rung in RUNGS:
            for size in SIZES:
                with screen(name, size, rung) as terminal:
                    print(_train(terminal, f"| {name} | {rung} | {size[0]}×{size[1]} "), flush=True)


def _train(terminal: Watched, begin: str) -> str:
    pid = terminal.process.pid
    run(terminal)
    frames, written, used, began = terminal.frames, len(terminal.output), busy(pid), time.perf_counter()
    terminal.watch(SECONDS)
    passed = time.perf_counter() - began
    frames, written, used = terminal.frames - frames, len(terminal.output) - written, busy(pid) - used
    delays = [delay(terminal) for _ in range(KEYS)]
    terminal.send("r")
    terminal.watch(2.0)
    at_rest, silent, still = busy(pid), len(terminal.output), time.perf_counter()
    terminal.watch(5.0)
    rest = (busy(pid) - at_rest) / (time.perf_counter() - still)
    return (
        f"{begin}| {1000 * statistics.median(delays):.0f} ms, {1000 * percentile(delays, 95):.0f} ms "
        f"| {frames / passed:.1f} | {100 * used / passed:.0f} % | {written / passed / 1000:.0f} "
        f"| {100 * rest:.1f} %, {len(terminal.output) - silent} |"
    )


def delay(terminal: Watched) -> float:
    """How long a key is waited for: the selected weight is another."""
    terminal.watch(random.uniform(0.1, 0.3))
    before, pressed = terminal.selected, time.perf_counter()
    terminal.send("\x1b[B")
    return terminal.until(lambda: terminal.selected != before, 5.0) - pressed


def speed() -> None:
    """Training with the screen open against the same engine without one."""
    print("\n| scenario | rung | size | speed with the screen, by the engine's processor time | by the clock |\n"
          "|---|---|---|---|---|")  # fmt: skip
    size = SIZES[-1]
    for name in SCENARIOS:
        for rung in RUNGS:
            pairs = [(_watched(name, rung, size), _alone(name, rung)) for _ in range(TURNS)]
            parts = []
            for which in (0, 1):
                ratios = sorted(one[which] / other[which] for one, other in pairs)
                parts.append(f"{statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})")
            print(f"| {name} | {rung} | {size[0]}×{size[1]} | {parts[0]} | {parts[1]} |", flush=True)


def _watched(name: str, rung: str, size: tuple[int, int]) -> tuple[float, float]:
    """Steps a second of the engine's time, and of the clock's, under a screen."""
    with screen(name, size, rung) as terminal:
        engine = engine_of(terminal.process.pid)
        run(terminal)

        def mark() -> tuple[int, float, float]:
            before = terminal.step
            at = terminal.until(lambda: terminal.step != before)
            return terminal.step, busy(engine), at

        first = mark()
        terminal.watch(SECONDS)
        last = mark()
    return (last[0] - first[0]) / (last[1] - first[1]), (last[0] - first[0]) / (last[2] - first[2])


def _alone(name: str, rung: str) -> tuple[float, float]:
    """The same without a screen."""

    def mark(engine: Engine) -> tuple[int, float, float]:
        reading = engine.ask(m.AskReading("step"))
        assert isinstance(reading, m.Reading)
        return int(reading.value), busy(engine.pid), time.perf_counter()

    with Engine.start() as engine:
        engine.send(m.Open((ROOT / "scenarios" / "playground" / f"{name}.toml").read_text(), f"{name}.toml"))
        engine.send(m.Use(rung))
        list(engine.settle())
        engine.send(m.Run(m.MOST_STEPS))
        time.sleep(2.0)
        first = mark(engine)
        time.sleep(SECONDS)
        last = mark(engine)
    return (last[0] - first[0]) / (last[1] - first[1]), (last[0] - first[0]) / (last[2] - first[2])


def memory() -> None:
    """What the front end holds after a long run."""

    def resident(pid: int) -> float:
        found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
        assert found is not None
        return int(found.group(1)) / 1000

    with screen("xor", (160, 50), "numba") as terminal:
        start = resident(terminal.process.pid)
        run(terminal)
        terminal.watch(5.0)
        early, step = resident(terminal.process.pid), terminal.step
        terminal.watch(MEMORY_SECONDS)
        late, steps = resident(terminal.process.pid), terminal.step
    print("\n| the front end holds, xor on numba, 160×50 | MB |\n|---|---|")
    print(
        f"| before it trains | {start:.0f} |\n| after {step:,} steps | {early:.0f} |\n| after {steps:,} | {late:.0f} |"
    )


PARTS = {"paint": paint, "train": train, "speed": speed, "memory": memory}

if __name__ == "__main__":
    os.environ["NNTUI_NO_WARM"] = "1"
    for part in sys.argv[1:] or PARTS:
        PARTS[part]()
