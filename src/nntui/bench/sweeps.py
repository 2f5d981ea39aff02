"""Every weight twisted both ways over 500 points, beside backpropagation and the interpreted loops.

In 64 bits, for a difference of two losses is noise in 32. The loops are not run to the end, which would take days: one
loss over ten points is timed, and multiplied.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from nntui import blas

if __name__ == "__main__":
    blas.one_thread()

import numpy as np
from msgspec import Struct, convert, to_builtins

from nntui.bench.tasks import SIZES, Size
from nntui.models.mlp import loops, twisting
from nntui.models.mlp.network import ACTIVATIONS, LOSSES, OUTPUTS, Network
from nntui.models.mlp.numpy import batch_gradient
from nntui.models.mlp.table import NetworkTable

POINTS, FEW = 500, 10
TWIST = 0.1
ROUNDS = 5
LONGEST = 4.0  # seconds that a way may take for a round to be repeated
SHORTEST = 0.02  # seconds that a round is to take


class Sweep(Struct):
    """One way of one size: the seconds of a sweep, round by round, or one extrapolated number."""

    size: str
    twists: int
    way: str
    seconds: list[float]
    extrapolated: bool = False

    @property
    def median(self) -> float:
        """The median of its rounds."""
        return statistics.median(self.seconds)


def network(size: Size) -> Network:
    """The network with 500 random points."""
    dice = np.random.Generator(np.random.Philox(3))
    inputs = dice.uniform(-1.0, 1.0, (POINTS, size.sizes[0]))
    targets = np.where(dice.random((POINTS, size.sizes[-1])) < 0.5, -1.0, 1.0)
    tanh, error = ACTIVATIONS["tanh"], LOSSES["mean squared error"]
    return Network(size.sizes, tanh, OUTPUTS["tanh"], error, inputs, targets, inputs[:0], targets[:0])


def swept(size: Size) -> list[Sweep]:
    """All ways of one size, taking turns."""
    net = network(size)
    flat = NetworkTable(net.sizes).initial()
    indices = np.repeat(np.arange(net.layout.size), 2)
    twists = np.tile([TWIST, -TWIST], net.layout.size)
    ways: dict[str, Callable[[], object]] = {
        "what a twist reaches, arrays": lambda: twisting.losses_by_twists(net, flat, indices, twists)
    }
    ways |= _compiled(net, flat, indices, twists)
    gradient = np.zeros(net.layout.size)
    ways["backpropagation, arrays"] = lambda: batch_gradient(
        net.weights(flat), net.biases(flat), net.inputs, net.targets, np.arange(POINTS), net.activation,
        net.output_activation, net.loss, None, None, net.weights(gradient), net.biases(gradient),
    )  # fmt: skip
    found = {name: Sweep(size.key, len(twists), name, []) for name in ways}
    for number in range(ROUNDS + 1):
        for name, way in ways.items():
            if number > 1 and min(found[name].seconds) > LONGEST:
                continue
            took = seconds(way, SHORTEST)
            if number or took > LONGEST:  # the first one warms
                found[name].seconds.append(took)
    return [*found.values(), _loops(size, net, len(twists))]


def _compiled(net: Network, flat: Any, indices: Any, twists: Any) -> dict[str, Callable[[], object]]:
    """The compiled sweep, each twist followed by itself, and many of a neuron by curves; none where there is no numba.

    They are checked here against each other: a bench that measures something wrong says so.
    """
    try:
        from nntui.models.mlp import twist_sweep

        one_by_one, by_curves = (twist_sweep.losses(net, flat, indices, twists, curves=way) for way in (False, True))
    except ImportError:
        return {}
    np.testing.assert_allclose(by_curves, one_by_one, rtol=1e-12)
    ways: dict[str, Callable[[], object]] = {
        "what a twist reaches, compiled": lambda: twist_sweep.losses(net, flat, indices, twists, curves=False)
    }
    if len(indices) >= twist_sweep.MANY:  # below that, these are one and the same
        ways["a curve for each neuron and sample, compiled"] = lambda: twist_sweep.losses(net, flat, indices, twists)
    return ways


def _loops(size: Size, net: Network, count: int) -> Sweep:
    """What the interpreted loops would take: a loss over ten points, times 50, times the twists."""
    weights, biases = net.listed(NetworkTable(net.sizes).initial())
    inputs, targets, room = net.inputs[:FEW].tolist(), net.targets[:FEW].tolist(), net.scratch()

    def one() -> object:
        return loops.batch_loss(
            weights, biases, inputs, targets, range(FEW), net.activation, net.output_activation, net.loss, room
        )

    took = statistics.median(seconds(one) for _ in range(5))
    return Sweep(size.key, count, "every loss anew, loops", [took * POINTS / FEW * count], extrapolated=True)


def seconds(work: Callable[[], object], at_least: float = 0.0) -> float:
    """How long it takes; where that is very short, on the average of as many times as fill a while."""
    began, times = time.perf_counter(), 0
    while not times or time.perf_counter() - began < at_least:
        work()
        times += 1
    return (time.perf_counter() - began) / times


def read(text: str) -> list[Sweep]:
    """What such a process has printed."""
    return convert(json.loads(text), list[Sweep])


if __name__ == "__main__":
    print(json.dumps([to_builtins(sweep) for key in sys.argv[1:] for sweep in swept(SIZES[key])]))  # noqa: T201
