"""One parameter as a knob: where it stands, what the loss is, and what it would be if the knob were turned.

The knob is the lower axis of the curve above it, which shows the loss along this parameter with all others left alone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from rich.style import Style

from nntui import messages as m
from nntui.tui.actions import FINE, TURN
from nntui.tui.look import Look
from nntui.tui.panes.braille import HEAVY, THICK, THIN, Canvas
from nntui.tui.panes.pane import Pane
from nntui.tui.panes.plot import Scale
from nntui.tui.panes.sloped import Sloped
from nntui.tui.panes.turned import WITH_WORDS, Turned, width_of
from nntui.tui.panes.written import apart, fitted
from nntui.tui.rows import Row

LEAST_CURVE = 3  # rows
LEAST_SECANT = 2  # rows of a curve, below which a line through two of its points says nothing
ROWS_FOR_SECANT = 8  # come before other slopes are told
WITH_CURVE = LEAST_CURVE + 2  # rows: the knob and the values at its ends stand below a curve
MOST_CURVE = 9
CURVE_SHAPE = 4  # columns for a row: a curve that is wider may be taller than that
FEW_OUTPUTS = 3  # are said


@dataclass(frozen=True, slots=True)
class Track:
    """The columns that the knob moves along, and the values that they stand for."""

    left: int
    columns: int
    scale: Scale

    def column(self, x: float) -> int:
        """The column of a value."""
        return self.left + round(self.scale.share(x) * (self.columns - 1))

    def value(self, column: int) -> float:
        """The value at a column, in no more digits than the columns tell apart."""
        low, high = self.scale.low, self.scale.high
        value = self.scale.at(min(1.0, max(0.0, (column - self.left) / max(1, self.columns - 1))))
        step = (high / 2 - low / 2) / max(1, self.columns - 1)
        return round(value, max(0, min(15, 1 - math.floor(math.log10(step))))) if 0 < step < math.inf else value


class TwistPane(Pane):
    """Shows the parameter pointed at, and turns it."""

    kind = "twist"
    needs = "twist"

    def __init__(self, look: Look | None = None) -> None:
        super().__init__(look)
        self._track: Track | None = None
        self._turned: range = range(0)  # the rows in which a click sets the value
        self._untold = ""  # what there was no room for: it stands in the frame

    # ------------------------------------------------------------ drawing

    def title(self) -> str:
        """What there was no room for."""
        return self._untold or self.kind

    def draw(self, width: int, height: int) -> list[Row]:
        """The rows, of which there are more where there is room; the losses are there before all but the name."""
        rows = self._head(width, height)
        if self.view.slope is not None:
            return self._with_slope(self.view.slope, rows, width, height)
        turned = Turned(self.view, self.look, self._number, self.voice.digits)
        after, told = turned.rows(width, height - len(rows))
        if not told and height == 3:
            after, told = turned.rows(width, height)
            if told:
                self._untold, rows = self._named(), []
        after += self._spared(self._answer(width), height - len(rows) - len(after), height)
        self._track, self._turned = None, range(0)
        if len(rows) + len(after) < height:
            rows += self._moved(width, height, len(rows), height - len(rows) - len(after))
        return rows + after

    def _with_slope(self, slope: m.SlopeView, rows: list[Row], width: int, height: int) -> list[Row]:
        """The curve with the line through its two points, as tall as can be; then the numbers of that line."""
        sloped = Sloped(slope, self.look, self._number, self.voice.digits)
        told = sloped.rows(width, max(1, height - len(rows) - 1 - LEAST_SECANT))
        spare = height - len(rows) - len(told) - ROWS_FOR_SECANT
        ladder = sloped.ladder(width, spare) if spare > 0 else []
        after = [*told, *([[]] if ladder and spare > len(ladder) else []), *ladder]
        self._track, self._turned = None, range(0)
        room = height - len(rows) - len(after)
        if room > 0:
            first, curve = len(rows), room > LEAST_SECANT
            self._track = self._laid(self.view, width, curve)
            ends = room > LEAST_SECANT + 3
            rows = [*rows, *(self._curve(self.view, self._track, room - 1 - ends) if curve else [])]
            rows += [self._knob(self.view, self._track), *([self._ends(self._track)] if ends else [])]
            self._turned = range(first, len(rows))
        return [*rows, *after]

    def _spared(self, answer: list[Row], room: int, height: int) -> list[Row]:
        """The answer, where neither knob nor curve is lost by it: what is said of the curve shall be seen."""
        wanted = WITH_CURVE + 1 if room >= WITH_CURVE else 1
        if height < 8 or len(answer) > room - wanted:
            return []
        gap: list[Row] = [[]] if height >= 10 and len(answer) + 2 <= room - wanted else []
        return [*gap, *answer]

    def _moved(self, width: int, height: int, first: int, room: int) -> list[Row]:
        """The knob in so many rows; with the curve above it, and the values at its ends, where there is room."""
        view: m.TwistView = self.view
        curve = room >= WITH_CURVE
        track = self._track = self._laid(view, width, curve)
        rows: list[Row] = []
        if curve:
            gap: list[Row] = [[]] if room > WITH_CURVE + 2 else []
            most = max(MOST_CURVE, width // CURVE_SHAPE)
            rows += [*gap, *self._curve(view, track, min(room - 2 - len(gap), most))]
        elif height >= 9 and room > 1:
            rows.append([])
        rows.append(self._knob(view, track))
        spare = room - len(rows)
        if spare > 0:
            rows.append(self._ends(track))
        self._turned = range(first, first + len(rows))
        return [*rows, []] if spare > 1 and height >= 9 else rows

    def _number(self, value: float, digits: int) -> str:
        voice = replace(self.voice, names="code", digits=digits)
        return voice.number(value).replace("-", self.look.shapes.minus)

    def _signed(self, value: float) -> str:
        text = self._number(value, self.voice.digits)
        return "+" + text if value > 0 else text

    def _named(self) -> str:
        return f"{self.view.address} {self._signed(self.view.value)}"

    def _head(self, width: int, height: int) -> list[Row]:
        """The parameter's name, its value, and what last happened to it."""
        view, ink = self.view, self.ink
        name, value = f" {view.address}", self._signed(view.value)
        style = ink.signed(view.value)
        gap = width - len(name) - len(value) - 1
        self._untold = ""
        rows: list[Row] = []
        if gap >= 1:
            rows.append([(name, ink.strong), (" " * gap, ink.text), (f"{value} ", style)])
        elif gap >= -1 and height < 6:
            rows.append([(view.address, ink.strong), (" " * (gap + 2), ink.text), (value, style)])
        else:
            if height >= 6:
                rows.append([(fitted(name, width, self.look.shapes.ellipsis), ink.strong)])
            else:
                self._untold = view.address
            rows.append([(fitted(value, width - 1, self.look.shapes.ellipsis).rjust(width - 1), style)])
        if height >= len(rows) + 5 and (view.last or view.before is not None):
            rows.append(self._last(width))
        return rows

    def _last(self, width: int) -> Row:
        """Its value before its last change, and when that was."""
        view, ink, ellipsis = self.view, self.ink, self.look.shapes.ellipsis
        if view.before is None:
            return [(fitted(f" {view.last}", width, ellipsis), ink.muted)]
        before = self._signed(view.before)
        change = f" {before} {self.look.shapes.arrow} {self._signed(view.value)}"
        told = (f"{change}  {view.last}", change, f" was {fitted(before, width - 5, ellipsis)}")
        return [(next((text for text in told if len(text) <= width), told[-1]), ink.muted)]

    def _answer(self, width: int) -> list[Row]:
        """What comes out for the sample looked at, and what should: side by side, or one below the other."""
        view, ink = self.view, self.ink
        if not view.outputs:
            return []
        wide = 11 if width >= WITH_WORDS else 6
        heads = [f" {word.ljust(wide)}" for word in ("output", "target")]
        both = [(heads[0], view.outputs, ink.strong), (heads[1], view.target, ink.text)]
        rows: list[Row] = [
            [(head, ink.text), (" " * (wide == 6) + self._some(values, width - len(head) - 1), style)]
            for head, values, style in both
            if values is not None
        ]
        if view.target is not None:
            row: Row = [*rows[0], ("   target ", ink.muted), (self._some(view.target, width), ink.text)]
            whole_output = self._some(view.outputs, 10**6) == self._some(view.outputs, width - len(heads[0]) - 1)
            if width_of(row) <= width and whole_output:
                return [row]
        return rows

    def _some(self, values: tuple[float, ...], room: int) -> str:
        """The first few, as many as there is room for."""
        said = [self._number(value, self.voice.digits) for value in values]
        ellipsis = self.look.shapes.ellipsis
        for count in range(min(FEW_OUTPUTS, len(said)), 0, -1):
            text = ", ".join([*said[:count], *([ellipsis] if count < len(said) else [])])
            if len(text) <= room:
                return text
        return fitted(said[0], room, ellipsis) if said else ""

    # ------------------------------------------------------------ the knob and the curve

    def _laid(self, view: m.TwistView, width: int, curve: bool) -> Track:
        """Where the knob runs; beside the labels of the curve, if there is one."""
        margin = 2
        if curve:
            margin = min(width // 2, max(map(len, self._labels(view))) + 3)
        xs = [x for x in view.curve.x if math.isfinite(x)] or [view.value if math.isfinite(view.value) else 0.0]
        return Track(margin, max(1, width - margin - 2), Scale(min(xs), max(xs)))

    def _labels(self, view: m.TwistView) -> list[str]:
        """The lowest and the highest loss of the curve, told apart."""
        finite = [y for y in view.curve.y if math.isfinite(y)] or [0.0]
        return apart((min(finite), max(finite)), self._number, 3)

    def _knob(self, view: m.TwistView, track: Track) -> Row:
        """The line that the knob moves along."""
        ink, shapes = self.ink, self.look.shapes
        cells: list[tuple[str, Style]] = [(shapes.knob_line, ink.line)] * track.columns
        if (
            view.before is not None
            and math.isfinite(view.before)
            and track.scale.low <= view.before <= track.scale.high
        ):
            cells[track.column(view.before) - track.left] = ("○" if shapes.unicode else "o", ink.muted)
        cells[track.column(view.value) - track.left] = (shapes.marker, ink.accent)
        ends = (shapes.knob_left, ink.muted), (shapes.knob_right, ink.muted)
        return [(" " * (track.left - 1), ink.text), ends[0], *cells, ends[1]]

    def _ends(self, track: Track) -> Row:
        """The values at the ends of the knob."""
        low, high = apart((track.scale.low, track.scale.high), self._number, 3)
        gap = track.columns + 2 - len(low) - len(high)
        if gap < 1:
            return []
        return [(" " * (track.left - 1) + low + " " * gap + high, self.ink.muted)]

    def _curve(self, view: m.TwistView, track: Track, rows: int) -> list[Row]:
        """The loss along the parameter, with a marker where it stands."""
        ink, look = self.ink, self.look
        points = [p for p in zip(view.curve.x, view.curve.y, strict=False) if math.isfinite(p[0])]
        finite = [y for _, y in points if math.isfinite(y)]
        if not finite:
            return [[] for _ in range(rows)]
        low, high = min(finite), max(finite)
        heights = Scale(low, high)
        canvas = Canvas(track.columns, rows, look.shapes.unicode)
        last: tuple[int, int] | None = None
        for x, y in points:
            here = None
            if math.isfinite(y):
                here = (
                    round(track.scale.share(x) * (2 * track.columns - 1)),
                    round((1 - heights.share(y)) * (4 * rows - 2)),
                )
                weight = THICK if look.colours.thick else THIN
                canvas.line(*(last or here), *here, ink.text, weight=weight)
            last = here
        if view.slope is not None:
            self._secant(canvas, view.slope, track, heights)
        if math.isfinite(view.loss) and math.isfinite(view.value):
            at = round((1 - heights.share(view.loss)) * (4 * rows - 2)) // 4
            canvas.mark(track.column(view.value) - track.left, at, look.shapes.marker, ink.accent)
        below, above = self._labels(view)
        labels = {0: above, rows - 1: below} if high > low else {rows // 2: below}
        margin = track.left - 1
        return [
            [(fitted(labels.get(y, ""), margin, look.shapes.ellipsis).rjust(margin) + " ", ink.muted), *row]
            for y, row in enumerate(canvas.rows(ink.text))
        ]

    def _secant(self, canvas: Canvas, slope: m.SlopeView, track: Track, heights: Scale) -> None:
        """The line through the point before the twist and the one after it, from one side to the other."""
        low, high = track.scale.low, track.scale.high
        ends = [slope.loss + slope.slope * (x - slope.value) for x in (low, high)]
        span = heights.high - heights.low
        dots = [(1 - (y - heights.low) / span) * (4 * canvas.height - 2) if span > 0 else math.inf for y in ends]
        if all(map(math.isfinite, dots)):
            weight = HEAVY if self.look.colours.thick else THICK
            canvas.line(0, round(dots[0]), 2 * canvas.width - 1, round(dots[1]), self.ink.accent, weight=weight)
        after = slope.value + slope.size
        if low <= after <= high and math.isfinite(slope.loss_after):
            row = round((1 - heights.share(slope.loss_after)) * (4 * canvas.height - 2)) // 4
            glyph = "○" if self.look.shapes.unicode else "o"
            canvas.mark(track.column(after) - track.left, row, glyph, self.ink.accent)

    # ------------------------------------------------------------ turning

    def wheel(self, x: int, y: int, up: bool, shift: bool) -> m.Command | None:
        """Away turns it up, towards turns it down; with shift finely."""
        if not isinstance(self.view, m.TwistView):
            return None
        amount = FINE if shift else TURN
        return m.Twist(self.view.address, amount if up else -amount)

    def clicked(self, x: int, y: int, shift: bool) -> m.Command | m.Query | None:
        """On the knob or the curve: the value at that column."""
        track = self._track
        if not isinstance(self.view, m.TwistView) or track is None or y not in self._turned:
            return None
        if not track.scale.high > track.scale.low or not track.left - 1 <= x <= track.left + track.columns:
            return None
        return m.SetValue(self.view.address, track.value(x))

    def number_at_hand(self) -> str:
        """The parameter."""
        return self.view.address if isinstance(self.view, m.TwistView) else ""

    def value_at_hand(self) -> str:
        """Its exact value."""
        return repr(self.view.value) if isinstance(self.view, m.TwistView) else ""


if __name__ == "__main__":
    from nntui.tui.panes.alone import run

    run(TwistPane())
