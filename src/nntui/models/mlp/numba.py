"""The rung `numba`: the very functions of loops.py, compiled to machine code, in a compiled loop over steps.

The one idea is what the interpreter costs. Nothing is rewritten: numba takes the same Python functions and compiles
them for arrays of numbers instead of lists of objects; every operation is the same one in the same order, so the
results are those of the loops bit for bit. The options that go with each function are explained where they stand, in
nntui.models.compiled.

Compiled code is kept in a cache folder named by a hash of all that it depends on (nntui.models.compiled).
"""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np

from nntui.models.compiled import COPIED_IN, COUNTED, UNCOUNTED, jit, jitable
from nntui.models.mlp import loops
from nntui.models.mlp.network import Network
from nntui.models.model import FloatArray, TwistPlan, Work
from nntui.models.pieces import DoneWork, PieceWork, in_pieces, outcome_of

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
    return {
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
        self._pieces = in_pieces(
            loops,
            ("train_by_twists", "try_a_twist", "batch_loss"),
            using={name: self._functions[name] for name in ("predict", "sample_loss")},
        )

    def load(self, parameters: FloatArray) -> None:
        """Copy the canonical parameters in, rounded to this precision."""
        self._flat[:] = parameters

    def store(self) -> FloatArray:
        """Copy the parameters out."""
        return self._flat.astype(np.float64)

    def start(self, plan: TwistPlan) -> Work:
        """Begin a plan: all of it in one call, or in pieces of one sample where a step is long."""
        net = self.network
        layers, neurons, sources = np.ascontiguousarray(net.places[plan.parameters].T)
        saved, before, after = (np.zeros(plan.steps) for _ in range(3))
        arguments = (
            self._weights, self._biases, layers, neurons, sources, plan.amounts, *self._splits["train"],
            plan.order, plan.starts, net.activation, net.output_activation, net.loss, self._outputs,
            saved, before, after,
        )  # fmt: skip
        if 2 * net.layout.size * int(np.diff(plan.starts).max(initial=0)) > LONGEST_STEP:
            return PieceWork(self._pieces["train_by_twists"](*arguments), lambda: outcome_of(before, after, saved))
        whole = self._functions["train_by_twists"]
        return DoneWork(lambda: whole(*arguments), outcome_of(before, after, saved))

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


def prepare(network: Network) -> NumbaRung:
    """Make a rung whose code is compiled for this network's number of layers, data and precision."""
    rung = NumbaRung(network)
    rung.load(np.zeros(network.layout.size))
    one = np.zeros(1, np.int64)
    rung.start(TwistPlan(one, np.zeros(1), one, np.array([0, 1]))).run(0.0)
    rung.loss()
    return rung
