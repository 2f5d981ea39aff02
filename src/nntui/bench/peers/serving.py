"""The side of a contestant: it answers on a pipe, a line of JSON for each that it is told.

`prepare` names a folder with the task and a precision; `check` asks for the weights after a few steps from the start;
`measure` for as many steps as fit into a time. A contestant that cannot take part says at once why.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol, TextIO

import numpy as np
from numpy.typing import NDArray

from nntui.bench.tasks import Size, Task, read
from nntui.models.model import FloatArray

Numbers = NDArray[Any]
GROWTH = 8  # times as many steps in a call as in the one before, at most
CALL = 0.02  # seconds that a call is meant to take


class Trainer(Protocol):
    """One library, ready to train one task in one precision."""

    def run(self, orders: Numbers) -> None:
        """Take a step for each row, on the samples that it names; return when it is done."""

    def parameters(self) -> FloatArray:
        """The weights and biases, flat, in the order of the layout."""


class Pace:
    """How many steps to take in a call, known better from call to call."""

    def __init__(self, trainer: Trainer, orders: Numbers, whole: bool, shrinks: bool) -> None:
        self.trainer, self.orders, self.shrinks = trainer, orders, shrinks
        self.whole = whole  # compiled for one number of steps: it is always given all of them
        self.width = orders.shape[1]  # of a step; fewer samples where one of a whole batch would take too long
        self._next = len(orders) if whole else 1
        self._place = 0

    def measure(self, seconds: float) -> tuple[int, float]:
        """Samples done, and the seconds that they took."""
        if self.shrinks:
            self._shrink(seconds)
        samples, took = 0, 0.0
        while took < seconds:
            steps = min(self._next, len(self.orders) - self._place)
            rows = self.orders[self._place : self._place + steps, : self.width]
            began = time.perf_counter()
            self.trainer.run(rows)
            lasted = time.perf_counter() - began
            samples, took = samples + rows.size, took + lasted
            self._place = (self._place + steps) % len(self.orders)
            if not self.whole:
                aim = min(CALL, seconds)
                self._next = max(1, min(int(steps * aim / max(lasted, 1e-7)), GROWTH * self._next))
        return samples, took

    def _shrink(self, seconds: float) -> None:
        """Find how many samples of a batch fit into the time."""
        self.shrinks = False
        began = time.perf_counter()
        self.trainer.run(self.orders[:1, :1])
        one = time.perf_counter() - began
        if one * self.width > 2 * seconds:
            self.width = max(1, int(seconds / one))


Maker = Callable[[Task, int, int], Trainer]


def threads() -> int:
    """How many threads this contestant is asked to use."""
    return int(os.environ.get("NNTUI_BENCH_THREADS", "1"))


def serve(
    start: Callable[[], tuple[str, Maker]], output: str = "tanh", whole: bool = False, shrinks: bool = False
) -> None:
    """Answer until the pipe ends. `start` imports the library: its version, and what makes a trainer of a task."""
    told, answers = sys.stdin, os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what a library prints must not come between the answers
    try:
        version, make = start()
    except ImportError as error:
        _say(answers, {"absent": f"{error.name or error} is not installed"})
        return
    _say(answers, {"version": version, "output": output})
    paces: dict[int, Pace] = {}
    for line in told:
        message = json.loads(line)
        try:
            _say(answers, _answer(message, make, paces, whole, shrinks))
        except Exception as error:
            text = str(error).strip().partition("\n")[0]
            _say(answers, {"error": f"{type(error).__name__}: {text}"})


def _answer(message: dict[str, Any], make: Maker, paces: dict[int, Pace], whole: bool, shrinks: bool) -> dict[str, Any]:
    bits = int(message["precision"])
    if message["do"] == "prepare":
        folder = Path(message["folder"])
        task = read(Size(message["key"], tuple(message["sizes"]), message["batch"], message["samples"], 0), folder)
        paces.clear()  # its memory is free before the next is made
        began = time.perf_counter()
        paces[bits] = Pace(make(task, bits, threads()), task.orders, whole, shrinks)
        used = getattr(paces[bits].trainer, "threads", threads())
        return {"ready": time.perf_counter() - began, "threads": used}
    pace = paces[bits]
    if message["do"] == "check":
        pace.trainer.run(pace.orders[: message["steps"]])
        np.asarray(pace.trainer.parameters(), "<f8").tofile(message["file"])
        return {"checked": message["steps"]}
    samples, took = pace.measure(message["seconds"])
    width = pace.width if pace.width < pace.orders.shape[1] else 0
    used = getattr(pace.trainer, "threads", threads())
    return {"samples": samples, "seconds": took, "width": width, "threads": used}


def _say(stream: TextIO, answer: dict[str, Any]) -> None:
    stream.write(json.dumps(answer) + "\n")
    stream.flush()


def kind(bits: int) -> type[np.floating[Any]]:
    """numpy's type of so many bits."""
    return np.float32 if bits == 32 else np.float64


def rows(task: Task, bits: int) -> tuple[list[Numbers], list[Numbers]]:
    """The first weights, each (neurons, sources), and biases of each layer, in a precision; copies."""
    net = task.network(64)
    own = task.first.astype(kind(bits))
    return list(net.weights(own)), list(net.biases(own))


def flat(weights: list[Any], biases: list[Any]) -> FloatArray:
    """Weights and biases, layer by layer, as one flat array."""
    parts = [np.asarray(part, np.float64).reshape(-1) for pair in zip(weights, biases, strict=True) for part in pair]
    return np.concatenate(parts)
