"""What a word is: how it is written, what it is for, and how what stands behind it is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from nntui import messages as m

MOST_USAGE = 110  # characters of how a word is written: more of it is for `help`


class WordError(ValueError):
    """A line that means nothing; the text says why, and what would, in one sentence."""


@dataclass(frozen=True)
class Own:
    """A word that concerns the front end alone, with what stands behind it."""

    word: str
    rest: str = ""


Meaning: TypeAlias = "m.Command | m.Query | Own"


@dataclass(frozen=True)
class Word:
    """One row of the table."""

    name: str
    usage: str
    help: str
    read: Callable[[list[str]], Meaning]
    group: str


TABLE: dict[str, Word] = {}  # by name; filled in by table.py


def fail(name: str) -> WordError:
    """What to say of a word that is not written as it is to be."""
    usage = TABLE[name].usage
    if len(usage) > MOST_USAGE:
        return WordError(f"one way to write it is: {usage.split('|')[0]}; `help {name}` tells them all")
    return WordError(f"it is written: {usage}")
