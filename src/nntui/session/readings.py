"""The readings that `expect` names: each place where numbers lie is asked in turn, until one knows the name."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from nntui.session import accusing, tensoring
from nntui.session.graph import asking as graph_asking
from nntui.session.race.looked import lanes_in
from nntui.session.run.curves import times_as_many
from nntui.session.run.spent import predictions
from nntui.session.subject import CommandError, Desk
from nntui.session.surveys.slopes import slope_view

GRADIENT = "gradient_"  # before the address of a parameter


def _checked(desk: Desk) -> tuple[float, float]:
    """How far the rung checked last was from the loops, after one step and after all."""
    for view in reversed(desk.races.checks.values()):
        return view.difference, view.difference_later
    return math.nan, math.nan


_COUNTS: dict[str, Callable[[Desk], float]] = {
    "step": lambda desk: desk.training.step,
    "tries": lambda desk: desk.training.step,
    "kept": lambda desk: desk.training.kept,
    "epoch": lambda desk: desk.training.epoch,
    "predictions": lambda desk: float(predictions(desk.training, np.array([desk.training.step]))[0]),
    "check": lambda desk: _checked(desk)[0],
    "check_later": lambda desk: _checked(desk)[1],
    "raced": lambda desk: lanes_in(desk, "done"),
    "race_failed": lambda desk: lanes_in(desk, "failed"),
    "times_as_many": lambda desk: times_as_many(desk.training, desk.kept.pins),
}


def reading(desk: Desk, name: str) -> float:
    """The value of a reading; ModelError where there is none of that name."""
    for known in (_count, tensoring.reading, _accused, graph_asking.reading, _slope, _local):
        value = known(desk, name)
        if value is not None:
            return value
    return desk.model.reading(desk.training.parameters, desk.look, name)


def _count(desk: Desk, name: str) -> float | None:
    return float(_COUNTS[name](desk)) if name in _COUNTS else None


def _accused(desk: Desk, name: str) -> float | None:
    return accusing.reading(desk, name) if name in accusing.READINGS else None


def _slope(desk: Desk, name: str) -> float | None:
    """The slope that is looked at, or one of the gradient by backpropagation."""
    run, layout = desk.training, desk.model.layout
    if name == "slope":
        if not desk.attention.slope:
            raise CommandError("no slope is looked at; slope WEIGHT SIZE looks at one")
        view = slope_view(desk, layout.index(desk.pointed or desk.model.first), desk.attention.slope)
        return None if view is None else view.slope
    if name.startswith(GRADIENT):
        return float(desk.model.gradient(run.parameters)[layout.index(name.removeprefix(GRADIENT))])
    return None


def _local(desk: Desk, name: str) -> float | None:
    """A value of the line at hand; but the loss is always the loss, also where a variable has that name."""
    if desk.clock.begun and not desk.clock.over and name not in desk.model.reading_names():
        value = desk.clock.cursor.locals().get(name)
        if isinstance(value, int | float):
            return float(value)
    return None
