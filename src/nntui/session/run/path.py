"""The way that the parameters have come along a run, noted at some of its steps."""

from __future__ import annotations

import numpy as np

from nntui.models.model import FloatArray

OFTEN = 64  # every step up to so many, then every second one up to twice as many, every fourth ...
MOST_POINTS = 1_024  # of a path
MOST_NUMBERS = 1_000_000  # that a path holds: of a large network it has fewer points, or none
FAR = 1_000_000_000


class PathRecord:
    """All parameters at some steps of a run; when there are too many, every second one goes.

    Steps are counted from `start`, the last change by hand: what comes of that is looked at closely again.
    """

    def __init__(self) -> None:
        self.points: dict[int, FloatArray] = {}

    @property
    def size(self) -> int:
        """Bytes, about."""
        return sum(point.nbytes + 100 for point in self.points.values())

    def note(self, step: int, start: int, parameters: FloatArray) -> None:
        """Add the parameters as they were before a step, if they are to be noted there."""
        most = _most(len(parameters))
        if most < 2 or (step - start) % _apart(step - start):
            return
        self.points[step] = parameters.copy()
        if len(self.points) > most:
            self.points = {at: self.points[at] for at in sorted(self.points)[::2]}

    def steps_to_next(self, step: int, start: int, parameters: int) -> int:
        """After how many steps the next point is due; none is of a model with too many parameters."""
        apart = _apart(step - start)
        return apart - (step - start) % apart if _most(parameters) >= 2 else FAR

    def forget_from(self, step: int) -> None:
        """The future from this step on is no more."""
        self.points = {at: point for at, point in self.points.items() if at < step}

    def until(self, step: int, indices: list[int]) -> tuple[list[int], FloatArray]:
        """The steps noted before a step, in order, and the values of some parameters there, (steps, parameters)."""
        steps = sorted(at for at in self.points if at < step)
        return steps, np.array([self.points[at][indices] for at in steps]).reshape(len(steps), len(indices))

    def copy(self) -> PathRecord:
        """The same, to go on from; the points themselves are shared."""
        twin = PathRecord()
        twin.points = dict(self.points)
        return twin


def _apart(steps: int) -> int:
    """How many steps lie between two points, so many steps from the start: a power of two."""
    return max(1, 1 << max(0, steps).bit_length() >> OFTEN.bit_length() - 1)


def _most(parameters: int) -> int:
    return min(MOST_POINTS, MOST_NUMBERS // max(1, parameters))
