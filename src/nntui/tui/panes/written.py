"""How numbers and lists are written in panes: with a real minus sign, aligned, and the element in hand marked.

A number that was cut is another number. What does not fit ends in an ellipsis (`fitted`, `whole`), and numbers that
differ are written in as many digits as tell them apart (`apart`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from rich.cells import cell_len
from rich.style import Style

from nntui import messages as m
from nntui.sentences.numbers import MOST_DIGITS, Voice
from nntui.tui.look import Shapes
from nntui.tui.rows import Piece, Row, cut, shortened

MOST_CUT = 5  # columns that are left of a number at least
NUMBER = re.compile(r"(?<![\w.])[+−-]?\d+(?:,\d{3})*(?:\.\d+)?(?:e[+−-]?\d+)?")

InDigits = Callable[[float, int], str]  # how a number is written in so many digits; 0: all there are


def written(voice: Voice, value: m.Value, shapes: Shapes) -> str:
    """A value in a pane: as it is said, with the minus sign of the screen."""
    text = voice.value(value)
    return text.replace("-", shapes.minus) if isinstance(value, int | float) else text


def apart(values: Sequence[float], number: InDigits, digits: int) -> list[str]:
    """Numbers in so many digits, or in as many more as it takes that those that differ look different."""
    texts = [number(value, digits) for value in values]
    for more in range(digits + 1, MOST_DIGITS + 1) if digits else ():
        if are_apart(values, texts):
            break
        texts = [number(value, more) for value in values]
    return texts


def are_apart(values: Sequence[float], texts: Sequence[str]) -> bool:
    """Whether numbers that differ look different."""
    return len(set(texts)) >= len({repr(value + 0.0) for value in values})


def fitted(text: str, room: int, ellipsis: str) -> str:
    """A text in so many cells; of a number the last digits give way to an ellipsis, but not its exponent."""
    if cell_len(text) <= room:
        return text
    whole_number = NUMBER.fullmatch(text)
    digits, mark, power = text.partition("e") if whole_number else (text, "", "")
    keep = room - cell_len(ellipsis + mark + power)
    if mark and keep > 1:
        return digits[:keep] + ellipsis + mark + power
    return shortened(text, room, ellipsis)


def whole(row: Row, width: int, ellipsis: str) -> Row:
    """A row that is not cut inside a number without an ellipsis; one that fits, or is cut elsewhere, as it is."""
    text = "".join(part for part, _ in row)
    if cell_len(text) <= width:
        return row
    end = len(cut(text, width).rstrip())
    number = next((found for found in NUMBER.finditer(text, 0) if found.start() < end < found.end()), None)
    if number is None:
        return row
    kept: Row = []
    at = 0
    for part, style in row:
        if at + len(part) > number.start():
            left = max(0, width - cell_len(text[: number.start()]))
            return [*kept, (part[: number.start() - at], style), (fitted(number[0], left, ellipsis), style)]
        kept.append((part, style))
        at += len(part)
    return kept


def aligned(texts: Sequence[str]) -> list[str]:
    """Numbers one below the other, their decimal points in one column."""
    whole = max((cell_len(text.partition(".")[0]) for text in texts), default=0)
    shown = [" " * (whole - cell_len(text.partition(".")[0])) + text for text in texts]
    width = max((cell_len(text) for text in shown), default=0)
    return [text + " " * (width - cell_len(text)) for text in shown]


def hands(shapes: Shapes) -> tuple[str, str]:
    """What stands around the element in hand."""
    return ("▸", "◂") if shapes.unicode else (">", "<")


def full_width(texts: Sequence[str]) -> int:
    """The cells that a list takes as a whole, with the marks of one element."""
    return sum(cell_len(text) + 2 for text in texts) + 4


def list_pieces(
    texts: Sequence[str], length: int, hand: int | None, room: int, shapes: Shapes, styles: tuple[Style, Style, Style]
) -> tuple[list[Piece], int]:
    """A list in so many cells: as many items around the one in hand as fit, and how wide that became."""
    plain, lit, muted = styles
    left, right = hands(shapes)
    marked = list(texts)
    if hand is not None and 0 <= hand < len(marked):
        marked[hand] = f"{left}{marked[hand]}{right}"
    start, end = _window([cell_len(text) for text in marked], length, hand, room, cell_len(shapes.ellipsis))
    if end - start == 1 and not (hand is not None and hand >= len(marked)):
        inside = room - 2 - _around(start, end, length, cell_len(shapes.ellipsis)) - 2 * (start == hand)
        text = fitted(texts[start], max(MOST_CUT, inside), shapes.ellipsis)
        marked[start] = f"{left}{text}{right}" if start == hand else text
    pieces: list[Piece] = [("[", plain)]
    if start > 0:
        pieces.append((f"{shapes.ellipsis}, ", muted))
    for index in range(start, end):
        pieces.append((marked[index], lit if index == hand else plain))
        pieces.append((", " if index < end - 1 or end < length else "", plain))
    if hand is not None and hand >= len(marked):  # only the first of many are told
        pieces.append((f"{shapes.ellipsis} {left}[{hand}]{right} ", lit))
    if end < length:
        pieces.append((shapes.ellipsis, muted))
    pieces.append(("]", plain))
    if start > 0 or end < length:
        pieces.append((f" {length:,}", muted))
    return pieces, sum(cell_len(text) for text, _ in pieces)


def _around(start: int, end: int, length: int, ellipsis: int) -> int:
    """The cells that it takes to say that items are left out."""
    rest = (ellipsis + 2 if start > 0 else 0) + (ellipsis + 2 if end < length else 0)
    return rest + (len(f" {length:,}") if rest else 0)


def _window(widths: Sequence[int], length: int, hand: int | None, room: int, ellipsis: int) -> tuple[int, int]:
    """Which items are shown: from the one in hand outwards, the further side first."""
    centre = hand if hand is not None and 0 <= hand < len(widths) else 0
    if not widths:
        return 0, 0

    def fits(start: int, end: int) -> bool:
        return sum(widths[start:end]) + 2 * (end - start - 1) + 2 + _around(start, end, length, ellipsis) <= room

    if fits(0, len(widths)):
        return 0, len(widths)
    start, end = centre, centre + 1
    while True:
        after, before = end < len(widths) and fits(start, end + 1), start > 0 and fits(start - 1, end)
        if after and (end - centre <= centre - start or not before):
            end += 1
        elif before:
            start -= 1
        else:
            return start, end


def name_in(name: str, room: int, ellipsis: str) -> str:
    """A name in so many cells: of an address its first letter and its indices, for these tell it from others."""
    indices = re.findall(r"\[(\d+)\]", name)
    shorter = (name, f"{name[:1]}[{']['.join(indices)}]", f"{name[:1]} {' '.join(indices)}") if indices else (name,)
    return next((text for text in shorter if len(text) <= room), shortened(name, room, ellipsis))
