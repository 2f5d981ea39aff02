"""What all panes have in common: a frame with a title, rows drawn only when they change, and where a click fell.

A pane is given a view (`show`) and draws it as rows of (text, style) pieces for the size it has (`draw`). Rows are
kept; when a new view comes, only the rows that differ are refreshed. Panes read no keys: the table of actions does.
"""

from __future__ import annotations

import contextlib
import os
import traceback
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeAlias, cast

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual._context import NoActiveAppError
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from nntui import messages as m
from nntui.sentences.numbers import Voice
from nntui.tui.look import Ink, Look

if TYPE_CHECKING:
    from nntui.tui.app import NntuiApp

Piece: TypeAlias = tuple[str, Style]
Row: TypeAlias = list[Piece]
Direction: TypeAlias = Literal["up", "down", "left", "right"]
Answer: TypeAlias = "m.Command | m.Query | Literal['done'] | None"
DONE: Literal["done"] = "done"  # an arrow key moved something of the pane's own


class Pane(Widget, can_focus=True):
    """One pane. `kind` is its name in lessons and actions, `needs` the view of the engine that it draws."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    Pane { border: round $border; border-title-color: $text-muted; background: $background; padding: 0; }
    Pane:focus { border: round $border-focus; border-title-color: $border-focus; border-title-style: bold; }
    Pane.-thick { border: heavy $border; }
    Pane.-thick:focus { border: heavy $border-focus; }
    Pane.-ascii, Pane.-ascii:focus { border: ascii $border; }
    Pane.-plain:focus { border: double $border-focus; }
    """

    kind: ClassVar[str] = ""
    needs: ClassVar[m.View] = "code"

    class Picked(Message):
        """Something was chosen with the mouse: a command or query that it stands for, to be sent."""

        def __init__(self, pane: Pane, message: m.Command | m.Query) -> None:
            super().__init__()
            self.pane = pane
            self.message = message

    def __init__(self, look: Look | None = None) -> None:
        super().__init__(id=f"pane-{self.kind}" if self.kind else None)
        self._look = look
        self.view: Any = None
        self.status: m.Status | None = None
        self.knows_loss = True  # whether the lesson has come to speak of losses, and so of targets
        self._rows: list[Strip] = []
        self._drawn_for: tuple[int, int] | None = None

    # ------------------------------------------------------------ for the panes

    def draw(self, width: int, height: int) -> list[Row]:
        """The rows of `self.view` in so many cells; fewer rows are filled up."""
        raise NotImplementedError

    def title(self) -> str:
        """What stands in the frame."""
        return self.kind

    def clicked(self, x: int, y: int, shift: bool) -> m.Command | m.Query | None:
        """What a click at a cell of the content stands for, if anything."""
        return None

    def wheel(self, x: int, y: int, up: bool, shift: bool) -> m.Command | None:
        """What a turn of the wheel stands for, if anything."""
        return None

    def arrow(self, direction: Direction, fine: bool) -> Answer:
        """What an arrow key means while this pane has the keys: a message to be sent, DONE, or None for the usual."""
        return None

    def number_at_hand(self) -> str:
        """The name of the number that Enter asks about; as AskWhy takes it. Empty: the one told last."""
        return ""

    def value_at_hand(self) -> str:
        """The text that is copied."""
        return ""

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

    @property
    def voice(self) -> Voice:
        """How numbers are written."""
        try:
            return cast(Voice, getattr(self.app, "voice", Voice()))
        except NoActiveAppError:  # a pane that is drawn by itself
            return Voice()

    # ------------------------------------------------------------ showing

    def show(self, view: Any, status: m.Status | None = None) -> None:
        """Show a view from now on."""
        if status is not None:
            self.status = status
        if view is not None and view != self.view:
            self.view = view
            self.redraw()

    def redraw(self, everything: bool = False) -> None:
        """Draw again; what has not changed is left alone."""
        if not self.is_mounted or not self.size.width or not self.size.height:
            self._drawn_for = None
            return
        width, height = self.size.width, self.size.height
        strips = self._strips(width, height)
        title = self.title()
        if self.border_title != title:
            self.border_title = title.replace("[", r"\[")
        old, self._rows = self._rows, strips
        if everything or self._drawn_for != (width, height) or len(old) != len(strips):
            self._drawn_for = (width, height)
            self.refresh()
            return
        changed = [y for y, strip in enumerate(strips) if strip != old[y]]
        if changed:
            self.refresh(*(Region(0, y, width, 1) for y in changed))  # relative to the content

    def _strips(self, width: int, height: int) -> list[Strip]:
        if self.view is None:
            rows: list[Row] = []
        elif isinstance(self.view, m.Refused):
            rows = [[(part, self.ink.muted)] for part in folded(self.view.sentence, width)]
        else:
            rows = self._drawn(width, height)[:height]
        blank = self.ink.text
        strips = [strip_of(row, width, blank) for row in rows]
        strips += [strip_of([], width, blank)] * (height - len(strips))
        return strips

    def _drawn(self, width: int, height: int) -> list[Row]:
        """The rows; a fault in one pane is said there, and the others go on."""
        try:
            return self.draw(width, height)
        except Exception as error:
            log_fault(error)
            sentence = f"This pane cannot be drawn ({type(error).__name__}); the others go on."
            return [[(part, self.ink.wrong)] for part in folded(sentence, width)]

    def render_line(self, y: int) -> Strip:
        """One row of the content, as kept."""
        if self._drawn_for != (self.size.width, self.size.height):
            self._drawn_for = (self.size.width, self.size.height)
            self._rows = self._strips(self.size.width, self.size.height)
            self.border_title = self.title().replace("[", r"\[")
        return self._rows[y] if y < len(self._rows) else strip_of([], self.size.width, self.ink.text)

    # ------------------------------------------------------------ the mouse

    def on_click(self, event: events.Click) -> None:
        """A click on the content."""
        place = event.get_content_offset(self)
        if place is not None:
            message = self.clicked(place.x, place.y, event.shift)
            if message is not None:
                self.post_message(self.Picked(self, message))

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel, away from the person."""
        self._wheel(event, True)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel, towards the person."""
        self._wheel(event, False)

    def _wheel(self, event: events.MouseEvent, up: bool) -> None:
        message = self.wheel(event.x - self.gutter.left, event.y - self.gutter.top, up, event.shift)
        if message is not None:
            event.stop()
            self.post_message(self.Picked(self, message))


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
        if segments and segments[-1].style == style:
            segments[-1] = Segment(segments[-1].text + text, style)
        elif text:
            segments.append(Segment(text, style))
    if used < width:
        segments.append(Segment(" " * (width - used), blank))
    return Strip(segments, width)


def cut(text: str, width: int) -> str:
    """As much of a text as fits, filled up to the width where a wide character does not."""
    out, used = [], 0
    for character in text:
        size = cell_len(character)
        if used + size > width:
            break
        out.append(character)
        used += size
    return "".join(out) + " " * (width - used)


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
