"""Plays a recording: a session that does again what was done, at the times at which it was done.

To the service a player is a session: it has the same verbs, and what the front ends show of it is what they show of
any session. It obeys the commands that move along the recording, and tells the facts that were told then; what is on
the screen is computed again. After `branch` all goes on to its session, which is live from there.
"""

from __future__ import annotations

import time
from pathlib import Path

import msgspec

from nntui import messages as m
from nntui.session.recording.fork import Fork
from nntui.session.recording.growing import LOOK_SECONDS, Source
from nntui.session.recording.hand import Hand
from nntui.session.recording.records import Parent, RecordingError
from nntui.session.recording.timeline import Timeline
from nntui.session.recording.way import Way
from nntui.session.run.workshop import Preparer
from nntui.session.session import Session
from nntui.session.subject import CommandError, Desk

MINE = (m.Play, m.Pause, m.Seek, m.Branch, m.Rejoin)
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
        self.state: m.Playing = "following" if follow and at < 0 else "paused"
        self._source = Source(path, follow)
        self.way = Way(self.timeline, preparer)
        self._preparer = preparer
        self._fork: Fork | None = None  # the branch that goes on alone, if one does
        self._hand = Hand(self.way)
        self._wanted = 0.0  # seconds that a seek asked for: it stands there, and not at the last line before
        self._asked, self._landed = 0, -1  # lines that a seek asked for, and those at which it has come to stand
        self._facts: list[m.Fact] = [self._source.opened()]
        if at >= 0:
            taken = min(lines, len(self.timeline.lines)) or self.timeline.until(at, self.timeline.beginning())
            self._go_to(taken, min(at, self.timeline.seconds))
        else:
            self._go_to(self.timeline.beginning() if not follow else len(self.timeline.lines))

    # ------------------------------------------------------------ what is played

    @property
    def name(self) -> str:
        """The name of its file."""
        return self._source.name

    @property
    def timeline(self) -> Timeline:
        """What is where in it."""
        return self._source.timeline

    @property
    def growing(self) -> bool:
        """Whether somebody still writes it."""
        return self._source.growing

    @property
    def damage(self) -> str:
        """What is wrong with the file; empty where it is whole."""
        return self._source.damage

    @property
    def live(self) -> bool:
        """Whether a branch of it goes on alone."""
        return self._fork is not None

    @property
    def parent(self) -> Parent:
        """What a branch from here says of where it comes from."""
        return self.way.parent(self.name)

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
        return self.way.session

    def handle(self, command: m.Command) -> list[m.Fact]:
        """Obey what moves along the recording; in a branch, all that a session obeys."""
        try:
            if isinstance(command, MINE):
                self._facts += self._source.look()  # while it is paused nobody has
                self._obey(command)
            elif self._fork is not None:
                self._facts += self._fork.note(self.session.handle(command))
            elif not isinstance(command, m.Stop):
                raise CommandError(NOT_LIVE)
            else:
                self._pause()
        except (CommandError, RecordingError) as error:
            self._facts.append(m.Error(str(error)))
        return self._given()

    def work(self, deadline: float) -> list[m.Fact]:
        """Go on with a seek, or with what is due by now."""
        if self._fork is not None:
            self._facts += self._fork.note(self.session.work(deadline))
            return self._given()
        try:
            self._facts += self._source.look()
            if self.way.target is not None:
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

    def snapshot(self, portable: bool = False, plot: bool = False) -> bytes:
        """All that determines the future of the session as it stands."""
        return self.session.snapshot(portable, plot)

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
        return self.way.target is not None or self.state in ("playing", "following")

    @property
    def waiting(self) -> bool:
        """Whether it waits for a rung to be made ready."""
        return self.session.waiting if self.live or self.way.target is not None else False

    @property
    def rest(self) -> float:
        """For how many seconds there is nothing to do, though it is busy."""
        if self.live or self.way.target is not None or not self.busy:
            return 0.0
        if self.way.over:
            return LOOK_SECONDS if self.growing else 0.0
        return self._hand.rest

    @property
    def steady(self) -> bool:
        """Whether it stands where a snapshot may be taken: of a branch alone."""
        return self.live and self.session.steady

    @property
    def lost(self) -> bool:
        """Whether it stands in a past that is not known here: nothing is computed until the next keyframe."""
        return self.way.lost

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
            taken, wanted = self.timeline.place(command, self._here(command)), self.timeline.time_of(command)
            self._go_to(taken, wanted, int(command.value) if command.to == "step" else None)
            self.state = "playing" if self.state in ("playing", "following") else "paused"
        elif isinstance(command, m.Branch):
            self._branch()

    def _here(self, seek: m.Seek) -> int:
        """Where a seek begins: the mark before is that before the one asked for, though that led on to a keyframe."""
        sought = seek.to in ("next", "last") and self._landed in (-1, self.way.taken)
        return self._asked if sought else self.way.taken

    def _play(self, speed: float) -> None:
        self._hand.set_speed(speed)
        if self.way.over and not self.growing and not speed:
            self._go_to(self.timeline.beginning())  # at the end, play begins anew
        self.state = "playing"
        self._hand.start()
        self._tell_place()

    def _pause(self) -> None:
        if self.state != "paused":
            self._stop("paused")
            self._tell_place()

    def _stop(self, state: m.Playing) -> None:
        self.state, self.way.target = state, None

    def _tell_place(self) -> None:
        step, hand = self.session.position.step, self._hand
        self._facts.append(m.PlayerMoved(self.state, hand.at, self.timeline.seconds, step, hand.speed, self.way.taken))

    def _go_to(self, taken: int, wanted: float = 0.0, step: int | None = None) -> None:
        """Begin to go to a place, and to stand at so many seconds there."""
        self._wanted, self._asked, self._landed = wanted, taken, -1
        self.way.go_to(taken, step)

    def stand(self, taken: int) -> None:
        """Be behind so many lines at once, and tell nothing of it. Raises RecordingError where that is impossible."""
        self.way.stand(taken)
        self._asked = self._landed = taken
        self._hand.go_from(self.way.seconds)

    def _seek_on(self, deadline: float) -> None:
        if self.way.arrive(deadline):
            self._hand.go_from(max(self._wanted, self.way.seconds))
            self._landed = self.way.taken
            self._facts += self.way.retold()
            self._tell_place()

    def standing(self) -> list[m.Fact]:
        """What is open and what the lesson says here: with what a recording begins that goes on from here."""
        return self.session.retell()

    # ------------------------------------------------------------ playing

    def _play_on(self, deadline: float) -> None:
        way, hand, times = self.way, self._hand, self.timeline.times
        if self.state == "following":
            hand.go_from(self.timeline.seconds)
            if not way.over:
                way.keep_up(self._facts)
        else:
            hand.go_on()
        while not way.over and times[way.taken] <= hand.at:
            if not way.take(deadline, self._facts):
                hand.at = min(hand.at, times[way.taken])  # computing takes longer here than it did then
                return
            if time.perf_counter() >= deadline:
                return
        if way.over:
            hand.at = self.timeline.seconds
            if self.growing:
                self.state = "following"
            else:
                self._stop("over")
                self._tell_place()

    # ------------------------------------------------------------ branches

    def _branch(self) -> None:
        way, session = self.way, self.session
        if way.target is not None or way.lost or session.desk is None:
            raise CommandError("a branch begins where the recording stands; wait until it has got there")
        self._stop("paused")
        step = session.position.step
        way.leave()
        assert session.desk is not None
        self._fork = Fork(self.timeline, way.taken, step, session.desk.training.loss())
        self._facts.append(m.Branched(self.name, self._hand.at, session.position.step))

    def _rejoin(self) -> None:
        if self._fork is None:
            raise CommandError("this is no branch; `branch` begins one")
        left, self._fork = self._fork, None
        self._facts.append(m.Rejoined(self.name, self._hand.at, left.step))
        self._wanted, self._asked = self._hand.at, left.taken
        self.way.come_back(left.taken, left.step)

    def take_over(self, session: Session) -> list[m.Fact]:
        """Go on in a branch that was begun here, with a session that stands where the branch had come to."""
        self._hand.at = max(self._hand.at, self._wanted)
        self.way.leave_with(session)
        self._stop("paused")
        step = session.position.step
        self._fork = Fork(self.timeline, self.way.taken, step, session.status().loss, begins=False)
        return [*self._given(), *session.retell(), m.Branched(self.name, self._hand.at, step)]

    # ------------------------------------------------------------ how it looks

    def view(self) -> m.TimelineView:
        """The timeline."""
        timeline, fork = self.timeline, self._fork
        view = m.TimelineView(
            self.name, timeline.seconds, self._hand.at, self.state, self._hand.speed, self.live, self.growing,
            tuple(mark for _, mark in timeline.marks), timeline.curve(), self.damage,
        )  # fmt: skip
        if fork is None or self.desk is None:
            return view
        axis, losses = self.desk.kept.axis, fork.parent()
        return msgspec.structs.replace(
            view, parent_loss=losses, parent_places=fork.along(axis), axis=axis, branch_loss=tuple(fork.losses)
        )

    def close(self) -> None:
        """Let go of the file."""
        self._source.close()
        self.way.close()
