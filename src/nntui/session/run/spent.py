"""What a run has cost up to each of its steps: predictions, which are counted, and seconds, which are measured."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from nntui.models.model import FloatArray, IntArray
from nntui.session.run.dice import Batches

if TYPE_CHECKING:
    from nntui.session.run.timeline import Settings
    from nntui.session.run.training import Training

AxisName: TypeAlias = Literal["steps", "predictions", "seconds"]
AXES: tuple[AxisName, ...] = ("steps", "predictions", "seconds")

MOST_TIMES = 2048  # that are noted of a run
LOSSES_OF_A_TWIST = 2  # before it and after it, each over the batch


class Times:
    """How long training had taken by some steps of a run; when there are too many, every second one goes."""

    def __init__(self) -> None:
        self.points: dict[int, float] = {}
        self.stride = 1

    @property
    def size(self) -> int:
        """Bytes, about."""
        return 100 * len(self.points)

    def note(self, first: int, steps: int, seconds: float) -> None:
        """Add that these steps, from `first` on, took so long together; those behind them keep their own time."""
        until, before = (float(seconds) for seconds in self.at(np.array([first, first + steps])))
        later = until + seconds - before
        ends = np.arange(1, steps + 1)
        chosen = ((first + ends) % self.stride == 0) | (ends == steps)
        at, spent = first + ends[chosen], until + seconds * ends[chosen] / max(1, steps)
        self.points = {s: t + later if s > first + steps else t for s, t in self.points.items()}
        self.points.setdefault(first, until)
        self.points.update(zip(at.tolist(), spent.tolist(), strict=True))
        while len(self.points) > MOST_TIMES:
            self.stride *= 2
            ends_at = max(self.points)
            self.points = {s: t for s, t in self.points.items() if s % self.stride == 0 or s == ends_at}

    def forget_from(self, step: int) -> None:
        """The future behind this step is no more."""
        here = float(self.at(np.array([step]))[0])
        kept = {at: seconds for at, seconds in self.points.items() if at < step}
        self.points = {**kept, step: here} if self.points else {}

    def at(self, steps: IntArray) -> FloatArray:
        """How long training had taken by these steps; between those noted as if all steps took as long."""
        return between(self.points, steps)

    def copy(self) -> Times:
        """The same, to go on from."""
        twin = Times()
        twin.points, twin.stride = dict(self.points), self.stride
        return twin


def between(points: dict[int, float], steps: IntArray) -> FloatArray:
    """What was noted at some steps, and between them as if each step added as much; 0 where nothing was."""
    if not points:
        return np.zeros(len(steps))
    exact = [points.get(step) for step in steps.tolist()]
    if None not in exact:
        return np.array(exact, np.float64)
    known = np.fromiter(points, np.float64, len(points))
    noted = np.fromiter(points.values(), np.float64, len(points))
    order = np.argsort(known, kind="stable")
    return np.interp(steps, known[order], noted[order])


def predictions(run: Training, steps: IntArray) -> FloatArray:
    """How many predictions of one sample the run had cost by each of these steps, since it began.

    It is counted by what each step does, whatever rung did it: a twist computes the loss of its batch twice, a step
    downhill its gradient once. The settings of the time decide, also of what waits in the future.
    """
    stretches = [(run.first_step, run.timeline.keyframes[0].settings)]
    stretches += [(edit.step, edit.settings) for edit in run.timeline.edits if edit.settings is not None]
    total = between(run.timeline.costs, steps)
    for number, (first, settings) in enumerate(stretches):
        last = stretches[number + 1][0] if number + 1 < len(stretches) else np.iinfo(np.int64).max
        inside = np.clip(steps, first, last)
        s = settings
        batches = Batches(s.model.samples, s.batch_size, s.seed, s.since_step, s.since_epoch)
        seen = batches.visited(inside) - batches.visited(np.array([first]))
        total += seen * sample_cost(settings)
    return total


def sample_cost(settings: Settings) -> float:
    """What one sample of a step's batch costs, in predictions."""
    return settings.model.gradient_cost if settings.method == "gradient" else float(LOSSES_OF_A_TWIST)


def measured(run: Training, steps: IntArray, axis: AxisName) -> FloatArray:
    """Steps along an axis of the plot."""
    if axis == "predictions":
        return predictions(run, steps)
    return run.timeline.times.at(steps) if axis == "seconds" else steps.astype(np.float64)
