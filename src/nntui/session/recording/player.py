"""Plays a recording: a session that does again what was done, at the times at which it was done.

To the service a player is a session: it has the same verbs, and what the front ends show of it is what they show of
any session. It obeys the commands that move along the recording, and tells the facts that were told then; what is on
the screen is computed again. After `branch` all goes on to its session, which is live from there.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

import msgspec

from nntui import messages as m
from nntui import words
from nntui.session.recording.course import Course
from nntui.session.recording.reading import BLOCK, Scan, is_locked, opened_for_reading
from nntui.session.recording.records import (
    INTO_THE_PAST,
    OF_FILES,
    DataFile,
    Ended,
    Happened,
    Header,
    Keyframe,
    Obeyed,
    Parent,
    RecordingError,
)  # fmt: skip
from nntui.session.recording.timeline import Timeline
from nntui.session.run.workshop import Preparer
from nntui.session.session import HALTING, Session
from nntui.session.subject import CommandError, Desk
from nntui.text import clean

PAUSE = 1.5  # seconds of thinking that are kept of a longer pause
TICK_SECONDS = 0.1  # between two looks of the clock, where nothing is due
ASK_SECONDS, MOST_UNLOCKED = 1.0, 4  # between looks whether anybody writes it, and how many say no until it is so
LOOK_SECONDS = 0.05  # between looks at a file that is still being written
MINE = (m.Play, m.Pause, m.Seek, m.Branch, m.Rejoin)
SHOWN = 400  # characters of a command
NOT_LIVE = "this is a recording: `branch` goes on alone from here, `play`, `pause` and `seek` move along it"


class Player:
    """A recording that is played, as a session."""

    def __init__(
        self, path: Path, preparer: Preparer | None = None, follow: bool = False, at: float = -1.0, lines: int = 0
    ) -> None:
        """Open a recording, and stand at its beginning, or `at` so many seconds; one that is followed, at its end.

        Where several lines are of that instant, it stands behind so many `lines`, if that is given.

        Raises RecordingError where there is none.
        """
        self.path = path
        self.name = clean(path.name, 200)
        self.timeline = Timeline()
        self.live = False
        self.growing = follow
        self.state: m.Playing = "following" if follow and at < 0 else "paused"
        self._preparer = preparer
        self._scan = Scan()
        self._file = opened_for_reading(path)
        self._scan.file = self._file.fileno()
        self._course = Course(Session(preparer, recalls=True))
        self._taken = 0  # lines that have been done again
        self._at = 0.0
        self._speed = 1.0
        self._wanted = 0.0  # seconds that a seek asked for: it stands there, and not at the last line before
        self._target: int | None = None  # lines to be taken by a seek that is under way
        self._adrift = False  # whether it was taken up in the middle of a run: then steps are counted, and no work
        self._step: int | None = None  # that a seek asked for: it stands there, perhaps between two lines
        self._asked, self._unlocked = 0.0, 0  # when it was looked whether anybody writes it; how often nobody did
        self._young = False  # whether it was taken up from a keyframe: what was before it is not known
        self._lost = False  # whether what was done led into that past: until the next keyframe nothing is computed
        self._left = 0  # lines taken where the branch began
        self._left_step = 0
        self._branch_loss: list[tuple[int, float]] = []
        self._clock = self._looked = time.perf_counter()
        self._facts: list[m.Fact] = []
        self._read_on()
        if not self._scan.lines and not follow:
            raise RecordingError(f"{self.name} is no recording of nntui, or its first line is damaged")
        self._facts.append(self._opened())
        if at >= 0:
            taken = min(lines, len(self.timeline.lines)) or self.timeline.until(at, self.timeline.beginning())
            self._go_to(taken, min(at, self.timeline.seconds))
        else:
            self._go_to(self.timeline.beginning() if not follow else len(self.timeline.lines))

    # ------------------------------------------------------------ reading

    def _read_on(self) -> bool:
        """Read what has been written since; tell whether that was anything."""
        before = len(self.timeline.lines)
        while not self._scan.full and (data := os.read(self._file.fileno(), BLOCK)):
            for line in self._scan.feed(data):
                if line.sound:
                    self.timeline.add(line)
        if self.timeline.ended:
            self.growing = False
        return len(self.timeline.lines) > before

    @property
    def damage(self) -> str:
        """What is wrong with the file; empty where it is whole. A last line without end is torn, unless it grows."""
        if self._scan.damages:
            first = self._scan.damages[0]
            return f"Damaged at line {first.line:,} ({first.sentence}): played up to there"
        return "Torn last line: played up to there" if self._scan.torn and not self.growing else ""

    def _opened(self) -> m.RecordingOpened:
        header = self._scan.header
        parent = header.parent.file if header and header.parent else ""
        return m.RecordingOpened(
            self.name, clean(header.nntui, 40) if header else "", clean(header.created, 40) if header else "",
            self.timeline.seconds, len(self.timeline.lines), self.damage, clean(parent, 200),
        )  # fmt: skip

    # ------------------------------------------------------------ the verbs of a session

    @property
    def live_session(self) -> Session | None:
        """What can be recorded: the session of a branch."""
        return self.session if self.live else None

    @property
    def preparer(self) -> Preparer | None:
        """What makes rungs ready."""
        return self._preparer

    @property
    def session(self) -> Session:
        """The session that does again what was done, or goes on alone."""
        return self._course.session

    def handle(self, command: m.Command) -> list[m.Fact]:
        """Obey what moves along the recording; in a branch, all that a session obeys."""
        try:
            if isinstance(command, MINE):
                self._obey(command)
            elif self.live:
                self._facts += self._noticed(self.session.handle(command))
            elif not isinstance(command, m.Stop):
                raise CommandError(NOT_LIVE)
            else:
                self._pause()
        except (CommandError, RecordingError) as error:
            self._facts.append(m.Error(str(error)))
        return self._given()

    def work(self, deadline: float) -> list[m.Fact]:
        """Go on with a seek, or with what is due by now."""
        if self.live:
            self._facts += self._noticed(self.session.work(deadline))
            return self._given()
        try:
            self._look_at_file()
            if self._target is not None:
                self._seek_on(deadline)
            elif self.state in ("playing", "following"):
                self._play_on(deadline)
        except RecordingError as error:
            self._stop("paused")
            self._facts.append(m.Error(str(error)))
        return self._given()

    def settle(self) -> list[m.Fact]:
        """Work until nothing is left to do."""
        facts = self.work(float("inf"))
        while self.busy:
            time.sleep(min(0.01, self.rest))
            facts += self.work(float("inf"))
        return facts

    def ask(self, query: m.Query, glance: bool = False) -> m.Result:
        """Answer a query; the timeline is ours."""
        if isinstance(query, m.AskView) and query.view == "timeline":
            return self.view()
        return self.session.ask(query, glance)

    def snapshot(self, portable: bool = False) -> bytes:
        """All that determines the future of the session as it stands."""
        return self.session.snapshot(portable)

    def status(self) -> m.Status:
        """The header of the screen."""
        return self.session.status()

    def warm(self, rung: str) -> None:
        """Make a rung ready, in a branch."""
        if self.live:
            self.session.warm(rung)

    @property
    def busy(self) -> bool:
        """Whether there is anything left to work on."""
        if self.live:
            return self.session.busy
        return self._target is not None or self.state in ("playing", "following")

    @property
    def waiting(self) -> bool:
        """Whether it waits for a rung to be made ready."""
        return self.session.waiting if self.live or self._target is not None else False

    @property
    def rest(self) -> float:
        """For how many seconds there is nothing to do, though it is busy."""
        if self.live or self._target is not None or not self.busy:
            return 0.0
        if self._taken >= len(self.timeline.lines):
            return LOOK_SECONDS if self.growing else 0.0
        return max(0.0, min(TICK_SECONDS, (self.timeline.times[self._taken] - self._at) / self._pace))

    @property
    def steady(self) -> bool:
        """Whether it stands where a snapshot may be taken: of a branch alone."""
        return self.live and self.session.steady

    @property
    def lost(self) -> bool:
        """Whether it stands in a past that is not known here: nothing is computed until the next keyframe."""
        return self._lost

    @property
    def position(self) -> m.Position:
        """Where the engine stands."""
        return self.session.position

    @property
    def desk(self) -> Desk | None:
        """What is open."""
        return self.session.desk

    @property
    def log(self) -> list[m.Stamped]:
        """The commands of the branch."""
        return self.session.log

    def _given(self) -> list[m.Fact]:
        facts, self._facts = self._facts, []
        return facts

    # ------------------------------------------------------------ moving along

    def _obey(self, command: m.Command) -> None:
        if isinstance(command, m.Rejoin):
            self._rejoin()
            return
        if self.live:
            raise CommandError("this is a branch, which is live; `rejoin` goes back to the recording")
        if isinstance(command, m.Play):
            self._play(command.speed)
        elif isinstance(command, m.Pause):
            self._pause()
        elif isinstance(command, m.Seek):
            taken, wanted = self.timeline.place(command, self._taken), self.timeline.time_of(command)
            self._go_to(taken, wanted, int(command.value) if command.to == "step" else None)
            self.state = "playing" if self.state in ("playing", "following") else "paused"
        elif isinstance(command, m.Branch):
            self._branch()

    def _play(self, speed: float) -> None:
        if speed and not m.SLOWEST <= speed <= m.FASTEST:
            raise CommandError(f"the speed goes from {m.SLOWEST:g} to {m.FASTEST:g} times, not {speed:g}")
        self._speed = speed or self._speed
        if self._taken >= len(self.timeline.lines) and not self.growing and not speed:
            self._go_to(self.timeline.beginning())  # at the end, play begins anew
        self.state, self._clock = "playing", time.perf_counter()
        self._tell_place()

    def _pause(self) -> None:
        if self.state != "paused":
            self._stop("paused")
            self._tell_place()

    def _stop(self, state: m.Playing) -> None:
        self.state, self._target = state, None

    def _tell_place(self) -> None:
        self._facts.append(
            m.PlayerMoved(
                self.state, self._at, self.timeline.seconds, self.session.position.step, self._speed, self._taken
            )
        )

    def _go_to(self, taken: int, wanted: float = 0.0, step: int | None = None) -> None:
        """Begin to go to a place: from here on, or from the last keyframe before it.

        With a step, that is the place within the last of so many lines at which this step is reached.
        """
        self._wanted, self._step = wanted, step
        if step is not None and taken:
            taken -= 1
            if self._taken == taken and self.session.position.step > step:
                self._taken += 1  # it has gone on from that line already: take up what is before
        least = self._taken if taken >= self._taken else 0
        keyframe = self.timeline.keyframe_before(taken, least)
        if keyframe is not None:
            self._take_up(keyframe)
        elif taken < self._taken:
            self._begin_anew()
        self._target = taken

    def _begin_anew(self) -> None:
        self._course.session = Session(self._preparer, recalls=True)
        self._taken, self._adrift, self._young, self._lost = 0, False, False, False

    def _take_up(self, at: int) -> None:
        """Stand at a keyframe."""
        record = self.timeline.lines[at].record
        assert isinstance(record, Keyframe)
        for place in self.timeline.files:
            file = self.timeline.lines[place].record
            if place < at and isinstance(file, DataFile):
                self._course.take_file(file)
        self._begin_anew()
        self._course.restore(record)
        for place in self.timeline.since_opened(self.timeline.measured, at):
            fact = self.timeline.lines[place].record
            assert isinstance(fact, Happened)
            self.session.recall(fact.fact)
        self._taken, self._adrift, self._young = at + 1, not record.resting, not record.begins

    def stand(self, taken: int, step: int | None = None) -> None:
        """Be behind so many lines, or at a step within the last of them, and tell nothing of it.

        Raises RecordingError where that cannot be computed.
        """
        self._go_to(taken, 0.0, step)
        while not self._come_there(float("inf")):
            if self.waiting:
                time.sleep(0.001)  # a rung is being made ready elsewhere

    def _seek_on(self, deadline: float) -> None:
        if self._come_there(deadline):
            self._tell_again()
            self._tell_place()

    def _come_there(self, deadline: float) -> bool:
        """Go on to where a seek leads; tell whether that is reached."""
        target = self._target
        assert target is not None
        while self._taken < min(target, len(self.timeline.lines)):
            if not self._take(deadline, tell=False):
                return False
            if time.perf_counter() >= deadline and self._taken < target:
                return False
        if self._step is not None and not self._seek_step(self._step, deadline):
            return False
        self._target = self._step = None
        self._at = max(self._wanted, self.timeline.times[self._taken - 1] if self._taken else 0.0)
        self._clock = time.perf_counter()
        return True

    def _seek_step(self, step: int, deadline: float) -> bool:
        """Go on within the next line up to a step; where it leads past it in one go, the line is taken whole."""
        session, lines = self.session, self.timeline.lines
        if self._taken >= len(lines):
            return True
        position = lines[self._taken].position
        while session.busy and session.position.step < step and session.position.work < position.work:
            missing = step - session.position.step
            towards = min(session.position.work + missing, position.work)
            session.work_towards(msgspec.structs.replace(position, work=towards), deadline)
            if time.perf_counter() >= deadline:
                return False
        if self._adrift and session.position.step < step <= position.step:
            return self._reach(msgspec.structs.replace(position, step=step), deadline)
        return session.position.step == step or self._take(deadline, tell=False)

    def _tell_again(self) -> None:
        """After a seek: what is open, what the lesson says here, and what came of the last command."""
        opened = self.timeline.opening(self._taken)
        self._facts += [opened] if opened is not None else self.session.retell()
        for at in self.timeline.story(self._taken):
            record = self.timeline.lines[at].record
            if isinstance(record, Happened) and not isinstance(record.fact, (m.Opened, *OF_FILES)):
                self._facts.append(record.fact)
            elif isinstance(record, Obeyed):
                self._tell_done(record.command)

    def standing(self) -> list[m.Fact]:
        """What is open and what the lesson says here: with what a recording begins that goes on from here."""
        return self.session.retell()

    def _tell_done(self, command: m.Command) -> None:
        """What the one did who is recorded: what is told next comes of it."""
        if not isinstance(command, m.Open):
            self._facts.append(m.DoneAgain(clean(words.say(command), SHOWN)))

    # ------------------------------------------------------------ playing

    @property
    def _pace(self) -> float:
        """Seconds of the recording in a second: of a long pause most is left out."""
        if self.state == "following" or self._taken >= len(self.timeline.lines):
            return self._speed
        before = self.timeline.times[self._taken - 1] if self._taken else 0.0
        return self._speed * max(1.0, (self.timeline.times[self._taken] - before) / PAUSE)

    def _play_on(self, deadline: float) -> None:
        now = time.perf_counter()
        if self.state == "following":
            self._at = self.timeline.seconds
        else:
            self._at += (now - self._clock) * self._pace
        self._clock = now
        lines, times = self.timeline.lines, self.timeline.times
        while self._taken < len(lines) and times[self._taken] <= self._at:
            if not self._take(deadline, tell=True):
                self._at = min(self._at, times[self._taken])  # computing takes longer here than it did then
                return
            if time.perf_counter() >= deadline:
                return
        if self._taken >= len(lines):
            self._at = self.timeline.seconds
            if self.growing:
                self.state = "following"
            else:
                self._stop("over")
                self._tell_place()

    def _take(self, deadline: float, tell: bool) -> bool:
        """Do the next line again, or a part of it until a deadline; tell whether it is done."""
        record = self.timeline.lines[self._taken].record
        if isinstance(record, Header):
            self._taken += 1
            return True
        if isinstance(record, Obeyed) and self._young and isinstance(record.command, INTO_THE_PAST):
            if not self._is_keyframe_next():
                self._replay_to(self._taken)
                return False
            self._lost = True
        if isinstance(record, DataFile):
            self._course.take_file(record)
        elif isinstance(record, Keyframe) and (record.begins or self._lost or (self._adrift and record.resting)):
            self._take_up(self._taken)
            return True
        elif not isinstance(record, Ended):
            if not self._lost and not self._reach(record.position, deadline):
                return False
            if isinstance(record, Obeyed) and self._lost:
                if tell:
                    self._tell_done(record.command)
            elif isinstance(record, Obeyed):
                self._adrift = self._adrift and not isinstance(record.command, HALTING)
                if tell:
                    self._tell_done(record.command)
                self._course.obey(record)
            elif isinstance(record, Happened):
                self.session.recall(record.fact)
                if tell and not isinstance(record.fact, OF_FILES):
                    self._facts.append(record.fact)
        self._taken += 1
        return True

    def _is_keyframe_next(self) -> bool:
        """Whether a keyframe follows before anything else is done."""
        for line in self.timeline.lines[self._taken + 1 :]:
            if isinstance(line.sketch, Keyframe):
                return True
            if isinstance(line.sketch, Obeyed) and not isinstance(line.sketch.command, m.Stop):
                return False
        return False

    def _replay_to(self, taken: int) -> None:
        """Come to a place from the beginning: what is done there needs all that was before."""
        target = taken if self._target is None else self._target
        self._begin_anew()
        self._target = target

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

    def _look_at_file(self) -> None:
        """See whether there is more of a file that is being written."""
        now = time.perf_counter()
        if self.growing and now >= self._looked + LOOK_SECONDS:
            self._looked = now
            first = not self.timeline.lines
            if not self._read_on():
                self._look_whether_written(now)
                return
            self._unlocked = 0
            if first:
                self._facts.append(self._opened())

    def _look_whether_written(self, now: float) -> None:
        """See, now and then, whether anybody holds the file who could write on; an engine may be started anew."""
        if now < self._asked + ASK_SECONDS:
            return
        self._asked = now
        self._unlocked = 0 if is_locked(self._file.fileno()) else self._unlocked + 1
        if self._unlocked >= MOST_UNLOCKED:
            self.growing = False

    # ------------------------------------------------------------ branches

    @property
    def parent(self) -> Parent:
        """What a branch from here says of where it comes from."""
        line = self.timeline.lines[self._taken - 1]
        return Parent(self.name, line.number, line.checksum, self.session.position.step)

    def _branch(self) -> None:
        if self._target is not None or self.session.desk is None:
            raise CommandError("a branch begins where the recording stands; wait until it has got there")
        self._stop("paused")
        self._left, self._left_step = self._taken, self.session.position.step
        self._adrift = False
        self.session.handle(m.Stop())
        if self.session.steady:  # a branch has no past but its own, as one that is replayed from its first line
            self.session.restore(self.session.snapshot(portable=True), self._course.folder)
        self._young = False
        self.session.go_live()
        self.live = True
        self._branch_loss = [(self.session.position.step, self.session.desk.training.loss())]
        self._facts.append(m.Branched(self.name, self._at, self.session.position.step))

    def _rejoin(self) -> None:
        if not self.live:
            raise CommandError("this is no branch; `branch` begins one")
        self.live = False
        self._taken = len(self.timeline.lines) + 1  # whatever was done since is undone by taking up a keyframe
        self._facts.append(m.Rejoined(self.name, self._at, self.session.position.step))
        between = self._left < len(self.timeline.lines)
        self._go_to(self._left + between, self._at, self._left_step if between else None)

    def take_over(self, session: Session) -> list[m.Fact]:
        """Go on in a branch that was begun here, with a session that stands where the branch had come to."""
        self._left = self._taken if self._target is None else self._target
        self._at = max(self._at, self._wanted)
        self._left_step = session.position.step
        self._stop("paused")
        self._course.session, self.live, self._adrift = session, True, False
        self._branch_loss = [(session.position.step, session.status().loss)]
        return [*self._given(), *session.retell(), m.Branched(self.name, self._at, session.position.step)]

    def _noticed(self, facts: list[m.Fact]) -> list[m.Fact]:
        """Note the losses of the branch."""
        for fact in facts:
            if isinstance(fact, m.Measured | m.Trained | m.Moved) and fact.step > self._branch_loss[-1][0]:
                self._branch_loss.append((fact.step, fact.loss))
        return facts

    # ------------------------------------------------------------ how it looks

    def view(self) -> m.TimelineView:
        """The timeline."""
        timeline = self.timeline
        return m.TimelineView(
            self.name, timeline.seconds, self._at, self.state, self._speed, self.live, self.growing,
            tuple(mark for _, mark in timeline.marks), timeline.curve(), self.damage,
            timeline.losses_after(self._left) if self.live else (), tuple(self._branch_loss) if self.live else (),
        )  # fmt: skip

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()
        self._course.close()
