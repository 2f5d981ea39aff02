"""The losses over whole splits that are noted along a run: seldom enough to cost little, more often early on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nntui.messages import Fact, Measured
from nntui.models.model import FloatArray, IntArray
from nntui.models.plans import Rung

if TYPE_CHECKING:
    from nntui.session.run.training import Training

MEASURE_EVERY = 40  # a loss over the whole split is measured once in about so many times its own cost
EARLY = ((0.5, 16), (4.0, 4))  # ... but up to so many times that, so many times as often: the curve is steep there
NEVER = 1_000_000_000  # steps


def note_losses(run: Training, steps: IntArray, before: FloatArray, rung: Rung, facts: list[Fact]) -> None:
    """Add to the curves of a run, which has just taken these steps, each from a loss `before` over its batch.

    Where a batch is the whole split, these are losses of the curve; else one is measured where it is due.
    """
    full, curves = run.batches.full, run.timeline
    if full:
        curves.curve.note(steps, before)
    end = int(steps[-1]) + 1
    if not _measures(run) or end % _stride(run, end - 1):
        return
    if not full:
        loss = _measured(run, rung, "train")
        curves.curve.note(np.array([end]), np.array([loss]))
        facts.append(Measured(end, loss))
    if run.settings.model.test_samples:
        curves.test_curve.note(np.array([end]), np.array([_measured(run, rung, "test")]))


def steps_to_next_measurement(run: Training) -> int:
    """After how many steps from where a run stands a loss over a whole split is due."""
    if not _measures(run):
        return NEVER
    stride = _stride(run, run.step)
    return stride - run.step % stride


def _measures(run: Training) -> bool:
    """Whether there is a loss to be measured on the way: steps whose batch is the whole split tell their own."""
    return not run.batches.full or run.settings.model.test_samples > 0


def _measured(run: Training, rung: Rung, split: str) -> float:
    """The loss over a whole split, by the quickest there is."""
    model = run.settings.model
    return model.loss(run.parameters, split) if model.rungs[run.settings.rung].traced else rung.loss(split)


def _stride(run: Training, step: int) -> int:
    """Every how many steps losses over whole splits are measured, at about `step`: so that it is cheap."""
    model = run.settings.model
    often = max(1, MEASURE_EVERY * (model.samples + model.test_samples) // run.batches.size)
    return next((max(1, often // finer) for until, finer in EARLY if step < until * often), often)
