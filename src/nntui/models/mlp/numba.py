"""The rung `numba`: the very functions of loops.py, compiled to machine code, in a compiled loop over steps.

The one idea is what the interpreter costs. Nothing is rewritten: numba takes the same Python functions and compiles
them for arrays of numbers instead of lists of objects; every operation is the same one in the same order, so the
results are those of the loops bit for bit. The options that go with each function are explained where they stand, in
nntui.models.compiled.

Compiled code is kept in a cache folder named by a hash of all that it depends on (nntui.models.compiled).
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nntui.models.compiled import COPIED_IN, COUNTED, UNCOUNTED, jit, jitable
from nntui.models.mlp import loops
from nntui.models.mlp.array_rung import ArrayRung, Pieces
from nntui.models.mlp.interpreted import BY_TWISTS
from nntui.models.mlp.network import OPTIMIZERS, Network
from nntui.models.model import FloatArray, Floats
from nntui.models.pieces import in_pieces
from nntui.models.plans import GradientPlan, TwistPlan


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


class NumbaRung(ArrayRung):
    """The network as a tuple of two-dimensional arrays, in the precision asked for."""

    def __init__(self, network: Network) -> None:
        super().__init__(network)
        self._functions = compiled()
        self._weights, self._biases = network.weights(self._flat), network.biases(self._flat)
        self._outputs = tuple(np.array(row, self._type) for row in network.scratch())
        self._totals = tuple(np.array(row, self._type) for row in network.scratch())
        gradients = np.zeros(network.layout.size, self._type)
        self._gradients = network.weights(gradients), network.biases(gradients)
        self._parts = {
            **in_pieces(loops, BY_TWISTS, using=self._functions),
            **in_pieces(loops, ("train_by_gradients", "gradient_step", "batch_gradient"), using=self._functions),
        }

    def _twists(
        self, plan: TwistPlan, saved: FloatArray, before: FloatArray, after: FloatArray, in_parts: bool
    ) -> Pieces:
        net = self.network
        layers, neurons, sources = np.ascontiguousarray(net.places[plan.parameters].T)
        return self._run(
            "train_by_twists", in_parts,
            self._weights, self._biases, layers, neurons, sources, plan.amounts, *self._splits["train"],
            plan.order, plan.starts, net.activation, net.output_activation, net.loss, self._outputs,
            saved, before, after,
        )  # fmt: skip

    def _descent(self, plan: GradientPlan, moments: NDArray[Any], before: FloatArray, in_parts: bool) -> Pieces:
        net = self.network
        # What this optimizer does not remember it does not touch: any rows will do in its place.
        rows = [part for row in moments for part in (net.weights(row), net.biases(row))] + 2 * [*self._gradients]
        return self._run(
            "train_by_gradients", in_parts,
            self._weights, self._biases, *self._splits["train"], plan.order, plan.starts,
            net.activation, net.output_activation, net.loss, self._outputs, self._totals, *self._gradients,
            OPTIMIZERS[plan.optimizer], plan.learning_rate, plan.momentum, plan.weight_decay, net.train_biases,
            plan.taken + 1, *rows[:4], before,
        )  # fmt: skip

    def _run(self, name: str, in_parts: bool, *arguments: Any) -> Pieces:
        """All of it in one call, or in pieces of one sample."""
        if in_parts:
            yield from self._parts[name](*arguments)
        else:
            self._functions[name](*arguments)

    def _mean_loss(self, inputs: Floats, targets: Floats) -> float:
        net = self.network
        return float(
            self._functions["batch_loss"](
                self._weights, self._biases, inputs, targets, np.arange(len(inputs)),
                net.activation, net.output_activation, net.loss, self._outputs,
            )
        )  # fmt: skip


def prepare(network: Network) -> NumbaRung:
    """Make a rung whose code is compiled for this network's number of layers, data and precision."""
    rung = NumbaRung(network)
    rung.warm_up()
    return rung
