"""Why a number is what it is: the sum that made it, term by term, down to the inputs.

The dialog asks by a function that it is given, and its answers come back through `show`. Each answer is a level of the
path that can be gone back along.
"""

from __future__ import annotations

from collections.abc import Callable

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.screen import ModalScreen

from nntui import messages as m
from nntui.sentences.numbers import Voice
from nntui.tui.rows import Row
from nntui.tui.screens.drawn import Drawn, Key, Reading, keys_row, scrolled, touching, with_bar
from nntui.tui.screens.why_rows import Level, Writer

WIDEST = 104
FRAME = 2


class WhyDialog(Reading, ModalScreen[None]):
    """Opens a number into what made it, and each of those numbers in turn."""

    AUTO_FOCUS = ""
    CSS = "WhyDialog { align: center middle; background: transparent; }"

    def __init__(self, result: m.Why | m.Refused, ask: Callable[[str], None]) -> None:
        super().__init__()
        self.path = [Level(result)]
        self.waiting = ""  # the name that was asked for
        self.refusal = ""
        self.sheet = Sheet(self)
        self._ask = ask
        self._stale = 0  # answers that are not wanted any more
        self._height = 0

    def compose(self) -> ComposeResult:
        """One widget draws it all."""
        yield self.sheet

    def on_mount(self) -> None:
        """Take the room that is needed."""
        self._fit()

    def on_resize(self) -> None:
        """Take the room that there is."""
        self._height = 0
        self._fit()

    def _fit(self) -> None:
        """As wide as is comfortable to read, and never lower than it has been, so that nothing jumps."""
        width, height = self.app.size
        wide = min(WIDEST, width if width < 70 else width - 4)
        self._height = min(height, max(self._height, self.sheet.needs(wide - FRAME) + FRAME))
        self.sheet.styles.width = wide
        self.sheet.styles.height = self._height
        self.sheet.redraw()

    # ------------------------------------------------------------ asking on

    @property
    def level(self) -> Level:
        """The answer that is shown."""
        return self.path[-1]

    def show(self, result: m.Why | m.Refused) -> None:
        """The answer to what was asked for last."""
        if self._stale:
            self._stale -= 1
            return
        if not self.waiting:
            return
        self.waiting = ""
        if isinstance(result, m.Refused):
            self.refusal = result.sentence
        else:
            self.path.append(Level(result))
        self._fit()

    def open(self, name: str) -> None:
        """Ask for a number of this one."""
        if name and not self.waiting:
            self.waiting, self.refusal = name, ""
            self._ask(name)
            self.sheet.redraw()

    def back(self, to: int | None = None) -> None:
        """Go back to a level of the path; by itself to the one before."""
        if self.waiting:
            self.waiting = ""
            self._stale += 1
        else:
            del self.path[max(1, len(self.path) - 1 if to is None else to + 1) :]
        self.refusal = ""
        self.sheet.redraw()

    def select(self, number: int) -> None:
        """Choose a term."""
        self.level.selected = max(0, min(number, len(self.level.terms) - 1))
        self.refusal = ""
        self.sheet.redraw()

    # ------------------------------------------------------------ keys and mouse

    def pressed(self, key: str, _character: str | None) -> bool:
        """Choose, open, go back, close."""
        page = max(1, self.sheet.size.height - 8)
        moves = {
            "up": -1,
            "k": -1,
            "down": 1,
            "j": 1,
            "pageup": -page,
            "pagedown": page,
            "home": -(10**6),
            "end": 10**6,
        }
        if key in moves:
            self.select(self.level.selected + moves[key])
        elif key == "enter":
            self.open(self.level.ways()[0])
        elif key == "right":
            self.open(self.level.ways()[1] or self.level.ways()[0])
        elif key in ("left", "backspace"):
            self.back()
        elif key in ("escape", "q"):
            self.dismiss(None)
        else:
            return False
        return True

    def on_drawn_touched(self, touched: Drawn.Touched) -> None:
        """A click on a term chooses it, on a name opens it, on the path goes back."""
        touched.stop()
        if touched.what == "path":
            self.back(touched.number)
        elif touched.number < len(self.level.terms):
            self.select(touched.number)
            if touched.what == "open":
                self.open(self.level.ways()[0])
            elif touched.what == "other":
                self.open(self.level.ways()[1])

    def on_mouse_scroll_up(self) -> None:
        """The wheel, away from the person."""
        self.select(self.level.selected - 1)

    def on_mouse_scroll_down(self) -> None:
        """The wheel, towards the person."""
        self.select(self.level.selected + 1)


