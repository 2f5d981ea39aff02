"""Lines and points on cells: eight braille dots in each, or ASCII strokes where there are none.

Coordinates are dots, two to a cell across and four down, from the top left; whatever lies outside is left out. Where a
line runs is worked out once and kept, because a network's edges stay where they are while their weights change.
"""

from __future__ import annotations

from functools import lru_cache

from rich.style import Style

Row = list[tuple[str, Style]]
Path = tuple[tuple[int, int, str], ...]  # cell, braille dots in it, ASCII stroke

SPARSE, THIN, THICK, HEAVY = range(4)  # weights of a line

_BITS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
_BRAILLE = tuple(chr(0x2800 + bits) for bits in range(256))
_DASHES = {(SPARSE, False): (2, 6), (SPARSE, True): (1, 6)}  # dots drawn, of how many
_DASHED, _SOLID = (3, 5), (1, 1)


class Canvas:
    """A field of cells to draw on. What is drawn later gives a cell its style; glyphs and text stand above all dots.

    Text is whole or not there at all: nothing is ever drawn over it, and the cells beside it stay blank.
    """

    def __init__(self, width: int, height: int, unicode: bool = True) -> None:
        self.width, self.height, self.unicode = max(0, width), max(0, height), unicode
        cells = self.width * self.height
        self._dots = [0] * cells
        self._strokes: dict[int, str] = {}
        self._styles: list[Style | None] = [None] * cells
        self._marks: dict[int, tuple[str, Style]] = {}  # glyphs and characters
        self._words: set[int] = set()  # the cells of text
        self._beside: set[int] = set()  # and the blank ones beside it

    def copy(self) -> Canvas:
        """A canvas that can be drawn on further without changing this one."""
        other = Canvas(0, 0, self.unicode)
        other.width, other.height = self.width, self.height
        other._dots, other._styles = self._dots.copy(), self._styles.copy()
        other._strokes, other._marks = self._strokes.copy(), self._marks.copy()
        other._words, other._beside = self._words.copy(), self._beside.copy()
        return other

    def set(self, x: int, y: int, style: Style) -> None:
        """Draw one dot."""
        if 0 <= x < 2 * self.width and 0 <= y < 4 * self.height:
            cell = y // 4 * self.width + x // 2
            self._dots[cell] |= _BITS[y % 4][x % 2]
            self._strokes[cell] = "'-.."[y % 4]
            self._styles[cell] = style

    def line(
        self, x0: int, y0: int, x1: int, y1: int, style: Style, dotted: bool = False, *,
        weight: int = THIN, over: bool = False,
    ) -> None:  # fmt: skip
        """Draw a line; with `over`, the dots of other lines in its cells make room for it."""
        dots, styles, strokes = self._dots, self._styles, self._strokes
        for cell, bits, stroke in path(x0, y0, x1, y1, dotted, weight, self.width, self.height):
            dots[cell] = bits if over else dots[cell] | bits
            styles[cell] = style
            strokes[cell] = stroke

    def mark(self, column: int, row: int, glyph: str, style: Style) -> bool:
        """Draw a glyph of one cell over all that is no text; says whether it is there."""
        cell = row * self.width + column
        if not (0 <= row < self.height and 0 <= column < self.width) or cell in self._words or cell in self._beside:
            return False
        self._marks[cell] = (glyph, style)
        return True

    def free(self, column: int, row: int, text: str, touching: tuple[int, int] | None = None) -> bool:
        """Whether a text can be written: all of it, with nothing on its cells and none but dots beside it.

        A blank or bracket at its end is as good as a blank beside it. `touching` is the cell of a glyph that may be
        beside it.
        """
        end = column + len(text)
        if not (0 <= row < self.height and column >= 0 and end <= self.width):
            return False
        first = row * self.width
        if any(first + at in self._marks or first + at in self._beside for at in range(column, end)):
            return False
        beside = (at for at in _ends(column, text) if (at, row) != touching and 0 <= at < self.width)
        return not any(first + at in self._marks for at in beside)

    def text(
        self, column: int, row: int, text: str, style: Style, touching: tuple[int, int] | None = None
    ) -> bool:  # fmt: skip
        """Write characters of one cell each where there is room for all of them; says whether they are there."""
        if not self.free(column, row, text, touching):
            return False
        first = row * self.width
        for at, character in enumerate(text, first + column):
            self._marks[at] = (character, style)
            self._words.add(at)
        self._beside.update(first + at for at in _ends(column, text) if (at, row) != touching and 0 <= at < self.width)
        return True

    def rows(self, blank: Style) -> list[Row]:
        """All of it as rows of pieces, neighbours of the same style joined."""
        marks: list[str] = [" "] * len(self._dots)
        styles: list[Style] = [blank] * len(self._dots)
        for cell, bits in enumerate(self._dots):
            style = self._styles[cell]
            if bits and style is not None:
                marks[cell] = _BRAILLE[bits] if self.unicode else self._strokes[cell]
                styles[cell] = style
        for cell in self._beside:
            marks[cell], styles[cell] = " ", blank
        for cell, (character, style) in self._marks.items():
            marks[cell], styles[cell] = character, style
        return [self._row(marks, styles, first) for first in range(0, self.width * self.height, self.width or 1)]

    def _row(self, marks: list[str], styles: list[Style], first: int) -> Row:
        row: Row = []
        start = first
        for cell in range(first + 1, first + self.width):
            if styles[cell] is not styles[start]:
                row.append(("".join(marks[start:cell]), styles[start]))
                start = cell
        row.append(("".join(marks[start : first + self.width]), styles[start]))
        return row


