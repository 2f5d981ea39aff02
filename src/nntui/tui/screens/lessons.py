"""The first screen: the lessons in teaching order, the playground, the files opened last, and recordings.

It opens nothing: `Chosen` tells which file, and the app decides. Keys that it does not know are left to the app.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, islice
from pathlib import Path

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.message import Message
from textual.screen import Screen

from nntui.scenario import library
from nntui.scenario.reader import ScenarioError, read_text
from nntui.session.recording import shelf
from nntui.session.recording.records import SUFFIX
from nntui.text import clean
from nntui.tui.confined import check_open
from nntui.tui.remembered import Remembered
from nntui.tui.rows import Row, folded, shortened
from nntui.tui.screens.drawn import (
    Drawn,
    Key,
    Reading,
    heading,
    keys_row,
    scrolled,
    touching,
    with_bar,
    wrong,
)
from nntui.tui.screens.prompt import Prompt, files_like

WHAT = (  # the first that fits is said
    "Neural networks, taught by the very loops that run them: step, twist, watch.",
    "Neural networks, by the very loops that run them.",
    "Neural networks, loop by loop.",
)
SECONDS = 1.2  # between two digits of one number
WIDEST = 116  # columns of the list; longer lines read badly
MARGIN = 2
MOST_RECORDINGS = 9
STAMPED = re.compile(r"(\d{4}-\d\d-\d\d-\d{6})-(.+)" + re.escape(SUFFIX))
NUMBER = 3  # columns of a lesson's number
TALL = 30  # rows from which on there is room around the title

KEYS = (
    Key("↑↓", "choose", "down"),
    Key("enter", "open", "enter"),
    Key("0–9", "a lesson", "1", rank=2),
    Key("o", "file", "o", rank=1),
    Key("?", "help", "question_mark"),
    Key("T", "theme", "T", rank=1),
    Key("q", "quit", "q"),
)  # fmt: skip

HELP = {  # what the keys do, said in full
    "↑↓": "Choose a lesson or file; page up and down, home and end go further.",
    "enter": "Open what is chosen.",
    "esc": "Back to the lesson that was open.",
    "0–9": "Choose the lesson of this number; two digits, one soon after the other, are one number.",
    "o": "Open a file: a scenario of your own, one that was saved, or a recording.",
    "?": "This help; also F1.",
    "T": "Another theme: dark, light, or for a projector.",
    "q": "Quit.",
}


@dataclass(frozen=True)
class Item:
    """One entry of the list."""

    section: str
    number: int | None
    title: str
    summary: str
    path: Path


def items_of(recent: Iterable[Path], recordings: Iterable[Path] = ()) -> tuple[Item, ...]:
    """The lessons, the playground, the recent files and recordings, as entries."""
    known = [*library.lessons(), *library.playground()]
    shipped = [
        Item(
            "Lessons" if entry.number is not None else "Playground",
            entry.number,
            entry.title,
            entry.summary,
            entry.path,
        )
        for entry in known
    ]
    mine = [Item("Recent files", None, clean(path.name), f"in {_folder(path)}", path) for path in recent]
    return (*shipped, *mine, *(_recording(path) for path in islice(recordings, MOST_RECORDINGS)))


def _recording(path: Path) -> Item:
    """A recording: what it is of, when it was begun, how large it is."""
    title, told = clean(path.name), []
    stamped = STAMPED.fullmatch(path.name)
    if stamped is not None:
        try:
            begun = datetime.strptime(stamped[1], "%Y-%m-%d-%H%M%S")
        except ValueError:
            pass
        else:
            title = clean(stamped[2])
            told.append(f"{begun.day} {begun:%B %Y, %H:%M}")
    try:
        told.append(_size(path.stat().st_size))
    except OSError:
        told.append("it has gone")
    return Item("Recordings", None, title, ", ".join(told), path)


def _size(count: int) -> str:
    return f"{count / 1e6:,.1f} MB" if count >= 1e6 else f"{max(1, round(count / 1000)):,} kB"


def _folder(path: Path) -> str:
    """The folder of a file, as one writes it."""
    folder, home = clean(str(path.parent)), str(Path.home())
    return "~" + folder[len(home) :] if home != "/" and (folder == home or folder.startswith(home + "/")) else folder


class LessonList(Reading, Screen[None]):
    """The list with its cursor."""

    AUTO_FOCUS = ""
    CSS = "LessonList { background: $background; }"

    class Chosen(Message):
        """A file was chosen to be opened."""

        def __init__(self, path: Path) -> None:
            super().__init__()
            self.path = path

    def __init__(
        self,
        recent: Callable[[], Iterable[Path]] = lambda: Remembered.load().files(),
        clock: Callable[[], float] = time.monotonic,
        over: str = "",
        recordings: Callable[[], Iterable[Path]] = shelf.kept,
    ) -> None:
        """`over` is the title of the lesson that it lies over, to which one can go back."""
        super().__init__()
        self._recent = recent
        self._recordings = recordings
        self._clock = clock
        self.over = over
        self._typed = ""
        self._typed_at = 0.0
        self.items: tuple[Item, ...] = ()
        self.at = 0
        self.sentence = ""
        self.listing = Listing(self)

    def compose(self) -> ComposeResult:
        """One widget draws it all."""
        yield self.listing

    def on_mount(self) -> None:
        """Find out what there is."""
        self._look_up()

    def on_screen_resume(self) -> None:
        """Look again when one comes back: another file may have been opened, saved or deleted."""
        if self.items:
            self._look_up()

    @property
    def keys(self) -> tuple[Key, ...]:
        """The keys that work."""
        return (*KEYS[:2], Key("esc", "back", "escape"), *KEYS[2:]) if self.over else KEYS

    def _look_up(self) -> None:
        here = self.items[self.at].path if self.items else None
        self.items = items_of(self._recent(), self._recordings())
        paths = [item.path for item in self.items]
        self.at = paths.index(here) if here in paths else 0
        self.listing.redraw()

    # ------------------------------------------------------------ keys and mouse

    def pressed(self, key: str, character: str | None) -> bool:
        """Move, open, type a number."""
        moves = {"up": -1, "k": -1, "down": 1, "j": 1, "home": -len(self.items), "end": len(self.items)}
        if character is not None and character.isascii() and character.isdigit():
            self.type(character)
        elif key in moves:
            self.choose(self.at + moves[key])
        elif key in ("pageup", "pagedown"):
            self.choose(self.listing.a_page_from(self.at, 1 if key == "pagedown" else -1))
        elif key == "enter":
            self._open()
        elif key == "o":
            self._ask_for_file()
        elif key in ("question_mark", "f1"):
            self._show_help()
        else:
            return False
        return True

    def choose(self, number: int) -> None:
        """Move the cursor to an entry, or as far as there are entries."""
        self.sentence, self._typed = "", ""
        self.at = max(0, min(number, len(self.items) - 1))
        self.listing.redraw()

    def type(self, digit: str) -> None:
        """Take a digit of a lesson's number; digits that follow soon are one number, if there is such a lesson."""
        now = self._clock()
        before = self._typed if now - self._typed_at <= SECONDS else ""
        numbers = {str(item.number): at for at, item in enumerate(self.items) if item.number is not None}
        typed = next((n for n in (before + digit, digit) if (n.lstrip("0") or "0") in numbers), "")
        if typed:
            self.choose(numbers[typed.lstrip("0") or "0"])
        else:
            typed = (before + digit)[-6:]
            self._say_unknown(typed)
        self._typed, self._typed_at = typed, now

    def _say_unknown(self, typed: str) -> None:
        try:
            library.find(typed)
        except ScenarioError as error:
            self.say(f"{str(error)[:1].upper()}{str(error)[1:]}.")

    def say(self, sentence: str) -> None:
        """Say what happened to what was chosen."""
        self.sentence = sentence
        self.listing.redraw()

    def _open(self) -> None:
        if self.items:
            self.post_message(self.Chosen(self.items[self.at].path))

    def _show_help(self) -> None:
        """The keys of the list; those of a lesson mean something else."""
        from nntui.tui.screens.help import HelpOverlay

        keys = [(key.shown, HELP[key.shown]) for key in self.keys]
        self.app.push_screen(HelpOverlay([("The list of lessons", keys)]))

    def _ask_for_file(self) -> None:
        def chosen(text: str | None) -> None:
            if text:
                self.post_message(self.Chosen(_path(text)))

        hint = f"A scenario (.toml) or recording ({SUFFIX}) by its path, or a lesson by its name."
        self.app.push_screen(Prompt("Open a file", hint=hint, check=_wrong_with, candidates=files_like), chosen)

    def on_drawn_touched(self, touched: Drawn.Touched) -> None:
        """A click moves the cursor; on the entry that has it, it opens."""
        touched.stop()
        if touched.number == self.at:
            self._open()
        else:
            self.choose(touched.number)

    def on_mouse_scroll_up(self) -> None:
        """The wheel, away from the person."""
        self.choose(self.at - 1)

    def on_mouse_scroll_down(self) -> None:
        """The wheel, towards the person."""
        self.choose(self.at + 1)


