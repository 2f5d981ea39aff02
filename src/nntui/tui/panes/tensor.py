"""The tensor pane: the strip of memory, the array that is read from it, and how an index becomes an offset.

The row in hand is lit in the array and in the strip, with the jumps from one of its numbers to the next; so one sees
what a transpose, a slice or a broadcast does. A product is drawn in tensor_product.py.

Run it alone: `python -m nntui.tui.panes.tensor 2 "tensor 3 4; tensor transpose"`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.style import Style

from nntui import messages as m
from nntui.sentences.tensors import exact
from nntui.tui.look import Look
from nntui.tui.panes.pane import Answer, Direction, Pane
from nntui.tui.panes.tensor_product import ProductDrawing
from nntui.tui.panes.tensor_rows import Cells, Span, fewest, lane, number_row, roomy, windowed
from nntui.tui.rows import Row, folded

FEW_ROWS = 4  # of the array stand there at least, if it has so many
ORDERS = ("row by row      ", "column by column")
MANY_ROWS = 8  # come before what is said of them; more come after it
NAMES = ("offset ", "memory ")  # of the two rows of the strip
BESIDE = 4  # columns between the numbers and their offsets


@dataclass(frozen=True)
class Target:
    """Cells of the screen that stand for an element."""

    y: int
    start: int
    end: int
    index: tuple[int, ...]


class TensorPane(Pane):
    """An array and the memory below it."""

    kind = "tensor"
    needs = "tensor"
    view: m.TensorView | None

    def __init__(self, look: Look | None = None) -> None:
        super().__init__(look)
        self._targets: list[Target] = []

    # ------------------------------------------------------------ keys and mouse

    def arrow(self, direction: Direction, fine: bool) -> Answer:
        """Left and right read on, up and down change the row; in a product: a multiply-add or a cell back and on."""
        return m.Tensor((direction,)) if isinstance(self.view, m.TensorView) else None

    def clicked(self, x: int, y: int, shift: bool) -> m.Command | None:
        """Look at an element, or compute a cell of a product."""
        for target in self._targets:
            if target.y == y and target.start <= x < target.end:
                return m.Tensor(("element", *(str(place) for place in target.index)))
        return None

    def number_at_hand(self) -> str:
        """How the offset, or the cell in hand, is added up."""
        if not isinstance(self.view, m.TensorView):
            return ""
        return "offset" if self.view.product is None else "product_total"

    def value_at_hand(self) -> str:
        """The element, or the cell as far as it has been added up."""
        if not isinstance(self.view, m.TensorView):
            return ""
        return repr(self.view.value if self.view.product is None else self.view.product.total)

    # ------------------------------------------------------------ the rows

    def title(self) -> str:
        """What made it, and what moved."""
        view = self.view
        if not isinstance(view, m.TensorView):
            return self.kind
        if view.product is not None:
            done = sum(cell is not None for row in view.product.done for cell in row)
            return f"tensor {view.made_by} · {done:,} of {view.product.cells:,} cells"
        made = f"tensor {view.made_by}"
        if not view.copied and view.made_by[:1].isdigit():
            return made
        return f"{made} · {f'copy, {view.moved:,} moved' if view.copied else 'view, 0 moved'}"

    def draw(self, width: int, height: int) -> list[Row]:
        """The memory, the array below it, and the sum that leads to its element."""
        view = self.view
        self._targets = []
        if view is None:
            return []
        if view.product is not None:
            drawing = ProductDrawing(view.product, self.voice, self.look)
            rows = drawing.rows(width, height)
            note: list[Row] = [[(part, self.ink.muted)] for part in folded(view.note, width)] if view.note else []
            rows += [[], *note] if len(rows) + len(note) < height else []
            self._targets = [Target(y, start, end, index) for y, start, end, index in drawing.targets]
            return rows
        return self._array(view, width, height)

    def _array(self, view: m.TensorView, width: int, height: int) -> list[Row]:
        """As much as there is room for: what can be done without is left out first."""
        spare = height - 3 - min(len(view.rows), FEW_ROWS)  # beside the strip, the shape, the sum, and some rows
        telling = any(value != view.strip_first + place for place, value in enumerate(view.strip))
        wanted = ["offsets", "arrows"] if telling else ["arrows"]
        rows_more = max(0, len(view.rows) - FEW_ROWS)
        few_more = min(rows_more, MANY_ROWS - FEW_ROWS)
        wanted += ["row"] * few_more + ["jumps"] * (len(view.shape) > 1) + ["columns"] + ["offsets"] * (not telling)
        wanted += ["row"] * (rows_more - few_more) + ["gap", "gap"]
        with_ = set(wanted[: max(0, spare)])
        with_ -= {"gap"} if wanted[: max(0, spare)].count("gap") < 2 else set()
        gap: list[Row] = [[]] if "gap" in with_ else []
        rows = [*self._strip(view, width, "offsets" in with_, "arrows" in with_), *gap, self._shape(view, width)]
        room = height - len(rows) - len(gap) - 1 - ("jumps" in with_)
        rows += self._grid(view, width, room, len(rows), "columns" in with_)
        rows += [*gap, self._sum(view, width)]
        rows += [self._jumps(view, width)] if "jumps" in with_ else []
        return rows + self._more(view, width, height - len(rows))

    def _more(self, view: m.TensorView, width: int, height: int) -> list[Row]:
        """Where there is room to spare: in which order memory is gone through, row by row and column by column."""
        note: list[Row] = [[(part, self.ink.muted)] for part in folded(view.note, width)] if view.note else []
        whole = len(view.shape) == 2 and view.shape == (len(view.offsets), len(view.offsets[0]))
        orders = [view.offsets, tuple(zip(*view.offsets, strict=True))] if whole else []
        rows: list[Row] = []
        for name, order in zip(ORDERS, orders, strict=False):
            places = [f"{place:,}" for line in order for place in line]
            texts = [place.rjust(max(map(len, places))) for place in places]
            row: Row = [(name, self.ink.muted)]
            for number, text in enumerate(texts):
                in_hand = order[number // len(order[0])][number % len(order[0])] == view.place
                row += [(" ", self.ink.text), (text, self.ink.accent if in_hand else self.ink.text)]
            rows += [row] if length_of(row) <= width else []
        rows = [[], [("read from memory, by offset", self.ink.muted)], *rows] if len(rows) == len(ORDERS) else []
        note = [[], *note] if note else []
        return (rows if len(rows) < height else []) + (note if len(rows) + len(note) < height else [])

    # ------------------------------------------------------------ the strip of memory

    def _strip(self, view: m.TensorView, width: int, offsets: bool, arrows: bool) -> list[Row]:
        """The numbers as they lie in memory, their offsets above, and the jumps from one of the row to the next."""
        texts = self._texts(view.strip)
        places = [f"{view.strip_first + number:,}" for number in range(len(texts))]
        wide = fewest([*texts, *places] if offsets else texts)
        names = NAMES if (wide + 1) * len(texts) + 1 + len(NAMES[0]) <= width else ("", "")
        room = width - len(names[0])
        wide = roomy(wide, len(texts), room)
        cells = windowed(len(texts), view.place - view.strip_first, room, wide, self.look.shapes.ellipsis)
        cells = cells.of(view.strip_first, view.strip_length)
        row_in_hand = self._row_in_hand(view)
        rows: list[Row] = []
        if offsets:
            numbers = number_row(cells, places, lambda n: self.ink.muted, None, self.look)
            rows.append([(names[0], self.ink.muted), *numbers])
        at = view.place - view.strip_first

        def style(number: int) -> Style:
            place = view.strip_first + number
            if place == view.place:
                return self.ink.lit
            return self.ink.accent if place in row_in_hand else self.ink.text

        rows.append([(names[1], self.ink.muted), *number_row(cells, texts, style, at, self.look)])
        self._aim_at_strip(view, cells, len(rows) - 1, len(names[1]))
        if arrows:
            places_in_hand = [place - view.strip_first for place in row_in_hand]
            drawn = lane(cells, places_in_hand, self._jump, self.look.shapes.unicode)
            if not drawn and len(row_in_hand) > 1:  # it jumps out of what is shown
                start, arrow = ("╰─ ", " ─▶") if self.look.shapes.unicode else ("'- ", " ->")
                drawn = " " * (cells.x(at) + cells.wide) + start + self._jump(view.jumps[0]) + arrow
            if len(row_in_hand) > 1 and len(set(row_in_hand)) == 1:  # its stride is 0
                up = "↑" if self.look.shapes.unicode else "^"
                drawn = " " * (cells.x(at) + cells.wide) + f"{up} {view.shape[-1]:,} times"
            rows.append([(" " * len(names[0]) + drawn, self.ink.accent)])
        return rows

    def _row_in_hand(self, view: m.TensorView) -> tuple[int, ...]:
        """The offsets of the row that the element is in."""
        row = view.element[-2] - view.first[0] if len(view.element) > 1 else 0
        return view.offsets[row]

    def _jump(self, by: int) -> str:
        return f"{by:+,}".replace("-", self.look.shapes.minus)

    def _aim_at_strip(self, view: m.TensorView, cells: Cells, y: int, left: int) -> None:
        """A click on a number in memory looks at the element that is read from it, the first of several."""
        for number, start, end in cells.spans():
            found = next(
                ((i, row.index(view.strip_first + number))
                 for i, row in enumerate(view.offsets) if view.strip_first + number in row), None,
            )  # fmt: skip
            if found is not None:
                self._targets.append(Target(y, left + start, left + end, self._index(view, *found)))

    def _index(self, view: m.TensorView, row: int, column: int) -> tuple[int, ...]:
        """The index of an element that is shown in this row and column."""
        whole = (*view.slices, view.first[0] + row, view.first[1] + column)
        return whole[len(whole) - len(view.shape) :]

    # ------------------------------------------------------------ the array

    def _shape(self, view: m.TensorView, width: int) -> Row:
        """The shape, the strides, and which slice of more dimensions is shown."""
        times = "×" if self.look.shapes.unicode else "x"
        ink = self.ink
        row: Row = [("shape ", ink.muted), (times.join(f"{n:,}" for n in view.shape) or "one number", ink.strong)]
        row.append(("  strides " if view.strides else "", ink.muted))
        for dimension, stride in enumerate(view.strides):
            repeats = stride == 0 and view.shape[dimension] > 1
            row.append((f"{stride:,}".replace("-", self.look.shapes.minus), ink.accent if repeats else ink.strong))
            row.append((", " if dimension < len(view.strides) - 1 else "", ink.muted))
        if view.offset:
            row += [("  from ", ink.muted), (f"{view.offset:,}", ink.strong)]
        for dimension, place in enumerate(view.slices):
            row += [(f"  [{place:,}] of {view.shape[dimension]:,}", ink.muted)]
        note = "  stride 0 repeats"
        if any(s == 0 and n > 1 for s, n in zip(view.strides, view.shape, strict=True)):
            row.append((note if length_of(row) + len(note) <= width else "", ink.accent))
        return row

    def _grid(self, view: m.TensorView, width: int, height: int, top: int, numbered: bool) -> list[Row]:
        """The rows of the array; where there is room, beside them the offset of each number."""
        texts = [self._texts(row) for row in view.rows]
        row_at = view.element[-2] - view.first[0] if len(view.element) > 1 else 0
        column_at = view.element[-1] - view.first[1] if view.element else 0
        titles = [f"{view.first[1] + n:,}" for n in range(len(texts[0]))]
        wide = fewest([text for row in texts for text in row] + (titles if numbered else []))
        labels = max(len(f"{view.first[0] + len(texts) - 1:,}"), 1) + 2 if len(view.shape) > 1 else 0
        wide = roomy(wide, 2 * len(texts[0]), width - labels)  # the offsets may come beside them
        cells = windowed(len(texts[0]), column_at, width - labels, wide, self.look.shapes.ellipsis)
        cells = cells.of(view.first[1], view.shape[-1] if view.shape else 1)
        shown = Span.around(row_at, len(texts), max(1, height - numbered))
        rows: list[Row] = []
        if numbered:
            titled = number_row(cells, titles, lambda n: self.ink.muted, None, self.look)
            rows.append([(" " * labels, self.ink.muted), *titled])
        beside = self._beside(view, cells, width - labels)
        for number in range(shown.start, shown.end):
            in_hand = number == row_at

            def style(column: int, in_hand: bool = in_hand) -> Style:
                if not in_hand:
                    return self.ink.text
                return self.ink.lit if column == column_at else self.ink.accent

            label = f"{view.first[0] + number:,}".rjust(labels - 2) + "  " if labels else ""
            line: Row = [(label, self.ink.accent if in_hand else self.ink.muted)]
            line += number_row(cells, texts[number], style, column_at if in_hand else None, self.look)
            line += beside[number] if beside else []
            for column, start, end in cells.spans():
                index = self._index(view, number, column)
                self._targets.append(Target(top + len(rows), labels + start, labels + end, index))
            rows.append(line)
        length = view.shape[-2] if len(view.shape) > 1 else 1
        note = f"  {self.look.shapes.ellipsis} of {length:,} rows"
        if shown.end - shown.start < length and length_of(rows[-1]) + len(note) <= width:
            rows[-1].append((note, self.ink.muted))
        return rows

    def _beside(self, view: m.TensorView, cells: Cells, room: int) -> list[Row]:
        """The offsets of all numbers, where they say more than the numbers do and find room."""
        if all(value == place for row, places in zip(view.rows, view.offsets, strict=True)
               for value, place in zip(row, places, strict=True)):  # fmt: skip
            return []
        texts = [[f"{place:,}" for place in row] for row in view.offsets]
        wide = fewest([text for row in texts for text in row])
        other = Cells(cells.start, cells.end, wide, self.look.shapes.ellipsis).of(cells.first, cells.length)
        if cells.width + BESIDE + other.width + len("at ") > room:
            return []
        rows: list[Row] = []
        for row in texts:
            numbers = number_row(other, row, lambda n: self.ink.muted, None, self.look)
            rows.append([(" " * BESIDE + "at ", self.ink.muted), *numbers])
        return rows

    # ------------------------------------------------------------ the sums

    def _sum(self, view: m.TensorView, width: int) -> Row:
        """From the index to the offset; where there is little room, without what is seen elsewhere."""
        ink = self.ink
        index = f"[{', '.join(f'{place:,}' for place in view.element)}]  "
        parts = [f"{view.offset:,}"] if view.offset else []
        parts += [f"{place:,}{self._dot}{stride:,}" for place, stride in view.sum]
        added = " + ".join(parts).replace("-", self.look.shapes.minus)
        offset = f"{view.place:,}"
        holds: Row = [(" holds ", ink.muted), (self._texts((view.value,))[0], ink.strong)]
        if not view.sum:
            return [("offset ", ink.muted), (offset, ink.strong), *holds]
        row: Row = [(index, ink.accent), (added, ink.text), (" = ", ink.muted), (offset, ink.strong)]
        if length_of(row + holds) <= width:
            return row + holds
        return row if length_of(row) <= width else row[1:]

    def _jumps(self, view: m.TensorView, width: int) -> Row:
        """How far it is in memory to the next number, row by row."""
        jumps = [self._jump(by) for by in view.jumps]
        row: Row = []
        for names in (("one column on ", "one row on ", "next row "), ("column ", "row ", "next row ")):
            row = []
            for number, (name, jump) in enumerate(zip(names, jumps, strict=True)):
                row += [("  " if number else "", self.ink.muted), (name, self.ink.muted), (jump, self.ink.strong)]
            if length_of(row) <= width:
                break
        return row

    @property
    def _dot(self) -> str:
        return "·" if self.look.shapes.unicode else "*"

    def _texts(self, values: Sequence[float]) -> list[str]:
        """Numbers as they are written here."""
        return [exact(value, self.voice).replace("-", self.look.shapes.minus) for value in values]


def length_of(row: Row) -> int:
    """The columns that a row takes."""
    return sum(cell_len(text) for text, _ in row)


if __name__ == "__main__":
    from nntui.tui.panes.alone import run

    run(TensorPane())
