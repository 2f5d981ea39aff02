"""What it costs to know how the loss changes: `python benchmarks/slopes.py`.

A gradient by twists, each weight up and down, three ways: every loss computed anew; only what a twist reaches, in
machine code on one core, and in arrays; the program does either. Beside them backpropagation, and one loss. The ways
take turns within each round, so that a slow moment of the machine hits all of them; ratios are taken within a round.
The landscape is measured alone.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

import numpy as np

from nntui.models.mlp import along, twist_sweep, twisting
from nntui.models.mlp.network import ACTIVATIONS, LOSSES, OUTPUTS, Network
from nntui.models.mlp.numba import prepare
from nntui.models.mlp.numpy import batch_gradient
from nntui.models.mlp.table import NetworkTable
from nntui.models.model import FloatArray, IntArray
from nntui.models.plans import Rung

NETWORKS = {
    "2-4-2-1, 500 points": ((2, 4, 2, 1), 500, "tanh", "mean squared error"),
    "64-32-10, 200 digits": ((64, 32, 10), 200, "softmax", "cross-entropy"),
}
TWIST = 0.1
COLUMNS, ROWS = 60, 40  # of the landscape


def network(sizes: tuple[int, ...], samples: int, output: str, loss: str) -> Network:
    """A network with random data."""
    dice = np.random.Generator(np.random.Philox(1))
    inputs = dice.uniform(-1.0, 1.0, (samples, sizes[0]))
    targets = np.where(dice.random((samples, sizes[-1])) < 0.5, -1.0, 1.0)
    if output == "softmax":
        targets = np.eye(sizes[-1])[dice.integers(0, sizes[-1], samples)]
    return Network(
        sizes, ACTIVATIONS["tanh"], OUTPUTS[output], LOSSES[loss], inputs, targets, inputs[:0], targets[:0]
    )  # fmt: skip


def ways(net: Network, parameters: FloatArray) -> dict[str, Callable[[], object]]:
    """All weights twisted up and down, each way; backpropagation, and one loss."""
    indices = np.repeat(np.arange(net.layout.size), 2)
    twists = np.tile([TWIST, -TWIST], net.layout.size)
    rung = prepare(net)
    gradient = np.zeros(net.layout.size)

    def anew() -> FloatArray:
        return every_loss_anew(rung, parameters, indices, twists)

    def backwards() -> float:
        return batch_gradient(
            net.weights(parameters), net.biases(parameters), net.inputs, net.targets, np.arange(len(net.inputs)),
            net.activation, net.output_activation, net.loss, None, None, net.weights(gradient),
            net.biases(gradient),
        )  # fmt: skip

    found = anew()
    assert np.allclose(found, twisting.losses_by_twists(net, parameters, indices, twists), rtol=1e-12)
    assert np.allclose(found, twist_sweep.losses(net, parameters, indices, twists), rtol=1e-12)
    return {
        "every loss anew, numba": anew,
        "what it reaches, compiled": lambda: twist_sweep.losses(net, parameters, indices, twists, threads=1),
        "what it reaches, arrays": lambda: twisting.losses_by_twists(net, parameters, indices, twists),
        "backpropagation, arrays": backwards,
        "one loss, numba": rung.loss,
    }


def every_loss_anew(rung: Rung, parameters: FloatArray, indices: IntArray, twists: FloatArray) -> FloatArray:
    """The losses after twists with nothing remembered, by the compiled loops."""
    found, twisted = np.empty(len(twists)), parameters.copy()
    for place, index in enumerate(indices.tolist()):
        twisted[index] = parameters[index] + twists[place]
        rung.load(twisted)
        found[place] = rung.loss()
        twisted[index] = parameters[index]
    rung.load(parameters)
    return found


def landscape(net: Network, parameters: FloatArray, first: int, second: int) -> Callable[[], object]:
    """The losses over two parameters, as the program computes them."""
    line, values = along.Along(net, second), np.linspace(-2.0, 2.0, ROWS)

    def work() -> None:
        changed = parameters.copy()
        for value in np.linspace(-2.0, 2.0, COLUMNS).tolist():
            changed[first] = value
            line.losses(changed, values)

    return work


def seconds(work: Callable[[], object]) -> float:
    """How long it takes, once."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def said(times: list[float], unit: float, form: str) -> str:
    """The median, with the smallest and the largest."""
    numbers = [time / unit for time in times]
    return f"{statistics.median(numbers):{form}} ({min(numbers):{form}} to {max(numbers):{form}})"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=7, help="rounds (default 7)")
    options = parser.parse_args()
    print(f"{'network':22} {'way':24} {'ms: median (range)':28} times backpropagation")
    for title, about in NETWORKS.items():
        net = network(*about)
        taking_turns = ways(net, NetworkTable(net.sizes).initial())
        times: dict[str, list[float]] = {name: [] for name in taking_turns}
        for _ in range(options.rounds):
            for name, work in taking_turns.items():
                times[name].append(seconds(work))
        for name, found in times.items():
            ratios = [a / b for a, b in zip(found, times["backpropagation, arrays"], strict=True)]
            print(f"{title:22} {name:24} {said(found, 1e-3, '.2f'):28} {said(ratios, 1.0, '.1f')}")
    net = network((2, 8, 8, 1), 500, "tanh", "mean squared error")
    parameters = NetworkTable(net.sizes).initial()
    for name, pair in {"both in the first layer": (0, 5), "both in the last": (97, 100)}.items():
        work = landscape(net, parameters, *pair)
        found = [seconds(work) for _ in range(options.rounds)]
        print(f"{'2-8-8-1, 500 samples':22} landscape {COLUMNS}x{ROWS}, {name}: {said(found, 1e-3, '.1f')} ms")


if __name__ == "__main__":
    main()
