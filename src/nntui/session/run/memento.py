"""All of a training run at one moment, for coming back to it."""

from __future__ import annotations

from dataclasses import dataclass

from nntui.models.model import FloatArray
from nntui.session.run.curves import LossCurve
from nntui.session.run.path import PathRecord
from nntui.session.run.spent import Times
from nntui.session.run.timeline import Edit, Keyframe, Memory, Past, Settings


@dataclass(frozen=True)
class Memento:
    """What it takes, sharing what does not change."""

    step: int
    made: int
    kept: int
    parameters: FloatArray
    settings: Settings
    past: Past | None
    edits: tuple[Edit, ...]
    keyframes: tuple[Keyframe, ...]
    curve: LossCurve
    test_curve: LossCurve
    furthest: int
    memory: Memory
    path: PathRecord
    times: Times

    @property
    def size(self) -> int:
        """Bytes of its own."""
        return (
            int(self.parameters.nbytes + self.memory.moments.nbytes)
            + 100 * (len(self.curve) + len(self.test_curve))
            + 100 * len(self.path.points)  # the parameters at each of these are shared
            + self.times.size
            + 1000
        )
