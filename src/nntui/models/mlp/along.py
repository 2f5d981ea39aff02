"""The loss along one parameter: many values of it tried at once, computing again only what depends on it.

A weight or bias reaches one neuron's total, so the layers before are computed once, its own layer's other neurons
once, and the next layer's totals change by one term each. Most of the time goes into numbers that are needed for a
moment only: they are written over one another in room that is kept, which stays in the cache.
"""

from __future__ import annotations

import numpy as np

from nntui.models.mlp.loops import BIAS, CROSS_ENTROPY, RELU, SIGMOID, SMALLEST_PROBABILITY, SOFTMAX, TANH
from nntui.models.mlp.network import Network
from nntui.models.model import FloatArray, IntArray

AT_ONCE = 120_000  # numbers of one layer, of all samples for some of the values: so that they stay in the cache


def losses(
    net: Network, parameters: FloatArray, index: int, values: FloatArray, samples: IntArray | None = None
) -> FloatArray:
    """The loss with the parameter at a flat index set to each of the values, (values,).

    It is over some of the training samples (their numbers), or all.
    """
    return Along(net, index, samples).losses(parameters, values)


class Along:
    """The loss along one parameter, to be asked again and again while other parameters change."""

    def __init__(self, net: Network, index: int, samples: IntArray | None = None) -> None:
        self._net = net
        self._layer, self._neuron, self._source = net.places[index].tolist()
        inputs, targets = net.inputs, net.targets
        if samples is not None:
            inputs, targets = inputs[samples], targets[samples]
        # Here and below, samples are the last axis: sums over neurons are quicker so.
        self._inputs, self._targets = np.asarray(inputs.T), np.asarray(targets.T)
        self._rooms: dict[str, FloatArray] = {}

    def losses(self, parameters: FloatArray, values: FloatArray) -> FloatArray:
        """The loss with the parameter set to each of the values, (values,)."""
        found = np.empty(len(values))
        with np.errstate(all="ignore"):  # a weight beyond all bounds is told by its loss
            rest, factor, others = self._totals(parameters)
            widest = max(self._net.sizes[self._layer + 1 :])
            some = max(1, AT_ONCE // (len(rest) * widest))
            for first in range(0, len(values), some):
                chunk = values[first : first + some]
                own = self._room("own", (len(chunk), len(rest)))
                np.multiply(chunk[:, None], factor, out=own)
                own += rest
                found[first : first + some] = self._finished(parameters, own, others)
        return found

    def _room(self, name: str, shape: tuple[int, ...]) -> FloatArray:
        """An array of this shape, in room that is used again; what stood there is no more."""
        size = int(np.prod(shape))
        if name not in self._rooms or len(self._rooms[name]) < size:
            self._rooms[name] = np.empty(size)
        return self._rooms[name][:size].reshape(shape)

    def _totals(self, parameters: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """The neuron's totals without the parameter, what it is multiplied by, and the totals of all of the layer."""
        net, layer, neuron = self._net, self._layer, self._neuron
        weights, biases = net.weights(parameters), net.biases(parameters)
        sources = self._inputs
        for before in range(layer):
            sources = bend(weights[before] @ sources + biases[before][:, None], net.activation)
        row = weights[layer][neuron].copy()
        others = weights[layer] @ sources + biases[layer][:, None]
        if self._source == BIAS:
            return row @ sources, np.ones(sources.shape[1]), others
        # Left out rather than taken away again: that would not give the same number where the weight is large.
        row[self._source] = 0.0
        return row @ sources + biases[layer][neuron], sources[self._source], others

    def _finished(self, parameters: FloatArray, own: FloatArray, others: FloatArray) -> FloatArray:
        """The losses where the neuron has these totals of its own, (values, samples), and the others theirs."""
        net, layer = self._net, self._layer
        weights, biases = net.weights(parameters), net.biases(parameters)
        last = len(weights) - 1
        if layer == last:
            totals = self._room("layer", (len(others), *own.shape))
            totals[...] = others[:, None]
            totals[self._neuron] = own
            return self._loss(totals)
        outputs = bend(others.copy(), net.activation)
        outputs[self._neuron] = 0.0
        base = weights[layer + 1] @ outputs + biases[layer + 1][:, None]
        totals = self._room("layer", (len(base), *own.shape))
        np.multiply(weights[layer + 1][:, self._neuron, None, None], bend(own, net.activation), out=totals)
        totals += base[:, None]
        for after in range(layer + 2, last + 1):
            sources = bend(totals, net.activation).reshape(len(totals), -1)
            totals = self._room(f"layer {after % 2}", (len(weights[after]), *own.shape))
            np.matmul(weights[after], sources, out=totals.reshape(len(totals), -1))
            totals += biases[after][:, None, None]
        return self._loss(totals)

    def _loss(self, totals: FloatArray) -> FloatArray:
        """The loss for each value from the totals of the last layer, (outputs, values, samples)."""
        return mean_losses(bend(totals, self._net.output_activation), self._targets, self._net.loss)


def mean_losses(answers: FloatArray, targets: FloatArray, loss: int) -> FloatArray:
    """The loss for each value from answers (outputs, values, samples), which are no more after that."""
    if loss == CROSS_ENTROPY:
        classes, samples = np.nonzero(targets)  # of all others nothing is counted
        logarithms = np.log(np.maximum(answers[classes, :, samples], SMALLEST_PROBABILITY))
        return np.asarray(-(targets[classes, samples] @ logarithms) / answers.shape[2])
    answers -= targets[:, None]
    answers *= answers
    return np.asarray(answers.mean(axis=2).mean(axis=0))


def bend(totals: FloatArray, activation: int) -> FloatArray:
    """Bend totals into outputs, in their place; softmax over the first axis."""
    if activation == TANH:
        return np.tanh(totals, out=totals)
    if activation == RELU:
        return np.fmax(totals, 0.0, out=totals)  # as in the loops, of what is no number it makes 0
    if activation == SIGMOID:
        small = np.exp(-np.abs(totals))
        np.copyto(totals, np.where(totals >= 0, 1.0, small))
        totals /= 1.0 + small
    if activation == SOFTMAX:
        totals -= totals.max(axis=0)
        np.exp(totals, out=totals)
        totals /= totals.sum(axis=0)
    return totals
