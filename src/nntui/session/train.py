"""`nntui train`: a training run without questions, told in sentences or as one JSON object a line."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TextIO, TypeAlias

import msgspec
import numpy as np

from nntui.messages import Error, Fact, Overflowed
from nntui.models.model import FloatArray, Look, ModelError
from nntui.scenario.schema import Scenario
from nntui.session.run.training import Training
from nntui.session.setup import build_training

Advance: TypeAlias = Callable[[int], list[Fact]]

REPORTS = 50  # of the loss on the way, about


@dataclass(frozen=True)
class Report:
    """Where a run stands. Seconds are those of training alone, without compiling or measuring."""

    step: int
    loss: float
    samples_per_second: float


def wanted(scenario: Scenario, rung: str | None, seed: int | None) -> Scenario:
    """A scenario on another rung or from another seed, if asked for."""
    if rung is not None:
        scenario = msgspec.structs.replace(scenario, training=msgspec.structs.replace(scenario.training, rung=rung))
    if seed is not None:
        scenario = msgspec.structs.replace(scenario, model={**scenario.model, "seed": seed})
    return scenario


def prepare(scenario: Scenario, folder: str) -> Training:
    """Make the training run of a scenario."""
    training, _ = build_training(scenario, folder)
    return ready(training)


def ready(training: Training) -> Training:
    """Have its rung made ready; ModelError where that is impossible."""
    facts: list[Fact] = []
    training.ready(facts)
    errors = [fact.sentence for fact in facts if isinstance(fact, Error)]
    if errors:
        raise ModelError(errors[0])
    return training


def reports(training: Training, steps: int, advance: Advance | None = None) -> Iterator[Report]:
    """Train, and report at step 0, some fifty times on the way, and at the end; `advance` takes the steps instead."""
    stride = max(1, math.ceil(steps / REPORTS))
    end = training.step + steps
    samples, seconds = 0, 0.0
    yield Report(training.step, training.loss(), 0.0)
    while training.step < end:
        todo = min(stride, end - training.step)
        first = training.step
        began = time.perf_counter()
        facts = (advance or partial(_advance, training))(todo)
        seconds += time.perf_counter() - began
        samples += _samples(training, first)
        yield Report(training.step, training.loss(), samples / seconds if seconds else 0.0)
        overflow = [fact for fact in facts if isinstance(fact, Overflowed)]
        if overflow:
            raise ModelError(_no_number(overflow[0]))


def _advance(training: Training, steps: int) -> list[Fact]:
    training.run(steps)
    return training.work(math.inf)


def _no_number(found: Overflowed) -> str:
    if math.isfinite(found.loss):
        return f"the step from step {found.step:,} on would leave a weight that is no finite number"
    return f"the loss is {found.loss} at step {found.step:,}: no finite number any more"


def _samples(training: Training, first: int) -> int:
    """How many samples the steps since `first` have learned from."""
    batches = training.batches
    if not training.settings.model.samples:
        return training.step - first
    return int(batches.of(first, training.step - first)[1][-1])


def finished(training: Training, last: Report) -> dict[str, Any]:
    """The last object of `--json`."""
    model, parameters = training.settings.model, training.parameters
    found: dict[str, Any] = {
        "event": "finished",
        "step": last.step,
        "loss": number(last.loss),
        "test_loss": number(model.loss(parameters, "test")) if model.test_samples else None,
    }
    if "test_accuracy" in model.reading_names():
        accuracy = model.reading(parameters, Look(), "test_accuracy") if model.test_samples else None
        found["test_accuracy"] = accuracy
    return {**found, "samples_per_second": number(last.samples_per_second), "rung": training.settings.rung,
            "method": training.settings.method, "kept": training.kept, "seed": training.settings.seed}  # fmt: skip


def number(value: float) -> float | None:
    """A number as JSON knows it; null for what is not finite."""
    return value if math.isfinite(value) else None


def save_parameters(path: Path, training: Training, initial: FloatArray) -> None:
    """Write the final and the initial parameters, one array for each block."""
    layout = training.settings.model.layout
    arrays = dict(layout.views(training.parameters))
    arrays |= {f"initial_{name}": block for name, block in layout.views(initial).items()}
    with path.open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)


def as_json(report: Report) -> str:
    """One line of `--json`."""
    return json.dumps(
        {"step": report.step, "loss": number(report.loss), "samples_per_second": number(report.samples_per_second)}
    )


@contextmanager
def progress(steps: int, file: TextIO) -> Iterator[Callable[[Report], None]]:
    """A progress bar on a terminal; nothing elsewhere."""
    if not file.isatty():
        yield lambda report: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (BarColumn(), TextColumn("step {task.completed:,.0f}  {task.description}"), TimeRemainingColumn())
    with Progress(*columns, console=Console(file=file), transient=True) as bar:
        task = bar.add_task("", total=steps)

        def show(report: Report) -> None:
            said = f"loss {report.loss:.5g}  {report.samples_per_second:,.0f} samples a second"
            bar.update(task, completed=report.step, description=said)

        yield show
