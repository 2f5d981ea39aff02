"""The words of presenting: going to any beat, the short lecture, what a class has guessed, a blank screen."""

from __future__ import annotations

from nntui import messages as m
from nntui.words.arguments import whole
from nntui.words.word import Meaning, WordError, fail


def read_beat(rest: list[str]) -> Meaning:
    """`beat 5`, `beat the plateau`: its number, or a part of its text."""
    if not rest:
        raise fail("beat")
    if len(rest) == 1 and rest[0].isdigit():
        return m.GoToBeat(whole(rest[0], "a beat", 1, m.MOST_STEPS))
    name = " ".join(rest)
    if len(name) > m.MOST_BEAT_NAME:
        raise WordError(f"a part of a beat's text has at most {m.MOST_BEAT_NAME} characters, not {len(name):,}")
    return m.GoToBeat(name=name)


def read_short(rest: list[str]) -> Meaning:
    """`short`, `short on`, `short off`."""
    if rest not in ([], ["on"], ["off"]):
        raise fail("short")
    return m.ShortLecture(rest != ["off"])


def read_blank(rest: list[str]) -> Meaning:
    """`blank`, `blank on`, `blank off`."""
    if rest not in ([], ["on"], ["off"]):
        raise fail("blank")
    return m.Blank(rest != ["off"])


def read_guesses(rest: list[str]) -> Meaning:
    """`guesses 3 12 5`; commas may stand between."""
    parts = [part for word in rest for part in word.split(",") if part]
    if not parts:
        raise fail("guesses")
    if len(parts) > m.MOST_GUESSED:
        raise WordError(f"a question has at most {m.MOST_GUESSED} choices; these are {len(parts):,} numbers")
    return m.Guesses(tuple(whole(part, "the number of those who chose it", 0, m.MOST_GUESSES) for part in parts))


def beat_words(c: m.GoToBeat) -> str:
    """What stands behind `beat`."""
    return c.name if c.name else str(c.number)
