"""What a network looks like: its neurons in a table, and its answers over the plane, over a line, or to an image."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from nntui.messages import BarsView, Curve, CurvesView, MapView, NetworkView, Neuron, Result
from nntui.models.model import NO_MARKS, FloatArray, Look, Marks

if TYPE_CHECKING:
    from nntui.models.mlp.network_model import NetworkModel

MOST_NEURONS = 200  # of a table
MOST_POINTS = 2_000  # of the samples on a map
MARGIN = 0.2  # of the range of the samples, on each side of a map


def network(model: NetworkModel, parameters: FloatArray, look: Look) -> NetworkView:
    """The network as a table, with what each neuron answers to the sample looked at."""
    net = model.network
    inputs, target = model.looked_at(look)
    outputs = model.outputs(parameters, inputs)
    neurons: list[Neuron] = []
    for layer, (weights, biases) in enumerate(zip(net.weights(parameters), net.biases(parameters), strict=True)):
        for neuron in range(len(biases)):
            if len(neurons) < MOST_NEURONS:
                row = tuple(weights[neuron].tolist())
                neurons.append(Neuron(layer, neuron, float(biases[neuron]), row, outputs[layer][neuron]))
    activation, output_activation, loss = model.names()
    left_out = sum(net.sizes[1:]) - len(neurons)
    return NetworkView(
        net.sizes, activation, output_activation, inputs, tuple(neurons), left_out, target, look.name, loss
    )


def picture(
    model: NetworkModel, parameters: FloatArray, look: Look, size: tuple[int, int], marks: Marks = NO_MARKS
) -> Result:
    """A map for two inputs, a curve for one, an image with each class's score where there are pixels."""
    inputs, outputs = model.network.sizes[0], model.network.sizes[-1]
    if inputs == 2 and (outputs == 1 or len(model.data.classes) == 2):
        return _map(model, parameters, look, size)
    if inputs == 1:
        return _curve(model, parameters, size[0])
    return _scores(model, parameters, look, marks.pointed)


def _answers(model: NetworkModel, parameters: FloatArray, inputs: FloatArray) -> FloatArray:
    """One number a sample: the output, or for two classes the score of the second."""
    return model.answers(parameters, inputs)[:, -1]


def _threshold(model: NetworkModel) -> float:
    return model.data.threshold if model.network.sizes[-1] == 1 else 0.5


Plane: TypeAlias = tuple[tuple[float, float], tuple[float, float]]


def plane(model: NetworkModel) -> Plane:
    """The stretch of two inputs that a map shows: where the samples lie, and a margin around them."""
    low, high = model.network.inputs.min(axis=0), model.network.inputs.max(axis=0)
    margin = np.maximum(high - low, 1e-6) * MARGIN
    (left, bottom), (right, top) = (low - margin).tolist(), (high + margin).tolist()
    return (left, right), (bottom, top)


def grid(edges: Plane, columns: int, rows: int) -> FloatArray:
    """Points all over a plane, row by row from the top, (columns * rows, 2)."""
    (left, right), (bottom, top) = edges
    x, y = np.meshgrid(np.linspace(left, right, columns), np.linspace(top, bottom, rows))
    return np.stack([x.ravel(), y.ravel()], axis=1)


def _map(model: NetworkModel, parameters: FloatArray, look: Look, size: tuple[int, int]) -> MapView:
    net = model.network
    columns, rows = max(2, min(size[0], 200)), max(2, min(size[1], 100))
    (left, right), (bottom, top) = edges = plane(model)
    values = _answers(model, parameters, grid(edges, columns, rows)).reshape(rows, columns)
    threshold = _threshold(model)
    shown, targets = net.inputs[:MOST_POINTS], net.targets[:MOST_POINTS]
    good = np.ones(len(shown), bool)
    if model.data.classes:
        good = model.all_right(model.answers(parameters, shown), targets)
    points = tuple(
        (float(a), float(b), float(t), bool(g)) for (a, b), t, g in zip(shown, targets[:, -1], good, strict=True)
    )
    tested: tuple[float, float] | None = None
    if look.split == "test" and not look.typed:
        across, up = net.test_inputs[look.sample].tolist()
        tested = (across, up)
    return MapView(
        f"answers over the inputs, {model.data.name}", (left, right), (bottom, top),
        tuple(tuple(row) for row in values.tolist()), threshold, points, float((values > threshold).mean()),
        bool(model.data.classes), int((~good).sum()), len(points), tested,
    )  # fmt: skip


def _curve(model: NetworkModel, parameters: FloatArray, columns: int) -> CurvesView:
    net = model.network
    low, high = float(net.inputs.min()), float(net.inputs.max())
    margin = max(high - low, 1e-6) * MARGIN
    x = np.linspace(low - margin, high + margin, max(2, min(2 * columns, 400)))
    y = _answers(model, parameters, x[:, None])
    order = np.argsort(net.inputs[:MOST_POINTS, 0], kind="stable")
    return CurvesView(
        f"answers over the input, {model.data.name}", "input", "output",
        (
            Curve("output", tuple(x.tolist()), tuple(y.tolist())),
            Curve("samples", tuple(net.inputs[order, 0].tolist()), tuple(net.targets[order, -1].tolist())),
        ),
    )  # fmt: skip


def _scores(model: NetworkModel, parameters: FloatArray, look: Look, pointed: str) -> BarsView:
    seen = model.see(parameters, look)
    names = (
        model.data.classes
        if len(model.data.classes) == len(seen.outputs)
        else tuple(f"output {neuron}" for neuron in range(len(seen.outputs)))
    )
    target = ""
    if seen.target is not None and len(seen.target) == len(names) and model.data.classes:
        target = names[int(np.argmax(seen.target))]
    shape = model.data.image_shape
    image = np.reshape(seen.inputs, shape).tolist() if shape else []
    rows = tuple(tuple(row) for row in image)
    weights, name = _weights_image(model, parameters, pointed) if shape else ((), "")
    return BarsView(seen.name, names, seen.outputs, target, rows, seen.answer, seen.verdict, weights, name)


_OF_FIRST_LAYER = re.compile(r"(?:weights\[0\]|biases\[0\]|weights\[1\]\[[0-9]+\])\[([0-9]+)\](?:\[[0-9]+\])?")


def _weights_image(
    model: NetworkModel, parameters: FloatArray, pointed: str
) -> tuple[tuple[tuple[float, ...], ...], str]:
    """The weights that a neuron of the first layer gives to the pixels: of the one that is pointed at, or listened to.

    Nothing where the parameter pointed at belongs to no neuron of the first layer.
    """
    found = _OF_FIRST_LAYER.fullmatch(pointed)
    if found is None or model.data.image_shape is None:
        return (), ""
    neuron = int(found[1])
    image = model.network.weights(parameters)[0][neuron].reshape(model.data.image_shape)
    return tuple(tuple(row) for row in image.tolist()), f"weights[0][{neuron}]"
