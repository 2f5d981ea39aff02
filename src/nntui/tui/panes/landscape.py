"""The loss over two weights as a map: dark where it is low, lines of equal loss, and the way that training has come.

Run it alone: `python -m nntui.tui.panes.landscape xor "run 300; landscape"`.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from rich.style import Style

from nntui import messages as m
from nntui.tui.actions import FINE, TURN
from nntui.tui.look import Look
from nntui.tui.panes.braille import HEAVY, THICK, Canvas
from nntui.tui.panes.contours import MARKED, Bands, bands_of, levels_of, on_lines, pair, palette, steps_of
from nntui.tui.panes.levels import Levels, sampled, shades_of
from nntui.tui.panes.pane import Answer, Direction, Pane
from nntui.tui.panes.plot import Scale, joined
from nntui.tui.panes.turned import width_of
from nntui.tui.panes.written import apart, fitted
from nntui.tui.rows import Piece, Row

WITH_AXES = (26, 6)  # from so many cells on there is room for axes
WITH_SCALE = (50, 12)  # and for what the colours stand for
WITH_LEGEND = 10  # rows, from which on one of them tells which colours are low
ROWS_FOR_LINE = 3  # of a map, for each line of equal loss: more lines than that run into each other
ARROW = (5.0, 2.5)  # columns and rows that the arrow downhill is long
NEARER = 1.25  # by how much a turn of the wheel goes nearer
MOST_REACH, LEAST_REACH = 1e6, 1e-6
# The heads of an arrow, from the right on against the clock.
HEADS, ASCII_HEADS = "→↗↑↖←↙↓↘", ">/^\\</v\\"
WAY = "*"  # where there is no braille


@dataclass(frozen=True, slots=True)
class Field:
    """The cells of the map, and the values that they stand for."""

    left: int
    top: int
    width: int
    height: int
    x: Scale
    y: Scale

    def dot(self, x: float, y: float) -> tuple[int, int] | None:
        """The dot of a place, two to a cell across and four down; it may lie far outside."""
        across, down = _part(x, self.x), _part(y, self.y)
        if across is None or down is None:
            return None
        return round(across * (2 * self.width - 1)), round((1 - down) * (4 * self.height - 1))

    def cell(self, x: float, y: float) -> tuple[int, int] | None:
        """The cell of a place, if it is on the map."""
        dot = self.dot(x, y)
        if dot is None or not (0 <= dot[0] < 2 * self.width and 0 <= dot[1] < 4 * self.height):
            return None
        return dot[0] // 2, dot[1] // 4


def _part(value: float, scale: Scale) -> float | None:
    """Where a value lies along an axis, 0 to 1 on it; None where that is nowhere near."""
    span = scale.high / 2 - scale.low / 2
    part = (value / 2 - scale.low / 2) / span if span > 0 and math.isfinite(value) else math.nan
    return part if abs(part) < 1e6 else None


class LandscapePane(Pane):
    """Shows the loss over two weights, and walks on it."""

    kind = "landscape"
    needs = "landscape"
    cells_per_row = 2  # the view is asked for in half blocks

    def __init__(self, look: Look | None = None) -> None:
        super().__init__(look)
        self._field: Field | None = None

    # ------------------------------------------------------------ drawing

    def title(self) -> str:
        """The loss where one stands, and which steps the way was."""
        view = self.view
        if not isinstance(view, m.LandscapeView):
            return self.kind
        loss = f"loss {self._number(view.loss, self.voice.digits)}"
        first, last = view.path_steps
        steps = f"steps {first:,} to {last:,}" if view.path and last > first else ""
        some = f"{view.samples:,} of {view.samples_in_all:,} samples" * (view.samples < view.samples_in_all)
        room = self.size.width - 4
        for parts in ((self.kind, loss, steps, some), (self.kind, loss, steps), (loss, steps), (loss,)):
            title = f" {self.look.shapes.dot} ".join(part for part in parts if part)
            if len(title) <= room:
                break
        return title

    def draw(self, width: int, height: int) -> list[Row]:
        """The map, with its axes where there is room."""
        view: m.LandscapeView = self.view
        field = self._field = self._laid(view, width, height)
        rows = sampled(view.rows, field.width, 2 * field.height)
        if not rows:
            return [[("there is nothing to draw", self.ink.muted)]]
        bands = bands_of(view, field.height // ROWS_FOR_LINE if self.look.shades else len(self._glyphs) - 1)
        levels = levels_of(rows, steps_of(bands))
        cells = self._ground(rows, levels, bands)
        self._walked(view, field, cells, levels)
        drawn: list[Row] = [joined(line) for line in cells]
        if not field.top:
            return drawn
        return self._with_axes(view, field, drawn, bands, width) + self._legend(field, bands) * (height >= WITH_LEGEND)

    def _laid(self, view: m.LandscapeView, width: int, height: int) -> Field:
        """Where the map lies."""
        x, y = Scale(*view.x_range), Scale(*view.y_range)
        if width < WITH_AXES[0] or height < WITH_AXES[1]:
            return Field(0, 0, width, height, x, y)
        left = max(map(len, self._ends(view.y_range))) + 1
        return Field(left, 1, width - left, height - 2 - (height >= WITH_LEGEND), x, y)

    def _ground(self, rows: Sequence[Sequence[float]], levels: Levels, bands: Bands) -> list[list[Piece]]:
        """Two rows of the map in a row of cells; lines where one band meets the next, or a glyph for each band."""
        if not self.look.shades:
            glyphs, last = self._glyphs, max(1, len(bands) - 1)
            of_bands = "".join(glyphs[band * len(glyphs) // last] for band in range(last))
            return [[(self._glyph(value, bands, of_bands), self.ink.text) for value in row] for row in rows[::2]]
        lines = on_lines(rows, bands[1:-1])
        colours, half = palette(self.look), self.look.shapes.half
        cells = []
        for y in range(0, len(levels), 2):
            pairs = zip(levels[y], levels[y + 1], lines[y], lines[y + 1], strict=True)
            codes = [(upper + MARKED * up, lower + MARKED * low) for upper, lower, up, low in pairs]
            cells.append([(" " if a == b else half, pair(colours, a, b)) for a, b in codes])
        return cells

    @property
    def _glyphs(self) -> str:
        """Little ink where the loss is low, much where it is high."""
        return self.look.shapes.levels.replace("+", "=")

    def _glyph(self, value: float, bands: Bands, of_bands: str) -> str:
        if math.isnan(value):
            return "?"
        return of_bands[min(max(bisect_left(bands, value) - 1, 0), len(of_bands) - 1)]

    # ------------------------------------------------------------ where one has come along

    def _walked(self, view: m.LandscapeView, field: Field, cells: list[list[Piece]], levels: Levels) -> None:
        """The way from its start to where one stands, and from there the direction downhill."""
        canvas = Canvas(field.width, field.height, self.look.shapes.unicode)
        dots = [dot for place in (*view.path, view.here) if (dot := field.dot(*place)) is not None]
        for one, other in pairwise(dots):
            if one != other:
                canvas.line(*one, *other, self.ink.strong, weight=HEAVY if self.look.colours.thick else THICK)
        marks = self._marks(view, field, canvas)
        for row, line in enumerate(canvas.rows(self.ink.text)):
            for column, glyph in enumerate("".join(text for text, _ in line)):
                seen = marks.get((column, row)) or (glyph if self.look.shapes.unicode or glyph == " " else WAY)
                if seen != " ":
                    cells[row][column] = (seen, self._over(levels[2 * row][column]))

    def _over(self, level: int) -> Style:
        return shades_of(self.look).over(level) if self.look.shades else self.ink.accent

    def _marks(self, view: m.LandscapeView, field: Field, canvas: Canvas) -> dict[tuple[int, int], str]:
        """The glyphs, by their cells: where the way began, where one stands, and the head of the arrow downhill."""
        marks: dict[tuple[int, int], str] = {}
        unicode = self.look.shapes.unicode
        here = field.cell(*view.here)
        start = field.cell(*view.path[0]) if view.path else None
        if start is not None:
            marks[start] = "○" if unicode else "o"
        downhill = self._downhill(view, field)
        dot = field.dot(*view.here)
        if here is None or dot is None:
            return marks
        if downhill is not None:
            across, down, turn = downhill
            canvas.line(*dot, dot[0] + across, dot[1] + down, self.ink.strong)
            marks[(dot[0] + across) // 2, (dot[1] + down) // 4] = (HEADS if unicode else ASCII_HEADS)[turn]
        marks[here] = self.look.shapes.marker
        return marks | {(here[0] - 1, here[1]): "[", (here[0] + 1, here[1]): "]"}

    def _downhill(self, view: m.LandscapeView, field: Field) -> tuple[int, int, int] | None:
        """The direction in which the loss falls the fastest, as it looks on this map: dots and eighths of a turn."""
        spans = field.x.high - field.x.low, field.y.high - field.y.low
        if view.gradient is None or not all(map(math.isfinite, view.gradient)) or not min(spans) > 0:
            return None
        across, up = -view.gradient[0] / spans[0] * field.width, -view.gradient[1] / spans[1] * field.height
        size = math.hypot(across / ARROW[0], up / ARROW[1])
        if not (0 < size < math.inf):
            return None
        turn = round(math.atan2(2 * up, across) / (math.pi / 4)) % 8
        return round(2 * across / size), -round(4 * up / size), turn

    # ------------------------------------------------------------ axes

    def _with_axes(self, view: m.LandscapeView, field: Field, drawn: list[Row], bands: Bands, width: int) -> list[Row]:
        """The values at the ends of both axes, and which weights they are."""
        ink, shapes = self.ink, self.look.shapes
        low, high = self._ends(view.y_range)
        labels = {0: high, len(drawn) - 1: low}
        rows: list[Row] = [self._head(view, bands, width)]
        for y, line in enumerate(drawn):
            rows.append([(labels.get(y, "").rjust(field.left - 1) + " ", ink.muted), *line])
        low, high = self._ends(view.x_range)
        arrow = shapes.arrow
        room = width - field.left - len(low) - len(high) - 2
        name = fitted(f"{view.first} {arrow}", max(0, room), shapes.ellipsis)
        before = (room - len(name)) // 2 + 1
        after = width - field.left - len(low) - before - len(name) - len(high)
        rows.append([
            (" " * field.left + low + " " * before, ink.muted), (name, ink.text), (" " * after + high, ink.muted),
        ])  # fmt: skip
        return rows

    def _head(self, view: m.LandscapeView, bands: Bands, width: int) -> Row:
        """The weight that goes up; what the marks mean; which losses the lines stand for."""
        ink, shapes = self.ink, self.look.shapes
        up = "↑" if shapes.unicode else "^"
        row: Row = [(fitted(f"{up} {view.second}", width, shapes.ellipsis), ink.text)]
        start = f"{'○' if shapes.unicode else 'o'} start " if view.path else ""
        marks = f"{start}{shapes.marker} now"
        lines = ""
        if bands[1:-1] and width >= WITH_SCALE[0]:
            said = apart(bands[1:-1], self._number, 2)
            texts = (", ".join(said), f"{said[0]} to {said[-1]}")
            rooms = width - len(row[0][0]) - len(marks) - 6
            lines = next((text for words in texts if len(text := f"lines at {words}") <= rooms), "")
        for text in (lines and f"{lines}   {marks}", marks):
            gap = width - len(row[0][0]) - len(text)
            if text and gap >= 2:
                return [*row, (" " * gap + text, ink.muted)]
        return row

    def _legend(self, field: Field, bands: Bands) -> list[Row]:
        """One row: the colours from low to high, between the lowest and the highest loss of the map."""
        low, high = apart((bands[0], bands[-1]), self._number, 3)
        if self.look.shades:
            strip: Row = [(" ", Style(bgcolor=colour)) for colour in self.look.ramp]
        else:
            strip = [(self._glyphs, self.ink.text)]
        row: Row = [(" " * field.left + f"loss {low} ", self.ink.muted), *strip, (f" {high}", self.ink.muted)]
        return [row if width_of(row) <= field.left + field.width else []]

    def _ends(self, values: tuple[float, float]) -> list[str]:
        return apart(values, self._number, 3)

    def _number(self, value: float, digits: int) -> str:
        voice = replace(self.voice, names="code", digits=digits)
        return voice.number(value).replace("-", self.look.shapes.minus)

    # ------------------------------------------------------------ walking on it

    def arrow(self, direction: Direction, fine: bool) -> Answer:
        """Left and right turn the weight along, up and down the one that goes up."""
        view = self.view
        if not isinstance(view, m.LandscapeView):
            return None
        amount = FINE if fine else TURN
        address = view.first if direction in ("left", "right") else view.second
        return m.Twist(address, amount if direction in ("right", "up") else -amount)

    def wheel(self, x: int, y: int, up: bool, shift: bool) -> m.Command | None:
        """Away goes nearer, towards shows more."""
        view = self.view
        if not isinstance(view, m.LandscapeView):
            return None
        reach = (view.x_range[1] / 2 - view.x_range[0] / 2) * (1 / NEARER if up else NEARER)
        if not LEAST_REACH <= reach <= MOST_REACH:
            return None
        return m.Landscape(view.first, view.second, float(f"{reach:.3g}"))

    def clicked_all(self, x: int, y: int, shift: bool) -> tuple[m.Command, ...]:
        """On the map: both weights take the values of that place."""
        view, field = self.view, self._field
        if not isinstance(view, m.LandscapeView) or field is None:
            return ()
        column, row = x - field.left, y - field.top
        if not (0 <= column < field.width and 0 <= row < field.height):
            return ()
        values = (
            _rounded(field.x.at(column / max(1, field.width - 1)), field.x, field.width),
            _rounded(field.y.at(1 - (row + 0.5) / field.height), field.y, field.height),
        )
        return m.SetValue(view.first, values[0]), m.SetValue(view.second, values[1])

    def number_at_hand(self) -> str:
        """Enter asks why the loss is what it is."""
        return "loss"

    def value_at_hand(self) -> str:
        """Where one stands, and the loss there."""
        view = self.view
        if not isinstance(view, m.LandscapeView):
            return ""
        return f"{view.first} = {view.here[0]!r}, {view.second} = {view.here[1]!r}, loss {view.loss!r}"


def _rounded(value: float, scale: Scale, cells: int) -> float:
    """A value in no more digits than the cells tell apart."""
    step = (scale.high / 2 - scale.low / 2) / max(1, cells)
    return round(value, max(0, min(15, 1 - math.floor(math.log10(step))))) if 0 < step < math.inf else value


if __name__ == "__main__":
    from nntui.tui.panes.alone import run

    run(LandscapePane())
