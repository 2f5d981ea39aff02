"""The loss: its course over the steps, what lies ahead where one has gone back, and what was changed on the way.

Run it alone: `python -m nntui.tui.panes.loss xor "run 2000"`.
"""

from __future__ import annotations

import math
from dataclasses import replace

from rich.style import Style

from nntui import messages as m
from nntui.tui.look import Look
from nntui.tui.panes.pane import DONE, Answer, Direction, Pane
from nntui.tui.panes.plot import Line, NoPlotError, Plot, finest, plain, plot
from nntui.tui.rows import Row, folded, shortened

STRIDES = 20  # arrow keys to go from one end to the other
TEST_EVERY = 3  # columns between the dots of the test loss
MOST_MARKS = 20
MOST_LABEL = 26  # characters of a mark's label


class LossPane(Pane):
    """The course of the loss."""

    kind = "loss"
    needs = "loss"

    def __init__(self, look: Look | None = None) -> None:
        super().__init__(look)
        self.logarithmic = False
        self.called: dict[str, str] = {}  # curves that are called otherwise than by their names
        self._plot: Plot | None = None

    def toggle_scale(self) -> None:
        """Draw the loss along a logarithmic axis, or a linear one again."""
        self.logarithmic = not self.logarithmic
        self.redraw()

    # ------------------------------------------------------------ drawing

    def draw(self, width: int, height: int) -> list[Row]:
        """The curves with their marks, or why there are none."""
        self._plot = None
        curves = self._curves()
        points = {(x, y) for c in curves.values() for x, y in zip(c.x, c.y, strict=False) if math.isfinite(x)}
        finite = {x for x, y in points if math.isfinite(y)}
        if not finite:
            return self._note("the loss is not a finite number" if points else "no loss yet", width, height)
        if len(finite) == 1:
            return self._one(points, width, height)
        if self.logarithmic and not any(0 < y < math.inf for _, y in points):
            return self._note("no loss is above 0: it has no logarithm", width, height)
        try:
            drawn = plot(self._lines(curves), width, height, self.look, self.short, self.logarithmic)
        except NoPlotError as error:
            return self._note(str(error), width, height)
        self._plot = drawn
        self._draw_legend(drawn, curves)
        self._draw_marks(drawn)
        self._draw_steps(drawn)
        return drawn.rows()

    def short(self, value: float, digits: int) -> str:
        """A number beside an axis."""
        voice = replace(self.voice, digits=digits, names="code")
        return voice.number(int(value) if abs(value) < 1e15 and value == int(value) else value)

    def _signed(self, value: float) -> str:
        """A loss with the minus that the panes write."""
        return self.voice.number(value).replace("-", self.look.shapes.minus)

    def _curves(self) -> dict[str, m.Curve]:
        return {curve.name: curve for curve in self.view.curves} if isinstance(self.view, m.CurvesView) else {}

    def _look_of(self, name: str) -> tuple[str, Style, bool]:
        """A curve's glyph (none: a fine line), style, and whether its points are joined."""
        unicode = self.look.shapes.unicode
        if name == "loss":
            return "", self.ink.accent, True
        if name == "test loss":
            return "•" if unicode else "o", self.ink.minus, False
        if name == "ahead":
            return self.look.shapes.dot, self.ink.muted, True
        return self._look_of_pinned(self.view.pinned.index(name) if name in self.view.pinned else 0)

    def _look_of_pinned(self, number: int) -> tuple[str, Style, bool]:
        """A curve that was kept: a fine line of its own colour, or of its own glyph where colours do not tell."""
        ink = self.ink
        if self.look.depth and self.look.shapes.unicode:
            return "", (ink.plus, ink.right, ink.minus, ink.text, ink.wrong, ink.muted)[number % 6], True
        return "x+o#%&"[number % 6], ink.text, True

    def _lines(self, curves: dict[str, m.Curve]) -> list[Line]:
        """Those that matter most last: they are drawn over the others."""
        order = sorted(curves, key=lambda name: ("ahead", "test loss", "loss").index(name) if name in _KNOWN else -1)
        lines = []
        for name in order:
            glyph, style, joined = self._look_of(name)
            every = TEST_EVERY if name == "test loss" else 1
            lines.append(Line(curves[name].x, curves[name].y, style, glyph, joined, every))
        return lines

    def _note(self, text: str, width: int, height: int) -> list[Row]:
        """A sentence in the middle."""
        parts = folded(text, width)
        above = max(0, (height - len(parts)) // 2)
        return [[]] * above + [[(" " * ((width - len(part)) // 2) + part, self.ink.muted)] for part in parts]

    def _one(self, points: set[tuple[float, float]], width: int, height: int) -> list[Row]:
        """A single point: its number, and that it is the only one."""
        place, loss = next((x, y) for x, y in points if math.isfinite(y))
        text = f"{self.look.shapes.marker} {self._signed(loss)}"
        room = max(0, width - len(text)) // 2
        note = self._note(f"at {self.view.x_name} {self.short(place, 6)}: one point yet", width, 1)
        return [[]] * max(0, (height - 2) // 2) + [[(" " * room + text, self.ink.accent)], *note]

    def _draw_marks(self, drawn: Plot) -> None:
        """A line where one stands, if that is not the end; a dotted line for each mark, its label beside it."""
        last: dict[int, str] = {}
        for x, label in self.view.marks[-MOST_MARKS:]:
            if math.isfinite(x) and drawn.x.low <= x <= drawn.x.high:
                last[drawn.column(x)] = shortened(_said(plain(label)), MOST_LABEL, self.look.shapes.ellipsis)
        for column, label in last.items():
            if drawn.axes and label:
                self._draw_label(drawn, column, label)
        now = self.view.now
        if now is not None and math.isfinite(now):
            drawn.upright(drawn.column(now), "│" if self.look.shapes.unicode else "|", self.ink.text)
        for column in last:
            drawn.upright(column, "┊" if self.look.shapes.unicode else ":", self.ink.line)

    def _draw_legend(self, drawn: Plot, curves: dict[str, m.Curve]) -> None:
        """Which curve is which, in a corner that is free."""
        if not drawn.axes or len(curves) < 2:
            return
        fine = {"hd": "▬", "braille": "⠒"}.get(finest(self.look), "*")
        texts = []
        for name in curves:
            glyph, style, _ = self._look_of(name)
            texts.append((f"{glyph or fine} {plain(self.called.get(name, name))}", style))
        wide = sum(len(text) for text, _ in texts) + 2 * (len(texts) - 1)
        right = drawn.left + drawn.width - wide - 1
        for start, row in ((right, 0), (right, 1), (drawn.left + 1, drawn.height - 1), (right, drawn.height - 1)):
            if start >= drawn.left and drawn.put(start, row, " " * wide, drawn.blank):
                for text, style in texts:
                    drawn.cells[row][start : start + len(text)] = [(c, style) for c in text]
                    start += len(text) + 2
                return
        self._draw_list(drawn, texts)

    def _draw_list(self, drawn: Plot, texts: list[tuple[str, Style]]) -> None:
        """The names of the curves one below the other, where they do not fit side by side: as many as find room."""
        wide = max(len(text) for text, _ in texts)
        start = drawn.left + drawn.width - wide - 1
        row = 0
        for text, style in texts:
            while row < drawn.height and not drawn.put(start, row, text.ljust(wide), style):
                row += 1
            row += 1

    def _draw_label(self, drawn: Plot, column: int, label: str) -> None:
        """A mark's label beside its line, as high up as there is room."""
        end = "" if column + 1 + len(label) == drawn.left + drawn.width else " "
        for row in range(drawn.height):
            if drawn.put(column + 1, row, label + end, self.ink.muted):
                return
            start = column - len(label) - 1
            if start >= drawn.left and drawn.put(start, row, f" {label}", self.ink.muted):
                return

    def _draw_steps(self, drawn: Plot) -> None:
        """Below: the first and the last step, where one stands, and what they are; as far as there is room."""
        if not drawn.axes:
            return
        row, right, now = len(drawn.cells) - 1, drawn.left + drawn.width, self.view.now
        ends = [self.short(drawn.x.low, 6) + " ", " " + self.short(drawn.x.high, 6)]
        name = plain(self.view.x_name)
        texts = [(drawn.left, ends[0]), (right - len(ends[1]), ends[1])]
        if now is not None and math.isfinite(now):
            self._draw_place(drawn, drawn.column(now), self.short(now, 6), [len(end) for end in ends])
        for column, text in texts:
            drawn.put(column, row, text, self.ink.muted)
        for share in (0.5, 0.75, 0.25):  # in the middle, or where it does not meet the place where one stands
            column = drawn.left + int((drawn.width - len(name) - 2) * share)
            if drawn.put(column, row, f" {name} ", self.ink.muted):
                break

    def _draw_place(self, drawn: Plot, column: int, text: str, ends: list[int]) -> None:
        """An arrow at where one stands, its step on the side where it leaves room for the end of the axis."""
        glyph = "▲" if self.look.shapes.unicode else "^"
        row, right = len(drawn.cells) - 1, drawn.left + drawn.width
        after, before = (column, f"{glyph} {text}"), (column - len(text) - 1, f"{text} {glyph}")
        fits = column + len(text) + 2 <= right - ends[1]
        for start, said in (after, before) if fits else (before, after):
            if drawn.put(start, row, said, self.ink.text):
                return

    def title(self) -> str:
        """The losses where one stands."""
        curves = self._curves()
        losses = [(said, curves[name]) for name, said in (("loss", "loss"), ("test loss", "test")) if name in curves]
        parts = [f"{said} {self._signed(curve.y[-1])}" for said, curve in losses if curve.y]
        return " · ".join((parts or ["loss"]) + ["log"] * self.logarithmic)

    # ------------------------------------------------------------ going there

    def clicked(self, x: int, y: int, shift: bool) -> m.Command | None:
        """Go to the step at that column."""
        if self._plot is None:
            return None
        places = self._places()
        wanted = self._plot.x_at(x)
        return m.Goto(min(places, key=lambda place: abs(place[0] - wanted))[1], "step") if places else None

    def arrow(self, direction: Direction, fine: bool) -> Answer:
        """Left and right go along the curve."""
        steps = [step for _, step in self._places()]
        if not steps or direction not in ("left", "right"):
            return None
        end = max(steps)
        stride = 1 if fine else max(1, round((end - min(steps)) / STRIDES))
        here = self._here(end)
        there = min(end, max(0, here + (stride if direction == "right" else -stride)))
        return DONE if there == here else m.Goto(there, "step")

    def _here(self, end: int) -> int:
        """The step that one stands at."""
        if isinstance(self.view, m.CurvesView) and self.view.steps:
            return int(self.view.steps[-1])
        now: float | None = self.view.now
        return end if now is None or not math.isfinite(now) else min(end, max(0, round(now)))

    def _places(self) -> list[tuple[float, int]]:
        """The steps that a loss of this run is shown of, each with its place on the axis."""
        view = self.view
        if not isinstance(view, m.CurvesView):
            return []
        if view.steps:
            return list(zip(view.curves[0].x, view.steps, strict=False))
        own = [c for name, c in self._curves().items() if name not in view.pinned]
        return [(x, round(x)) for c in own for x in c.x if math.isfinite(x) and 0 <= x <= m.MOST_STEPS]

    def number_at_hand(self) -> str:
        """Enter asks why the loss is what it is."""
        return "loss"

    def value_at_hand(self) -> str:
        """What is copied: the title."""
        return self.title()


_KNOWN = ("ahead", "test loss", "loss")


def _said(label: str) -> str:
    """A mark as the plot says it: a rung goes on from there with the very same weights."""
    rungs = [part.removeprefix("rung ") for part in label.split(", ") if part.startswith("rung ")]
    others = [part for part in label.split(", ") if not part.startswith("rung ")]
    return ", ".join([*(f"{rung} from here" for rung in rungs), *others])


if __name__ == "__main__":
    from nntui.tui.panes.alone import run

    run(LossPane())
