"""Makes what lies behind a run of it, and lets it lie behind one that is taken up."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeAlias

import msgspec
import numpy as np

from nntui.models.model import FloatArray
from nntui.session.run.behind import MOST_LABEL, MOST_MARKS, MOST_ROWS, MOST_WIDE, NARROW, WIDE, Behind
from nntui.session.run.curves import LossCurve, marks_behind
from nntui.session.run.spent import Times, predictions

if TYPE_CHECKING:
    from nntui.session.run.training import Training

Points: TypeAlias = dict[int, float]
Path: TypeAlias = dict[int, FloatArray]


def behind(run: Training, most: int = MOST_ROWS) -> Behind:
    """All that lies behind a run; of more losses than `most` every second, fourth, ... one, and no way."""
    curve, test_curve = (_thinned(each, most) for each in (run.timeline.curve, run.timeline.test_curve))
    found = part_behind(run, curve.points, test_curve.points, path_of(run) if most == MOST_ROWS else {})
    return msgspec.structs.replace(found, apart=(curve.stride, test_curve.stride))


def _thinned(curve: LossCurve, most: int) -> LossCurve:
    thin = LossCurve()
    thin.points, thin.stride = curve.points, curve.stride
    while len(thin.points) > most:
        thin.stride *= 2
        thin.points = {step: loss for step, loss in thin.points.items() if step % thin.stride == 0}
    return thin


def path_of(run: Training) -> Path:
    """The way of its parameters, where these are not many."""
    return run.timeline.path.points if run.settings.model.layout.size <= MOST_WIDE else {}


def part_behind(run: Training, losses: Points, tests: Points, path: Path) -> Behind:
    """What lies behind a run, with some of its losses and of the places on its way."""
    line, steps = run.timeline, sorted(losses)
    marks = marks_behind(run)[-MOST_MARKS:]
    places = np.array([*steps, *(step for step, _ in marks), run.step], np.int64)
    costs, seconds = predictions(run, places).tolist(), line.times.at(places).tolist()
    rows = np.array([(step, losses[step], *cost) for step, *cost in zip(steps, costs, seconds, strict=False)])
    marked = zip(marks, costs[len(steps) :], seconds[len(steps) :], strict=False)
    return Behind(
        packed(rows), packed(np.array(sorted(tests.items()))), (line.curve.stride, line.test_curve.stride),
        (costs[-1], seconds[-1]), tuple((step, cost, spent, what[:MOST_LABEL]) for (step, what), cost, spent in marked),
        run.furthest, packed(np.array([[step, *path[step].tolist()] for step in sorted(path)])),
        run.settings.model.layout.size if path else 0, run.looked_at_from,
    )  # fmt: skip


def remember(run: Training, found: Behind) -> None:
    """Let this lie behind a run that has just been taken up."""
    line, rows = run.timeline, rows_of(found.losses, WIDE)
    steps = rows[:, 0].astype(np.int64).tolist()
    line.curve = _curve(steps, rows[:, 1].tolist(), found.apart[0])
    tests = rows_of(found.tests, NARROW)
    line.test_curve = _curve(tests[:, 0].astype(np.int64).tolist(), tests[:, 1].tolist(), found.apart[1])
    line.times = Times()
    line.times.stride = found.apart[0]
    costs, seconds = (dict(zip(steps, rows[:, number].tolist(), strict=True)) for number in (2, 3))
    costs.update((step, cost) for step, cost, _, _ in found.marks)
    seconds.update((step, spent) for step, _, spent, _ in found.marks)
    line.times.points = {**seconds, run.step: found.here[1]}
    line.costs = {**{step: cost for step, cost in costs.items() if step < run.step}, run.step: found.here[0]}
    if found.parameters == run.settings.model.layout.size:
        way = rows_of(found.path, found.parameters + 1)
        line.path.points = {int(row[0]): row[1:] for row in way}
    line.began = found.began
    line.marks = tuple((step, what) for step, *_, what in found.marks)
    line.furthest = max(line.furthest, found.furthest)


def _curve(steps: Iterable[int], losses: Iterable[float], apart: int) -> LossCurve:
    curve = LossCurve()
    curve.points, curve.stride = dict(zip(steps, losses, strict=True)), apart
    return curve


# ---------------------------------------------------------------- as bytes


def packed(rows: FloatArray) -> bytes:
    """Rows as bytes."""
    return rows.astype("<f8").tobytes()


def rows_of(data: bytes, wide: int) -> FloatArray:
    """Rows from bytes, shape (rows, wide)."""
    return np.frombuffer(data, "<f8").astype(np.float64).reshape(-1, wide)
