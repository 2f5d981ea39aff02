"""Rows of numbers in cells of one width: as many as there is room for, the one in hand between marks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from rich.cells import cell_len

from nntui.tui.look import Look
from nntui.tui.panes.written import fitted, hands
from nntui.tui.rows import Row

MORE = 2  # columns that a cell is wider where there is room
WIDEST = 12  # columns of a number; one that is longer loses its last digits


@dataclass(frozen=True)
class Span:
    """From a number up to another one, of those in a row."""

    start: int
    end: int

    @staticmethod
    def around(at: int, length: int, most: int) -> Span:
        """So many around one of them, as far as it can be in the middle."""
        most = max(1, min(most, length))
        start = max(0, min(at - most // 2, length - most))
        return Span(start, start + most)


@dataclass(frozen=True)
class Cells:
    """The cells of a row: from which number to which, and how wide. Before each is a gap, and after the last."""

    start: int
    end: int
    wide: int
    ellipsis: str
    first: int = 0  # what comes before these in all, and how many there are in all
    length: int = -1

    def of(self, first: int, length: int) -> Cells:
        """The same as a part of more: numbers before and after those at hand, too, are left out."""
        return replace(self, first=first, length=length)

    @property
    def cut_left(self) -> bool:
        """Whether numbers are left out before these."""
        return self.first + self.start > 0

    @property
    def cut_right(self) -> bool:
        """Whether numbers are left out after these."""
        return self.length >= 0 and self.first + self.end < self.length

    @property
    def width(self) -> int:
        """The columns that all of it takes."""
        return (
            self._left + (self.wide + 1) * (self.end - self.start) + 1 + (len(self.ellipsis) if self.cut_right else 0)
        )

    @property
    def _left(self) -> int:
        return len(self.ellipsis) if self.cut_left else 0

    def x(self, number: int) -> int:
        """The column at which a number's cell begins, its gap before it."""
        return self._left + (self.wide + 1) * (number - self.start)

    def spans(self) -> Iterator[tuple[int, int, int]]:
        """Each number with the columns of its cell."""
        for number in range(self.start, self.end):
            yield number, self.x(number), self.x(number) + self.wide + 1


def windowed(length: int, at: int, room: int, wide: int, ellipsis: str) -> Cells:
    """As many cells around one of them as there is room for."""
    most = (room - 1) // (wide + 1)
    if most < length:
        most = (room - 1 - 2 * len(ellipsis)) // (wide + 1)
    span = Span.around(at, length, most)
    return Cells(span.start, span.end, wide, ellipsis, 0, length)


def fewest(texts: Sequence[str]) -> int:
    """The columns that the longest of some numbers takes."""
    return min(WIDEST, max((cell_len(text) for text in texts), default=1))


def roomy(wide: int, count: int, room: int) -> int:
    """Wider cells, where that many of them find room."""
    return next((wide + more for more in (MORE, MORE - 1) if (wide + more + 1) * count + 1 <= room), wide)


def number_row(cells: Cells, texts: Sequence[str], style: Callable[[int], Any], in_hand: int | None, look: Look) -> Row:
    """One row of numbers; the one in hand stands between marks."""
    ink, (left, right) = look.ink, hands(look.shapes)
    row: Row = [(cells.ellipsis if cells.cut_left else "", ink.muted)]
    for number in range(cells.start, cells.end):
        text = fitted(texts[number], cells.wide, cells.ellipsis)
        mark = left if number == in_hand else ""
        after = right if number - 1 == in_hand else ""
        room = cells.wide + 1 - cell_len(text) - cell_len(mark)
        row += [(after, ink.accent), (" " * (room - cell_len(after)), ink.text), (mark, ink.accent)]
        row.append((text, style(number)))
    row.append((right if cells.end - 1 == in_hand else " ", ink.accent))
    row.append((cells.ellipsis if cells.cut_right else "", ink.muted))
    return row


def lane(cells: Cells, places: Sequence[int], said: Callable[[int], str], unicode: bool) -> str:
    """The way through memory from each of some places to the next, with the length of the jump where it has room."""
    ends, line = ("╰┴╯", "─") if unicode else ("'''", "-")
    seen = sorted({place for place in places if cells.start <= place < cells.end})
    if len(seen) < 2 or len(set(places)) < 2:
        return ""
    step = places[1] - places[0]
    x = [cells.x(place) + cells.wide for place in seen]
    text = [" "] * (x[-1] + 1)
    for one, two in pairwise(x):
        text[one:two] = line * (two - one)
        label = said(step)
        if len(label) + 2 < two - one:
            at = one + 1 + (two - one - 1 - len(label)) // 2
            text[at : at + len(label)] = label
    for number, column in enumerate(x):
        text[column] = ends[0] if number == 0 else ends[2] if number == len(x) - 1 else ends[1]
    return "".join(text)
