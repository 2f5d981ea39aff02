"""The line clock: the place within the call that is walked, line by line, forwards and backwards.

The call is recorded when it is first looked into, on a copy, and thrown away when anything changes; walking changes
nothing but the place. Where a call ends and the next begins is the business of the session.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Hashable
from functools import partial
from typing import Any

from nntui import messages as m
from nntui.models.model import Call
from nntui.session.walking.walked_values import Came, as_told, how_it_came, items_in, line_of_frame
from nntui.trace import units
from nntui.trace.cursor import Cursor
from nntui.trace.record import TooLong, record
from nntui.trace.source import Source, read_source
from nntui.trace.trace import Trace
from nntui.trace.values import Change

MOST_EVENTS = 200_000
GLANCE_EVENTS = 20_000  # a call of so many lines or fewer is recorded in less than a tenth of a second
MOST_CHANGES = 24  # told of one move

Moves = Callable[[Trace, int, units.Direction], int | None]
_BY_LINES: dict[str, Moves] = {
    "line": units.line,
    "into": units.into,
    "over": units.over,
    "out": units.out,
    "call": units.call,
}


class WalkError(ValueError):
    """A place that cannot be gone to; the text says why, and what can be done instead, in one sentence."""


class LineClock:
    """The place in the call at hand. `call()` makes that call anew from the state as it is.

    `version()` is another number whenever that state may be another: training goes on while somebody looks at the call
    that came next when they looked last.
    """

    def __init__(
        self, call: Callable[[], Call], loops: Callable[[], dict[str, str]], version: Callable[[], int] = lambda: 0
    ) -> None:
        self._make_call = call
        self._loops = loops  # unit -> loop variable
        self._version = version
        self._seen = -1  # the version that the call and the record are of
        self.event = 0
        self._breakpoints: dict[str, tuple[int, ...]] = {}  # by the file that they stand in
        self._call: Call | None = None
        self._trace: Trace | None = None
        self._cursor: Cursor | None = None
        self._too_long: int = 0
        self._long: set[Hashable] = set()  # the kinds of call that are not recorded at a glance

    # ------------------------------------------------------------ the record

    def forget(self) -> None:
        """Something has changed: the call will be another, and stands at its beginning."""
        self.event = 0
        self._drop()

    def _drop(self) -> None:
        self._call = self._trace = self._cursor = None
        self._too_long = 0

    def keep_place(self, change: Callable[[], Any]) -> Any:
        """Change something under way, and be at the same line and pass of the call as it now is.

        If that call is too long to be recorded, as one on larger batches may be, this is its beginning.
        """
        old = self.trace if self.event else None
        place = self.event
        result = change()
        self.forget()
        if old is not None:
            with contextlib.suppress(WalkError):
                self.event = units.same_place(old, place, self.trace)
        return result

    @property
    def call(self) -> Call:
        """The call as the state now makes it; its arguments are not to be changed."""
        if self._seen != self._version():
            self._drop()
            self._seen = self._version()
        if self._call is None:
            self._call = self._make_call()
        return self._call

    @property
    def trace(self) -> Trace:
        """The record of the call; WalkError if it is too long to be recorded."""
        call = self.call
        if self._trace is None:
            if self._too_long:
                raise WalkError(_too_long(self._too_long))
            try:
                self._trace = record(call.function, call.arguments, limit=MOST_EVENTS)
            except TooLong as error:
                self._too_long = error.events
                raise WalkError(_too_long(error.events)) from None
        return self._trace

    @property
    def at_a_glance(self) -> bool:
        """Whether the call can be looked into without anybody waiting for it: it is recorded, or soon is.

        A long one is recorded when somebody steps into it; its kind is remembered, for the next will be as long.
        """
        call = self.call
        if self._trace is not None or self._too_long or self.begun:
            return True
        kind = (call.function, tuple(map(items_in, call.arguments)))
        if kind not in self._long:
            try:
                self._trace = record(call.function, call.arguments, limit=GLANCE_EVENTS, coarsely=False)
            except TooLong:
                self._long.add(kind)
        return self._trace is not None

    @property
    def cursor(self) -> Cursor:
        """The values at the place."""
        trace = self.trace
        if self._cursor is None:
            self._cursor = Cursor(trace)
        self._cursor.move(min(self.event, len(trace)))
        return self._cursor

    @property
    def source(self) -> Source:
        """The source file of the call, also where it is not recorded."""
        return read_source(self.call.function.__code__.co_filename)

    @property
    def breakpoints(self) -> tuple[int, ...]:
        """The lines to stop at in the file of the call; those in other files wait for calls of theirs."""
        return self._breakpoints.get(self.source.path, ()) if self._breakpoints else ()

    @breakpoints.setter
    def breakpoints(self, lines: tuple[int, ...]) -> None:
        if lines or self._breakpoints:
            self._breakpoints[self.source.path] = lines

    def clear_breakpoints(self) -> None:
        """Stop nowhere any more, in no file."""
        self._breakpoints.clear()

    @property
    def function_name(self) -> str:
        """The function that the call calls."""
        return self.call.function.__name__

    @property
    def first_line(self) -> int:
        """The line that the call begins with, known without recording it."""
        function = self.source.function(self.function_name)
        return min(line for line in self.source.executable if function.first <= line <= function.last)

    @property
    def arguments(self) -> tuple[tuple[str, m.Value], ...]:
        """The values that the call begins with, known without recording it."""
        call = self.call
        names = call.function.__code__.co_varnames
        return tuple((name, as_told(value, name=name)) for name, value in zip(names, call.arguments, strict=False))

    @property
    def begun(self) -> bool:
        """Whether the call is half walked."""
        return self.event > 0

    @property
    def over(self) -> bool:
        """Whether the call has returned."""
        return self._trace is not None and self.event >= len(self._trace)

    # ------------------------------------------------------------ moving

    def move(self, unit: str, direction: units.Direction) -> int | None:
        """The place one unit further (or back), or None if the call has none; does not go there."""
        return self._mover(unit)(self.trace, self.event, direction)

    def last(self, unit: str) -> int | None:
        """The last place of a unit in the call: where going back from the call after it leads."""
        end = len(self.trace)
        return end - 1 if unit in ("line", "over", "out") else self._mover(unit)(self.trace, end, units.BACKWARD)

    def _mover(self, unit: str) -> Moves:
        if unit in _BY_LINES:
            return _BY_LINES[unit]
        if unit == "pass":
            return _next_pass
        return partial(_unit_start, self._variable(unit))

    def _variable(self, unit: str) -> str:
        loops = self._loops()
        if unit not in loops:
            known = ", ".join(["line", "call", "pass", *loops, "step", "epoch"])
            raise WalkError(f"this model has no unit '{unit}'; it has {known}")
        return loops[unit]

    def numbered(self, number: int, unit: str) -> int:
        """The place in the call with this number; WalkError if there is none."""
        trace = self.trace
        place: int | None
        if unit == "line":
            place = number if number <= len(trace) else None
        elif unit == "call":
            place = trace.calls[number - 1] if 1 <= number <= len(trace.calls) else None
        elif unit == "pass":
            place = units.nth_pass(trace, self.event, number)
        elif unit in ("into", "over", "out"):
            raise WalkError(f"'{unit}' has no numbers; it goes with step and back")
        else:
            place = units.unit_number(trace, self.event, self._variable(unit), number)
        if place is None:
            raise WalkError(_no_such(trace, unit, number))
        return place

    def next_breakpoint(self) -> int | None:
        """The next place at a breakpoint."""
        return units.breakpoint_after(self.trace, self.event, self.breakpoints) if self.breakpoints else None

    def next_run_of(self, line: int) -> int | None:
        """The next place at which a line is about to run."""
        return units.breakpoint_after(self.trace, self.event, (line,))

    def stop_line(self, line: int) -> int:
        """The line of the source at which one stops who wants to stop at this one; WalkError where nothing runs."""
        source = self.source
        stop = source.stop_line(line)
        if stop is None:
            name = source.path.rsplit("/", 1)[-1]
            raise WalkError(f"line {line:,} of {name} holds nothing that runs; `show code` tells the lines")
        return stop

    # ------------------------------------------------------------ telling

    def told(self, since: int) -> m.Walked:
        """The move from an earlier (or later) place to this one."""
        trace, here = self.trace, self.event
        since = min(since, len(trace))  # in the middle of a move of many lines, another call may have been chosen
        line = _line_run(trace, here) if here > since else 0
        next_line = trace.lines[here] if here < len(trace) else 0
        cursor = self.cursor
        return m.Walked(
            line=line,
            text=trace.source.line_text(line).strip() if line else "",
            changes=self._changes(since),
            next_line=next_line,
            next_text=trace.source.line_text(next_line).strip() if next_line else "",
            function=cursor.function,
            depth=cursor.depth,
            event=here,
            moved=here - since,
            returned=as_told(trace.returned) if here == len(trace) else None,
            coarse=trace.coarse,
        )

    def _changes(self, since: int) -> tuple[m.Change, ...]:
        """What the move changed in sight: what lines of the function it ends in have assigned and stored."""
        trace, here, cursor = self.trace, self.event, self.cursor
        low, high = min(since, here), max(since, here)
        merged: dict[tuple[int, str, tuple[int, ...]], list[Change]] = {}
        for index in range(low + 1, high + 1):
            for change in trace.delta(index):
                if change.frame == cursor.frame:
                    merged.setdefault((change.frame, change.name, change.path), []).append(change)
        told = []
        for (_, name, path), changes in merged.items():
            before, after = changes[0].old, changes[-1].new
            if here < since:
                before, after = after, before
            if before is after or (before == after and before == before):
                continue
            full = name + "".join(f"[{index}]" for index in path)
            told.append(m.Change(full, as_told(before, cursor), as_told(after, cursor)))
        # What was changed last is told first: it is what the line was for.
        return tuple(told[::-1][:MOST_CHANGES])

    def values(self) -> tuple[tuple[str, m.Value], ...]:
        """The locals at this place, in order of appearance."""
        return tuple((name, as_told(value, self.cursor)) for name, value in self.cursor.locals().items())

    def local_history(self, name: str) -> list[Came]:
        """How a number came about in this function's frame, back to where it was given a value anew."""
        return how_it_came(self.trace, self.cursor, self.event, name)


