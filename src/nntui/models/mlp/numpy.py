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


def gradient(
    weights: Layers, biases: Layers, inputs: Floats, targets: Floats, activation: int, output_activation: int,
    loss: int, weight_gradients: Layers, bias_gradients: Layers,
) -> float:  # fmt: skip
    """Fill in how the loss over many samples, inputs (samples, inputs), changes with every weight and bias.

    Returns that loss. The backward pass of loops.py, all samples at once: the sum over samples is a matrix product.
    """
    with np.errstate(all="ignore"):
        outputs = every_output(weights, biases, inputs, activation, output_activation)
        totals = start_at_the_loss(outputs[-1], targets, output_activation, loss)
        for layer in range(len(weights) - 1, -1, -1):
            sources = inputs if layer == 0 else outputs[layer - 1]
            weight_gradients[layer][...] = totals.T @ sources / len(inputs)
            bias_gradients[layer][...] = totals.sum(axis=0) / len(inputs)
            if layer > 0:
                totals = totals @ weights[layer] * slope(sources, activation)
        return float(sample_losses(outputs[-1], targets, loss).mean())


def every_output(
    weights: Layers, biases: Layers, inputs: Floats, activation: int, output_activation: int
) -> list[Floats]:
    """What each layer answers to many samples, each (samples, neurons): predict, which forgets none on the way."""
    outputs: list[Floats] = []
    for layer in range(len(weights)):
        sources = outputs[layer - 1] if layer else inputs
        bend = output_activation if layer == len(weights) - 1 else activation
        outputs.append(activate(sources @ weights[layer].T + biases[layer], bend))
    return outputs


def start_at_the_loss(answers: Floats, targets: Floats, output_activation: int, loss: int) -> Floats:
    """How each sample's loss changes with each total of the last layer, (samples, outputs)."""
    if loss == CROSS_ENTROPY:
        return np.asarray(answers * targets.sum(axis=1, keepdims=True) - targets)
    return np.asarray(2 * (answers - targets) / answers.shape[1] * slope(answers, output_activation))


def slope(outputs: Floats, activation: int) -> Floats:
    """How fast outputs change with their totals, element by element."""
    if activation == TANH:
        return np.asarray(1 - outputs * outputs)
    if activation == RELU:
        return np.asarray((outputs > 0).astype(outputs.dtype))
    if activation == SIGMOID:
        return np.asarray(outputs * (1 - outputs))
    return np.ones_like(outputs)


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
