"""The picture of what the network answers: a map over two inputs, a curve over one, or a bar for each class.

Run it alone: `python -m nntui.tui.panes.picture spiral "run 3000"`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from rich.cells import cell_len
from rich.style import Style

from nntui import messages as m
from nntui.tui.look import Look, Shapes
from nntui.tui.panes.images import both, halves, ink
from nntui.tui.panes.levels import (
    Levels,
    Shades,
    levels_of,
    sampled,
    shades_of,
    share,
    with_boundary,
)
from nntui.tui.panes.pane import Pane
from nntui.tui.panes.plot import Line, NoPlotError, Plot, joined, plain, plot
from nntui.tui.rows import Piece, Row, folded, shortened

WITH_CORNERS = (30, 6)  # from so many cells on the corners of a map are named
WITH_KEY = (56, 12)  # from so many cells on what the glyphs stand for is said
BESIDE = 16  # columns that the bars beside an image need
BESIDE_TWO = 14  # that they make do with beside two of them
LONGEST = 40  # columns of a bar
NARROW = 22  # columns of a bar with its name; with more room they are in several columns
EIGHTHS = ("", "▏", "▎", "▍", "▌", "▋", "▊", "▉")


class PicturePane(Pane):
    """What the network answers."""

    kind = "picture"
    needs = "picture"
    cells_per_row = 2  # the view is asked for in half blocks

    def __init__(self, look: Look | None = None) -> None:
        super().__init__(look)
        self._plot: Plot | None = None
        self._drawn_in = (1, 1)  # that it was last drawn in

    def show(self, view: object, status: m.Status | None = None) -> None:
        """Show a view; it is drawn again, too, where another sample is looked at."""
        before, same = self._looked_at, view is None or view == self.view
        super().show(view, status)
        if same and self._looked_at != before:
            self.redraw()

    @property
    def _looked_at(self) -> tuple[int, tuple[float, ...], m.Split]:
        """The number of the sample that is looked at, or the input that was typed; and of which split it is."""
        status = self.status
        return (status.sample_number, status.typed, status.split) if status is not None else (-1, (), "train")

    @property
    def shades(self) -> Shades:
        """The styles of the look at hand."""
        return shades_of(self.look)

    def draw(self, width: int, height: int) -> list[Row]:
        """The picture, by its kind."""
        self._plot, self._drawn_in = None, (width, height)
        view = self.view
        if isinstance(view, m.MapView):
            return self._map(view, width, height)
        if isinstance(view, m.BarsView):
            return self._bars(view, width, height)
        if isinstance(view, m.CurvesView):
            return self._curves(view, width, height)
        return []

    def title(self) -> str:
        """What is shown, and how many samples the network has wrong."""
        view = self.view
        if isinstance(view, m.BarsView) and view.answer:
            ends = {"right": f" {self.look.shapes.yes}", "wrong": f", not {view.target}"}
            answer = f"answers {view.answer}{ends.get(view.verdict, '')}"
            title = f"{view.title} {answer}"
            return title if not self.size.width or len(title) <= self.size.width - 4 else answer
        if isinstance(view, m.MapView) and view.classes and view.shown:
            count = f"{view.wrong:,} of {view.shown:,} wrong"
            room = self._drawn_in[0] - len(count) - 7
            name = view.title if len(view.title) <= room else view.title.split()[0]
            return f"{shortened(name, room, self.look.shapes.ellipsis)} · {count}" if room > 8 else count
        return view.title if isinstance(view, m.MapView | m.BarsView | m.CurvesView) else self.kind

    def number_at_hand(self) -> str:
        """Enter asks why the output is what it is."""
        return "output"

    def clicked(self, x: int, y: int, shift: bool) -> m.Command | None:
        """Ask the network there."""
        view, (width, height) = self.view, self._drawn_in
        if isinstance(view, m.MapView):
            (left, right), (bottom, top) = view.x_range, view.y_range
            across, down = x / max(1, width - 1), (2 * y + 0.5) / max(1, 2 * height - 1)
            values: tuple[float, ...] = (between(left, right, across), between(top, bottom, down))
        elif isinstance(view, m.CurvesView) and self._plot is not None:
            values = (self._plot.x_at(x),)
        else:
            return None
        return m.TypeInput(values) if all(map(math.isfinite, values)) else None

    # ------------------------------------------------------------ a map

    def _map(self, view: m.MapView, width: int, height: int) -> list[Row]:
        """Colours or glyphs for the answers, on top the corners and the samples."""
        levels = levels_of(sampled(view.rows, width, 2 * height), view.threshold)
        if not levels:
            return [[("there is nothing to draw", self.ink.muted)]]
        cells = self._ground(levels, view.classes)
        self._corners(view, cells, width, height)
        self._points(view, cells, levels, width, height)
        return [joined(line) for line in cells]

    def _ground(self, levels: Levels, classes: bool) -> list[list[Piece]]:
        """The answers alone, two rows of them in a row of cells."""
        return halves(with_boundary(levels) if classes and self.look.shades else levels, self.look)

    def _corners(self, view: m.MapView, cells: list[list[Piece]], width: int, height: int) -> None:
        """Which inputs the corners stand for, and what the glyphs; no sample lies there."""
        if width < WITH_CORNERS[0] or height < WITH_CORNERS[1]:
            return
        voice = replace(self.voice, digits=3, names="code")
        (left, right), (bottom, top) = view.x_range, view.y_range
        low, high = (f" {voice.number(x)}, {voice.number(y)} " for x, y in ((left, bottom), (right, top)))
        if len(low) + 2 < width and len(high) < width:
            cells[-1][: len(low)] = [(c, self.ink.muted) for c in low]
            cells[0][width - len(high) :] = [(c, self.ink.muted) for c in high]
        if width >= WITH_KEY[0] and height >= WITH_KEY[1] and view.points:
            said = f"samples: + above {voice.number(view.threshold)}, o not"
            key: list[Piece] = [(c, self.ink.muted) for c in f" {said} "]
            if view.classes:
                key[-1:] = [(c, self.ink.muted) for c in ", "]
                key += [("+", self._wrong()), ("o", self._wrong()), *((c, self.ink.muted) for c in " wrong ")]
            if len(low) + len(key) < width:
                cells[-1][width - len(key) :] = key

    def _wrong(self) -> Style:
        """A sample that the network has wrong: reversed, so that it is told without colour too."""
        c = self.look.colours
        return Style(color=c.wrong, bgcolor=c.ground, bold=True, reverse=True)

    def _points(self, view: m.MapView, cells: list[list[Piece]], levels: Levels, width: int, height: int) -> None:
        """The samples: the shape says the class, the wrong ones last, for they matter more."""
        wrong, shades = self._wrong(), self.look.shades
        for x, y, target, right in sorted(view.points, key=lambda point: not point[3]):
            place = self._cell(view, x, y, width, height)
            if place is not None:
                column, row = place[0], place[1] // 2
                fine = self.shades.over(levels[place[1]][column]) if shades else self.ink.strong
                cells[row][column] = ("+" if target > view.threshold else "o", fine if right else wrong)
        number, typed, split = self._looked_at
        known = 0 <= number < len(view.points) and split == "train"
        at = view.points[number][:2] if known else typed if len(typed) == 2 else view.tested
        place = self._cell(view, *at, width, height) if at is not None else None
        if place is None:
            return
        column, row = place[0], place[1] // 2
        for beside, glyph in ((column - 1, "["), (column + 1, "]"), (column, "?" * bool(typed))):
            if 0 <= beside < width and glyph:
                style = self.shades.over(levels[place[1]][beside]) if shades else self.ink.strong
                cells[row][beside] = (glyph, style)

    def _cell(self, view: m.MapView, x: float, y: float, width: int, height: int) -> tuple[int, int] | None:
        """The column and the half row of a place, if it is on the map."""
        across, up = share(x, *view.x_range), share(y, *view.y_range)
        if across is None or up is None:
            return None
        return round(across * (width - 1)), round((1 - up) * (2 * height - 1))

    # ------------------------------------------------------------ a curve

    def _curves(self, view: m.CurvesView, width: int, height: int) -> list[Row]:
        """The answers as a line, the samples as dots."""
        dot = "•" if self.look.shapes.unicode else "o"
        lines = []
        for curve in view.curves:
            sample = curve.name == "samples"
            style = self.ink.minus if sample else self.ink.accent
            lines.append(Line(curve.x, curve.y, style, dot if sample else "", not sample))
        try:
            drawn = plot(lines, width, height, self.look, self._short)
        except NoPlotError as error:
            return [[(part, self.ink.muted)] for part in folded(str(error), width)]
        self._plot = drawn
        if drawn.axes:
            row, right = len(drawn.cells) - 1, drawn.left + drawn.width
            low, high = self._short(drawn.x.low, 3) + " ", " " + self._short(drawn.x.high, 3)
            drawn.put(drawn.left, row, low, self.ink.muted)
            drawn.put(right - len(high), row, high, self.ink.muted)
            name = f" {plain(view.x_name)} "
            drawn.put(drawn.left + (drawn.width - len(name)) // 2, row, name, self.ink.muted)
        return drawn.rows()

    def _short(self, value: float, digits: int) -> str:
        return replace(self.voice, digits=digits, names="code").number(value)

    # ------------------------------------------------------------ an image and its scores

    def _bars(self, view: m.BarsView, width: int, height: int) -> list[Row]:
        """The image as large as there is room for beside the bars, and a bar for each class."""
        image = self._images(view, width, height)
        beside = cell_len("".join(text for text, _ in image[0])) + 2 if image else 0
        scores = self._scores(view, width - beside, height)
        rows: list[Row] = []
        for y in range(max(len(image), len(scores))):
            left = image[y] if y < len(image) else [(" " * max(0, beside - 2), self.ink.text)]
            gap: Row = [("  ", self.ink.text)] if image else []
            rows.append([*left, *gap, *(scores[y] if y < len(scores) else [])])
        return rows

    def _images(self, view: m.BarsView, width: int, height: int) -> list[Row]:
        """The image; beside or below it the weights that a neuron gives to its pixels, where there is room for both."""
        if view.weights and self.knows_weights:
            rows = both(view.image, view.weights, view.weights_name, width - BESIDE_TWO, height, self.look)
            if rows:
                return rows
        return ink(view.image, width - BESIDE, height, self.look)

    def _scores(self, view: m.BarsView, width: int, height: int) -> list[Row]:
        """A bar for each class, in several columns where they are many; of too many the highest."""
        bars = list(zip(view.names, view.values, strict=False))
        if not bars or width < 4:
            return []
        columns = max(1, min(width // NARROW, math.ceil(len(bars) / max(1, height))))
        order = list(range(len(bars)))
        room = columns * height
        if len(bars) > room:
            first = sorted(order, key=lambda i: (bars[i][0] != view.target, -rank(bars[i][1])))
            order = sorted(first[: max(1, room - 1)])
        scale = zero_and_span([value for _, value in bars])
        wide = width // columns
        cells = [self._bar(view, i, wide - (columns > 1), scale) for i in order]
        if len(order) < len(bars):
            cells.append([(shortened(f"and {len(bars) - len(order):,} more", wide), self.ink.muted)])
        tall = math.ceil(len(cells) / columns)
        return [self._side_by_side(cells[y::tall], wide) for y in range(tall)]

    def _side_by_side(self, cells: list[Row], wide: int) -> Row:
        row: Row = []
        for cell in cells:
            used = sum(cell_len(text) for text, _ in cell)
            row += [*cell, (" " * max(0, wide - used), self.ink.text)]
        return row

    def _bar(self, view: m.BarsView, index: int, width: int, scale: tuple[float, float]) -> Row:
        """One class: a mark if it is the answer, its name, bar and score, a tick if it is the right one."""
        name, value, shapes = view.names[index], view.values[index], self.look.shapes
        best, target = bool(view.answer) and name == view.answer, bool(view.target) and name == view.target
        style = self.ink.strong if best else self.ink.text
        said = self._short(value, 3)
        names = min(max(cell_len(plain(other)) for other in view.names), max(1, width // 3))
        mark = (shapes.cursor if best else " ", self.ink.accent)
        tail = f" {shapes.yes}" if target else "  "
        label = shortened(plain(name), names, shapes.ellipsis).ljust(names)
        numbers = max(len(self._short(other, 3)) for other in view.values)
        room = min(LONGEST, width - names - numbers - 5)
        if room < 3:
            return [mark, (f"{label} ", style), (said, style), (tail, self.ink.right)]
        bar = bar_of(value, scale, room, shapes)
        ink = self.ink.accent if best else self.ink.muted
        return [mark, (f"{label} ", style), (bar, ink), (f" {said.rjust(numbers)}", style), (tail, self.ink.right)]


# ------------------------------------------------------------ values to cells


def between(low: float, high: float, part: float) -> float:
    """A value at a part of the way."""
    return low * (1 - part) + high * part


def rank(value: float) -> float:
    """A score to compare by."""
    return value if value == value else -math.inf


def zero_and_span(values: Sequence[float]) -> tuple[float, float]:
    """The lowest and the highest value that the bars are drawn for; 0 and 1 are among them where all are shares."""
    finite = [v for v in values if math.isfinite(v)] or [0.0]
    low, high = min(0.0, *finite, 0.0), max(0.0, *finite, 0.0)
    return (0.0, 1.0) if low == 0 and high <= 1 else (low, high)


def bar_of(value: float, scale: tuple[float, float], width: int, shapes: Shapes) -> str:
    """A bar from 0 to a value, in exactly so many cells; to an eighth of a cell where it begins at the left."""
    zero, end = (share(min(scale[1], max(scale[0], v)), *scale) for v in (0.0, value if value == value else 0.0))
    if not zero and shapes.unicode:
        full, eighths = divmod(round((end or 0.0) * width * 8), 8)
        return (shapes.bar * full + EIGHTHS[eighths]).ljust(width)
    first, last = sorted((round((zero or 0.0) * width), round((end or 0.0) * width)))
    return " " * first + shapes.bar * (last - first) + " " * (width - last)


if __name__ == "__main__":
    from nntui.tui.panes.alone import run

    run(PicturePane())
