"""From a scenario to a training run: its data set, its split, its model, its settings; and back to a scenario."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from nntui import data as data_sets
from nntui import models
from nntui.data.dataset import Dataset, split
from nntui.models.model import FloatArray, Look, ModelError
from nntui.scenario.schema import DataTable, Scenario, StateTable
from nntui.session.run.timeline import MEBIBYTE, Memory, Settings
from nntui.session.run.training import Training
from nntui.session.run.workshop import Preparer
from nntui.text import clean, did_you_mean


@dataclass(frozen=True)
class Splits:
    """A data set as a model is given it: what it trains on, what it is tested on, and what the columns mean."""

    name: str
    inputs: FloatArray
    targets: FloatArray
    test_inputs: FloatArray
    test_targets: FloatArray
    classes: tuple[str, ...]
    image_shape: tuple[int, int] | None
    threshold: float


def load_data(table: DataTable, folder: str) -> Dataset:
    """Load the data set of a `[data]` table; DataError where that is impossible."""
    if table.file is not None:
        from nntui.data.table import read_table

        dataset = read_table(Path(folder or ".") / table.file, table.inputs, table.targets)
        return dataset.shifted(table.shift)
    assert table.name is not None
    return data_sets.load(table.name, table.samples, table.noise, table.seed).shifted(table.shift)


def takes_noise(table: DataTable) -> bool:
    """Whether noise can be added to a data set: to what is generated, but for what is exact."""
    return table.name is not None and table.name != "digits" and table.name not in data_sets.EXACT


def split_data(dataset: Dataset, table: DataTable, outputs: int, low: float) -> Splits:
    """Split a data set into train and test, with targets for so many outputs."""
    targets = dataset.targets_for(outputs, low)
    train, test = split(len(dataset.inputs), table.test_share, table.seed)
    threshold = float(targets.min() + targets.max()) / 2 if outputs == 1 else 0.5
    return Splits(
        dataset.name, dataset.inputs[train], targets[train], dataset.inputs[test], targets[test],
        dataset.classes, dataset.image_shape, threshold,
    )  # fmt: skip


def build_model(scenario: Scenario, folder: str) -> Any:
    """Make the model of a scenario with its data; ModelError or DataError where they do not fit together."""
    table = {key: value for key, value in scenario.model.items() if key != "kind"}
    kind = models.kind(str(scenario.model["kind"]))
    splits = None
    facts = None
    if scenario.data is not None:
        dataset = load_data(scenario.data, folder)
        facts = models.DataFacts(dataset.inputs.shape[1], dataset.output_choices(), dataset.name)
    problems = kind.check(table, facts)
    if problems:
        raise ModelError(problems[0].sentence)
    if scenario.data is not None:
        outputs = kind.outputs(table)
        splits = split_data(dataset, scenario.data, outputs, kind.low(table))
    return kind.build(table, splits, scenario.training.precision)


def build_training(
    scenario: Scenario,
    folder: str,
    preparer: Preparer | None = None,
    budget: int = 64 * MEBIBYTE,
    parameters: FloatArray | None = None,
    moments: FloatArray | None = None,
) -> tuple[Training, Look]:
    """Make the training run of a scenario, at its start or, for a saved one, where it stands."""
    model = build_model(scenario, folder)
    t, state = scenario.training, scenario.state
    _check_rung(model, t.rung)
    seed = int(scenario.model.get("seed", 0))
    told = msgspec.structs.replace(scenario, state=None)
    if t.method not in model.directions:
        raise ModelError(f"this model has no method '{clean(t.method, 40)}'; it has {', '.join(model.directions)}")
    settings = Settings(
        told, model, seed, t.rung, t.method, t.twist, t.batch_size, learning_rate=t.learning_rate,
        momentum=t.momentum, optimizer=t.optimizer, weight_decay=t.weight_decay,
    )  # fmt: skip
    memory = Memory.begun(settings)
    flat, step, kept = model.initial(), 0, 0
    look = Look()
    if state is not None:
        flat, step, kept = _saved_blocks(model, "parameters", state.parameters, flat), state.step, state.kept
        memory = _saved_memory(model, state, memory)
        if state.since_step > state.step:
            raise ModelError(f"state.since_step goes from 0 to state.step, {state.step:,}, not {state.since_step:,}")
        settings = replace(settings, since_step=state.since_step, since_epoch=state.since_epoch)
        split = state.split if model.test_samples else "train"
        samples = model.test_samples if split == "test" else model.samples
        look = Look(min(state.sample, max(0, samples - 1)), state.input, split)
        if look.typed:
            if not np.isfinite(look.typed).all():
                raise ModelError("state.input must hold finite numbers only")
            model.see(flat, look)
    if parameters is not None:
        if parameters.shape != flat.shape:
            raise ModelError(f"this model has {len(flat):,} parameters, not {len(parameters):,}")
        flat = parameters
    if moments is not None:
        memory = Memory(moments.reshape(memory.moments.shape), memory.taken)
    more = {} if preparer is None else {"preparer": preparer}
    return Training(settings, flat, step, kept, budget, memory=memory, **more), look


def _check_rung(model: Any, name: str) -> None:
    """Raise ModelError where there is no such rung here."""
    info = model.rungs.get(name)
    if info is None:
        known = ", ".join(model.rungs)
        hint = did_you_mean(name, model.rungs) or f"; there are {known}"
        raise ModelError(f"there is no rung '{clean(name, 40)}'{hint}")
    if info.make is None:
        raise ModelError(f"the rung {name} is absent here: {info.absent}")


def _saved_memory(model: Any, state: StateTable, begun: Memory) -> Memory:
    """What the optimizer remembered; ModelError where that is not what this one remembers."""
    tables = {"velocities": state.velocities, "squares": state.squares}
    moments = begun.moments.copy()
    for row, (key, saved) in enumerate(tables.items()):
        if row < len(moments):
            moments[row] = _saved_blocks(model, key, saved, moments[row])
        elif saved:
            raise ModelError(f"state.{key} is nothing that the optimizer of this scenario remembers")
    if (moments[1:] < 0).any():
        raise ModelError("state.squares must hold no number below 0")
    return Memory(moments, state.optimizer_steps)


def _saved_blocks(model: Any, key: str, saved: dict[str, Any], initial: FloatArray) -> FloatArray:
    """Put saved blocks over the initial numbers; ModelError where one does not fit."""
    flat = initial.copy()
    views = model.layout.views(flat)
    for name, rows in saved.items():
        if name not in views:
            raise ModelError(f"state.{key} has a block '{name[:40]}', which this model has not")
        try:
            values = np.array(rows, np.float64)
        except (ValueError, TypeError):
            raise ModelError(f"state.{key}.'{name[:40]}' must hold numbers, in rows of one length") from None
        if values.shape != views[name].shape:
            raise ModelError(f"state.{key}.'{name[:40]}' must have the shape {views[name].shape}, not {values.shape}")
        views[name][...] = values
    return flat
