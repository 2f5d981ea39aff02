"""A matrix product as it is drawn: the left matrix beside the result, the right one above it.

So the row of the left and the column of the right that make a cell meet in that cell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from nntui import messages as m
from nntui.sentences.numbers import Voice
from nntui.tui.look import Look
from nntui.tui.panes.tensor_rows import MORE, Cells, Span, fewest, number_row, windowed
from nntui.tui.rows import Row, shortened

GAP = 2  # columns between the left matrix and the result
DIGITS = (4, 3, 2)  # that numbers are written with where they do not find room with as many as is usual
LEAST = 2  # rows of a matrix that are shown at least


class ProductDrawing:
    """One state of a product, drawn. `targets` are the cells of the result: y, x from, x to, row and column."""

    def __init__(self, step: m.ProductStep, voice: Voice, look: Look) -> None:
        self.step = step
        self.voice = voice
        self.look = look
        self.targets: list[tuple[int, int, int, tuple[int, int]]] = []

    def rows(self, width: int, height: int) -> list[Row]:
        """All of it in so many cells, or what lies around the cell in hand."""
        p, named = self.step, height >= 2 * LEAST + 3
        digits = self._digits(width)
        left, right = self._texts(p.left, digits), self._texts(p.right, digits)
        done = self._texts(p.done, digits)
        done[p.row][p.column] = self._number(p.total, digits) if p.terms else "?"
        gap: list[Row] = [[]] if height >= len(p.right) + len(p.left) + 4 else []
        upper, lower = self._heights(height - 1 - named - 2 * len(gap))
        term = max(0, len(p.terms) - 1)
        left_cells, result_cells = self._columns(left, right, done, width)
        beside = left_cells.width + GAP
        rows: list[Row] = [self._names(beside, width)] if named else []
        for k in range(upper.start, upper.end):
            corner = f"{p.left_name}" if k == upper.end - 1 else ""
            rows.append([(shortened(corner, beside - 1, self.look.shapes.ellipsis).ljust(beside), self.look.ink.muted),
                         *self._right_row(result_cells, right[k], k, term)])  # fmt: skip
        rows += gap
        for i in range(lower.start, lower.end):
            rows.append([*self._left_row(left_cells, left[i], i, term), (" " * GAP, self.look.ink.text),
                         *self._result_row(result_cells, done[i], i)])  # fmt: skip
            self._aim(result_cells, i, len(rows) - 1, beside)
        return [*rows, *gap, self._sum(width, digits)]

    # ------------------------------------------------------------ how much of it finds room

    def _digits(self, width: int) -> int:
        """As many digits as are usual, or fewer where all columns then find room."""
        usual = self.voice.digits
        p = self.step
        for digits in (usual, *(few for few in DIGITS if not usual or few < usual)):
            left = fewest([text for row in self._texts(p.left, digits) for text in row])
            right = fewest(
                [text for row in (*self._texts(p.right, digits), *self._texts(p.done, digits)) for text in row]
            )
            if (left + 1) * len(p.right) + 1 + GAP + (right + 1) * len(p.right[0]) + 1 <= width:
                return digits
        return DIGITS[-1]

    def _heights(self, height: int) -> tuple[Span, Span]:
        """Which rows of the right matrix and of the result are shown."""
        p = self.step
        inner, outer = len(p.right), len(p.left)
        upper = min(inner, max(LEAST, height // 2, height - outer))
        term = max(0, len(p.terms) - 1)
        return Span.around(term, inner, upper), Span.around(p.row, outer, max(1, height - min(upper, inner)))

    def _columns(
        self, left: list[list[str]], right: list[list[str]], done: list[list[str]], width: int
    ) -> tuple[Cells, Cells]:
        """Which columns of the left matrix and of the result are shown."""
        p, ellipsis = self.step, self.look.shapes.ellipsis
        wide = fewest([text for row in (*right, *done) for text in row])
        mine_wide = fewest([text for row in left for text in row])
        room = width - GAP
        for more in (MORE, MORE - 1):  # wider where there is room
            if (mine_wide + more + 1) * len(p.right) + (wide + more + 1) * len(p.right[0]) + 2 <= room:
                mine_wide, wide = mine_wide + more, wide + more
                break
        mine = max(room // 2, room - (wide + 1) * len(p.right[0]) - 1)
        term = max(0, len(p.terms) - 1)
        left_cells = windowed(len(p.right), term, mine, mine_wide, ellipsis)
        return left_cells, windowed(len(p.right[0]), p.column, room - left_cells.width, wide, ellipsis)

    # ------------------------------------------------------------ the rows

    def _names(self, beside: int, width: int) -> Row:
        name = shortened(self.step.right_name, width - beside, self.look.shapes.ellipsis)
        return [(" " * (beside + 1) + name, self.look.ink.muted)]

    def _right_row(self, cells: Cells, texts: list[str], k: int, term: int) -> Row:
        ink, p = self.look.ink, self.step
        multiplied = bool(p.terms) and k == term

        def style(column: int) -> Any:
            if column != p.column:
                return ink.text
            return ink.lit if multiplied else ink.accent

        return number_row(cells, texts, style, p.column if multiplied else None, self.look)

    def _left_row(self, cells: Cells, texts: list[str], i: int, term: int) -> Row:
        ink, p = self.look.ink, self.step

        def style(column: int) -> Any:
            if i != p.row:
                return ink.text
            return ink.lit if p.terms and column == term else ink.accent

        return number_row(cells, texts, style, term if i == p.row and p.terms else None, self.look)

    def _result_row(self, cells: Cells, texts: list[str], i: int) -> Row:
        ink, p = self.look.ink, self.step

        def style(column: int) -> Any:
            if (i, column) == (p.row, p.column):
                return ink.lit
            return ink.strong if p.done[i][column] is not None else ink.muted

        return number_row(cells, texts, style, p.column if i == p.row else None, self.look)

    def _aim(self, cells: Cells, row: int, y: int, beside: int) -> None:
        for column, start, end in cells.spans():
            self.targets.append((y, beside + start, beside + end, (row, column)))

    # ------------------------------------------------------------ the sum

    def _sum(self, width: int, digits: int) -> Row:
        """The row, the column, and the sum of the products so far; of a long one its end."""
        p, ink = self.step, self.look.ink
        dot = "·" if self.look.shapes.unicode else "*"
        head = f"row {p.row:,}, column {p.column:,}: "
        if not p.terms:
            return [(head, ink.accent), ("nothing is multiplied yet", ink.muted)]
        end = f" = {self._number(p.total, digits)}"
        terms = [f"{self._number(one, digits)}{dot}{self._number(other, digits)}" for one, other in p.terms]
        shown = list(terms)
        while len(shown) > 1 and len(head + self._added(shown, len(terms)) + end) > width:
            shown.pop(0)
        return [(head, ink.accent), (self._added(shown, len(terms)), ink.text), (end, ink.strong)]

    def _added(self, shown: Sequence[str], count: int) -> str:
        before = f"{self.look.shapes.ellipsis} + " if len(shown) < count else ""
        return before + " + ".join(shown)

    def _texts(self, rows: Sequence[Sequence[float | None]], digits: int) -> list[list[str]]:
        """Numbers as they are written; a dot where nothing has been computed yet."""
        dot = self.look.shapes.dot
        return [[dot if value is None else self._number(value, digits) for value in row] for row in rows]

    def _number(self, value: float, digits: int) -> str:
        voice = replace(self.voice, digits=digits, names="code")
        return voice.number(value).replace("-", self.look.shapes.minus)
