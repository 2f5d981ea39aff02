"""The words of the lesson file and of the plain front end, and the messages that they stand for.

`parse` reads a line; `say` goes the other way, from a command to its words. Each word has one row in table.py.
"""

from __future__ import annotations

import nntui.words.table  # noqa: F401 - fills the table
from nntui.text import clean, did_you_mean
from nntui.words.saying import COMMANDS, say
from nntui.words.word import TABLE, Meaning, Own, Word, WordError

MOST_CHARACTERS = 4_000


def parse(line: str) -> Meaning:
    """Read one line; raise WordError where it means nothing."""
    if len(line) > MOST_CHARACTERS:
        raise WordError(f"a line has at most {MOST_CHARACTERS:,} characters, not {len(line):,}")
    parts = clean(line).split()
    if not parts:
        raise WordError("an empty line says nothing; `help` lists the words")
    name = parts[0].lower()
    if name not in TABLE:
        hint = did_you_mean(name, TABLE) or ";"
        raise WordError(f"there is no word '{name[:40]}'{hint} `help` lists them")
    return TABLE[name].read(parts[1:])


__all__ = ["COMMANDS", "TABLE", "Meaning", "Own", "Word", "WordError", "parse", "say"]
