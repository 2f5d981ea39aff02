"""The rung `loops`: the taught functions themselves, run by the Python interpreter on nested lists.

Python has one kind of float, of 64 bits; whatever precision is asked for, this rung computes in that one.
"""

from __future__ import annotations

import math

import numpy as np

from nntui.models.mlp import loops
from nntui.models.mlp.network import Network
from nntui.models.model import FloatArray, TwistPlan, Work
from nntui.models.pieces import LONG_STEP, PieceWork, in_pieces, outcome_of


class InterpretedRung:
    """The network as nested lists."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self._by_step = in_pieces(loops, ("train_by_twists",), using={})
        self._by_sample = in_pieces(loops, ("train_by_twists", "try_a_twist", "batch_loss"), using={})
        self._splits = {name: tuple(array.tolist() for array in network.split(name)) for name in ("train", "test")}
        self._outputs = network.scratch()

    def load(self, parameters: FloatArray) -> None:
        """Turn the flat array into nested lists."""
        self._weights = [layer.tolist() for layer in self.network.weights(parameters)]
        self._biases = [layer.tolist() for layer in self.network.biases(parameters)]

    def store(self) -> FloatArray:
        """Turn the nested lists into a flat array."""
        rows: list[float] = []
        for weights, biases in zip(self._weights, self._biases, strict=True):
            for row in weights:
                rows.extend(row)
            rows.extend(biases)
        return np.array(rows, np.float64)

    def start(self, plan: TwistPlan) -> Work:
        """Begin a plan, in pieces of one step, or of one sample where a step is long."""
        net = self.network
        layers, neurons, sources = net.places[plan.parameters].T.tolist()
        saved, before, after = ([0.0] * plan.steps for _ in range(3))
        inputs, targets = self._splits["train"]
        long = 2 * net.layout.size * int(np.diff(plan.starts).max(initial=0)) > LONG_STEP
        pieces = (self._by_sample if long else self._by_step)["train_by_twists"](
            self._weights, self._biases, layers, neurons, sources, plan.amounts.tolist(),
            inputs, targets, plan.order.tolist(), plan.starts.tolist(),
            net.activation, net.output_activation, net.loss, self._outputs, saved, before, after,
        )  # fmt: skip
        return PieceWork(pieces, lambda: outcome_of(before, after, saved))

    def loss(self, split: str = "train") -> float:
        """The loss over a whole split."""
        net = self.network
        inputs, targets = self._splits[split]
        if not inputs:
            return math.nan
        return loops.batch_loss(  # type: ignore[no-any-return]
            self._weights, self._biases, inputs, targets, range(len(inputs)),
            net.activation, net.output_activation, net.loss, self._outputs,
        )  # fmt: skip
