"""How fast this machine can be at the most, measured: the peak that a rung's speed is a share of.

Nothing that a processor is asked to do keeps its multipliers busier than a product of large matrices, in a library that
was tuned for it. So that is what is measured here, in GFLOP/s (billions of multiplications and additions a second),
rather than computed from a data sheet, which knows neither the clock of this moment nor who else is working here.
"""

from __future__ import annotations

import os
import threading
import time
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

SIDE = 512  # of the square matrices: large enough to be near the peak, a few milliseconds a product
PRODUCTS = 3  # of a core in one round, so that it matters little who sets out first
SECONDS = 0.07  # for each precision and number of cores: 0.3 s together
ROUNDS = 3  # at least; the best of them counts, for others only slow a machine down


class Peak(Struct, frozen=True):
    """The peak for one precision, in GFLOP/s."""

    bits: int
    one_core: float
    all_cores: float


def measure(seconds: float = SECONDS) -> tuple[Peak, ...]:
    """The peaks for 32 and 64 bits, of one core and of all that this process may use.

    All cores can do what one can: where less is measured of them, others have taken theirs in the meantime.
    """
    found = [(bits, _best(bits, 1, seconds), _best(bits, cores(), seconds)) for bits in (32, 64)]
    return tuple(Peak(bits, one, max(one, every)) for bits, one, every in found)


def cores() -> int:
    """How many cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # macOS
        return os.cpu_count() or 1


def _best(bits: int, threads: int, seconds: float) -> float:
    """The best rate of several rounds."""
    kind: Any = np.float32 if bits == 32 else np.float64
    left = np.random.default_rng(1).random((SIDE, SIDE)).astype(kind)
    rooms = [np.zeros_like(left) for _ in range(threads)]
    _round(left, rooms)  # the first one fetches code and memory
    best, rounds, began = 0.0, 0, time.perf_counter()
    while rounds < ROUNDS or time.perf_counter() - began < seconds:
        best = max(best, _round(left, rooms))
        rounds += 1
    return best


def _round(matrix: NDArray[Any], rooms: list[NDArray[Any]]) -> float:
    """The rate of some products on each core, all cores at once, in GFLOP/s.

    numpy's products take one thread here (nntui.blas), and let go of the interpreter's lock: so a thread of Python for
    each core. The time is from where the first sets out to where the last is done.
    """
    start = threading.Barrier(len(rooms))
    times: list[tuple[float, float]] = []
    # Daemons: where the system lets no more of them start, those that wait for the others are left behind.
    workers = [threading.Thread(target=_work, args=(matrix, room, start, times), daemon=True) for room in rooms]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    taken = max(after for _, after in times) - min(before for before, _ in times)
    return len(rooms) * PRODUCTS * 2.0 * SIDE**3 / max(taken, 1e-9) / 1e9


def _work(matrix: NDArray[Any], room: NDArray[Any], start: threading.Barrier, times: list[tuple[float, float]]) -> None:
    """The products of one core; when they began and when they ended."""
    start.wait()
    began = time.perf_counter()
    for _ in range(PRODUCTS):
        np.dot(matrix, matrix, out=room)
    times.append((began, time.perf_counter()))
