"""The ladder: the rungs, the trick of the one looked at, and its source beside that of the rung below.

Run it alone: `python -m nntui.tui.panes.ladder xor "ladder numba-simd"`.
"""

from __future__ import annotations

from nntui import messages as m
from nntui.sentences.numbers import Voice
from nntui.sentences.races import check
from nntui.tui.panes.pane import DONE, Answer, Direction, Pane
from nntui.tui.panes.written import fitted
from nntui.tui.rows import Row, folded

BESIDE = 130  # columns, from which on both sources are shown
MOST_TOLD = 4  # rows of the trick
PAGE = 8  # lines that an arrow with shift goes on by


class LadderPane(Pane):
    """A rung of the ladder."""

    kind = "ladder"
    needs = "ladder"

    def __init__(self, look: object = None) -> None:
        super().__init__(look)  # type: ignore[arg-type]
        self._first = 0  # line in the first row
        self._rung = ""
        self._most = 0  # the last line that may be first

    def title(self) -> str:
        """The rung, and the one that it is compared with."""
        view = self.view
        if not isinstance(view, m.LadderView):
            return self.kind
        return f"ladder {self.look.shapes.dot} {view.rung}" + (f" above {view.below}" if view.below else "")

    def draw(self, width: int, height: int) -> list[Row]:
        """The rungs, the trick, the check, and then the source."""
        view: m.LadderView = self.view
        if view.rung != self._rung:
            self._rung, self._first = view.rung, 0
        rows = [self._rungs(view, width)]
        told = folded(view.trick, width - 2)[:MOST_TOLD] if view.trick else []
        rows += [[(f" {line}", self.ink.text)] for line in told]
        for sentence in check(view.check, Voice(width=200)) if view.check is not None else []:
            mark = self.look.shapes.yes if view.check is not None and view.check.holds else self.look.shapes.no
            style = self.ink.right if mark == self.look.shapes.yes else self.ink.wrong
            rows += [[(f" {mark} {line}", style)] for line in folded(sentence, width - 4)]
        absent = next((rung.absent for rung in view.rungs if rung.name == view.rung), "")
        if absent:
            rows += [[(f" {line}", self.ink.wrong)] for line in folded(f"It is absent here: {absent}.", width - 2)]
        room = max(0, height - len(rows))
        self._most = max(0, len(view.lines) - room)
        self._first = min(self._first, self._most)
        return rows + self._source(view, width, room)

    def _rungs(self, view: m.LadderView, width: int) -> Row:
        """All rungs from the lowest up, the one looked at lit."""
        row: Row = []
        arrow = " < "
        names = [rung.name for rung in view.rungs]
        short = sum(map(len, names)) + len(arrow) * len(names) > width - 2
        for rung in view.rungs:
            name = rung.name.removeprefix("numba-") if short else rung.name
            style = self.ink.lit if rung.name == view.rung else self.ink.muted if rung.absent else self.ink.text
            row += [(arrow if row else " ", self.ink.muted), (name, style)]
        return row

    def _source(self, view: m.LadderView, width: int, room: int) -> list[Row]:
        """The lines from the first shown on; beside them, where there is room, those of the rung below."""
        beside = width >= BESIDE and bool(view.below)
        half = width // 2 if beside else width
        below = dict(view.align)
        rows: list[Row] = []
        last = 0
        for at in range(self._first, min(len(view.lines), self._first + room)):
            row: Row = []
            if beside:
                last = below.get(at, -1)
                row += self._line(view.below_lines[last] if last >= 0 else m.SourceLine(""), half - 1, mirrored=True)
                row.append((" ", self.ink.text))
            rows.append(row + self._line(view.lines[at], half))
        return rows

    def _line(self, line: m.SourceLine, width: int, mirrored: bool = False) -> Row:
        """A line, with a sign and a colour where it differs."""
        ink = self.ink
        sign, style = {"same": (" ", ink.muted), "changed": ("~", ink.text), "new": ("+", ink.strong)}[line.mark]
        text = fitted(line.text, width - 2, self.look.shapes.ellipsis).ljust(width - 2)
        return [(sign + " ", ink.minus if mirrored else ink.accent), (text, style)]

    # ------------------------------------------------------------ keys

    def arrow(self, direction: Direction, fine: bool) -> Answer:
        """Up and down scroll the source; left and right go down and up the ladder."""
        view = self.view
        if not isinstance(view, m.LadderView):
            return None
        if direction in ("up", "down"):
            step = (1 if fine else PAGE) * (1 if direction == "down" else -1)
            self._first = min(self._most, max(0, self._first + step))
            self.redraw()
            return DONE
        names = [rung.name for rung in view.rungs]
        there = names.index(view.rung) + (1 if direction == "right" else -1)
        return m.Climb(names[there]) if 0 <= there < len(names) else DONE

    def wheel(self, x: int, y: int, up: bool, shift: bool) -> m.Command | None:
        """Scroll."""
        self.arrow("up" if up else "down", True)
        return None


if __name__ == "__main__":
    from nntui.tui.panes.alone import run

    run(LadderPane())
