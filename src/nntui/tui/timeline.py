"""The timeline of a recording that is played: its losses as a strip, marks and beats on it, where it stands, and how.

One row where the screen is small, else a strip of one or two rows, names of marks where there is room for them, and
what it does. A click on the strip goes there.
"""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len
from rich.style import Style

from nntui import messages as m
from nntui.sentences.recordings import clock
from nntui.tui.bars import Bar
from nntui.tui.panes.plot import NoPlotError, Scale, joined, plain, scale_of
from nntui.tui.playback import JUMP, Playback
from nntui.tui.rows import Piece, Row, shortened

ROOMY, TALL = 20, 30  # rows of the screen from which on it has two rows, three
TALLEST = 40
LEAST_STRIP = 16  # columns
LEAST_NAME = 12  # columns of a recording's name
BRANCH_OF = "branch of "
WITH_NAME = 60  # columns of a screen from which on the name of a place is told
EIGHTHS = " ▁▂▃▄▅▆▇█"
STROKES = " ..--==##"
SIGNS = {"playing": "▶", "paused": "▌▌", "following": "●", "over": "■"}
PLAIN_SIGNS = {"playing": ">", "paused": "||", "following": "*", "over": "#"}
SAID = {"playing": "playing", "paused": "paused", "following": "following", "over": "at the end"}


@dataclass(frozen=True)
class _Place:
    """What a click at some columns of a row means."""

    row: int
    first: int
    last: int
    command: m.Command


