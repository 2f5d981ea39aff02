"""Where each key of a TOML text stands, found in one pass that refuses what would make the real parser slow.

tomllib tells values but no lines, and takes half a minute over a key of ten thousand parts. So the text is walked
once before it: strings and comments are passed over whole, keys and brackets are followed, nothing is built. What is
no TOML ends the walk, and tomllib says why; what tomllib accepts, the walk follows to its end.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Generator
from contextlib import suppress
from typing import TypeAlias

from nntui.text import clean

MOST_PARTS = 8  # of a dotted key
MOST_NESTING = 10  # of brackets and braces
MOST_DIGITS = 30  # of a number
MOST_PIECES = 50_000  # keys, texts and lists

KeyPath: TypeAlias = tuple[str | int, ...]
Walked: TypeAlias = Generator[tuple[KeyPath, int], None, int]  # yields places, returns where it got to

# Each of these matches whatever follows its first quotation mark: a string without an end goes on to that of the text.
_STRING = (
    r'"""(?:[^"\\]++|\\[\s\S]|"{1,2}(?!"))*+(?:"{3,5}|\\?\Z)|'
    r"'''(?:[^']++|'{1,2}(?!'))*+(?:'{3,5}|\Z)|"
    r'"(?:[^"\\\n]++|\\[^\n])*+"?|'
    r"'[^'\n]*+'?"
)
_STRINGS = re.compile(_STRING)
_KEY_PART = re.compile(_STRING + r"""|[^\s.,=#"'\[\]{}]++""")
_BLANKS = re.compile(r"[ \t]*+")
_SPACE = re.compile(r"(?:\s++|#[^\n]*+)*+")
_SEPARATOR = re.compile(r"(?:[\s,]++|#[^\n]*+)*+")
_PLAIN = {  # numbers, dates, true and false, up to what can end them; a whole row of numbers is one match
    "": re.compile(r"""[^\[\]{}"'#\n]++"""),
    "[": re.compile(r"""[^\[\]{}"'#]++"""),
    "{": re.compile(r"""[^\[\]{}"'#\n,]++"""),
}
_TOO_LONG = re.compile(rf"\b[0-9]\w{{{MOST_DIGITS},}}")


class TooMuchError(ValueError):
    """A text that is refused before it is parsed: where, and what is too much."""

    def __init__(self, at: int, sentence: str) -> None:
        super().__init__(sentence)
        self.at = at


def line_of(text: str, path: KeyPath) -> int:
    """Return the line, from 1, where the key of this path stands, or the nearest table or list that could hold it."""
    return Lines(text).of(path)


class Lines:
    """The place of every key, table and list item of a text; `excess` says what is too much, if anything is."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._places: dict[KeyPath, int] = {(): 0}
        self.excess: TooMuchError | None = None
        try:
            for path, at in _Walk(text).statements():
                self._places.setdefault(path, at)
        except TooMuchError as error:
            self.excess = error

    def of(self, path: KeyPath) -> int:
        """Return the line of a key, or of the nearest table or list that could hold it."""
        while path not in self._places:
            path = path[:-1]
        return self.at(self._places[path])

    def at(self, place: int) -> int:
        """Return the line of a character of the text."""
        return self._text.count("\n", 0, place) + 1


class _Walk:
    """One pass over a text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.end = len(text)
        self.tables: dict[KeyPath, int] = {}  # how many tables each [[array]] has so far
        self.nesting = 0
        self.pieces = 0

    def statements(self) -> Walked:
        """Walk over the headers and the assignments below them."""
        table: KeyPath = ()
        at = self._after(_SPACE, 0)
        while at < self.end:
            if self.text[at] == "[":
                table, at = yield from self._header(at)
            else:
                at = yield from self._assignment(table, at, "")
            at = self._after(_SPACE, at)
        return at

    def _header(self, start: int) -> Generator[tuple[KeyPath, int], None, tuple[KeyPath, int]]:
        """Walk over `[a.b]` or `[[a.b]]`, and find which table it begins."""
        brackets = 2 if self.text.startswith("[[", start) else 1
        parts, at = self._key(start + brackets)
        path: KeyPath = ()
        for number, part in enumerate(parts, 1):
            path += (part,)
            yield path, start
            if brackets == 2 and number == len(parts):
                self.tables[path] = self.tables.get(path, 0) + 1
            if path in self.tables:
                path += (self.tables[path] - 1,)
                yield path, start
        return path, at + brackets if parts else self.end

    def _assignment(self, table: KeyPath, start: int, within: str) -> Walked:
        """Walk over `key = value`."""
        parts, at = self._key(start)
        if not parts or not self.text.startswith("=", at):
            return self.end
        path = table
        for part in parts:
            path += (part,)
            yield path, start
        return (yield from self._value(path, self._after(_BLANKS, at + 1), within))

    def _value(self, path: KeyPath, at: int, within: str) -> Walked:
        """Walk over a value; `within` is the bracket that it stands in."""
        first = self.text[at : at + 1]
        if first in ("[", "{"):
            self.nesting += 1
            if self.nesting > MOST_NESTING:
                raise TooMuchError(at, f"brackets are nested more than {MOST_NESTING} deep; a lesson needs no more")
            at = yield from self._list(path, at) if first == "[" else self._braces(path, at)
            self.nesting -= 1
            return at
        if first in ('"', "'"):
            return self._after(_STRINGS, at)
        return self._plain(at, within)

    def _list(self, path: KeyPath, at: int) -> Walked:
        """Walk over a list; of its items the texts, lists and tables get a place."""
        at, item = at + 1, 0
        while at < self.end and self.text[at] != "]":
            if self.text[at] == "#":
                at = self._after(_SPACE, at)
            elif self.text[at] in "\"'[{":
                self._count(at)
                yield (*path, item), at
                at = yield from self._value((*path, item), at, "[")
            else:
                after = self._plain(at, "[")
                item += self.text.count(",", at, after)
                at = after
        return at + 1

    def _braces(self, path: KeyPath, at: int) -> Walked:
        """Walk over an inline table."""
        at = self._after(_SPACE, at + 1)
        while at < self.end and self.text[at] != "}":
            at = yield from self._assignment(path, at, "{")
            at = self._after(_SEPARATOR, at)
        return at + 1

    def _plain(self, at: int, within: str) -> int:
        """Pass over what is neither text, list nor table; the text ends here where there is no such thing."""
        found = _PLAIN[within].match(self.text, at)
        if found is None:
            return self.end
        long = _TOO_LONG.search(found[0])
        if long:
            raise TooMuchError(
                at + long.start(), f"a number has more than {MOST_DIGITS} digits; nothing here needs so many"
            )
        return found.end()

    def _key(self, at: int) -> tuple[list[str], int]:
        """Read a dotted key: its parts, cleaned, and what follows it."""
        start, parts = at, list[str]()
        while True:
            found = _KEY_PART.match(self.text, self._after(_BLANKS, at))
            if found is None:
                return [], at
            if len(parts) == MOST_PARTS:
                raise TooMuchError(start, f"a key has more than {MOST_PARTS} parts; no key of a lesson needs so many")
            self._count(start)
            parts.append(_unquoted(found[0]))
            at = self._after(_BLANKS, found.end())
            if not self.text.startswith(".", at):
                return parts, at
            at += 1

    def _count(self, at: int) -> None:
        """Count one piece more."""
        self.pieces += 1
        if self.pieces > MOST_PIECES:
            raise TooMuchError(at, f"the file has more than {MOST_PIECES:,} keys, texts and lists, its limit")

    def _after(self, pattern: re.Pattern[str], at: int) -> int:
        """Return where what matches here ends."""
        found = pattern.match(self.text, at)
        return found.end() if found else at


def _unquoted(part: str) -> str:
    """Return a part of a key as tomllib gives it."""
    if part[0] in "\"'":
        with suppress(ValueError):  # then the file is no TOML either, and its reader says so
            part = tomllib.loads(f"{part} = 0").popitem()[0]
    return clean(part)
