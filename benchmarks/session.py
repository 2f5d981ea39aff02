"""What the engine costs beside the training itself. Prints ratios: `python benchmarks/session.py`."""

import os
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np

from nntui import messages as m
from nntui.models.model import Model
from nntui.models.plans import Rung
from nntui.scenario.check import load
from nntui.session.process.client import Engine
from nntui.session.run.dice import Batches, plan
from nntui.session.setup import build_model

TASKS = {
    "2-4-2-1, batch 10, xor": ("xor", "[2, 4, 2, 1]", 10),
    "64-32-10, batch 32, digits": ("digits", "[64, 32, 10]", 32),
}
SECONDS = 2.0  # of training, about, in each measurement
REPEATS = 3  # the best of so many counts: noise only ever slows down
SLICE = 0.008  # of training planned at once, as the session does


def text(data: str, layers: str, batch: int) -> str:
    """A scenario file for free play."""
    return (
        f'format = 1\ntitle = "b"\n[data]\nname = "{data}"\n[model]\nkind = "mlp"\nlayers = {layers}\nseed = 3\n'
        f"[training]\nbatch_size = {batch}\n"
    )


# ---------------------------------------------------------------- training


class Bare:
    """A rung and the dice, with nothing around them."""

    def __init__(self, scenario: str, batch: int, rung: str) -> None:
        self.model: Model = build_model(load(scenario, "b", ""), "")
        make = self.model.rungs[rung].make
        assert make is not None
        self.rung: Rung = make()
        self.rung.load(self.model.initial())
        self.batches = Batches(self.model.samples, batch, 3)
        self.step = 0

    def train(self, steps: int) -> None:
        """Some steps at once."""
        planned = plan(3, self.step, steps, self.model.layout.trainable, 0.3, self.batches)
        work = self.rung.start(planned)
        while not work.run(np.inf):
            pass
        self.step += steps

    def chunk(self) -> int:
        """How many steps fit into a slice."""
        steps = 1
        while True:
            began = time.perf_counter()
            self.train(steps)
            took = time.perf_counter() - began
            if took > SLICE:
                return max(1, int(steps * SLICE / took))
            steps *= 2

    def rate(self, steps: int, chunk: int) -> float:
        """Steps a second."""
        began = time.perf_counter()
        for _ in range(max(1, steps // chunk)):
            self.train(chunk)
        return max(1, steps // chunk) * chunk / (time.perf_counter() - began)


def hosted_rate(engine: Engine, steps: int) -> float:
    """Steps a second inside of an engine."""
    began = time.perf_counter()
    engine.send(m.Run(steps))
    for _ in engine.settle():
        pass
    return steps / (time.perf_counter() - began)


def training() -> None:
    """Training inside of the engine, beside the bare rung."""
    for name, (data, layers, batch) in TASKS.items():
        for rung in ("loops", "numba"):
            scenario = text(data, layers, batch)
            bare = Bare(scenario, batch, rung)
            chunk = bare.chunk()
            steps = int(bare.rate(20 * chunk, chunk) * SECONDS)
            with Engine.start() as engine:
                for command in (m.Open(scenario), m.Use(rung), m.Run(max(1, steps // 10))):
                    engine.send(command)
                    list(engine.settle())
                pairs = [(hosted_rate(engine, steps), bare.rate(steps, chunk)) for _ in range(REPEATS)]
                engine.subscribe(("network", "loss", "picture"))
                framed = max(_with_frames(engine, steps) for _ in range(REPEATS))
            hosted, alone = (max(rates) for rates in zip(*pairs, strict=True))
            print(
                f"{name}, {rung}: {alone:,.0f} steps/s bare; in the engine {hosted / alone:.2f} of it, "
                f"with frames {framed / alone:.2f}"
            )


def _with_frames(engine: Engine, steps: int) -> float:
    """Steps a second while every frame is acknowledged at once."""
    began = time.perf_counter()
    engine.send(m.Run(steps))
    while True:
        for body in engine.receive():
            if isinstance(body, m.Frame):
                engine.acknowledge(body.number)
            if isinstance(body, m.Trained):
                return steps / (time.perf_counter() - began)


# ---------------------------------------------------------------- latency


def latency() -> None:
    """How long a command waits for its answer while numba compiles, and while nothing goes on."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["NUMBA_CACHE_DIR"] = folder
        scenario = text("xor", "[2, 4, 2, 1]", 10)
        with Engine.start() as engine:
            engine.send(m.Open(scenario))
            list(engine.settle())
            quiet = [_answered(engine) for _ in range(200)]
            engine.send(m.Use("numba"))
            times, ready = [], False
            began = time.perf_counter()
            while not ready:
                sent = time.perf_counter()
                engine.send(m.Point("weights[0][0][0]"))
                while True:
                    bodies = engine.receive()
                    ready = ready or any(isinstance(body, m.Ready) for body in bodies)
                    if any(isinstance(body, m.Pointed) for body in bodies):
                        break
                times.append(time.perf_counter() - sent)
            print(
                f"a command while numba compiles ({time.perf_counter() - began:.1f} s): median "
                f"{_ms(times, 50)}, 95th percentile {_ms(times, 95)}, worst {_ms(times, 100)}; "
                f"otherwise {_ms(quiet, 50)}, {_ms(quiet, 95)}"
            )
        del os.environ["NUMBA_CACHE_DIR"]


def _answered(engine: Engine) -> float:
    began = time.perf_counter()
    engine.send(m.Point("weights[0][0][0]"))
    list(engine.settle())
    return time.perf_counter() - began


def _ms(times: list[float], percent: float) -> str:
    return f"{1000 * float(np.percentile(times, percent)):.1f} ms"


# ---------------------------------------------------------------- start


def start() -> None:
    """From nothing to the first fact, beside starting Python with numpy and the vocabulary."""
    scenario = text("xor", "[2, 4, 2, 1]", 10)
    pairs = [(_first_fact(scenario), _python("import numpy, nntui.messages")) for _ in range(15)]
    fact, plain = (statistics.median(times) for times in zip(*pairs, strict=True))
    print(
        f"first fact of an engine {fact:.3f} s, Python with numpy and the vocabulary {plain:.3f} s: {fact / plain:.2f}"
    )


def _first_fact(scenario: str) -> float:
    began = time.perf_counter()
    with Engine.start() as engine:
        engine.send(m.Open(scenario))
        next(engine.settle())
        return time.perf_counter() - began


def _python(code: str) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - began


if __name__ == "__main__":
    os.environ["NNTUI_NO_WARM"] = "1"
    start()
    latency()
    training()
