"""Which weights matter: each twisted once up and once down, those that change the loss the most first.

Run it alone: `python -m nntui.tui.panes.sweep xor "run 300; sweep"`.
"""

from __future__ import annotations

import math
from dataclasses import replace

from rich.cells import cell_len

from nntui import messages as m
from nntui.sentences.races import rough
from nntui.tui.look import Look
from nntui.tui.panes.pane import DONE, Answer, Direction, Pane
from nntui.tui.panes.picture import bar_of
from nntui.tui.panes.written import apart, fitted, name_in
from nntui.tui.rows import Piece, Row

LEAST_BAR = 3  # columns
MOST_BAR = 40
WITH_PRICE = 8  # rows from which on it is told what it took
FEW = 3  # digits of a loss at least


class SweepPane(Pane):
    """What each weight does to the loss."""

    kind = "sweep"
    needs = "sweep"

    def __init__(self, look: Look | None = None) -> None:
        super().__init__(look)
        self._first = 0  # the effect in the first row
        self._rows_of: range = range(0)  # the rows in which effects stand
        self._shown_for = ""

    def show(self, view: object, status: m.Status | None = None) -> None:
        """Show a view; it is drawn again, too, where another parameter is pointed at."""
        before, same = self._shown_for, view is None or view == self.view
        super().show(view, status)
        if same and self.pointed != before:
            self.redraw()

    # ------------------------------------------------------------ drawing

    def title(self) -> str:
        """The size of the twists, and the loss without them."""
        view = self.view
        if not isinstance(view, m.SweepView):
            return self.kind
        loss = f"loss {self._number(view.loss, self.voice.digits)}"
        size = f"{self.kind} ±{view.size:g}" if self.look.shapes.unicode else f"{self.kind} +-{view.size:g}"
        title = f"{size} {self.look.shapes.dot} {loss}"
        return title if len(title) <= self.size.width - 4 else size

    def draw(self, width: int, height: int) -> list[Row]:
        """A row for each weight, as many as there is room for, around the one that is pointed at."""
        view: m.SweepView = self.view
        self._shown_for = self.pointed
        if not view.effects:
            return [[(part, self.ink.muted)] for part in ["there is nothing to twist"]]
        price = self._price(view, width) if height >= WITH_PRICE else []
        head = height > 3
        room = max(1, height - head - len(price))
        self._first = self._scrolled(view, room)
        shown = view.effects[self._first : self._first + room]
        columns = self._columns(view, shown, width)
        self._rows_of = range(int(head), head + len(shown))
        rows = [self._head(view, columns)] if head else []
        rows += [self._effect(view, effect, columns) for effect in shown]
        return [*rows, *[[]] * (room - len(shown)), *price]

    def _scrolled(self, view: m.SweepView, room: int) -> int:
        """The first effect to be shown: of the largest, but with the keys so that the one pointed at is among them."""
        at = self._at(view)
        if at is None or not self.has_focus:
            return 0
        first = min(self._first, max(0, len(view.effects) - room))
        return min(max(first, at - room + 1), at)

    def _at(self, view: m.SweepView) -> int | None:
        """Which of the effects is that of the parameter pointed at."""
        return next((at for at, effect in enumerate(view.effects) if effect.address == self.pointed), None)

    def _columns(self, view: m.SweepView, shown: tuple[m.Effect, ...], width: int) -> tuple[int, int, int, int, int]:
        """The columns of address, value, loss and bar, and the digits of a loss; the value gives way first."""
        names = max(cell_len(effect.address) for effect in shown)
        values = max(len(self._signed(effect.value)) for effect in shown)
        for digits in dict.fromkeys((self.voice.digits, 4, FEW)):
            texts = [text for effect in shown for text in self._losses(view, effect, digits)]
            losses = max(map(len, texts))
            losses = max(losses, len(self._turn(view, 1)))
            rest = width - 2 - names - 2 * (losses + 2)
            if rest - values - 2 >= 2 * LEAST_BAR:
                return names, values, losses, min(MOST_BAR, rest - values - 2), digits
            if rest >= LEAST_BAR:
                return names, 0, losses, min(MOST_BAR, rest), digits
        return min(names, max(6, width - 2 - 2 * (losses + 2))), 0, losses, 0, FEW

    def _turn(self, view: m.SweepView, sign: int) -> str:
        return f"{'+' if sign > 0 else self.look.shapes.minus}{view.size:g}"

    def _head(self, view: m.SweepView, columns: tuple[int, int, int, int, int]) -> Row:
        """What the columns are."""
        names, values, losses, bar, _ = columns
        text = f" {'weight'.ljust(names)}"
        if values:
            text += f"  {'value'.rjust(values)}"
        for sign in (1, -1):
            text += f" {self._turn(view, sign).rjust(losses)} "
        return [(text + " effect" * (bar >= 6), self.ink.muted)]

    def _effect(self, view: m.SweepView, effect: m.Effect, columns: tuple[int, int, int, int, int]) -> Row:
        """One weight: its value, the loss if it is turned up and if it is turned down, and how much that changes it."""
        names, values, losses, bar, digits = columns
        ink, shapes = self.ink, self.look.shapes
        chosen = effect.address == self.pointed
        style = ink.strong if chosen else ink.text
        row: Row = [(shapes.cursor if chosen else " ", ink.accent)]
        row.append((name_in(effect.address, names, shapes.ellipsis).ljust(names), style))
        if values:
            row.append(("  " + self._signed(effect.value).rjust(values), ink.signed(effect.value)))
        texts = self._losses(view, effect, digits)
        for text, loss in zip(texts, (effect.up, effect.down), strict=True):
            said = fitted(text, losses, shapes.ellipsis).rjust(losses)
            row += [(f" {said}", style), self._verdict(loss, view.loss)]
        largest = self._change(view, view.effects[0])
        scale = (0.0, largest if 0 < largest < math.inf else 1.0)
        row.append(
            (
                " " + bar_of(min(self._change(view, effect), scale[1]), scale, bar, shapes),
                ink.accent if chosen else ink.muted,
            )
        )
        return row

    def _losses(self, view: m.SweepView, effect: m.Effect, digits: int) -> list[str]:
        """The losses if it is turned up and down, told apart from that of now."""
        return apart((view.loss, effect.up, effect.down), self._number, digits)[1:]

    def _change(self, view: m.SweepView, effect: m.Effect) -> float:
        """The larger of the two changes of the loss."""
        changes = [abs(loss - view.loss) for loss in (effect.up, effect.down)]
        return math.inf if any(math.isnan(change) for change in changes) else max(changes)

    def _verdict(self, loss: float, now: float) -> Piece:
        """Whether a loss is better than that of now, by a mark."""
        ink, shapes = self.ink, self.look.shapes
        if loss == now:
            return shapes.rule, ink.muted
        return (shapes.yes, ink.right) if loss < now else (shapes.no, ink.wrong)

    def _price(self, view: m.SweepView, width: int) -> list[Row]:
        """What was left out, and what it took."""
        left = view.parameters - len(view.effects)
        rest = f"and {left:,} more; " if left > 0 else ""
        weights = f"{rest}{view.parameters:,} weights"
        some = f" over {view.samples:,} of {view.samples_in_all:,} samples" * (view.samples < view.samples_in_all)
        took = f" in {rough(view.seconds)} s"
        cost = f", {view.predictions:,} predictions"
        texts = (weights + some + cost + took, weights + some + took, weights + took, weights)
        text = next((said for said in texts if len(said) < width), "")
        return [[(" " + text, self.ink.muted)]] if text else []

    def _number(self, value: float, digits: int) -> str:
        voice = replace(self.voice, names="code", digits=digits)
        return voice.number(value).replace("-", self.look.shapes.minus)

    def _signed(self, value: float) -> str:
        text = self._number(value, self.voice.digits and FEW)
        return "+" + text if value > 0 else text

    # ------------------------------------------------------------ choosing

    def arrow(self, direction: Direction, fine: bool) -> Answer:
        """Up and down point at the next; left and right turn it, as everywhere."""
        view = self.view
        if not isinstance(view, m.SweepView) or not view.effects or direction not in ("up", "down"):
            return None
        at = self._at(view)
        if at is None or not self._first <= at < self._first + len(self._rows_of):
            return m.Point(view.effects[self._first].address)
        there = at + (1 if direction == "down" else -1)
        return m.Point(view.effects[there].address) if 0 <= there < len(view.effects) else DONE

    def clicked(self, x: int, y: int, shift: bool) -> m.Command | None:
        """Point at the weight of that row."""
        if not isinstance(self.view, m.SweepView) or y not in self._rows_of:
            return None
        return m.Point(self.view.effects[self._first + y - self._rows_of.start].address)

    def number_at_hand(self) -> str:
        """Enter asks why the weight pointed at is what it is."""
        return self.pointed or "loss"

    def value_at_hand(self) -> str:
        """The losses of the weight pointed at."""
        view = self.view
        at = self._at(view) if isinstance(view, m.SweepView) else None
        if at is None:
            return ""
        effect = view.effects[at]
        return f"{effect.address}: loss {effect.up!r} if turned up, {effect.down!r} if down"


if __name__ == "__main__":
    from nntui.tui.panes.alone import run

    run(SweepPane())
