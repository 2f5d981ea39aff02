"""How numbers and lists are written in panes: with a real minus sign, aligned, and the element in hand marked."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.style import Style

from nntui import messages as m
from nntui.sentences.numbers import Voice
from nntui.tui.look import Shapes
from nntui.tui.rows import Piece


def written(voice: Voice, value: m.Value, shapes: Shapes) -> str:
    """A value in a pane: as it is said, with the minus sign of the screen."""
    text = voice.value(value)
    return text.replace("-", shapes.minus) if isinstance(value, int | float) else text


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


def _window(widths: Sequence[int], length: int, hand: int | None, room: int, ellipsis: int) -> tuple[int, int]:
    """Which items are shown: from the one in hand outwards, the further side first."""
    centre = hand if hand is not None and 0 <= hand < len(widths) else 0
    if not widths:
        return 0, 0

    def fits(start: int, end: int) -> bool:
        cut_off = start > 0 or end < length
        rest = (ellipsis + 2 if start > 0 else 0) + (ellipsis + 2 if end < length else 0)
        return (
            sum(widths[start:end]) + 2 * (end - start - 1) + 2 + rest + (len(f" {length:,}") if cut_off else 0) <= room
        )

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
