"""The code pane: the source that is being executed, and the line about to run.

The source is the module's own, indented as it stands there (less where the pane is narrow). The statement about to run
is always in sight and is the only one that is folded: a learner must be able to read it whole. Of a call that hands
over many arguments, line after line, only the first line is lit: it says what is called.
"""

from __future__ import annotations

import io
import keyword
import textwrap
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, Literal

from rich.cells import cell_len
from rich.style import Style

from nntui import messages as m
from nntui.tui.panes.network_scene import element
from nntui.tui.panes.pane import DONE, Answer, Direction, Pane
from nntui.tui.rows import Piece, Row, cut, folded, shortened

Tone = Literal["strong", "text", "muted"]

NARROW = 60  # columns, below which a level of indentation is two columns wide instead of four
AROUND = 2  # lines that stay in sight above and below the line about to run
MOST_LIT = 3  # lines of one statement that are lit
LEAST_TEXT = 24  # columns that a folded line gets, at the cost of its indentation


@dataclass(frozen=True)
class Page:
    """A function's source, made ready to be drawn."""

    lines: tuple[str, ...]
    tones: tuple[tuple[tuple[int, int, Tone], ...], ...]  # of each line: from, to, tone; what is between is text
    ends: tuple[int, ...]  # of each line: the last line of the statement that begins there


