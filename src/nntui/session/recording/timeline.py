"""A recording as a row of moments: where its marks and beats are, how the loss went, and where a seek leads."""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass, field

from nntui import messages as m
from nntui.session.recording.losses import put_together
from nntui.session.recording.reading import Line
from nntui.session.recording.records import DataFile, Ended, Happened, Header, Keyframe, Losses, Obeyed, Passed
from nntui.session.run.behind import Behind
from nntui.session.subject import CommandError
from nntui.text import clean

MOST_LOSSES = 400  # points of the curve behind the timeline
MOST_MARKS = 1_000
MEASURED = (m.RaceBegan, m.LaneEnded, m.RaceEnded, m.RaceCompared, m.WidthsEnded, m.Checked)
NARRATION = (
    m.BeatBegan,
    m.Asked,
    m.Guessed,
    m.Answered,
    m.LessonOver,
)  # what stands beside the panes, told again after a seek
SHOWING = (  # bring what they tell of to be seen
    m.Told, m.GraphOpened, m.ArrayMade, m.RaceBegan, m.RaceCompared, m.WidthEnded, m.Climbed, m.Checked,
)  # fmt: skip
MOST_TOLD = 40  # facts of one command that are told again


@dataclass
class Timeline:
    """The lines of a recording that can be relied on, and what is where among them. It grows with the file."""

    lines: list[Line] = field(default_factory=list)
    times: list[float] = field(default_factory=list)  # of each line; never falling
    marks: list[tuple[int, m.TimelineMark]] = field(default_factory=list)  # with the number of the line behind them
    losses: list[tuple[float, int, float]] = field(default_factory=list)  # seconds, step, loss
    keyframes: list[int] = field(default_factory=list)
    curves: list[int] = field(default_factory=list)  # losses along the run
    files: list[int] = field(default_factory=list)
    measured: list[int] = field(default_factory=list)
    opened: list[int] = field(default_factory=list)
    told: list[int] = field(default_factory=list)  # narration
    shown: list[int] = field(default_factory=list)
    done: list[int] = field(default_factory=list)  # commands
    ended: bool = False
    commands: int = 0

    def add(self, line: Line) -> None:
        """Take in another line."""
        record, at = line.sketch, len(self.lines)
        self.lines.append(line)
        before = self.times[-1] if self.times else 0.0
        seconds = before if isinstance(record, Header) else min(record.at, m.LONGEST)
        self.times.append(max(before, seconds) if math.isfinite(seconds) else before)
        if isinstance(record, Obeyed):
            self.commands += 1
            self.done.append(at)
            if isinstance(record.command, m.Open):
                self.opened.append(at)
        elif isinstance(record, Keyframe):
            self.keyframes.append(at)
        elif isinstance(record, DataFile):
            self.files.append(at)
        elif isinstance(record, Losses):
            self.curves.append(at)
        elif isinstance(record, Passed) and record.loss is not None:
            self._note_loss(at, record.position.step, record.loss)
        elif isinstance(record, Happened):
            self._note_fact(at, record)
        self.ended = self.ended or isinstance(record, Ended)

    def _note_fact(self, at: int, record: Happened) -> None:
        fact, step = record.fact, record.position.step
        if isinstance(fact, MEASURED):
            self.measured.append(at)
        if isinstance(fact, NARRATION):
            self.told.append(at)
        if isinstance(fact, SHOWING):
            self.shown.append(at)
        if isinstance(fact, m.Marked):
            self._mark(at, m.TimelineMark(self.times[at], step, clean(fact.name, m.MOST_NAME)))
        elif isinstance(fact, m.BeatBegan):
            self._mark(
                at, m.TimelineMark(self.times[at], step, clean(fact.say.split("\n")[0], m.MOST_NAME), fact.number)
            )
        elif isinstance(fact, m.Opened | m.Measured | m.Trained | m.Moved | m.WasReset):
            self._note_loss(at, fact.step, fact.loss)

    def _mark(self, at: int, mark: m.TimelineMark) -> None:
        if len(self.marks) < MOST_MARKS:
            self.marks.append((at + 1, mark))

    def _note_loss(self, at: int, step: int, loss: float) -> None:
        if math.isfinite(loss):
            self.losses.append((self.times[at], step, loss))

    # ------------------------------------------------------------ where things are

    @property
    def seconds(self) -> float:
        """How long it is."""
        return self.times[-1] if self.times else 0.0

    def beginning(self) -> int:
        """How many lines are taken until something is open, and the lesson has begun; none of what was done then."""
        at = self._opening_line()
        if at == len(self.lines):
            return at
        end = self.until(self.times[at] + 0.02, at + 1)
        done = (later for later in range(at + 1, end) if isinstance(self.lines[later].sketch, Obeyed))
        return next(done, end)

    def _opening_line(self) -> int:
        for at, line in enumerate(self.lines):
            opens = isinstance(line.sketch, Keyframe) or (
                isinstance(line.sketch, Obeyed) and isinstance(line.sketch.command, m.Open)
            )
            if opens:
                return at
        return len(self.lines)

    def until(self, seconds: float, least: int = 0) -> int:
        """How many lines are taken by so many seconds."""
        return max(least, bisect_right(self.times, seconds))

    def place(self, seek: m.Seek, taken: int) -> int:
        """How many lines are taken where a seek leads. Raises CommandError where there is no such place."""
        if seek.to in ("percent", "time"):
            return self.until(self.time_of(seek), self.beginning())
        if seek.to == "step":
            return self._step(int(seek.value), taken)
        return self._named(seek, taken)

    def time_of(self, seek: m.Seek) -> float:
        """The seconds that a seek asks for; 0 where it asks for something else."""
        if seek.to == "percent":
            return min(seek.value, 100.0) / 100 * self.seconds
        return min(seek.value, self.seconds) if seek.to == "time" else 0.0

    def _step(self, step: int, taken: int) -> int:
        """Behind the line at which that step is come to, on the way there: the one nearest in the wanted direction."""
        first = self._opening_line()
        steps = [line.position.step for line in self.lines]
        if not steps[first:] or max(steps[first:]) < step:
            raise CommandError(f"the recording goes to step {max(steps[first:], default=0):,}, not to {step:,}")
        found = [
            at for at in range(first, len(steps))
            if steps[at] == step or (at > first and steps[at - 1] < step < steps[at])
        ] or [next(at for at in range(first, len(steps)) if steps[at] >= step)]  # fmt: skip
        forwards = [at for at in found if at >= taken]
        backwards = [at for at in found if at < taken]
        here = steps[min(taken, len(steps)) - 1] if taken else 0
        return (forwards[0] if forwards and (step >= here or not backwards) else backwards[-1]) + 1

    def _named(self, seek: m.Seek, taken: int) -> int:
        marks = [(at, mark) for at, mark in self.marks if not mark.beat]
        if seek.to == "beat":
            begins = [at for at, mark in self.marks if mark.beat == int(seek.value)]
            if not begins:
                known = sorted({mark.beat for _, mark in self.marks if mark.beat})
                said = f"; it has beats {known[0]} to {known[-1]}" if known else "; it has none"
                raise CommandError(f"there is no beat {int(seek.value)} in the recording{said}")
            return next((at for at in begins if at > taken), begins[-1])
        if seek.to == "next":
            return self._or_none([at for at, _ in self.marks if at > taken], "after this place")
        if seek.to == "last":
            earlier = [at for at, _ in self.marks if at < taken]
            return self._or_none(earlier[::-1], "before this place")
        found = [at for at, mark in marks if mark.name == seek.name] or [
            at for at, mark in marks if mark.name.casefold().startswith(seek.name.casefold())
        ]
        if not found:
            there = ", ".join(mark.name for _, mark in marks[:5]) or "none"
            raise CommandError(f"there is no mark '{clean(seek.name, m.MOST_NAME)}'; there are {there}")
        return found[0]

    def _or_none(self, places: list[int], where: str) -> int:
        if not places:
            raise CommandError(f"there is no mark and no beat {where}")
        return places[0]

    def keyframe_before(self, taken: int, least: int) -> int | None:
        """The last keyframe among so many lines, not before `least`; None where there is none."""
        at = bisect_right(self.keyframes, taken - 1) - 1
        return self.keyframes[at] if at >= 0 and self.keyframes[at] >= least else None

    def behind(self, taken: int) -> Behind | None:
        """The losses along the run up to a keyframe that stands there."""
        known = self.curves[: bisect_right(self.curves, taken - 1)]
        lines: list[Losses] = []
        for at in reversed(known):
            record = self.lines[at].sketch
            if isinstance(record, Losses):
                lines.append(record)
                if record.whole:
                    break
        return put_together(reversed(lines))

    def since_opened(self, places: list[int], taken: int) -> list[int]:
        """Those of some lines that lie between the last scenario that was opened and a place."""
        first = self._opened_before(taken)
        return [place for place in places if first <= place < taken]

    # ------------------------------------------------------------ what is told again

    def story(self, taken: int) -> list[int]:
        """The lines that are told again where one stands: what is open, what the lesson says, what was last brought to
        be seen of each kind, what the beat has tried, and the last command with what came of it.
        """
        told = self.since_opened(self.told, taken)
        beats = [at for at in told if isinstance(self._fact(at), m.BeatBegan)]
        begins = beats[-1] if beats else self._opened_before(taken)
        last = self.done[bisect_right(self.done, taken - 1) - 1] if self.done and self.done[0] < taken else taken
        places = {at for at in told if at >= begins} | ({last} if begins <= last < taken else set())
        places.update({type(self._fact(at)): at for at in self.shown if begins <= at < taken}.values())
        places.update(self._heard(begins, taken))
        answers = [at for at in range(last, taken) if not isinstance(self._fact(at), m.Measured | None)]
        return sorted(places | set(answers[-MOST_TOLD:]))

    def opening(self, taken: int) -> m.Opened | None:
        """What was told when that was opened which is open at a place; None where the recording begins with it open."""
        found = (self._fact(at) for at in range(self._opened_before(taken), taken))
        return next((fact for fact in found if isinstance(fact, m.Opened)), None)

    def _heard(self, begins: int, taken: int) -> list[int]:
        """What the beat that begins there tried by itself, before the next command."""
        after = bisect_right(self.done, begins)
        end = min(taken, self.done[after] if after < len(self.done) else taken, begins + 10 * MOST_TOLD)
        return [at for at in range(begins, end) if isinstance(self._fact(at), m.SampleChosen)]

    def _opened_before(self, taken: int) -> int:
        at = bisect_right(self.opened, taken - 1) - 1
        return self.opened[at] if at >= 0 else 0

    def _fact(self, at: int) -> m.Fact | None:
        record = self.lines[at].sketch
        return record.fact if isinstance(record, Happened) else None

    # ------------------------------------------------------------ the curve behind it

    def curve(self) -> tuple[tuple[float, float], ...]:
        """Seconds and losses, thinned."""
        stride = max(1, -(-len(self.losses) // MOST_LOSSES))
        return tuple((seconds, loss) for seconds, _, loss in self.losses[::stride])