def _too_long(events: int) -> str:
    return (
        f"this call runs more than {max(events, MOST_EVENTS):,} lines, too many to record one by one; `walk predict` "
        "goes through one sample, `step step` and `run` train, and smaller batches have fewer lines"
    )


def _no_such(trace: Trace, unit: str, number: int) -> str:
    if unit == "line":
        return f"this call runs {len(trace):,} lines; there is no line {number:,} among them"
    if unit == "pass":
        return f"the loop at this line has no pass {number:,}; passes count from 1, and the line must stand in a loop"
    return f"there is no {unit} {number:,} in this call from here"


def _unit_start(variable: str, trace: Trace, index: int, direction: units.Direction) -> int | None:
    return units.unit_start(trace, index, variable, direction)


def _next_pass(trace: Trace, index: int, direction: units.Direction) -> int | None:
    """The beginning of the next (or previous) pass of the innermost loop, else the next line."""
    if index >= len(trace):
        return None if direction > 0 else index - 1
    at = units.pass_of(trace, index) or 0
    return units.nth_pass(trace, index, at + direction) or units.line(trace, index, direction)


def _line_run(trace: Trace, index: int) -> int:
    """The line that ran last, seen from the function that goes on."""
    if index >= len(trace):
        return trace.lines[len(trace) - 1]
    frame = trace.owners[index]
    if trace.frames[frame].first == index:
        return trace.lines[index - 1]
    return line_of_frame(trace, index, frame)
