"""What a screen costs while training runs, and how soon it shows what a key has done: `python benchmarks/frames.py`."""

import os
import statistics
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from nntui import messages as m
from nntui.session.process.client import Engine

PLAYGROUND = Path(__file__).parents[1] / "scenarios" / "playground"
RUNGS = ("loops", "numpy", "numba")
# A screen of 160 by 50 cells.
SIZES: dict[m.View, tuple[int, int]] = {
    "code": (78, 22), "values": (78, 12), "diagram": (80, 24), "loss": (78, 12), "twist": (78, 12), "picture": (40, 20),
}  # fmt: skip
POINT_SECONDS = 0.2  # between two keys
SECONDS = 2.0  # of each measurement
REPEATS = 5  # alone, watched and with keys, by turns; each is compared with the one before
ADDRESSES = ("weights[0][0][0]", "weights[0][1][1]")


@dataclass
class Seen:
    """What a screen has seen in some seconds."""

    seconds: float = 0.0
    frames: int = 0
    steps: int = 0
    busy: float = 0.0  # seconds of the engine's processor time
    made: Counter[str] = field(default_factory=Counter)
    delays: dict[str, list[float]] = field(default_factory=lambda: {"diagram": [], "twist": []})

    @property
    def rate(self) -> float:
        """Training steps a second of processor time: what else the machine does must not count."""
        return self.steps / self.busy


def watch(engine: Engine, seconds: float, keys: bool) -> Seen:
    """Look at a run for some seconds, acknowledging frames at once; with keys, point elsewhere now and then."""
    seen, waiting = Seen(), dict[str, float]()
    first, busy, began = _step(engine), _busy(engine.pid), time.perf_counter()
    pressed, sent = 0, began
    while (now := time.perf_counter()) < began + seconds:
        if keys and now >= sent + POINT_SECONDS:
            pressed, sent = pressed + 1, now
            for view in seen.delays:
                waiting.setdefault(view, now)
            engine.send(m.Point(ADDRESSES[pressed % 2]))
        for body in engine.receive(max(0.0, min(sent + POINT_SECONDS, began + seconds) - now)):
            if isinstance(body, m.Frame):
                engine.acknowledge(body.number)
                seen.frames += 1
                seen.made.update(body.sections.keys())
                _note(seen, waiting, body, ADDRESSES[pressed % 2])
    seen.steps, seen.busy = _step(engine) - first, _busy(engine.pid) - busy
    seen.seconds = time.perf_counter() - began
    return seen


def _note(seen: Seen, waiting: dict[str, float], frame: m.Frame, pointed: str) -> None:
    """Note how long what a key has done was waited for, in each view that shows it."""
    diagram, twist = frame.sections.get("diagram"), frame.sections.get("twist")
    shown = {
        "diagram": isinstance(diagram, m.DiagramView) and diagram.pointed == pointed,
        "twist": isinstance(twist, m.TwistView) and twist.address == pointed,
    }
    for view, is_so in shown.items():
        if is_so and view in waiting:
            seen.delays[view].append(time.perf_counter() - waiting.pop(view))


def _step(engine: Engine) -> int:
    where = engine.ask(m.AskReading("step"))
    assert isinstance(where, m.Reading)
    return int(where.value)


def _busy(pid: int) -> float:
    """Processor time of all threads of a process so far, in seconds (Linux)."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9


def frames(name: str, rung: str) -> None:
    """One scenario on one rung: the run alone, watched, and watched with keys, by turns."""
    alone, watched, keyed = list[Seen](), list[Seen](), list[Seen]()
    with Engine.start() as engine:
        engine.send(m.Open((PLAYGROUND / f"{name}.toml").read_text()))
        engine.send(m.Use(rung))
        list(engine.settle())
        engine.send(m.Run(10**9))
        for _ in range(REPEATS):
            engine.subscribe(())
            watch(engine, 0.1, keys=False)
            alone.append(watch(engine, SECONDS, keys=False))
            engine.subscribe(tuple(SIZES), sizes=dict(SIZES))
            watch(engine, 0.2, keys=False)  # the first frame has all views
            watched.append(watch(engine, SECONDS, keys=False))
            keyed.append(watch(engine, SECONDS, keys=True))
    seconds = sum(seen.seconds for seen in watched)
    made = sum((seen.made for seen in watched), Counter[str]())
    often = ", ".join(f"{view} {made[view] / seconds:.1f}" for view in SIZES)
    delays = {view: [delay for seen in keyed for delay in seen.delays[view]] for view in ("diagram", "twist")}
    print(
        f"{name}, {rung}: training {_ratio(watched, alone)} of its speed when watched, "
        f"{_ratio(keyed, alone)} with keys; {sum(seen.frames for seen in watched) / seconds:.1f} frames a "
        f"second ({often}); a key is seen after "
        + "; ".join(f"{view} {_ms(times, 50)}, 95th percentile {_ms(times, 95)}" for view, times in delays.items())
    )


def _ratio(some: list[Seen], others: list[Seen]) -> str:
    ratios = [one.rate / other.rate for one, other in zip(some, others, strict=True) if other.steps]
    low, middle, high = statistics.quantiles(ratios, n=4)
    return f"{middle:.3f} ({low:.2f} to {high:.2f})"


def _ms(times: list[float], percent: float) -> str:
    return f"{1000 * float(np.percentile(times, percent)):.0f} ms" if times else "never"


if __name__ == "__main__":
    os.environ["NNTUI_NO_WARM"] = "1"
    for scenario in sys.argv[1:] or ("xor", "digits"):
        for rung_name in RUNGS:
            frames(scenario, rung_name)