class CodePane(Pane):
    """The source of the function being executed."""

    kind: ClassVar[str] = "code"
    needs: ClassVar[m.View] = "code"
    view: m.CodeView | None

    cursor: int | None = None
    """The line that the learner has moved to; None: the one about to run."""

    _top = 0  # the first row shown
    _below = ""  # what stands in the lower border
    _line_at: tuple[int, ...] = ()  # of each row drawn: its line; 0 for what is no line

    def show(self, view: object, status: m.Status | None = None) -> None:
        """Show a view; a step sets the cursor free, another function begins at its top."""
        old = self.view
        if isinstance(view, m.CodeView) and isinstance(old, m.CodeView):
            if (view.function, view.line, view.event) != (old.function, old.line, old.event):
                self.cursor = None
            if (view.file, view.function) != (old.file, old.function):
                self._top = 0
        super().show(view, status)

    def cursor_line(self) -> int:
        """The line that is spoken of: where the cursor is, else the one about to run, else the first."""
        view = self.view
        if not isinstance(view, m.CodeView):
            return 0
        return self.cursor if self.cursor is not None else view.line or view.first

    def value_at_hand(self) -> str:
        """The text of the line at the cursor."""
        view = self.view
        if not isinstance(view, m.CodeView) or not 0 <= self.cursor_line() - view.first < len(view.lines):
            return ""
        return view.lines[self.cursor_line() - view.first].strip()

    def number_at_hand(self) -> str:
        """The last output or input that the line about to run works on."""
        view = self.view
        if not isinstance(view, m.CodeView) or not view.line or self.cursor_line() != view.line:
            return ""
        found = [name for name in view.uses if (part := element(name)) and part.name in ("outputs", "inputs")]
        return found[-1] if found else ""

    # ------------------------------------------------------------ moving

    def arrow(self, direction: Direction, fine: bool) -> Answer:
        """Up and down move the cursor."""
        if direction not in ("up", "down") or not isinstance(self.view, m.CodeView):
            return None
        self._move_to(self.cursor_line() + (1 if direction == "down" else -1))
        return DONE

    def clicked(self, x: int, y: int, shift: bool) -> m.Command | None:
        """A click before a line sets a breakpoint there; one on its text moves the cursor."""
        line = self._line_at[y] if 0 <= y < len(self._line_at) else 0
        if not line or not isinstance(self.view, m.CodeView):
            return None
        if x < self._gutter_width():
            return m.Break(line)
        self._move_to(line)
        return None

    def wheel(self, x: int, y: int, up: bool, shift: bool) -> m.Command | None:
        """The wheel moves the cursor, too."""
        if isinstance(self.view, m.CodeView):
            self._move_to(self.cursor_line() + (-1 if up else 1))
        return None

    def _move_to(self, line: int) -> None:
        view = self.view
        if view is not None and view.lines:
            self.cursor = min(max(line, view.first), view.first + len(view.lines) - 1)
            self.redraw()

    # ------------------------------------------------------------ the frame

    def title(self) -> str:
        """Function, file, and how far the call has run; as much of it as there is room for."""
        view = self.view
        if not isinstance(view, m.CodeView):
            return "code"
        into = " › " if self.look.shapes.unicode else " > "
        calls = [name for name, _ in view.stack] or [view.function]
        room = self.size.width - 2 if self.size.width else 80
        longest = [into.join(calls)] if len(calls) == 1 else [into.join(calls), into.join(calls[-2:])]
        for name in longest:
            for rest in (f" in {view.file}{_progress(view)}", _progress(view), _brief_progress(view)):
                if cell_len(name + rest) <= room:
                    return name + rest
        return next((name for name in longest if cell_len(name) <= room), view.function)

    # ------------------------------------------------------------ the rows

    def draw(self, width: int, height: int) -> list[Row]:
        """The lines in sight, the statement about to run lit."""
        view = self.view
        if view is None:
            return []
        self._below = ""
        note = folded(view.note, width)[: max(1, height - 1)] if view.note and not view.line else []
        page = page_of(view.lines, 4 if width >= NARROW else 2)
        rows: list[Row] = []
        lines: list[int] = []
        first_of: dict[int, tuple[int, int]] = {}
        lit = range(0)
        if 0 <= view.line - view.first < len(page.lines):
            lit = range(view.line - view.first, page.ends[view.line - view.first] + 1)
            lit = lit if len(lit) <= MOST_LIT else lit[:1]
        for index in range(len(page.lines)):
            drawn = self._lit(page, index, lit, width) if index in lit else [self._plain(page, index, width)]
            first_of[index] = (len(rows), len(rows) + len(drawn))
            rows += drawn
            lines += [view.first + index] * len(drawn)
        room = max(0, height - len(note))
        focus = lit if self.cursor is None else range(self.cursor - view.first, self.cursor - view.first + 1)
        if focus and focus[0] in first_of:
            self._scroll(first_of[focus[0]][0], first_of[focus[-1]][1], len(rows), room)
        self._top = max(0, min(self._top, len(rows) - room))
        seen = slice(self._top, self._top + room)
        self._line_at = tuple(lines[seen])
        if self.border_subtitle != self._below:
            self.border_subtitle = self._below.replace("[", r"\[")
        return rows[seen] + [[(part, self.ink.muted)] for part in note]

    def _scroll(self, first: int, end: int, total: int, height: int) -> None:
        """Move what is in sight as little as needed to have these rows, and some around them, within it."""
        around = max(0, min(AROUND, (height - (end - first)) // 2))
        if end + around > self._top + height:
            self._top = min(end + around, total) - height
        self._top = max(0, min(self._top, first - around, first))

    def _gutter_width(self) -> int:
        view = self.view
        last = view.first + len(view.lines) - 1 if view is not None else 0
        return len(str(max(1, last))) + 2

    def _gutter(self, line: int, first_row: bool = True) -> tuple[str, str, str]:
        """Marker, number and breakpoint of a line; empty in its further rows."""
        view, shapes = self.view, self.look.shapes
        assert view is not None
        digits = self._gutter_width() - 2
        if not first_row:
            return " ", " " * digits, " "
        marker = shapes.about_to_run if line == view.line else shapes.cursor if line == self.cursor else " "
        return marker, f"{line:{digits}}", shapes.breakpoint if line in view.breakpoints else " "

    def _plain(self, page: Page, index: int, width: int) -> Row:
        """A line that is not about to run, in one row."""
        view, ink = self.view, self.ink
        assert view is not None
        line = view.first + index
        marker, number, stop = self._gutter(line)
        at_cursor = line == self.cursor
        row: Row = [(marker, ink.strong), (number, ink.strong if at_cursor else ink.muted), (stop, ink.wrong)]
        room = width - self._gutter_width()
        text = page.lines[index]
        if cell_len(text) <= room:
            return row + self._toned(text, page.tones[index])
        kept = shortened(text, room, self.look.shapes.ellipsis)
        return row + self._toned(kept, page.tones[index])

    def _toned(self, text: str, tones: tuple[tuple[int, int, Tone], ...]) -> list[Piece]:
        styles: dict[Tone, Style] = {"strong": self.ink.strong, "text": self.ink.text, "muted": self.ink.muted}
        pieces: list[Piece] = []
        at = 0
        for start, end, tone in tones:
            pieces += [(text[at:start], styles["text"]), (text[start:end], styles[tone])]
            at = end
        return [piece for piece in (*pieces, (text[at:], styles["text"])) if piece[0]]

    def _lit(self, page: Page, index: int, lit: range, width: int) -> list[Row]:
        """A line of the statement about to run, in as many rows as it takes, all lit."""
        view, ink = self.view, self.ink
        assert view is not None
        gutter = self._gutter_width()
        parts = fold_code(page.lines[index], max(1, width - gutter))
        rows: list[Row] = []
        for number, part in enumerate(parts):
            marker, digits, stop = self._gutter(view.first + index, number == 0)
            rows.append([(marker + digits + stop + part, ink.lit)])
        used = gutter + cell_len(parts[-1])
        hint = f"{self._hint(len(view.uses))} " if view.uses and index == lit[-1] else ""
        if cell_len(hint) + 2 > width - used:
            hint, self._below = "", self._longest_hint(width - 2)
        plain = ink.of(self.look.colours.on_accent, self.look.colours.accent)
        rows[-1].append((" " * (width - used - cell_len(hint)) + hint, plain))
        for row in rows[:-1]:
            row.append((" " * max(0, width - cell_len(row[0][0])), ink.lit))
        return rows

    def _hint(self, count: int) -> str:
        """The first elements that the line works on."""
        view, dot = self.view, self.look.shapes.dot
        assert view is not None
        return f"{dot} " + f" {dot} ".join(view.uses[:count])

    def _longest_hint(self, room: int) -> str:
        """As many elements as there is room for."""
        count = len(self.view.uses) if self.view is not None else 0
        return next((hint for n in range(count, 0, -1) if cell_len(hint := self._hint(n)[2:]) <= room), "")


def _progress(view: m.CodeView) -> str:
    if not view.events:
        return ""
    if view.event >= view.events:
        return f", all {view.events:,} lines run"
    return f", line {view.event + 1:,} of {view.events:,} that it runs"


def _brief_progress(view: m.CodeView) -> str:
    return f", {min(view.event + 1, view.events):,} of {view.events:,}" if view.events else ""


# ---------------------------------------------------------------- the source, made ready


@lru_cache(maxsize=16)
def page_of(lines: tuple[str, ...], indent: int) -> Page:
    """A function's lines, dedented, with tones; where Python's tokenizer refuses them, without."""
    text = [line.expandtabs(4).rstrip() for line in lines]
    text = textwrap.dedent("\n".join(text)).split("\n") if text else []
    tones: list[list[tuple[int, int, Tone]]] = [[] for _ in text]
    ends = list(range(len(text)))
    try:
        for kind, first, last, start, end in _marks(text):
            if kind == "statement":
                ends[first] = max(ends[first], last)
            else:
                for index in range(first, last + 1):
                    stop = end if index == last else len(text[index])
                    tones[index].append((start if index == first else 0, stop, kind))
    except (tokenize.TokenError, SyntaxError, IndexError):
        tones, ends = [[] for _ in text], list(range(len(text)))
    removed = [len(line) - len(_indented(line, indent)) for line in text]
    return Page(
        tuple(_indented(line, indent) for line in text),
        tuple(
            tuple((max(0, a - gone), max(0, b - gone), tone) for a, b, tone in found)
            for found, gone in zip(tones, removed, strict=True)
        ),
        tuple(ends),
    )


def _indented(line: str, indent: int) -> str:
    """A line whose levels of indentation are so many columns wide instead of four."""
    spaces = len(line) - len(line.lstrip(" "))
    return " " * (spaces * indent // 4) + line[spaces:]


def _marks(lines: list[str]) -> Iterator[tuple[Literal["statement"] | Tone, int, int, int, int]]:
    """What stands where: kind, first and last line, the column where it begins, the column where it ends."""
    begun = -1
    tokens = tokenize.generate_tokens(io.StringIO("\n".join(lines) + "\n").readline)
    for token in tokens:
        first, last = token.start[0] - 1, token.end[0] - 1
        if token.type in (tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER):
            continue
        if token.type == tokenize.NEWLINE:
            yield "statement", begun, first, 0, 0
            begun = -1
            continue
        alone = begun < 0 and token.type == tokenize.STRING  # a string that begins a statement is a docstring
        if token.type == tokenize.COMMENT or alone:
            yield "muted", first, last, token.start[1], token.end[1]
        elif token.type == tokenize.NAME and keyword.iskeyword(token.string):
            yield "strong", first, last, token.start[1], token.end[1]
        if begun < 0 and token.type != tokenize.COMMENT:
            begun = first


def fold_code(line: str, width: int) -> list[str]:
    """A line of code in rows that fit, broken at spaces if it can be; its later rows are indented a little more."""
    if cell_len(line) <= width:
        return [line]
    text = line.lstrip(" ")
    indent = max(0, min(len(line) - len(text), width - LEAST_TEXT))
    further = indent + 2 if width - indent - 2 >= LEAST_TEXT else indent
    rows: list[str] = []
    while cell_len(text) > width - indent:
        at = _break(text, max(1, width - indent))
        rows.append(" " * indent + text[:at].rstrip())
        text = text[at:].lstrip()
        indent = further
    return [*rows, " " * indent + text] if text or not rows else rows


def _break(text: str, room: int) -> int:
    """Where to break: after a space unless that is far to the left, else before a bracket or dot, else anywhere."""
    fits = max(1, len(cut(text, room).rstrip()))
    space = text.rfind(" ", 0, fits + 1)
    if space > fits // 3:
        return space + 1
    other = max(space + 1, *(text.rfind(mark, 1, fits + 1) for mark in "[(."))
    return other if other > 0 else fits


if __name__ == "__main__":
    from nntui.tui.panes.alone import run

    run(CodePane())
