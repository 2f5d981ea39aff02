"""What a desk keeps of its races: the last of each kind, a saved result beside, and what is waited for."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from nntui import messages as m
from nntui.session.run.workshop import Pending


@dataclass(frozen=True)
class SavedResult:
    """A result of another time or machine, drawn beside today's."""

    name: str = ""
    machine: str = ""
    lanes: tuple[m.Lane, ...] = ()
    sizes: tuple[int, ...] = ()  # of the network that was trained, where the result says so
    batch: int = 0
    method: str = ""


@dataclass(frozen=True)
class Made:
    """For how many seconds a rung was made ready: the longest time, and the last."""

    longest: float = 0.0
    last: float = math.inf


@dataclass
class Races:
    """The races of a desk. They change nothing of its training, and nothing that is undone changes them."""

    race: m.RaceView | None = None
    widths: m.WidthsView | None = None
    saved: SavedResult = field(default_factory=SavedResult)
    running: bool = False
    climbed: str = ""  # the rung of the ladder that is looked at
    checks: dict[str, m.CheckView] = field(default_factory=dict)  # the last of each rung
    pending: Pending | None = None  # what is being made ready for the race that is on
    making: str = ""  # the rung that this is, where it is one
    made: dict[tuple[str, int], Made] = field(default_factory=dict)  # by rung and precision

    @property
    def waiting(self) -> bool:
        """Whether a race can do nothing until something has been made ready elsewhere."""
        return self.pending is not None and not self.pending.done()
