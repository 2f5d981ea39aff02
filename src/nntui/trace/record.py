"""Runs a function and records every line and what changed; the function's code is left as it is."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from nntui.trace.recorder import Recorder, Stopped
from nntui.trace.source import Source, read_source
from nntui.trace.trace import Trace
from nntui.trace.values import Places, copied


class TooLong(Exception):  # noqa: N818 - it says what the call is, not that somebody made a mistake
    """The call runs too many lines to be recorded, even coarsely."""

    def __init__(self, events: int) -> None:
        super().__init__(f"the call runs {events:,} lines or more")
        self.events = events
        """At least so many events would have to be recorded."""


def record(
    function: Callable[..., Any], arguments: tuple[Any, ...], *, limit: int = 200_000, coarsely: bool = True
) -> Trace:
    """Run function(*arguments) on a deep copy of its arguments and record each line.

    Followed are the function and the functions of the same file that it calls. What is written down of a line is what
    it assigns to locals and stores into lists by subscript, and what functions of other files store into the lists of
    numbers that they are given. Methods that change a list (`append`, `sort`) and stores
    that change its length are not seen: `cursor.follows(trace)` says whether they did so to the arguments. A list that
    the call makes itself is written down when it is assigned or stored into, by the function that does so only. An
    object that a local holds is written down as its `repr` says, whenever that says something else.

    A call of more than `limit` lines is recorded once more, coarsely, if wanted: its innermost loops are passed over,
    and what they changed shows at the next event. If that is too long as well: TooLong. If the function raises, the
    record holds what came before and `Trace.error` says what was raised.

    Raises OSError if the function's source file cannot be read, TypeError if it is not a Python function.
    """
    code = getattr(function, "__code__", None)
    if code is None:
        raise TypeError(f"{function!r} has no Python source to step through")
    source = read_source(code.co_filename)
    trace = _record(function, arguments, source, limit, coarse=False)
    if trace is None and coarsely:
        trace = _record(function, arguments, source, limit, coarse=True)
    if trace is None:
        raise TooLong(limit + 1)
    return trace


def _record(
    function: Callable[..., Any], arguments: tuple[Any, ...], source: Source, limit: int, *, coarse: bool
) -> Trace | None:
    """Record in one of the two ways; None if there are too many events."""
    code = function.__code__
    before, working = copied(arguments), copied(arguments)
    parameters = code.co_varnames[: code.co_argcount]
    places = Places(dict(zip(parameters, working, strict=False)))
    recorder = Recorder(source, code.co_filename, places, limit, coarse=coarse)
    returned, error = _run_traced(function, working, recorder)
    if recorder.stopped:
        return None
    return Trace(
        source=source,
        function=code.co_name,
        parameters=parameters,
        before=before,
        arguments=working,
        returned=returned,
        error=error,
        coarse=coarse,
        frames=recorder.frames,
        runs=recorder.runs,
        lines=recorder.lines,
        owners=recorder.owners,
        ends=recorder.ends,
        changes=recorder.changes,
    )


def _run_traced(function: Callable[..., Any], arguments: tuple[Any, ...], recorder: Recorder) -> tuple[Any, str | None]:
    """Call the function under the recorder; what it returned, and what it raised in words."""
    previous = sys.gettrace()
    sys.settrace(recorder.on_call)
    try:
        return function(*arguments), None
    except Stopped:
        return None, None
    except Exception as error:  # the learner's code may raise anything: that is a result like any other
        return None, f"{type(error).__name__}: {error}"
    finally:
        sys.settrace(previous)
