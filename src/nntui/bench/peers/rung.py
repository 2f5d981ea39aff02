"""A rung of our own ladder: `python -m nntui.bench.peers.rung NAME`.

With `forced` after its name, numba-parallel takes all threads that it is given, and not as many as a step is worth.
"""

from __future__ import annotations

import os
import platform
import sys
from importlib.metadata import version

from nntui import blas

os.environ.setdefault("NNTUI_THREADS", os.environ.get("NNTUI_BENCH_THREADS", "1"))
if os.environ.get("NNTUI_BENCH_THREADS", "1") == "1":
    blas.one_thread()

import numpy as np

from nntui.bench.peers.serving import Maker, Numbers, serve, threads
from nntui.bench.tasks import Task
from nntui.models.mlp.ladder import rungs
from nntui.models.mlp.numpy import NumpyRung
from nntui.models.model import FloatArray
from nntui.models.plans import Rung


class RungTrainer:
    """A rung that is given plans."""

    def __init__(self, rung: Rung, task: Task) -> None:
        self.rung, self.task = rung, task
        rung.load(task.first)

    @property
    def threads(self) -> int:
        """How many threads work at the same time, as the rung has chosen; numpy's products, as they were asked to."""
        asked = threads() if isinstance(self.rung, NumpyRung) else 1
        return int(getattr(self.rung, "threads", asked))

    def run(self, orders: Numbers) -> None:
        """Take a step for each row."""
        work = self.rung.start(self.task.plan(orders))
        if not work.run(float("inf")):
            raise RuntimeError("the rung stopped on the way")

    def parameters(self) -> FloatArray:
        """The weights and biases."""
        return self.rung.store()


def start(name: str, forced: bool = False) -> tuple[str, Maker]:
    """Nothing to import; the version is that of Python, numpy or numba."""

    def make(task: Task, bits: int, count: int) -> RungTrainer:
        if forced:
            from nntui.models.mlp.parallel_rung import ParallelRung

            return RungTrainer(ParallelRung(task.network(bits), count), task)
        info = rungs(task.network(bits))[name]
        if info.make is None:
            raise RuntimeError(info.absent)
        return RungTrainer(info.make(), task)

    known = {"loops": platform.python_version(), "numpy": np.__version__}
    return known.get(name) or version("numba"), make


if __name__ == "__main__":
    serve(lambda: start(sys.argv[1], "forced" in sys.argv[2:]), shrinks=sys.argv[1] == "loops")
