"""The record of one call: its events, what changed before each of them, its frames and the runs of its loops."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, overload

from nntui.trace.source import Source
from nntui.trace.structure import Loop
from nntui.trace.values import ABSENT, Absent, Change, Value


@dataclass(frozen=True, slots=True)
class Event:
    """A line that is about to run."""

    line: int
    """The first line of the statement."""
    function: str
    frame: int
    depth: int
    """How many calls below the top call, which has 0."""
    caller: int | None
    """The event whose line made the call that this one belongs to; None in the top call."""


@dataclass(slots=True)
class Frame:
    """One call of a function of the module, numbered in the order of the calls."""

    number: int
    function: str
    parent: int | None
    caller: int | None
    """The event of the parent's line that made the call."""
    depth: int
    arguments: Mapping[str, Value]
    first: int | None = None
    """The frame's first event; None if it has none."""
    returned: Value | Absent = ABSENT
    """What the call returned; ABSENT if it ended by an exception."""


@dataclass(slots=True, eq=False)
class Run:
    """One time through a loop, from its first line until it is left."""

    loop: Loop
    frame: int
    begin: int
    """The event of the loop's own line."""
    starts: list[int] = field(default_factory=list)
    """For each pass its first event: the one at which the pass's value of the loop variable is first there."""
    values: list[tuple[Value | Absent, ...]] = field(default_factory=list)
    """For each pass the values of the loop's variables."""


@dataclass(eq=False)
class Trace:
    """A recorded call.

    Event i is the line about to run when everything in delta(0) to delta(i) has happened; place len(trace) is the end
    of the call. The record is kept in parallel arrays: about 200 bytes an event.
    """

    source: Source
    function: str
    parameters: tuple[str, ...]
    before: tuple[Any, ...]
    """The arguments as the call found them (a copy: not to be changed)."""
    arguments: tuple[Any, ...]
    """The arguments as the call left them (a copy, but not of `before`)."""
    returned: Any
    """What the call returned; None if it raised."""
    error: str | None
    """What the call raised, in words; None if it returned."""
    coarse: bool
    """Whether the innermost loops were passed over because the call has too many lines."""
    frames: list[Frame]
    runs: list[Run]
    lines: array[int]
    owners: array[int]
    """The frame of each event."""
    ends: array[int]
    """For each event the number of changes up to it."""
    changes: list[Change]

    def __len__(self) -> int:
        return len(self.lines)

    def event(self, index: int) -> Event:
        """The event at a place; IndexError at the end of the call, where no line is about to run."""
        frame = self.frames[self.owners[index]]
        return Event(self.lines[index], frame.function, frame.number, frame.depth, frame.caller)

    @property
    def events(self) -> Sequence[Event]:
        """All events; each is put together when asked for."""
        return _Events(self)

    def depth(self, index: int) -> int:
        """How many calls below the top call the event lies."""
        return self.frames[self.owners[index]].depth

    def delta(self, index: int) -> tuple[Change, ...]:
        """What changed between event index - 1 and event index, in order; at len(trace), after the last event.

        delta(0) holds the arguments of the top call. IndexError outside 0 to len(trace).
        """
        if not 0 <= index <= len(self):
            raise IndexError(f"place {index}: the trace has places 0 to {len(self)}")
        start = self.ends[index - 1] if index else 0
        end = self.ends[index] if index < len(self) else len(self.changes)
        return tuple(self.changes[start:end])

    @cached_property
    def calls(self) -> list[int]:
        """The first event of each call that the top call led to, ascending."""
        return [frame.first for frame in self.frames[1:] if frame.first is not None]

    @cached_property
    def visits(self) -> dict[tuple[str, int], list[int]]:
        """For each function and line the events at which it is about to run, ascending."""
        visits: dict[tuple[str, int], list[int]] = {}
        for index, (line, owner) in enumerate(zip(self.lines, self.owners, strict=True)):
            visits.setdefault((self.frames[owner].function, line), []).append(index)
        return visits

    @cached_property
    def starts(self) -> dict[str, list[int]]:
        """For each loop variable the events at which a new pass of a loop over it begins, ascending."""
        starts: dict[str, list[int]] = {}
        for run in self.runs:
            for variable in run.loop.variables:
                starts.setdefault(variable, []).extend(run.starts)
        return {variable: sorted(set(events)) for variable, events in starts.items()}

    def run_at(self, index: int, loop: Loop) -> Run | None:
        """The latest run of a loop, in the frame of this event, that has begun by it."""
        runs = self._runs.get((self.owners[index], loop.first), [])
        place = bisect_right(runs, index, key=lambda run: run.begin)
        return runs[place - 1] if place else None

    @cached_property
    def _runs(self) -> dict[tuple[int, int], list[Run]]:
        runs: dict[tuple[int, int], list[Run]] = {}
        for run in self.runs:
            runs.setdefault((run.frame, run.loop.first), []).append(run)
        return runs


class _Events(Sequence[Event]):
    def __init__(self, trace: Trace) -> None:
        self._trace = trace

    def __len__(self) -> int:
        return len(self._trace)

    def __iter__(self) -> Iterator[Event]:
        return map(self._trace.event, range(len(self)))

    @overload
    def __getitem__(self, index: int) -> Event: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Event]: ...
    def __getitem__(self, index: int | slice) -> Event | Sequence[Event]:
        if isinstance(index, slice):
            return [self._trace.event(place) for place in range(*index.indices(len(self)))]
        return self._trace.event(index)
