"""The losses after many twists, each by itself: the loops of reach.py folded into whole-array operations.

All twists of the weights into one neuron are tried at once: they all change its total, and nothing else in its layer.
"""

from __future__ import annotations

import numpy as np

from nntui.models.mlp.along import bend, mean_losses
from nntui.models.mlp.loops import BIAS
from nntui.models.mlp.network import Network
from nntui.models.model import FloatArray, IntArray

AT_ONCE = 200_000  # numbers of one layer, of all samples for some of the twists


def losses_by_twists(
    net: Network, parameters: FloatArray, indices: IntArray, twists: FloatArray, samples: IntArray | None = None
) -> FloatArray:
    """The losses with one parameter at a time changed by its twist, over some training samples or all, (twists,)."""
    inputs, targets = chosen(net, samples)
    weights, biases = net.weights(parameters), net.biases(parameters)
    layers, neurons, sources = net.places[indices].T
    found = np.empty(len(twists))
    with np.errstate(all="ignore"):  # a weight beyond all bounds is told by its loss
        totals, answers = _every_total(net, parameters, inputs)
        heard = [inputs.T, *answers]
        for layer, neuron in sorted(set(zip(layers.tolist(), neurons.tolist(), strict=True))):
            places = np.flatnonzero((layers == layer) & (neurons == neuron))
            widest = max(net.sizes[layer + 1 :])
            some = max(1, AT_ONCE // (len(inputs) * widest))
            for first in range(0, len(places), some):
                few = places[first : first + some]
                source = sources[few]
                factor = np.where((source == BIAS)[:, None], 1.0, heard[layer][source])
                own = totals[layer][neuron] + twists[few, None] * factor  # (twists, samples)
                found[few] = _finished(net, weights, biases, layer, neuron, own, totals, answers, targets)
    return found


def chosen(net: Network, samples: IntArray | None) -> tuple[FloatArray, FloatArray]:
    """Inputs and targets of some training samples, or all."""
    return (net.inputs, net.targets) if samples is None else (net.inputs[samples], net.targets[samples])


def _every_total(net: Network, parameters: FloatArray, inputs: FloatArray) -> tuple[list[FloatArray], list[FloatArray]]:
    """The totals of each layer, and its outputs but for the last, each (neurons, samples)."""
    totals: list[FloatArray] = []
    answers: list[FloatArray] = []
    sources = np.asarray(inputs.T)
    for weights, biases in zip(net.weights(parameters), net.biases(parameters), strict=True):
        totals.append(weights @ sources + biases[:, None])
        sources = bend(totals[-1].copy(), net.activation)
        answers.append(sources)
    return totals, answers[:-1]


def _finished(
    net: Network, weights: tuple[FloatArray, ...], biases: tuple[FloatArray, ...], layer: int, neuron: int,
    own: FloatArray, totals: list[FloatArray], answers: list[FloatArray], targets: FloatArray,
) -> FloatArray:  # fmt: skip
    """The losses where a neuron has these totals of its own, (twists, samples), and the others theirs."""
    last = len(weights) - 1
    if layer == last:
        changed = np.repeat(totals[last][:, None], len(own), axis=1)
        changed[neuron] = own
    else:
        change = bend(own, net.activation) - answers[layer][neuron]
        changed = weights[layer + 1][:, neuron, None, None] * change
        changed += totals[layer + 1][:, None]
        for after in range(layer + 2, last + 1):
            sources = bend(changed, net.activation).reshape(len(changed), -1)
            changed = (weights[after] @ sources).reshape(-1, *own.shape)
            changed += biases[after][:, None, None]
    return mean_losses(bend(changed, net.output_activation), np.asarray(targets.T), net.loss)
