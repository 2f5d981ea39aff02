"""The sentences of facts: what happened, the changed value first."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

from nntui import messages as m
from nntui.sentences import graphs, presenting, races, recordings, tensors
from nntui.sentences.numbers import Voice, capital, plural
from nntui.sentences.unfit import lines_of
from nntui.text import full_stop

WALKED: dict[m.WalkName, str] = {
    "training": "the next training step",
    "predict": "a prediction",
    "forward": "the values of the graph, forwards",
    "backward": "the gradients of the graph, backwards",
    "stage 1": "stage 1 of the loops folded into arrays",
    "stage 2": "stage 2 of the loops folded into arrays",
    "stage 3": "stage 3 of the loops folded into arrays",
    "stage 4": "stage 4 of the loops folded into arrays",
    "bug 1": "bug 1, a step downhill that is wrong somewhere; accuse a line",
    "bug 2": "bug 2, steps downhill that are wrong somewhere; accuse a line",
    "bug 3": "bug 3, a step downhill that is wrong somewhere; accuse a line",
}
LONG_SECONDS = 1.0  # of making a rung ready, from which on it is said how many
LONG_EXPRESSION = 24  # characters of what stands behind `=`, from which on it is left out

# A thing is named only from the lesson on that introduces it.
INTRODUCED = {"epoch": 4, "backpropagation": 5, "rung": 8}


class FactTeller:
    """Says facts. It remembers only what a listener would: which function we are in, and which words are known yet."""

    def __init__(self) -> None:
        self.function = ""
        self.knows_loss = True
        self.lesson: int | None = None  # its number
        self.performing = False  # whether a beat still does what it does
        self.racing = False  # then the lane says for how long its rung was made ready
        self.announced = ""  # what has been said of a lesson before it was open
        self.played: str | None = None  # what is open in the recording that is played, if one is

    def tell(self, fact: m.Fact, voice: Voice) -> list[str]:
        """The lines of a fact; none where it is not worth a sentence."""
        if isinstance(fact, m.Settled | m.Asked):
            self.performing = False
        if isinstance(fact, m.RaceBegan | m.RaceEnded):
            self.racing = isinstance(fact, m.RaceBegan)
        return lines_of(lambda: _TELL[type(fact)](self, fact, voice), fact)

    def loss(self, text: str) -> str:
        """A clause about the loss, where the lesson has come to speak of it."""
        return text if self.knows_loss else ""

    def introduced(self, thing: str) -> bool:
        """Whether this lesson, or one before it, has introduced a thing."""
        return is_introduced(thing, self.lesson)

    # ------------------------------------------------------------ the lesson

    def _opened(self, f: m.Opened, v: Voice) -> list[str]:
        self.function = ""
        self.knows_loss = not f.beats
        self.lesson = lesson_number(f.name) if f.beats else None
        first = headline(f.name, f.title, f.summary)
        if first == self.played:
            return []  # after a seek it is what it was
        if self.played is not None:
            self.played = first
        how = "Type next to go on" if self.played is None else "Type play to hear it"
        if first == self.announced:
            first, self.announced = "", ""
        if f.beats:
            return [first, f"A lesson of {plural(f.beats, 'beat')}. {how}, help for the words."]
        return [first, f"{capital(f.model)}, {f.data}.", f"Step {f.step:,}. Loss {v.number(f.loss)}."]

    def _recording_opened(self, f: m.RecordingOpened, v: Voice) -> list[str]:
        self.played = ""
        return recordings.opened(f, v)

    def _recording_closed(self, f: m.RecordingClosed, v: Voice) -> list[str]:
        self.played = None
        return recordings.closed(f, v)

    def _resumed(self, f: m.Resumed, v: Voice) -> list[str]:
        self.played = None
        return recordings.resumed(f, v)

    def _beat_began(self, f: m.BeatBegan, v: Voice) -> list[str]:
        self.performing = True
        if f.show:
            self.knows_loss = bool({"loss", "twist"} & set(f.show))
        head = [f"Beat {f.number} of {f.beats}."] if v.detail == "full" else []
        lines = f.say.strip().splitlines()
        fits = all(len(line) <= v.width for line in lines)
        return [*head, *(lines if fits else [" ".join(line.strip() for line in lines)])]

    def _asked(self, f: m.Asked, v: Voice) -> list[str]:
        return [f.question, " ".join(f"{n}: {full_stop(choice)}" for n, choice in enumerate(f.choices, start=1))]

    def _answered(self, f: m.Answered, v: Voice) -> list[str]:
        return [f"{'Right.' if f.right else 'Not so.'} {f.reply}".strip()]

    def _returned(self, f: m.Returned, v: Voice) -> list[str]:
        return [f"Back in the lesson, beat {f.number}." + self.loss(f" Step {f.step:,}.")]

    def _lesson_over(self, f: m.LessonOver, v: Voice) -> list[str]:
        return ["That was the last beat. The network is yours; open opens another lesson, quit ends."]

    # ------------------------------------------------------------ walking

    def _walked(self, f: m.Walked, v: Voice) -> list[str]:
        entered = f.function != self.function
        self.function = f.function
        where = f" of {f.function}" if entered else ""
        changes = "; ".join(self._change(change, v) for change in _worth(f.changes, entered, v))
        lines = []
        if f.sample and f.event == 0 and f.moved <= 0:
            lines.append(f"{capital(f.sample)}.")
        if f.moved < 0:
            lines.append(f"Back{': ' + changes if changes else ''}.")
        elif f.line:
            text = _expression(f.text, v)
            lines.append(f"Line {f.line}: {text}{'; ' + changes if changes else ''}.")
        if f.returned is not None:
            lines.append(f"{f.function} returned {v.value(f.returned)}.")
        elif f.next_line and v.detail != "brief":
            lines.append(f"Next, line {f.next_line}{where}: {whole(f.next_text)}")
        if f.coarse and v.detail == "full":
            lines.append("The call is long: passes of its innermost loops are not told one by one.")
        return lines

    def _change(self, change: m.Change, v: Voice) -> str:
        name = v.name(change.name)
        if change.new is None:
            return f"{name} is gone"
        if change.old is None or isinstance(change.new, m.ListValue):
            return f"{name}: {v.value(change.new)}"
        return f"{name}: {v.value(change.old)} to {v.value(change.new)}"

    def _walk_chosen(self, f: m.WalkChosen, v: Voice) -> list[str]:
        self.function = ""
        return [f"Walking {WALKED[f.what]}." + (f" Next, line {f.line}: {whole(f.text)}" if f.line else "")]

    def _judged(self, f: m.Judged, v: Voice) -> list[str]:
        if not f.guilty:
            return [f"Not line {f.line}. {f.sentence}"]
        found = f"Found, line {f.line}. {f.sentence}"
        wrong, right = f.wrong, f.right
        if wrong == right:
            return [found, "On this network and these samples it makes no difference that shows in the numbers."]
        of = "the sample" if f.samples == 1 else f"the {f.samples} samples"
        losses, changes = (v.apart(*pair) for pair in zip(wrong, right, strict=True))
        before, steps = v.number(f.loss_before), plural(f.steps, "step")
        return [
            found,
            f"Loss of {of} after {steps}: {losses[0]}, rightly {losses[1]}; {before} before.",
            f"{capital(v.name(f.address))} changed by {changes[0]}, rightly by {changes[1]}.",
        ]

    def _breakpoint_set(self, f: m.BreakpointSet, v: Voice) -> list[str]:
        return [f"{'Breakpoint' if f.on else 'No breakpoint any more'} at line {f.line}: {f.text}"]

    # ------------------------------------------------------------ training

    def _tried(self, f: m.Tried, v: Voice) -> list[str]:
        name, (before, after) = capital(v.name(f.address)), v.apart(f.before, f.after)
        loss_before, loss_after = v.apart(f.loss_before, f.loss_after)
        if f.kept:
            return [f"Kept. {name}: {before} to {after}. Loss {loss_after}, was {loss_before}."]
        return [f"Undone. {name}: {before} to {after} and back. Loss {loss_before}, would be {loss_after}."]

    def _descended(self, f: m.Descended, v: Voice) -> list[str]:
        way = "Downhill" if f.loss < f.loss_before else "Uphill" if f.loss > f.loss_before else "Level"
        loss, before = v.apart(f.loss, f.loss_before)
        first = f"{way}. Loss {loss}, was {before}."
        if f.batch_loss != f.loss_before:
            first += f" That of the step's batch was {v.number(f.batch_loss)}."
        if v.detail == "brief":
            return [first]
        moved = f"{capital(v.name(f.largest))} moved most: {v.number(f.before)} to {v.number(f.after)}."
        return [first, f"{moved} Length of the gradient {v.number(f.norm)}."]

    def _trained(self, f: m.Trained, v: Voice) -> list[str]:
        self.function = ""
        what = plural(f.steps, "step")
        if f.method == "twist":
            what = plural(f.steps, "try", "tries") + (f", {f.kept:,} kept" if v.detail != "brief" else "")
        stopped = f"{capital(f.stopped)} after " if f.stopped else ""
        pace = f" {v.number(f.steps / f.seconds)} a second." if v.detail == "full" and f.seconds > 0 else ""
        return [f"{stopped}{what}. Loss {v.number(f.loss)}.{pace}"]

    def _measured(self, f: m.Measured, v: Voice) -> list[str]:
        return []

    def _moved(self, f: m.Moved, v: Voice) -> list[str]:
        self.function = ""
        return [f"Step {f.step:,}. Loss {v.number(f.loss)}."]

    def _overflowed(self, f: m.Overflowed, v: Voice) -> list[str]:
        if math.isfinite(f.loss):
            return [
                f"The step from step {f.step:,} on would leave a weight that is no finite number. Training has stopped "
                "in front of it; a smaller learning rate goes on."
            ]
        return [
            f"The loss is {v.number(f.loss)} at step {f.step:,}: no finite number any more. Training has stopped; "
            "undo or back 1 step goes back."
        ]

    # ------------------------------------------------------------ changing

    def _changed(self, f: m.Changed, v: Voice) -> list[str]:
        old, new = v.apart(f.old, f.new)
        said = f"{capital(v.name(f.address))}: {old} to {new}."
        if self.knows_loss:
            after, before = v.apart(f.loss_after, f.loss_before)
            return [f"{said} Loss {after}, was {before}."]
        if f.outputs_after:
            return [f"{said} Output {v.numbers(f.outputs_after)}, was {v.numbers(f.outputs_before)}."]
        return [said]

    def _setting_changed(self, f: m.SettingChanged, v: Voice) -> list[str]:
        said = (
            f"{capital(f.name)}: {f.old} to {f.new}." if f.old != f.new else f"{capital(f.name)}: {f.new}, as before."
        )
        if f.restarted:
            said += self.loss(f" Step 0. Loss {v.number(f.loss)}.")
        return [said, f.note if v.detail != "brief" else ""]

    def _was_reset(self, f: m.WasReset, v: Voice) -> list[str]:
        self.function = ""
        return ["Back at the start." + self.loss(f" Step {f.step:,}. Loss {v.number(f.loss)}.")]

    def _undone(self, f: m.Undone, v: Voice) -> list[str]:
        self.function = ""
        return [f"Taken back: {f.words}." + self.loss(f" Step {f.step:,}. Loss {v.number(f.loss)}.")]

    def _sample_chosen(self, f: m.SampleChosen, v: Voice) -> list[str]:
        self.function = ""
        first = ""
        inputs = f"inputs {v.numbers(f.inputs)}" if len(f.inputs) <= 8 else f"{len(f.inputs)} inputs"
        if f.sample != "typed input":
            first = f"{capital(f.sample)}: {inputs}. "
        elif self.performing:  # a beat may give several, and nobody has typed them
            first = f"{capital(inputs)}. "
        if f.answer:
            target = f" Target {f.wanted}. {capital(f.verdict)}." if f.wanted else ""
            return [f"{first}Answer {f.answer}, with {v.number(max(f.outputs))}.{target}"]
        if not self.knows_loss:  # nor of targets has the lesson spoken yet
            return [f"{first}Output {v.numbers(f.outputs)}."]
        target = f" Target {v.numbers(f.target)}." if f.target is not None else ""
        kind = "sign" if f.target in ((-1.0,), (1.0,)) else "side"
        verdict = f" {capital(f.verdict)} {kind}." if f.verdict else ""
        return [f"{first}Output {v.numbers(f.outputs)}.{target}{verdict}"]

    def _pointed(self, f: m.Pointed, v: Voice) -> list[str]:
        return [f"Pointing at {v.name(f.address)}: {v.number(f.value)}."]

    # ------------------------------------------------------------ the engine

    def _preparing(self, f: m.Preparing, v: Voice) -> list[str]:
        return [f"Making {f.rung} ready."] if v.detail != "brief" else []

    def _ready(self, f: m.Ready, v: Voice) -> list[str]:
        worth_a_word = (f.seconds >= LONG_SECONDS and not self.racing) or v.detail == "full"
        return [f"{f.rung} is ready, after {f.seconds:.1f} s."] if worth_a_word else []

    def _note(self, f: m.Note, v: Voice) -> list[str]:
        return [f.sentence]

    def _error(self, f: m.Error, v: Voice) -> list[str]:
        return [f"Error: {f.sentence}"]

    def _silent(self, f: Any, v: Voice) -> list[str]:
        return []


def headline(name: str, title: str, summary: str) -> str:
    """The first sentence about a lesson or scenario: the number that its file's name begins with, and its title."""
    number = lesson_number(name)
    return f"{'' if number is None else f'Lesson {number}: '}{full_stop(title)} {summary}".strip()


