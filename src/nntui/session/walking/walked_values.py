"""The locals of a walked call as they are told, and how one of them came about."""

from __future__ import annotations

from typing import Any, TypeAlias

from nntui import messages as m
from nntui.trace import units
from nntui.trace.cursor import Cursor
from nntui.trace.trace import Trace
from nntui.trace.values import Absent, Grid, Reference

MOST_ITEMS = 64  # of a list

# The line that changed a number, its value then, the value before (None where given anew), the loop variables then.
Came: TypeAlias = tuple[int, float, float | None, dict[str, Any]]


# ---------------------------------------------------------------- as they are told


def as_told(value: Any, cursor: Cursor | None = None, name: str = "") -> m.Value:
    """A value of a record, or an argument called `name`; what refers to a list is looked up where the cursor is."""
    if isinstance(value, Absent):
        return None
    if isinstance(value, Reference) and cursor is not None:
        return _list_value(str(value), cursor.resolve(value))
    if hasattr(value, "tolist") and hasattr(value, "ndim"):  # an array
        value = Grid(value.tolist()) if value.ndim > 1 else value.tolist()
    if isinstance(value, list | tuple):
        return _grid_value(name, value) if isinstance(value, Grid) else _list_value(name, list(value))
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return str(value)[:80]


def _grid_value(name: str, rows: Grid) -> m.ListValue:
    """An array of two dimensions: its numbers row by row, and how many stand in a row."""
    numbers = [float(number) for row in rows for number in row]
    return m.ListValue(name, tuple(numbers[:MOST_ITEMS]), len(numbers), rows=len(rows), columns=len(rows[0]))


def _list_value(name: str, items: list[Any]) -> m.Value:
    if items and (isinstance(items[0], list | tuple) or hasattr(items[0], "shape")):
        return m.ListValue(name, (), len(items), rows=len(items))
    if not all(isinstance(item, int | float) for item in items[:MOST_ITEMS]):  # objects, such as nodes
        return f"{len(items):,} objects"
    return m.ListValue(name, tuple(float(item) for item in items[:MOST_ITEMS]), len(items))


def items_in(value: Any) -> int:
    """How many items a list has, those of its lists counted; 0 for what is none."""
    if not isinstance(value, list | tuple):
        return 0
    return len(value) + sum(len(item) for item in value if isinstance(item, list | tuple))


# ---------------------------------------------------------------- how one came about


def how_it_came(trace: Trace, cursor: Cursor, event: int, name: str) -> list[Came]:
    """How a number came about in the cursor's frame, back to where it was given a value anew."""
    entries: list[Came] = []
    for index in range(event, 0, -1):
        for change in reversed(trace.delta(index)):
            if change.frame != cursor.frame or change.name != name or change.path:
                continue
            line = line_of_frame(trace, index, change.frame)
            added = _adds_to(trace.source.line_text(line), name)
            if not isinstance(change.new, float | int):
                return entries[::-1]
            old = float(change.old) if added and isinstance(change.old, float | int) else None
            entries.append((line, float(change.new), old, _loop_values(trace, index, change.frame)))
            if old is None:
                return entries[::-1]
    return entries[::-1]


def line_of_frame(trace: Trace, index: int, frame: int) -> int:
    """The line of a frame that ran last before a place."""
    for place in range(min(index, len(trace)) - 1, -1, -1):
        if trace.owners[place] == frame:
            return trace.lines[place]
    return trace.lines[max(0, index - 1)]


def _adds_to(text: str, name: str) -> bool:
    return text.strip().startswith((f"{name} +=", f"{name} -="))


def _loop_values(trace: Trace, index: int, frame: int) -> dict[str, Any]:
    """The values of the loop variables around the line that ran before a place."""
    found: dict[str, Any] = {}
    for place in range(min(index, len(trace)) - 1, -1, -1):
        if trace.owners[place] != frame:
            continue
        for loop in trace.source.loops_at(trace.lines[place]):
            run = trace.run_at(place, loop)
            at = units.pass_of(trace, place)
            if run and at and not found:
                for variable, value in zip(run.loop.variables, run.values[at - 1], strict=True):
                    found[variable] = value
        break
    return found
