"""Units of stepping: from one place in a trace to the next or previous one of a kind.

Each function takes a trace and a place in it and returns the new place, or None if the call has none, so that the
caller can move on to the next (or previous) call. The end of the call, len(trace), is a place that `line`, `over` and
`out` can reach; all others return events only. `direction` is 1 (FORWARD) or -1 (BACKWARD).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Sequence
from typing import Literal, TypeAlias

from nntui.trace.trace import Run, Trace

Direction: TypeAlias = Literal[1, -1]
FORWARD: Direction = 1
BACKWARD: Direction = -1


def line(trace: Trace, index: int, direction: Direction = FORWARD) -> int | None:
    """The next (previous) line, in whatever function."""
    place = index + direction
    return place if 0 <= place <= len(trace) else None


def into(trace: Trace, index: int, direction: Direction = FORWARD) -> int | None:
    """The next (previous) first line of a call deeper than the current line; where there is none, of any call."""
    depth = _depth(trace, index)
    place = first = call(trace, index, direction)
    while place is not None and trace.depth(place) <= depth:
        place = call(trace, place, direction)
    return first if place is None else place


def over(trace: Trace, index: int, direction: Direction = FORWARD) -> int | None:
    """The next (previous) line that is not inside a call made by the current one."""
    return _not_deeper(trace, index, direction, max(_depth(trace, index), 0))


def out(trace: Trace, index: int, direction: Direction = FORWARD) -> int | None:
    """Out of the current call: forwards to the next line outside, backwards to the line that made the call."""
    if index == len(trace):
        return None
    if direction == BACKWARD:
        return trace.frames[trace.owners[index]].caller
    return _not_deeper(trace, index, direction, trace.depth(index) - 1)


def call(trace: Trace, index: int, direction: Direction = FORWARD) -> int | None:
    """The next (previous) first line of a called function."""
    return _neighbour(trace.calls, index, direction)


def unit_start(trace: Trace, index: int, variable: str, direction: Direction = FORWARD) -> int | None:
    """The next (previous) event at which a pass of a loop over `variable` begins, in whatever function."""
    return _neighbour(trace.starts.get(variable, []), index, direction)


def unit_number(trace: Trace, index: int, variable: str, number: int) -> int | None:
    """The first event of the pass in which `variable` is `number`.

    Looked for in the run of such a loop that the place is inside of, if need be through the calls that led there;
    outside of any, in the whole trace.
    """
    around = next((run for run in _runs_around(trace, index) if variable in run.loop.variables), None)
    for run in trace.runs if around is None else (around,):
        if variable in run.loop.variables:
            place = run.loop.variables.index(variable)
            for start, values in zip(run.starts, run.values, strict=True):
                if values[place] == number:
                    return start
    return None


def nth_pass(trace: Trace, index: int, number: int) -> int | None:
    """The first event of the pass with this number, from 1, of the innermost loop that the line is in."""
    run = _innermost_run(trace, index)
    return run.starts[number - 1] if run and 1 <= number <= len(run.starts) else None


def pass_of(trace: Trace, index: int) -> int | None:
    """The number, from 1, of the pass that the innermost loop of the line is in.

    A loop's own line belongs to it, and then to the pass just done. None outside of loops and before the first pass.
    The passes of a `while True` cannot be told apart.
    """
    run = _innermost_run(trace, index)
    return bisect_right(run.starts, index) or None if run else None


def same_place(old_trace: Trace, old_index: int, new_trace: Trace) -> int:
    """The place in a new recording of the call with the same function, line and how-many-th visit of that line.

    If there is none: the same index, or the end of the call if it is shorter now.
    """
    if old_index < len(old_trace):
        event = old_trace.event(old_index)
        key = (event.function, event.line)
        visit = bisect_left(old_trace.visits[key], old_index)
        visits = new_trace.visits.get(key, [])
        return visits[visit] if visit < len(visits) else min(old_index, len(new_trace))
    return len(new_trace)


def breakpoint_after(trace: Trace, index: int, lines: Collection[int]) -> int | None:
    """The next event on one of these lines, each given as `Source.stop_line` gives it."""
    return next((place for place in range(index + 1, len(trace)) if trace.lines[place] in lines), None)


def _depth(trace: Trace, index: int) -> int:
    """The depth of a place; the end of the call lies outside of the top call."""
    return trace.depth(index) if index < len(trace) else -1


def _not_deeper(trace: Trace, index: int, direction: Direction, depth: int) -> int | None:
    place = index + direction
    while 0 <= place < len(trace) and trace.depth(place) > depth:
        place += direction
    return place if 0 <= place <= len(trace) else None


def _neighbour(places: Sequence[int], index: int, direction: Direction) -> int | None:
    """The nearest of these ascending places after (before) an index."""
    if direction == FORWARD:
        position = bisect_right(places, index)
        return places[position] if position < len(places) else None
    position = bisect_left(places, index)
    return places[position - 1] if position else None


def _runs_around(trace: Trace, index: int) -> Iterator[Run]:
    """The runs of loops that a place is inside of, innermost first, then those around the calls that led there."""
    event = index if index < len(trace) else None
    while event is not None:
        for loop in trace.source.loops_at(trace.lines[event]):
            run = trace.run_at(event, loop)
            if run:
                yield run
        event = trace.frames[trace.owners[event]].caller


def _innermost_run(trace: Trace, index: int) -> Run | None:
    if index == len(trace):
        return None
    loop = next(iter(trace.source.loops_at(trace.lines[index])), None)
    return trace.run_at(index, loop) if loop else None
