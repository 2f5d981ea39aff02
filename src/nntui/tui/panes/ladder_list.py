"""The rungs of the ladder as they stand one above the other, or in a row where there is little room."""

from __future__ import annotations

from nntui import messages as m
from nntui.tui.look import Look
from nntui.tui.rows import Piece, Row, folded, shortened

WIDTH = 27  # columns within the rails


def rails(view: m.LadderView, height: int, look: Look) -> list[Row]:
    """The ladder, the fastest rung at the top: each with its idea, whether it is used, and what its check has said."""
    ink = look.ink
    each = max(2, min(4, (height + 1) // max(1, len(view.rungs))))
    side, rung_line = ("║", "═") if look.shapes.unicode else ("|", "=")
    rows: list[Row] = []
    for rung in reversed(view.rungs):
        lit = rung.name == view.rung
        inner = _rung(rung, lit, look)[: each - 1]
        inner += [[(" " * WIDTH, ink.text)]] * (each - 1 - len(inner))
        for row in inner:
            used = sum(len(text) for text, _ in row)
            rows.append([(side, ink.muted), *row, (" " * (WIDTH - used), ink.text), (side, ink.muted)])
        rows.append([(side + rung_line * WIDTH + side, ink.accent if lit else ink.line)])
    blank: Row = [(side + " " * WIDTH + side, ink.muted)]
    return [*([blank] * (height - len(rows))), *rows][-height:]


def _rung(rung: m.RungOnLadder, lit: bool, look: Look) -> list[Row]:
    """A rung's name with its signs, and below it its idea, or why it is absent."""
    ink, dots = look.ink, look.shapes.ellipsis
    style = ink.lit if lit else ink.muted if rung.absent else ink.text
    signs = _signs(rung, look)
    room = WIDTH - 2 - sum(len(text) + 1 for text, _ in signs)
    name = f"{look.shapes.cursor if lit else ' '}{shortened(rung.name, room, dots)} "
    used = len(name) + sum(len(text) + 1 for text, _ in signs)
    row: Row = [(name, style), (" " * (WIDTH - used), ink.text)]
    for text, sign_style in signs:
        row += [(text, sign_style), (" ", ink.text)]
    told = f"absent: {rung.absent}" if rung.absent else rung.idea
    lines = folded(told, WIDTH - 3)
    if len(lines) > 2:
        lines = [lines[0], shortened(" ".join(lines[1:]), WIDTH - 3, dots)]
    return [row, *[[(f"  {line}", ink.muted)] for line in lines]]


def _signs(rung: m.RungOnLadder, look: Look) -> list[Piece]:
    """Whether training is on it, and whether it has been held against the loops."""
    ink, shapes = look.ink, look.shapes
    signs: list[Piece] = []
    if rung.used:
        signs.append(("used", ink.accent))
    if rung.check is not None:
        said = (
            "0" if rung.check.exact else f"{rung.check.difference:.0e}".replace("e-0", "e-").replace("-", shapes.minus)
        )
        mark, style = (shapes.yes, ink.right) if rung.check.holds else (shapes.no, ink.wrong)
        signs.append((f"{mark}{said}", style))
    return signs


def rungs_in_a_row(view: m.LadderView, width: int, look: Look) -> Row:
    """All rungs from the lowest up, the one looked at lit; those that are used and checked with their signs."""
    ink, shapes = look.ink, look.shapes
    for strip, gap in (("", "  "), ("numba-", "  "), ("numba-", " ")):
        row: Row = []
        for rung in view.rungs:
            name = rung.name.removeprefix(strip)
            style = ink.lit if rung.name == view.rung else ink.muted if rung.absent else ink.text
            sign = ""
            if rung.check is not None:
                sign = shapes.yes if rung.check.holds else shapes.no
            used = shapes.about_to_run if rung.used else " "
            name = f"[{name}]" if rung.name == view.rung and not look.depth else f"({name})" if rung.absent else name
            row += [(f"{gap[1:]}{used}", ink.accent), (name, style)]
            row += [(sign, ink.right if sign == shapes.yes else ink.wrong)] if sign else []
        if sum(len(text) for text, _ in row) <= width:
            return row
    return row
