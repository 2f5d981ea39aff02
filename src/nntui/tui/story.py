"""What the screen knows from facts: where the lesson stands, which panes it has reached, and what was told last."""

from __future__ import annotations

from typing import Literal

from nntui import messages as m
from nntui.sentences.facts import FactTeller, is_introduced, lesson_number
from nntui.sentences.numbers import Voice

Tone = Literal["plain", "good", "bad"]
MOST_TOLD = 200  # sentences are remembered
FEW_INPUTS = 4  # of a sample are told with what came out

ORDINARY = ("code", "values", "network", "loss", "twist", "picture")  # stand there without being called for

# These stand on the screen already, in the panes.
OF_THE_LESSON = (m.Changed, m.SettingChanged, m.WasReset, m.Moved)  # not worth a word while a beat sets its scene
NOT_TOLD = (
    m.BeatBegan, m.Asked, m.Guessed, m.Answered, m.Opened, m.Pointed, m.WalkChosen, m.Settled, m.KeyframeLaid,
    m.Measured, m.DoneAgain, m.PlayerMoved, m.RecordingOpened,
)  # fmt: skip

# The panes of the ladder and of races come forward with these, and show all of it: it is but noted, to be read again.
SEEN = (m.RaceBegan, m.LaneEnded, m.RaceEnded, m.WidthEnded, m.WidthsEnded, m.Climbed, m.Checked, m.Preparing)

# Answers that no pane shows: where a beat asks, they are told.
IN_NO_PANE = (m.Why, m.Reading, m.GradientView, m.StagesView, m.ComparisonView)


