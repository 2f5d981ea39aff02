"""Where a branch left a recording, and its losses beside those that the recording goes on with."""

from __future__ import annotations

import math

import numpy as np

from nntui import messages as m
from nntui.session.recording.records import Happened, Losses, Obeyed
from nntui.session.recording.timeline import MOST_LOSSES, Timeline
from nntui.session.run.behind import WIDE
from nntui.session.run.remembering import rows_of
from nntui.session.run.spent import AxisName, between


class Fork:
    """A branch: where it left, and its losses."""

    def __init__(self, timeline: Timeline, taken: int, step: int, loss: float, begins: bool = True) -> None:
        """It leaves behind so many lines, at a step; or goes on there, and began before."""
        self.taken, self.step = taken, step
        self._shared = {step: (loss, math.nan, math.nan)} if begins else {}  # what is the recording's loss as well
        self.losses: list[tuple[int, float]] = [(step, loss)]
        self._timeline = timeline
        self._rows: dict[int, tuple[float, float, float]] = {}  # the recording's own: loss, predictions and seconds
        self._seen = -1  # lines of the recording that these were made of

    def note(self, facts: list[m.Fact]) -> list[m.Fact]:
        """Note the losses of the branch; what was told goes on."""
        for fact in facts:
            if not isinstance(fact, m.Measured | m.Trained | m.Moved | m.Descended):
                continue
            step = fact.step + isinstance(fact, m.Descended)  # it tells which step was taken
            if step > self.losses[-1][0]:
                self.losses.append((step, fact.loss))
        return facts

    def parent(self) -> tuple[tuple[int, float], ...]:
        """Steps and losses of the recording from here on, until another scenario is opened or the steps go back."""
        if self._seen != len(self._timeline.lines):
            self._seen = len(self._timeline.lines)
            self._rows = self._parent_rows()
        return tuple((step, row[0]) for step, row in self._rows.items())

    def along(self, axis: AxisName) -> tuple[float, ...]:
        """Where these lie on an axis of the plot."""
        number = {"predictions": 1, "seconds": 2}.get(axis)
        if number is None:
            return tuple(float(step) for step in self._rows)
        known = {step: row[number] for step, row in self._rows.items() if math.isfinite(row[number])}
        return tuple(between(known, np.array(list(self._rows), np.int64)).tolist())

    def _parent_rows(self) -> dict[int, tuple[float, float, float]]:
        """Its losses as they were noted, and as they were told where they were not."""
        lines = self._timeline.lines
        noted: dict[int, tuple[float, float, float]] = {}
        told = dict(self._shared)
        before = self.step
        for line in lines[self.taken :]:
            record = line.sketch
            if (isinstance(record, Obeyed) and isinstance(record.command, m.Open)) or line.position.step < before:
                break
            before = line.position.step
            if isinstance(record, Losses):
                rows = rows_of(record.behind.losses, WIDE).tolist()
                noted.update({int(step): (loss, cost, at) for step, loss, cost, at in rows if step <= before})
            elif isinstance(record, Happened) and isinstance(record.fact, m.Measured | m.Trained | m.Moved):
                told[record.fact.step] = (record.fact.loss, math.nan, math.nan)
        found = {step: row for step, row in {**told, **noted}.items() if step >= self.step and math.isfinite(row[0])}
        steps = sorted(found)
        apart = max(1, -(-len(steps) // MOST_LOSSES))
        return {step: found[step] for step in sorted({*steps[::apart], *steps[-1:]})}
