"""What a terminal cannot show is taken out at the very end, whoever drew it: colours, and letters beyond ASCII."""

from __future__ import annotations

from functools import lru_cache

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter, NoColor

_PLAIN = str.maketrans({
    "─": "-", "━": "=", "═": "=", "│": "|", "┃": "|", "║": "|", "╭": "+", "╮": "+", "╰": "+", "╯": "+", "┌": "+",
    "┐": "+", "└": "+", "┘": "+", "├": "+", "┤": "+", "┬": "+", "┴": "+", "┼": "+", "┏": "+", "┓": "+", "┗": "+",
    "┛": "+", "╔": "+", "╗": "+", "╚": "+", "╝": "+", "▔": "-", "▁": "_", "▏": "|", "▕": "|", "▎": "|", "▊": "|",
    "…": ".", "−": "-", "·": ".", "×": "x", "±": "~", "→": ">", "←": "<", "↑": "^", "↓": "v", "▶": ">", "◀": "<",
    "●": "*", "○": "o", "◉": "@", "✓": "y", "✗": "n", "░": ".", "▒": "+", "▓": "#", "█": "#", "▀": "-", "▄": "_",
    "’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "›": ">", "‹": "<", "␣": "_", "⌫": "<", "⏎": ">",
})  # fmt: skip


@lru_cache(maxsize=4096)
def ascii_of(text: str) -> str:
    """A text of as many characters, all of them ASCII."""
    return "".join(
        character if character.isascii() else "o" if "\u2800" <= character <= "\u28ff" else "?"
        for character in text.translate(_PLAIN)
    )


class Ascii(LineFilter):
    """Letters beyond ASCII are replaced by what looks most like them."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Replace them."""
        return [
            segment if segment.text.isascii() else Segment(ascii_of(segment.text), segment.style, segment.control)
            for segment in segments
        ]


class NoColour(NoColor):
    """No colour at all; bold, underline and reverse remain."""
