"""The rung `numpy`: the loops of loops.py folded into whole-array operations.

The one idea is the tensor: all samples of a batch are carried through a layer at once, as a matrix product. The names
are those of loops.py, so that the two files can be read side by side; a twist is tried by the same source as there,
only with this `batch_loss`, and a step downhill with this `batch_gradient` and `update`. Sums are taken in another
order and tanh is numpy's own, so results differ from those of the loops in the last bits, and a close decision on a
twist may go the other way.
"""

from __future__ import annotations

import math
from types import FunctionType
from typing import Any

import numpy as np

from nntui.models.mlp import loops
from nntui.models.mlp.loops import (
    CROSS_ENTROPY,
    MEMORY,
    RELU,
    SIGMOID,
    SMALLEST_PROBABILITY,
    SOFTMAX,
    SQUARE_MEMORY,
    TANH,
    TINY,
)
from nntui.models.mlp.network import OPTIMIZERS, Network
from nntui.models.model import FloatArray, Floats, IntArray
from nntui.models.pieces import PieceWork, in_pieces, outcome_of
from nntui.models.plans import Descent, GradientPlan, Plan, TwistPlan, Work

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
    """Bend totals into outputs, element by element (softmax: row by row); of one sample or of many."""
    if activation == TANH:
        return np.asarray(np.tanh(totals))
    if activation == RELU:
        return np.asarray(np.where(totals > 0, totals, 0))
    if activation == SIGMOID:
        small = np.exp(-np.abs(totals))
        return np.asarray(np.where(totals >= 0, 1, small) / (1 + small))
    if activation == SOFTMAX:
        powers = np.exp(totals - totals.max(axis=-1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=-1, keepdims=True))
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


def batch_gradient(
    weights: Layers, biases: Layers, inputs: Floats, targets: Floats, batch: IntArray,
    activation: int, output_activation: int, loss: int, _outputs: object, _totals: object,
    weight_gradients: Layers, bias_gradients: Layers,
) -> float:  # fmt: skip
    """Fill in how the loss over the samples of a batch changes with every weight and bias; return that loss."""
    with np.errstate(all="ignore"):
        inputs, targets = inputs[batch], targets[batch]
        outputs = every_output(weights, biases, inputs, activation, output_activation)
        total_gradients = start_at_the_loss(outputs[-1], targets, output_activation, loss)
        for layer in range(len(weights) - 1, -1, -1):
            sources = inputs if layer == 0 else outputs[layer - 1]
            # The sum over samples is a matrix product.
            weight_gradients[layer][...] = total_gradients.T @ sources / len(batch)
            bias_gradients[layer][...] = total_gradients.sum(axis=0) / len(batch)
            if layer > 0:
                total_gradients = total_gradients @ weights[layer] * slope(sources, activation)
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


def update(
    weights: Layers, biases: Layers, weight_gradients: Layers, bias_gradients: Layers, optimizer: int,
    learning_rate: float, momentum: float, weight_decay: float, train_biases: bool, step: int,
    weight_velocities: Layers, bias_velocities: Layers, weight_squares: Layers, bias_squares: Layers,
) -> None:  # fmt: skip
    """Change all weights and biases, a layer at a time."""
    how = optimizer, learning_rate, momentum, step
    with np.errstate(all="ignore"):
        for layer in range(len(weights)):
            if weight_decay > 0:
                decay(weights[layer], learning_rate, weight_decay)
            descend(weights[layer], weight_gradients[layer], weight_velocities[layer], weight_squares[layer], *how)
            if train_biases:
                descend(biases[layer], bias_gradients[layer], bias_velocities[layer], bias_squares[layer], *how)


def decay(rows: Floats, learning_rate: float, weight_decay: float) -> None:
    """Let weights shrink by a share of themselves."""
    rows -= learning_rate * weight_decay * rows


def plain_step(rows: Floats, gradients: Floats, learning_rate: float) -> None:
    """Go against the gradient."""
    rows -= learning_rate * gradients


