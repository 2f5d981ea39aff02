"""The losses noted along a run, and how they look as curves."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from nntui import messages as m
from nntui.models.model import FloatArray, IntArray
from nntui.session.run.spent import AXES, AxisName, measured

if TYPE_CHECKING:
    from nntui.session.run.timeline import Settings
    from nntui.session.run.training import Training

CURVE_POINTS = 1024  # of a curve, at most twice as many
MOST_SHOWN = 400  # of these, in a view
MOST_MARKS = 20
NO_SIZE = m.AskView("loss").size  # asked for by those who have no columns

RESERVED = ("loss", "test loss", "ahead")  # the names of the run's own curves

Points = list[tuple[int, float]]


class LossCurve:
    """Losses at some steps of a run; when there are too many, every second one goes."""

    def __init__(self) -> None:
        self.points: dict[int, float] = {}
        self.stride = 1

    def __len__(self) -> int:
        return len(self.points)

    def note(self, steps: IntArray, losses: FloatArray) -> None:
        """Add losses."""
        chosen = steps % self.stride == 0
        self.points.update(zip(steps[chosen].tolist(), losses[chosen].tolist(), strict=True))
        while len(self.points) > 2 * CURVE_POINTS:
            self.stride *= 2
            self.points = {step: loss for step, loss in self.points.items() if step % self.stride == 0}

    def forget_from(self, step: int) -> None:
        """The future from this step on is no more."""
        self.points = {at: loss for at, loss in self.points.items() if at < step}

    def until(self, step: int) -> Points:
        """The losses up to a step, in order."""
        return sorted((at, loss) for at, loss in self.points.items() if at <= step)

    def after(self, step: int) -> Points:
        """The losses after a step, in order."""
        return sorted((at, loss) for at, loss in self.points.items() if at > step)

    def copy(self) -> LossCurve:
        """The same, to go on from."""
        twin = LossCurve()
        twin.points, twin.stride = dict(self.points), self.stride
        return twin


# ---------------------------------------------------------------- curves that are kept


class Pinned(msgspec.Struct, frozen=True, array_like=True):
    """A curve of the loss that is kept beside those to come: its name, its losses, and where they lie on each axis."""

    name: str
    losses: tuple[float, ...]
    steps: tuple[float, ...]
    predictions: tuple[float, ...]
    seconds: tuple[float, ...]

    def along(self, axis: AxisName) -> tuple[float, ...]:
        """Where its losses lie on an axis."""
        return {"steps": self.steps, "predictions": self.predictions, "seconds": self.seconds}[axis]


class Kept(msgspec.Struct, frozen=True, array_like=True):
    """What stands on the plot of the loss beside the run at hand, and the axis that it is drawn along."""

    pins: tuple[Pinned, ...] = ()
    axis: AxisName = "steps"


def pinned(run: Training, name: str) -> Pinned:
    """The curve of a run up to where it stands."""
    points = _thinned(_until_now(run), MOST_SHOWN)
    steps = np.array([step for step, _ in points])
    along = [tuple(measured(run, steps, axis).tolist()) for axis in AXES]
    return Pinned(name, tuple(loss for _, loss in points), *along)


def usual_name(settings: Settings) -> str:
    """What a curve is called that is given no name: by the method, or by what turns its gradient into a step."""
    by_gradient = settings.method == "gradient" and settings.optimizer != "sgd"
    return settings.optimizer if by_gradient else settings.method


def times_as_many(run: Training, pins: Sequence[Pinned], axis: AxisName = "predictions") -> float:
    """How many times as much the curve pinned last took to come down to a loss as this run, to one that both reached.

    `nan` where there is no such curve, or one of them has not moved.
    """
    if not pins:
        return math.nan
    _, (here, there) = compared(run, pins[-1:], axis)
    return there / here if here > 0 else math.nan


def compared(run: Training, pins: Sequence[Pinned], axis: AxisName) -> tuple[float, tuple[float, ...]]:
    """The lowest loss that a run and all pinned curves came down to, and where on the axis each of them first did."""
    points = _until_now(run)
    places = measured(run, np.array([step for step, _ in points]), axis).tolist()
    curves = [(places, [loss for _, loss in points])]
    curves += [(list(pin.along(axis)), list(pin.losses)) for pin in pins]
    level = max(min(losses) for _, losses in curves)
    return level, tuple(next(x for x, y in zip(xs, ys, strict=True) if y <= level) for xs, ys in curves)


# ---------------------------------------------------------------- how they look


def loss_view(
    run: Training, size: tuple[int, int], pins: Sequence[Pinned] = (), axis: AxisName = "steps"
) -> m.CurvesView:
    """The loss up to now, on the test samples too, that of the steps gone back from, and the curves that are kept."""
    most = MOST_SHOWN if size == NO_SIZE else max(2, min(2 * size[0], MOST_SHOWN))
    shown = {"loss": _until_now(run)}
    shown["test loss"] = _tests_until_now(run)
    shown["ahead"] = run.timeline.curve.after(run.step)
    curves, steps_of_loss = [], ()
    for name, points in shown.items():
        if points:
            thin = _thinned(points, most)
            steps = np.array([step for step, _ in thin])
            x = measured(run, steps, axis)
            curves.append(m.Curve(name, tuple(x.tolist()), tuple(loss for _, loss in thin)))
            if name == "loss" and axis != "steps":
                steps_of_loss = tuple(steps.tolist())
    curves += [m.Curve(pin.name, pin.along(axis), pin.losses) for pin in pins]
    level, reached = compared(run, pins, axis) if pins else (None, ())
    marks = [*run.timeline.marks, *_marks(run)][-MOST_MARKS:]
    places = measured(run, np.array([step for step, _ in marks] + [run.step], np.int64), axis).tolist()
    return m.CurvesView(
        "loss over the training samples", axis.removesuffix("s"), "loss", tuple(curves),
        tuple((place, what) for place, (_, what) in zip(places[:-1], marks, strict=True)), places[-1],
        tuple(pin.name for pin in pins), steps_of_loss, level, reached,
    )  # fmt: skip


def _until_now(run: Training) -> Points:
    """The losses up to where the run stands, and the one there."""
    past = [point for point in run.timeline.curve.until(run.step) if point[0] != run.step]
    return [*past, (run.step, run.loss())]


def _tests_until_now(run: Training) -> Points:
    """The losses on the test samples; at rest that of where one stands as well, which a plot's title names."""
    points = run.timeline.test_curve.until(run.step)
    if points and not run.running and points[-1][0] != run.step:
        points.append((run.step, run.settings.model.loss(run.parameters, "test")))
    return points


