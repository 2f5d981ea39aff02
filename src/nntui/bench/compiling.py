"""How long a compiled rung takes to be ready, numba warm: with an empty cache folder, and from the one so filled.

`python -m nntui.bench.compiling RUNG SIZE BITS` is one such process; it prints its seconds.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time

from msgspec import Struct

from nntui import blas
from nntui.bench.tasks import SIZES, task
from nntui.models.mlp.ladder import rungs

CACHED = 3  # processes that find the cache filled; the best counts, for others only slow one down
LONGEST = 180.0


class Compiling(Struct):
    """Seconds until a rung is ready."""

    size: str
    precision: int
    rung: str
    cold: float
    cached: list[float]


def measured(rung: str, size: str, bits: int) -> Compiling | None:
    """Start the processes one after another; None where the rung cannot be prepared."""
    command = [sys.executable, "-m", __name__, rung, size, str(bits)]
    times = []
    with tempfile.TemporaryDirectory(prefix="nntui-cache-") as folder:
        for _ in range(1 + CACHED):
            run = subprocess.run(
                command, env={**os.environ, "NUMBA_CACHE_DIR": folder}, capture_output=True, text=True, check=False,
                timeout=LONGEST, stdin=subprocess.DEVNULL,
            )  # fmt: skip
            if run.returncode:
                return None
            times.append(float(run.stdout))
    return Compiling(size, bits, rung, times[0], times[1:])


def once(rung: str, size: str, bits: int) -> float:
    """In this process: warm numba, and prepare the rung."""
    import numba

    numba.njit(lambda number: number + 1)(1)
    network = task(SIZES[size]).network(bits)
    make = rungs(network)[rung].make
    assert make is not None
    began = time.perf_counter()
    make()
    return time.perf_counter() - began


if __name__ == "__main__":
    blas.one_thread()
    print(once(sys.argv[1], sys.argv[2], int(sys.argv[3])))  # noqa: T201
