"""The course of a race: one plan of whole epochs, its dice cast once, that every rung is given over and over."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from nntui.models.model import FloatArray
from nntui.models.plans import OPTIMIZERS, GradientPlan, Plan, TwistPlan
from nntui.session.run.dice import Batches, plan
from nntui.session.run.timeline import Settings

ENOUGH = 5e8  # operations of a plan: some milliseconds of the fastest rung, so that a call costs nothing beside them
MOST_SAMPLES = 300_000  # of a plan: more of a small network would only take long to deal out


@dataclass(frozen=True)
class Course:
    """What each rung starts from and works on: these parameters, this plan again and again.

    `epoch` is how many samples an epoch has; of a model without data a step counts as a sample.
    """

    parameters: FloatArray
    plan: Plan
    epoch: int

    @property
    def batch(self) -> int:
        """The samples of the largest step."""
        return max(1, int(np.diff(self.plan.starts).max(initial=1)))


def course(settings: Settings, parameters: FloatArray, step: int, operations: float) -> Course:
    """The course of a training run: whole epochs from this step on, so many that a plan is worth a call.

    `operations` are those of one sample. Of the optimizer's memory nothing is taken: every rung begins without.
    """
    s, samples = settings, settings.model.samples
    batches = Batches(samples, s.batch_size, s.seed, s.since_step, s.since_epoch)
    first = batches.first_step(batches.epoch(step))
    epoch = samples or 1
    epochs = max(1, math.ceil(min(ENOUGH / max(1.0, operations), MOST_SAMPLES) / epoch))
    steps = epochs * batches.steps_per_epoch
    if s.method != "gradient":
        return Course(parameters, plan(s.seed, first, steps, s.model.layout.trainable, s.twist, batches), epoch)
    order, starts = batches.of(first, steps)
    moments = np.zeros((OPTIMIZERS[s.optimizer], len(parameters)))
    downhill = GradientPlan(order, starts, s.optimizer, s.learning_rate, s.momentum, s.weight_decay, moments)
    return Course(parameters, downhill, epoch)


def part(whole: Plan, first: int, steps: int) -> Plan:
    """Some steps of a plan, as a plan."""
    if not first and steps == whole.steps:
        return whole
    starts = whole.starts[first : first + steps + 1]
    order, starts = whole.order[starts[0] : starts[-1]], starts - starts[0]
    if isinstance(whole, TwistPlan):
        chosen = slice(first, first + steps)
        return TwistPlan(whole.parameters[chosen], whole.amounts[chosen], order, starts)
    return replace(whole, order=order, starts=starts)


def shortened(whole: Plan, samples: int) -> Plan:
    """The same steps, each on its first few samples only."""
    sizes = np.minimum(np.diff(whole.starts), samples)
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    places = np.repeat(whole.starts[:-1] - starts[:-1], sizes) + np.arange(starts[-1])
    return replace(whole, order=whole.order[places], starts=starts)