def _thinned(points: Points, most: int) -> Points:
    """At most so many points: every second, fourth, ... so that the same ones stay as a curve grows; the last."""
    apart = 1
    while len(points) > apart * (most - 1):
        apart *= 2
    shown = points[::apart]
    if shown[-1] != points[-1]:
        shown.append(points[-1])
    return shown


def marks_behind(run: Training) -> list[tuple[int, str]]:
    """What was changed by hand up to where a run stands."""
    return [*run.timeline.marks, *_marks(run, run.made)]


def _marks(run: Training, most: int | None = None) -> Iterator[tuple[int, str]]:
    """What was changed by hand, and at which step, at most so often; what waits in the future, too."""
    settings = run.timeline.keyframes[0].settings
    for edit in run.timeline.edits[:most]:
        what = "edit" if edit.settings is None else ", ".join(_changed(settings, edit.settings))
        settings = edit.settings or settings
        if what:
            yield edit.step, what


def _changed(old: Settings, new: Settings) -> Iterator[str]:
    if new.rung != old.rung:
        yield f"rung {new.rung}"
    if new.method != old.method:
        yield f"method {new.method}"
    if new.learning_rate != old.learning_rate:
        yield f"rate {new.learning_rate:g}"
    if new.optimizer != old.optimizer:
        yield f"optimizer {new.optimizer}"
    if new.momentum != old.momentum:
        yield f"momentum {new.momentum:g}"
    if new.weight_decay != old.weight_decay:
        yield f"weight decay {new.weight_decay:g}"
    if new.twist != old.twist:
        yield f"twists ±{new.twist:g}"
    if new.batch_size != old.batch_size:
        yield f"batch {new.batch_size}"
    model, before = new.scenario.model, old.scenario.model
    yield from (f"{key} {value}" for key, value in model.items() if before.get(key) != value)
