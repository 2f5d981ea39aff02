"""The rung `numba`: the very functions of loops.py, compiled to machine code, in a compiled loop over steps.

The one idea is what the interpreter costs. Nothing is rewritten: numba takes the same Python functions and compiles
them for arrays of numbers instead of lists of objects; every operation is the same one in the same order, so the
results are those of the loops bit for bit. The options that go with each function are explained where they stand, in
nntui.models.compiled.

Compiled code is kept in a cache folder named by a hash of all that it depends on (nntui.models.compiled).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from nntui.models.compiled import COPIED_IN, COUNTED, UNCOUNTED, jit, jitable
from nntui.models.mlp import loops
from nntui.models.mlp.interpreted import BY_TWISTS
from nntui.models.mlp.network import OPTIMIZERS, Network
from nntui.models.model import FloatArray, Floats
from nntui.models.pieces import DoneWork, PieceWork, in_pieces, outcome_of
from nntui.models.plans import Descent, GradientPlan, Outcome, Plan, TwistPlan, Work

Layers = tuple[Floats, ...]

# A step longer than this many multiply-adds (some 10 ms) is run sample by sample, so that it can be interrupted.
LONGEST_STEP = 5_000_000


@cache
def compiled() -> dict[str, Any]:
    """Compile (or fetch from the cache) the functions of loops.py; called once a process."""
    jitable(loops.activate, **UNCOUNTED, **COPIED_IN)
    jitable(loops.sample_loss, **UNCOUNTED, **COPIED_IN)
    jitable(loops.softmax, **UNCOUNTED)
    jitable(loops.predict, **COUNTED, **COPIED_IN)
    jitable(loops.batch_loss, **UNCOUNTED)
    jitable(loops.try_a_twist, **UNCOUNTED)
    for name in ("slope", "plain_step", "momentum_step", "adam_step", "decay"):
        jitable(getattr(loops, name), **UNCOUNTED, **COPIED_IN)
    for name in (
        "start_at_the_loss", "hand_back", "add_gradients", "clear", "divide", "batch_gradient", "descend", "update",
        "gradient_step",
    ):  # fmt: skip
        jitable(getattr(loops, name), **UNCOUNTED)
    return {
        "train_by_gradients": jit(loops.train_by_gradients, **UNCOUNTED),
        "add_gradients": jit(loops.add_gradients, **UNCOUNTED),
        "clear": jit(loops.clear, **UNCOUNTED),
        "divide": jit(loops.divide, **UNCOUNTED),
        "update": jit(loops.update, **UNCOUNTED),
        "train_by_twists": jit(loops.train_by_twists, **UNCOUNTED),
        "batch_loss": jit(loops.batch_loss, **UNCOUNTED),
        "predict": jit(loops.predict, **COUNTED),
        "sample_loss": jit(loops.sample_loss, **UNCOUNTED),
    }


class NumbaRung:
    """The network as a tuple of two-dimensional arrays, in the precision asked for."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self._type: type[np.floating[Any]] = np.float32 if network.precision == 32 else np.float64
        self._functions = compiled()
        self._splits = {
            name: tuple(array.astype(self._type) for array in network.split(name)) for name in ("train", "test")
        }
        self._flat = np.zeros(network.layout.size, self._type)
        self._weights, self._biases = network.weights(self._flat), network.biases(self._flat)
        self._outputs = tuple(np.array(row, self._type) for row in network.scratch())
        self._totals = tuple(np.array(row, self._type) for row in network.scratch())
        self._gradients = self._rows(np.zeros(network.layout.size))
        self._pieces = {
            **in_pieces(loops, BY_TWISTS, using=self._functions),
            **in_pieces(loops, ("train_by_gradients", "gradient_step", "batch_gradient"), using=self._functions),
        }

    def _rows(self, flat: FloatArray) -> tuple[Layers, Layers]:
        """A copy of a flat array in this rung's precision, as weights[layer] and biases[layer]."""
        own = flat.astype(self._type)
        return self.network.weights(own), self.network.biases(own)

    def load(self, parameters: FloatArray) -> None:
        """Copy the canonical parameters in, rounded to this precision."""
        self._flat[:] = parameters

    def store(self) -> FloatArray:
        """Copy the parameters out."""
        return self._flat.astype(np.float64)

    def start(self, plan: Plan, by_sample: bool = False) -> Work:
        """Begin a plan: all of it in one call, or in pieces of one sample where a step is long."""
        multiply_adds = _times(plan) * self.network.layout.size * int(np.diff(plan.starts).max(initial=0))
        long = by_sample or multiply_adds > LONGEST_STEP
        return self._twists(plan, long) if isinstance(plan, TwistPlan) else self._descent(plan, long)

    def _twists(self, plan: TwistPlan, long: bool) -> Work:
        net = self.network
        layers, neurons, sources = np.ascontiguousarray(net.places[plan.parameters].T)
        saved, before, after = (np.zeros(plan.steps) for _ in range(3))
        arguments = (
            self._weights, self._biases, layers, neurons, sources, plan.amounts, *self._splits["train"],
            plan.order, plan.starts, net.activation, net.output_activation, net.loss, self._outputs,
            saved, before, after,
        )  # fmt: skip
        return self._work("train_by_twists", arguments, long, lambda: outcome_of(before, after, saved))

    def _descent(self, plan: GradientPlan, long: bool) -> Work:
        net = self.network
        own = plan.moments.astype(self._type)  # a copy: the plan's stay as they are
        before = np.zeros(plan.steps)
        # What this optimizer does not remember it does not touch: any rows will do in its place.
        rows = [part for row in own for part in (net.weights(row), net.biases(row))] + 2 * [*self._gradients]
        arguments = (
            self._weights, self._biases, *self._splits["train"], plan.order, plan.starts,
            net.activation, net.output_activation, net.loss, self._outputs, self._totals, *self._gradients,
            OPTIMIZERS[plan.optimizer], plan.learning_rate, plan.momentum, plan.weight_decay, net.train_biases,
            plan.taken + 1, *rows[:4], before,
        )  # fmt: skip
        return self._work("train_by_gradients", arguments, long, lambda: Descent(before, own.astype(np.float64)))

    def _work(
        self, name: str, arguments: tuple[Any, ...], long: bool, outcome: Callable[[], Outcome | Descent]
    ) -> Work:
        if long:
            return PieceWork(self._pieces[name](*arguments), outcome)
        whole = self._functions[name]
        return DoneWork(lambda: whole(*arguments), outcome)

    def loss(self, split: str = "train") -> float:
        """The loss over a whole split."""
        net, (inputs, targets) = self.network, self._splits[split]
        if not len(inputs):
            return math.nan
        return float(
            self._functions["batch_loss"](
                self._weights, self._biases, inputs, targets, np.arange(len(inputs)),
                net.activation, net.output_activation, net.loss, self._outputs,
            )
        )  # fmt: skip


def _times(plan: Plan) -> int:
    """About as many predictions of its samples as a step costs."""
    return 2 if isinstance(plan, TwistPlan) else 3


def prepare(network: Network) -> NumbaRung:
    """Make a rung whose code is compiled for this network's number of layers, data and precision."""
    rung = NumbaRung(network)
    rung.load(np.zeros(network.layout.size))
    one = np.zeros(1, np.int64)
    starts = np.array([0, 1])
    plans = (
        TwistPlan(one, np.zeros(1), one, starts),
        GradientPlan(one, starts, "sgd", 0.0, 0.0, 0.0, np.zeros((0, network.layout.size))),
    )
    for plan in plans:
        rung.start(plan).run(0.0)
        if _times(plan) * network.layout.size * len(network.inputs) > LONGEST_STEP:
            rung.start(plan, by_sample=True).run(math.inf)
    rung.loss()
    return rung
