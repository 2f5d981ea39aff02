"""A rung's source beside that of the rung below: what is the same, what is changed, what is new."""

from __future__ import annotations

import ast
import difflib
from itertools import pairwise
from pathlib import Path

from nntui import messages as m
from nntui.models.plans import RungInfo
from nntui.session.moving import Tell
from nntui.session.race.racing import check_names
from nntui.session.subject import Desk

PLUMBING = ("prepare",)  # functions that belong to no trick
SETTING_UP = "compiled"  # shown only where there is nothing else


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
    below = next((under for under, over in pairwise(rungs) if over == name), "")
    info = rungs[name]
    lines, parts = source_of(info)
    below_lines, _ = source_of(rungs[below]) if below else ([], ())
    marked, marked_below, align = compared(lines, below_lines)
    return m.LadderView(
        tuple(m.RungOnLadder(r.name, r.idea, r.absent, r.instant, r.name == used) for r in rungs.values()),
        name, below, info.idea, info.trick, info.source, _file(info), _file(rungs[below]) if below else "",
        marked, marked_below, parts, align, desk.races.checks.get(name),
    )  # fmt: skip


def source_of(info: RungInfo) -> tuple[list[str], tuple[tuple[str, int], ...]]:
    """The functions of a rung's file as they stand, and at which row each begins; nothing of a rung that is absent."""
    if info.file is None or info.make is None:
        return [], ()
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
    return lines, tuple(parts)


def compared(
    lines: list[str], below: list[str]
) -> tuple[tuple[m.SourceLine, ...], tuple[m.SourceLine, ...], tuple[tuple[int, int], ...]]:
    """Mark the lines of both; and which stand beside one another."""
    marks = ["new" if below else "same"] * len(lines)
    marks_below = ["changed"] * len(below)
    align: list[tuple[int, int]] = []
    matcher = difflib.SequenceMatcher(None, below, lines, autojunk=False)
    for what, first_below, end_below, first, end in matcher.get_opcodes():
        beside = list(zip(range(first, end), range(first_below, end_below), strict=False))
        align += beside
        for row, row_below in beside:
            marks[row] = "same" if what == "equal" else "changed"
            marks_below[row_below] = marks[row]
    ours = tuple(m.SourceLine(text, mark) for text, mark in zip(lines, marks, strict=True))  # type: ignore[arg-type]
    theirs = tuple(m.SourceLine(text, mark) for text, mark in zip(below, marks_below, strict=True))  # type: ignore[arg-type]
    return ours, theirs, tuple(align)


def _file(info: RungInfo) -> str:
    """The name of a rung's file."""
    return Path(info.file()).name if info.file is not None and info.make is not None else ""
