"""A network as it is drawn: of each layer the neurons there is room for, what they listen to, and what they respond to.

All of it is computed by arrays, several times a second while training runs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

import msgspec
import numpy as np

from nntui.messages import DiagramView, DrawnLayer, DrawnNeuron
from nntui.models.mlp.loops import SIGMOID, SOFTMAX, TANH
from nntui.models.mlp.network import Network
from nntui.models.mlp.numpy import activate
from nntui.models.mlp.pictures import grid, plane
from nntui.models.model import FloatArray, Floats, IntArray, Look, Marks

if TYPE_CHECKING:
    from nntui.models.mlp.network_model import NetworkModel

MOST_DRAWN = 64  # neurons of one layer
CLOSE_ROWS = 10  # up to so many, each row may have a neuron
MAP_COLUMNS, MAP_ROWS = 7, 6  # numbers in the map of a neuron
MAP_CELLS = 4  # rows of the screen that a neuron with its map takes: two numbers a cell, and a gap
MOST_WORK = 20_000_000  # multiply-adds for all maps

Maps: TypeAlias = dict[int, tuple[tuple[tuple[float, ...], ...], ...]]  # of the neurons drawn, by layer of the diagram


def diagram(
    model: NetworkModel, parameters: FloatArray, look: Look, size: tuple[int, int], marks: Marks
) -> DiagramView:
    """The network as it is drawn in a pane of `size` columns and rows; what is marked is always drawn."""
    net = model.network
    inputs, target = model.looked_at(look)
    used = tuple(dict.fromkeys(found for name in marks.uses if (found := _of_diagram(name))))
    weights, biases = net.weights(parameters), net.biases(parameters)
    with np.errstate(all="ignore"):
        drawn = _chosen(net, parameters, _room(size[1]), (marks.pointed, *used))
        values = [np.array([inputs]), *outputs_by_layer(net, parameters, np.array([inputs]))]
        maps = _planes(model, parameters, drawn, size[1]) | _images(model, parameters, drawn, size[1])
    layers = []
    for layer, chosen in enumerate(drawn):
        numbers, shown = chosen.tolist(), maps.get(layer, ((),) * len(chosen))
        answers = values[layer][0, chosen].tolist()
        if layer == 0:
            neurons = [DrawnNeuron(n, v, map=s) for n, v, s in zip(numbers, answers, shown, strict=True)]
        else:
            rows = weights[layer - 1][np.ix_(chosen, drawn[layer - 1])].tolist()
            columns = zip(numbers, answers, biases[layer - 1][chosen].tolist(), rows, shown, strict=True)
            neurons = [DrawnNeuron(n, v, b, tuple(row), s) for n, v, b, row, s in columns]
        layers.append(DrawnLayer(net.sizes[layer], tuple(neurons)))
    return DiagramView(tuple(layers), look.name, target, marks.pointed, used)


def with_gradient(model: NetworkModel, parameters: FloatArray, drawn: DiagramView) -> DiagramView:
    """The same diagram with the gradient of each weight and bias that it draws."""
    gradient = model.gradient(parameters)
    weights, biases = model.network.weights(gradient), model.network.biases(gradient)
    layers = [drawn.layers[0]]
    for layer, (before, shown) in enumerate(pairwise(drawn.layers)):
        sources = [neuron.neuron for neuron in before.neurons]
        neurons = tuple(
            msgspec.structs.replace(
                neuron,
                gradients=tuple(weights[layer][neuron.neuron, sources].tolist()),
                bias_gradient=float(biases[layer][neuron.neuron]),
            )
            for neuron in shown.neurons
        )
        layers.append(DrawnLayer(shown.size, neurons))
    return msgspec.structs.replace(drawn, layers=tuple(layers), drawn="gradient")


def outputs_by_layer(net: Network, parameters: FloatArray, inputs: Floats) -> Iterator[Floats]:
    """What each layer of neurons answers to many samples, (samples, neurons), one layer after another."""
    weights, biases = net.weights(parameters), net.biases(parameters)
    sources = inputs
    for layer in range(len(weights)):
        last = layer == len(weights) - 1
        sources = activate(
            sources @ weights[layer].T + biases[layer], net.output_activation if last else net.activation
        )
        yield sources


# ---------------------------------------------------------------- which neurons


def _room(rows: int) -> int:
    """How many neurons of a layer are drawn in so many rows: every second row where there are many."""
    return max(1, min(rows, max(CLOSE_ROWS, rows // 2), MOST_DRAWN))


def _chosen(net: Network, parameters: FloatArray, room: int, marked: tuple[str, ...]) -> list[IntArray]:
    """The neurons worth drawing of each layer, in order: those marked, then those whose weights are the largest.

    Weights change little from one frame to the next, unlike what comes out, so that the neurons drawn stay the same.
    """
    weights = net.weights(parameters)
    ends = [end for name in marked for end in _ends(name)]
    chosen = []
    for layer, size in enumerate(net.sizes):
        if size <= room:
            chosen.append(np.arange(size))
            continue
        strengths = np.abs(weights[layer]).sum(axis=0) if layer < len(weights) else np.abs(weights[-1]).sum(axis=1)
        must = [neuron for at, neuron in ends if at == layer and neuron < size]
        order = [*must, *np.argsort(-strengths, kind="stable").tolist()]
        chosen.append(np.sort(np.array(list(dict.fromkeys(order))[:room], np.int64)))
    return chosen


_KEPT_FOR = {"weight": "weights", "bias": "biases", "total": "outputs"}
_KEPT = re.compile(r"^(weight|bias|total)_(?:gradients|velocities|squares)(?=\[)")
_NAME = re.compile(r"(weights|biases|outputs|inputs)((?:\[\d{1,9}\])+)")


def _of_diagram(name: str) -> str:
    """The name as the diagram has it; empty if it has no such part.

    Which sample an input is of makes no difference. What the backward pass keeps for a weight, a bias or a total is
    drawn at that weight, that bias, that neuron.
    """
    name = _KEPT.sub(lambda kept: _KEPT_FOR[kept[1]], name)
    match = _NAME.fullmatch(name)
    if match is None:
        return ""
    return "inputs" + match[2][match[2].rindex("[") :] if match[1] == "inputs" else name


def _ends(name: str) -> list[tuple[int, int]]:
    """The layers (of the diagram) and numbers of the neurons that a weight, bias, output or input belongs to."""
    match = _NAME.fullmatch(name)
    numbers = [int(n) for n in re.findall(r"\d+", match[2])] if match is not None else []
    match (match and match[1], numbers):
        case ("weights", [layer, neuron, source]):
            return [(layer, source), (layer + 1, neuron)]
        case ("biases" | "outputs", [layer, neuron]):
            return [(layer + 1, neuron)]
        case ("inputs", [*_, source]):
            return [(0, source)]
    return []


# ---------------------------------------------------------------- what they respond to


def _planes(model: NetworkModel, parameters: FloatArray, drawn: list[IntArray], rows: int) -> Maps:
    """For two inputs: what the neurons answer over the plane of the picture, where a layer has room for that."""
    net = model.network
    roomy = [layer for layer, chosen in enumerate(drawn) if rows >= MAP_CELLS * len(chosen)]
    if net.sizes[0] != 2 or not roomy or net.layout.size * MAP_COLUMNS * MAP_ROWS > MOST_WORK:
        return {}
    points = grid(plane(model), MAP_COLUMNS, MAP_ROWS)
    maps: Maps = {}
    if 0 in roomy:
        maps[0] = _as_maps(_within_one(points[:, drawn[0]]), (MAP_ROWS, MAP_COLUMNS))
    for layer, outputs in enumerate(outputs_by_layer(net, parameters, points), start=1):
        if layer in roomy:
            activation = net.output_activation if layer == len(net.sizes) - 1 else net.activation
            scaled = _scaled(outputs[:, drawn[layer]], activation)
            maps[layer] = _as_maps(scaled, (MAP_ROWS, MAP_COLUMNS))
        if layer == roomy[-1]:
            break
    return maps


def _images(model: NetworkModel, parameters: FloatArray, drawn: list[IntArray], rows: int) -> Maps:
    """For images: the weights that the first neurons give to the pixels, as images, where there is room for that."""
    shape = model.data.image_shape
    if shape is None or rows < (shape[0] // 2 + 1) * len(drawn[1]):
        return {}
    return {1: _as_maps(_within_one(model.network.weights(parameters)[0][drawn[1]].T), shape)}


def _scaled(outputs: Floats, activation: int) -> Floats:
    """Outputs as numbers from -1 to 1; those without bounds by the largest of each neuron."""
    if activation == TANH:
        return outputs
    if activation in (SIGMOID, SOFTMAX):
        return np.asarray(2.0 * outputs - 1.0)
    return _within_one(outputs)


def _within_one(columns: Floats) -> Floats:
    largest = np.abs(columns).max(axis=0)
    return np.asarray(columns / np.where(largest > 0, largest, 1.0))


def _as_maps(columns: Floats, shape: tuple[int, int]) -> tuple[tuple[tuple[float, ...], ...], ...]:
    """Each column of numbers as a map of rows."""
    safe = np.clip(np.nan_to_num(columns, nan=0.0), -1.0, 1.0)
    return tuple(tuple(tuple(row) for row in each) for each in safe.T.reshape(-1, *shape).tolist())
