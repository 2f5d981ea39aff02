"""The loss now, and if the knob were turned either way: in as few columns and rows as there are.

Words give way before digits, and losses that differ never look equal.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from rich.cells import cell_len

from nntui import messages as m
from nntui.tui.look import Look
from nntui.tui.panes.written import MOST_CUT, InDigits, apart, are_apart, fitted
from nntui.tui.rows import Row

Figures: TypeAlias = list[str]  # the loss now, if turned up, if turned down

WITH_WORDS = 34  # columns
ALIKE = 1e-9  # of how far both are from the loss now: losses that differ by less may look equal
# What stands before the loss now and before the others, from many words to few: {0} is the sign, {1} the amount.
STACKED = (
    (" loss now   ", " if {0}{1:<6} "), (" loss now   ", " if {0}{1:<6} "), ("loss  ", "{0}{1:<4} "), ("   ", "{0}: "),
)  # fmt: skip
BESIDE = ((" loss ", "  if {0}{1}: "), ("loss ", " {0}{1}: "), ("loss ", " {0}: "), ("", " {0}: "))


def width_of(row: Row) -> int:
    """The cells that a row takes."""
    return sum(cell_len(text) for text, _ in row)


@dataclass(frozen=True)
class Turned:
    """The three losses of a view, in one look; `digits` as the voice has them."""

    view: m.TwistView
    look: Look
    number: InDigits
    digits: int

    def rows(self, width: int, room: int) -> tuple[list[Row], bool]:
        """The rows, and whether they fit and say all that differs; in up to `room` of them, the knob's among them."""
        rows: list[Row] = []
        for figures in self._figures():
            for rows in self._layouts(figures, room, width):
                if max(map(width_of, rows)) <= width:
                    return rows, True
        return rows, False

    def _figures(self) -> Iterator[Figures]:
        """The losses in as many digits as wanted, then in fewer; what differs looks different in all of them."""
        values = (self.view.loss, self.view.loss_up, self._down())
        longest = apart(values, self.number, self.digits)
        yield longest
        for digits in range(self.digits - 1, 1, -1):
            texts = [self.number(value, digits) for value in values]
            if are_apart(values, texts):
                yield texts
        if not self.digits:
            for columns in range(max(map(cell_len, longest)) - 1, MOST_CUT, -1):
                texts = [fitted(text, columns, self.look.shapes.ellipsis) for text in longest]
                if are_apart(values, texts):
                    yield texts

    def _down(self) -> float:
        """The loss if turned down; at the bottom of a bowl it is that if turned up, but for the last digits."""
        now, up, down = self.view.loss, self.view.loss_up, self.view.loss_down
        return up if self.digits and abs(up - down) <= ALIKE * abs(up - now) else down

    def _layouts(self, figures: Figures, room: int, width: int) -> Iterator[list[Row]]:
        """All ways to write them, the best first."""
        if room >= 4:
            first = 0 if width >= WITH_WORDS else 1
            yield from (self._stacked(figures, level) for level in range(first, 4))
        elif room == 3:
            yield from (self._beside(figures, level) for level in range(4))
            yield from (self._stacked(figures, level) for level in range(1, 4))
        elif room == 2:
            yield from (self._on_one(figures, level) for level in range(2))
            yield from (self._beside(figures, level) for level in range(4))
        else:
            yield from (self._on_one(figures, level) for level in range(4))

    def _stacked(self, figures: Figures, level: int) -> list[Row]:
        """A row each."""
        now, turned = STACKED[level]
        rows: list[Row] = [[(now, self.look.ink.text), (figures[0], self.look.ink.strong)]]
        wide = 9 if level < 2 else max(map(cell_len, figures))
        for head, figure, loss in self._both(figures, turned):
            rows.append([(head + figure.ljust(wide), self.look.ink.text), *self._verdict(loss, not level)])
        return rows

    def _beside(self, figures: Figures, level: int) -> list[Row]:
        """The two of the knob turned beside the loss now."""
        now, turned = BESIDE[level]
        first: Row = [(now, self.look.ink.text), (figures[0], self.look.ink.strong)]
        rows: list[Row] = []
        for head, figure, loss in self._both(figures, turned):
            start: Row = [(" " * width_of(first), self.look.ink.text)] if rows else first
            rows.append([*start, (head + figure, self.look.ink.text), *self._verdict(loss, False)])
        return rows

    def _on_one(self, figures: Figures, level: int) -> list[Row]:
        """All three in one row."""
        now, turned = BESIDE[level]
        row: Row = [(now, self.look.ink.text), (figures[0], self.look.ink.strong)]
        for head, figure, loss in self._both(figures, turned):
            row += [(head + figure, self.look.ink.text), *self._verdict(loss, False)]
        return [row]

    def _both(self, figures: Figures, head: str) -> Iterator[tuple[str, str, float]]:
        """Up and down: what stands before it, the figure, and the loss."""
        amount = f"{self.view.amount:g}"
        yield head.format("+", amount), figures[1], self.view.loss_up
        yield head.format(self.look.shapes.minus, amount), figures[2], self.view.loss_down

    def _verdict(self, loss: float, words: bool) -> Row:
        """Whether a loss is better than that of now, by a mark and in words."""
        ink, shapes = self.look.ink, self.look.shapes
        if loss == self.view.loss:
            mark, word, style = shapes.rule, "the same", ink.muted
        elif loss < self.view.loss:
            mark, word, style = shapes.yes, "better", ink.right
        else:
            mark, word, style = shapes.no, "worse", ink.wrong
        return [(f" {mark} {word}" if words else f" {mark}", style)]
