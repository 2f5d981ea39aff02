"""How things look: the themes' colours, the glyphs, and what of both a terminal can show.

Colours come in roles. The diverging pair (blue for minus, orange for plus) is one that colour-blind people can tell
apart, and nothing is said by colour alone: a sign, a dash or a glyph says it too. Where there are fewer than 256
colours, maps are drawn with glyphs; where there is no colour at all, `Ink` still has bold, underline and reverse.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from rich.color import Color
from rich.style import Style

Depth = Literal[0, 16, 256, 16777216]  # how many colours the terminal shows; 0: none

MAP_LEVELS = 16


@dataclass(frozen=True)
class Colours:
    """One theme's colours by role."""

    name: str
    dark: bool
    ground: str  # behind everything
    text: str
    muted: str  # what is there but not the point
    line: str  # borders
    focus: str  # the border of the pane with the keys
    accent: str  # what is about to happen: the line about to run, what is selected
    on_accent: str  # text on it
    plus: str
    minus: str
    right: str
    wrong: str
    ramp: tuple[str, str, str]  # of maps, from low to high; monotone in luminance
    thick: bool = False  # strokes for the last row of a lecture hall


THEMES = {
    "dark": Colours(
        "dark", True, "#11151c", "#d9dee7", "#7f8b9d", "#39424f", "#e8b84b", "#e8b84b", "#11151c",
        "#ff9d4d", "#5cb3ff", "#8fd694", "#ff7a8a", ("#0d2b4d", "#59626e", "#ffd8a8"),
    ),
    "light": Colours(
        "light", False, "#fbfaf6", "#23272e", "#6a7280", "#c3c7cd", "#9a6700", "#ffd866", "#23272e",
        "#a84300", "#0a58b8", "#1a6b2d", "#b00028", ("#1d4f8c", "#9aa0a6", "#ffe3c2"),
    ),
    "projector": Colours(
        "projector", False, "#ffffff", "#000000", "#404040", "#606060", "#000000", "#ffdd33", "#000000",
        "#9c3a00", "#0040b0", "#005a1e", "#a00020", ("#0b3a78", "#8a8a8a", "#ffe0b0"), thick=True,
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Shapes:
    """The glyphs of one terminal."""

    unicode: bool
    about_to_run: str
    breakpoint: str
    cursor: str
    arrow: str  # from an old value to a new one
    neuron: str
    neuron_lit: str
    marker: str  # where a knob stands
    knob_line: str
    knob_left: str
    knob_right: str
    yes: str
    no: str
    ellipsis: str
    rule: str
    minus: str
    levels: str  # of ink, from none to full
    bar: str
    half: str  # the upper half of a cell; empty where there is none
    dot: str


UNICODE = Shapes(
    True, "▶", "●", "›", "→", "●", "◉", "●", "━", "◀", "▶", "✓", "✗", "…", "─", "−", " ·░▒▓█", "█", "▀", "·",
)  # fmt: skip
ASCII = Shapes(
    False, ">", "*", ":", "->", "o", "@", "O", "-", "<", ">", "y", "n", "...", "-", "-", " .:+#@", "#", "", "."
)


@dataclass(frozen=True)
class Look:
    """A theme, the glyphs, and how many colours there are."""

    colours: Colours = THEMES["dark"]
    shapes: Shapes = UNICODE
    depth: Depth = 16777216

    @property
    def shades(self) -> bool:
        """Whether there are colours enough for a ramp."""
        return self.depth >= 256 and self.shapes.unicode

    @cached_property
    def ink(self) -> Ink:
        """The styles."""
        return Ink(self.colours)

    @cached_property
    def ramp(self) -> tuple[str, ...]:
        """The colours of a map, from low to high."""
        low, middle, high = self.colours.ramp
        half = MAP_LEVELS // 2
        return tuple(
            blend(low, middle, level / (half - 1)) if level < half else blend(middle, high, (level - half + 1) / half)
            for level in range(MAP_LEVELS)
        )


class Ink:
    """The styles of a theme, by role. Each has both colours: a Segment without would be shown as it happens to be."""

    def __init__(self, colours: Colours) -> None:
        c = self._colours = colours
        self.text = self.of(c.text)
        self.strong = self.of(c.text, bold=True)
        self.muted = self.of(c.muted)
        self.line = self.of(c.line)
        self.accent = self.of(c.accent if c.dark else c.focus, bold=True)
        self.lit = self.of(c.on_accent, c.accent, bold=True)  # the line about to run; the choice at hand
        self.plus = self.of(c.plus, bold=c.thick)
        self.minus = self.of(c.minus, bold=c.thick)
        self.right = self.of(c.right, bold=True)
        self.wrong = self.of(c.wrong, bold=True)
        self.selected = self.of(c.ground, c.text, bold=True)
        self.cursor = self.of(c.text, underline=True)

    def of(
        self, colour: str, ground: str = "", *, bold: bool = False, underline: bool = False, dim: bool = False
    ) -> Style:
        """A style of any two colours (the theme's ground where only one is given)."""
        return Style(
            color=colour, bgcolor=ground or self._colours.ground, bold=bold or None, underline=underline or None,
            dim=dim or None,
        )  # fmt: skip

    def signed(self, value: float) -> Style:
        """The colour of a number's sign."""
        return self.plus if value > 0 else self.minus if value < 0 else self.muted


def blend(one: str, other: str, share: float) -> str:
    """A colour between two."""
    a, b = Color.parse(one).get_truecolor(), Color.parse(other).get_truecolor()
    return "#" + "".join(f"{round(x + (y - x) * share):02x}" for x, y in zip(a, b, strict=True))
