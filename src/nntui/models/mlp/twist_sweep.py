"""The losses after many twists by compiled code: its room, its threads, and when it is ready.

Where many weights of a neuron are twisted, they are had from curves (twist_curves.py), and otherwise followed one by
one (twist_lanes.py).

It is used once it is compiled, and the arrays of twisting.py until then: nobody waits for a compiler. The last bits of
the two differ.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterator
from functools import cache
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

import numpy as np

from nntui.models.mlp import cost, twisting
from nntui.models.mlp.loops import BIAS, CROSS_ENTROPY, LINEAR, MEAN_SQUARED_ERROR, RELU, SOFTMAX
from nntui.models.mlp.network import Network
from nntui.models.model import FloatArray, IntArray

# Multiply-adds. Below the first the arrays are as good (some milliseconds), and nothing is compiled for it; below the
# second, one thread is done before others have started.
WORTH_COMPILING = 20_000_000
WORTH_THREADS = 4_000_000
PIECES = 8  # for each thread
FEW, MANY = 8, 200  # twists of a neuron, and of all: with fewer it is not worth to look for curves
NOTHING = 1e-14  # the last terms of a curve, as a share of the losses: then all that follow are less than nothing

_compiling = threading.Lock()
_ready = threading.Event()
_taking = threading.Lock()


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
    one = np.ones((1, 1))
    net = Network((1, 1), LINEAR, LINEAR, MEAN_SQUARED_ERROR, one, one, one, one)
    for count in (1, MANY):  # to be followed, and to be had from curves
        losses(net, np.zeros(2), np.zeros(count, np.int64), np.full(count, 0.1))
    _ready.set()


def losses(
    net: Network, parameters: FloatArray, indices: IntArray, twists: FloatArray, samples: IntArray | None = None,
    threads: int | None = None, curves: bool = True,
) -> FloatArray:  # fmt: skip
    """The losses by compiled code, (twists,); it is compiled first where it is not yet, which takes seconds.

    The bits do not depend on how many threads there are. Without `curves` every twist is followed by itself.
    """
    inputs, targets = twisting.chosen(net, samples)
    if not len(indices) or not _serves(net, targets):
        return twisting.losses_by_twists(net, parameters, indices, twists, samples)
    before = _remember(net, np.array(parameters, np.float64), inputs, targets)
    if not math.isfinite(before.loss):  # differences to what is beyond all bounds say nothing
        return twisting.losses_by_twists(net, parameters, indices, twists, samples)
    work = Work(
        net, before, np.ascontiguousarray(net.places[indices].T), np.array(twists, np.float64), np.empty(len(indices)),
        threads or _threads(net, indices, len(inputs)),
    )  # fmt: skip
    left = by_curves(work) if curves and len(indices) >= MANY else [(0, len(indices))]
    follow_each(work, left)
    return np.asarray(work.found / (len(inputs) * (1 if net.loss == CROSS_ENTROPY else net.sizes[-1])))


class Before(NamedTuple):
    """What is known of all samples before any twist; twist_lanes.py says what each array holds."""

    shape: tuple[FloatArray, IntArray, IntArray, IntArray, int]  # parameters, sizes, rows, weights, samples
    bends: tuple[int, int]
    real: FloatArray
    heard: FloatArray
    totals: FloatArray
    errors: FloatArray
    peaks: FloatArray
    active: IntArray
    counts: IntArray
    usual: FloatArray
    rest: FloatArray
    room: tuple[FloatArray, ...]  # of the first thread
    loss: float


class Work(NamedTuple):
    """The twists, and who works on them."""

    net: Network
    before: Before
    places: IntArray  # layers, neurons, sources
    twists: FloatArray
    found: FloatArray
    threads: int

    def share_out(self, do: Callable[..., object], first: int, end: int, *room: int) -> None:
        """Do what is between two numbers: threads take pieces until none is left. Each has room of its own."""

        def rooms() -> tuple[FloatArray, ...]:
            return *_room(self.net.sizes), *_lines(*room)

        if self.threads == 1 or end - first < FEW:
            do(first, end, *self.before.room, *_lines(*room))
            return
        from nntui.models.crew import crew

        # More pieces than threads, so that none waits long for the last.
        pieces = pairwise(np.linspace(first, end, min(end - first, self.threads * PIECES) + 1).astype(int).tolist())

        def take(_: object) -> None:
            own = rooms()
            while piece := _next(pieces):
                do(*piece, *own)

        crew().run(self.threads, take)


def _next(pieces: Iterator[tuple[int, int]]) -> tuple[int, int] | None:
    with _taking:
        return next(pieces, None)


def _room(sizes: tuple[int, ...]) -> tuple[FloatArray, ...]:
    """Factors, bounds, and rows: what a thread works in."""
    widest = max(sizes[1:])
    return np.empty(widest), np.zeros(sum(sizes)), *_lines((3 + 2 * widest) * _compiled()[2])


def _lines(*counts: int) -> list[FloatArray]:
    """Room for so many numbers, whole blocks of them, each from the beginning of a cache line on."""
    if not counts:
        return []
    from nntui.models.mlp.panels import aligned

    edges = [0, *accumulate(counts)]
    whole: FloatArray = aligned(edges[-1], np.float64)
    return [whole[first:end] for first, end in pairwise(edges)]


def _remember(net: Network, flat: FloatArray, inputs: FloatArray, targets: FloatArray) -> Before:
    """Carry all samples through the network once."""
    run, lanes, span = _compiled()
    sizes, rows, weights = _places(net.sizes)
    neurons, padded = int(rows[-1]), -(-len(inputs) // lanes) * lanes
    answers = net.sizes[-1] * padded
    heard, totals, wanted, errors, real, usual = _lines(
        (neurons + 1) * padded, neurons * padded, answers, answers, padded, padded
    )
    heard, wanted = heard.reshape(-1, padded), wanted.reshape(-1, padded)
    heard[neurons] = 1.0  # what a bias is multiplied by
    # A sample that fills up the last block is the first one again, and is not counted.
    for room, data in ((heard[: net.sizes[0]], inputs), (wanted, targets)):
        room[:, : len(data)] = data.T
        room[:, len(data) :] = data[0][:, None]
    real[: len(inputs)] = 1.0
    chunks = (neurons + 1) * -(-padded // span)
    shape, bends = (flat, sizes, rows, weights, padded), (net.activation, net.output_activation)
    known = (
        heard.ravel(), totals, errors, np.empty(neurons + 1), np.empty(chunks * (span // lanes), np.int64),
        np.empty(chunks, np.int64), usual, np.empty(neurons + 1),
    )  # fmt: skip
    own = _room(net.sizes)
    loss = run["remember"](*shape, *bends, wanted.ravel(), real, *known, *own)
    return Before(shape, bends, real, *known, own, loss)


# ---------------------------------------------------------------- by curves


def by_curves(work: Work) -> list[tuple[int, int]]:
    """Serve the neurons of which many weights are twisted in a row; which twists are left, from one to another."""
    net, before, (layers, neurons, sources) = work.net, work.before, work.places
    edges = np.concatenate([[0], np.flatnonzero((np.diff(layers) != 0) | (np.diff(neurons) != 0)) + 1, [len(layers)]])
    counts = np.diff(edges)
    if counts.max() < 2 * FEW or RELU in before.bends:
        return [(0, len(layers))]
    from nntui.models.mlp import twist_curves

    rows = before.shape[2]
    origins = np.where(sources == BIAS, rows[-1], rows[layers] + sources)
    fars = np.maximum.reduceat(np.abs(work.twists) * before.peaks[origins], edges[:-1])
    steep = _steepest(net, before.shape[0])[rows[layers[edges[:-1]] + 1] + neurons[edges[:-1]] - net.sizes[0]]
    few = np.array([twist_curves.degree(far) for far in (fars * steep).tolist()])
    good = (few > 0) & (counts >= 2 * few)
    if not good.any():
        return [(0, len(layers))]
    terms = int(few[good].max())
    runs = np.flatnonzero(good)
    span, reached, tails = _compiled()[2], np.zeros(len(runs)), np.zeros(len(runs))
    tables = twist_curves.tables(terms)

    def do(begin: int, end: int, *room: FloatArray) -> None:
        _curves()(
            *before.shape, *work.places, work.twists, edges[runs], edges[runs + 1], begin, end, fars[runs], terms,
            *tables, *before.bends, before.real, before.usual, before.heard, before.totals, before.errors,
            before.active, before.counts, before.loss, *room, work.found, reached, tails,
        )  # fmt: skip

    work.share_out(do, 0, len(runs), (terms + 1) * span, (terms + 1) * _compiled()[1], terms * span)
    good[runs] = tails <= NOTHING * (before.loss + reached)
    borders = np.flatnonzero(np.diff(np.concatenate([[True], good, [True]]))).tolist()
    return [(int(edges[first]), int(edges[end])) for first, end in zip(borders[::2], borders[1::2], strict=True)]


def _steepest(net: Network, flat: FloatArray) -> FloatArray:
    """How far a change of each neuron's total, itself 1, goes at the most in any total after it, and at least 1."""
    weights, found = net.weights(flat), []
    for layer, size in enumerate(net.sizes[1:]):
        heard, steepest = np.eye(size), np.ones(size)
        for after in weights[layer + 1 :]:
            heard = np.abs(after) @ heard
            steepest = np.maximum(steepest, heard.max(axis=0))
        found.append(steepest)
    return np.concatenate(found)


# ---------------------------------------------------------------- each by itself


def follow_each(work: Work, left: list[tuple[int, int]]) -> None:
    """Follow the twists of these pieces, one after another."""
    before = work.before
    often = max(1, int(500 / math.log2(max(2, work.net.sizes[-1]))))  # blocks until a product may be too large

    def do(begin: int, end: int, *room: FloatArray) -> None:
        _compiled()[0]["sweep"](
            *before.shape, *work.places, work.twists, begin, end, *before.bends, often, before.real, before.heard,
            before.totals, before.errors, before.peaks, before.active, before.counts, before.rest, before.loss, *room,
            work.found,
        )  # fmt: skip

    for first, end in left:
        work.share_out(do, first, end)


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
    from nntui.models.crew import cores

    return cores()


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
    from nntui.models.mlp import twist_bends, twist_lanes

    return twist_lanes.make(), twist_bends.LANES, twist_lanes.SPAN


@cache
def _curves() -> Any:
    """The same for curves."""
    from nntui.models.mlp import twist_curves

    return twist_curves.make()