def is_introduced(thing: str, lesson: int | None) -> bool:
    """Whether the lesson of this number, or one before it, has introduced a thing; outside of lessons all are known."""
    return lesson is None or lesson >= INTRODUCED[thing]


def lesson_number(name: str) -> int | None:
    """The number that a lesson's file's name begins with; None for a scenario."""
    found = re.match(r"(\d+)-", name)
    return int(found[1]) if found else None


def whole(text: str) -> str:
    """A line of source that ends in the middle of a call: what stands on the next lines is left out."""
    return f"{text}…)" if text.endswith("(") else text


def _worth(changes: tuple[m.Change, ...], entered: bool, voice: Voice) -> tuple[m.Change, ...]:
    """The changes worth saying: the last few; of a call's parameters, where there are many, none."""
    if voice.detail == "full":
        return changes
    if entered and sum(change.old is None for change in changes) > 2:
        changes = tuple(change for change in changes if change.old is not None)
    return changes[:3]


def _expression(text: str, voice: Voice) -> str:
    """A line of source: long expressions behind `=` left out, unless everything is wanted."""
    match = re.match(r"(.+? [+\-*/]?= )(.*)", text)
    if voice.detail != "full" and match and len(match[2]) > LONG_EXPRESSION:
        return f"{match[1]}…"
    return whole(text.rstrip(":"))


