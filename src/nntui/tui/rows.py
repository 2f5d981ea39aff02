"""Widgets that are drawn as rows of (text, style) pieces: the rows are kept, and those that differ drawn again.

`draw` gives the rows for a size. Everything that panes, bars and dialogs show goes through here, so nothing of it is
ever taken for markup, and a fault in one of them is said in its place while the others go on.
"""

from __future__ import annotations

import contextlib
import os
import traceback
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from nntui.tui.clusters import JOINER, clusters, part
from nntui.tui.look import Ink, Look

if TYPE_CHECKING:
    from nntui.tui.app import NntuiApp

Piece: TypeAlias = tuple[str, Style]
Row: TypeAlias = list[Piece]


class Rows(Widget):
    """A widget of rows."""

    ALLOW_SELECT = False

    def __init__(self, look: Look | None = None, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._look = look
        self._rows: list[Strip] = []
        self._drawn_for: tuple[int, int, Look] | None = None

    def draw(self, width: int, height: int) -> list[Row]:
        """The rows in so many cells; fewer rows are filled up."""
        raise NotImplementedError

    def dress(self) -> None:
        """Called when the rows are drawn: for what stands around them."""

    @property
    def look(self) -> Look:
        """Colours and glyphs."""
        if self._look is not None:
            return self._look
        app: NntuiApp = self.app  # type: ignore[assignment]
        return app.look

    @property
    def ink(self) -> Ink:
        """The styles of the theme."""
        return self.look.ink

    def redraw(self) -> None:
        """Draw again; what has not changed is left alone."""
        if not self.is_mounted or not self.size.width or not self.size.height:
            self._drawn_for = None
            return
        old, before = self._rows, self._drawn_for
        self._keep()
        if before != self._drawn_for:
            self.refresh()
            return
        changed = [y for y, strip in enumerate(self._rows) if strip != old[y]]
        if changed:
            self.refresh(*(Region(0, y, self.size.width, 1) for y in changed))  # counted within the frame

    def _keep(self) -> None:
        width, height = self.size.width, self.size.height
        self._drawn_for = (width, height, self.look)
        self._rows = self.strips(width, height)
        self.dress()

    def strips(self, width: int, height: int) -> list[Strip]:
        """Exactly so many rows of exactly so many cells."""
        blank = self.ink.text
        strips = [strip_of(row, width, blank) for row in self._drawn(width, height)[:height]]
        return strips + [strip_of([], width, blank)] * (height - len(strips))

    def _drawn(self, width: int, height: int) -> list[Row]:
        """The rows; a fault in one widget is said there, and the others go on."""
        try:
            return self.draw(width, height)
        except Exception as error:
            log_fault(error)
            sentence = f"This pane cannot be drawn ({type(error).__name__}); the others go on."
            return [[(part, self.ink.wrong)] for part in folded(sentence, width)]

    def render_line(self, y: int) -> Strip:
        """One row of the content, as kept."""
        if self._drawn_for != (self.size.width, self.size.height, self.look):
            self._keep()
        return self._rows[y] if y < len(self._rows) else strip_of([], self.size.width, self.ink.text)


def log_fault(error: BaseException) -> None:
    """Write a fault to the log that NNTUI_LOG names, if it names one."""
    name = os.environ.get("NNTUI_LOG")
    if name:
        with contextlib.suppress(OSError), Path(name).open("a", encoding="utf-8") as log:
            traceback.print_exception(error, file=log)


def strip_of(row: Iterable[Piece], width: int, blank: Style) -> Strip:
    """A row as a strip of exactly so many cells, equal styles side by side joined."""
    segments: list[Segment] = []
    used = 0
    for text, style in row:
        room = width - used
        if room <= 0:
            break
        size = cell_len(text)
        if size > room:
            text, size = cut(text, room), room
        used += size
        if segments and segments[-1].style == style and part(segments[-1].text, text):
            segments[-1] = Segment(segments[-1].text + text, style)
        elif text:
            segments.append(Segment(text, style))
    if used < width:
        segments.append(Segment(" " * (width - used), blank))
    return Strip(segments, width)


def cut(text: str, width: int) -> str:
    """As much of a text as fits, filled up to the width where a wide character does not."""
    out, used = [], 0
    for characters, size in clusters(text):
        if used + size > width:
            break
        out.append(characters)
        used += size
    filled = " " * (width - used)
    return "".join(out).rstrip(JOINER) + filled if filled else "".join(out)


def shortened(text: str, width: int, ellipsis: str = "…") -> str:
    """A text that fits, with an ellipsis where some of it is left out."""
    if cell_len(text) <= width:
        return text
    return (cut(text, max(0, width - cell_len(ellipsis))).rstrip() + ellipsis)[: max(0, width)]


def folded(text: str, width: int) -> list[str]:
    """A text broken at spaces into lines that fit; at least one line."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            while cell_len(word) > width > 0:
                head = cut(word, width).rstrip() or word[:1]
                lines += [line] if line else []
                line = ""
                lines.append(head)
                word = word[len(head) :]
            if line and cell_len(line) + 1 + cell_len(word) > width:
                lines.append(line)
                line = word
            else:
                line = f"{line} {word}" if line else word
        lines.append(line)
    return lines