def _path(text: str) -> Path:
    """The file that a text names; quotes, as terminals put them around a file dropped in, are taken off."""
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        text = text[1:-1]
    check_open(Path(text))  # first: not even whose folders there are is told where that is nobody's business
    try:
        if text.endswith(SUFFIX):
            return Path(text).expanduser()
        return library.find(str(Path(text).expanduser()) if text.startswith("~") else text)
    except RuntimeError:
        raise ScenarioError("it is not known whose folder that is; write the path out") from None


def _wrong_with(text: str) -> str:
    """What is wrong with a file to be opened, in one sentence."""
    try:
        path = _path(text)
        check_open(path)
        if path.suffix != SUFFIX:
            read_text(path)
        elif not path.is_file():
            return f"there is no recording {clean(text.strip())}"
    except (ValueError, OSError) as error:
        return str(error)
    return ""


# ---------------------------------------------------------------- drawing


class Listing(Drawn):
    """Draws the list: a title, the entries in sight, a sentence, the keys."""

    def __init__(self, owner: LessonList) -> None:
        super().__init__()
        self.owner = owner
        self.first = 0
        self._spans: list[tuple[int, int]] = []  # first and last row of each entry
        self._height = 1

    def draw(self, width: int, height: int) -> list[Row]:
        """The whole screen."""
        columns = min(width - 2 * MARGIN, WIDEST)
        left = (width - columns) // 2 if columns == WIDEST else MARGIN
        head = self._head(columns, height)
        foot = [self._sentence(columns), keys_row(self.owner.keys, self.look, columns + 1)]
        self._height = max(1, height - len(head) - len(foot))
        rows = self._entries(columns, airy=True)
        if len(rows) > self._height:
            rows = self._entries(columns, airy=False)
        if self._spans:
            top, bottom = self._spans[self.owner.at]
            self.first = scrolled(self.first, top if self.owner.at else 0, bottom, self._height, len(rows))
        seen = rows[self.first : self.first + self._height]
        seen = with_bar(seen, self.first, len(rows), self.look, columns + 2)
        seen += [[]] * (self._height - len(seen))
        margin = (" " * left, self.ink.text)
        near = (" " * (left - 1), self.ink.text)  # the row of keys begins with a space of its own
        return [*([margin, *row] for row in (*head, *seen, foot[0])), [near, *foot[1]]]

    def a_page_from(self, at: int, way: int) -> int:
        """The entry that is a page away from another."""
        if not self._spans:
            return at
        aim = self._spans[at][0] + way * max(1, self._height - 1)
        near = min(range(len(self._spans)), key=lambda other: abs(self._spans[other][0] - aim))
        return near if near != at else at + way

    def _head(self, width: int, height: int) -> list[Row]:
        name = ("nntui", self.ink.accent)
        if height < 20:
            return [[name, ("  ", self.ink.text), (_what(width - 7), self.ink.muted)], []]
        what = (_what(width), self.ink.muted)
        return [[], [], [name], [what], [], []] if height >= TALL else [[], [name], [what], []]

    def _sentence(self, width: int) -> Row:
        said = self.owner.sentence
        if not said:
            return []
        return [(shortened(wrong(said, self.look), width, self.look.shapes.ellipsis), self.ink.wrong)]

    def _entries(self, width: int, airy: bool) -> list[Row]:
        """All rows of the list; remembers which belong to which entry."""
        rows: list[Row] = []
        self._spans = []
        numbered = enumerate(self.owner.items)
        for section, group in groupby(numbered, key=lambda pair: pair[1].section):
            found = list(group)
            rows += [[], heading(section, self.look, width)] if rows else [heading(section, self.look, width)]
            rows += [[]] if airy else []
            room = width - NUMBER - 4
            titles = max(cell_len(item.title) for _, item in found)
            beside = titles + 2 if titles <= room * 0.45 else 0
            drawn = [(at, self._entry(at, item, room, beside)) for at, item in found]
            apart = airy and any(len(lines) > 1 for _, lines in drawn)
            for at, lines in drawn:
                self._spans.append((len(rows), len(rows) + len(lines) - 1))
                rows += [*lines, []] if apart and at != found[-1][0] else lines
        return rows or [[("There are no lessons here; o opens a file.", self.ink.muted)]]

    def _entry(self, at: int, item: Item, room: int, beside: int) -> list[Row]:
        """The rows of one entry: its title, and what it is about beside it or below."""
        chosen = at == self.owner.at
        mark, ends = self.look.shapes.about_to_run if chosen else " ", self.look.shapes.ellipsis
        number = "" if item.number is None else str(item.number)
        about = folded(item.summary, room - beside) if item.summary else []
        if len(about) > 2:
            about = [about[0], shortened(" ".join(about[1:]), room - beside, ends)]
        name = shortened(item.title, room, ends)
        said, blank = (
            touching(style, "item", at) for style in (self.ink.text if chosen else self.ink.muted, self.ink.text)
        )
        head: Row = [
            (f"{number:>{NUMBER}} ", touching(self.ink.muted, "item", at)),
            (f"{mark} {name} ", touching(self.ink.lit if chosen else self.ink.strong, "item", at)),
        ]
        if beside:
            head.append((" " * (beside - cell_len(name) - 1), blank))
            head += [(line, said) for line in about[:1]]
        before = " " * (NUMBER + 3 + beside)
        return [head, *([(before, blank), (line, said)] for line in about[1 if beside else 0 :])]


def _what(width: int) -> str:
    return next((said for said in WHAT if len(said) <= width), WHAT[-1])
