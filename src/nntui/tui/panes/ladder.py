"""The ladder: the rungs, the trick of the one looked at, its source beside that of the rung below, what differs lit.

Where there is room for two columns, lines that belong together stand side by side; elsewhere the rung's own source is
shown, and a key flips to that of the rung below. A line that is new has `+` before it, one that is changed `~`, and one
that the rung above has no more `-`.

Run it alone: `python -m nntui.tui.panes.ladder xor "ladder numpy; check"`.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from typing import Literal

from rich.style import Style

from nntui import messages as m
from nntui.sentences.numbers import Voice
from nntui.sentences.races import check
from nntui.tui.look import Look, blend
from nntui.tui.panes.code import Page, fold_code, page_of
from nntui.tui.panes.ladder_list import rails, rungs_in_a_row
from nntui.tui.panes.pane import DONE, Answer, Direction, Pane
from nntui.tui.rows import Row, cut, folded, shortened

BESIDE = 120  # columns, from which on both sources are shown
LISTED = 140  # columns, from which on the rungs stand in a column of their own
MOST_TOLD = 3  # rows of the trick
LEAST_SOURCE = 8  # rows, for which other things are left out
TINT = 0.22  # how much of its colour a lit line has behind it
SIGNS = {"same": " ", "changed": "~", "new": "+"}

Side = Literal["above", "below"]
Source = tuple[tuple[list[Row], list[Row]], int]  # the head, the lines, and the row with which they are to begin
Pair = tuple[int, int]  # a line of the rung and one of the rung below that stand side by side; -1: none


class LadderPane(Pane):
    """A rung of the ladder beside the one below."""

    kind = "ladder"
    needs = "ladder"

    def __init__(self, look: Look | None = None) -> None:
        super().__init__(look)
        self._first = 0  # the first row of the source that is shown
        self._most = 0  # the last that may be
        self._begins = True  # whether another source is shown than before, which begins where it can be compared
        self._room = 1  # rows of source
        self._rung = ""
        self._going = ""  # the rung that one is on the way to
        self.flipped = False  # whether the source of the rung below is shown in place of its own

    def show(self, view: object, status: m.Status | None = None) -> None:
        """Show a view; another rung begins at its top."""
        if isinstance(view, m.LadderView):
            self._going = "" if view.rung == self._going else self._going
            if view.rung != self._rung:
                self._rung, self._begins, self.flipped = view.rung, True, False
        super().show(view, status)

    def title(self) -> str:
        """The rung, and the one that it is compared with."""
        view, dot = self.view, self.look.shapes.dot
        if not isinstance(view, m.LadderView):
            return self.kind
        beside = f" above {view.below}" if view.below else ", the lowest rung"
        title = f"{self.kind} {dot} {view.rung}{beside}"
        long = f"{title} {dot} {view.idea}"
        return long if len(long) <= self.size.width - 4 else title

    def dress(self) -> None:
        """Write the title, and below which lines are in sight."""
        super().dress()
        total = self._most + self._room
        below = f"{self._first + 1:,} to {min(total, self._first + self._room):,} of {total:,}" if self._most else ""
        if (self.border_subtitle or "") != below:
            self.border_subtitle = below

    # ------------------------------------------------------------ what stands where

    def draw(self, width: int, height: int) -> list[Row]:
        """The rungs, the trick, the check; then the source."""
        view: m.LadderView = self.view
        if width < LISTED or height < 2 * len(view.rungs):
            rows = [rungs_in_a_row(view, width, self.look), *self._told_and_source(view, width, height - 1)]
            return rows[:height]
        left = rails(view, height, self.look)
        right = self._told_and_source(view, width - sum(len(text) for text, _ in left[0]) - 1, height)
        right += [[]] * (len(left) - len(right))
        return [[*one, (" ", self.ink.text), *other] for one, other in zip(left, right, strict=True)]

    def _told_and_source(self, view: m.LadderView, width: int, height: int) -> list[Row]:
        """The trick and what the check has said above the source."""
        rows = [*self._trick(view, width), *self._origin(view, width), *self._check(view, width)]
        if height - len(rows) < LEAST_SOURCE and view.check is not None:  # the source comes first
            rows = [*self._trick(view, width), *self._check(view, width, in_short=True)]
        rows = rows[: max(1, height - 4)]
        beside = width >= BESIDE and bool(view.below)
        (head, source), begin = self._side_by_side(view, width) if beside else self._alone(view, width)
        rows += head  # which stays while the source is scrolled
        self._room = max(1, height - len(rows))
        self._most = max(0, len(source) - self._room)
        self._first = min(begin if self._begins else self._first, self._most)
        self._begins = False
        return rows + source[self._first : self._first + self._room]

    def _trick(self, view: m.LadderView, width: int) -> list[Row]:
        """What is different from the rung below, in a sentence or two; why it is not here."""
        ink, dots = self.ink, self.look.shapes.ellipsis
        told = folded(view.trick, width - 2)
        if len(told) > MOST_TOLD:
            told = [*told[: MOST_TOLD - 1], shortened(f"{told[MOST_TOLD - 1]}{dots}", width - 2, dots)]
        rows: list[Row] = [[(f" {line}", ink.strong)] for line in told]
        absent = next((rung.absent for rung in view.rungs if rung.name == view.rung), "")
        if absent:
            rows += [[(f" {line}", ink.wrong)] for line in folded(f"Absent here: {absent}", width - 2)]
        return rows

    def _origin(self, view: m.LadderView, width: int) -> list[Row]:
        """Where the trick comes from."""
        lines = folded(f"From {view.source}", width - 2)[:MOST_TOLD] if view.source else []
        return [[(f" {line}", self.ink.muted)] for line in lines]

    def _check(self, view: m.LadderView, width: int, in_short: bool = False) -> list[Row]:
        """How it compares with the loops; in short without what it promises, in one row: the sign says whether."""
        found, ink, shapes = view.check, self.ink, self.look.shapes
        if found is None:
            return []
        mark, style = (shapes.yes, ink.right) if found.holds else (shapes.no, ink.wrong)
        text = " ".join(check(found, Voice(width=1000))).replace("e-", f"e{shapes.minus}")
        if in_short:
            said = [shortened(text.partition(". ")[0] + "." * (". " in text), width - 4, shapes.ellipsis)]
        else:
            said = folded(text, width - 4)
        return [[(f" {mark if not number else ' '} {line}", style)] for number, line in enumerate(said)]

    # ------------------------------------------------------------ the source

    def _alone(self, view: m.LadderView, width: int) -> Source:
        """One source, the rung's own or that of the rung below; and the row with which it is to begin."""
        below = self.flipped and bool(view.below)
        lines, name, side = (view.below_lines, view.below_file, "below") if below else (view.lines, view.file, "above")
        head = [self._head(name, "the rung below" if below else "", width)] if lines else []
        rows: list[Row] = []
        page = page_of(tuple(line.text for line in lines), 2 if width < BESIDE else 4)
        first, begin = 0 if below else first_compared(view), 0
        for at in range(len(lines)):
            begin = len(rows) if at == first else begin
            rows += self._line(page, lines, at, width, "below" if side == "below" else "above")
        return (head, rows), begin

    def _side_by_side(self, view: m.LadderView, width: int) -> Source:
        """The rung below at the left, the rung at the right, lines that belong together in one row; where to begin."""
        half = (width - 1) // 2
        between: Row = [("│" if self.look.shapes.unicode else "|", self.ink.line)]
        head = [[*self._head(view.below_file, "", half), *between, *self._head(view.file, "", width - half - 1)]]
        rows: list[Row] = []
        page = page_of(tuple(line.text for line in view.lines), 4)
        page_below = page_of(tuple(line.text for line in view.below_lines), 4)
        blank = [(" " * half, self.ink.text)]
        first, begin = first_compared(view), 0
        for at, at_below in pairs(view):
            begin = len(rows) if at == first else begin
            left = self._line(page_below, view.below_lines, at_below, half, "below") if at_below >= 0 else []
            right = self._line(page, view.lines, at, width - half - 1, "above") if at >= 0 else []
            rows += [[*(one or blank), *between, *(other or [])] for one, other in zip_longest(left, right)]
        return (head, rows), begin

    def _head(self, name: str, what: str, width: int) -> Row:
        """The name of the file over its lines."""
        rule = self.look.shapes.rule
        text = f"{rule}{rule} {name}{f', {what}' if what else ''} "
        return [(cut(text + rule * max(0, width - len(text)), width), self.ink.muted)]

    def _line(self, page: Page, lines: tuple[m.SourceLine, ...], at: int, width: int, side: Side) -> list[Row]:
        """A line in as many rows as it takes, with a sign and a ground of its own where it differs."""
        mark = lines[at].mark
        sign = "-" if side == "below" and mark == "new" else SIGNS[mark]
        text, tones = page.lines[at], page.tones[at]
        if not text.strip():
            return [[(" " * width, self.ink.text)]]
        rows: list[Row] = []
        for number, part in enumerate(fold_code(text, max(8, width - 2))):
            row: Row = [(f"{sign if not number else ' '} ", self._style("sign", mark, side))]
            if number or part != text:
                row.append((part, self._style("text", mark, side)))
            else:
                place = 0
                for start, end, tone in tones:
                    row += [(text[place:start], self._style("text", mark, side)),
                            (text[start:end], self._style(tone, mark, side))]  # fmt: skip
                    place = end
                row.append((text[place:], self._style("text", mark, side)))
            used = sum(len(piece) for piece, _ in row)
            rows.append([*row, (" " * (width - used), self._style("text", mark, side))])
        return rows

    def _style(self, tone: str, mark: str, side: Side) -> Style:
        """The style of a piece of source: what differs is lit."""
        ink, colours = self.ink, self.look.colours
        if mark == "same":
            return ink.muted if tone == "muted" else ink.text
        colour = colours.minus if side == "below" else colours.right if mark == "new" else colours.plus
        ground = blend(colours.ground, colour, TINT if mark == "new" else TINT / 2) if self.look.shades else ""
        if tone == "sign":
            return ink.of(colour, ground, bold=True)
        return ink.of(
            colours.muted if tone == "muted" else colours.text, ground, bold=tone == "strong" or self.look.depth < 256
        )

    # ------------------------------------------------------------ going up and down

    def climb(self, by: int) -> m.Climb | None:
        """The command that goes so many rungs up from where one is, or is on the way to; None at the ends."""
        view = self.view
        if not isinstance(view, m.LadderView):
            return m.Climb()
        names = [rung.name for rung in view.rungs]
        here = self._going if self._going in names else view.rung
        there = names.index(here) + by if here in names else 0
        if not 0 <= there < len(names):
            return None
        self._going = names[there]
        return m.Climb(self._going)

    def arrow(self, direction: Direction, fine: bool) -> Answer:
        """Up and down scroll the source; left and right go down and up the ladder."""
        if not isinstance(self.view, m.LadderView):
            return None
        if direction in ("up", "down"):
            self._scroll(1 if direction == "down" else -1)
            return DONE
        return self.climb(1 if direction == "right" else -1) or DONE

    def page(self, down: bool) -> bool:
        """A page of the source; False at its end, from where the key of a presenter's remote goes on in the lesson."""
        return self._scroll(max(1, self._room - 2) * (1 if down else -1))

    def _scroll(self, by: int) -> bool:
        """Move the source by so many rows; tell whether it could be moved."""
        before, self._first = self._first, min(self._most, max(0, self._first + by))
        if self._first == before:
            return False
        self.redraw()
        return True

    def wheel(self, x: int, y: int, up: bool, shift: bool) -> m.Command | None:
        """Scroll."""
        self._scroll(-3 if up else 3)
        return None

    def flip(self) -> bool:
        """Show the other source; False where both are seen or there is none."""
        if not isinstance(self.view, m.LadderView) or not self.view.below:
            return False
        self.flipped, self._begins = not self.flipped, True
        self.redraw()
        return True

    def entered(self) -> m.Command | None:
        """Enter trains on the rung that is looked at."""
        return m.Use(self.view.rung) if isinstance(self.view, m.LadderView) else None

    def value_at_hand(self) -> str:
        """The source of the rung."""
        return "\n".join(line.text for line in self.view.lines) if isinstance(self.view, m.LadderView) else ""


def first_compared(view: m.LadderView) -> int:
    """The first line of the first function that has lines of the rung below beside it; helpers may stand before it."""
    row = view.align[0][0] if view.align else 0
    return max((first for _, first in view.parts if first <= row), default=0)


def pairs(view: m.LadderView) -> Iterator[Pair]:
    """The lines of both sources, row by row: those that belong together, and between them the others of both."""
    at = at_below = 0
    for row, row_below in (*view.align, (len(view.lines), len(view.below_lines))):
        if row < at or row_below < at_below:
            continue
        yield from zip_longest(range(at, row), range(at_below, row_below), fillvalue=-1)
        if row < len(view.lines) and row_below < len(view.below_lines):
            yield row, row_below
        at, at_below = row + 1, row_below + 1


if __name__ == "__main__":
    from nntui.tui.panes.alone import run

    run(LadderPane())
