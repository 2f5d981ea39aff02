"""Training by twists: how many steps a second every rung takes, in 64 bits, with what a step of a lesson does.

A step twists one weight and keeps the change if the loss of its batch falls. The rungs take turns in one process, from
the same weights with the same dice; `python -m nntui.bench.by_twists SIZE ROUNDS SECONDS` prints what they reached.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Sequence

from nntui import blas

if __name__ == "__main__":
    blas.one_thread()

import numpy as np
from msgspec import Struct, convert, to_builtins

from nntui.bench.tasks import SIZES, Task, task
from nntui.models.mlp.ladder import rungs
from nntui.models.plans import Rung, TwistPlan

KEYS = ("P", "M")
FIRST = 4  # steps; the loops take seconds for a few hundred at M
AMOUNT = 0.3  # a twist is at most so large


class ByTwists(Struct):
    """One rung at one size: steps per second, round by round."""

    size: str
    rung: str
    rounds: list[float]

    @property
    def median(self) -> float:
        """The median of its rounds."""
        return statistics.median(self.rounds)


def plan(work: Task, steps: int) -> TwistPlan:
    """Steps of training, all dice cast."""
    dice = np.random.Generator(np.random.Philox(2))
    parameters, amounts = dice.integers(0, len(work.first), steps), dice.uniform(-AMOUNT, AMOUNT, steps)
    order = np.resize(work.orders.reshape(-1), steps * work.size.batch).astype(np.int64)
    return TwistPlan(parameters, amounts, order, np.arange(steps + 1, dtype=np.int64) * work.size.batch)


def taken(rung: Rung, work: Task, steps: int) -> float:
    """How long a rung takes for so many steps from the first weights."""
    rung.load(work.first)
    going = rung.start(plan(work, steps))
    began = time.perf_counter()
    going.run(float("inf"))
    return time.perf_counter() - began


def enough(rung: Rung, work: Task, seconds: float) -> int:
    """So many steps as take about so long; to find them warms the rung."""
    steps = FIRST
    taken(rung, work, steps)  # what is compiled or fetched now is not counted
    while (took := taken(rung, work, steps)) < seconds / 4:
        steps *= 2
    return max(1, round(steps * seconds / took))


def measured(key: str, rounds: int, seconds: float) -> list[ByTwists]:
    """All rungs that there are, taking turns."""
    work = task(SIZES[key])
    made = {name: info.make() for name, info in rungs(work.network(64)).items() if info.make is not None}
    steps = {name: enough(rung, work, seconds) for name, rung in made.items()}
    found = {name: ByTwists(key, name, []) for name in made}
    for _ in range(rounds):
        for name, rung in made.items():
            found[name].rounds.append(steps[name] / taken(rung, work, steps[name]))
    return list(found.values())


def read(text: str) -> list[ByTwists]:
    """What such a process has printed."""
    return convert(json.loads(text), list[ByTwists])


def main(words: Sequence[str]) -> None:
    """Measure one size, and print what came of it."""
    found = measured(words[0], int(words[1]), float(words[2]))
    print(json.dumps([to_builtins(one) for one in found]))  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1:])
