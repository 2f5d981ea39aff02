"""The help: what every key does, in groups, in as many columns as fit.

Sentences without keys can be read in it too: `[("", [("", sentence), ...])]`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.screen import ModalScreen

from nntui.text import clean
from nntui.tui.rows import Row, folded
from nntui.tui.screens.drawn import Drawn, Key, Reading, heading, keys_row, padded, plain, with_bar

Groups: TypeAlias = Sequence[tuple[str, Sequence[tuple[str, str]]]]

WIDEST = 150
READABLE = 84  # cells of a line of sentences
INDENT = "  "  # of what goes on in another row
MOST_COLUMNS = 3
COMFORTABLE = 44  # cells of a column
NARROWEST = 34  # and at the least
GAP = 3
FRAME = 5  # cells of a width that are not the columns': the frame, a margin, the bar and what parts it from them
FOOT = 2  # rows below them: a rule and the keys

KEYS = (Key("↑↓", "move", "down"), Key("pgdn", "page", "pagedown", rank=1), Key("esc", "close", "escape"))
CLOSE = Key("esc ? q", "close", "escape")


class HelpOverlay(Reading, ModalScreen[None]):
    """The groups of keys over the screen."""

    AUTO_FOCUS = ""
    CSS = "HelpOverlay { align: center middle; background: transparent; }"

    def __init__(self, groups: Groups, title: str = "help") -> None:
        super().__init__()
        self.sheet = Sheet([(clean(name), [(clean(k), clean(w)) for k, w in rows]) for name, rows in groups], title)

    def compose(self) -> ComposeResult:
        """One widget draws it all."""
        yield self.sheet

    def on_mount(self) -> None:
        """Take the room that is needed."""
        self._fit()

    def on_resize(self) -> None:
        """Take the room that there is."""
        self._fit()

    def _fit(self) -> None:
        width, height = self.app.size
        wide = min(WIDEST if self.sheet.has_keys else READABLE + FRAME, width if width < 70 else width - 4)
        rows = self.sheet.lay_out(wide - FRAME, height - FOOT - 2)
        self.sheet.styles.width = min(wide, max(map(_width, rows), default=1) + FRAME)
        self.sheet.styles.height = min(height, len(rows) + FOOT + 2)

    def pressed(self, key: str, _character: str | None) -> bool:
        """Move, or close."""
        page = max(1, self.sheet.size.height - FOOT - 1)
        moves = {
            "up": -1, "k": -1, "down": 1, "j": 1, "pageup": -page, "pagedown": page, "space": page,
            "home": -10_000, "end": 10_000,
        }  # fmt: skip
        if key in ("escape", "question_mark", "f1", "q", "enter"):
            self.dismiss(None)
        elif key in moves:
            self.sheet.move(moves[key])
        else:
            return False
        return True

    def on_mouse_scroll_up(self) -> None:
        """The wheel, away from the person."""
        self.sheet.move(-2)

    def on_mouse_scroll_down(self) -> None:
        """The wheel, towards the person."""
        self.sheet.move(2)


class Sheet(Drawn):
    """Draws the groups."""

    framed = True

    def __init__(self, groups: Groups, title: str) -> None:
        super().__init__()
        self.groups = groups
        self.has_keys = any(keys for _, rows in groups for keys, _ in rows)
        self.border_title = clean(title).replace("[", r"\[")
        self.first = 0

    def move(self, rows: int) -> None:
        """Scroll by so many rows, as far as there are any."""
        width, height = self.size
        room = max(1, height - FOOT)
        total = len(self.lay_out(width - FRAME + 2, room))
        self.first = max(0, min(self.first + rows, total - room))
        self.redraw()

    def draw(self, width: int, height: int) -> list[Row]:
        """The rows in sight, and the keys."""
        room = max(1, height - FOOT)
        rows = self.lay_out(width - FRAME + 2, room)
        self.first = max(0, min(self.first, len(rows) - room))
        seen: list[Row] = [[(" ", self.ink.text), *row] for row in rows[self.first : self.first + room]]
        seen = with_bar(seen, self.first, len(rows), self.look, width)
        keys = [*KEYS[:2], CLOSE] if len(rows) > room else [CLOSE]
        rule: Row = [(self.look.shapes.rule * width, self.ink.line)]
        return [*seen, *([[]] * (room - len(seen))), rule, keys_row(keys, self.look, width)]

    # ------------------------------------------------------------ columns

    def lay_out(self, width: int, height: int) -> list[Row]:
        """All rows: in as many columns as are comfortable, or in more and narrower ones where those are too high."""
        comfortable = max(1, width // COMFORTABLE)
        best: list[Row] = []
        for columns in range(1, min(MOST_COLUMNS, max(1, len(self.groups))) + 1):
            each = (width - GAP * (columns - 1)) // columns
            enough = best and len(best) <= height and columns > comfortable
            if enough or (columns > 1 and each < NARROWEST):
                break
            rows = self._columns(columns, each)
            best = rows if not best or len(rows) < len(best) else best
        return best

    def _columns(self, number: int, width: int) -> list[Row]:
        width = min(width, max((self._wants(rows) for _, rows in self.groups), default=1))
        groups = [self._group(title, rows, width) for title, rows in self.groups]
        columns = [_below_each_other(part) for part in parted(groups, number)]
        height = max(map(len, columns), default=0)
        joined: list[Row] = []
        for y in range(height):
            row: Row = []
            for x, column in enumerate(columns):
                row += [(" " * (x * (width + GAP) - _width(row)), self.ink.text)] if x else []
                row += column[y] if y < len(column) else []
            joined.append(row)
        return joined

    def _wants(self, rows: Sequence[tuple[str, str]]) -> int:
        """The cells that a group takes where there is room for all of it."""
        return max((self._beside(rows, WIDEST) + cell_len(what) for _, what in rows), default=1)

    def _beside(self, rows: Sequence[tuple[str, str]], width: int) -> int:
        """The cells before what a group's keys do: none where it has no keys."""
        return min(self._keys_width(), width // 2) + 2 if any(keys for keys, _ in rows) else 0

    def _keys_width(self) -> int:
        return max((cell_len(self._shown(keys)) for _, rows in self.groups for keys, _ in rows), default=0)

    def _shown(self, keys: str) -> str:
        return plain(keys, self.look)

    def _group(self, title: str, rows: Sequence[tuple[str, str]], width: int) -> list[Row]:
        """One group: its title, then a key in each row, with what it does beside it."""
        size, ink = self._beside(rows, width), self.ink
        drawn: list[Row] = [heading(title, self.look, width)] if title else []
        for keys, what in rows:
            first, *rest = folded(plain(what, self.look), width - size)
            if not size:  # what goes on must not look like the next sentence
                rest = [INDENT + line for line in folded(" ".join(rest), width - len(INDENT))] if rest else []
            head: Row = [(padded(self._shown(keys), size - 2) + "  ", ink.accent)] if size else []
            drawn.append([*head, (first, ink.text)])
            drawn += [[(" " * size, ink.text), (line, ink.text)] for line in rest]
        return drawn


def parted(groups: Sequence[list[Row]], number: int) -> list[list[list[Row]]]:
    """The groups in so many columns, in order, so that the tallest column is as low as can be."""
    if number <= 1 or len(groups) <= 1:
        return [list(groups)]
    found: list[list[list[Row]]] = []
    for cut in range(1, len(groups)):
        tried = [list(groups[:cut]), *parted(groups[cut:], number - 1)]
        if not found or _tallest(tried) < _tallest(found):
            found = tried
    return found


def _tallest(columns: list[list[list[Row]]]) -> int:
    return max(len(_below_each_other(column)) for column in columns)


def _below_each_other(groups: list[list[Row]]) -> list[Row]:
    rows: list[Row] = []
    for group in groups:
        rows += [[], *group] if rows else group
    return rows


def _width(row: Row) -> int:
    return sum(cell_len(text) for text, _ in row)
