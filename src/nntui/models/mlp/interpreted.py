"""The rung `loops`: the taught functions themselves, run by the Python interpreter on nested lists.

Python has one kind of float, of 64 bits; whatever precision is asked for, this rung computes in that one.
"""

from __future__ import annotations

import math

import numpy as np

from nntui.models.mlp import loops
from nntui.models.mlp.network import OPTIMIZERS, Network
from nntui.models.model import FloatArray
from nntui.models.pieces import LONG_STEP, Pausing, PieceWork, in_pieces, outcome_of
from nntui.models.plans import Descent, GradientPlan, Plan, TwistPlan, Work

BY_TWISTS = ("train_by_twists", "try_a_twist", "batch_loss")
BY_GRADIENTS = ("train_by_gradients", "gradient_step", "batch_gradient", "add_gradients", "clear", "divide", "update")


class InterpretedRung:
    """The network as nested lists."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self._by_step = {
            **in_pieces(loops, BY_TWISTS[:1], using={}), **in_pieces(loops, BY_GRADIENTS[:1], using={})
        }  # fmt: skip
        self._by_sample = {**in_pieces(loops, BY_TWISTS, using={}), **in_pieces(loops, BY_GRADIENTS, using={})}
        self._splits = {name: tuple(array.tolist() for array in network.split(name)) for name in ("train", "test")}
        self._outputs, self._totals = network.scratch(), network.scratch()
        self._gradients = network.listed(np.zeros(network.layout.size))

    def load(self, parameters: FloatArray) -> None:
        """Turn the flat array into nested lists."""
        self._weights, self._biases = self.network.listed(parameters)

    def store(self) -> FloatArray:
        """Turn the nested lists into a flat array."""
        return self.network.flat(self._weights, self._biases)

    def start(self, plan: Plan) -> Work:
        """Begin a plan, in pieces of one step, or of less where a step is long."""
        times = 2 if isinstance(plan, TwistPlan) else 3  # so many predictions, about
        long = times * self.network.layout.size * int(np.diff(plan.starts).max(initial=0)) > LONG_STEP
        pieces = self._by_sample if long else self._by_step
        return self._twists(plan, pieces) if isinstance(plan, TwistPlan) else self._descent(plan, pieces)

    def _twists(self, plan: TwistPlan, pieces: dict[str, Pausing]) -> Work:
        net = self.network
        layers, neurons, sources = net.places[plan.parameters].T.tolist()
        saved, before, after = ([0.0] * plan.steps for _ in range(3))
        inputs, targets = self._splits["train"]
        going = pieces["train_by_twists"](
            self._weights, self._biases, layers, neurons, sources, plan.amounts.tolist(),
            inputs, targets, plan.order.tolist(), plan.starts.tolist(),
            net.activation, net.output_activation, net.loss, self._outputs, saved, before, after,
        )  # fmt: skip
        return PieceWork(going, lambda: outcome_of(before, after, saved))

    def _descent(self, plan: GradientPlan, pieces: dict[str, Pausing]) -> Work:
        net = self.network
        gradients = self._gradients
        # What this optimizer does not remember it does not touch: any rows will do in its place.
        velocities, squares = (*(net.listed(row) for row in plan.moments), gradients, gradients)[:2]
        before = [0.0] * plan.steps
        inputs, targets = self._splits["train"]
        going = pieces["train_by_gradients"](
            self._weights, self._biases, inputs, targets, plan.order.tolist(), plan.starts.tolist(),
            net.activation, net.output_activation, net.loss, self._outputs, self._totals, *gradients,
            OPTIMIZERS[plan.optimizer], plan.learning_rate, plan.momentum, plan.weight_decay, net.train_biases,
            plan.taken + 1, *velocities, *squares, before,
        )  # fmt: skip

        def done() -> Descent:
            moments = [net.flat(*rows) for rows in (velocities, squares)[: len(plan.moments)]]
            return Descent(np.array(before), np.reshape(moments, plan.moments.shape))

        return PieceWork(going, done)

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
