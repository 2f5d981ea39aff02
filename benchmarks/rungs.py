"""How fast the rungs of the network train, side by side: `python benchmarks/rungs.py [--method gradient]`.

For a small and a wider network, steps per second of `loops`, `numpy` and `numba`, each rung running the same plan from
the same weights. The rungs take turns within each round, so that a slow moment of the machine hits all of them; the
ratio to `loops` is taken within a round. Noise only ever slows down, so the best of each is compared as well.
Compiling is timed apart: `cold` is a first process with an empty cache, `cached` a second one, both after a warm-up
that pays for numba itself.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np

from nntui.models.mlp import loops
from nntui.models.mlp.interpreted import InterpretedRung
from nntui.models.mlp.network import ACTIVATIONS, LOSSES, OUTPUTS, Network
from nntui.models.mlp.numpy import NumpyRung
from nntui.models.mlp.table import NetworkTable
from nntui.models.pieces import DoneWork, outcome_of
from nntui.models.plans import GradientPlan, Plan, Rung, TwistPlan, Work

SIZES = {"2-4-2-1, batch 10": ((2, 4, 2, 1), 10, 200), "64-32-10, batch 32": ((64, 32, 10), 32, 320)}
SECONDS = 0.25  # that a rung runs in each round


def network(sizes: tuple[int, ...], samples: int) -> Network:
    """A network with tanh, mean squared error and random data."""
    dice = np.random.Generator(np.random.Philox(1))
    inputs = dice.uniform(-1.0, 1.0, (samples, sizes[0]))
    targets = np.where(dice.random((samples, sizes[-1])) < 0.5, -1.0, 1.0)
    tanh, error = ACTIVATIONS["tanh"], LOSSES["mean squared error"]
    return Network(sizes, tanh, OUTPUTS["tanh"], error, inputs, targets, inputs[:0], targets[:0])


def plan_of(net: Network, batch: int, steps: int, method: str) -> Plan:
    """Steps of training, all dice cast."""
    dice = np.random.Generator(np.random.Philox(2))
    parameters, amounts = dice.integers(0, net.layout.size, steps), dice.uniform(-0.3, 0.3, steps)
    order, starts = dice.integers(0, len(net.inputs), steps * batch), np.arange(steps + 1) * batch
    if method == "twist":
        return TwistPlan(parameters, amounts, order, starts)
    return GradientPlan(order, starts, "sgd", 0.01, 0.0, 0.0, np.zeros((0, net.layout.size)))


class PlainLoops(InterpretedRung):
    """The function of loops.py as it stands, on nested lists: without the pauses that the screen needs."""

    def start(self, plan: Plan) -> Work:
        """Begin a plan; one of twists in a single call of `loops.train_by_twists`."""
        if not isinstance(plan, TwistPlan):
            return super().start(plan)
        net = self.network
        layers, neurons, sources = net.places[plan.parameters].T.tolist()
        saved, before, after = ([0.0] * plan.steps for _ in range(3))
        arguments = (
            self._weights, self._biases, layers, neurons, sources, plan.amounts.tolist(),
            net.inputs.tolist(), net.targets.tolist(), plan.order.tolist(), plan.starts.tolist(),
            net.activation, net.output_activation, net.loss, net.scratch(), saved, before, after,
        )  # fmt: skip
        return DoneWork(lambda: loops.train_by_twists(*arguments), lambda: outcome_of(before, after, saved))


def prepared(net: Network, name: str) -> Rung:
    """A rung, ready to run."""
    if name == "loops":
        return PlainLoops(net)
    if name == "numpy":
        return NumpyRung(net)
    from nntui.models.mlp.numba import prepare

    return prepare(net)


def seconds_for(rung: Rung, net: Network, batch: int, steps: int, method: str) -> float:
    """The time of one plan from the first weights; making the plan's lists or arrays is not counted."""
    rung.load(NetworkTable(net.sizes).initial())
    work = rung.start(plan_of(net, batch, steps, method))
    begin = time.perf_counter()
    work.run(float("inf"))
    return time.perf_counter() - begin


def race(sizes: tuple[int, ...], batch: int, samples: int, rounds: int, method: str) -> dict[str, list[float]]:
    """Steps per second of each rung, round by round."""
    net = network(sizes, samples)
    rungs = {name: prepared(net, name) for name in ("loops", "numpy", "numba")}
    steps = {}
    for name, rung in rungs.items():
        steps[name] = 10
        while (took := seconds_for(rung, net, batch, steps[name], method)) < SECONDS / 4:
            steps[name] *= 2
        steps[name] = max(1, round(steps[name] * SECONDS / took))
    speeds: dict[str, list[float]] = {name: [] for name in rungs}
    for _ in range(rounds):
        for name, rung in rungs.items():
            speeds[name].append(steps[name] / seconds_for(rung, net, batch, steps[name], method))
    return speeds


def compile_times() -> dict[str, float]:
    """In this process: seconds to import numba, to compile a first trivial function, and to prepare each size."""
    times = {}
    begin = time.perf_counter()
    import numba

    times["import numba"] = time.perf_counter() - begin
    begin = time.perf_counter()
    numba.njit(lambda number: number + 1)(1)
    times["numba's first call"] = time.perf_counter() - begin
    for title, (sizes, _, samples) in SIZES.items():
        net = network(sizes, samples)
        begin = time.perf_counter()
        prepared(net, "numba")
        times[title] = time.perf_counter() - begin
    return times


def compile_times_in_new_processes(rounds: int) -> dict[str, list[dict[str, float]]]:
    """`compile_times` with an empty cache folder and again with the one so filled."""
    found: dict[str, list[dict[str, float]]] = {"cold": [], "cached": []}
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            for times in found.values():
                command = [sys.executable, __file__, "--compile-times"]
                environment = {**os.environ, "NUMBA_CACHE_DIR": folder}
                run = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
                times.append(json.loads(run.stdout))
    return found


def said(numbers: list[float], form: str = ",.0f") -> str:
    """The median, with the smallest and the largest."""
    return f"{statistics.median(numbers):{form}} ({min(numbers):{form}} to {max(numbers):{form}})"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=11, help="rounds of the race (default 11)")
    parser.add_argument("--method", choices=("twist", "gradient"), default="twist", help="how they learn")
    parser.add_argument("--compiles", type=int, default=3, help="pairs of processes that compile (default 3)")
    parser.add_argument("--compile-times", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.compile_times:
        print(json.dumps(compile_times()))
        return
    columns = "steps per second: median (range)", "times loops: median (range)"
    print(f"{'network':20} {'rung':6} {columns[0]:36} {columns[1]:30} best/best")
    for title, (sizes, batch, samples) in SIZES.items():
        speeds = race(sizes, batch, samples, options.rounds, options.method)
        for name, numbers in speeds.items():
            ratios = [number / base for number, base in zip(numbers, speeds["loops"], strict=True)]
            best = max(numbers) / max(speeds["loops"])
            print(f"{title:20} {name:6} {said(numbers):36} {said(ratios, '.1f'):30} {best:.1f}")
    if options.compiles:
        print(f"\n{'seconds: median (range)':24} {'cold':24} cached")
        found = compile_times_in_new_processes(options.compiles)
        for title in found["cold"][0]:
            cold, cached = ([times[title] for times in found[key]] for key in ("cold", "cached"))
            print(f"{title:24} {said(cold, '.2f'):24} {said(cached, '.3f')}")


if __name__ == "__main__":
    main()