def momentum_step(rows: Floats, gradients: Floats, velocities: Floats, learning_rate: float, momentum: float) -> None:
    """Go on in the direction of the steps before."""
    velocities[...] = momentum * velocities + gradients
    rows -= learning_rate * velocities


def adam_step(
    rows: Floats, gradients: Floats, velocities: Floats, squares: Floats, learning_rate: float, step: int
) -> None:
    """Give each weight a step of about the same length."""
    share = 1 - math.pow(MEMORY, step)
    square_share = 1 - math.pow(SQUARE_MEMORY, step)
    velocities[...] = MEMORY * velocities + (1 - MEMORY) * gradients
    squares[...] = SQUARE_MEMORY * squares + (1 - SQUARE_MEMORY) * gradients * gradients
    rows -= learning_rate * (velocities / share) / (np.sqrt(squares / square_share) + TINY)


def _with_arrays(function: Any) -> Any:
    """The same function, which finds this module's functions where it calls one that is said in arrays."""
    return FunctionType(function.__code__, {**vars(loops), **_SAID}, function.__name__)


_SAID: dict[str, Any] = {
    function.__name__: function
    for function in (batch_loss, batch_gradient, update, decay, plain_step, momentum_step, adam_step)
}
descend = _with_arrays(loops.descend)


class NumpyRung:
    """The network as arrays, in the precision asked for."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self._type: type[np.floating[Any]] = np.float32 if network.precision == 32 else np.float64
        self._splits: dict[str, tuple[Floats, ...]] = {
            name: tuple(array.astype(self._type) for array in network.split(name)) for name in ("train", "test")
        }
        steps = {name: _with_arrays(getattr(loops, name)) for name in ("try_a_twist", "gradient_step")}
        self._pieces = in_pieces(loops, ("train_by_twists", "train_by_gradients"), using=steps)
        self._flat = np.zeros(network.layout.size, self._type)
        self._weights, self._biases = network.weights(self._flat), network.biases(self._flat)
        gradients = np.zeros(network.layout.size, self._type)
        self._gradients = network.weights(gradients), network.biases(gradients)

    def load(self, parameters: FloatArray) -> None:
        """Copy the canonical parameters in, rounded to this precision."""
        self._flat[:] = parameters

    def store(self) -> FloatArray:
        """Copy the parameters out."""
        return self._flat.astype(np.float64)

    def start(self, plan: Plan) -> Work:
        """Begin a plan, in pieces of one step."""
        return self._twists(plan) if isinstance(plan, TwistPlan) else self._descent(plan)

    def _twists(self, plan: TwistPlan) -> Work:
        net = self.network
        layers, neurons, sources = net.places[plan.parameters].T
        saved, before, after = (np.zeros(plan.steps) for _ in range(3))
        pieces = self._pieces["train_by_twists"](
            self._weights, self._biases, layers, neurons, sources, plan.amounts, *self._splits["train"],
            plan.order, plan.starts, net.activation, net.output_activation, net.loss, None, saved, before, after,
        )  # fmt: skip
        return PieceWork(pieces, lambda: outcome_of(before, after, saved))

    def _descent(self, plan: GradientPlan) -> Work:
        net = self.network
        own = plan.moments.astype(self._type)  # a copy: the plan's stay as they are
        before = np.zeros(plan.steps)
        # What this optimizer does not remember it does not touch: any rows will do in its place.
        rows = [part for row in own for part in (net.weights(row), net.biases(row))] + 2 * [*self._gradients]
        pieces = self._pieces["train_by_gradients"](
            self._weights, self._biases, *self._splits["train"], plan.order, plan.starts,
            net.activation, net.output_activation, net.loss, None, None, *self._gradients,
            OPTIMIZERS[plan.optimizer], plan.learning_rate, plan.momentum, plan.weight_decay, net.train_biases,
            plan.taken + 1, *rows[:4], before,
        )  # fmt: skip
        return PieceWork(pieces, lambda: Descent(before, own.astype(np.float64)))

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
