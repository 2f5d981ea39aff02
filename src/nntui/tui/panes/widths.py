"""Which rung wins at which width: samples a second over hidden neurons, both on logarithmic scales, a curve a rung.

Each curve has a digit at its points, so that it is known without its colour. Left and right choose a width; below
stands who wins there, and why.

Run it alone: `python -m nntui.tui.panes.widths xor "widths 0.02 loops,numpy"`.
"""

from __future__ import annotations

import math

from rich.style import Style

from nntui import messages as m
from nntui.tui.look import Look
from nntui.tui.panes.pane import DONE, Answer, Direction, Pane
from nntui.tui.panes.plot import Line, NoPlotError, Plot, plot
from nntui.tui.panes.race import scaled
from nntui.tui.rows import Row, folded, shortened

LEAST_PLOT = 5  # rows
WHY_ROWS = 5  # and twice as many with more room


class WidthsPane(Pane):
    """The race over widths."""

    kind = "widths"
    needs = "widths"

    def __init__(self, look: Look | None = None) -> None:
        super().__init__(look)
        self._at: int | None = None  # the width chosen; None: the last that is done
        self._plot: Plot | None = None

    def title(self) -> str:
        """What is drawn."""
        view = self.view
        if not isinstance(view, m.WidthsView):
            return self.kind
        dot = self.look.shapes.dot
        title = f"samples a second over hidden neurons {dot} {view.seconds:g} s each, {view.precision} bits"
        return title if len(title) <= self.size.width - 4 else self.kind

    # ------------------------------------------------------------ drawing

    def draw(self, width: int, height: int) -> list[Row]:
        """The curves, which is which, the winners, and why the chosen width has the one that it has."""
        view: m.WidthsView = self.view
        legend = self._legend(view, width)
        why = self._why(view, width, WHY_ROWS if height < 3 * LEAST_PLOT else 2 * WHY_ROWS)
        strip = self._strip(view, width)
        room = height - len(legend) - len(strip) - len(why)
        if room < LEAST_PLOT:
            legend, room = legend[:1], height - len(legend[:1]) - len(strip) - len(why)
        drawn = self._curves(view, width, max(LEAST_PLOT, room))
        return [*legend, *drawn, *strip, *why][:height]

    def _curves(self, view: m.WidthsView, width: int, height: int) -> list[Row]:
        """The plot, the digits of the curves at their points, the widths below."""
        points = [p for p in view.points if p.width > 0 and p.samples_per_second > 0]
        lines = []
        for rung in view.rungs:
            mine = sorted((p.width, p.samples_per_second) for p in points if p.rung == rung)
            if mine:
                xs = [math.log10(x) for x, _ in mine]
                lines.append(Line(xs, [y for _, y in mine], self._style(view, rung)))
        # All widths have a place from the start, so that nothing moves while the curves grow.
        low = min((p.samples_per_second for p in points), default=1.0)
        ends = [math.log10(x) for x in (*view.widths[:1], *view.widths[-1:])]
        try:
            drawn = plot([Line(ends, [low] * len(ends), self.ink.text, " ", False, 10**6), *lines], width, height,
                         self.look, lambda v, _: scaled(v).replace(" ", ""), True)  # fmt: skip
        except NoPlotError:
            self._plot = None
            return [[("being raced", self.ink.muted)] if view.running else []] + [[]] * (height - 1)
        self._plot = drawn
        for point in points:
            row = round((1 - drawn.y.share(point.samples_per_second)) * (drawn.height - 1))
            style = self._style(view, point.rung)
            drawn.cells[row][drawn.column(math.log10(point.width))] = (self._digit(view, point.rung), style)
        chosen = self._chosen(view)
        for each in sorted(view.widths, key=lambda w: w != chosen):
            column = drawn.column(math.log10(each))
            label = f"{each:,}"
            start = min(max(drawn.left, column - len(label) // 2), width - len(label))
            style = self.ink.lit if each == chosen else self.ink.muted
            if drawn.axes and not any(drawn.cells[-1][x][0] != " " for x in range(max(0, start - 1), start)):
                drawn.put(start, len(drawn.cells) - 1, label, style)
        if chosen and drawn.axes:
            grid = "┊" if self.look.shapes.unicode else ":"
            drawn.upright(drawn.column(math.log10(chosen)), grid, self.ink.line)
        return drawn.rows()

    def _digit(self, view: m.WidthsView, rung: str) -> str:
        number = view.rungs.index(rung) + 1 if rung in view.rungs else 0
        return "0123456789abcdefghijklmnopqrstuvwxyz"[number % 36]

    def _style(self, view: m.WidthsView, rung: str) -> Style:
        ink = self.ink
        number = view.rungs.index(rung) if rung in view.rungs else 0
        return (ink.muted, ink.minus, ink.text, ink.right, ink.plus, ink.accent, ink.wrong)[number % 7]

    def _legend(self, view: m.WidthsView, width: int) -> list[Row]:
        """Which digit is which rung."""
        rows: list[Row] = [[]]
        used = 0
        for rung in view.rungs:
            text = f" {self._digit(view, rung)} {rung} "
            if used and used + len(text) > width:
                rows.append([])
                used = 0
            rows[-1].append((text, self._style(view, rung)))
            used += len(text)
        return rows

    def _strip(self, view: m.WidthsView, width: int) -> list[Row]:
        """The winners from the narrowest on, each as long as it wins."""
        if not view.winners:
            return [[]]
        stretches: list[tuple[str, int, int]] = []
        for each, rung, _ in view.winners:
            same = stretches and stretches[-1][0] == rung
            stretches[-1:] = [(rung, stretches[-1][1], each)] if same else [*stretches[-1:], (rung, each, each)]
        row: Row = []
        names = {rung: f" {rung}" for rung, _, _ in stretches}
        for told in (names, {rung: name.replace("numba-", "") for rung, name in names.items()}, {}):
            row = [(" fastest", self.ink.muted)]
            for rung, low, high in stretches:
                span = f" {low:,}" if low == high else f" {low:,} to {high:,}"
                row += [
                    (f"  {self._digit(view, rung)}{told.get(rung, '')}", self._style(view, rung)),
                    (span, self.ink.muted),
                ]
            if sum(len(text) for text, _ in row) <= width:
                break
        return [row]

    def _why(self, view: m.WidthsView, width: int, most: int) -> list[Row]:
        """Who wins at the chosen width, and why, in so many rows at most."""
        chosen = self._chosen(view)
        found = next(((rung, why) for each, rung, why in view.winners if each == chosen), None)
        if found is None:
            return [[(" Being raced." if view.running else "", self.ink.muted)]]
        _, why = found
        paces = sorted((p for p in view.points if p.width == chosen), key=lambda p: -p.samples_per_second)
        said = ", ".join(f"{p.rung} {scaled(p.samples_per_second)}" for p in paces)
        rows: list[Row] = [
            [(f" {line}", self.ink.strong)] for line in folded(f"{chosen:,} hidden neurons: {said}.", max(1, width - 2))
        ][:2]
        told, room = folded(why, max(1, width - 2)), most - len(rows)
        if len(told) > room:
            dots = self.look.shapes.ellipsis
            told = [*told[: room - 1], shortened(f"{told[room - 1]}{dots}", width - 2, dots)]
        return rows + [[(f" {line}", self.ink.text)] for line in told]

    # ------------------------------------------------------------ choosing

    def _chosen(self, view: m.WidthsView) -> int:
        """The width that is spoken of."""
        done = [each for each, _, _ in view.winners]
        return self._at if self._at in done else done[-1] if done else 0

    def arrow(self, direction: Direction, fine: bool) -> Answer:
        """Left and right choose the next width that is done."""
        view = self.view
        if not isinstance(view, m.WidthsView) or direction not in ("left", "right"):
            return None
        done = [each for each, _, _ in view.winners]
        if done:
            place = done.index(self._chosen(view)) + (1 if direction == "right" else -1)
            self._choose(done[min(max(place, 0), len(done) - 1)])
        return DONE

    def clicked(self, x: int, y: int, shift: bool) -> m.Command | None:
        """Choose the width nearest to a column."""
        view = self.view
        done = [each for each, _, _ in view.winners] if isinstance(view, m.WidthsView) else []
        if done and self._plot is not None:
            drawn = self._plot
            self._choose(min(done, key=lambda each: abs(drawn.column(math.log10(each)) - x)))
        return None

    def _choose(self, width: int) -> None:
        self._at = width
        self.redraw()

    def value_at_hand(self) -> str:
        """All points, one a line."""
        view = self.view
        if not isinstance(view, m.WidthsView):
            return ""
        return "\n".join(f"{p.rung}, {p.width}: {p.samples_per_second!r} samples a second" for p in view.points)


if __name__ == "__main__":
    from nntui.tui.panes.alone import run

    run(WidthsPane())
