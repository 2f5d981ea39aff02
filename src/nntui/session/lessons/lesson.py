"""The beats of a lesson: what is told, done and asked, and the way back from any detour.

A lesson goes on from its own state, not from where a detour has led: what it says of its numbers must hold. The state
at the end of each beat is remembered; where it is not (a lesson taken up again), it is made again by doing the beats.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from nntui import messages as m
from nntui.scenario.schema import AskTable, BeatTable
from nntui.session.lessons.times import BeatTimes
from nntui.session.moving import Tell
from nntui.session.subject import CommandError, Moment, SavedLesson


@dataclass
class Lesson:
    """Where a lesson stands. `beat` counts from 1; 0 stands for not begun, or for no lesson."""

    beats: tuple[BeatTable, ...]
    beat: int = 0
    answered: int = 0
    detoured: bool = False  # whether the state may be another than the lesson's own
    silent: bool = False  # while beats are done again to come to that state
    ends: dict[int, Moment] = field(default_factory=dict)
    short: bool = False  # whether the lecture goes from core beat to core beat
    guesses: dict[int, tuple[int, ...]] = field(default_factory=dict)  # of a class, by beat
    times: BeatTimes = field(default_factory=BeatTimes)

    @property
    def table(self) -> BeatTable | None:
        """The beat at hand."""
        return self.beats[self.beat - 1] if self.beat else None

    @property
    def question(self) -> AskTable | None:
        """The question that is open."""
        return self.table.ask if self.table is not None and not self.answered else None

    @property
    def kept(self) -> SavedLesson:
        """What of it goes along with a snapshot, beside the beat."""
        return SavedLesson(self.short, tuple(sorted(self.guesses.items())), self.detoured)

    def keep(self, saved: SavedLesson) -> None:
        """Take that over again."""
        self.short = saved.short
        self.guesses = {number: counts for number, counts in saved.guesses if number <= len(self.beats)}

    @property
    def cores(self) -> tuple[int, ...]:
        """The numbers of the core beats."""
        return tuple(number for number, table in enumerate(self.beats, start=1) if table.core)

    @property
    def place(self) -> tuple[int, int]:
        """In the short lecture, how many core beats have been reached, of how many; else 0 of 0."""
        cores = self.cores if self.short else ()
        return sum(number <= self.beat for number in cores), len(cores)

    def following(self) -> int:
        """The beat that comes next; 0 where none does."""
        ahead = (number for number in range(self.beat + 1, len(self.beats) + 1) if self._is_given(number))
        return next(ahead, 0)

    def preceding(self) -> int:
        """The beat that comes before; 0 where none does."""
        return next((number for number in range(self.beat - 1, 0, -1) if self._is_given(number)), 0)

    def _is_given(self, number: int) -> bool:
        return not self.short or self.beats[number - 1].core

    def check_next(self) -> None:
        """Raise CommandError where the lesson cannot go on yet."""
        if not self.beats:
            raise CommandError("this scenario has no lesson; it is for free play")
        if self.question is not None:
            *most, last = (str(n + 1) for n in range(len(self.question.choices)))
            choices = f"{', '.join(most)} or {last}"
            raise CommandError(f"a question is open, and the next beat tells: answer {choices} first")

    def tell_beat(self, tell: Tell) -> None:
        """Tell the text of the beat, and the panes that are to be seen: its own, or those of a beat before."""
        table = self.table
        self.times.be_at(self.beat)
        if table is not None:
            tell(m.BeatBegan(self.beat, len(self.beats), table.say, table.point, self.shown, table.core, table.notes))

    @property
    def shown(self) -> tuple[str, ...]:
        """The panes that the last beat which names any names."""
        return next((table.show for table in reversed(self.beats[: self.beat]) if table.show), ())

    def tell_question(self, tell: Tell) -> None:
        """Put the question, if one is open."""
        if self.question is not None:
            tell(m.Asked(self.question.question, self.question.choices))

    def reveal(self, tell: Tell) -> None:
        """Tell the right answer."""
        ask = self.table.ask if self.table is not None else None
        if ask is None:
            raise CommandError("there is no question to answer here")
        self.answer(ask.right, tell)

    def answer(self, choice: int, tell: Tell) -> None:
        """Answer the question of the beat; it may be answered again."""
        ask = self.table.ask if self.table is not None else None
        if ask is None:
            raise CommandError("there is no question to answer here")
        if choice > len(ask.choices):
            raise CommandError(f"the choices go from 1 to {len(ask.choices)}, not {choice}")
        self.answered = choice
        reply = ask.replies[choice - 1] if ask.replies else ""
        tell(m.Answered(choice, choice == ask.right, reply))
