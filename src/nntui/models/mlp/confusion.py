"""Which classes a network takes for which: how often samples of each class are answered as each class."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nntui.messages import ConfusionView, Split
from nntui.models.model import FloatArray, IntArray, ModelError

if TYPE_CHECKING:
    from nntui.models.mlp.network_model import NetworkModel

MOST_CLASSES = 20  # of a table that can still be read
MOST_MISTAKES = 500  # sample numbers that are told


def confusion(model: NetworkModel, parameters: FloatArray) -> ConfusionView:
    """Count the answers to the test split (to the training split, where nothing is kept back), class by class."""
    classes = model.data.classes
    if not classes:
        raise ModelError(f"{model.data.name} has no classes that could be confused")
    if len(classes) > MOST_CLASSES:
        raise ModelError(f"a table of {len(classes):,} classes is too large; {MOST_CLASSES} is the most")
    split: Split = "test" if model.test_samples else "train"
    inputs, targets = model.network.split(split)
    wanted = class_numbers(model, targets)
    answered = class_numbers(model, model.answers(parameters, inputs))
    counts = np.zeros((len(classes), len(classes)), np.int64)
    np.add.at(counts, (wanted, answered), 1)
    wrong = np.flatnonzero(wanted != answered)[:MOST_MISTAKES]
    cells = tuple((int(n), int(wanted[n]), int(answered[n])) for n in wrong)
    rows = tuple(tuple(row) for row in counts.tolist())
    return ConfusionView(split, classes, rows, len(inputs), int(np.trace(counts)), cells)


def class_numbers(model: NetworkModel, rows: FloatArray) -> IntArray:
    """The class that each row of outputs (or of targets) names, shape (samples,)."""
    if rows.shape[1] == 1:
        return (rows[:, 0] > model.data.threshold).astype(np.int64)
    return np.asarray(rows.argmax(axis=1), np.int64)
