"""Walks a trace forwards and backwards, keeping the locals and lists as they were at that place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nntui.trace.trace import Trace
from nntui.trace.values import ABSENT, Absent, Change, Reference, Value, copied, same


@dataclass(frozen=True, slots=True)
class Level:
    """One call on the stack."""

    function: str
    line: int | None
    """The line about to run, or the one that made the next call; None when the call has returned."""
    frame: int


class Cursor:
    """A place in a trace.

    Event `index` is about to run; index == len(trace) means that the call has returned. A new cursor stands at 0.
    """

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.index = 0
        self.arguments: tuple[Any, ...] = copied(trace.before)
        """The arguments as they are at this place: the cursor's own copy."""
        self._roots: dict[str, Any] = dict(zip(trace.parameters, self.arguments, strict=False))
        # A name keeps its place in the order of first assignment: ABSENT stands for one that is not there now.
        self._locals: dict[int, dict[str, Value | Absent]] = {}
        self._apply(0)

    def move(self, index: int) -> None:
        """Go to a place, forwards or backwards; IndexError outside 0 to len(trace)."""
        if not 0 <= index <= len(self.trace):
            raise IndexError(f"place {index}: the trace has places 0 to {len(self.trace)}")
        while self.index < index:
            self._apply(self.index + 1)
            self.index += 1
        while self.index > index:
            self._take_back(self.index)
            self.index -= 1

    @property
    def returned(self) -> bool:
        """Whether the call is over."""
        return self.index == len(self.trace)

    @property
    def line(self) -> int | None:
        """The line about to run; None when the call is over."""
        return None if self.returned else self.trace.lines[self.index]

    @property
    def frame(self) -> int:
        """The number of the frame whose line is about to run; the top call's when the call is over."""
        return 0 if self.returned else self.trace.owners[self.index]

    @property
    def function(self) -> str:
        """The name of that frame's function."""
        return self.trace.frames[self.frame].function if self.trace.frames else self.trace.function

    @property
    def depth(self) -> int:
        """How many calls below the top call that frame is."""
        return self.trace.frames[self.frame].depth if self.trace.frames else 0

    def locals(self, frame: int | None = None) -> dict[str, Value]:
        """The locals of a frame (the current one if none is given): parameters, then in order of first assignment.

        Those of a call that has returned are as it left them; of one yet to come there are none.
        """
        known = self._locals.get(self.frame if frame is None else frame, {})
        return {name: value for name, value in known.items() if not isinstance(value, Absent)}

    def value(self, name: str, frame: int | None = None) -> Any:
        """A local's value, a list as its content at this moment; KeyError if there is no such local."""
        value = self.locals(frame)[name]
        return self.resolve(value) if isinstance(value, Reference) else value

    def resolve(self, reference: Reference) -> list[Any]:
        """The list that a reference names, as it is at this moment: the cursor's own copy, not to be changed."""
        found = self._roots[reference.root]
        for index in reference.path:
            found = found[index]
        return found  # type: ignore[no-any-return]

    def stack(self) -> tuple[Level, ...]:
        """The calls that are under way, the top call first."""
        if self.returned:
            return (Level(self.trace.function, None, 0),)
        levels = []
        event: int | None = self.index
        while event is not None:
            frame = self.trace.frames[self.trace.owners[event]]
            levels.append(Level(frame.function, self.trace.lines[event], frame.number))
            event = frame.caller
        return tuple(reversed(levels))

    def _apply(self, index: int) -> None:
        for change in self.trace.delta(index):
            if change.path:
                self._store(change, change.new)
            else:
                self._locals.setdefault(change.frame, {})[change.name] = change.new

    def _take_back(self, index: int) -> None:
        for change in reversed(self.trace.delta(index)):
            if change.path:
                self._store(change, change.old)
            else:
                self._locals[change.frame][change.name] = change.old

    def _store(self, change: Change, value: Value | Absent) -> None:
        *outer, last = change.path
        row = self.resolve(Reference(change.name, tuple(outer)))
        if isinstance(value, Reference):
            row[last] = self.resolve(value)
        elif isinstance(value, tuple):
            row[last] = list(value)
        elif value is not ABSENT:
            row[last] = value


def follows(trace: Trace) -> bool:
    """Whether walking the whole trace leaves the arguments as the call left them, to the last bit.

    False if the code changes lists in ways that a trace does not see (see `record`): then say so, and do not go on
    from what a cursor shows.
    """
    cursor = Cursor(trace)
    cursor.move(len(trace))
    return _equal(cursor.arguments, trace.arguments)


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(_equal, one, other))
    return same(one, other)
