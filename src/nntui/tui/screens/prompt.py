"""One line to be typed, at the bottom of the screen: the command line, a file's name, a number.

Escape gives None, Enter the text; with `check` only a text that is right. With `replaces` the text that is given is
selected, so that the first key replaces it and an arrow keeps it. What is pasted is cut before anything else
looks at it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from typing import TypeAlias

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.screen import ModalScreen
from textual.widgets import Input

from nntui.text import clean
from nntui.tui.confined import may_list
from nntui.tui.look import Look
from nntui.tui.rows import Row, folded, shortened
from nntui.tui.screens.drawn import Drawn, Key, keys_row, wrong

MOST_CHARACTERS = 4_000
MOST_FILES = 200  # of a folder that are offered
FOLD = 400  # characters of what is told below the line

Candidates: TypeAlias = "Sequence[str] | Callable[[str], Sequence[str]]"


class Prompt(ModalScreen[str | None]):
    """A title, a line, what is to be known about it, and the keys."""

    AUTO_FOCUS = "Line"
    CSS = """
    Prompt { align: left bottom; background: transparent; }
    Prompt Horizontal { height: 1; background: $background; }
    Prompt #title { height: 1; }
    Prompt #mark { width: 3; height: 1; }
    """

    def __init__(
        self,
        title: str,
        text: str = "",
        *,
        hint: str = "",
        check: Callable[[str], str] = lambda _text: "",
        candidates: Candidates = (),
        hint_for: Callable[[str], str] | None = None,
        history: Sequence[str] = (),
        replaces: bool = False,
    ) -> None:
        """`history` has the newest last; `hint_for` says what is to be known about what has been typed so far."""
        super().__init__()
        self.heading = title
        self.hint, self.hint_for, self.check, self.candidates = hint, hint_for, check, candidates
        self.history = [*(clean(entry)[:MOST_CHARACTERS] for entry in history)]
        self._at = len(self.history)  # in the history; behind its end stands what is being typed
        self._draft = ""
        self.wrong = ""
        self.offered: tuple[str, ...] = ()
        self._text = fit(text)
        self.line = Line(max_length=MOST_CHARACTERS, compact=True, select_on_focus=replaces)

    def compose(self) -> ComposeResult:
        """The rows."""
        self.line.value = self._text
        yield _OneRow("title", _title(clean(self.heading)))
        with Horizontal():
            yield _OneRow("mark", _mark)
            yield self.line
        below = _Below(self)
        below.styles.height = 5 if self.hint_for is not None else 3
        yield below

    def on_mount(self) -> None:
        """Say which keys work as long as the text is selected."""
        self.watch(self.line, "selection", self._tell, init=False)

    # ------------------------------------------------------------ keys

    def on_key(self, event: events.Key) -> None:
        """Enter, Escape, Tab, and up and down through the history; all else belongs to the line."""
        does: dict[str, Callable[[], object]] = {
            "escape": lambda: self.dismiss(None),
            "enter": self._enter,
            "tab": self._complete,
            "shift+tab": lambda: None,
            "up": lambda: self._recall(-1),
            "down": lambda: self._recall(1),
        }
        if event.key in does:
            event.stop()
            does[event.key]()

    def _enter(self) -> None:
        text = self.line.value
        self.wrong = self.check(text)
        if self.wrong:
            self._tell()
        else:
            self.dismiss(text)

    def _recall(self, way: int) -> None:
        if not 0 <= self._at + way <= len(self.history):
            return
        if self._at == len(self.history):
            self._draft = self.line.value
        self._at += way
        self._put(self._draft if self._at == len(self.history) else self.history[self._at])

    def _complete(self) -> None:
        """Go on with what all candidates have in common; where that is nothing, show them."""
        typed = self.line.value
        known = self.candidates(typed) if callable(self.candidates) else self.candidates
        found = [fit(candidate) for candidate in known if candidate.startswith(typed)]
        common = os.path.commonprefix(found)  # noqa: RUF071 - of texts, which need not be paths
        if len(common) > len(typed):
            self._put(common)
        self.offered = tuple(found) if len(found) > 1 else ()
        self._tell()

    def _put(self, text: str) -> None:
        with self.prevent(Input.Changed):
            self.line.value = text
        self.line.cursor_position = len(text)
        self.offered, self.wrong = (), ""
        self._tell()

    def on_input_changed(self, changed: Input.Changed) -> None:
        """What was wrong is being put right."""
        changed.stop()
        self.line.select_on_focus = False  # it is one's own text from now on
        self.offered, self.wrong = (), ""
        self._tell()

    def _tell(self) -> None:
        self.query_one(_Below).redraw()


class Line(Input):
    """The line that is typed: what is pasted is cut and cleaned first."""

    DEFAULT_CSS = """
    Line, Line:focus { width: 1fr; background: $background; background-tint: transparent 0%; }
    Line > .input--selection { color: $foreground; background: $background; text-style: reverse; }
    """

    def on_mount(self) -> None:
        """A cursor that blinks costs a slow line more than it is worth."""
        self.cursor_blink = False

    def on_paste(self, event: events.Paste) -> None:
        """Insert as much of the first line as there is room for."""
        event.prevent_default()
        event.stop()
        start, end = sorted(self.selection)
        room = MOST_CHARACTERS - len(self.value) + end - start
        self.replace(fit(event.text)[: max(0, room)], start, end)


def fit(text: str) -> str:
    """The first line of a text, as much of it as a line may hold, made fit to be shown."""
    lines = text[: 2 * MOST_CHARACTERS].strip("\r\n").splitlines()
    return clean(lines[0][:MOST_CHARACTERS]) if lines else ""


def files_like(text: str) -> Sequence[str]:
    """The folders, scenario files and recordings that begin as the text does, written as the text writes them."""
    folder, slash, beginning = text.rpartition("/")
    if not may_list(Path(folder + slash or ".")):
        return ()
    try:
        inside = islice(os.scandir(Path(folder + slash or ".").expanduser()), 5 * MOST_FILES)
        found = [
            f"{folder}{slash}{entry.name}{'/' if entry.is_dir() else ''}"
            for entry in inside
            if entry.name.startswith(beginning)
            and (entry.is_dir() or entry.name.endswith((".toml", ".nnrec")))
            and (beginning or not entry.name.startswith("."))
        ]
    except (OSError, RuntimeError, ValueError):
        return ()
    return sorted(name for name in found if clean(name) == name)[:MOST_FILES]


# ---------------------------------------------------------------- drawing


class _OneRow(Drawn):
    """A row that is always the same."""

    def __init__(self, name: str, row: Callable[[Look, int], Row]) -> None:
        super().__init__()
        self.id = name
        self.row = row

    def draw(self, width: int, height: int) -> list[Row]:
        """The row."""
        return [self.row(self.look, width)][:height]


def _title(text: str) -> Callable[[Look, int], Row]:
    def row(look: Look, width: int) -> Row:
        rule, named = look.shapes.rule, shortened(text, width - 4, look.shapes.ellipsis)
        return [(f"{rule} {named} {rule * width}", look.ink.accent)]

    return row


def _mark(look: Look, width: int) -> Row:
    return [(f" {look.shapes.cursor} "[:width], look.ink.accent)]


class _Below(Drawn):
    """What is to be known about the line, and the keys."""

    def __init__(self, owner: Prompt) -> None:
        super().__init__()
        self.owner = owner

    def draw(self, width: int, height: int) -> list[Row]:
        """An error, the candidates or a hint."""
        owner, look = self.owner, self.look
        if owner.wrong:
            told, style = wrong(owner.wrong, look), self.ink.wrong
        elif owner.offered:
            told, style = "   ".join(name.rstrip("/").rpartition("/")[2] for name in owner.offered), self.ink.text
        else:
            hint = owner.hint_for(owner.line.value) if owner.hint_for is not None else ""
            told, style = hint or owner.hint, self.ink.muted
        lines = folded(told[:FOLD], width - 4)
        room = height - 1
        if len(lines) > room:
            lines = [*lines[: room - 1], shortened(" ".join(lines[room - 1 :]), width - 4, look.shapes.ellipsis)]
        rows: list[Row] = [[("   ", style), (line, style)] for line in lines]
        keys = [Key("type", "to replace", ""), Key("→" if look.shapes.unicode else "right", "to keep", "right", 3)]
        keys = keys if owner.line.selected_text else []
        keys += [Key("enter", "take", "enter"), Key("tab", "complete", "tab", 2), Key("↑↓", "before", "up", 1)]
        keys = [key for key in keys if (key.key != "tab" or owner.candidates) and (key.key != "up" or owner.history)]
        rows += [[]] * (room - len(rows))
        return [*rows, [("  ", self.ink.text), *keys_row([*keys, Key("esc", "cancel", "escape")], look, width - 2)]]