_TELL: dict[type, Callable[[FactTeller, Any, Voice], list[str]]] = {
    m.Opened: FactTeller._opened,
    m.BeatBegan: FactTeller._beat_began,
    m.Asked: FactTeller._asked,
    m.Blanked: lambda teller, f, v: ["The screen is blank." if f.on else "The screen is back."],
    m.Guessed: lambda teller, f, v: presenting.guessed(f, v),
    m.Answered: FactTeller._answered,
    m.Returned: FactTeller._returned,
    m.LessonOver: FactTeller._lesson_over,
    m.Walked: FactTeller._walked,
    m.WalkChosen: FactTeller._walk_chosen,
    m.Judged: FactTeller._judged,
    m.BreakpointSet: FactTeller._breakpoint_set,
    m.Tried: FactTeller._tried,
    m.Descended: FactTeller._descended,
    m.Trained: FactTeller._trained,
    m.ArrayMade: lambda teller, f, v: tensors.made(f, v),
    m.GraphOpened: lambda teller, f, v: graphs.opened(f, v),
    m.Visited: lambda teller, f, v: graphs.visited(f, v),
    m.GradientsCleared: lambda teller, f, v: graphs.cleared(f, v),
    m.LeafSet: lambda teller, f, v: graphs.leaf_set(f, v),
    m.NodePointed: lambda teller, f, v: graphs.node_pointed(f, v),
    m.Marked: lambda teller, f, v: recordings.marked(f, v),
    m.RecordingBegan: lambda teller, f, v: recordings.began(f, v),
    m.RecordingLost: lambda teller, f, v: recordings.lost(f, v),
    m.RecordingOpened: FactTeller._recording_opened,
    m.RecordingClosed: FactTeller._recording_closed,
    m.PlayerMoved: lambda teller, f, v: recordings.moved(f, v),
    m.DoneAgain: lambda teller, f, v: recordings.done_again(f, v),
    m.Branched: lambda teller, f, v: recordings.branched(f, v),
    m.Rejoined: lambda teller, f, v: recordings.rejoined(f, v),
    m.Resumed: FactTeller._resumed,
    m.Climbed: lambda teller, f, v: races.climbed(f, v),
    m.Checked: lambda teller, f, v: races.checked(f, v),
    m.RaceBegan: lambda teller, f, v: races.began(f, v),
    m.LaneEnded: lambda teller, f, v: races.lane_ended(f, v),
    m.RaceEnded: lambda teller, f, v: races.ended(f, v),
    m.WidthEnded: lambda teller, f, v: races.width_ended(f, v),
    m.WidthsEnded: lambda teller, f, v: races.widths_ended(f, v),
    m.RaceCompared: lambda teller, f, v: races.compared(f, v),
    m.Measured: FactTeller._measured,
    m.Moved: FactTeller._moved,
    m.Overflowed: FactTeller._overflowed,
    m.Changed: FactTeller._changed,
    m.SettingChanged: FactTeller._setting_changed,
    m.WasReset: FactTeller._was_reset,
    m.Undone: FactTeller._undone,
    m.SampleChosen: FactTeller._sample_chosen,
    m.Pointed: FactTeller._pointed,
    m.Preparing: FactTeller._preparing,
    m.Ready: FactTeller._ready,
    m.Note: FactTeller._note,
    m.Error: FactTeller._error,
    m.Told: FactTeller._silent,  # said by the front end, as the answer that it is
    m.KeyframeLaid: FactTeller._silent,
    m.Settled: FactTeller._silent,
}

SILENT = (m.Told, m.KeyframeLaid, m.Settled, m.Measured)
