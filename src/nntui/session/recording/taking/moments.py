"""The moments of a recording that make the rows of a table: where they are, before anything is computed.

A fact is told at the end of a turn, in which many steps may have been taken; what it tells of is found again by its
step. So a moment is a place behind a line, or a step on the way to it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from nntui import messages as m
from nntui import words
from nntui.session.recording.records import INTO_THE_PAST, DataFile, Happened, Header, Keyframe, Obeyed, Record
from nntui.session.recording.timeline import Timeline
from nntui.text import clean

MANY = 500  # rows of steps, about, of a training that is long enough, where nobody says how many
ROUND = (1, 2, 5)  # so many steps, or ten, a hundred ... times as many, lie between two rows
MOST_WORDS = 200  # characters of a command
# After these the parameters may be others than before, or the loss.
TURNS = (m.Opened, m.Trained, m.Moved, m.Undone, m.WasReset, m.Changed, m.SettingChanged)


@dataclass(frozen=True)
class Moment:
    """Behind so many lines, or on the way along the last of them, at a step."""

    taken: int
    seconds: float
    step: int | None = None
    loss: float | None = None  # as it was told, over the whole training split
    exact: bool = False  # whether it must come out again to the bit: a rung may add up a whole split in another order
    mark: str = ""
    words: str = ""  # of a command that takes effect here


class Moments:
    """All of them, in order, found anew each time they are gone through: none is held in memory."""

    def __init__(self, timeline: Timeline, every: int | None = None) -> None:
        """Each `every` steps; or else each loss that was told, and enough steps between them for a smooth curve."""
        self.timeline = timeline
        self.told = every is None  # whether they are moments wherever they were told
        self._ways = {at: (before, here) for at, before, here in self._stretches()}
        self.steps = sum(here.step - before.step for before, here in self._ways.values())
        self.every = every or apart(self.steps / MANY)

    @property
    def seconds(self) -> float:
        """How long that training took, about."""
        times = self.timeline.times
        return sum(times[at] - times[at - 1] for at in self._ways if at)

    @property
    def most_on_the_way(self) -> int:
        """How many there are between lines, at the most, found without going through them."""
        told = sum(isinstance(fact, m.Measured | m.Tried | m.Descended) for fact in self._facts()) if self.told else 0
        return told + self.steps // self.every + 1

    def _facts(self) -> Iterator[m.Fact]:
        return (line.sketch.fact for line in self.timeline.lines if isinstance(line.sketch, Happened))

    def __iter__(self) -> Iterator[Moment]:
        """Those on the way to a line, then the one behind it, for every line."""
        past = False  # whether what was done last leads where only the next keyframe knows
        for at, line in enumerate(self.timeline.lines):
            if at in self._ways:
                yield from self._on_the_way(at, *self._ways[at])
            yield from self._behind(at, line.sketch, past)
            if isinstance(line.sketch, Obeyed | Keyframe):
                past = isinstance(line.sketch, Obeyed) and isinstance(line.sketch.command, (*INTO_THE_PAST, m.Next))

    def _stretches(self) -> Iterator[tuple[int, m.Position, m.Position]]:
        """The lines before which training went on, and from where to where; a journey is none: it counts no steps."""
        before = m.Position()
        for at, line in enumerate(self.timeline.lines):
            if isinstance(line.sketch, Header | DataFile):
                continue
            here = line.position
            if 0 < here.step - before.step <= here.work - before.work:
                yield at, before, here
            before = here

    def _on_the_way(self, at: int, before: m.Position, here: m.Position) -> Iterator[Moment]:
        first = before.step - before.step % self.every + self.every
        losses: dict[int, float | None] = dict.fromkeys(range(first, here.step + 1, self.every))
        for step, loss in self._told_until(at, here):
            if before.step < step <= here.step and (self.told or step in losses):
                losses[step] = loss
        begins, ends = self.timeline.times[at - 1] if at else 0.0, self.timeline.times[at]
        for step in sorted(losses):
            share = (step - before.step) / (here.step - before.step)
            yield Moment(at + 1, begins + share * (ends - begins), step, losses[step])

    def _told_until(self, at: int, here: m.Position) -> Iterator[tuple[int, float | None]]:
        """The steps that were told of at a position, and their losses where these are of the whole training split."""
        for line in self.timeline.lines[at:]:
            if isinstance(line.sketch, Header | DataFile) or line.position.work != here.work:
                return
            fact = line.sketch.fact if isinstance(line.sketch, Happened) else None
            if isinstance(fact, m.Measured):
                yield fact.step, fact.loss
            elif isinstance(fact, m.Tried | m.Descended):  # single steps, which were looked at: where each has led
                yield fact.step + 1, None

    def _behind(self, at: int, record: Record, past: bool) -> Iterator[Moment]:
        seconds = self.timeline.times[at]
        fact = record.fact if isinstance(record, Happened) else None
        if isinstance(record, Obeyed):
            said = "" if isinstance(record.command, m.Mark) else clean(words.say(record.command), MOST_WORDS)
            yield Moment(at + 1, seconds, words=said)
        elif isinstance(record, Keyframe) and (record.begins or past):
            yield Moment(at + 1, seconds)
        elif isinstance(fact, m.Marked):
            yield Moment(at + 1, seconds, mark=clean(fact.name, m.MOST_NAME))
        elif isinstance(fact, TURNS):
            exact = self._is_as_told(at, fact)
            yield Moment(at + 1, seconds, loss=loss_of(fact) if exact else None, exact=exact)

    def _is_as_told(self, at: int, fact: m.Fact) -> bool:
        """Whether the loss that was told is that of where the line stands: nothing went on in the same turn."""
        here, lines = self.timeline.lines[at].position, self.timeline.lines
        for line in lines[at + 1 :]:
            if not isinstance(line.sketch, Happened):
                break
            if isinstance(line.sketch.fact, TURNS):
                return False
        if isinstance(fact, m.Changed | m.SettingChanged):
            return at > 0 and lines[at - 1].position.work == here.work
        return getattr(fact, "step", -1) == here.step


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