class Sheet(Drawn):
    """Draws the level that one is at."""

    framed = True

    def __init__(self, dialog: WhyDialog) -> None:
        super().__init__()
        self.dialog = dialog
        self.border_title = "why"

    @property
    def _writer(self) -> Writer:
        return Writer(self.look, getattr(self.app, "voice", Voice()))

    def needs(self, width: int) -> int:
        """How many rows it would like to have."""
        level, writer = self.dialog.level, self._writer
        head = 1 + len(writer.head(level, width - 2))
        return head + len(level.terms) + len(writer.foot(level, self.dialog.refusal, width - 2)) + 2

    def draw(self, width: int, height: int) -> list[Row]:
        """The path, the number, the terms in sight, their sum, the keys."""
        level, writer, dialog = self.dialog.level, self._writer, self.dialog
        low = height < min(10, self.needs(width))
        head: list[Row] = [] if low and len(dialog.path) == 1 and not dialog.waiting else [self._path_row(width - 2)]
        head += writer.head(level, width - 2, brief=low)
        foot = writer.foot(level, dialog.refusal, width - 2, brief=low)
        below: list[Row] = [] if low else [[(self.look.shapes.rule * width, self.ink.line)]]
        below.append(keys_row(self._keys(width), self.look, width))
        room = max(min(1, len(level.terms)), height - len(head) - len(foot) - len(below))
        terms = writer.terms(level, width - 4)
        level.first = scrolled(level.first, level.selected, level.selected, room, len(terms))
        seen = with_bar(terms[level.first : level.first + room], level.first, len(terms), self.look, width - 2)
        rows: list[Row] = [[(" ", self.ink.text), *row] for row in (*head, *seen, *foot)]
        rows = rows[: max(0, height - len(below))]
        return [*rows, *([[]] * (height - len(rows) - len(below))), *below]

    def _path_row(self, width: int) -> Row:
        """How one came here; a click goes back."""
        ink, shapes = self.ink, self.look.shapes
        into = " › " if shapes.unicode else " > "
        names = [level.name for level in self.dialog.path]
        first = 0
        waiting = f"{into}{self.dialog.waiting} {shapes.ellipsis}" if self.dialog.waiting else ""
        while first < len(names) - 1 and cell_len(into.join(names[first:]) + waiting) + len(into) * 2 > width:
            first += 1
        row: Row = [(shapes.ellipsis, ink.muted), (into, ink.muted)] if first else []
        for number in range(first, len(names) - 1):
            row += [(names[number], touching(ink.muted, "path", number)), (into, ink.muted)]
        if first or len(names) > 1 or waiting:
            row += [(names[-1], ink.text), (waiting, ink.muted)]
        return row

    def _keys(self, width: int) -> list[Key]:
        """The keys that mean something here; what they open by its name if there is room."""
        level, words = self.dialog.level, not self.look.shapes.unicode
        source, factor = level.ways()
        right, left = ("right", "left") if words else ("→", "←")
        long: list[Key] = []
        short: list[Key] = []
        for keys, what, other in ((long, source, factor), (short, "open", "its weight")):
            keys += [Key("↑↓", "choose", "down", rank=4)] if len(level.terms) > 1 else []
            keys += [Key("enter", what, "enter", rank=1)] if source else []
            keys += [Key(right, other, "right", rank=3)] if factor else []
            keys += [Key(left, "back", "left", rank=2)] if len(self.dialog.path) > 1 or self.dialog.waiting else []
            keys.append(Key("esc", "close", "escape"))
        whole = sum(cell_len(text) for text, _ in keys_row(long, self.look, 10_000)) <= width
        return long if whole else short
