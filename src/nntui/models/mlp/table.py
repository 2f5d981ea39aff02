"""The `[model]` table of a network: what a lesson file may say of it, and what is wrong where it is wrong."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from nntui.models.mlp.network import ACTIVATIONS, LOSSES, OUTPUTS, layout_of
from nntui.models.model import DataFacts, FloatArray, Problem
from nntui.text import clean, did_you_mean

MOST_LAYERS = 32  # layers of neurons
MOST_NEURONS = 20_000  # in one layer
MOST_PARAMETERS = 4_000_000
MOST_SEED = 2**32 - 1

KEYS = ("layers", "activation", "output", "loss", "seed", "weights", "biases", "train")
TRAINED = ("all", "weights")  # what training changes: with "weights", biases keep their values


@dataclass(frozen=True)
class NetworkTable:
    """A `[model]` table without problems; weights and biases are None where they are drawn."""

    layers: tuple[int, ...]
    activation: str = "tanh"
    output: str = "tanh"
    loss: str = "mean squared error"
    seed: int = 0
    weights: Any = None
    biases: Any = None
    train: str = "all"

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> NetworkTable:
        """Fill in the defaults: cross-entropy asks for softmax, everything else is tanh."""
        known = {key: table[key] for key in KEYS if key in table}
        known["layers"] = tuple(table["layers"])
        if known.get("loss") == "cross-entropy":
            known.setdefault("output", "softmax")
        return cls(**known)

    def initial(self) -> FloatArray:
        """The parameters at step 0, as given, or drawn from the seed in the order layer, neuron, source.

        A drawn weight is uniform in ±min(1, sqrt(6 / (sources + neurons))), the range of Glorot and Bengio (2010,
        eq. 16) cut at 1, so that small networks have weights that fit in a head; biases begin at 0.
        """
        layout = layout_of(self.layers)
        flat = np.zeros(layout.size)
        views = layout.views(flat)
        dice = random.Random(self.seed)  # noqa: S311 - not for secrets, and the same on every Python
        for layer, (sources, neurons) in enumerate(pairwise(self.layers)):
            if self.weights is not None:
                views[f"weights[{layer}]"][:] = self.weights[layer]
            else:
                reach = min(1.0, math.sqrt(6.0 / (sources + neurons)))
                drawn = [dice.uniform(-reach, reach) for _ in range(sources * neurons)]
                views[f"weights[{layer}]"][:] = np.reshape(drawn, (neurons, sources))
            if self.biases is not None:
                views[f"biases[{layer}]"][:] = self.biases[layer]
        return flat


def check(table: Mapping[str, Any], data: DataFacts | None) -> list[Problem]:
    """List everything that is wrong with a `[model]` table (without its `kind`)."""
    problems = [
        Problem((key,), f"model.{clean(key, 40)} is unknown{did_you_mean(key, KEYS)}")
        for key in table
        if key not in KEYS
    ]
    problems += _check_layers(table.get("layers"), data)
    problems += _check_names(table)
    seed = table.get("seed", 0)
    if not _is_whole(seed) or not 0 <= seed <= MOST_SEED:
        problems.append(
            Problem(("seed",), f"model.seed must be a whole number from 0 to {MOST_SEED:,}, not {_say(seed)}")
        )
    if not any(problem.path[0] == "layers" for problem in problems):
        sizes = table["layers"]
        problems += _check_rows("weights", table.get("weights"), sizes)
        problems += _check_rows("biases", table.get("biases"), sizes)
    return problems


def _check_layers(layers: Any, data: DataFacts | None) -> list[Problem]:
    if layers is None:
        return [Problem(("layers",), "model.layers is missing; it lists the sizes, such as layers = [2, 4, 2, 1]")]
    if not isinstance(layers, (list, tuple)) or not all(_is_whole(size) for size in layers):
        return [Problem(("layers",), "model.layers must be a list of whole numbers, such as [2, 4, 2, 1]")]
    sentence = size_problem(layers, data)
    return [Problem(("layers",), f"model.{sentence}")] if sentence else []


def size_problem(layers: Any, data: DataFacts | None) -> str:
    """Why these layer sizes will not do, in one sentence that begins with "layers"; empty where they will."""
    if not 2 <= len(layers) <= MOST_LAYERS + 1:
        return f"layers must have from 2 to {MOST_LAYERS + 1} sizes, inputs and outputs counted, not {len(layers):,}"
    if not all(1 <= size <= MOST_NEURONS for size in layers):
        wrong = next(size for size in layers if not 1 <= size <= MOST_NEURONS)
        return f"layers must have sizes from 1 to {MOST_NEURONS:,}, not {_say(wrong)}"
    parameters = sum((sources + 1) * neurons for sources, neurons in pairwise(layers))
    if parameters > MOST_PARAMETERS:
        return f"layers would make {parameters:,} weights and biases; the limit is {MOST_PARAMETERS:,}"
    if data and layers[0] != data.inputs:
        return f"layers must begin with {data.inputs}, the inputs of {data.name}, not {layers[0]}"
    if data and layers[-1] not in data.output_choices:
        right = " or ".join(str(choice) for choice in data.output_choices)
        return f"layers must end with {right}, the outputs for {data.name}, not {layers[-1]}"
    return ""


def _check_names(table: Mapping[str, Any]) -> list[Problem]:
    problems = []
    checked: tuple[tuple[str, Iterable[str]], ...] = (
        ("activation", ACTIVATIONS), ("output", OUTPUTS), ("loss", LOSSES), ("train", TRAINED)
    )  # fmt: skip
    for key, names in checked:
        name = table.get(key)
        if name is not None and (not isinstance(name, str) or name not in names):
            known = ", ".join(names)
            hint = did_you_mean(name, names) if isinstance(name, str) else ""
            problems.append(Problem((key,), f"model.{key} {_say(name)} is unknown; it is one of {known}{hint}"))
    softmax, entropy = table.get("output") == "softmax", table.get("loss") == "cross-entropy"
    if not problems and "output" in table and softmax != entropy:
        problems.append(Problem(("output",), 'model.output "softmax" and loss "cross-entropy" go together'))
    if (
        not problems
        and entropy
        and isinstance(table.get("layers"), (list, tuple))
        and table["layers"][-1:] in ([1], (1,))
    ):
        problems.append(Problem(("loss",), "model.loss cross-entropy needs an output for each class, not a single one"))
    return problems


def _check_rows(key: str, rows: Any, sizes: Any) -> list[Problem]:
    """Check that weights (or biases) have exactly the sizes that the layers ask for."""
    if rows is None:
        return []
    if not isinstance(rows, (list, tuple)) or len(rows) != len(sizes) - 1:
        return [Problem((key,), f"model.{key} must hold {len(sizes) - 1} lists, one for each layer after the inputs")]
    for layer, (sources, neurons) in enumerate(pairwise(sizes)):
        shape = (neurons, sources) if key == "weights" else (neurons,)
        sentence = _shape_problem(rows[layer], shape)
        if sentence:
            return [Problem((key,), f"model.{key}[{layer}] {sentence}")]
    return []


def _shape_problem(rows: Any, shape: tuple[int, ...]) -> str:
    if not isinstance(rows, (list, tuple)) or len(rows) != shape[0]:
        count = f"{len(rows):,}" if isinstance(rows, (list, tuple)) else "something else than a list"
        return f"must hold {shape[0]} {'rows, one for each neuron' if len(shape) == 2 else 'numbers'}, not {count}"
    if len(shape) == 2:
        return next((problem for row in rows if (problem := _shape_problem(row, shape[1:]))), "")
    if not all(_is_finite(number) for number in rows):
        return "must hold finite numbers only"
    return ""


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_finite(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number larger than any float
        return False


def _say(value: Any) -> str:
    """What was given instead; a whole number of thousands of digits is one that Python refuses to print."""
    if isinstance(value, str):
        return f"'{clean(value, 40)}'"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return f"{value:,}" if abs(value) < 10**18 else "a number of more than 18 digits"
    if isinstance(value, (list, tuple)):
        return "a list"
    return "a table" if isinstance(value, Mapping) else str(value)[:40]
