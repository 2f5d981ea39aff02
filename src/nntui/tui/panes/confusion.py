"""The table of answers by class: what each sample is, and what it is taken for; the mistakes, to look at one by one.

Run it alone: `python -m nntui.tui.panes.confusion digits "run 3000"`.
"""

from __future__ import annotations

from rich.cells import cell_len
from rich.style import Style

from nntui import messages as m
from nntui.sentences.confusion import confusions
from nntui.tui.look import Look
from nntui.tui.panes.pane import DONE, Answer, Direction, Pane
from nntui.tui.panes.plot import plain
from nntui.tui.rows import Row, shortened

LONGEST_NAME = 10  # columns of the name of a class
WITH_KEY = 2  # rows to spare, from which on it is said what rows and columns stand for


class ConfusionPane(Pane):
    """Rows are what the samples are, columns what they are taken for."""

    kind = "confusion"
    needs = "confusion"

    def __init__(self, look: Look | None = None) -> None:
        super().__init__(look)
        self._first = (0, 0)  # row and column of the first class that is drawn
        self._widths: list[int] = []  # of the columns drawn
        self._names = 0  # columns that the names of the rows take
        self._below = ""

    def show(self, view: object, status: m.Status | None = None) -> None:
        """Show a view; it is drawn again, too, where another sample is looked at."""
        before, same = self._cell, view is None or view == self.view
        super().show(view, status)
        if same and self._cell != before:
            self.redraw()

    # ------------------------------------------------------------ which mistakes there are

    @property
    def _sample(self) -> int:
        """The sample looked at, of the split that is counted; -1 where it is none of these."""
        status, view = self.status, self.view
        return status.sample_number if status is not None and status.split == view.split else -1

    @property
    def _cell(self) -> tuple[int, int] | None:
        """The class of the sample looked at and the class it is taken for, where it is a mistake."""
        if not isinstance(self.view, m.ConfusionView):
            return None
        here = self._sample
        return next(((i, j) for sample, i, j in self.view.mistakes if sample == here), None)

    def _mistakes(self, cell: tuple[int, int]) -> list[int]:
        return [sample for sample, *at in self.view.mistakes if tuple(at) == cell]

    def _choose(self, sample: int) -> m.Command:
        return m.ChooseSample(sample, self.view.split)

    def arrow(self, direction: Direction, fine: bool) -> Answer:
        """Up and down go through the kinds of mistakes, the most frequent first; left and right through one kind."""
        if not isinstance(self.view, m.ConfusionView):
            return None
        cells = [(i, j) for _, i, j in confusions(self.view) if self._mistakes((i, j))]
        if not cells:
            return DONE
        by = 1 if direction in ("down", "right") else -1
        here = self._cell
        if here is None:
            return self._choose(self._mistakes(cells[0])[0])
        if direction in ("up", "down"):
            return self._choose(self._mistakes(cells[(cells.index(here) + by) % len(cells)])[0])
        samples = self._mistakes(here)
        return self._choose(samples[(samples.index(self._sample) + by) % len(samples)])

    def clicked(self, x: int, y: int, shift: bool) -> m.Command | None:
        """Look at a mistake of that kind; at the next one, clicked again."""
        if not isinstance(self.view, m.ConfusionView):
            return None
        cell = self._at(x, y)
        samples = self._mistakes(cell) if cell is not None else []
        if not samples:
            return None
        place = samples.index(self._sample) + 1 if self._sample in samples else 0
        return self._choose(samples[place % len(samples)])

    def _at(self, x: int, y: int) -> tuple[int, int] | None:
        """The cell of the table at a cell of the screen."""
        right = self._names
        for column, wide in enumerate(self._widths):
            if right <= x < right + wide and y >= 1:
                cell = self._first[0] + y - 1, self._first[1] + column
                return cell if cell[0] < len(self.view.classes) else None
            right += wide
        return None

    def number_at_hand(self) -> str:
        """Enter asks why the sample looked at gets the answer that it gets."""
        return "output"

    # ------------------------------------------------------------ drawing

    def title(self) -> str:
        """How many are right."""
        view = self.view
        if not isinstance(view, m.ConfusionView):
            return self.kind
        return f"{view.right:,} of {view.samples:,} {'test' if view.split == 'test' else 'training'} samples right"

    def dress(self) -> None:
        """Write the title; below, the kind of mistake at hand and how often it is made."""
        super().dress()
        cell, view, below = self._cell, self.view, ""
        if cell is not None:
            times = view.counts[cell[0]][cell[1]]
            below = f"{view.classes[cell[0]]} taken for {view.classes[cell[1]]}: {times:,}"
        if below != self._below:
            self._below = below
            self.border_subtitle = below.replace("[", r"\[")

    def draw(self, width: int, height: int) -> list[Row]:
        """The table; where there is no room for all of it, the part around the mistake at hand."""
        view = self.view
        if not isinstance(view, m.ConfusionView):
            return []
        names = [shortened(plain(name), LONGEST_NAME, self.look.shapes.ellipsis) for name in view.classes]
        self._names = max(map(cell_len, names)) + 1
        wide = [self._width(view, names, column) for column in range(len(names))]
        spare = (width - self._names - sum(wide)) // len(names)
        wide = [each + max(0, min(2, spare)) for each in wide]
        cell = self._cell or (0, 0)
        left, columns = _window(wide, width - self._names, cell[1])
        top, rows = _window([1] * len(names), max(1, height - 1), cell[0])
        self._first, self._widths = (top, left), wide[left : left + columns]
        lines = [self._head(names, left, columns, wide)]
        for row in range(top, top + rows):
            line: Row = [(names[row].rjust(self._names - 1) + " ", self.ink.strong)]
            line += [self._count(view, row, column, wide[column]) for column in range(left, left + columns)]
            lines.append(line)
        if height - len(lines) >= WITH_KEY:
            key = "rows: what it is; columns: what it is taken for"
            lines += [[], [(shortened(key, width, self.look.shapes.ellipsis), self.ink.muted)]]
        return lines

    def _width(self, view: m.ConfusionView, names: list[str], column: int) -> int:
        """Cells that a column needs; on the diagonal a count has a mark before it, and no count touches another."""
        digits = [len(f"{row[column]:,}") + 1 for row in view.counts]
        return max(*digits, cell_len(names[column]) + 1)

    def _head(self, names: list[str], left: int, columns: int, wide: list[int]) -> Row:
        """The names of the columns."""
        said = "".join(names[n].rjust(wide[n]) for n in range(left, left + columns))
        return [(" " * self._names, self.ink.text), (said, self.ink.strong)]

    def _count(self, view: m.ConfusionView, row: int, column: int, wide: int) -> tuple[str, Style]:
        """One count: on the diagonal with a tick, elsewhere in the colour of mistakes; none is a dot."""
        n, shapes, ink = view.counts[row][column], self.look.shapes, self.ink
        if row == column:
            return f"{shapes.yes}{n:,}".rjust(wide), ink.right
        if (row, column) == self._cell:
            return f"{n:,}".rjust(wide), ink.lit
        return (f"{n:,}".rjust(wide), ink.wrong) if n else (shapes.dot.rjust(wide), ink.line)


def _window(sizes: list[int], room: int, at: int) -> tuple[int, int]:
    """Which of them are seen in so much room, and how many: all, or those around the one at hand."""
    first, last = at, at + 1
    used = sizes[at]
    while True:
        if last < len(sizes) and used + sizes[last] <= room:
            used += sizes[last]
            last += 1
        elif first > 0 and used + sizes[first - 1] <= room:
            first -= 1
            used += sizes[first]
        else:
            return first, last - first


if __name__ == "__main__":
    from nntui.tui.panes.alone import run

    run(ConfusionPane())
