"""What screens and dialogs are drawn with: rows of pieces that are kept, pieces that can be clicked, the row of keys.

A piece is made clickable by `pressing` (a click is the same as a key) or `touching` (a click means something to the
screen); both only mark its style.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from rich.style import Style
from textual import events
from textual.message import Message
from textual.screen import Screen

from nntui.tui.look import Look
from nntui.tui.rows import Row, Rows, cut

_PLAIN = {"↑↓": "up/down", "←→": "left/right", "–": "-", "‹": "<", "›": ">", "×": "x", "÷": "/", "±": "+-"}


@dataclass(frozen=True)
class Key:
    """An entry of the row of keys: what stands there, what it does, and the key that a click on it presses, if any."""

    shown: str
    what: str
    key: str
    rank: int = 0  # where there is no room, the highest goes first


class Drawn(Rows):
    """Rows with pieces that can be clicked, in a frame or without."""

    DEFAULT_CSS = """
    Drawn { width: 1fr; height: 1fr; background: $background; }
    Drawn.-framed { border: round $border-focus; border-title-color: $border-focus; border-title-style: bold; }
    Drawn.-framed.-thick { border: heavy $border-focus; }
    Drawn.-framed.-ascii { border: ascii $border-focus; }
    """
    framed: ClassVar[bool] = False

    class Touched(Message):
        """A piece was clicked that means something to the screen."""

        def __init__(self, what: str, number: int) -> None:
            super().__init__()
            self.what = what
            self.number = number

    def on_mount(self) -> None:
        """Follow the theme."""
        self.app.theme_changed_signal.subscribe(self, lambda _theme: self.redraw())
        self.redraw()

    def redraw(self) -> None:
        """Draw again, in the frame of the theme."""
        if self.framed:
            self.set_class(True, "-framed")
            self.set_class(self.look.colours.thick, "-thick")
            self.set_class(not self.look.shapes.unicode, "-ascii")
        super().redraw()

    def on_click(self, event: events.Click) -> None:
        """Do what the piece under the mouse stands for."""
        meta = event.style.meta
        if "press" in meta:
            event.stop()
            self.app.simulate_key(meta["press"])
        elif "touch" in meta:
            event.stop()
            self.post_message(self.Touched(*meta["touch"]))


class Reading:
    """A mixin for screens whose keys are read in one place: `pressed` says whether a key was for the screen."""

    def pressed(self, key: str, character: str | None) -> bool:
        """Do what a key stands for; False if it is nothing to this screen."""
        raise NotImplementedError

    def on_key(self, event: events.Key) -> None:
        """Read a key; a dialog keeps those that mean nothing, too, but those with Control."""
        if self.pressed(event.key, event.character if event.is_printable else None) or (
            isinstance(self, Screen) and self.is_modal and not event.key.startswith("ctrl+")
        ):
            event.stop()
            event.prevent_default()


# ---------------------------------------------------------------- pieces


def pressing(style: Style, key: str) -> Style:
    """The style, and a click on it is the same as a key."""
    return style + Style(meta={"press": key})


def touching(style: Style, what: str, number: int = 0) -> Style:
    """The style, and a click on it is told to the screen."""
    return style + Style(meta={"touch": (what, number)})


def plain(text: str, look: Look) -> str:
    """A text of ours with the signs that the terminal can show."""
    if not look.shapes.unicode:
        for sign, instead in _PLAIN.items():
            text = text.replace(sign, instead)
    return text


def wrong(sentence: str, look: Look) -> str:
    """A sentence about something that is wrong, with a mark that says so without colour."""
    return f"{look.shapes.no if look.shapes.unicode else '!'} {sentence}"


def padded(text: str, width: int) -> str:
    """A text of exactly so many cells."""
    size = cell_len(text)
    return text + " " * (width - size) if size <= width else cut(text, width)


def keys_row(keys: Iterable[Key], look: Look, width: int) -> Row:
    """The row that names the keys that work, as many as there is room for."""
    entries = list(keys)
    while len(entries) > 1 and _length(entries, look, 2) > width:
        entries.remove(max(reversed(entries), key=lambda entry: entry.rank))
    gap = "   " if _length(entries, look, 3) <= width else "  "
    row: Row = []
    for entry in entries:
        row.append((gap if row else " ", look.ink.text))
        for text, style in ((plain(entry.shown, look), look.ink.strong), (f" {entry.what}", look.ink.muted)):
            row.append((text, pressing(style, entry.key) if entry.key else style))
    return row


def _length(entries: list[Key], look: Look, gap: int) -> int:
    sizes = [cell_len(plain(entry.shown, look)) + 1 + cell_len(entry.what) for entry in entries]
    return sum(sizes) + gap * (len(sizes) - 1) + 2


def heading(text: str, look: Look, width: int) -> Row:
    """A section's name, with a thin rule behind it."""
    ink = look.ink
    return [(text, ink.strong), (" ", ink.text), (look.shapes.rule * max(0, width - cell_len(text) - 1), ink.line)]


def with_bar(rows: list[Row], first: int, total: int, look: Look, width: int) -> list[Row]:
    """The rows of a longer list that are in sight, with a bar at the right that shows which of all they are."""
    if total <= len(rows):
        return rows
    line, thumb = ("│", "┃") if look.shapes.unicode else (":", "#")
    height = len(rows)
    size = max(1, height * height // total)
    start = round((height - size) * first / (total - height))
    barred: list[Row] = []
    for y, row in enumerate(rows):
        here = start <= y < start + size
        used = sum(cell_len(text) for text, _ in row)
        fill = [(" " * (width - 1 - used), look.ink.text)] if used < width - 1 else []
        barred.append([*row, *fill, (thumb, look.ink.muted) if here else (line, look.ink.line)])
    return barred


def scrolled(first: int, top: int, bottom: int, height: int, total: int) -> int:
    """The first row in sight, moved as little as it takes to have rows `top` to `bottom` in sight."""
    if bottom - top >= height or top < first:
        first = top
    elif bottom >= first + height:
        first = bottom - height + 1
    return max(0, min(first, total - height))
