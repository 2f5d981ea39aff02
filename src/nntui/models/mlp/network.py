"""One network as numbers: its sizes and codes, its data, and where each parameter lies. What all its rungs share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from nntui.models.mlp import loops
from nntui.models.model import Block, FloatArray, IntArray, Layout, Precise

ACTIVATIONS = {"tanh": loops.TANH, "relu": loops.RELU, "sigmoid": loops.SIGMOID, "linear": loops.LINEAR}
OUTPUTS = {**ACTIVATIONS, "softmax": loops.SOFTMAX}
OPTIMIZERS = {"sgd": loops.SGD, "momentum": loops.MOMENTUM, "adam": loops.ADAM}
LOSSES = {"mean squared error": loops.MEAN_SQUARED_ERROR, "cross-entropy": loops.CROSS_ENTROPY}


Rows: TypeAlias = list[Any]  # nested lists of numbers, a list for each layer


def name_of(code: int, names: dict[str, int]) -> str:
    """The name of a code."""
    return next(name for name, known in names.items() if known == code)


def layout_of(sizes: Sequence[int], train_biases: bool = True) -> Layout:
    """Lay the parameters out layer by layer: weights[layer], shape (neurons, sources), then biases[layer]."""
    blocks = []
    for layer, (sources, neurons) in enumerate(pairwise(sizes)):
        blocks.append(Block(f"weights[{layer}]", (neurons, sources)))
        blocks.append(Block(f"biases[{layer}]", (neurons,), trainable=train_biases))
    return Layout(blocks)


def places_of(sizes: Sequence[int]) -> IntArray:
    """The layer, neuron and source of each parameter in the order of the layout, shape (parameters, 3)."""
    rows = []
    for layer, (sources, neurons) in enumerate(pairwise(sizes)):
        neuron, source = np.divmod(np.arange(neurons * sources), sources)
        rows.append(np.stack([np.full_like(neuron, layer), neuron, source], axis=1))
        neuron = np.arange(neurons)
        rows.append(np.stack([np.full_like(neuron, layer), neuron, np.full_like(neuron, loops.BIAS)], axis=1))
    return np.concatenate(rows).astype(np.int64)


@dataclass(frozen=True)
class Network:
    """The fixed part of a network: all but its parameters."""

    sizes: tuple[int, ...]
    activation: int
    output_activation: int
    loss: int
    inputs: FloatArray  # (training samples, inputs)
    targets: FloatArray  # (training samples, outputs)
    test_inputs: FloatArray
    test_targets: FloatArray
    precision: int = 64
    train_biases: bool = True
    layout: Layout = field(init=False)
    places: IntArray = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "layout", layout_of(self.sizes, self.train_biases))
        object.__setattr__(self, "places", places_of(self.sizes))

    def split(self, name: str) -> tuple[FloatArray, FloatArray]:
        """Inputs and targets of `train` or `test`."""
        return (self.test_inputs, self.test_targets) if name == "test" else (self.inputs, self.targets)

    def weights(self, flat: NDArray[Precise]) -> tuple[NDArray[Precise], ...]:
        """weights[layer] as views into a flat array, each (neurons, sources)."""
        views = self.layout.views(flat)
        return tuple(views[f"weights[{layer}]"] for layer in range(len(self.sizes) - 1))

    def biases(self, flat: NDArray[Precise]) -> tuple[NDArray[Precise], ...]:
        """biases[layer] as views into a flat array, each (neurons,)."""
        views = self.layout.views(flat)
        return tuple(views[f"biases[{layer}]"] for layer in range(len(self.sizes) - 1))

    def listed(self, flat: FloatArray) -> tuple[Rows, Rows]:
        """A flat array as nested lists, weights[layer][neuron][source] and biases[layer][neuron]."""
        return [rows.tolist() for rows in self.weights(flat)], [row.tolist() for row in self.biases(flat)]

    def flat(self, weights: Rows, biases: Rows) -> FloatArray:
        """Such nested lists as a flat array again."""
        numbers: list[float] = []
        for rows, row in zip(weights, biases, strict=True):
            for each in rows:
                numbers.extend(each)
            numbers.extend(row)
        return np.array(numbers, np.float64)

    def scratch(self) -> list[list[float]]:
        """Room for outputs[layer][neuron]."""
        return [[0.0] * neurons for neurons in self.sizes[1:]]
