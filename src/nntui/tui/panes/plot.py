"""Curves in cells: plotext draws them, and here its ANSI becomes cells that marks and labels can be put between.

plotext is given shares of the canvas, not values: what is drawn where is then known here, for a click to be answered,
and no value is too large or too small for it. It is imported when the first curve is drawn, for that takes a while.
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from rich.cells import cell_len
from rich.style import Style

from nntui.tui.look import Look
from nntui.tui.panes.written import InDigits, apart
from nntui.tui.rows import Piece, Row

WITH_AXES = (32, 6)  # from so many cells on there is room for axes
WITH_LINE = 10  # rows from which on the lower axis is a line as well
MOST_DOTS = 400  # of a scatter
FIRST_CODE = 16  # the colour code that stands for the first line; the codes below are terminals' own
SMALLEST = 5e-324  # half of it is 0, which has no logarithm
SGR = re.compile(r"\x1b\[([0-9;]*)m")


@dataclass(frozen=True)
class Line:
    """One curve: its points, and how they are drawn. No glyph: as fine as the terminal can."""

    x: Sequence[float]
    y: Sequence[float]
    style: Style
    glyph: str = ""
    joined: bool = True
    every: int = 1  # columns, of those that are not joined


@dataclass(frozen=True)
class Scale:
    """Values along one axis, from 0 to 1."""

    low: float
    high: float
    logarithmic: bool = False

    def has(self, value: float) -> bool:
        """Whether a value has a place on the axis."""
        return math.isfinite(value) and (value > 0 or not self.logarithmic)

    def share(self, value: float) -> float:
        """Where a value is. Halves: the difference of two large numbers may be too large."""
        low, value, high = (self._flat(v) / 2 for v in (self.low, value, self.high))
        return min(1.0, max(0.0, (value - low) / (high - low))) if high > low else 0.5

    def at(self, share: float) -> float:
        """The value at a place."""
        low, high = self._flat(self.low), self._flat(self.high)
        value = low * (1 - share) + high * share
        return float(min(self.high, 10.0 ** min(value, 308.0))) if self.logarithmic else value

    def _flat(self, value: float) -> float:
        return math.log10(max(value, SMALLEST)) if self.logarithmic else value

    def ticks(self, most: int) -> list[float]:
        """A few round values that lie on it, the lowest first."""
        ticks = self._decades(most) if self.logarithmic else []
        return ticks if len(ticks) > 1 else self._round(most)

    def _decades(self, most: int) -> list[float]:
        first, last = math.ceil(self._flat(self.low)), math.floor(self._flat(self.high))
        if last - first < 2:
            fine = [by * 10.0**power for power in range(max(-300, first - 1), min(308, last + 1)) for by in (1, 2, 5)]
            return [tick for tick in fine if self.low <= tick <= self.high]
        step = max(1, math.ceil((last - first + 1) / most))
        return [10.0**power for power in range(first, last + 1, step) if power < 309]

    def _round(self, most: int) -> list[float]:
        room = self.high / most - self.low / most
        if not room > 1e-300:
            return []
        power = 10.0 ** math.floor(math.log10(room))
        step = next((power * by for by in (1, 2, 5) if power * by >= room * 0.999), power * 10)
        first = math.ceil(self.low / step)
        ticks = [step * (first + i) for i in range(most + 2)]
        return [tick for tick in ticks if tick <= self.high + step * 1e-9][: most + 1]


@dataclass
class Plot:
    """What was drawn: all cells, where in them the canvas lies, and the scales along it."""

    cells: list[list[Piece]]
    x: Scale
    y: Scale
    left: int
    width: int
    height: int  # of the canvas, which begins at the top
    blank: Style
    axes: bool
    taken: set[tuple[int, int]] = field(default_factory=set)  # column and row of what was put there

    def column(self, x: float) -> int:
        """The column, of all cells, that a value is drawn in."""
        return self.left + round(self.x.share(x) * (self.width - 1))

    def x_at(self, column: int) -> float:
        """The value that is drawn in a column; the nearest, outside the canvas."""
        return self.x.at(min(1.0, max(0.0, (column - self.left) / max(1, self.width - 1))))

    def put(self, column: int, row: int, text: str, style: Style) -> bool:
        """Write a text where nothing is; return False, and write nothing, where something is."""
        places = range(column, column + len(text))
        line = self.cells[row] if 0 <= row < len(self.cells) else []
        if column < 0 or column + len(text) > len(line) or any(self._full(line, place, row) for place in places):
            return False
        for place, character in zip(places, plain(text), strict=True):
            line[place] = (character, style)
            self.taken.add((place, row))
        return True

    def _full(self, line: list[Piece], place: int, row: int) -> bool:
        return line[place][0] != " " or (place, row) in self.taken

    def upright(self, column: int, glyph: str, style: Style) -> None:
        """Draw a line from top to bottom behind the curves."""
        for row in range(self.height):
            self.put(column, row, glyph, style)

    def rows(self) -> list[Row]:
        """All cells as pieces, equal styles side by side joined."""
        return [joined(line) for line in self.cells]


class NoPlotError(Exception):
    """No curve can be drawn; the text says why."""


def plot(
    lines: Sequence[Line], width: int, height: int, look: Look, number: InDigits, logarithmic: bool = False
) -> Plot:
    """Draw curves in so many cells, with axes where there is room; at least one point must have a place."""
    x = scale_of([value for line in lines for value in line.x], 0, False)
    y = scale_of([value for line in lines for value in line.y], 0.5, logarithmic)
    axes = width >= WITH_AXES[0] and height >= WITH_AXES[1]
    rule = axes and height >= WITH_LINE
    tall = height - axes - rule
    ticks = _labelled(y, tall, number) if axes else {}
    left = max(map(cell_len, ticks.values()), default=0) + 1 if axes else 0
    if left > width // 3:
        ticks, left = {}, 1
    canvas = _canvas(lines, width - left, tall, x, y, look)
    cells = [[*edge, *row] for edge, row in zip(_edge(ticks, left, tall, look), canvas, strict=True)]
    blank = look.ink.text
    if rule:
        corner, dash = ("└", "─") if look.shapes.unicode else ("+", "-")
        cells.append([(" ", blank)] * (left - 1) + [(corner, look.ink.line)] + [(dash, look.ink.line)] * (width - left))
    if axes:
        cells.append([(" ", blank)] * width)
    return Plot(cells, x, y, left, width - left, tall, blank, axes)


def scale_of(values: Sequence[float], from_zero: float, logarithmic: bool) -> Scale:
    """A scale that all values with a place fit on; from 0 on if they are near it, as a share of the highest."""
    usable = [value for value in values if Scale(0, 0, logarithmic).has(value)]
    if not usable:
        raise NoPlotError("there is nothing to draw")
    low, high = min(usable), max(usable)
    if not logarithmic and 0 <= low <= high * from_zero:
        low = 0.0
    if low == high:
        low, high = (low / 2, high * 2) if logarithmic else (low - abs(low) / 2, high + abs(high) / 2)
        low, high = max(low, -sys.float_info.max), min(high, sys.float_info.max)
        if low == high or low <= 0 < logarithmic:
            low, high = (low, low * 10 or 1.0) if logarithmic and low > 0 else (low - 1, high + 1)
    return Scale(low, high, logarithmic)


def _labelled(scale: Scale, rows: int, number: InDigits) -> dict[int, str]:
    """The rows with a tick, and its label; in as many digits as tell them apart."""
    ticks = scale.ticks(max(2, rows // 4))
    labels = apart(ticks, number, 3)
    return {round((1 - scale.share(tick)) * (rows - 1)): label for tick, label in zip(ticks, labels, strict=True)}


def _edge(ticks: dict[int, str], left: int, rows: int, look: Look) -> Iterator[list[Piece]]:
    """The cells left of the canvas, row by row."""
    bar, tick = ("│", "┤") if look.shapes.unicode else ("|", "+")
    for row in range(rows):
        label = ticks.get(row, "")
        if left:
            glyph = tick if label else bar
            yield [(c, look.ink.muted) for c in plain(label).rjust(left - 1)] + [(glyph, look.ink.line)]
        else:
            yield []


# ------------------------------------------------------------ plotext


@cache
def _figure() -> tuple[Any, Any]:
    """The one figure that plotext draws on, without frame and colours of its own."""
    try:
        import plotext
    except (ImportError, OSError) as error:
        raise NoPlotError(f"no curve can be drawn: {error}") from None
    plotext.terminal.limit(False, False)
    figure = plotext.figure
    figure.theme("colorless")
    figure.axes(False)
    figure.ruler("x").frequency(0)
    figure.ruler("y").frequency(0).lim(0, 1)
    return plotext, figure


def _canvas(lines: Sequence[Line], width: int, height: int, x: Scale, y: Scale, look: Look) -> list[list[Piece]]:
    """The curves alone, in exactly so many cells."""
    plotext, figure = _figure()
    figure.clear.data()
    figure.plot_size(width, height)
    figure.ruler("x").lim(0, max(1, width - 1))
    for code, line in enumerate(lines, FIRST_CODE):
        places = _thinned(line, width, x, y) if line.joined else _scattered(line, width, height, x, y)
        if not places:
            continue
        marker = plotext.marker(line.glyph or finest(look), plotext.pixel(foreground=code))
        signal = figure.signal([p[0] for p in places], [p[1] for p in places], marker=marker)
        for index, place in enumerate(places):
            if place[2]:
                signal.line(index)
        figure.draw(signal)
    styles = {str(code): line.style for code, line in enumerate(lines, FIRST_CODE)}
    return cells_of(figure.build().string(), styles, look.ink.text, width, height)


def finest(look: Look) -> str:
    """What lines are drawn with."""
    if not look.shapes.unicode:
        return "*"
    return "hd" if look.colours.thick else "braille"


def _thinned(line: Line, width: int, x: Scale, y: Scale) -> list[tuple[float, float, bool]]:
    """Column, height (0 to 1), and whether a line leads there: the lowest and the highest point of each column."""
    columns: dict[int, list[tuple[int, float, float]]] = {}
    gaps: set[int] = {0}
    for i, (a, b) in enumerate(zip(line.x, line.y, strict=False)):
        if not (x.has(a) and y.has(b)):
            gaps.add(i + 1)
            continue
        place = x.share(a) * (width - 1)
        columns.setdefault(round(place), []).append((i, place, y.share(b)))
    kept = []
    for points in columns.values():
        ends = {min(points, key=lambda p: p[2]), max(points, key=lambda p: p[2])} if len(points) > 2 else points
        kept += sorted(ends)
    kept.sort()
    before = [0, *(i for i, _, _ in kept)]
    broken = _broken(gaps, before)
    return [(place, share, not cut) for (_, place, share), cut in zip(kept, broken, strict=True)]


def _broken(gaps: set[int], indices: list[int]) -> list[bool]:
    """For each point but the first: whether there is a gap since the one before."""
    ordered, out, at = sorted(gaps), [], 0
    for index in indices[1:]:
        cut = False
        while at < len(ordered) and ordered[at] <= index:
            cut, at = True, at + 1
        out.append(cut)
    return out


def _scattered(line: Line, width: int, height: int, x: Scale, y: Scale) -> list[tuple[float, float, bool]]:
    """One point of each cell, the first; of each so many columns one, if that is asked for."""
    seen: dict[tuple[int, int], tuple[float, float, bool]] = {}
    for a, b in zip(line.x, line.y, strict=False):
        if x.has(a) and y.has(b):
            place, share = x.share(a) * (width - 1), y.share(b)
            row = round(share * (height - 1)) if line.every == 1 else 0
            seen.setdefault((round(place) // line.every, row), (place, share, False))
    dots = list(seen.values())
    return dots[:: max(1, math.ceil(len(dots) / MOST_DOTS))]


def cells_of(ansi: str, styles: dict[str, Style], blank: Style, width: int, height: int) -> list[list[Piece]]:
    """What plotext wrote, cell by cell; a colour's code stands for one of our styles."""
    cells: list[list[Piece]] = []
    for text in ansi.split("\n")[:height]:
        row: list[Piece] = []
        style = blank
        for i, part in enumerate(SGR.split(text)):
            if i % 2:
                style = styles.get(part.rpartition(";")[2], blank)
            else:
                row += [(character, style) for character in part]
        cells.append((row + [(" ", blank)] * (width - len(row)))[:width])
    return cells + [[(" ", blank)] * width for _ in range(height - len(cells))]


# ------------------------------------------------------------ cells


def plain(text: str) -> str:
    """A text that takes one cell a character, whatever it held."""
    return "".join(c if c.isprintable() and cell_len(c) == 1 else "?" for c in text)


def joined(line: Sequence[Piece]) -> Row:
    """Pieces of equal style side by side made one."""
    row: Row = []
    text, style = "", None
    for part, its in line:
        if its is style or its == style:
            text += part
        else:
            if style is not None:
                row.append((text, style))
            text, style = part, its
    return [*row, (text, style)] if style is not None else row
