"""A rung's source beside that of the rung below: what is the same, what is changed, what is new."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Literal, TypeAlias

from nntui import messages as m
from nntui.models.plans import RungInfo
from nntui.session.moving import Tell
from nntui.session.race.racing import check_names
from nntui.session.subject import Desk

PLUMBING = ("prepare",)  # functions that belong to no trick
SETTING_UP = "compiled"  # shown only where there is nothing else
ALIKE = 0.5  # the share of two lines that must be the same for one to be the other changed
Parts: TypeAlias = tuple[tuple[str, int], ...]  # functions, each with its first row
Mark: TypeAlias = Literal["same", "changed", "new"]


class Climber:
    """Looks at the rungs of a desk's model."""

    def __init__(self, desk: Desk, tell: Tell) -> None:
        self.desk = desk
        self.tell = tell

    def climb(self, name: str) -> None:
        """Look at a rung, by default the one that training uses."""
        name = name or self.desk.training.settings.rung
        check_names((name,), self.desk.model)
        self.desk.races.climbed = name
        self.tell(m.Climbed(ladder_view(self.desk)))


def ladder_view(desk: Desk) -> m.LadderView:
    """The rung looked at beside the one below."""
    rungs, used = desk.model.rungs, desk.training.settings.rung
    name = desk.races.climbed if desk.races.climbed in rungs else used
    info = rungs[name]
    below = info.beside or next((under for under, over in pairwise(rungs) if over == name), "")
    lines, parts = source_of(info)
    below_lines, below_parts = source_of(rungs[below]) if below else ((), ())
    marked, marked_below, align = compared(lines, parts, below_lines, below_parts)
    return m.LadderView(
        tuple(
            m.RungOnLadder(r.name, r.idea, r.absent, r.instant, r.name == used, desk.races.checks.get(r.name))
            for r in rungs.values()
        ),
        name, below, info.idea, info.trick, info.source, _file(info), _file(rungs[below]) if below else "",
        marked, marked_below, parts, align, desk.races.checks.get(name),
    )  # fmt: skip


def source_of(info: RungInfo) -> tuple[tuple[str, ...], Parts]:
    """The functions of a rung's file as they stand, and at which row each begins; nothing of a rung that is absent."""
    if info.file is None or info.make is None:
        return (), ()
    text = info.file().read_text(encoding="utf-8")
    rows = text.splitlines()
    functions = [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]
    taught = [node for node in functions if node.name not in (*PLUMBING, SETTING_UP)]
    lines: list[str] = []
    parts: list[tuple[str, int]] = []
    for node in taught or [node for node in functions if node.name == SETTING_UP]:
        if lines:
            lines.append("")
        parts.append((node.name, len(lines)))
        lines += rows[node.lineno - 1 : node.end_lineno]
    return tuple(lines), tuple(parts)


@lru_cache(maxsize=16)
def compared(
    lines: tuple[str, ...], parts: Parts, below: tuple[str, ...], below_parts: Parts
) -> tuple[tuple[m.SourceLine, ...], tuple[m.SourceLine, ...], tuple[tuple[int, int], ...]]:
    """Mark the lines of both, function by function of the same name; and which lines stand beside one another."""
    marks: list[Mark] = ["new" if below else "same"] * len(lines)
    marks_below: list[Mark] = ["new"] * len(below)
    places = {name: (first, end) for name, first, end in _stretches(below_parts, len(below))}
    align: list[tuple[int, int]] = []
    reached = 0  # lines stand beside one another in the order of both files
    for name, first, end in _stretches(parts, len(lines)):
        first_below, end_below = places.get(name, (0, 0))
        if first_below < reached:
            continue
        for row, row_below, same in _paired(lines[first:end], below[first_below:end_below]):
            marks[first + row] = marks_below[first_below + row_below] = "same" if same else "changed"
            align.append((first + row, first_below + row_below))
        reached = max(reached, end_below)
    ours = tuple(m.SourceLine(text, mark) for text, mark in zip(lines, marks, strict=True))
    theirs = tuple(m.SourceLine(text, mark) for text, mark in zip(below, marks_below, strict=True))
    return ours, theirs, tuple(align)


def _stretches(parts: Parts, end: int) -> Iterator[tuple[str, int, int]]:
    """Each function's name, its first row, and the row after its last."""
    for number, (name, first) in enumerate(parts):
        yield name, first, parts[number + 1][1] if number + 1 < len(parts) else end


def _paired(lines: tuple[str, ...], below: tuple[str, ...]) -> Iterator[tuple[int, int, bool]]:
    """Which lines belong together, and whether they are the same; how far they are indented is no difference."""
    bare, bare_below = [line.strip() for line in lines], [line.strip() for line in below]
    matcher = difflib.SequenceMatcher(None, bare_below, bare, autojunk=False)
    for what, first_below, end_below, first, end in matcher.get_opcodes():
        if what == "equal":
            yield from ((row, first_below + row - first, True) for row in range(first, end))
            continue
        at = first_below
        for row in range(first, end):
            near = (place for place in range(at, end_below) if _alike(bare[row], bare_below[place]))
            place = next(near, None)
            if place is not None:
                yield row, place, False
                at = place + 1


def _alike(line: str, other: str) -> bool:
    """Whether one line may be called the other one changed."""
    return difflib.SequenceMatcher(None, line, other, autojunk=False).ratio() >= ALIKE


def _file(info: RungInfo) -> str:
    """The name of a rung's file."""
    return Path(info.file()).name if info.file is not None and info.make is not None else ""
