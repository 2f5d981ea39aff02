"""The moments of a recording that make the rows of a table: where they are, before anything is computed.

A fact is told at the end of a turn, in which many steps may have been taken; what it tells of is found again by its
step. So rows are made behind lines, and at steps on the way to them.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from nntui import messages as m
from nntui import words
from nntui.session.recording.reading import Line
from nntui.session.recording.records import INTO_THE_PAST, DataFile, Happened, Header, Keyframe, Obeyed
from nntui.session.recording.timeline import Timeline
from nntui.text import clean

MANY = 500  # rows of steps, about, of a training that is long enough, where nobody says how many
ROUND = (1, 2, 5)  # so many steps, or ten, a hundred ... times as many, lie between two rows
MOST_WORDS = 200  # characters of a command
NEVER = 2**62  # a step that there is not
# After these the parameters may be others than before, or the loss.
TURNS = (m.Opened, m.Trained, m.Moved, m.Undone, m.WasReset, m.Changed, m.SettingChanged)
# These change nothing at once; what comes of them is told later.
LATER = (m.Run, m.Try, m.Step, m.Stop, m.Until, m.Goto, m.Back, m.Mark, m.Answer)


@dataclass(frozen=True)
class Moment:
    """What stands in a line that may make a row behind it."""

    loss: float | None = None  # that was told, and must come out again to the bit
    mark: str = ""
    command: bool = False  # whether one takes effect here: then there is a row where that changes something at once
    words: str = ""  # of it
    at_once: bool = True  # whether it may change anything before work goes on
    again: bool = False  # whether it matters only where a past was passed over that is not known


@dataclass(frozen=True)
class Stretch:
    """Work from one position to another, on the way to a line; and the steps that were told of on it."""

    before: m.Position
    here: m.Position
    begins: float  # seconds
    ends: float
    told: tuple[int, ...]
    every: int

    def following(self, step: int) -> int:
        """The next step after one that makes a row."""
        at = bisect_right(self.told, step)
        return min(step - step % self.every + self.every, self.told[at] if at < len(self.told) else NEVER)

    @property
    def has_rows(self) -> bool:
        """Whether there may be any; where it came to an earlier step, nobody knows by way of which."""
        return self.here.step < self.before.step or self.following(self.before.step) <= self.here.step

    def seconds(self, work: int) -> float:
        """When so much had been worked, about."""
        share = (work - self.before.work) / (self.here.work - self.before.work)
        return self.begins + min(1.0, max(0.0, share)) * (self.ends - self.begins)


class Moments:
    """Which lines make rows, and which steps on the way to them."""

    def __init__(self, timeline: Timeline, every: int | None = None) -> None:
        """Each `every` steps; or else each that a loss was told of, and enough between them for a smooth curve.

        And wherever something was opened or changed otherwise than by training.
        """
        self.timeline = timeline
        self._all_told = every is None
        self._ways = dict(self._worked())
        self.steps = sum(here.work - before.work for before, here in self._ways.values())  # and turns, in all
        self.every = every or apart(self.steps / MANY)
        times = timeline.times
        self.seconds = sum(times[at] - times[at - 1] for at in self._ways if at)  # that this took, about

    @property
    def most_on_the_way(self) -> int:
        """How many rows there are between lines, at the most, found without going through them."""
        facts = (line.sketch.fact for line in self.timeline.lines if isinstance(line.sketch, Happened))
        told = sum(isinstance(fact, m.Measured | m.Tried | m.Descended) for fact in facts) if self._all_told else 0
        return told + self.steps // self.every + 1

    def _worked(self) -> Iterator[tuple[int, tuple[m.Position, m.Position]]]:
        """The lines before which something was worked on, and from where to where."""
        before = m.Position()
        for at, line in enumerate(self.timeline.lines):
            if not isinstance(line.sketch, Header | DataFile):
                here = line.position
                if here.work > before.work:
                    yield at, (before, here)
                before = here

    def stretch(self, at: int) -> Stretch | None:
        """The way to a line, where rows may be on it."""
        if at not in self._ways:
            return None
        before, here = self._ways[at]
        told = tuple(sorted(set(self._told_at(at, here)))) if self._all_told else ()
        times = self.timeline.times
        found = Stretch(before, here, times[at - 1] if at else 0.0, times[at], told, self.every)
        return found if found.has_rows else None

    def _told_at(self, at: int, here: m.Position) -> Iterator[int]:
        """The steps that were told of at a position."""
        for line in islice(self.timeline.lines, at, None):
            if isinstance(line.sketch, Header | DataFile) or line.position.work != here.work:
                return
            fact = line.sketch.fact if isinstance(line.sketch, Happened) else None
            if isinstance(fact, m.Measured):
                yield fact.step
            elif isinstance(fact, m.Tried | m.Descended):  # single steps, which were looked at: where each has led
                yield fact.step + 1

    def behind(self, at: int) -> Moment | None:
        """What a line says that may make a row behind it."""
        record = self.timeline.lines[at].sketch
        fact = record.fact if isinstance(record, Happened) else None
        if isinstance(record, Obeyed):
            marks = isinstance(record.command, m.Mark)  # is told by a fact
            said = "" if marks else clean(words.say(record.command), MOST_WORDS)
            return Moment(command=True, words=said, at_once=not isinstance(record.command, LATER))
        if isinstance(fact, m.Marked):
            return Moment(mark=clean(fact.name, m.MOST_NAME))
        if isinstance(fact, TURNS) and (self._all_told or not isinstance(fact, m.Trained)):
            return Moment(loss_of(fact)) if self._is_as_told(at, fact) else None
        if isinstance(record, Keyframe) and (record.begins or self._passes_over(at)):
            return Moment(again=not record.begins)
        return None

    def _passes_over(self, at: int) -> bool:
        """Whether a keyframe stands behind a command that may lead into a past that is not known: it knows again."""
        found = (line.sketch for line in self._before(at) if isinstance(line.sketch, Obeyed | Keyframe))
        last = next(found, None)
        return isinstance(last, Obeyed) and isinstance(last.command, (*INTO_THE_PAST, m.Next))

    def _before(self, at: int) -> Iterator[Line]:
        """The lines before one, backwards."""
        return (self.timeline.lines[place] for place in range(at - 1, -1, -1))

    def _is_as_told(self, at: int, fact: m.Fact) -> bool:
        """Whether the loss that was told is that of where the line stands: nothing went on in the same turn."""
        here = self.timeline.lines[at].position
        for line in islice(self.timeline.lines, at + 1, None):
            if not isinstance(line.sketch, Happened):
                break
            if isinstance(line.sketch.fact, TURNS):
                return False
        if not isinstance(fact, m.Changed | m.SettingChanged):
            return getattr(fact, "step", -1) == here.step
        before = next((line for line in self._before(at) if not isinstance(line.sketch, Happened)), None)
        return before is not None and before.position.work == here.work


def loss_of(fact: m.Fact) -> float | None:
    """The loss that stands after what a fact tells of; None where it tells none."""
    if isinstance(fact, m.Changed):
        return fact.loss_after
    return getattr(fact, "loss", None)


def apart(steps: float) -> int:
    """A round number of steps, at most so many, at least 1."""
    steps = max(1.0, steps)
    tens = int(10 ** math.floor(math.log10(steps)))
    return max(factor * tens for factor in ROUND if factor * tens <= steps)
