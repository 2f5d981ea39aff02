"""The rung `numpy`: the loops of loops.py folded into whole-array operations.

The one idea is the tensor: all samples of a batch are carried through a layer at once, as a matrix product. The names
are those of loops.py, so that the two files can be read side by side; a twist is tried by the same source as there,
only with this `batch_loss`. Sums are taken in another order and tanh is numpy's own, so results differ from those of
the loops in the last bits, and a close decision on a twist may go the other way.
"""

from __future__ import annotations

import math
from types import FunctionType
from typing import Any

import numpy as np

from nntui.models.mlp import loops
from nntui.models.mlp.loops import CROSS_ENTROPY, RELU, SIGMOID, SMALLEST_PROBABILITY, SOFTMAX, TANH
from nntui.models.mlp.network import Network
from nntui.models.model import FloatArray, Floats, IntArray, TwistPlan, Work
from nntui.models.pieces import PieceWork, in_pieces, outcome_of

Layers = tuple[Floats, ...]


def predict(weights: Layers, biases: Layers, inputs: Floats, activation: int, output_activation: int) -> Floats:
    """Answer many samples at once: inputs (samples, inputs) give answers (samples, outputs)."""
    sources = inputs
    for layer in range(len(weights)):
        if layer == len(weights) - 1:
            activation = output_activation
        totals = sources @ weights[layer].T + biases[layer]
        sources = activate(totals, activation)
    return sources


def activate(totals: Floats, activation: int) -> Floats:
    """Bend totals into outputs, element by element (softmax: row by row)."""
    if activation == TANH:
        return np.asarray(np.tanh(totals))
    if activation == RELU:
        return np.asarray(np.where(totals > 0, totals, 0))
    if activation == SIGMOID:
        small = np.exp(-np.abs(totals))
        return np.asarray(np.where(totals >= 0, 1, small) / (1 + small))
    if activation == SOFTMAX:
        powers = np.exp(totals - totals.max(axis=1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=1, keepdims=True))
    return totals


def sample_losses(answers: Floats, targets: Floats, loss: int) -> Floats:
    """How wrong each answer is, shape (samples,)."""
    if loss == CROSS_ENTROPY:
        return np.asarray(-(targets * np.log(np.maximum(answers, SMALLEST_PROBABILITY))).sum(axis=1))
    errors = answers - targets
    return np.asarray((errors * errors).mean(axis=1))


def batch_loss(
    weights: Layers, biases: Layers, inputs: Floats, targets: Floats, batch: IntArray,
    activation: int, output_activation: int, loss: int, _outputs: object = None,
) -> float:  # fmt: skip
    """How wrong the network is on the average over the samples of a batch (their numbers, shape (samples,))."""
    # A weight that has grown beyond all bounds is reported by its loss, not by numpy's warning on the way.
    with np.errstate(all="ignore"):
        answers = predict(weights, biases, inputs[batch], activation, output_activation)
        return float(sample_losses(answers, targets[batch], loss).mean())


def _with_arrays(function: Any) -> FunctionType:
    """The same function, which finds this module's `batch_loss` where it calls one."""
    return FunctionType(function.__code__, {**vars(loops), "batch_loss": batch_loss}, function.__name__)


class NumpyRung:
    """The network as arrays, in the precision asked for."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self._type: type[np.floating[Any]] = np.float32 if network.precision == 32 else np.float64
        self._splits: dict[str, tuple[Floats, ...]] = {
            name: tuple(array.astype(self._type) for array in network.split(name)) for name in ("train", "test")
        }
        self._pieces = in_pieces(loops, ("train_by_twists",), using={"try_a_twist": _with_arrays(loops.try_a_twist)})
        self._flat = np.zeros(network.layout.size, self._type)
        self._weights, self._biases = network.weights(self._flat), network.biases(self._flat)

    def load(self, parameters: FloatArray) -> None:
        """Copy the canonical parameters in, rounded to this precision."""
        self._flat[:] = parameters

    def store(self) -> FloatArray:
        """Copy the parameters out."""
        return self._flat.astype(np.float64)

    def start(self, plan: TwistPlan) -> Work:
        """Begin a plan, in pieces of one step."""
        net = self.network
        layers, neurons, sources = net.places[plan.parameters].T
        saved, before, after = (np.zeros(plan.steps) for _ in range(3))
        pieces = self._pieces["train_by_twists"](
            self._weights, self._biases, layers, neurons, sources, plan.amounts, *self._splits["train"],
            plan.order, plan.starts, net.activation, net.output_activation, net.loss, None, saved, before, after,
        )  # fmt: skip
        return PieceWork(pieces, lambda: outcome_of(before, after, saved))

    def loss(self, split: str = "train") -> float:
        """The loss over a whole split."""
        net = self.network
        inputs, targets = self._splits[split]
        if not len(inputs):
            return math.nan
        every = np.arange(len(inputs))
        return batch_loss(
            self._weights, self._biases, inputs, targets, every, net.activation, net.output_activation, net.loss
        )
