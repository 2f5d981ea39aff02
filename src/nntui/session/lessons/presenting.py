"""Presenting a lesson: finding a beat, the short lecture, a class's guesses, what the lecturer alone is told."""

from __future__ import annotations

import re

from nntui import messages as m
from nntui.scenario.schema import BeatTable
from nntui.session.lessons.lesson import Lesson
from nntui.session.moving import Tell
from nntui.session.subject import CommandError
from nntui.text import SHOWN, clean


def found_beat(lesson: Lesson, wanted: m.GoToBeat) -> int:
    """The number of the beat that is wanted; CommandError where there is none.

    Of several that have the text in them it is the next after the one at hand, or else the first.
    """
    count = len(lesson.beats)
    if not count:
        raise CommandError("this scenario has no lesson, and so no beats; it is for free play")
    if not wanted.name.strip():
        if not 1 <= wanted.number <= count:
            raise CommandError(f"the beats go from 1 to {count}, not {wanted.number:,}")
        return wanted.number
    sought = _plain(wanted.name)
    found = [number for number, table in enumerate(lesson.beats, start=1) if sought in _plain(table.say)]
    if not found:
        raise CommandError(f"no beat says '{clean(wanted.name, SHOWN)}'; `beats` tells what they begin with")
    return next((number for number in found if number > lesson.beat), found[0])


def _plain(text: str) -> str:
    """A text as it is compared: without regard to lines, spaces and capitals."""
    return " ".join(text.split()).casefold()


def shorten(lesson: Lesson, on: bool, tell: Tell) -> None:
    """Give the short lecture from here on, or the whole one."""
    if not lesson.beats:
        raise CommandError("this scenario has no lesson to be shortened; it is for free play")
    if on and not lesson.cores:
        raise CommandError("no beat of this lesson is marked as one of the short lecture")
    lesson.short = on
    cores, beats = len(lesson.cores), len(lesson.beats)
    tell(m.Note(f"The short lecture: {cores} of the {beats} beats." if on else f"The whole lesson: {beats} beats."))


def guess(lesson: Lesson, counts: tuple[int, ...], tell: Tell) -> None:
    """Take down how many of a class have chosen each choice."""
    ask = lesson.table.ask if lesson.table is not None else None
    if ask is None:
        raise CommandError("there is no question here that a class could have guessed at")
    if len(counts) != len(ask.choices):
        wanted, given = len(ask.choices), len(counts)
        raise CommandError(f"the question has {wanted} choices, so {wanted} numbers are wanted, not {given}")
    lesson.guesses[lesson.beat] = counts
    tell_guesses(lesson, tell)


def tell_guesses(lesson: Lesson, tell: Tell) -> None:
    """Tell what the class has guessed, if it has."""
    ask = lesson.table.ask if lesson.table is not None else None
    counts = lesson.guesses.get(lesson.beat)
    if ask is not None and counts is not None:
        tell(m.Guessed(counts, ask.choices))


def tell_newcomer(lesson: Lesson, tell: Tell) -> None:
    """Tell one who has just come where the lesson stands: the beat, its question, what was guessed and answered."""
    if not lesson.beat or lesson.table is None:
        return
    lesson.tell_beat(tell)
    ask = lesson.table.ask
    if ask is None:
        return
    tell(m.Asked(ask.question, ask.choices))
    tell_guesses(lesson, tell)
    if lesson.answered:
        lesson.answer(lesson.answered, tell)


# ---------------------------------------------------------------- how it looks


def lesson_view(lesson: Lesson, title: str) -> m.LessonView:
    """All beats."""
    if not lesson.beats:
        raise CommandError("this scenario has no lesson, and so no beats; it is for free play")
    lines = tuple(
        m.BeatLine(number, first_line(table), table.core, number in lesson.ends, lesson.times.of(number))
        for number, table in enumerate(lesson.beats, start=1)
    )
    return m.LessonView(title, lesson.beat, lesson.short, lines)


def notes_view(lesson: Lesson) -> m.NotesView:
    """What the lecturer is told of the beat at hand."""
    table = lesson.table
    if table is None:
        raise CommandError("no lesson has begun here, and so there are no notes")
    core, cores = lesson.place
    following = lesson.following()
    ask = table.ask
    return m.NotesView(
        lesson.beat, len(lesson.beats), core, cores, first_line(table), table.notes.strip(),
        following, first_line(lesson.beats[following - 1]) if following else "",
        lesson.times.of(lesson.beat), lesson.times.total,
        ask.question if ask is not None else "", ask.choices if ask is not None else (),
        lesson.guesses.get(lesson.beat, ()), lesson.answered,
    )  # fmt: skip


def first_line(table: BeatTable) -> str:
    """The first sentence of what a beat says, in one line."""
    return re.split(r"(?<=[.!?]) ", " ".join(table.say.split()), maxsplit=1)[0]
