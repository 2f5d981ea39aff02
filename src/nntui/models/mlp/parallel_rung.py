"""The rung `numba-parallel` as others see it: numba-simd's blocks, and as many threads as are worth it.

What is computed, and how, is in parallel.py.
"""

from __future__ import annotations

from typing import Any

from nntui.models.crew import cores, crew
from nntui.models.mlp.array_rung import Pieces
from nntui.models.mlp.network import Network
from nntui.models.mlp.panels import Data
from nntui.models.mlp.parallel import compiled
from nntui.models.mlp.simd_rung import AT_ONCE, SimdRung, Task
from nntui.models.model import Floats

WORTH = 500_000  # multiply-adds of a worker's share of a block, from which on it is worth meeting the others
FEWEST = 8  # rows of a worker's share of the largest layer


class ParallelRung(SimdRung):
    """The same blocks, of which each worker does its share of the rows."""

    def __init__(self, network: Network, threads: int | None = None) -> None:
        """As many threads as are worth it for a plan, or so many as are asked for, also where that is slower."""
        super().__init__(network)
        self._functions = compiled()
        self._asked, self._most = threads, threads or cores()

    def worth(self, multiply_adds: int) -> int:
        """How many threads a block of so many multiply-adds is worth, of those that there are."""
        return max(1, min(self._most, multiply_adds // WORTH, max(self.network.sizes) // FEWEST))

    def _train(self, name: str, times: int, data: tuple[Floats, Floats], task: Task, *what: Any) -> Pieces:
        size = self._multiply_adds(times, task)
        self.threads = self._asked or self.worth(size)
        first = 0
        while first < len(task.steps):
            workers = self._asked or crew().at_hand(self.threads)
            end = min(len(task.steps), first + max(1, workers * AT_ONCE // size))
            first = crew().run(
                workers, self._functions[name], self._net, Data(*data), task, self._room, *what, first, end
            )  # fmt: skip
            if workers > 1:
                crew().learn(first == end)
            yield


def prepare(network: Network) -> ParallelRung:
    """Make a rung whose code is compiled for this network's number of layers and precision."""
    rung = ParallelRung(network)
    rung.warm_up()
    return rung
