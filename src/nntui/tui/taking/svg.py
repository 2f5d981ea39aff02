"""A screen as SVG, to stand in a page: small, without any font of its own, and with its columns where they belong.

A page cannot know which fonts there are. So every piece of text is told how wide it has to be, glyphs that many fonts
lack or draw in another width each stand in a piece of their own, and what fills cells (blocks, shades, frames) is
drawn as what it is: rectangles.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from html import escape

from rich.segment import Segment
from rich.style import Style

from nntui.text import clean
from nntui.tui.clusters import clusters
from nntui.tui.look import Colours

WIDE, HIGH = 10, 20  # units of a cell
BASELINE = 15

LIGHT, HEAVY = 1.4, 3.2  # units: how thick the lines of frames are
EIGHTHS_UP = "▁▂▃▄▅▆▇█"
EIGHTHS_RIGHT = "▏▎▍▌▋▊▉"
SHADES = {"░": 0.25, "▒": 0.5, "▓": 0.75}
# What else is a part of its cell: left, top, right and bottom, in shares.
PARTS = {"▀": (0, 0, 1, 0.5), "▐": (0.5, 0, 1, 1), "▔": (0, 0, 1, 0.125), "▕": (0.875, 0, 1, 1)}
# Lines from the middle of a cell: to the left, right, top and bottom; 1 is a light one, 2 a heavy one.
ARMS = {
    "─": (1, 1, 0, 0), "│": (0, 0, 1, 1), "╭": (0, 1, 0, 1), "╮": (1, 0, 0, 1), "╰": (0, 1, 1, 0), "╯": (1, 0, 1, 0),
    "┌": (0, 1, 0, 1), "┐": (1, 0, 0, 1), "└": (0, 1, 1, 0), "┘": (1, 0, 1, 0), "├": (0, 1, 1, 1), "┤": (1, 0, 1, 1),
    "┬": (1, 1, 0, 1), "┴": (1, 1, 1, 0), "┼": (1, 1, 1, 1), "╷": (0, 0, 0, 1), "╵": (0, 0, 1, 0), "━": (2, 2, 0, 0),
    "┃": (0, 0, 2, 2), "┏": (0, 2, 0, 2), "┓": (2, 0, 0, 2), "┗": (0, 2, 2, 0), "┛": (2, 0, 2, 0), "╸": (2, 0, 0, 0),
    "╺": (0, 2, 0, 0), "╴": (1, 0, 0, 0), "╶": (0, 1, 0, 0), "┣": (0, 2, 2, 2), "┫": (2, 0, 2, 2),
}  # fmt: skip


@dataclass(frozen=True)
class Ink:
    """How a cell is drawn."""

    colour: str
    ground: str
    bold: bool = False
    underlined: bool = False
    dim: bool = False


@dataclass(frozen=True)
class Glyph:
    """What stands in a cell, or in two."""

    column: int
    text: str
    size: int
    ink: Ink

    @property
    def plain(self) -> bool:
        """Whether every font that has letters of one width has this one as wide."""
        return self.size == 1 and len(self.text) == 1 and " " <= self.text < "\x7f"


@dataclass
class Classes:
    """Names of the styles that all pictures of a page share."""

    names: dict[str, str] = field(default_factory=dict)

    def of(self, rule: str) -> str:
        """The class of a rule."""
        return self.names.setdefault(rule, f"c{len(self.names)}")

    def fill(self, colour: str) -> str:
        """The class of what has a colour."""
        return self.of(f"fill:{colour}")

    def rules(self) -> str:
        """The style sheet."""
        return "\n".join(f"svg .{name}{{{rule}}}" for rule, name in self.names.items())


class _Paths:
    """Rectangles, those of a colour as one path."""

    def __init__(self) -> None:
        self._parts: dict[tuple[str, float], list[str]] = {}

    def add(self, colour: str, x: float, y: float, width: float, height: float, opacity: float = 1.0) -> None:
        part = f"M{x:g} {y:g}h{width:g}v{height:g}h{-width:g}z"
        self._parts.setdefault((colour, opacity), []).append(part)

    def drawn(self, classes: Classes) -> Iterator[str]:
        for (colour, opacity), parts in self._parts.items():
            seen = "" if opacity == 1.0 else f' fill-opacity="{opacity:g}"'
            yield f'<path class="{classes.fill(colour)}"{seen} d="{"".join(parts)}"/>'


def drawn(strips: Sequence[Sequence[Segment]], columns: int, colours: Colours, classes: Classes, label: str) -> str:
    """A screen as an SVG element; `label` are its attributes for those who do not see it, ready to stand there."""
    rows = [list(_glyphs(strip, colours)) for strip in strips]
    grounds, shapes, lines = _Paths(), _Paths(), _Paths()
    texts: list[str] = []
    for y, row in enumerate(rows):
        for run in _runs(row, lambda one, other: one.ink.ground == other.ink.ground):
            if run[0].ink.ground != colours.ground:
                grounds.add(run[0].ink.ground, WIDE * run[0].column, HIGH * y, WIDE * _cells(run), HIGH)
        for run in _runs(row, _together):
            if run[0].text in ARMS:
                _lines(lines, run, y)
            elif not _shape(shapes, run, y):
                texts += _text(run, y, classes)
    width, height = WIDE * columns, HIGH * len(rows)
    return "\n".join([
        f'<svg viewBox="0 0 {width} {height}" {label}>',
        f'<rect class="{classes.fill(colours.ground)}" width="{width}" height="{height}"/>',
        '<g shape-rendering="crispEdges">', *grounds.drawn(classes), *shapes.drawn(classes), "</g>",
        *lines.drawn(classes), *texts, "</svg>",
    ])  # fmt: skip


def _glyphs(strip: Iterable[Segment], colours: Colours) -> Iterator[Glyph]:
    column = 0
    for text, style, control in strip:
        if control:
            continue
        ink = _ink(style, colours)
        for cluster, size in clusters(clean(text)):
            if size:
                yield Glyph(column, cluster, size, ink)
            column += size


def _ink(style: Style | None, colours: Colours) -> Ink:
    colour, ground = colours.text, colours.ground
    if style is None:
        return Ink(colour, ground)
    if style.color is not None and not style.color.is_default:
        colour = style.color.get_truecolor().hex
    if style.bgcolor is not None and not style.bgcolor.is_default:
        ground = style.bgcolor.get_truecolor(foreground=False).hex
    if style.reverse:
        colour, ground = ground, colour
    return Ink(colour, ground, bool(style.bold), bool(style.underline), bool(style.dim))


def _runs(row: Sequence[Glyph], alike: Callable[[Glyph, Glyph], bool]) -> Iterator[list[Glyph]]:
    """Neighbours that are alike, together."""
    run: list[Glyph] = []
    for glyph in row:
        if run and not alike(run[-1], glyph):
            yield run
            run = []
        run.append(glyph)
    if run:
        yield run


def _together(one: Glyph, other: Glyph) -> bool:
    """Whether two neighbours are one piece: plain text of one ink but for gaps, or the same glyph again."""
    if (one.ink.colour, one.ink.bold, one.ink.underlined, one.ink.dim) != (
        other.ink.colour, other.ink.bold, other.ink.underlined, other.ink.dim,
    ):  # fmt: skip
        return False
    if one.text == other.text and one.size == other.size:
        return True
    if one.plain and other.plain:
        return True
    return _is_braille(one.text) and _is_braille(other.text)


def _is_braille(text: str) -> bool:
    return len(text) == 1 and "\u2800" <= text <= "\u28ff"


def _cells(run: Sequence[Glyph]) -> int:
    return sum(glyph.size for glyph in run)


def _shape(shapes: _Paths, run: Sequence[Glyph], y: int) -> bool:
    """Draw a run of one glyph that fills its cells in some way; tell whether it is one."""
    glyph, colour = run[0].text, run[0].ink.colour
    x, top, width = WIDE * run[0].column, HIGH * y, WIDE * len(run)
    if glyph in SHADES:
        shapes.add(colour, x, top, width, HIGH, SHADES[glyph])
    elif glyph in EIGHTHS_UP:
        high = HIGH * (1 + EIGHTHS_UP.index(glyph)) / 8
        shapes.add(colour, x, top + HIGH - high, width, high)
    elif glyph == "▀" or glyph == "▔":
        shapes.add(colour, x, top, width, HIGH * PARTS[glyph][3])
    elif glyph in EIGHTHS_RIGHT or glyph in PARTS:
        left, right = (0.0, (1 + EIGHTHS_RIGHT.index(glyph)) / 8) if glyph in EIGHTHS_RIGHT else PARTS[glyph][::2]
        for at in range(len(run)):
            shapes.add(colour, x + WIDE * (at + left), top, WIDE * (right - left), HIGH)
    else:
        return False
    return True


def _lines(lines: _Paths, run: Sequence[Glyph], y: int) -> None:
    """Draw the lines of a frame; those along a row as one."""
    arms, colour = ARMS[run[0].text], run[0].ink.colour
    wide = len(run) if arms[0] and arms[1] and not arms[2] and not arms[3] else 1
    for at in range(0, len(run), wide):
        _arms(lines, colour, WIDE * (run[0].column + at), HIGH * y, arms, wide)


def _arms(shapes: _Paths, colour: str, x: float, y: float, arms: tuple[int, int, int, int], wide: int) -> None:
    """The lines that meet in a cell, or lead along so many cells."""
    left, right, up, down = arms
    middle, centre = x + WIDE / 2, y + HIGH / 2
    if left or right:
        thick = HEAVY if 2 in (left, right) else LIGHT
        begin = x if left else middle - thick / 2
        end = x + WIDE * wide if right else middle + thick / 2
        shapes.add(colour, begin, centre - thick / 2, end - begin, thick)
    if up or down:
        thick = HEAVY if 2 in (up, down) else LIGHT
        begin = y if up else centre - thick / 2
        end = y + HIGH if down else centre + thick / 2
        shapes.add(colour, middle - thick / 2, begin, thick, end - begin)


def _text(run: Sequence[Glyph], y: int, classes: Classes) -> Iterator[str]:
    """The text of a run, in pieces between gaps."""
    ink = run[0].ink
    rule = f"fill:{ink.colour}" + ";font-weight:700" * ink.bold + ";opacity:.6" * ink.dim
    name = classes.of(rule + ";text-decoration:underline" * ink.underlined)
    piece: list[Glyph] = []
    for at, glyph in enumerate(run):
        gap = glyph.text == " " and (not piece or run[at + 1 : at + 2] == [] or run[at + 1].text == " ")
        if not gap:
            piece.append(glyph)
        elif piece:
            yield _piece(piece, y, name)
            piece = []
    if piece:
        yield _piece(piece, y, name)


def _piece(piece: Sequence[Glyph], y: int, name: str) -> str:
    text = escape("".join(glyph.text for glyph in piece), quote=False)
    fit = "" if piece[0].plain else ' lengthAdjust="spacingAndGlyphs"'
    place = f'x="{WIDE * piece[0].column}" y="{HIGH * y + BASELINE}" textLength="{WIDE * _cells(piece)}"{fit}'
    return f'<text class="{name}" {place}>{text}</text>'
