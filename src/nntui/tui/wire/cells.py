"""Sends only the cells that changed.

Textual sends every cell of each region that was refreshed, and each run of one style with all of its codes. Over SSH
that is what makes a screen slow. Here the cells that the terminal shows are remembered; an update becomes those that
differ, with only the codes that differ from the cell before. A picture that moves a little costs a tenth.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TypeAlias
from unicodedata import category

from rich.color import ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.strip import Strip

from nntui.tui.clusters import clusters

Cell: TypeAlias = tuple[str, Style | None]  # characters of one cell; the second half of a wide one is an empty text

NEAR = 4  # cells between two changes: cheaper to send again than to jump over
RESET = "\x1b[0m"
TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # the direction


class Cells:
    """What the terminal shows, as far as is known."""

    def __init__(self) -> None:
        self._rows: dict[int, list[Cell | None]] = {}

    def forget(self) -> None:
        """The terminal may show anything: it was resized, or somebody else wrote to it."""
        self._rows.clear()

    def changes(self, spans: Iterable[tuple[int, int, Iterable[Segment]]], system: ColorSystem) -> str:
        """What to write so that these cells are shown: (y, x, segments) from there on."""
        pen = _Pen(system)
        for y, x, segments in spans:
            self._change_row(y, x, segments, pen)
        return pen.text()

    def _change_row(self, y: int, x: int, segments: Iterable[Segment], pen: _Pen) -> None:
        new = _cells(segments)
        row = self._rows.setdefault(y, [])
        if len(row) < x + len(new):
            row.extend([None] * (x + len(new) - len(row)))
        old = row[x : x + len(new)]
        if old == new:
            return
        for start, end in _runs(old, new):
            pen.move_to(x + start, y)
            doubtful = False
            for place, (characters, style) in enumerate(new[start:end], x + start):
                if doubtful and characters:
                    pen.move_to(place, y)
                doubtful = pen.put(characters, style) if characters else doubtful
        row[x : x + len(new)] = new


def _cells(segments: Iterable[Segment]) -> list[Cell]:
    """The cells of segments, as many as they are counted to have."""
    cells: list[Cell] = []
    for text, style, control in segments:
        if control:
            continue
        if text.isascii() and text.isprintable():
            cells += [(character, style) for character in text]
            continue
        for characters, size in clusters(text):
            marks = "".join(filter(_may_be_written, characters[size > 0 :]))
            if size:
                cells.append((characters[0] + marks if _may_be_written(characters[0]) else " " * size, style))
                cells += [("", style)] * (size - 1)
            elif marks:
                _add(cells, marks)
    return cells


def _may_be_written(character: str) -> bool:
    """Whether a character steers nothing; lone surrogates cannot be written at all."""
    return category(character) not in ("Cc", "Cs", "Zl", "Zp") and character not in TURNING


def _add(cells: list[Cell], marks: str) -> None:
    """Marks that a segment begins with belong to the cell before it; where there is none, to nothing."""
    place = next((place for place in range(len(cells) - 1, -1, -1) if cells[place][0]), None)
    if place is not None:
        cells[place] = (cells[place][0] + marks, cells[place][1])


def _runs(old: list[Cell | None], new: list[Cell]) -> list[tuple[int, int]]:
    """The stretches that differ, those close to one another joined; a wide character is never cut."""
    runs: list[tuple[int, int]] = []
    for place, cell in enumerate(new):
        if old[place] == cell:
            continue
        start = place - 1 if cell[0] == "" and place else place
        if runs and start - runs[-1][1] <= NEAR:
            runs[-1] = (runs[-1][0], place + 1)
        else:
            runs.append((start, place + 1))
    return [(start, end + 1 if end < len(new) and new[end][0] == "" else end) for start, end in runs]


class _Pen:
    """Writes cells with as few codes as will do."""

    def __init__(self, system: ColorSystem) -> None:
        self._system = system
        self._out: list[str] = []
        self._style: tuple[str, str, str] = ("", "", "")

    def move_to(self, x: int, y: int) -> None:
        self._out.append(f"\x1b[{y + 1};{x + 1}H")

    def put(self, characters: str, style: Style | None) -> bool:
        """Write a cell; tell whether terminals are not of one mind about how wide it is."""
        wanted = _codes(style, self._system) if style is not None else ("", "", "")
        if wanted != self._style:
            self._out.append(_between(self._style, wanted))
            self._style = wanted
        self._out.append(characters)
        return len(characters) > 1

    def text(self) -> str:
        if self._style != ("", "", ""):
            self._out.append(RESET)
        return "".join(self._out)


def _between(now: tuple[str, str, str], wanted: tuple[str, str, str]) -> str:
    """The code that leads from one style to another."""
    attributes, colour, ground = wanted
    if attributes != now[0] or (now[1] and not colour) or (now[2] and not ground):
        return "\x1b[" + ";".join(["0", *(code for code in wanted if code)]) + "m"
    parts = [code for code, before in ((colour, now[1]), (ground, now[2])) if code != before]
    return "\x1b[" + ";".join(parts) + "m"


@lru_cache(maxsize=8192)
def _codes(style: Style, system: ColorSystem) -> tuple[str, str, str]:
    """Attributes, colour and ground of a style as codes."""
    names = ((style.bold, "1"), (style.dim, "2"), (style.italic, "3"), (style.underline, "4"), (style.reverse, "7"))
    attributes = ";".join([code for on, code in names if on])
    colour = ";".join(style.color.downgrade(system).get_ansi_codes()) if style.color is not None else ""
    ground = ";".join(style.bgcolor.downgrade(system).get_ansi_codes(False)) if style.bgcolor is not None else ""
    return attributes, colour, ground


class SparingUpdate(CompositorUpdate):
    """An update of Textual's, sent as changes to what the terminal shows."""

    def __init__(self, spans: list[tuple[int, int, Iterable[Segment]]], cells: Cells) -> None:
        self._spans = spans
        self._cells = cells

    def render_segments(self, console: Console) -> str:
        """What to write."""
        system = console._color_system or ColorSystem.TRUECOLOR
        return self._cells.changes(self._spans, system)


def sparing(update: object, cells: Cells) -> object:
    """The same update, sent sparingly; anything else as it is."""
    if isinstance(update, LayoutUpdate):
        return SparingUpdate(list(_layout_spans(update)), cells)
    if isinstance(update, ChopsUpdate):
        return SparingUpdate(list(_chop_spans(update)), cells)
    return update


def _layout_spans(update: LayoutUpdate) -> Iterator[tuple[int, int, Iterable[Segment]]]:
    for y, line in enumerate(update.strips, update.region.y):
        yield y, update.region.x, [segment for strip in line for segment in strip]


def _chop_spans(update: ChopsUpdate) -> Iterator[tuple[int, int, Iterable[Segment]]]:
    for y, left, right in update.spans:
        for end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            if strip is None or x >= right or end <= left:
                continue
            start = max(x, left)
            part: Strip = strip.crop(start - x, min(end, right) - x)
            yield y, start, part
