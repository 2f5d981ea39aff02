"""The values pane: the local values at the line about to run, what just changed, and the list items in hand.

Rows keep their places from line to line, so that only what changes moves: first the loops' counters, all on one row,
then numbers, lists (those of the function's own before its parameters), lists of lists, and codes such as `activation`.
Where not all fit, what changed comes before what did not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import ClassVar

from rich.cells import cell_len

from nntui import messages as m
from nntui.tui.panes.pane import DONE, Answer, Direction, Pane
from nntui.tui.panes.written import aligned, fitted, full_width, hands, list_pieces, written
from nntui.tui.rows import Piece, Row, folded, shortened

CODES = ("activation", "output_activation", "loss", "bend")  # numbers that stand for a choice: the least of the news
NOTHING = "No values yet: space runs the first line."


@dataclass(frozen=True)
class Item:
    """One value: what it is called here, what it is, and what has just changed in it."""

    name: str
    value: m.Value
    in_hand: int | None = None  # of a list: the index of the element that the line works on
    changes: tuple[m.Change, ...] = ()  # of the value itself, or of elements of the list

    @property
    def asked_as(self) -> str:
        """The name that AskWhy takes for the number at hand; empty where there is none."""
        elements = [change.name for change in self.changes if change.name != self.name]
        if elements:
            return elements[0]
        if not isinstance(self.value, m.ListValue):
            return self.name
        if self.in_hand is None or self.value.rows:
            return ""
        return f"{self.value.name or self.name}[{self.in_hand}]"

    @property
    def at_hand(self) -> str:
        """The value as Python writes it."""
        if not isinstance(self.value, m.ListValue):
            return repr(self.value)
        if self.in_hand is not None and self.in_hand < len(self.value.items):
            return repr(self.value.items[self.in_hand])
        return repr(list(self.value.items))


class ValuesPane(Pane):
    """The local values, one row each."""

    kind: ClassVar[str] = "values"
    needs: ClassVar[m.View] = "values"
    view: m.ValuesView | None

    row = 0
    """Which value is selected, counted in reading order."""

    _chosen = ""  # the name that was selected by hand; otherwise what changed is selected
    _order: tuple[Item, ...] = ()
    _cells: tuple[tuple[int, int, int, int], ...] = ()  # where items are drawn: y, x from, x to, number
    _counted: frozenset[str] = frozenset()  # the names on the counters' row
    _top = 0

    def __init__(self, *arguments: object, **more: object) -> None:
        super().__init__(*arguments, **more)  # type: ignore[arg-type]
        self._counters: dict[str, list[str]] = {}  # of each function: the names that have counted passes so far

    def show(self, view: object, status: m.Status | None = None) -> None:
        """Show a view; what was selected by hand stays so while it is there."""
        if isinstance(view, m.ValuesView) and view != self.view:
            known = self._counters.setdefault(view.function, [])
            known += [name for name in view.loops if name not in known]
        super().show(view, status)

    # ------------------------------------------------------------ what is selected

    def arrow(self, direction: Direction, fine: bool) -> Answer:
        """Up and down select."""
        if direction not in ("up", "down") or not self._order:
            return None
        self._select(self.row + (1 if direction == "down" else -1))
        return DONE

    def clicked(self, x: int, y: int, shift: bool) -> None:
        """A click selects."""
        for row, start, end, number in self._cells:
            if y == row and start <= x < end:
                self._select(number)

    def number_at_hand(self) -> str:
        """The selected number."""
        return self._order[self.row].asked_as if self.row < len(self._order) else ""

    def value_at_hand(self) -> str:
        """The selected number as Python writes it."""
        return self._order[self.row].at_hand if self.row < len(self._order) else ""

    def on_focus(self) -> None:
        """Mark the selected row."""
        self.redraw()

    def on_blur(self) -> None:
        """Mark none."""
        self.redraw()

    def _select(self, row: int) -> None:
        self.row = min(max(row, 0), len(self._order) - 1)
        self._chosen = self._order[self.row].name
        self.redraw()

    # ------------------------------------------------------------ the rows

    def title(self) -> str:
        """What stands in the frame."""
        return "values"

    def draw(self, width: int, height: int) -> list[Row]:
        """The loops' counters on one row, then one row a value."""
        view = self.view
        if view is None:
            return []
        counters, items = arranged(view, self._counters.get(view.function, list(view.loops)), height)
        self._order = (*counters, *items)
        self._counted = frozenset(item.name for item in counters)
        if not self._order:
            self._cells = ()
            return [[(part, self.ink.muted)] for part in folded(NOTHING, width)]
        self.row = self._selected_row()
        rows: list[Row] = []
        cells: list[tuple[int, int, int, int]] = []
        if counters:
            rows.append(self._counter_row(counters, width, cells))
        names = max((cell_len(item.name) for item in items if not is_code(item)), default=0)
        names = min(names, max(4, width // 2 - 2))
        first = self._columns(items)
        for number, item in enumerate(items, len(counters)):
            cells.append((len(rows), 0, width, number))
            rows.append(self._row(item, number, names, first.get(item.name, ""), width))
        line = next(y for y, _, _, number in cells if number == self.row)
        self._top = min(max(0, line - height + 1), max(0, len(rows) - height)) if self.has_focus else 0
        self._cells = tuple((y - self._top, a, b, number) for y, a, b, number in cells)
        return rows[self._top :]

    def _selected_row(self) -> int:
        """The value chosen by hand; else what has changed; else the first that does not merely count."""
        rows = range(len(self._order))
        others = [row for row in rows if self._order[row].name not in self._counted] or list(rows)
        chosen = (row for row in rows if self._order[row].name == self._chosen)
        changed = (row for row in others if self._order[row].changes)
        return next(chain(chosen, changed, others))

    def _mark(self, number: int) -> tuple[str, bool]:
        """What stands before a value, and whether it is the selected one."""
        selected = self.has_focus and number == self.row
        return (self.look.shapes.cursor if selected else " "), selected

    def _written(self, value: m.Value) -> str:
        return written(self.voice, value, self.look.shapes)

    def _columns(self, items: Sequence[Item]) -> dict[str, str]:
        """What stands first in the row of each number: what it is or, if it has just changed, what it was; aligned."""
        first = {}
        for item in items:
            was = next((change.old for change in item.changes if change.name == item.name), item.value)
            if isinstance(was, int | float) and not isinstance(was, bool) and not is_code(item):
                first[item.name] = self._written(was)
        return dict(zip(first, aligned(list(first.values())), strict=True))

    def _counter_row(self, counters: Sequence[Item], width: int, cells: list[tuple[int, int, int, int]]) -> Row:
        """The loops' counters side by side; those of loops that the line is not in are muted."""
        view, arrow = self.view, self.look.shapes.arrow
        assert view is not None
        texts = []
        for item in counters:
            new, old = self._written(item.value), item.changes[0].old if item.changes else None
            before = f"{self._written(old)} " if old is not None else ""
            texts.append((f"{item.name} {before}{arrow} {new}" if item.changes else f"{item.name} {new}",
                          f"{item.name} {new}"))  # fmt: skip
        gap, short = 3, 0
        while 1 + sum(cell_len(text[short]) + gap for text in texts) - gap > width and (gap > 1 or not short):
            gap, short = (1, short) if gap > 1 else (1, 1)
        row: Row = []
        x = 0
        for number, (item, text) in enumerate(zip(counters, texts, strict=True)):
            mark, selected = self._mark(number)
            style = self.ink.accent if item.changes else self.ink.text if item.name in view.loops else self.ink.muted
            row += [(mark, self.ink.accent), (text[short], self.ink.selected if selected else style)]
            row.append((" " * (gap - 1), self.ink.text))
            cells.append((0, x, x + cell_len(text[short]) + gap, number))
            x += cell_len(text[short]) + gap
        return row

    def _row(self, item: Item, number: int, names: int, first: str, width: int) -> Row:
        """One value: its name, and what it is or how it has changed."""
        ink, shapes = self.ink, self.look.shapes
        mark, selected = self._mark(number)
        name = shortened(item.name, max(names, width // 2 - 2) if is_code(item) else names, shapes.ellipsis)
        named = ink.selected if selected else ink.accent if item.changes else ink.muted if is_code(item) else ink.text
        gap = "  " if width >= 30 else " "
        row: Row = [(mark, ink.accent), (name, named), (" " * (names - cell_len(name)) + gap, ink.text)]
        room = max(1, width - 1 - max(names, cell_len(name)) - len(gap))
        elements = [change for change in item.changes if change.name != item.name]
        if elements:
            return [*row, (self._element_changes(item, elements, room), ink.accent)]
        if isinstance(item.value, m.ListValue):
            return row + self._list(item, item.value, room)
        now = self._written(item.value)
        if not item.changes:
            style = ink.muted if is_code(item) else ink.text
            told = first if first and cell_len(first) <= room else now
            return [*row, (fitted(told, room, shapes.ellipsis), style)]
        old = item.changes[0].old
        before = "" if old is None or isinstance(old, m.ListValue) else first or self._written(old)
        longest = [f"{before} {shapes.arrow} {now}", f"{before.strip()} {shapes.arrow} {now}"] if before else []
        arrow = f"{shapes.arrow} "
        cut = arrow + fitted(now, room - cell_len(arrow), shapes.ellipsis)
        told = next((text for text in longest if cell_len(text) <= room), cut)
        return [*row, (told, ink.accent)]

    def _element_changes(self, item: Item, elements: Sequence[m.Change], room: int) -> str:
        """Elements of a list that were given other numbers; where there is little room, without what they were."""
        shapes, told, now = self.look.shapes, [], []
        base = item.value.name if isinstance(item.value, m.ListValue) else ""
        for change in elements:
            name = change.name[len(base) :] if base and change.name.startswith(f"{base}[") else change.name
            old = "" if change.old is None or isinstance(change.old, m.ListValue) else f"{self._written(change.old)} "
            new = self._written(change.new)
            told.append(f"{name} {old}{shapes.arrow} {new}")
            now.append(f"{name} {shapes.arrow} {new}")
            if len(elements) == 1 and cell_len(told[0]) > room:
                head = now[0].removesuffix(new)
                return head + fitted(new, room - cell_len(head), shapes.ellipsis)
        both = (", ".join(told), ", ".join(now))
        return next((text for text in both if cell_len(text) <= room), shortened(both[1], room, shapes.ellipsis))

    def _list(self, item: Item, value: m.ListValue, room: int) -> list[Piece]:
        """A list: its items around the one in hand, and where it is held if the code calls it otherwise."""
        ink, shapes = self.ink, self.look.shapes
        style = ink.accent if item.changes else ink.text
        arrow: list[Piece] = [(f"{shapes.arrow} ", style)] if item.changes else []
        room -= len(arrow) and cell_len(arrow[0][0])
        held = f"  {value.name}" if value.name and value.name != item.name else ""
        if value.columns:
            return [*arrow, (shortened(self._grid(value), room, shapes.ellipsis), style)]
        if value.rows:
            text = f"{value.rows:,} {'list' if value.rows == 1 else 'lists'}"
            left, right = hands(shapes)
            hand = f"{left}[{item.in_hand}]{right}" if item.in_hand is not None else ""
            pieces = [(text, style), (f"  {hand}" if hand else "", ink.accent)]
            if len(text) + len(hand) + 2 + len(held) <= room:
                pieces.append((held, ink.muted))
            return arrow + pieces
        texts = [self._written(number) for number in value.items]
        inside = room - len(held) if room - len(held) >= 24 or full_width(texts) <= room - len(held) else room
        pieces, used = list_pieces(texts, value.length, item.in_hand, inside, shapes, (style, ink.accent, ink.muted))
        if held and used + len(held) <= room:
            pieces.append((held, ink.muted))
        return arrow + pieces

    def _grid(self, value: m.ListValue) -> str:
        """An array of two dimensions: its shape, and its rows."""
        times = "×" if self.look.shapes.unicode else "x"
        rows = [value.items[at : at + value.columns] for at in range(0, len(value.items), value.columns)]
        said = " ".join(f"[{', '.join(self._written(number) for number in row)}]" for row in rows)
        return f"{value.rows:,}{times}{value.columns:,}  {said}"


# ---------------------------------------------------------------- which values, in which order


def arranged(view: m.ValuesView, counters: Sequence[str], height: int) -> tuple[list[Item], list[Item]]:
    """The loops' counters, and the other values in the order of their rows."""
    hands_ = dict(view.in_hand)
    changes = _sorted_out(view)
    items = {
        name: Item(name, value, hands_.get(name), tuple(changes.get(name, ()))) for name, value in view.values
    }  # fmt: skip
    counting = [items.pop(name) for name in dict.fromkeys((*view.loops, *counters)) if _counts(items.get(name))]
    others = _ranked(list(items.values()))
    others += [Item(change.name, change.new, None, (change,)) for change in changes.get("", ())]
    if len(others) + bool(counting) > height:
        others.sort(key=lambda item: not item.changes)
    return counting, others


def _counts(item: Item | None) -> bool:
    return item is not None and not isinstance(item.value, m.ListValue | str)  # what is told in words needs its row


def _sorted_out(view: m.ValuesView) -> dict[str, list[m.Change]]:
    """The changes by the name of the local that shows them; those that none shows under the empty name."""
    found: dict[str, list[m.Change]] = {}
    names = dict(view.values)
    if names and all(change.old is None for change in view.changed) and names.keys() <= {c.name for c in view.changed}:
        return found  # a call has begun: its values came with it, and none has changed
    for change in view.changed:
        home = change.name if change.name in names else ""
        if not home:
            holding = [
                (len(value.name), name)
                for name, value in view.values
                if isinstance(value, m.ListValue) and change.name.startswith(f"{value.name or name}[")
            ]
            home = min(holding)[1] if holding else ""  # the outermost list: that is where the line stored it
        found.setdefault(home, []).append(change)
    return found


def is_code(item: Item) -> bool:
    """Whether a value is a whole number that stands for a choice."""
    return item.name in CODES and isinstance(item.value, int)


def _ranked(items: Sequence[Item]) -> list[Item]:
    """Numbers, lists from the latest to the first, lists of lists, codes."""
    lists = [item for item in items if isinstance(item.value, m.ListValue)]
    numbers = [item for item in items if not isinstance(item.value, m.ListValue)]
    return [
        *(item for item in numbers if not is_code(item)),
        *(item for item in reversed(lists) if not _rows(item)),
        *(item for item in lists if _rows(item)),
        *(item for item in numbers if is_code(item)),
    ]


def _rows(item: Item) -> int:
    return item.value.rows if isinstance(item.value, m.ListValue) else 0


if __name__ == "__main__":
    from nntui.tui.panes.alone import run

    run(ValuesPane())
