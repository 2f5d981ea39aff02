"""A recording as a handout: a page with what was said, asked and done, and the screens as pictures.

A beat is pictured as it stood when the lecture went on from it, with what it had come to; a mark, as it stood then.
Each picture is told in the sentences of the plain front end as well.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from nntui import messages as m
from nntui import words
from nntui.sentences.answers import AnswerTeller, standing
from nntui.sentences.facts import FactTeller, headline
from nntui.sentences.numbers import Voice
from nntui.sentences.recordings import clock
from nntui.session.recording.records import Header, RecordingError
from nntui.session.recording.taking.rerun import Rerun
from nntui.text import clean
from nntui.tui.look import THEMES
from nntui.tui.remembered import Theme
from nntui.tui.taking.page import Page, Question
from nntui.tui.taking.progress import Progress
from nntui.tui.taking.stage import Stage
from nntui.tui.taking.svg import Classes, drawn

MOST_PICTURES = 120
MOST_TOLD = 40  # sentences of one beat or mark
MOST_WORDS = 12  # sentences about one pane
SIZE = (9, 5)  # columns and rows of a picture in words
WIDE = 10_000  # columns: the page breaks its lines itself
LEAVING = (m.Open, m.Next, m.Previous, m.GoToBeat, m.Return)  # before these it is pictured what has come out
# What stands on the page in a way of its own, or says nothing.
IN_ITS_OWN_WAY = (*LEAVING, m.Answer, m.Reveal, m.Guesses, m.Mark, m.Stop)
# What was typed wrongly is nothing to take home.
NO_SENTENCE = (m.DoneAgain, m.Settled, m.Asked, m.Guessed, m.Answered, m.Returned, m.Error)


def write_handout(
    recording: Path,
    out: Path,
    *,
    columns: int = 100,
    rows: int = 30,
    theme: Theme = "light",
    tell: Callable[[str], None] = lambda sentence: None,
) -> None:
    """Write a recording as a page that opens from a file, needs no network, and prints.

    Raises RecordingError where there is no recording, or nothing in it, and OSError where nothing can be written.
    """
    rerun = Rerun(recording)
    try:
        stage = Stage(rerun, columns, rows, theme)
        telling = Telling(stage, theme, tell)
        stage.run(telling.play)
    finally:
        rerun.close()
    if telling.opened is None:
        raise RecordingError(telling.problem or f"nothing was opened in {rerun.name}")
    data = telling.whole().encode()
    out.write_bytes(data)
    ends = f" It ends early: {telling.problem}." if telling.problem else ""
    tell(f"{len(telling.page.entries):,} sections, {telling.pictures:,} pictures, {len(data) / 1e6:.1f} MB.{ends}")


class Telling:
    """Goes through a recording and fills the page."""

    def __init__(self, stage: Stage, theme: Theme, tell: Callable[[str], None]) -> None:
        self.stage = stage
        self.page = Page()
        self.opened: m.Opened | None = None  # first of all
        self.pictures = 0
        self.problem = ""  # why it is not gone along to its end
        self._colours = THEMES[theme]
        self._classes = Classes()
        self._seen: dict[bytes, int] = {}  # pictures that there are
        self._last = 0  # the number of the picture that was shown last
        self._facts, self._answers = FactTeller(), AnswerTeller()
        self._voice = Voice(width=WIDE)
        self._beat = 0
        self._question: Question | None = None
        self._told = 0  # sentences of this section
        self._at = 0.0
        self._progress = Progress(tell, stage.rerun.seconds)

    async def play(self) -> None:
        """Do all of it again."""
        for moment in self.stage.rerun.moments:
            if isinstance(moment.command, LEAVING):
                await self._picture()
            try:
                facts = await self.stage.take(moment)
            except RecordingError as error:
                self.problem = str(error)
                break
            self._at = moment.at
            self._note_command(moment.command)
            for fact in facts:
                self._hear(fact)
            if any(isinstance(fact, m.Marked) or (isinstance(fact, m.Opened) and not fact.beats) for fact in facts):
                await self._picture()
            self._progress.come_to(moment.at)
        await self._picture()

    # ------------------------------------------------------------ what was said and done

    def _note_command(self, command: m.Command | None) -> None:
        if command is None or isinstance(command, IN_ITS_OWN_WAY):
            return
        self._ask()
        if self._has_room():
            self.page.did(words.say(command))

    def _hear(self, fact: m.Fact) -> None:
        sentences = self._facts.tell(fact, self._voice)
        self._answers.knows_loss = self._facts.knows_loss
        self._answers.knows_backpropagation = self._facts.introduced("backpropagation")
        if isinstance(fact, m.Opened):
            self._open(fact)
        elif isinstance(fact, m.BeatBegan):
            self._begin(fact)
        elif isinstance(fact, m.Marked):
            self._ask()
            self._told = 0
            self.page.mark(fact.name, self._clock)
        elif isinstance(fact, m.Asked):
            if self._question is None or self._question.text != fact.question:
                self._ask()
                self._question = Question(fact.question, fact.choices)
        elif isinstance(fact, m.Guessed) and self._question is not None:
            self._question.guesses = fact.counts
        elif isinstance(fact, m.Answered) and self._question is not None:
            self._question.answers.append((fact.choice, fact.right, fact.reply))
        elif isinstance(fact, m.Told):
            self._say(self._answers.tell(fact.result, self._voice))
        elif isinstance(fact, m.LessonOver):
            self._say(["That was the last beat."])
        elif not isinstance(fact, NO_SENTENCE):
            self._say(sentences)

    def _open(self, fact: m.Opened) -> None:
        self._ask()
        self.opened = self.opened or fact
        self._beat, self._told = 0, 0
        title = headline(fact.name, fact.title, "").removesuffix(".")
        self.page.chapter(title, fact.summary, self._clock)

    def _begin(self, fact: m.BeatBegan) -> None:
        """Another beat; one that is come back to from a detour goes on where it was."""
        if fact.number == self._beat:
            return
        self._ask()
        self._beat, self._told = fact.number, 0
        self.page.beat(fact.number, fact.beats, fact.say, self._clock)

    @property
    def _clock(self) -> str:
        return clock(self._at, self.stage.rerun.seconds)

    def _ask(self) -> None:
        """The question at hand is over."""
        question, self._question = self._question, None
        if question is not None:
            self.page.question(question)

    def _say(self, sentences: Sequence[str]) -> None:
        for sentence in sentences:
            if self._has_room():
                self.page.told(sentence.replace("`", ""))

    def _has_room(self) -> bool:
        """Whether one more line has room in this section; that there is more than there is room for is said once."""
        self._told += 1
        if self._told == MOST_TOLD + 1:
            self.page.note("What else was told here is left out.")
        return self._told <= MOST_TOLD

    # ------------------------------------------------------------ pictures

    async def _picture(self) -> None:
        """Show how it stands, unless that is on the page."""
        self._ask()
        if not self.stage.is_open or self.page.cut:
            return
        await self.stage.show(self._at)
        number = self.pictures + 1
        svg = self._drawn(f'role="img" aria-labelledby="w{number}"')
        seen = self._seen.setdefault(hashlib.sha256(self._drawn("").encode()).digest(), number)
        caption = f"At {self._clock}. {self._standing()}".strip()
        if seen == number and number > MOST_PICTURES:
            self.page.note(f"{caption} There are no more than {MOST_PICTURES} pictures.")
        elif seen == number:
            self.pictures = self._last = number
            self.page.picture(number, svg, caption, self._words())
        elif seen != self._last:
            self._last = seen
            self.page.as_before(seen, caption)

    def _drawn(self, label: str) -> str:
        return drawn(self.stage.strips, self.stage.columns, self._colours, self._classes, label)

    def _standing(self) -> str:
        """The step and the losses, where the lesson has come to them."""
        result = self.stage.rerun.session.ask(m.AskSummary())
        if not isinstance(result, m.Summary) or not self._facts.knows_loss:
            return ""
        return standing(result, self._voice)

    def _words(self) -> list[str]:
        """What is on the screen, as the plain front end says it."""
        session = self.stage.rerun.session
        lines = self._answers.tell(session.ask(m.AskWhere()), self._voice)
        for pane in self.stage.app.work.board.shown:
            result = self.stage.view(pane.kind, SIZE)  # type: ignore[arg-type]
            if not isinstance(result, m.Refused):
                lines += self._answers.tell(result, self._voice)[:MOST_WORDS]
        return [line.replace("`", "") for line in lines]

    # ------------------------------------------------------------ all of it

    def whole(self) -> str:
        """The page."""
        rerun, opened = self.stage.rerun, self.opened
        assert opened is not None
        header = rerun.header
        made = clean(header.nntui, 40) if header is not None else ""
        about = [
            f"{date(header)}{clock(rerun.seconds)} long",
            f"Made by nntui from the recording {rerun.name}"
            + (f", which nntui {made} has written." if made else "."),
            "What is in the pictures is computed again from the recording; times are those of the recording.",
        ]  # fmt: skip
        title = f"Handout: {headline(opened.name, opened.title, '').removesuffix('.')}"
        return self.page.whole(title, about, self._classes.rules())


def date(header: Header | None) -> str:
    """The day and hour of a recording, as they are written out; empty where they cannot be read."""
    try:
        when = datetime.fromisoformat(header.created) if header is not None else None
    except ValueError:
        return ""
    return f"{when.day} {when:%B %Y, %H:%M} UTC, " if when is not None else ""
