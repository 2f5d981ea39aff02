"""The losses along a run in a recording: what has been added since the line before, and all of them put together."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

import msgspec
import numpy as np

from nntui import messages as m
from nntui.session.recording.records import Losses
from nntui.session.run.behind import NARROW, WIDE, Behind
from nntui.session.run.curves import LossCurve
from nntui.session.run.remembering import Path, Points, behind, packed, part_behind, path_of, rows_of
from nntui.session.session import Session

WHOLE_AFTER = 2  # times as many losses as there are, added since they were all written, make them written anew
NEVER = m.MOST_STEPS + 1  # a step that there is not


class Noted:
    """What a recording has of one curve."""

    def __init__(self) -> None:
        self._points: Points = {}
        self._source: Points = self._points  # the curve's own: while it is the same one, it has only grown
        self._count = 0

    def added(self, curve: LossCurve) -> tuple[int, Points]:
        """From which step on what was known is dropped, and what is added to come to this curve."""
        now = curve.points
        if now is self._source:
            since, added = NEVER, dict(islice(now.items(), self._count, None))
            self._points.update(added)
        else:
            since, added = difference(self._points, now, curve.stride)
            self._points = dict(now)
        self._source, self._count = now, len(now)
        return since, added


class LossNotes:
    """What a recording has of the losses so far."""

    def __init__(self) -> None:
        self._losses, self._tests = Noted(), Noted()
        self._path: Path = {}
        self._told: Behind | None = None  # the last line, without its losses; None: nothing was written yet
        self._added = 0  # losses in lines since the last whole one

    def line(self, at: float, session: Session) -> Losses | None:
        """The next line; None where there is nothing to add."""
        assert session.desk is not None
        run = session.desk.training
        losses, tests = run.timeline.curve, run.timeline.test_curve
        since, added = self._losses.added(losses)
        tests_since, tests_added = self._tests.added(tests)
        path_since, path_added = path_difference(self._path, path_of(run))
        self._path = dict(path_of(run)) if path_added or path_since < NEVER else self._path
        if self._told is None or self._added > WHOLE_AFTER * (len(losses) + len(tests)):
            line = Losses(at, session.position, behind(run))
            self._added = 0
        else:
            found = part_behind(run, added, tests_added, path_added)
            line = Losses(at, session.position, found, (since, tests_since, path_since))
            if line.since == (NEVER, NEVER, NEVER) and found == self._told:
                return None
            self._added += len(added) + len(tests_added)
        self._told = msgspec.structs.replace(line.behind, losses=b"", tests=b"", path=b"", parameters=0)
        return line


def difference(before: Points, now: Points, apart: int) -> tuple[int, Points]:
    """From which step on what was known is dropped, when all that is no multiple of `apart` has gone; what is added."""
    if before.items() <= now.items():
        return NEVER, {step: now[step] for step in now.keys() - before.keys()}
    others = [step for step, loss in before.items() if step % apart == 0 and now.get(step) != loss]
    since = min(others, default=NEVER)
    same = {step for step in before if step % apart == 0 and step < since}
    return since, {step: loss for step, loss in now.items() if step not in same}


def path_difference(before: Path, now: Path) -> tuple[int, Path]:
    """The same of a way, whose points are shared as long as they are the same."""
    if len(now) == len(before) and now.keys() == before.keys() and all(now[step] is before[step] for step in now):
        return NEVER, {}
    since = min((step for step, point in before.items() if now.get(step) is not point), default=NEVER)
    return since, {step: point for step, point in now.items() if step not in before or step >= since}


class Gathered:
    """Rows by their steps, from lines one after another."""

    def __init__(self) -> None:
        self.wide = 0  # numbers in a row
        self._rows: dict[int, list[float]] = {}
        self._apart = 1

    def add(self, data: bytes, wide: int, since: int, apart: int) -> None:
        """Add the rows of a line, after those that it drops."""
        if wide != self.wide:  # another network
            self.wide, self._rows = wide, {}
        if since < NEVER or apart != self._apart:
            self._rows = {step: row for step, row in self._rows.items() if step < since and step % apart == 0}
            self._apart = apart
        self._rows.update((int(row[0]), row) for row in rows_of(data, wide).tolist())

    def packed(self) -> bytes:
        """All of them, in order."""
        return packed(np.array([self._rows[step] for step in sorted(self._rows)]))


def put_together(lines: Iterable[Losses]) -> Behind | None:
    """All that the lines from a whole one on tell; None where there is none."""
    losses, tests, path = Gathered(), Gathered(), Gathered()
    last: Behind | None = None
    for line in lines:
        last, (since, tests_since, path_since) = line.behind, line.since
        losses.add(last.losses, WIDE, since, last.apart[0])
        tests.add(last.tests, NARROW, tests_since, last.apart[1])
        if last.parameters or path_since < NEVER:
            path.add(last.path, last.parameters + 1 if last.parameters else path.wide or 1, path_since, 1)
    if last is None:
        return None
    return msgspec.structs.replace(
        last, losses=losses.packed(), tests=tests.packed(), path=path.packed(), parameters=max(0, path.wide - 1)
    )
