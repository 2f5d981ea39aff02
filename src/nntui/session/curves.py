"""The losses noted along a run, and how they look as curves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nntui import messages as m
from nntui.models.model import FloatArray, IntArray

if TYPE_CHECKING:
    from nntui.session.timeline import Settings
    from nntui.session.training import Training

CURVE_POINTS = 1024  # of a curve, at most twice as many
MOST_SHOWN = 400  # of these, in a view
MOST_MARKS = 20
NO_SIZE = m.AskView("loss").size  # asked for by those who have no columns

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


# ---------------------------------------------------------------- how they look


def loss_view(run: Training, size: tuple[int, int]) -> m.CurvesView:
    """The loss up to now, on the test samples too, and that of the steps that one has gone back from."""
    most = MOST_SHOWN if size == NO_SIZE else max(2, min(2 * size[0], MOST_SHOWN))
    past = [point for point in run.timeline.curve.until(run.step) if point[0] != run.step]
    curves = [_curve("loss", [*past, (run.step, run.loss())], most)]
    for name, points in (
        ("test loss", run.timeline.test_curve.until(run.step)),
        ("ahead", run.timeline.curve.after(run.step)),
    ):
        if points:
            curves.append(_curve(name, points, most))
    marks = tuple(_marks(run))[-MOST_MARKS:]
    return m.CurvesView("loss over the training samples", "step", "loss", tuple(curves), marks, float(run.step))


def _curve(name: str, points: Points, most: int) -> m.Curve:
    """A curve of at most so many points: every second, fourth, ... so that the same ones stay as it grows; the last."""
    apart = 1
    while len(points) > apart * (most - 1):
        apart *= 2
    shown = points[::apart]
    if shown[-1] != points[-1]:
        shown.append(points[-1])
    return m.Curve(name, tuple(float(step) for step, _ in shown), tuple(loss for _, loss in shown))


def _marks(run: Training) -> Iterator[tuple[float, str]]:
    """What was changed by hand, and at which step; what waits in the future, too."""
    settings = run.timeline.keyframes[0].settings
    for edit in run.timeline.edits:
        what = "edit" if edit.settings is None else ", ".join(_changed(settings, edit.settings))
        settings = edit.settings or settings
        if what:
            yield float(edit.step), what


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
