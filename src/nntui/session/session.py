"""The session: commands in, facts out. A plain object without threads or a clock of its own.

`handle` obeys a command and returns at once; `work` goes on with what takes time until a deadline; `settle` works
until nothing is left to do; `ask` answers a query. Every command is stamped with the position at which it took effect,
and the log of these replays to the same bits: `replay` shows how.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Iterable

import msgspec

from nntui import messages as m
from nntui import words
from nntui.scenario.check import load
from nntui.session.asking import Asker, scenario_text
from nntui.session.graph.asking import comparison
from nntui.session.graph.graphing import opening
from nntui.session.lessons.leading import Leader
from nntui.session.lessons.lesson import Lesson
from nntui.session.lessons.presenting import guess, lesson_view, notes_view, shorten, tell_newcomer
from nntui.session.looking import Viewer
from nntui.session.moving import Activity, Mover
from nntui.session.race.recalled import recalled, recalling
from nntui.session.readings import reading
from nntui.session.routes import Routes, routes_of
from nntui.session.run.behind import Behind
from nntui.session.run.remembering import remember
from nntui.session.run.timeline import MEBIBYTE
from nntui.session.run.training import Training
from nntui.session.run.workshop import Preparer
from nntui.session.saving import restored, saved
from nntui.session.subject import REFUSALS, CommandError, Desk, Moment, as_it_stands
from nntui.session.surveys.kept import Surveys
from nntui.session.tensoring import stages, view
from nntui.session.undoing import Moments

MOST_TOLD_COMMANDS = 5

# These are begun when what is running has been stopped; all others take effect in the middle of it.
HALTING = (
    m.Open, m.Step, m.Back, m.Goto, m.Until, m.Run, m.Try, m.Stop, m.Reset, m.Undo, m.Next, m.Previous, m.Return,
    m.GoToBeat,
    m.Reseed, m.UseData, m.Noise, m.Shift, m.Layers, m.Race, m.RaceWidths, m.Check,
)  # fmt: skip
# These change what is looked at, and nothing else.
LOOKS = (m.Point, m.Slope, m.DrawEdges, m.Landscape, m.Sweep, m.Axis, m.Fold)
# These measure: nothing of the training is changed by them, and nothing of them is taken back.
MEASURES = (m.Race, m.RaceWidths, m.CompareRace, m.Climb, m.Check)
TIMED = (m.Race, m.RaceWidths, m.Check)  # take as long as they take: in a replay their results are recalled
PRESENTING = (m.ShortLecture, m.Guesses)  # these change what is told, and nothing that is computed
NOT_UNDONE = (m.Open, m.Stop, m.Undo, *LOOKS, *MEASURES, m.Accuse, m.Mark, *PRESENTING)
LED = (m.Open, m.Next, m.Previous, m.GoToBeat, m.Return)  # these lead to a beat; what comes meanwhile waits for its end
NO_DETOURS = (
    *LED, *PRESENTING, m.Answer, m.Reveal, m.Point, m.Axis, m.Fold, m.Pin, m.Unpin, m.Accuse, m.Undo, m.Mark, *MEASURES
)  # fmt: skip


class Session:
    """One learner's work: a lesson or scenario, and all that is done to it."""

    def __init__(self, preparer: Preparer | None = None, budget: int = 64 * MEBIBYTE, recalls: bool = False) -> None:
        """Begin with nothing open. One that recalls measures nothing: `recall` gives it what was measured."""
        self._preparer = preparer
        self._budget = budget
        self._recalls = recalls
        self._facts: list[m.Fact] = []
        self._activity: Activity | None = None
        self._performing = False  # whether the activity is a beat of the lesson
        self._queue: deque[m.Command] = deque()
        self._moments = Moments()  # to come back to
        self._settled = True
        self._worked = 0  # steps trained and turns taken, in all
        self._until: int | None = None  # work no further than this
        self._surveys = Surveys()
        self.desk: Desk | None = None
        self.lesson = Lesson(())
        self.log: list[m.Stamped] = []

    # ------------------------------------------------------------ the five verbs

    def handle(self, command: m.Command) -> list[m.Fact]:
        """Obey a command, as far as that takes no time; what is wrong with it is told by an Error."""
        try:
            command = m.validated(command, m.Command)
        except m.MalformedMessageError as error:
            return [m.Error(str(error))]
        if self._has_to_wait(command):
            self._queue.append(command)
        else:
            self._take(command)
        return self._given()

    def work(self, deadline: float) -> list[m.Fact]:
        """Go on with what takes time, until time.perf_counter() passes the deadline or nothing is left."""
        until = math.inf if self._until is None else self._until
        while self.desk is not None and self.busy and self._worked < until:
            run = self.desk.training
            if run.running:
                self._train(run, deadline)
                if run.running:
                    break
            if self.waiting:
                break
            if not self.desk.races.running:  # however fast this machine is, a race is one turn
                self._worked += 1
            self._resume()
            if time.perf_counter() >= deadline:
                break
        if not self.busy and not self._settled:
            self._settled = True
            self._tell(m.Settled(self.position))
        return self._given()

    def settle(self) -> list[m.Fact]:
        """Work until nothing is left to do."""
        facts = self.work(math.inf)
        while self.busy:
            time.sleep(0.001)  # a rung is being made ready elsewhere
            facts += self.work(math.inf)
        return facts

    def work_until(self, position: m.Position) -> list[m.Fact]:
        """Work up to a position on the way, or until nothing is left to do: how a stamped command is awaited."""
        facts: list[m.Fact] = []
        while self.busy and self._worked < position.work:
            facts += self.work_towards(position, math.inf)
            if self.waiting:
                time.sleep(0.001)  # a rung is being made ready elsewhere
        return facts

    def work_towards(self, position: m.Position, deadline: float) -> list[m.Fact]:
        """The same until a deadline."""
        self._until = position.work
        facts = self.work(deadline)
        self._until = None
        return facts

    def stand_at(self, position: m.Position) -> None:
        """Count from here on as if all work up to a position had been done one by one."""
        self._worked = position.work

    def _train(self, run: Training, deadline: float) -> None:
        """Go on with training; on a journey no steps are counted, for where it starts is a matter of keyframes."""
        run.barrier = None
        if self._until is not None and run.origin_step is None:
            run.barrier = run.step + self._until - self._worked
        before = run.trained
        facts = run.work(deadline)
        run.barrier = None
        self._worked += run.trained - before
        tried = [fact for fact in facts if isinstance(fact, m.Tried)]
        if tried and self.desk is not None:
            self.desk.pointed = tried[-1].address  # where single steps are told, this is what everyone looks at
        if not self.lesson.silent:
            self._facts.extend(facts)

    def ask(self, query: m.Query, glance: bool = False) -> m.Result:
        """Answer a query; what cannot be answered is Refused with a sentence.

        At a glance, a coarse view does at first, where the next one will be fine.
        """
        try:
            query = m.validated(query, m.Query)
            if self.desk is None:
                return m.Refused("nothing is open; `open` opens a lesson")
            return self._answer(query, self.desk, glance)
        except (*REFUSALS, m.MalformedMessageError) as error:
            return m.Refused(str(error))

    def snapshot(self, portable: bool = False, plot: bool = False) -> bytes:
        """All that determines the future, for going on in another process; a portable one does not say where files lie.

        With the plot, also the losses so far.
        Raises what building a desk raises, where that fails in `restore`.
        """
        assert self.desk is not None, "nothing is open"
        return saved(self.desk, self.lesson.beat, self.lesson.answered, self._worked, portable, self.lesson.kept, plot)

    def restore(self, snapshot: bytes, folder: str | None = None, going_on: bool = False) -> list[m.Fact]:
        """Take up from a snapshot; history begins anew there. Its data file may lie in another folder now.

        A lesson does its beats again before the next one, so that it has their history, unless it is `going_on`.
        """
        desk, state, worked, kept = restored(snapshot, self._preparer, self._budget, folder)
        self._halt("")
        self._queue.clear()
        self._begin_desk(desk, state.beat, state.answered)
        self.lesson.keep(kept)
        if going_on:
            self.lesson.detoured = kept.detoured
            if self.lesson.beat and not kept.detoured:
                self.lesson.ends[self.lesson.beat] = desk.moment("", self.lesson.beat)
        self._worked = worked
        if self.lesson.beat:
            self._leader(desk).tell_again()
        return self._given()

    def retell(self) -> list[m.Fact]:
        """What is open, and what the lesson says here, told once more."""
        desk = self.desk
        if desk is not None:
            self._tell(self._opened(desk))
            if self.lesson.beat:
                self._leader(desk).tell_again()
        return self._given()

    def introduce(self) -> list[m.Fact]:
        """What one who has just come has to know: what is open, and where its lesson stands."""
        found: list[m.Fact] = []
        if self.desk is not None:
            found.append(self._opened(self.desk))
            tell_newcomer(self.lesson, found.append)
        return found

    def recall(self, fact: m.Fact) -> None:
        """Take over what a fact says was measured, in a race or a check."""
        if self.desk is not None:
            recalled(self.desk, fact)

    def remember(self, found: Behind) -> None:
        """Let these losses lie behind what has just been restored."""
        if self.desk is not None:
            remember(self.desk.training, found)
            beat = self.lesson.beat
            if beat in self.lesson.ends:  # the end of its beat is where it stands, and has the same behind it
                self.lesson.ends[beat] = self.desk.moment("", beat)

    def go_live(self) -> None:
        """From here on measure again what was recalled until now, and log anew."""
        self._recalls, self.log = False, []

    def warm(self, rung: str) -> None:
        """Begin to make a rung ready in the background, so that `use` will find it so."""
        if self.desk is not None:
            self.desk.training.warm(rung)

    # ------------------------------------------------------------ what it is doing

    @property
    def steady(self) -> bool:
        """Whether it stands where a snapshot may be taken: not halfway through a beat, nor on a way back."""
        return self.desk is not None and not self._performing and self.desk.training.origin_step is None

    @property
    def busy(self) -> bool:
        """Whether there is anything left to work on."""
        return self._activity is not None or (self.desk is not None and self.desk.training.running)

    @property
    def waiting(self) -> bool:
        """Whether it waits for a rung to be made ready: then working does nothing."""
        return self.desk is not None and self.busy and (self.desk.training.waiting or self.desk.races.waiting)

    @property
    def live_session(self) -> Session:
        """What can be recorded: this."""
        return self

    @property
    def preparer(self) -> Preparer | None:
        """What makes rungs ready."""
        return self._preparer

    @property
    def rest(self) -> float:
        """For how many seconds there is nothing to do, though it is busy: none, for it has no clock of its own."""
        return 0.0

    @property
    def position(self) -> m.Position:
        """Where the engine stands."""
        return self.desk.position(self._worked) if self.desk is not None else m.Position(work=self._worked)

    def _given(self) -> list[m.Fact]:
        facts, self._facts = self._facts, []
        return facts

    def _tell(self, fact: m.Fact) -> None:
        if not self.lesson.silent:
            self._facts.append(fact)

    # ------------------------------------------------------------ obeying

    @property
    def _on_journey(self) -> bool:
        return self.desk is not None and self.desk.training.origin_step is not None

    def _has_to_wait(self, command: m.Command) -> bool:
        """Whether a command comes in the middle of what it must not change: of a beat, or on the way to a step."""
        if self._performing:
            return not isinstance(command, m.Stop | m.Open)
        return self._on_journey and not isinstance(command, HALTING)

    def _take(self, command: m.Command) -> None:
        """Obey a command of a client: stop what it replaces, stamp it, remember how to take it back."""
        self._settled = False
        if isinstance(command, HALTING):
            self._make_way_for(command)
        if isinstance(command, m.Stop):
            self.log.append(m.Stamped(self.position, command))
            return
        before = self._moment(words.say(command)) if self._can_undo(command) else None
        self.log.append(m.Stamped(self.position, command))
        try:
            self._begin(self._obey(command), performing=isinstance(command, LED))
        except REFUSALS as error:
            self.log.pop()
            self._tell(m.Error(str(error)))
            return
        if before is not None:
            self._moments.remember(before, self.desk)
        if not isinstance(command, NO_DETOURS):
            self.lesson.detoured = True

    def _make_way_for(self, command: m.Command) -> None:
        """Stop what is running; what has been waiting for its end comes before this command."""
        if isinstance(command, m.Stop | m.Open):
            self._queue.clear()
        while True:
            stopped = self._halt("stopped")
            if stopped and not isinstance(command, m.Stop):
                # Should the command itself be refused, it has stopped this all the same.
                self.log.append(m.Stamped(self.position, m.Stop()))
            if not self._queue:
                return
            self._take(self._queue.popleft())

    def _begin(self, activity: Activity | None, performing: bool) -> None:
        if activity is None:
            return
        if self._activity is not None:  # something goes on in the middle of a run: the run is what is worked on
            activity.close()
            return
        self._activity, self._performing = activity, performing
        try:
            next(activity)
        except StopIteration:
            self._activity, self._performing = None, False
        except REFUSALS:
            self._activity, self._performing = None, False
            raise

    def _resume(self) -> None:
        """Go on with the activity, now that training has done what it was waiting for."""
        if self._activity is not None:
            try:
                next(self._activity)
                return
            except StopIteration:
                self._activity, self._performing = None, False
            except REFUSALS as error:
                self._activity, self._performing = None, False
                self._tell(m.Error(str(error)))
        while self._queue and not self._has_to_wait(self._queue[0]):
            self._take(self._queue.popleft())

    def _halt(self, why: str) -> bool:
        """Stop what is running; tell whether anything was."""
        desk, performing = self.desk, self._performing
        journey, active = self._on_journey, self._activity is not None
        running = desk is not None and desk.training.stop()
        if self._activity is not None:
            self._activity.close()
            self._activity, self._performing = None, False
        if performing:
            self.lesson.silent = False
        if running and why and desk is not None:
            if journey:
                self._tell(m.Moved(desk.training.step, desk.training.epoch, desk.training.loss()))
            else:
                Mover(desk, self._tell).tell_run(why)
        if performing and desk is not None:
            self._leader(desk).break_off()
        return running or active

    def _obey(self, command: m.Command) -> Activity | None:
        if isinstance(command, m.Open):
            return self._open(command)
        if self.desk is None:
            raise CommandError("nothing is open; `open` opens a lesson")
        return self._obeyed_by(command, self.desk)

    def _obeyed_by(self, c: m.Command, desk: Desk) -> Activity | None:
        """Route a command to what obeys it."""
        if self._recalls and isinstance(c, TIMED):
            return recalling()
        lead = self._leader(desk)
        routes: Routes = {
            **routes_of(desk, self._tell, self._surveys),
            m.Undo: lambda c: self._take_back(desk),
            m.Next: lambda c: lead.next(),
            m.Previous: lambda c: lead.previous(),
            m.GoToBeat: lead.go_to,
            m.ShortLecture: lambda c: shorten(self.lesson, c.on, self._tell),
            m.Guesses: lambda c: guess(self.lesson, c.counts, self._tell),
            m.Reveal: lambda c: self.lesson.reveal(self._tell),
            m.Answer: lambda c: self.lesson.answer(c.choice, self._tell),
            m.Return: lambda c: lead.come_back(),
        }
        return routes[type(c)](c)

    # ------------------------------------------------------------ opening and taking back

    def _open(self, command: m.Open) -> Activity | None:
        scenario = load(command.text, command.name, command.folder)
        original = msgspec.structs.replace(scenario, state=None)
        desk = Desk(as_it_stands(scenario), original, command.name, command.folder, self._preparer, self._budget)
        state = scenario.state
        self._begin_desk(desk, state.beat if state else 0, state.answered if state else 0)
        self.lesson.short = state is not None and state.short and bool(self.lesson.cores)
        self._tell(self._opened(desk))
        leader = self._leader(desk)
        if self.lesson.beat:
            leader.tell_again()
            return None
        if desk.graph is not None:
            self._tell(opening(desk.graph))
        if desk.bench is not None:
            self._tell(m.ArrayMade("product" if desk.bench.product is not None else "array", view(desk.bench)))
        return leader.perform(1) if scenario.beat else None

    def _begin_desk(self, desk: Desk, beat: int, answered: int) -> None:
        self.desk = desk
        # Nobody knows whether what was saved in the middle of a lesson was on a detour: it may have been.
        self.lesson = Lesson(desk.original.beat, min(beat, len(desk.original.beat)), answered, detoured=True)
        self._moments.clear()
        self._settled = False

    def _opened(self, desk: Desk) -> m.Opened:
        model, data = desk.model.describe()
        s, run = desk.scenario, desk.training
        return m.Opened(desk.name, s.title, s.summary, len(s.beat), model, data, run.step, run.loss())

    def _leader(self, desk: Desk) -> Leader:
        return Leader(desk, self.lesson, self._tell, lambda command: self._obeyed_by(command, desk), self.ask)

    def _can_undo(self, command: m.Command) -> bool:
        return self.desk is not None and not isinstance(command, NOT_UNDONE)

    def _moment(self, said: str) -> Moment:
        assert self.desk is not None
        return self.desk.moment(said, self.lesson.beat, self.lesson.answered)

    def _take_back(self, desk: Desk) -> None:
        moment = self._moments.take()
        led = (moment.beat, moment.answered) != (self.lesson.beat, self.lesson.answered)
        desk.come_back(moment)
        self.lesson.beat, self.lesson.answered, self.lesson.detoured = moment.beat, moment.answered, True
        if led:
            self._leader(desk).tell_again()
        self._tell(m.Undone(moment.words, desk.training.step, desk.training.loss()))

    # ------------------------------------------------------------ answering

    def _answer(self, query: m.Query, desk: Desk, glance: bool) -> m.Result:
        asker, lesson = Asker(desk), self.lesson
        question = lesson.question.question if lesson.question is not None else ""
        if isinstance(query, m.AskWhere):
            core, cores = lesson.place
            where = asker.where(lesson.beat, len(lesson.beats), question)
            return msgspec.structs.replace(where, core=core, cores=cores)
        if isinstance(query, m.AskSummary):
            return asker.summary(tuple(words.say(s.command) for s in self.log[-MOST_TOLD_COMMANDS:]))
        if isinstance(query, m.AskWhy):
            return asker.why(query.value)
        if isinstance(query, m.AskView) and query.view == "lesson":
            return lesson_view(lesson, desk.scenario.title)
        if isinstance(query, m.AskView) and query.view == "notes":
            return notes_view(lesson)
        if isinstance(query, m.AskView):
            return Viewer(desk, self._surveys, glance).view(query.view, query.address, query.size)
        if isinstance(query, m.AskStages):
            return stages(desk, query.samples)
        if isinstance(query, m.AskComparison):
            return comparison(desk)
        if isinstance(query, m.AskReading):
            return m.Reading(query.name, reading(desk, query.name))
        if not self.steady:
            raise CommandError("this can be saved when the beat is done, or the step reached")
        return scenario_text(desk, lesson.beat, lesson.answered, lesson.short)

    def status(self) -> m.Status:
        """The header of the screen."""
        assert self.desk is not None
        desk, run, lesson = self.desk, self.desk.training, self.lesson
        return m.Status(
            desk.scenario.title, run.settings.rung, run.step, run.epoch, run.loss(), run.running or desk.races.running,
            lesson.beat, len(lesson.beats), desk.name, desk.model.describe()[0], run.furthest,
            run.waiting or bool(desk.races.making),
            desk.seen_sample(), desk.walk, lesson.question is not None, bool(lesson.beat) and lesson.detoured,
            -1 if desk.look.typed else desk.look.sample, desk.look.typed, desk.samples, desk.look.split,
            run.settings.method, desk.kept.axis, *lesson.place, desk.races.making,
        )  # fmt: skip


def replay(log: Iterable[m.Stamped], session: Session) -> list[m.Fact]:
    """Obey a stamped log on a fresh session: each command at the position at which it took effect."""
    facts: list[m.Fact] = []
    for stamped in log:
        facts += session.work_until(stamped.position)
        facts += session.handle(stamped.command)
    return facts + session.settle()