class TimelineBar(Bar):
    """Draws the timeline."""

    kind = "timeline"
    needs = "timeline"
    DEFAULT_CSS = "TimelineBar { display: none; }"

    def __init__(self) -> None:
        super().__init__()
        self.playback = Playback()
        self._strip = (0, 0, 0, 0)  # left, width, first row and number of rows
        self._places: list[_Place] = []

    def fit(self, rows: int) -> None:
        """Be there while a recording is played, in as many rows as a screen of so many allows; of 0, not at all."""
        height = 1 + (rows >= ROOMY) + (rows >= TALL) + (rows >= TALLEST)
        self.display = self.playback.played and rows > 0
        if self.styles.height is None or self.styles.height.value != height or not self.styles.height.is_cells:
            self.styles.height = height
        if self.display:
            self.redraw()

    # ------------------------------------------------------------ drawing

    def draw(self, width: int, height: int) -> list[Row]:
        """The strip and what it does."""
        self._places = []
        self._strip = (0, 0, 0, 0)
        if not self.playback.played:
            return []
        if height == 1:
            return [self._one_row(width)]
        named = height >= 3 and self.playback.view is not None
        tall = height - 1 - named
        rows = self._drawn_strip(0, width, 0, tall)
        if named:
            rows.append(self._names(width, tall))
        return [*rows, self._told(width, height - 1)]

    def _one_row(self, width: int) -> Row:
        head = self._state(brief=True)
        room = width - sum(cell_len(text) for text, _ in head) - 2
        damage = self._damage(min(room - LEAST_STRIP, 24))
        room -= sum(cell_len(text) for text, _ in damage)
        if room < LEAST_STRIP:
            return head
        left = sum(cell_len(text) for text, _ in head) + 2
        return [*head, ("  ", self.ink.text), *self._drawn_strip(left, room, 0, 1)[0], *damage]

    def _drawn_strip(self, left: int, width: int, row: int, height: int) -> list[Row]:
        """The losses from left to right; what has been played is lit. Ticks for marks and beats, a bar where it is."""
        self._strip = (left, width, row, height)
        levels, seen = self._levels(width, height), self._column(self.playback.at, width)
        ink, unicode = self.ink, self.look.shapes.unicode
        glyphs = EIGHTHS if unicode else STROKES
        cells: list[list[Piece]] = []
        for below in reversed(range(height)):
            filled = [min(8, max(0, level - 8 * below)) for level in levels]
            cells.append([
                (glyphs[n] if n or below else glyphs[1], self._style(column, seen)) for column, n in enumerate(filled)
            ])  # fmt: skip
        for mark in self._marks():
            tick = ("╷" if unicode else "'") if mark.beat else ("◆" if unicode else "*")
            cells[0][self._column(mark.at, width)] = (tick, ink.text if mark.beat else ink.plus)
        for line in cells:
            line[seen] = ("┃" if unicode else "|", ink.lit)
        return [joined(line) for line in cells]

    def _style(self, column: int, seen: int) -> Style:
        return self.ink.minus if column <= seen else self.ink.muted

    def _column(self, seconds: float, width: int) -> int:
        whole = self.playback.seconds
        return round(min(1.0, max(0.0, seconds / whole)) * (width - 1)) if whole > 0 else 0

    def _levels(self, width: int, height: int) -> list[int]:
        """Of each column the loss, in eighths of a row; 0 where there is none yet."""
        view = self.playback.view
        losses = view.loss if view is not None else ()
        scale = _scale(losses)
        if scale is None:
            return [0] * width
        found: dict[int, list[float]] = {}
        for at, loss in losses:
            found.setdefault(self._column(at, width), []).append(loss)
        levels, level = [], 0
        for column in range(width):
            if column in found:
                share = scale.share(sum(found[column]) / len(found[column]))
                level = 1 + round(share * (8 * height - 1))
            levels.append(level)
        return levels

    def _marks(self) -> tuple[m.TimelineMark, ...]:
        """Marks are drawn over beats."""
        view = self.playback.view
        return tuple(sorted(view.marks, key=lambda mark: not mark.beat)) if view is not None else ()

    def _names(self, width: int, row: int) -> Row:
        """Names of marks and numbers of beats, each below its tick, as far as there is room; marks first."""
        cells: list[Piece] = [(" ", self.ink.text)] * width
        free = [True] * width
        for mark in reversed(self._marks()):
            name = str(mark.beat) if mark.beat else shortened(plain(mark.name), 24, self.look.shapes.ellipsis)
            start = max(0, min(self._column(mark.at, width), width - len(name)))
            around = range(max(0, start - 1), min(width, start + len(name) + 1))
            if not name or not all(free[column] for column in around):
                continue
            style = self.ink.muted if mark.beat else self.ink.plus
            cells[start : start + len(name)] = [(character, style) for character in name]
            for column in around:
                free[column] = False
            seek = m.Seek("time", mark.at)
            self._places.append(_Place(row, start, start + len(name) - 1, seek))
        return joined(cells)

    # ------------------------------------------------------------ what it says

    def _told(self, width: int, row: int) -> Row:
        """What it does, where it is, what is wrong with the file."""
        head = self._branch(width) if self.playback.live else self._state(brief=False)
        used = sum(cell_len(text) for text, _ in head)
        if not self.playback.live:
            self._places.append(_Place(row, 0, used - 1, self.playback.toggled()))
        damage = self._damage(width - used - 2)
        used += sum(cell_len(text) for text, _ in damage)
        place = [] if self.playback.live else self._here(width - used - 3)
        gap = width - used - sum(cell_len(text) for text, _ in place)
        return [*head, (" " * max(1, gap), self.ink.text), *place, *damage]

    def _state(self, brief: bool) -> Row:
        play, ink, unicode = self.playback, self.ink, self.look.shapes.unicode
        if play.live and brief:
            return [("branch ", ink.accent), *self._times()]
        sign = (SIGNS if unicode else PLAIN_SIGNS)[play.state]
        row: Row = [(f"{sign} ", ink.accent)]
        if not brief:
            row.append((f"{SAID[play.state]}  ", ink.text))
        row += self._times()
        if play.speed != 1.0:
            row += [(f"  {'×' if unicode else 'x'}{play.speed:g}", ink.accent)]
        return row

    def _times(self) -> Row:
        play = self.playback
        return [(clock(play.at, play.seconds), self.ink.strong), (f" / {clock(play.seconds)}", self.ink.muted)]

    def _branch(self, width: int) -> Row:
        """Of which recording this is a branch, from where, and how the losses compare."""
        play, ink, shapes = self.playback, self.ink, self.look.shapes
        assert play.opened is not None
        left = f" left at {clock(play.at, play.seconds)}"
        long, short = self._compared(True), self._compared(False)
        for place, compared in ((left, long), (left, short), ("", short)):
            room = width - len(BRANCH_OF) - len(place) - sum(cell_len(text) for text, _ in compared)
            if room >= min(cell_len(plain(play.opened.name)), LEAST_NAME):
                break
        else:
            place, compared, room = left, [], width - len(BRANCH_OF) - len(left)
        name = shortened(plain(play.opened.name), max(6, room), shapes.ellipsis)
        return [(BRANCH_OF, ink.accent), (name, ink.strong), (place, ink.muted), *compared]

    def _compared(self, roomy: bool) -> Row:
        """How the losses compare; where there is little room, that of the branch is left to the header."""
        losses, ink = self.playback.losses(), self.ink
        if losses is None:
            return []
        (step, loss), (their_step, theirs) = losses
        till = f" at step {their_step:,}" if their_step < step else ""
        mine, other = (self.voice.number(value).replace("-", self.look.shapes.minus) for value in (loss, theirs))
        if not roomy:
            return [(f"  {PARENT_SAID} loss{till} ", ink.muted), (other, ink.plus)]
        return [
            (f"  at step {step:,} loss ", ink.muted), (mine, ink.strong), (f", {PARENT_SAID}{till} ", ink.muted),
            (other, ink.plus),
        ]  # fmt: skip

    def _here(self, room: int) -> Row:
        """The mark or beat that was last come by."""
        mark = self.playback.here()
        if mark is None or room < 8:
            return []
        said = f"beat {mark.beat}: {plain(mark.name)}" if mark.beat else plain(mark.name)
        sign = "" if mark.beat else ("◆ " if self.look.shapes.unicode else "* ")
        text = shortened(f"{sign}{said}", room, self.look.shapes.ellipsis)
        return [(text, self.ink.muted if mark.beat else self.ink.plus)]

    def _damage(self, room: int) -> Row:
        view = self.playback.view
        damage = view.damage if view is not None else self.playback.opened.damage if self.playback.opened else ""
        if not damage or room < 8:
            return []
        return [(f"  {shortened(damage, room - 2, self.look.shapes.ellipsis)}", self.ink.wrong)]

    # ------------------------------------------------------------ the mouse

    def clicked(self, x: int, y: int, shift: bool) -> m.Command | None:
        """Go to a place of the strip, or to what is named; play or pause where it says so."""
        left, width, row, height = self._strip
        for place in self._places:
            if place.row == y and place.first <= x <= place.last:
                return place.command
        if width > 1 and left <= x < left + width and row <= y < row + height:
            return m.Seek("time", self.playback.seconds * (x - left) / (width - 1))
        return None

    def wheel(self, x: int, y: int, up: bool, shift: bool) -> m.Command | None:
        """On and back a little."""
        return self.playback.by(-JUMP if up else JUMP) if self.playback.moving else None


PARENT_SAID = "the recording's"


def _scale(losses: tuple[tuple[float, float], ...]) -> Scale | None:
    """Losses that differ by more than tenfold are drawn by their logarithm: the strip is low."""
    values = [loss for _, loss in losses]
    wide = bool(values) and min(values) > 0 and max(values) > 10 * min(values)
    try:
        return scale_of(values, 0.5, wide)
    except NoPlotError:
        return None
