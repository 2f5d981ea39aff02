"""Find the bug: a line of the code at hand is accused, and what it does is told beside what would be right.

Which line is wrong the call at hand knows (`Call.case`), by its text; the numbers are computed when they are asked for.
"""

from __future__ import annotations

from nntui import messages as m
from nntui.models.model import Case, Compared
from nntui.session.subject import CommandError, Desk

READINGS = ("wrong_loss", "right_loss", "wrong_line")


def case_of(desk: Desk) -> Case:
    """What is known of the code at hand; CommandError where nothing is wrong with it."""
    case = desk.clock.call.case
    if case is None:
        raise CommandError("there is no bug to be found in the code at hand; `walk bug 1` goes to a room with one")
    return case


def judged(desk: Desk, line: int) -> m.Judged:
    """Judge a line of the source, 0 for the one about to run; WalkError where nothing runs."""
    case, clock = case_of(desk), desk.clock
    if not line:
        line = clock.cursor.line or 0
        if not line:
            raise CommandError("the call has returned, and no line is about to run; `accuse N` takes a line's number")
    stop = clock.stop_line(line)
    text = clock.source.line_text(stop).strip()
    if text not in case.guilty:
        return m.Judged(stop, text, False, f"{case.innocent[text]} {case.hint}")
    c = case.compare()
    return m.Judged(
        stop, text, True, case.guilty[text], (c.wrong_loss, c.wrong_change), (c.right_loss, c.right_change),
        c.address, c.steps, c.samples, c.loss_before,
    )  # fmt: skip


def reading(desk: Desk, name: str) -> float:
    """One of READINGS: the losses after the steps taken wrongly and rightly, and the number of the line to accuse."""
    case, source = case_of(desk), desk.clock.source
    if name == "wrong_line":
        guilty = next(iter(case.guilty))
        return float(next(line for line in sorted(source.executable) if source.line_text(line).strip() == guilty))
    compared: Compared = case.compare()
    return compared.wrong_loss if name == "wrong_loss" else compared.right_loss
