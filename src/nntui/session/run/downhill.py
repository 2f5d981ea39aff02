"""Steps by the gradient, looked at one by one: what a single one did, and which one left the finite numbers."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from nntui.messages import Descended
from nntui.models.model import FloatArray, Model
from nntui.models.plans import Descent, GradientPlan, Plan, Rung


def descended(
    step: int, model: Model, plan: GradientPlan, outcome: Descent, before: FloatArray, after: FloatArray, full: bool
) -> Descended:
    """Tell a single step downhill by the parameters before and after it; `full`: its batch was the whole split."""
    trainable = model.layout.trainable
    gradient = model.gradient(before, plan.order if model.samples else None)[trainable]
    largest = int(trainable[np.abs(after - before)[trainable].argmax()])
    return Descended(
        step, float(outcome.before[0]), model.loss(after), float(np.linalg.norm(gradient)),
        model.layout.address(largest), float(before[largest]), float(after[largest]),
        float(outcome.before[0]) if full else model.loss(before),
    )  # fmt: skip


def is_finite(parameters: FloatArray, outcome: Descent) -> bool:
    """Whether all that steps left behind is: a curve may bend an infinite weight into a finite loss."""
    return all(bool(np.isfinite(numbers).all()) for numbers in (parameters, outcome.moments, outcome.before))


def steps_until_overflow(rung: Rung, start: FloatArray, steps: int, plan: Callable[[int], Plan]) -> int:
    """How many of some planned steps, not all of which do, leave all numbers finite: found by halving."""
    good = 0
    while steps - good > 1:
        middle = (good + steps) // 2
        rung.load(start)
        work = rung.start(plan(middle))
        work.run(math.inf)
        outcome = work.outcome
        if isinstance(outcome, Descent) and is_finite(rung.store(), outcome):
            good = middle
        else:
            steps = middle
    return good