def _ends(column: int, text: str) -> tuple[int, ...]:
    """The columns before and after a text, where it does not bring blanks or brackets of its own."""
    before = () if text.startswith((" ", "[")) else (column - 1,)
    return before if text.endswith((" ", "]")) else (*before, column + len(text))


@lru_cache(maxsize=30_000)
def path(x0: int, y0: int, x1: int, y1: int, dotted: bool, weight: int, width: int, height: int) -> Path:
    """The cells that a line passes, each with its dots and its ASCII stroke."""
    drawn, period = _DASHES.get((weight, dotted), _DASHED if dotted else _SOLID)
    flat = abs(x1 - x0) >= abs(y1 - y0)
    beside = {THICK: (0, 1), HEAVY: (-1, 0, 1)}.get(weight, (0,))
    cells: dict[int, int] = {}
    for step, x, y in _walk(x0, y0, x1, y1, width * 2, height * 4):
        if step % period < drawn:
            for offset in beside:
                across, down = (x, y + offset) if flat else (x + offset, y)
                if 0 <= across < 2 * width and 0 <= down < 4 * height:
                    cell = down // 4 * width + across // 2
                    cells[cell] = cells.get(cell, 0) | _BITS[down % 4][across % 2]
    stroke = _stroke(x1 - x0, y1 - y0, dotted, weight)
    return tuple((cell, bits, stroke) for cell, bits in cells.items())


def _walk(x0: int, y0: int, x1: int, y1: int, columns: int, rows: int) -> list[tuple[int, int, int]]:
    """The dots of a line that lie on the field: the number of each along the line, and its place."""
    dx, dy = x1 - x0, y1 - y0
    if abs(dx) >= abs(dy):
        if dx < 0:
            x0, y0, x1, y1, dx, dy = x1, y1, x0, y0, -dx, -dy
        return [
            (x - x0, x, y0 + _divided(dy * (x - x0), dx)) for x in range(max(x0, 0), min(x1, columns - 1) + 1)
        ]  # fmt: skip
    if dy < 0:
        x0, y0, x1, y1, dx, dy = x1, y1, x0, y0, -dx, -dy
    return [(y - y0, x0 + _divided(dx * (y - y0), dy), y) for y in range(max(y0, 0), min(y1, rows - 1) + 1)]


def _divided(one: int, other: int) -> int:
    """Divided and rounded to the nearest, halves upwards."""
    return (2 * one + other) // (2 * other) if other else 0


def _stroke(dx: int, dy: int, dotted: bool, weight: int) -> str:
    """The ASCII character that says a line's direction; or, of a dotted one, only that it is one."""
    if dotted:
        return ":" if weight >= THICK else "."
    if abs(dy) * 5 < abs(dx) * 2:
        return "=" if weight >= THICK else "-"
    if abs(dy) > abs(dx) * 3:
        return "#" if weight >= THICK else "|"
    if weight >= THICK:
        return "%"
    return "/" if (dx > 0) != (dy > 0) else "\\"