class Story:
    """The lesson as it was told so far."""

    def __init__(self) -> None:
        self.announced = ("", "")  # title and summary of what is about to be opened
        self.opened: m.Opened | None = None
        self.beat: m.BeatBegan | None = None
        self.question: m.Asked | None = None
        self.answered: m.Answered | None = None
        self.guesses: tuple[int, ...] = ()  # of a class, for each choice
        self.over = False
        self.panes: tuple[str, ...] = ORDINARY
        self.told: list[tuple[str, Tone]] = []
        self._teller = FactTeller()
        self.heard: list[str] = []  # what came out for the inputs that this beat has tried, to be compared
        self.data = ""  # the data set, where it is not the scenario's own any more
        self.judged: list[str] = []  # what was said of the line that was accused last
        self.found = False  # whether it was the one
        self._settled = False  # whether all that was called for here is done
        self._mark = 0  # what was told before belongs to an earlier command
        self._performing = False  # whether the beat still does what it does
        self.told_by_beat = False  # whether what was told last came of what a beat does

    def hear(self, fact: m.Fact, voice: Voice) -> None:
        """Take note of a fact."""
        if isinstance(fact, m.Opened):
            self.opened = fact
            self._teller.tell(fact, voice)
            return
        if isinstance(fact, m.DoneAgain):
            self.begin()
            self.rest()
        elif isinstance(fact, m.BeatBegan):
            self._begin(fact)
        elif isinstance(fact, m.Settled):
            self._performing, self._settled = False, True
        elif isinstance(fact, m.SettingChanged) and fact.name == "data":
            self.data = fact.new
        elif isinstance(fact, m.Asked):
            self.question = fact
        elif isinstance(fact, m.Answered):
            self.answered = fact
        elif isinstance(fact, m.Guessed):
            self.guesses = fact.counts
        elif isinstance(fact, m.LessonOver):
            self.over = True
        lines = self._teller.tell(fact, voice)
        if isinstance(fact, m.Told) and isinstance(fact.result, IN_NO_PANE):
            lines = self._answer(fact.result, voice)
        elif isinstance(fact, m.SampleChosen) and 0 < len(fact.inputs) <= FEW_INPUTS and not fact.answer:
            lines = [self._came_out(fact, voice)]
        elif isinstance(fact, m.Visited):
            lines = lines[:1]  # the graph tells the rule and its numbers
        elif isinstance(fact, m.Returned):
            lines.append("U takes that back.")
        if self._performing and isinstance(fact, m.SampleChosen):
            self.heard += lines * (not fact.answer)  # which of several classes it is tells the picture
            return
        if self._performing and (isinstance(fact, OF_THE_LESSON) or (isinstance(fact, m.Note) and fact.scene)):
            return
        if isinstance(fact, NOT_TOLD) or (isinstance(fact, m.Walked) and fact.returned is None):
            return
        if isinstance(fact, m.Branched):
            lines = [line.replace("rejoin goes back", "B goes back") for line in lines]
        if isinstance(fact, m.LessonOver):
            lines = ["That was the last beat. All of it is yours now. L goes to the lessons."]
        if isinstance(fact, m.Walked):
            lines = lines[-1:]  # what the call returned; its lines are seen
        if isinstance(fact, m.Judged):
            self.judged, self.found = lines, fact.guilty
            self.note(lines, "good" if fact.guilty else "plain")
            return
        beside = isinstance(fact, m.Checked) and self._performing and self.panes != ("ladder",)  # a beat shows others
        if isinstance(fact, SEEN) and not beside and not getattr(fact, "stopped", ""):
            self.note(lines, "plain")
            return
        self.say(" ".join(lines), "bad" if isinstance(fact, m.Error | m.Overflowed | m.RecordingLost) else "plain")

    def rest(self) -> None:
        """The beat has done what it does."""
        self._performing = False

    def _begin(self, beat: m.BeatBegan) -> None:
        if self.beat is None or beat.number != self.beat.number:
            self.heard.clear()
        self.beat, self.question, self.answered, self.over, self.guesses = beat, None, None, False, ()
        if beat.show:
            self.panes = beat.show
        if self._settled:  # it was called for elsewhere: on a second terminal
            self.begin()
        self._performing = self.told_by_beat = True

    def _answer(self, result: m.Result, voice: Voice) -> list[str]:
        """What was asked for and no pane shows."""
        from nntui.sentences import answers, slopes  # few beats ask, and the start is quicker without them

        if isinstance(result, m.GradientView) and not self.introduced("backpropagation"):
            return slopes.gradient(result, voice, both=False)
        return answers.AnswerTeller().tell(result, voice)

    def _came_out(self, fact: m.SampleChosen, voice: Voice) -> str:
        """What came out for an input: as lessons give several, each names its own."""
        said = f"{voice.numbers(fact.inputs)} gives {voice.numbers(fact.outputs)}"
        verdict = f", {fact.verdict}" if fact.verdict and self.knows_loss else ""
        return f"{said}{verdict}."

    def begin(self, sent: bool = True) -> None:
        """A command was given: what is told from now on comes of it; or something is said that comes of none."""
        self._mark = len(self.told)
        self._settled = self._settled and not sent
        self.judged, self.told_by_beat = [], False

    def note(self, lines: list[str], tone: Tone) -> None:
        """Note sentences that stand on the screen already, to be read again."""
        said = self.told[self._mark :]
        del self.told[self._mark :]
        self.say(" ".join(lines), tone)
        self._mark = len(self.told)
        self.told += said

    @property
    def latest(self) -> list[tuple[str, Tone]]:
        """What came of the last command."""
        return self.told[self._mark :]

    def say(self, sentence: str, tone: Tone = "plain") -> None:
        """Note a sentence to be shown."""
        sentence = sentence.removeprefix("Error: ").replace("`", "")
        if sentence:
            if tone == "bad":  # it stands alone: what was told before it is not wrong
                self._mark = len(self.told)
            self.told.append((sentence, tone))
            if len(self.told) > MOST_TOLD:
                self._mark = max(0, self._mark - (len(self.told) - MOST_TOLD))
                del self.told[:-MOST_TOLD]

    # ------------------------------------------------------------ what may be named

    @property
    def number(self) -> int | None:
        """The lesson's number, which its file's name begins with; None for a scenario."""
        return lesson_number(self.opened.name) if self.opened and self.opened.beats else None

    @property
    def free(self) -> bool:
        """Whether this is for free play: without beats."""
        return self.opened is not None and not self.opened.beats

    @property
    def knows_loss(self) -> bool:
        """Whether the lesson has come to speak of the loss."""
        return self.free or bool({"loss", "twist", "landscape", "sweep"} & set(self.panes))

    @property
    def knows_weights(self) -> bool:
        """Whether the lesson has come to weights that can be turned."""
        return self.free or bool({"network", "twist", "landscape", "sweep"} & set(self.panes))

    def introduced(self, thing: str) -> bool:
        """Whether this lesson, or one before it, has introduced a thing."""
        return is_introduced(thing, self.number)

    @property
    def waits(self) -> bool:
        """Whether a question waits for its first answer."""
        return self.question is not None and self.answered is None
