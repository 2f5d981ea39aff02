"""Presenting: going to any beat, the short lecture, what a class has guessed, and what the lecturer alone is told."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import msgspec

from nntui.messages.base import *

MOST_GUESSES = 100_000  # of one choice
MOST_GUESSED = 9  # choices
MOST_BEAT_NAME = 200
Guess: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=MOST_GUESSES)]


# ---------------------------------------------------------------- commands


class GoToBeat(Message, frozen=True):
    """Go to a beat by its number, or by a part of its text: to its end where it has been played, else play it."""

    number: Number = 0
    name: Annotated[str, msgspec.Meta(max_length=MOST_BEAT_NAME)] = ""


class ShortLecture(Message, frozen=True):
    """Give the short lecture from here on: `next` goes to the next core beat, and does in silence what lies between."""

    on: bool = True


class Reveal(Message, frozen=True):
    """Tell the right answer of the question, as nobody's own: for one who has a remote in the hand, and no digits."""


class Blank(Message, frozen=True):
    """Blank the screens that show this session, or bring them back. It changes nothing, and is not recorded."""

    on: bool = True


class Guesses(Message, frozen=True):
    """How many of a class have chosen each of the choices of the question, in their order."""

    counts: Annotated[tuple[Guess, ...], msgspec.Meta(min_length=1, max_length=MOST_GUESSED)]


# ---------------------------------------------------------------- facts


class Blanked(Message, frozen=True):
    """The screen is blank now, or shows the session again."""

    on: bool


class Guessed(Message, frozen=True):
    """The guesses of a class are known: how many for each choice."""

    counts: tuple[int, ...]
    choices: tuple[str, ...]


# ---------------------------------------------------------------- how it looks


class BeatLine(msgspec.Struct, frozen=True, array_like=True):
    """A beat of the lesson: the first line of what it says, and for how many seconds it has been looked at."""

    number: int
    line: str
    core: bool
    been: bool  # whether its end can be gone to at once
    seconds: float = 0.0


class LessonView(Message, frozen=True):
    """All beats of the lesson, and which of them is at hand; `short` tells whether it is the short lecture."""

    title: str
    beat: int
    short: bool
    beats: tuple[BeatLine, ...]


class NotesView(Message, frozen=True):
    """What the lecturer alone is told: the notes of this beat, how the next begins, and the time it has taken."""

    beat: int
    beats: int
    core: int  # of so many core beats this is the last that was reached; 0 of 0 where it is not the short lecture
    cores: int
    line: str
    notes: str
    next_beat: int  # 0: this is the last
    next_line: str
    seconds: float  # on this beat
    total: float  # on all
    question: str = ""
    choices: tuple[str, ...] = ()
    guesses: tuple[int, ...] = ()
    answered: int = 0
