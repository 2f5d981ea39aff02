"""One parameter as a knob: where it stands, what the loss is, and what it would be if the knob were turned.

The knob is the lower axis of the curve above it, which shows the loss along this parameter with all others left alone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from rich.style import Style

from nntui import messages as m
from nntui.tui.look import Look
from nntui.tui.panes.braille import THICK, THIN, Canvas
from nntui.tui.panes.pane import Pane
from nntui.tui.rows import Row, shortened

TURN, FINE_TURN = 0.05, 0.005  # of the wheel
LEAST_CURVE = 3  # rows
MOST_CURVE = 9
FEW_OUTPUTS = 3  # are said


@dataclass(frozen=True, slots=True)
class Scale:
    """The columns that the knob moves along, and the values at their ends."""

    left: int
    columns: int
    low: float
    high: float

    def place(self, x: float) -> float:
        """Where a value stands, from 0 to 1; outside it is at the end."""
        if not math.isfinite(x):
            return 0.5 if math.isnan(x) else float(x > 0)
        if not self.high > self.low:
            return 0.5
        share = (x / 2 - self.low / 2) / (self.high / 2 - self.low / 2)  # halves: a difference may be too large
        return min(1.0, max(0.0, share))

    def column(self, x: float) -> int:
        """The column of a value."""
        return self.left + round(self.place(x) * (self.columns - 1))

    def value(self, column: int) -> float:
        """The value at a column, in no more digits than the columns tell apart."""
        share = min(1.0, max(0.0, (column - self.left) / max(1, self.columns - 1)))
        value = self.low * (1 - share) + self.high * share
        step = (self.high / 2 - self.low / 2) / max(1, self.columns - 1)
        return round(value, max(0, min(15, 1 - math.floor(math.log10(step))))) if step > 0 else value


class TwistPane(Pane):
    """Shows the parameter pointed at, and turns it."""

    kind = "twist"
    needs = "twist"

    def __init__(self, look: Look | None = None) -> None:
        super().__init__(look)
        self._scale: Scale | None = None
        self._turned: range = range(0)  # the rows in which a click sets the value

    # ------------------------------------------------------------ drawing

    def draw(self, width: int, height: int) -> list[Row]:
        """The rows, of which there are more where there is room."""
        view: m.TwistView = self.view
        rows = self._head(width, height)
        after = self._losses(width, height)
        if height >= 8 and view.outputs:
            after += [*([[]] if height >= 10 else []), self._answer(width)]
        room = height - len(rows) - len(after) - 1
        scale = self._scale = self._scaled(view, width, room - 2 >= LEAST_CURVE)
        first = len(rows)
        if room - 2 >= LEAST_CURVE:
            rows += [[], *self._curve(view, scale, min(room - 2, MOST_CURVE))]
        elif height >= 9:
            rows.append([])
        rows.append(self._knob(view, scale))
        self._turned = range(first, len(rows))
        spare = height - len(rows) - len(after)
        if spare > 0:
            rows.append(self._ends(scale, width))
            self._turned = range(first, len(rows))
        if spare > 1 and height >= 9:
            rows.append([])
        return rows + after

    def _number(self, value: float, signed: bool = False, digits: int | None = None) -> str:
        voice = replace(self.voice, names="code", digits=self.voice.digits if digits is None else digits)
        text = voice.number(value).replace("-", self.look.shapes.minus)
        return "+" + text if signed and value > 0 else text

    def _brief(self, value: float) -> str:
        """A number beside an axis."""
        return self._number(value, digits=3)

    def _head(self, width: int, height: int) -> list[Row]:
        """The parameter's name, its value, and what last happened to it."""
        view, ink = self.view, self.ink
        value = self._number(view.value, True)
        gap = width - len(view.address) - len(value) - 2
        rows: list[Row] = []
        if gap >= 1:
            rows.append(
                [(f" {view.address}", ink.strong), (" " * gap, ink.text), (f"{value} ", ink.signed(view.value))]
            )
        elif height >= 6:
            rows.append([(f" {view.address}", ink.strong)])
            rows.append([(f"{value} ".rjust(width), ink.signed(view.value))])
        else:
            name = shortened(view.address, max(0, width - len(value) - 2), self.look.shapes.ellipsis)
            rows.append([(name, ink.strong), (" ", ink.text), (value, ink.signed(view.value))])
        if height >= 6 and (view.last or view.before is not None):
            rows.append(self._last(width))
        return rows

    def _last(self, width: int) -> Row:
        """Its value before its last change, and when that was."""
        view, ink = self.view, self.ink
        if view.before is None:
            return [(shortened(f" {view.last}", width), ink.muted)]
        change = f"{self._number(view.before, True)} {self.look.shapes.arrow} {self._number(view.value, True)}"
        both = f" {change}  {view.last}"
        return [(both if len(both) <= width else shortened(f" {change}", width), ink.muted)]

    def _losses(self, width: int, height: int) -> list[Row]:
        """The loss now, and if the parameter were turned either way."""
        view, ink = self.view, self.ink
        turned = (("+", view.loss_up), (self.look.shapes.minus, view.loss_down))
        if height >= 5:
            words = width >= 34
            rows = [[(" loss now   ", ink.text), (self._number(view.loss), ink.strong)]]
            for sign, loss in turned:
                head = f" if {sign}{view.amount:g}".ljust(11) + " "
                rows.append([(head, ink.text), (self._number(loss).ljust(9), ink.text), *self._verdict(loss, words)])
            return rows
        rows = []
        for digits in range(self.voice.digits or 5, 1, -1):
            now = [(" loss ", ink.text), (self._number(view.loss, digits=digits), ink.strong)]
            before = sum(len(text) for text, _ in now)
            rows = []
            for row, (sign, loss) in enumerate(turned):
                start = now if not row else [(" " * before, ink.text)]
                text = f"  if {sign}{view.amount:g}: {self._number(loss, digits=digits)}"
                rows.append([*start, (text, ink.text), *self._verdict(loss, False)])
            if max(sum(len(text) for text, _ in row) for row in rows) <= width:
                break
        return rows[: max(0, height - 2)]

    def _verdict(self, loss: float, words: bool) -> Row:
        """Whether a loss is better than that of now, by a mark and in words."""
        ink, shapes = self.ink, self.look.shapes
        if loss == self.view.loss:
            mark, word, style = shapes.rule, "the same", ink.muted
        elif loss < self.view.loss:
            mark, word, style = shapes.yes, "better", ink.right
        else:
            mark, word, style = shapes.no, "worse", ink.wrong
        return [(f" {mark} {word}" if words else f" {mark}", style)]

    def _answer(self, width: int) -> Row:
        """What comes out for the sample looked at, and what should."""
        view, ink = self.view, self.ink
        row: Row = [(" output     ", ink.text), (self._some(view.outputs), ink.strong)]
        if view.target is not None:
            row += [("   target ", ink.muted), (self._some(view.target), ink.text)]
        return row

    def _some(self, values: tuple[float, ...]) -> str:
        said = ", ".join(self._number(value) for value in values[:FEW_OUTPUTS])
        return said if len(values) <= FEW_OUTPUTS else f"{said}, {self.look.shapes.ellipsis}"

    # ------------------------------------------------------------ the knob and the curve

    def _scaled(self, view: m.TwistView, width: int, curve: bool) -> Scale:
        """Where the knob runs; beside the labels of the curve, if there is one."""
        margin = 2
        if curve:
            finite = [y for y in view.curve.y if math.isfinite(y)] or [0.0]
            margin = min(width // 3, max(len(self._brief(y)) for y in (min(finite), max(finite))) + 3)
        xs = [x for x in view.curve.x if math.isfinite(x)] or [view.value if math.isfinite(view.value) else 0.0]
        return Scale(margin, max(1, width - margin - 2), min(xs), max(xs))

    def _knob(self, view: m.TwistView, scale: Scale) -> Row:
        """The line that the knob moves along."""
        ink, shapes = self.ink, self.look.shapes
        cells: list[tuple[str, Style]] = [(shapes.knob_line, ink.line)] * scale.columns
        if view.before is not None and math.isfinite(view.before) and scale.low <= view.before <= scale.high:
            cells[scale.column(view.before) - scale.left] = ("○" if shapes.unicode else "o", ink.muted)
        cells[scale.column(view.value) - scale.left] = (shapes.marker, ink.accent)
        ends = (shapes.knob_left, ink.muted), (shapes.knob_right, ink.muted)
        return [(" " * (scale.left - 1), ink.text), ends[0], *cells, ends[1]]

    def _ends(self, scale: Scale, width: int) -> Row:
        """The values at the ends of the knob."""
        low, high = self._brief(scale.low), self._brief(scale.high)
        gap = scale.columns + 2 - len(low) - len(high)
        if gap < 1:
            return []
        return [(" " * (scale.left - 1) + low + " " * gap + high, self.ink.muted)]

    def _curve(self, view: m.TwistView, scale: Scale, rows: int) -> list[Row]:
        """The loss along the parameter, with a marker where it stands."""
        ink, look = self.ink, self.look
        points = [p for p in zip(view.curve.x, view.curve.y, strict=False) if math.isfinite(p[0])]
        finite = [y for _, y in points if math.isfinite(y)]
        if not finite:
            return [[] for _ in range(rows)]
        low, high = min(finite), max(finite)
        heights = Scale(0, 4 * rows - 1, low, high)
        canvas = Canvas(scale.columns, rows, look.shapes.unicode)
        last: tuple[int, int] | None = None
        for x, y in points:
            here = None
            if math.isfinite(y):
                here = (round(scale.place(x) * (2 * scale.columns - 1)), round((1 - heights.place(y)) * (4 * rows - 2)))
                weight = THICK if look.colours.thick else THIN
                canvas.line(*(last or here), *here, ink.text, weight=weight)
            last = here
        if math.isfinite(view.loss) and math.isfinite(view.value):
            at = round((1 - heights.place(view.loss)) * (4 * rows - 2)) // 4
            canvas.mark(scale.column(view.value) - scale.left, at, look.shapes.marker, ink.accent)
        labels = {0: self._brief(high), rows - 1: self._brief(low)} if high > low else {rows // 2: self._brief(low)}
        margin = scale.left - 1
        return [
            [(labels.get(y, "")[:margin].rjust(margin) + " ", ink.muted), *row]
            for y, row in enumerate(canvas.rows(ink.text))
        ]

    # ------------------------------------------------------------ turning

    def wheel(self, x: int, y: int, up: bool, shift: bool) -> m.Command | None:
        """Away turns it up, towards turns it down; with shift finely."""
        if not isinstance(self.view, m.TwistView):
            return None
        amount = FINE_TURN if shift else TURN
        return m.Twist(self.view.address, amount if up else -amount)

    def clicked(self, x: int, y: int, shift: bool) -> m.Command | m.Query | None:
        """On the knob or the curve: the value at that column."""
        scale = self._scale
        if not isinstance(self.view, m.TwistView) or scale is None or y not in self._turned:
            return None
        if not scale.high > scale.low or not scale.left - 1 <= x <= scale.left + scale.columns:
            return None
        return m.SetValue(self.view.address, scale.value(x))

    def number_at_hand(self) -> str:
        """The parameter."""
        return self.view.address if isinstance(self.view, m.TwistView) else ""

    def value_at_hand(self) -> str:
        """Its exact value."""
        return repr(self.view.value) if isinstance(self.view, m.TwistView) else ""


if __name__ == "__main__":
    from nntui.tui.panes.alone import run

    run(TwistPane())
