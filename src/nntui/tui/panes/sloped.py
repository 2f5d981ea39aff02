"""The slope along a parameter in words: the twist, the losses before and after it, their difference over its size.

Losses that differ never look equal: of a tiny twist they stand one below the other, in all their digits.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from rich.cells import cell_len

from nntui import messages as m
from nntui.sentences.slopes import NEAR
from nntui.tui.look import Look
from nntui.tui.panes.turned import width_of
from nntui.tui.panes.written import InDigits, aligned, apart, fitted
from nntui.tui.rows import Row

GAP = 3  # columns between two things in a row
MOST_COLUMNS = 4  # of the ladder
LEAST_RUNGS = 3  # of the ladder, below which it is left out


@dataclass(frozen=True)
class Sloped:
    """The texts of a slope, in one look; `digits` as the voice has them."""

    slope: m.SlopeView
    look: Look
    number: InDigits
    digits: int

    # ------------------------------------------------------------ the one in hand

    def rows(self, width: int, room: int) -> list[Row]:
        """In as few rows as it takes, and no more than there is room for; the slope comes first where there is none."""
        layouts = [rows for rows in self._layouts() if len(rows) <= max(1, room)]
        fitting = (rows for rows in layouts if max(map(width_of, rows)) < width)
        return next(fitting, layouts[-1])

    def _layouts(self) -> Iterator[list[Row]]:
        """All ways to write it, the best first; the exact slope, as in sentences, once a twist has come near it."""
        ink, s = self.look.ink, self.slope
        before, after = self._losses()
        twist: Row = [(" twist ", ink.muted), (self._size(s.size), ink.strong)]
        slope: Row = [("slope ", ink.muted), (self._signed(s.slope), ink.accent)]
        change: Row = [("loss ", ink.muted), (f"{before} {self.look.shapes.arrow} {after}", ink.text)]
        gap: Row = [(" " * GAP, ink.text)]
        exact: Row = [*gap, *self._exact()] if s.exact is not None and abs(s.size) <= NEAR else []
        for extra in (exact, []) if exact else ([],):
            yield [[*twist, *gap, *change, *gap, *slope, *extra]]
            yield [[*twist, *gap, *slope, *extra], [(" ", ink.text), *change]]
            yield [[*twist, *gap, *change], [(" ", ink.text), *slope, *extra]]
            if extra:
                yield [[*twist, *gap, *slope], [(" ", ink.text), *change], [(" ", ink.text), *self._exact()]]
        for extra in (exact, []) if exact else ([],):
            wide = max(cell_len(before), cell_len(after))
            below: list[Row] = [
                [(" loss  ", ink.muted), (before.ljust(wide), ink.text)],
                [(" after ", ink.muted), (after.ljust(wide), ink.text)],
            ]
            yield [[*twist, *gap, *slope, *extra], *below]
        yield [[(" ", ink.text), *slope], twist, [(" ", ink.text), *change]]
        yield [[(" ", ink.text), *slope], twist]
        yield [[(" ", ink.text), *slope]]

    def _losses(self) -> list[str]:
        """The loss before the twist and after it, told apart."""
        return apart((self.slope.loss, self.slope.loss_after), self.number, self.digits)

    def _exact(self) -> Row:
        assert self.slope.exact is not None
        return [("exact ", self.look.ink.muted), (self._signed(self.slope.exact), self.look.ink.text)]

    def _signed(self, value: float) -> str:
        text = self.number(value, self.digits)
        return "+" + text if value > 0 else text

    def _size(self, size: float) -> str:
        return self.number(size, 6)

    # ------------------------------------------------------------ the ladder

    def ladder(self, width: int, room: int) -> list[Row]:
        """The slopes by twists of other sizes, the largest first, in columns; below them the exact one."""
        ink, s = self.look.ink, self.slope
        if len(s.ladder) < 2 or room < LEAST_RUNGS:
            return []
        sizes = [self._size(size) for size, _ in s.ladder]
        slopes = aligned([self._signed(slope) for _, slope in s.ladder])
        wide = max(map(cell_len, sizes)) + max(map(cell_len, slopes)) + 6
        columns = max(1, min(MOST_COLUMNS, width // wide))
        tall = math.ceil(len(sizes) / columns)
        columns, first = math.ceil(len(sizes) / tall), 0
        if tall > room - 1:  # not all of them have room: those around the one in hand
            columns, tall = 1, room - 1
            at = min(range(len(sizes)), key=lambda n: abs(math.log(abs(s.ladder[n][0]) / abs(s.size))))
            first = min(max(0, at - tall // 2), len(sizes) - tall)
        head = [("  " + "twist".ljust(max(map(cell_len, sizes))) + "  slope").ljust(wide)] * columns
        rows: list[Row] = [[("".join(head)[:width].rstrip(), ink.muted)]]
        for y in range(tall):
            row: Row = []
            for at in range(first + y, first + columns * tall, tall):
                if at >= len(sizes):
                    break
                row += self._rung(sizes, slopes, at, wide)
            rows.append(row)
        return rows

    def _rung(self, sizes: list[str], slopes: list[str], at: int, wide: int) -> Row:
        """One of the ladder, marked if it is the one in hand."""
        ink = self.look.ink
        here = self.slope.ladder[at][0] == self.slope.size
        text = f"{sizes[at].ljust(max(map(cell_len, sizes)))}  {slopes[at]}"
        mark = self.look.shapes.cursor if here else " "
        return [
            (f"{mark} ", ink.accent),
            (fitted(text, wide - 2, self.look.shapes.ellipsis).ljust(wide - 2), ink.accent if here else ink.text),
        ]
