"""The losses after many twists by compiled code (twist_lanes.py): its room, its threads, and when it is ready.

It is used once it is compiled, and the arrays of twisting.py until then: nobody waits for a compiler. The last bits of
the two differ.
"""

from __future__ import annotations

import math
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np

from nntui.models.mlp import cost, twisting
from nntui.models.mlp.loops import CROSS_ENTROPY, LINEAR, MEAN_SQUARED_ERROR, SOFTMAX
from nntui.models.mlp.network import Network
from nntui.models.model import FloatArray, IntArray

# Multiply-adds. Below the first the arrays are as good (some milliseconds), and nothing is compiled for it; below the
# second, one thread is done before others have started.
WORTH_COMPILING = 20_000_000
WORTH_THREADS = 4_000_000
PIECES = 8  # for each thread, so that none waits long for the last

_compiling = threading.Lock()
_ready = threading.Event()


def losses_by_twists(
    net: Network, parameters: FloatArray, indices: IntArray, twists: FloatArray, samples: IntArray | None = None
) -> FloatArray:
    """The same as twisting.losses_by_twists: by compiled code where it is worth it and ready, else by arrays."""
    count = len(net.inputs) if samples is None else len(samples)
    if _work(net, indices, count) >= WORTH_COMPILING:
        if _ready.is_set():
            return losses(net, parameters, indices, twists, samples)
        get_ready()
    return twisting.losses_by_twists(net, parameters, indices, twists, samples)


def get_ready() -> None:
    """Begin to compile, or to fetch from the cache, beside everything else; once a process."""
    if not _ready.is_set() and _compiling.acquire(blocking=False):
        threading.Thread(target=_compile, name="twist-sweep", daemon=True).start()


def _compile() -> None:
    one = np.zeros((1, 1))
    net = Network((1, 1), LINEAR, LINEAR, MEAN_SQUARED_ERROR, one, one, one, one)
    losses(net, np.zeros(2), np.zeros(1, np.int64), np.ones(1))
    _ready.set()


def losses(
    net: Network, parameters: FloatArray, indices: IntArray, twists: FloatArray, samples: IntArray | None = None,
    threads: int | None = None,
) -> FloatArray:  # fmt: skip
    """The losses by compiled code, (twists,); it is compiled first where it is not yet, which takes seconds.

    The bits do not depend on how many threads there are.
    """
    inputs, targets = twisting.chosen(net, samples)
    if not len(indices) or not _serves(net, targets):
        return twisting.losses_by_twists(net, parameters, indices, twists, samples)
    run, lanes, span = _compiled()
    flat = np.array(parameters, np.float64)
    sizes, rows, weights = _places(net.sizes)
    neurons, padded = int(rows[-1]), -(-len(inputs) // lanes) * lanes
    heard, totals, wanted = (np.empty((count, padded)) for count in (neurons + 1, neurons, net.sizes[-1]))
    heard[neurons] = 1.0  # what a bias is multiplied by
    # A sample that fills up the last block is the first one again, and is not counted.
    for room, data in ((heard[: net.sizes[0]], inputs), (wanted, targets)):
        room[:, : len(data)] = data.T
        room[:, len(data) :] = data[0][:, None]
    real = np.zeros(padded)
    real[: len(inputs)] = 1.0
    errors, peaks, rest = np.empty(wanted.size), np.empty(neurons + 1), np.empty(neurons + 1)
    chunks = (neurons + 1) * -(-padded // span)
    active, counts = np.empty(chunks * (span // lanes), np.int64), np.empty(chunks, np.int64)
    bends = net.activation, net.output_activation
    threads = threads or _threads(net, indices, len(inputs))
    widest = max(net.sizes[1:])
    rooms = [(np.empty(widest), np.zeros(neurons), np.empty((3 + 2 * widest) * span)) for _ in range(threads)]
    known = heard.ravel(), totals.ravel(), errors, peaks, active, counts
    loss = run["remember"](
        flat, sizes, rows, weights, padded, *bends, wanted.ravel(), real, *known, np.empty(padded), rest, *rooms[0]
    )  # fmt: skip
    if not math.isfinite(loss):  # differences to what is beyond all bounds say nothing
        return twisting.losses_by_twists(net, parameters, indices, twists, samples)
    places = np.ascontiguousarray(net.places[indices].T)
    amounts, found = np.array(twists, np.float64), np.empty(len(indices))
    often = max(1, int(500 / math.log2(max(2, net.sizes[-1]))))  # blocks until a product may be too large

    def work(thread: int, first: int, end: int) -> None:
        run["sweep"](
            flat, sizes, rows, weights, padded, *places, amounts, first, end, *bends, often, real, *known, rest, loss,
            *rooms[thread], found,
        )  # fmt: skip

    _share_out(work, len(indices), threads)
    return np.asarray(found / (len(inputs) * (1 if net.loss == CROSS_ENTROPY else net.sizes[-1])))


def _share_out(work: Any, twists: int, threads: int) -> None:
    """Let threads take pieces of the twists until none is left."""
    if threads == 1:
        work(0, 0, twists)
        return
    edges = np.linspace(0, twists, threads * PIECES + 1).astype(int).tolist()
    pieces = iter(list(pairwise(edges)))
    taking = threading.Lock()

    def take(thread: int) -> None:
        while True:
            with taking:
                piece = next(pieces, None)
            if piece is None:
                return
            work(thread, *piece)

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(take, range(threads)))


def _serves(net: Network, targets: FloatArray) -> bool:
    """Whether the compiled code knows this loss: squares of any curve but softmax, or cross-entropy of one class."""
    if net.loss == MEAN_SQUARED_ERROR:
        return net.output_activation != SOFTMAX
    one_class = np.count_nonzero(targets) == len(targets) and bool((targets.max(axis=1) == 1.0).all())
    return net.output_activation == SOFTMAX and one_class


def _threads(net: Network, indices: IntArray, samples: int) -> int:
    """As many as there are cores for this process, where there is enough to do."""
    if _work(net, indices, samples) < WORTH_THREADS:
        return 1
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # macOS
        return os.cpu_count() or 1


def _work(net: Network, indices: IntArray, samples: int) -> int:
    """About how many multiply-adds the twists of these parameters take."""
    layers = np.bincount(net.places[indices, 0], minlength=1).tolist()
    return samples * int(sum(count * cost.reached(net.sizes, layer) for layer, count in enumerate(layers)))


@cache
def _places(sizes: tuple[int, ...]) -> tuple[IntArray, IntArray, IntArray]:
    """The sizes; the row of each layer's first neuron, the inputs first, and the number of rows; its weights' place."""
    before = np.array(sizes[:-1], np.int64)
    after = np.array(sizes[1:], np.int64)
    counts = before * after + after
    rows = np.concatenate([[0], np.cumsum(sizes)])
    return np.array(sizes, np.int64), rows.astype(np.int64), np.cumsum(counts) - counts


@cache
def _compiled() -> tuple[dict[str, Any], int, int]:
    """The compiled functions, and how many samples are in a block and in a chunk; importing numba takes its time."""
    from nntui.models.mlp import twist_lanes

    return twist_lanes.make(), twist_lanes.LANES, twist_lanes.SPAN
