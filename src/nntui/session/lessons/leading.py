"""Leads through a lesson: performs its beats, and finds the way back to its own state from any detour."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias, cast

from nntui import messages as m
from nntui import words
from nntui.models.model import ModelError
from nntui.session.graph.graphing import look_at_node
from nntui.session.lessons.lesson import Lesson
from nntui.session.lessons.presenting import found_beat, tell_guesses
from nntui.session.moving import Activity, Tell
from nntui.session.run.curves import Kept
from nntui.session.subject import REFUSALS, CommandError, Desk

MEASURING = (m.Race, m.RaceWidths, m.Check)
Obey: TypeAlias = Callable[[m.Command], Activity | None]
Ask: TypeAlias = Callable[[m.Query], m.Result]


class Leader:
    """Leads a desk through its lesson. `obey` and `ask` do what the beats say."""

    def __init__(self, desk: Desk, lesson: Lesson, tell: Tell, obey: Obey, ask: Ask) -> None:
        self.desk = desk
        self.lesson = lesson
        self.tell = tell
        self.obey = obey
        self.ask = ask

    # ------------------------------------------------------------ where to go

    def next(self) -> Activity | None:
        """Go on to the next beat."""
        lesson = self.lesson
        lesson.check_next()
        following = lesson.following()
        if not following:
            self.tell(m.LessonOver())
            return None
        return self._go_on(following)

    def previous(self) -> Activity:
        """Go back to the end of the beat before."""
        preceding = self.lesson.preceding()
        if not preceding:
            raise CommandError("there is no beat before this one")
        return self._to_end(preceding, returned=False)

    def go_to(self, wanted: m.GoToBeat) -> Activity:
        """Go to any beat: to its end where that is known, else through it."""
        beat = found_beat(self.lesson, wanted)
        return self._to_end(beat, returned=False) if beat in self.lesson.ends else self._go_on(beat)

    def come_back(self) -> Activity:
        """Come back from a detour to the end of this beat."""
        if not self.lesson.beat:
            raise CommandError("there is no lesson to return to; `reset` goes back to the start")
        return self._to_end(self.lesson.beat, returned=True)

    def tell_again(self) -> None:
        """Tell the beat at hand, of a lesson that was taken up again."""
        self.lesson.tell_beat(self.tell)
        self._tell_question()

    def _tell_question(self) -> None:
        """Put the question, if one is open, and tell what the class has guessed."""
        self.lesson.tell_question(self.tell)
        if self.lesson.question is not None:
            tell_guesses(self.lesson, self.tell)

    def break_off(self) -> None:
        """A beat, or the way to one, was stopped: the lesson's own state has to be found again, the question stays."""
        self.lesson.silent = False
        self.lesson.detoured = True
        self._tell_question()

    # ------------------------------------------------------------ performing

    def _go_on(self, beat: int) -> Activity:
        """Begin a beat from the lesson's own state at the end of the one before."""
        lesson = self.lesson
        if beat == 1 and lesson.beat:
            self._be_at_start()
        elif beat > 1 and (lesson.detoured or lesson.beat != beat - 1):
            yield from self._be_at_end(beat - 1)
        yield from self.perform(beat)

    def perform(self, beat: int) -> Activity:
        """Tell a beat, do what it does, and put its question."""
        lesson = self.lesson
        lesson.beat, lesson.answered, lesson.detoured = beat, 0, False
        lesson.tell_beat(self.tell)
        yield from self._do(beat)
        lesson.ends[beat] = self.desk.moment("", beat)
        lesson.detoured = False
        self._tell_question()

    def _do(self, beat: int) -> Activity:
        """Do what a beat does; what cannot be done is told and passed over, for the lesson must go on."""
        table = self.lesson.beats[beat - 1]
        for line in table.do:
            try:
                yield from self._do_line(line)
            except REFUSALS as error:
                self.tell(m.Error(str(error)))
        look_at_node(self.desk, table.point)
        try:
            self.desk.model.layout.index(table.point)
            self.desk.pointed = table.point
        except ModelError:
            pass  # it points at a line or a neuron, not at a parameter

    def _do_line(self, line: str) -> Activity:
        meaning = words.parse(line)
        if self.lesson.silent and isinstance(meaning, MEASURING):
            return  # what was measured is kept, and nothing else depends on it
        if isinstance(meaning, words.COMMANDS):
            activity = self.obey(cast(m.Command, meaning))
            if activity is not None:
                yield from activity
        elif not (isinstance(meaning, words.Own) or self.lesson.silent):
            self.tell(m.Told(self.ask(cast(m.Query, meaning))))

    # ------------------------------------------------------------ the lesson's own state

    def _be_at_end(self, beat: int) -> Activity:
        """Be in the lesson's own state at the end of a beat, made again by doing the beats where it is not known."""
        ends = self.lesson.ends
        if beat not in ends:
            self.lesson.silent = True
            start = max((known for known in ends if known < beat), default=0)
            if start:
                self.desk.come_back(ends[start])
            else:
                self._be_at_start()
            for number in range(start + 1, beat + 1):
                yield from self._do(number)
                ends[number] = self.desk.moment("", number)
            self.lesson.silent = False
        self.desk.come_back(ends[beat])
        self.lesson.detoured = False

    def _be_at_start(self) -> None:
        """Be where the first beat begins."""
        self.desk.start_afresh()
        self.desk.kept = Kept()

    def _to_end(self, beat: int, returned: bool) -> Activity:
        yield from self._be_at_end(beat)
        if returned:
            self.tell(m.Returned(beat, self.desk.training.step))
        else:
            self.lesson.beat, self.lesson.answered = beat, 0
        self.tell_again()
