"""The way along a recording: a session that does its lines again, one by one, or up to a place that is sought.

A place is a number of lines that have been taken. Back, and far on, it is come to from the last keyframe before it.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator

import msgspec

from nntui import messages as m
from nntui import words
from nntui.session.recording.course import Course
from nntui.session.recording.past import leads_into_the_past
from nntui.session.recording.records import (
    OF_FILES,
    DataFile,
    Ended,
    Happened,
    Header,
    Keyframe,
    Losses,
    Obeyed,
    Parent,
)  # fmt: skip
from nntui.session.recording.timeline import Timeline
from nntui.session.run.workshop import Preparer
from nntui.session.session import HALTING, Session
from nntui.text import clean

SHOWN = 400  # characters of a command
BEHIND_SECONDS = 0.15  # that whoever follows may be behind, where there is a place nearer to the one who is followed


class Way:
    """A session on its way along a recording."""

    def __init__(self, timeline: Timeline, preparer: Preparer | None) -> None:
        """Stand before the first line."""
        self.timeline = timeline
        self.taken = 0  # lines that have been done again
        self.target: int | None = None  # lines to be taken by a seek that is under way
        self._preparer = preparer
        self._course = Course(Session(preparer, recalls=True))
        self._step: int | None = None  # that a seek asked for: it stands there, perhaps between two lines
        self._adrift = False  # whether it was taken up in the middle of a run: then steps are counted, and no work
        self._young = False  # whether it was taken up from a keyframe: what was before it is not known
        self.lost = False  # whether what was done led into that past: until the next keyframe nothing is computed

    @property
    def session(self) -> Session:
        """The session that does again what was done, or goes on alone."""
        return self._course.session

    @property
    def seconds(self) -> float:
        """When the last line was written that has been taken."""
        return self.timeline.times[self.taken - 1] if self.taken else 0.0

    @property
    def over(self) -> bool:
        """Whether all lines have been taken."""
        return self.taken >= len(self.timeline.lines)

    def parent(self, name: str) -> Parent:
        """What a branch from here says of where it comes from."""
        line = self.timeline.lines[self.taken - 1]
        return Parent(name, line.number, line.checksum, self.session.position.step)

    # ------------------------------------------------------------ to a place

    def stand(self, taken: int, step: int | None = None, through: bool = False) -> None:
        """Be at a place at once. Raises RecordingError where that cannot be computed."""
        self.go_to(taken, step, through)
        while not self.arrive(math.inf):
            if self.session.waiting:
                time.sleep(0.001)  # a rung is being made ready elsewhere

    def go_to(self, taken: int, step: int | None = None, through: bool = False) -> None:
        """Begin to go to a place: from here on, or from the last keyframe before it, unless all is to be gone through.

        With a step, that is the place within the last of so many lines at which this step is reached.
        """
        self._step = step
        if step is not None and taken:
            taken -= 1
            if self.taken == taken and self.session.position.step > step:
                self.taken += 1  # it has gone on from that line already: take up what is before
        least = self.taken if taken >= self.taken else 0
        keyframe = None if through else self.timeline.keyframe_before(taken, least)
        if keyframe is not None:
            self._take_up(keyframe)
        elif taken < self.taken:
            self._begin_anew()
        self.target = taken

    def arrive(self, deadline: float) -> bool:
        """Go on with that until a deadline; tell whether the place is reached.

        From a place that leads into a past that is not known it goes on to the next keyframe.
        """
        target = self.target
        assert target is not None
        while not self.over and (self.taken < target or self.lost):
            if not self.take(deadline):
                return False
            if time.perf_counter() >= deadline and self.taken < target:
                return False
        if self._step is not None and not self._seek_step(self._step, deadline):
            return False
        self.target = self._step = None
        return True

    def _begin_anew(self) -> None:
        self._course.session = Session(self._preparer, recalls=True)
        self.taken, self._adrift, self._young, self.lost = 0, False, False, False

    def _take_up(self, at: int) -> None:
        """Stand at a keyframe."""
        record = self.timeline.lines[at].record
        assert isinstance(record, Keyframe)
        for place in self.timeline.files:
            file = self.timeline.lines[place].record
            if place < at and isinstance(file, DataFile):
                self._course.take_file(file)
        self._begin_anew()
        self._course.restore(record, self.timeline.behind(at))
        for place in self.timeline.since_opened(self.timeline.measured, at):
            fact = self.timeline.lines[place].record
            assert isinstance(fact, Happened)
            self.session.recall(fact.fact)
        self.taken, self._adrift, self._young = at + 1, not record.resting, not record.begins

    def _seek_step(self, step: int, deadline: float) -> bool:
        """Go on within the next line up to a step; where it leads past it in one go, the line is taken whole."""
        session, lines = self.session, self.timeline.lines
        if self.over:
            return True
        position = lines[self.taken].position
        while session.busy and session.position.step < step and session.position.work < position.work:
            missing = step - session.position.step
            towards = min(session.position.work + missing, position.work)
            session.work_towards(msgspec.structs.replace(position, work=towards), deadline)
            if time.perf_counter() >= deadline:
                return False
        if self._adrift and session.position.step < step <= position.step:
            return self._reach(msgspec.structs.replace(position, step=step), deadline)
        return session.position.step == step or self.take(deadline)

    def steps(self, following: Callable[[int], int]) -> Iterator[None]:
        """Go on towards the next line, standing at steps on the way; `following` says which is the next after one."""
        session, position = self.session, self.timeline.lines[self.taken].position
        if self._adrift:
            step = following(session.position.step)
            while session.desk is not None and session.position.step < step <= position.step:
                self._reach(msgspec.structs.replace(position, step=step), math.inf)
                yield
                step = following(step)
            self._reach(position, math.inf)
            return
        while session.busy and session.position.work < position.work and session.desk is not None:
            run, here = session.desk.training, session.position
            trains = run.running and run.origin_step is None
            step = following(here.step)
            towards = min(position.work, here.work + (step - here.step if trains else 1))
            session.work_towards(msgspec.structs.replace(position, work=towards), math.inf)
            if session.waiting:
                time.sleep(0.001)  # a rung is being made ready elsewhere
            if trains and session.position.step == step:
                yield

    # ------------------------------------------------------------ line by line

    def take(self, deadline: float, told: list[m.Fact] | None = None) -> bool:
        """Do the next line again, or a part of it until a deadline; tell whether it is done.

        What was told then is added to `told`. Where the line needs what was before all that is known, the way begins
        anew, and leads here again.
        """
        record = self.timeline.lines[self.taken].record
        if isinstance(record, Header | Losses):
            self.taken += 1
            return True
        if isinstance(record, Obeyed) and self._young and leads_into_the_past(record.command, self.session.lesson):
            if not self._is_keyframe_next():
                self._replay_to(self.taken)
                return False
            self.lost = True
        if isinstance(record, DataFile):
            self._course.take_file(record)
        elif isinstance(record, Keyframe) and (record.begins or self.lost or (self._adrift and record.resting)):
            self._take_up(self.taken)
            return True
        elif not isinstance(record, Ended):
            if not self.lost and not self._reach(record.position, deadline):
                return False
            if isinstance(record, Obeyed):
                if told is not None:
                    told += done_again(record.command)
                self._obey(record)
            elif isinstance(record, Happened):
                self.session.recall(record.fact)
                if told is not None:
                    told += told_again(record.fact)
        self.taken += 1
        return True

    def keep_up(self, told: list[m.Fact]) -> None:
        """Where a line that was written a while after the next one can be taken up, do so: computing all that lies
        between takes longer here than it did there, or there is no time for it. Whatever was told then is told.
        """
        timeline = self.timeline
        at = timeline.keyframe_before(len(timeline.lines), self.taken + 1)
        if at is None or self.target is not None or timeline.times[at] < timeline.times[self.taken] + BEHIND_SECONDS:
            return
        for line in timeline.lines[self.taken : at]:
            record = line.sketch
            if isinstance(record, Obeyed):
                told += done_again(record.command)
            elif isinstance(record, Happened):
                told += told_again(record.fact)
        self._take_up(at)

    def _obey(self, record: Obeyed) -> None:
        if not self.lost:
            self._adrift = self._adrift and not isinstance(record.command, HALTING)
            self._course.obey(record)

    def _is_keyframe_next(self) -> bool:
        """Whether a keyframe follows before anything else is done."""
        for line in self.timeline.lines[self.taken + 1 :]:
            if isinstance(line.sketch, Keyframe):
                return True
            if isinstance(line.sketch, Obeyed) and not isinstance(line.sketch.command, m.Stop):
                return False
        return False

    def _replay_to(self, taken: int) -> None:
        """Come to a place from the beginning: what is done there needs all that was before."""
        target = taken if self.target is None else self.target
        self._begin_anew()
        self.target = target

    def _reach(self, position: m.Position, deadline: float) -> bool:
        """Work up to a position, or until a deadline; tell whether it is reached."""
        session = self.session
        if self._adrift and session.desk is not None:
            missing = position.step - session.position.step
            if missing > 0 and not session.busy:
                session.handle(m.Run(missing))
            session.work(deadline)
            if session.busy:
                return False
            session.stand_at(position)
            return True
        if session.busy and session.position.work < position.work:
            session.work_towards(position, deadline)
        return not session.busy or session.position.work >= position.work

    # ------------------------------------------------------------ what is told where it stands

    def retold(self) -> list[m.Fact]:
        """After a seek: what is open, what the lesson says here, and what came of the last command."""
        opened = self.timeline.opening(self.taken)
        facts: list[m.Fact] = [opened] if opened is not None else self.session.retell()
        for at in self.timeline.story(self.taken):
            record = self.timeline.lines[at].record
            if isinstance(record, Happened) and not isinstance(record.fact, m.Opened):
                facts += told_again(record.fact)
            elif isinstance(record, Obeyed):
                facts += done_again(record.command)
        return facts

    # ------------------------------------------------------------ off it

    def leave(self) -> None:
        """Let the session go on alone from here."""
        self._adrift = False
        self.session.handle(m.Stop())
        if self.session.steady:  # it has no past but its own, as one that is replayed from its first line
            self.session.restore(self.session.snapshot(portable=True, plot=True), self._course.folder)
        self._young = False
        self.session.go_live()

    def leave_with(self, session: Session) -> None:
        """Let this session go on alone, which stands where a branch had come to that was begun here."""
        self.taken = self.taken if self.target is None else self.target
        self._course.session, self.target, self._adrift = session, None, False

    def come_back(self, taken: int, step: int) -> None:
        """Begin to go back to where it was left, at a step; whatever was done since is undone."""
        self.taken = len(self.timeline.lines) + 1  # behind everything: a keyframe is taken up
        between = taken < len(self.timeline.lines)
        self.go_to(taken + between, step if between else None)

    def close(self) -> None:
        """Remove what was laid out for it."""
        self._course.close()


def done_again(command: m.Command) -> list[m.Fact]:
    """What the one did who is recorded: what is told next comes of it."""
    return [] if isinstance(command, m.Open) else [m.DoneAgain(clean(words.say(command), SHOWN))]


def told_again(fact: m.Fact) -> list[m.Fact]:
    """What was told then. What was refused has no command in a recording, and comes of none that was done."""
    if isinstance(fact, OF_FILES):
        return []
    return [m.DoneAgain(""), fact] if isinstance(fact, m.Error) else [fact]
