"""The session: commands in, facts out. A plain object without threads or a clock of its own.

`handle` obeys a command and returns at once; `work` goes on with what takes time until a deadline; `settle` works
until nothing is left to do; `ask` answers a query. Every command is stamped with the position at which it took effect,
and the log of these replays to the same bits: `replay` shows how.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

import msgspec
import numpy as np

from nntui import messages as m
from nntui import words
from nntui.data import DataError
from nntui.models.model import ModelError
from nntui.scenario.check import load
from nntui.scenario.reader import ScenarioError
from nntui.session.asking import Asker, scenario_text
from nntui.session.changing import Changer
from nntui.session.lesson import Lesson
from nntui.session.moving import Activity, Mover
from nntui.session.subject import CommandError, Desk, Moment, Snapshot, as_it_stands
from nntui.session.timeline import MEBIBYTE
from nntui.session.training import Preparer
from nntui.session.walk import WalkError

MOST_UNDONE = 100  # commands that can be taken back, at most
UNDO_BYTES = 32 * MEBIBYTE
MOST_TOLD_COMMANDS = 5

# These are begun when what is running has been stopped; all others take effect in the middle of it.
HALTING = (m.Open, m.Step, m.Back, m.Goto, m.Run, m.Try, m.Stop, m.Reset, m.Undo, m.Next, m.Previous, m.Return)
NOT_UNDONE = (m.Open, m.Stop, m.Undo, m.Point)
REFUSALS = (CommandError, ModelError, DataError, WalkError, ScenarioError)


class Session:
    """One learner's work: a lesson or scenario, and all that is done to it."""

    def __init__(self, preparer: Preparer | None = None, budget: int = 64 * MEBIBYTE) -> None:
        self._preparer = preparer
        self._budget = budget
        self._facts: list[m.Fact] = []
        self._activity: Activity | None = None
        self._performing = False  # whether the activity is a beat of the lesson
        self._queue: deque[m.Command] = deque()
        self._undo: list[Moment] = []
        self._settled = True
        self._until: m.Position | None = None
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
        if self._performing and not isinstance(command, m.Stop | m.Open):
            self._queue.append(command)
        else:
            self._take(command)
        return self._given()

    def work(self, deadline: float) -> list[m.Fact]:
        """Go on with what takes time, until time.perf_counter() passes the deadline or nothing is left."""
        while self.desk is not None and self.busy and self.position != self._until:
            run = self.desk.training
            if run.running:
                self._facts.extend(run.work(deadline))
                if run.running:
                    break
            self._resume()
            if self.waiting or time.perf_counter() >= deadline:
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
        self._until = position
        while self.desk is not None and self.busy and self.position != position:
            self.desk.training.barrier = position.step
            facts += self.work(math.inf)
            if self.desk.training.step == position.step == self.desk.training.barrier and self.position != position:
                self.desk.training.barrier = None
        self._until = None
        if self.desk is not None:
            self.desk.training.barrier = None
        return facts

    def ask(self, query: m.Query) -> m.Result:
        """Answer a query; what cannot be answered is Refused with a sentence."""
        try:
            query = m.validated(query, m.Query)
            if self.desk is None:
                return m.Refused("nothing is open; `open` opens a lesson")
            return self._answer(query, self.desk)
        except (*REFUSALS, m.MalformedMessageError) as error:
            return m.Refused(str(error))

    def snapshot(self) -> bytes:
        """All that determines the future, for going on in another process."""
        assert self.desk is not None, "nothing is open"
        desk = self.desk
        state = desk.state_table(self.lesson.beat, self.lesson.answered, {})
        parameters = desk.training.parameters.astype("<f8").tobytes()
        return msgspec.msgpack.encode(
            Snapshot(desk.name, desk.folder, desk.original, desk.scenario_now(), parameters, state)
        )

    def restore(self, snapshot: bytes) -> list[m.Fact]:
        """Take up from a snapshot; history begins anew there."""
        saved = msgspec.msgpack.decode(snapshot, type=Snapshot)
        flat = np.frombuffer(saved.parameters, "<f8")
        self._halt("")
        scenario = msgspec.structs.replace(saved.scenario, state=saved.state)
        desk = Desk(scenario, saved.original, saved.name, saved.folder, self._preparer, self._budget, flat)
        self._begin_desk(desk, saved.state.beat, saved.state.answered)
        return self._given()

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
        return self.desk is not None and self.busy and self.desk.training.waiting

    @property
    def position(self) -> m.Position:
        """Where the engine stands."""
        return self.desk.position if self.desk is not None else m.Position()

    def _given(self) -> list[m.Fact]:
        facts, self._facts = self._facts, []
        return facts

    def _tell(self, fact: m.Fact) -> None:
        self._facts.append(fact)

    # ------------------------------------------------------------ obeying

    def _take(self, command: m.Command) -> None:
        """Obey a command of a client: stop what it replaces, stamp it, remember how to take it back."""
        self._settled = False
        if isinstance(command, HALTING):
            self._halt("stopped")
        if isinstance(command, m.Stop):
            self.log.append(m.Stamped(self.position, command))
            return
        before = self._moment(words.say(command)) if self._can_undo(command) else None
        self.log.append(m.Stamped(self.position, command))
        try:
            self._begin(self._obey(command), performing=isinstance(command, m.Next | m.Open | m.Previous | m.Return))
        except REFUSALS as error:
            self.log.pop()
            self._tell(m.Error(str(error)))
            return
        if before is not None:
            self._remember(before)
        if not isinstance(command, m.Next | m.Previous | m.Return | m.Answer | m.Open | m.Point | m.Undo):
            self.lesson.detoured = True

    def _begin(self, activity: Activity | None, performing: bool) -> None:
        if activity is None:
            return
        if self._activity is not None:  # something goes on in the middle of a run: the run is what is worked on
            activity.close()
            return
        self._activity, self._performing = activity, performing
        try:
            self._resume_once()
        except REFUSALS:
            self._activity, self._performing = None, False
            raise

    def _resume(self) -> None:
        """Go on with the activity, now that training has done what it was waiting for."""
        try:
            self._resume_once()
        except REFUSALS as error:
            self._activity, self._performing = None, False
            self._tell(m.Error(str(error)))

    def _resume_once(self) -> None:
        if self._activity is None:
            return
        try:
            next(self._activity)
        except StopIteration:
            self._activity, self._performing = None, False
            while self._queue and not self._performing:
                self._take(self._queue.popleft())

    def _halt(self, why: str) -> None:
        """Stop what is running."""
        self._queue.clear()
        running = self.desk is not None and self.desk.training.stop()
        if self._activity is not None:
            self._activity.close()
            self._activity, self._performing = None, False
        if running and why and self.desk is not None:
            Mover(self.desk, self._tell).tell_run(why)

    def _obey(self, command: m.Command) -> Activity | None:
        if isinstance(command, m.Open):
            return self._open(command)
        if self.desk is None:
            raise CommandError("nothing is open; `open` opens a lesson")
        return self._obeyed_by(command, self.desk)

    def _obeyed_by(self, c: m.Command, desk: Desk) -> Activity | None:
        """Route a command to what obeys it."""
        move, change = Mover(desk, self._tell), Changer(desk, self._tell)
        routes: dict[type, Callable[[Any], Activity | None]] = {
            m.Step: lambda c: move.step(c.count, c.unit),
            m.Back: lambda c: move.back(c.count, c.unit),
            m.Goto: lambda c: move.goto(c.number, c.unit),
            m.Run: lambda c: move.run(c.steps, each=False),
            m.Try: lambda c: move.run(c.count, each=True),
            m.Break: lambda c: change.set_breakpoint(c.line),
            m.Walk: lambda c: change.choose_walk(c.what),
            m.ChooseSample: lambda c: change.choose_sample(c.sample),
            m.TypeInput: lambda c: change.type_input(c.values),
            m.SetValue: lambda c: change.set_value(c.address, c.value),
            m.Twist: lambda c: change.twist(c.address, c.amount),
            m.Point: lambda c: change.point(c.address),
            m.Use: lambda c: change.use(c.rung),
            m.Method: lambda c: change.method(c.name),
            m.Reseed: lambda c: change.reseed(c.seed),
            m.UseData: lambda c: change.use_data(c.name),
            m.Noise: lambda c: change.noise(c.share),
            m.Layers: lambda c: change.layers(c.sizes),
            m.Activation: lambda c: change.activation("activation", c.name),
            m.OutputActivation: lambda c: change.activation("output", c.name),
            m.TwistSize: lambda c: change.twist_size(c.size),
            m.BatchSize: lambda c: change.batch_size(c.size),
            m.Reset: lambda c: change.reset(),
            m.Undo: lambda c: self._take_back(desk),
            m.Next: lambda c: self._next(desk),
            m.Previous: lambda c: self._previous(desk),
            m.Answer: lambda c: self.lesson.answer(c.choice, self._tell),
            m.Return: lambda c: self._return(desk),
        }  # fmt: skip
        return routes[type(c)](c)

    # ------------------------------------------------------------ opening and taking back

    def _open(self, command: m.Open) -> Activity | None:
        scenario = load(command.text, command.name, command.folder)
        original = msgspec.structs.replace(scenario, state=None)
        desk = Desk(as_it_stands(scenario), original, command.name, command.folder, self._preparer, self._budget)
        state = scenario.state
        self._begin_desk(desk, state.beat if state else 0, state.answered if state else 0)
        self._tell_opened(desk)
        if self.lesson.beat:
            return self._tell_again()
        return self._perform(1) if scenario.beat else None

    def _begin_desk(self, desk: Desk, beat: int, answered: int) -> None:
        self.desk = desk
        self.lesson = Lesson(desk.original.beat, min(beat, len(desk.original.beat)), answered)
        self._undo.clear()
        self._settled = False

    def _tell_opened(self, desk: Desk) -> None:
        model, data = desk.model.describe()
        s = desk.scenario
        self._tell(m.Opened(desk.name, s.title, s.summary, len(s.beat), model, data, desk.training.step, desk.training.loss()))

    def _tell_again(self) -> Activity:
        self.lesson.tell_beat(self._tell)
        self.lesson.tell_question(self._tell)
        return
        yield

    def _can_undo(self, command: m.Command) -> bool:
        return self.desk is not None and not isinstance(command, NOT_UNDONE)

    def _moment(self, said: str) -> Moment:
        assert self.desk is not None
        return self.desk.moment(said, self.lesson.beat, self.lesson.answered)

    def _remember(self, moment: Moment) -> None:
        self._undo.append(moment)
        while len(self._undo) > MOST_UNDONE or (
            len(self._undo) > 2 and sum(before.run.size for before in self._undo) > UNDO_BYTES
        ):
            self._undo.pop(0)

    def _take_back(self, desk: Desk) -> None:
        if not self._undo:
            raise CommandError("there is nothing to take back")
        moment = self._undo.pop()
        desk.come_back(moment)
        self.lesson.beat, self.lesson.answered, self.lesson.detoured = moment.beat, moment.answered, True
        self._tell(m.Undone(moment.words, desk.training.step, desk.training.loss()))

    # ------------------------------------------------------------ the lesson

    def _next(self, desk: Desk) -> Activity | None:
        lesson = self.lesson
        lesson.check_next()
        if lesson.beat >= len(lesson.beats):
            self._tell(m.LessonOver())
            return None
        return self._go_on(desk, lesson.beat + 1)

    def _go_on(self, desk: Desk, beat: int) -> Activity:
        """Begin a beat from the lesson's own state at the end of the one before."""
        if self.lesson.detoured and self.lesson.beat:
            yield from self._be_at_end(desk, self.lesson.beat)
        yield from self._perform(beat)

    def _perform(self, beat: int) -> Activity:
        """Tell a beat, do what it does, and put its question."""
        assert self.desk is not None
        lesson = self.lesson
        lesson.beat, lesson.answered, lesson.detoured = beat, 0, False
        lesson.tell_beat(self._tell)
        yield from self._do(beat)
        lesson.ends[beat] = self._moment("")
        lesson.detoured = False
        lesson.tell_question(self._tell)

    def _do(self, beat: int) -> Activity:
        """Do what a beat does."""
        assert self.desk is not None
        for line in self.lesson.beats[beat - 1].do:
            meaning = words.parse(line)
            if isinstance(meaning, words.COMMANDS):
                activity = self._obeyed_by(meaning, self.desk)
                if activity is not None:
                    yield from activity
            elif not isinstance(meaning, words.Own):
                self._tell(m.Told(self.ask(meaning)))
        table = self.lesson.beats[beat - 1]
        try:
            self.desk.model.layout.index(table.point)
            self.desk.pointed = table.point
        except ModelError:
            pass  # it points at a line or a neuron, not at a parameter

    def _be_at_end(self, desk: Desk, beat: int) -> Activity:
        """Be in the lesson's own state at the end of a beat, made again by doing the beats where it is not known."""
        ends = self.lesson.ends
        if beat not in ends:
            told, self._facts = self._facts, []
            start = max((known for known in ends if known < beat), default=0)
            if start:
                desk.come_back(ends[start])
            else:
                desk.start_again(desk.original)
            for number in range(start + 1, beat + 1):
                yield from self._do(number)
                ends[number] = desk.moment("", number)
            self._facts = told
        desk.come_back(ends[beat])
        self.lesson.detoured = False

    def _previous(self, desk: Desk) -> Activity:
        if self.lesson.beat <= 1:
            raise CommandError("there is no beat before this one")
        return self._to_end(desk, self.lesson.beat - 1, returned=False)

    def _return(self, desk: Desk) -> Activity:
        if not self.lesson.beat:
            raise CommandError("there is no lesson to return to; `reset` goes back to the start")
        return self._to_end(desk, self.lesson.beat, returned=True)

    def _to_end(self, desk: Desk, beat: int, returned: bool) -> Activity:
        yield from self._be_at_end(desk, beat)
        if not returned:
            self.lesson.beat, self.lesson.answered = beat, 0
        else:
            self._tell(m.Returned(beat, desk.training.step))
        self.lesson.tell_beat(self._tell)
        self.lesson.tell_question(self._tell)

    # ------------------------------------------------------------ answering

    def _answer(self, query: m.Query, desk: Desk) -> m.Result:
        asker, lesson = Asker(desk), self.lesson
        question = lesson.question.question if lesson.question is not None else ""
        if isinstance(query, m.AskWhere):
            return asker.where(lesson.beat, len(lesson.beats), question)
        if isinstance(query, m.AskSummary):
            return asker.summary(tuple(words.say(s.command) for s in self.log[-MOST_TOLD_COMMANDS:]))
        if isinstance(query, m.AskWhy):
            return asker.why(query.value)
        if isinstance(query, m.AskView):
            return asker.view(query.view, query.address, query.size)
        if isinstance(query, m.AskReading):
            return m.Reading(query.name, asker.reading(query.name))
        return scenario_text(desk, lesson.beat, lesson.answered)

    def status(self) -> m.Status:
        """The header of the screen."""
        assert self.desk is not None
        run, lesson = self.desk.training, self.lesson
        return m.Status(
            self.desk.scenario.title, run.settings.rung, run.step, run.epoch, run.loss(), self.busy,
            lesson.beat, len(lesson.beats),
        )  # fmt: skip


def replay(log: Iterable[m.Stamped], session: Session) -> list[m.Fact]:
    """Obey a stamped log on a fresh session: each command at the position at which it took effect."""
    facts: list[m.Fact] = []
    for stamped in log:
        facts += session.work_until(stamped.position)
        facts += session.handle(stamped.command)
    return facts + session.settle()
