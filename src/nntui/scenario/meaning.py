"""What the tables of a lesson file must mean, beyond the types of their values: limits, names, data, the model.

Where a function is given a table twice, `given` is as it stands in the file, for what is there at all, and `table`
holds what of it fits (shape.py).
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from nntui import data as data_sets
from nntui import models
from nntui.data.dataset import Dataset
from nntui.messages import MOST_SHIFT, MOST_STEPS
from nntui.models.model import DataFacts, Problem
from nntui.models.plans import OPTIMIZERS
from nntui.scenario.lines import KeyPath
from nntui.scenario.schema import FORMAT, MOST_BEATS, MOST_CHOICES, MOST_SAY_COLUMNS
from nntui.scenario.shape import MISFIT, listed, quoted, wrong
from nntui.text import did_you_mean

MOST_SUMMARY = 160  # characters
MOST_SEED = 2**32 - 1
MOST_BATCH = 100_000
MOST_TWIST = 100.0
SMALLEST_SWEEP = 1e-12
SMALLEST_REACH, MOST_REACH = 1e-9, 1e6  # of a landscape
MOST_TENSOR_LINES = 200  # that make one array
MOST_TENSOR_LENGTH = 1_000_000  # of a dimension
MOST_LINE = 1_000_000  # of source, for a breakpoint
MOST_MODEL_KEYS = 100

MOST_LEARNING_RATE = 1_000.0
MOST_WEIGHT_DECAY = 1.0

METHODS = ("twist", "gradient")
RUNGS = ("loops", "numpy", "numba", "numba-simd", "numba-parallel", "numba-fused", "numba-generated")

Problems: TypeAlias = Iterator[Problem]

LIMITS: dict[str, dict[str, tuple[float, float]]] = {
    "data": {
        "samples": (1, data_sets.MOST_SAMPLES),
        "noise": (0, data_sets.MOST_NOISE),
        "seed": (0, MOST_SEED),
        "shift": (-MOST_SHIFT, MOST_SHIFT),
    },
    "training": {
        "batch_size": (1, MOST_BATCH),
        "weight_decay": (0, MOST_WEIGHT_DECAY),
    },
    "state": {
        "step": (0, MOST_STEPS),
        "kept": (0, MOST_STEPS),
        "since_step": (0, MOST_STEPS),
        "since_epoch": (0, MOST_STEPS),
        "sample": (0, MOST_STEPS),
        "event": (0, MOST_STEPS),
        "beat": (0, MOST_BEATS),
        "answered": (0, MOST_CHOICES),
        "optimizer_steps": (0, MOST_STEPS),
        "slope": (-MOST_TWIST, MOST_TWIST),
        "reach": (0, MOST_REACH),
        "sweep": (SMALLEST_SWEEP, MOST_TWIST),
    },
    "graph": {
        "sample": (0, MOST_STEPS),
        "step": (0, MOST_STEPS),
        "done": (0, MOST_STEPS),
        "at": (-1, MOST_STEPS),
        "passes": (0, MOST_STEPS),
        "pointed": (-1, MOST_STEPS),
    },
}


def check_limits(name: str, table: Mapping[str, Any], within: KeyPath = ()) -> Problems:
    """Hold the numbers of a table against their limits."""
    for key, (low, high) in LIMITS[name].items():
        if key in table and not low <= table[key] <= high:
            yield wrong((*within, name, key), f"goes from {low:,} to {high:,}, not {quoted(table[key])}")


def columns(text: str) -> int:
    """Return how many columns of a terminal a line takes: two for a wide character, none for a combining one."""
    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )


def unknown(path: KeyPath, name: Any, names: tuple[str, ...]) -> Problem:
    """Say that a name is unknown, and which it may be: the one most like it, or any."""
    hint = did_you_mean(name, names) if isinstance(name, str) else ""
    return wrong(path, f"{quoted(name)} is unknown{hint or f'; it is {listed(names)}'}")


# ---------------------------------------------------------------- the head


def check_head(table: Mapping[str, Any]) -> Problems:
    """Check format, title and summary."""
    if table.get("format", FORMAT) != FORMAT:
        yield wrong(("format",), f"must be {FORMAT}, not {quoted(table['format'])}")
    title, summary = table.get("title"), table.get("summary", "")
    if title is not None and not title.strip():
        yield wrong(("title",), "is empty; say what this is about")
    if columns(title or "") > MOST_SAY_COLUMNS:
        yield wrong(("title",), f"has {columns(title or ''):,} columns; the limit is {MOST_SAY_COLUMNS}")
    if len(summary) > MOST_SUMMARY:
        yield wrong(("summary",), f"has {len(summary):,} characters; the limit is {MOST_SUMMARY}")


# ---------------------------------------------------------------- [model]


def check_model(table: Mapping[str, Any], dataset: Dataset | None, has_data: bool) -> Problems:
    """Check [model]: its kind, and then whatever the kind says of the rest."""
    name, names = table.get("kind"), models.names()
    if name is None:
        yield wrong(("model", "kind"), f"is missing; it is {listed(names)}")
    elif name not in names:
        yield unknown(("model", "kind"), name, names)
    elif len(table) > MOST_MODEL_KEYS:
        yield wrong(("model",), f"has {len(table):,} keys; the limit is {MOST_MODEL_KEYS}")
    else:
        kind = models.kind(name)
        if kind.needs_data and not has_data:
            yield wrong(("data",), 'is missing; say what to learn from, such as name = "xor" below a line [data]')
        keys = {key: value for key, value in table.items() if key != "kind"}
        for problem in kind.check(keys, _facts(dataset)):
            yield Problem(("model", *problem.path), problem.sentence)


def _facts(dataset: Dataset | None) -> DataFacts | None:
    if dataset is None:
        return None
    return DataFacts(dataset.inputs.shape[1], dataset.output_choices(), dataset.name)


# ---------------------------------------------------------------- [training], [state]


def check_training(table: Mapping[str, Any]) -> Problems:
    """Check [training]."""
    yield from check_limits("training", table)
    for key, names in (("method", METHODS), ("rung", RUNGS), ("optimizer", tuple(OPTIMIZERS))):
        if key in table and table[key] not in names:
            yield unknown(("training", key), table[key], names)
    twist = table.get("twist", MOST_TWIST)
    if not 0 < twist <= MOST_TWIST:
        yield wrong(("training", "twist"), f"must be above 0 and at most {MOST_TWIST:g}, not {quoted(twist)}")
    rate = table.get("learning_rate", MOST_LEARNING_RATE)
    if not 0 < rate <= MOST_LEARNING_RATE:
        sentence = f"must be above 0 and at most {MOST_LEARNING_RATE:,g}, not {quoted(rate)}"
        yield wrong(("training", "learning_rate"), sentence)
    momentum = table.get("momentum", 0)
    if not 0 <= momentum < 1:
        yield wrong(("training", "momentum"), f"must be at least 0 and below 1, not {quoted(momentum)}")
    if table.get("precision") == 32 and table.get("rung", "loops") == "loops":
        sentence = "32 needs a rung above the loops, such as numpy or numba: there, Python computes in 64 bits"
        yield wrong(("training", "precision"), sentence)


def check_state(table: Mapping[str, Any], beats: int) -> Problems:
    """Check [state] as far as that goes without the model, which takes its parameters when it is opened."""
    yield from check_limits("state", table)
    yield from check_limits("graph", table.get("graph") or {}, within=("state",))
    yield from _check_tensor(table)
    if 0 < table.get("reach", 0) < SMALLEST_REACH:
        yield wrong(("state", "reach"), f"must be 0 or at least {SMALLEST_REACH:g}, not {quoted(table['reach'])}")
    if beats < table.get("beat", 0) <= MOST_BEATS:
        yield wrong(("state", "beat"), f"goes from 0 to {beats}, the beats that there are, not {table['beat']}")
    for number, line in enumerate(table.get("breakpoints", ())):
        if line is not MISFIT and not 1 <= line <= MOST_LINE:
            yield wrong(("state", "breakpoints", number), f"goes from 1 to {MOST_LINE:,}, not {quoted(line)}")
    for key in ("parameters", "velocities", "squares"):
        for name, rows in table.get(key, {}).items():
            if not _all_numbers(rows):
                yield wrong(("state", key, name), "must hold finite numbers only")


def _check_tensor(table: Mapping[str, Any]) -> Problems:
    """Check how much there is of the words that make an array, and of its dimensions."""
    lines = len(table.get("tensor", ()))
    if lines > MOST_TENSOR_LINES:
        yield wrong(("state", "tensor"), f"has {lines:,} items; the limit is {MOST_TENSOR_LINES}")
    for number, length in enumerate(table.get("tensor_shape", ())):
        if length is not MISFIT and not 1 <= length <= MOST_TENSOR_LENGTH:
            sentence = f"goes from 1 to {MOST_TENSOR_LENGTH:,}, not {quoted(length)}"
            yield wrong(("state", "tensor_shape", number), sentence)


def _all_numbers(rows: Any) -> bool:
    if isinstance(rows, list):
        return all(map(_all_numbers, rows))
    return isinstance(rows, int | float) and not isinstance(rows, bool) and math.isfinite(rows)
