"""The loss along one parameter: many values of it tried at once, computing again only what depends on it.

A weight or bias reaches one neuron's total, so the layers before are computed once, its own layer's other neurons
once, and the next layer's totals change by one term each.
"""

from __future__ import annotations

import numpy as np

from nntui.models.mlp.loops import BIAS, CROSS_ENTROPY, SMALLEST_PROBABILITY
from nntui.models.mlp.network import Network
from nntui.models.mlp.numpy import activate
from nntui.models.model import FloatArray

AT_ONCE = 60_000  # numbers of one layer, of all samples for some of the values: so that they stay in the cache


def losses(net: Network, parameters: FloatArray, index: int, values: FloatArray) -> FloatArray:
    """The loss over the training samples with the parameter at a flat index set to each of the values, (values,)."""
    layer, neuron, source = net.places[index].tolist()
    found = np.empty(len(values))
    with np.errstate(all="ignore"):  # a weight beyond all bounds is told by its loss
        rest, factor, others = _totals(net, parameters, layer, neuron, source)
        widest = max(net.sizes[layer + 1 :])
        some = max(1, AT_ONCE // (len(net.inputs) * widest))
        for first in range(0, len(values), some):
            chunk = values[first : first + some]
            own = rest + chunk[:, None] * factor  # (values, samples)
            found[first : first + some] = _finished(net, parameters, layer, neuron, own, others)
    return found


def _totals(
    net: Network, parameters: FloatArray, layer: int, neuron: int, source: int
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The neuron's totals without the parameter, what it is multiplied by, and the totals of all of the layer."""
    weights, biases = net.weights(parameters), net.biases(parameters)
    sources = np.asarray(net.inputs.T)  # here and below, samples are the last axis: sums over neurons are quicker so
    for before in range(layer):
        sources = _bent(weights[before] @ sources + biases[before][:, None], net.activation)
    row = weights[layer][neuron].copy()
    others = weights[layer] @ sources + biases[layer][:, None]
    if source == BIAS:
        return row @ sources, np.ones(sources.shape[1]), others
    # Left out rather than taken away again: that would not give the same number where the weight is large.
    row[source] = 0.0
    return row @ sources + biases[layer][neuron], sources[source], others


def _finished(
    net: Network, parameters: FloatArray, layer: int, neuron: int, own: FloatArray, others: FloatArray
) -> FloatArray:
    """The losses where a neuron of a layer has these totals of its own, (values, samples), and the others theirs."""
    weights, biases = net.weights(parameters), net.biases(parameters)
    last = len(weights) - 1
    if layer == last:
        totals = np.repeat(others[None], len(own), axis=0)
        totals[:, neuron] = own
        return _mean_losses(net, totals)
    outputs = _bent(others, net.activation).copy()
    outputs[neuron] = 0.0
    base = weights[layer + 1] @ outputs + biases[layer + 1][:, None]
    totals = base + weights[layer + 1][:, neuron, None] * _bent(own, net.activation)[:, None]
    for after in range(layer + 2, last + 1):
        totals = weights[after] @ _bent(totals, net.activation) + biases[after][:, None]
    return _mean_losses(net, totals)


def _mean_losses(net: Network, totals: FloatArray) -> FloatArray:
    """The loss for each value from the totals of the last layer, (values, outputs, samples)."""
    answers = _bent(totals, net.output_activation)
    if net.loss == CROSS_ENTROPY:
        samples, classes = np.nonzero(net.targets)  # of all others nothing is counted
        logarithms = np.log(np.maximum(answers[:, classes, samples], SMALLEST_PROBABILITY))
        return np.asarray(-(logarithms @ net.targets[samples, classes]) / len(net.inputs))
    errors = answers - net.targets.T
    return np.asarray((errors * errors).mean(axis=(1, 2)))


def _bent(totals: FloatArray, activation: int) -> FloatArray:
    return np.asarray(activate(totals, activation), np.float64)
