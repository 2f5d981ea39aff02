"""The way that the parameters have come along a run, noted at some of its steps."""

from __future__ import annotations

import numpy as np

from nntui.models.model import FloatArray

MOST_POINTS = 256  # of a path
MOST_NUMBERS = 1_000_000  # that a path holds: of a large network it has fewer points, or none


class PathRecord:
    """All parameters at some steps of a run; when there are too many, every second one goes."""

    def __init__(self) -> None:
        self.points: dict[int, FloatArray] = {}
        self.stride = 1

    @property
    def size(self) -> int:
        """Bytes, about."""
        return sum(point.nbytes + 100 for point in self.points.values())

    def note(self, step: int, parameters: FloatArray) -> None:
        """Add the parameters as they were before a step, if they are to be noted there."""
        most = min(MOST_POINTS, MOST_NUMBERS // max(1, len(parameters)))
        if step % self.stride or most < 2:
            return
        self.points[step] = parameters.copy()
        while len(self.points) > most:
            self.stride *= 2
            self.points = {at: point for at, point in self.points.items() if at % self.stride == 0}

    def steps_to_next(self, step: int, parameters: int) -> int:
        """After how many steps the next point is due; none is of a model with too many parameters."""
        if MOST_NUMBERS // max(1, parameters) < 2:
            return 1_000_000_000
        return self.stride - step % self.stride

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
        twin.points, twin.stride = dict(self.points), self.stride
        return twin
