"""The trace functions: they watch the traced code run and write down events and changes."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping
from inspect import CO_VARARGS, CO_VARKEYWORDS
from types import CodeType, FrameType
from typing import Any, TypeAlias

from nntui.trace.source import Source
from nntui.trace.stores import Store
from nntui.trace.structure import Loop, Step
from nntui.trace.trace import Frame, Run
from nntui.trace.values import ABSENT, Absent, Change, Places, Value, has_state, same
from nntui.trace.watch import Watch, find_watch, watch_list

LocalTrace: TypeAlias = Callable[[FrameType, str, Any], Any]

# A loop that gives no events (inside one statement, or passed over) must not keep the recording busy for ever.
UNSEEN_LINES_PER_EVENT = 50


class Stopped(BaseException):
    """Ends the traced function: there are too many lines. No Exception, so that `except Exception` lets it pass."""


class Recorder:
    """Collects the record of one call; `on_call` is the trace function to set."""

    def __init__(self, source: Source, filename: str, places: Places, limit: int, *, coarse: bool) -> None:
        self.steps = source.coarse_steps if coarse else source.steps
        self.filename = filename
        self.places = places
        self.limit = limit
        self.unseen = 0
        self.stopped = False
        self.frames: list[Frame] = []
        self.runs: list[Run] = []
        self.lines = array("i")
        self.owners = array("i")
        self.ends = array("q")
        self.changes: list[Change] = []
        self._stack: list[_Activation] = []
        self._elements: dict[tuple[str, tuple[int, ...]], Value | Absent] = {}

    def on_call(self, frame: FrameType, _event: str, _argument: Any) -> LocalTrace | None:
        """Follow a call if it is one of the module's own functions."""
        code = frame.f_code
        caller = self._stack[-1] if self._stack else None
        if code.co_filename != self.filename:
            if caller and frame.f_back and frame.f_back.f_code.co_filename == self.filename:
                caller.call_elsewhere(frame)
            return None
        # Names in angle brackets are comprehensions and lambdas: parts of their line.
        if code.co_name.startswith("<"):
            return None
        if caller and caller.step and caller.step.silent:
            return None
        locals_ = frame.f_locals
        known: dict[str, Value | Absent] = {}
        number = len(self.frames)
        objects = []
        for name in _parameters(code):
            known[name] = value = self.places.value(locals_[name])
            if has_state(locals_[name]):
                objects.append(name)
            self.changes.append(Change(name, (), ABSENT, value, number))
        arguments = {name: value for name, value in known.items() if not isinstance(value, Absent)}
        if caller:
            entry = Frame(number, code.co_name, caller.entry.number, caller.event, caller.entry.depth + 1, arguments)
        else:
            entry = Frame(number, code.co_name, None, None, 0, arguments)
        self.frames.append(entry)
        activation = _Activation(self, entry, known, objects)
        self._stack.append(activation)
        return activation.on_event

    def add_event(self, line: int, entry: Frame) -> int:
        """Write down that a line is about to run; Stopped if that would be one too many."""
        index = len(self.lines)
        if index >= self.limit:
            self.stop()
        self.lines.append(line)
        self.owners.append(entry.number)
        self.ends.append(len(self.changes))
        if entry.first is None:
            entry.first = index
        return index

    def pass_unseen(self) -> None:
        """Count a line that gives no event; Stopped if there are far too many."""
        self.unseen += 1
        if self.unseen > self.limit * UNSEEN_LINES_PER_EVENT:
            self.stop()

    def stop(self) -> None:
        """Give the recording up."""
        self.stopped = True
        raise Stopped

    def element(self, root: str, path: tuple[int, ...], before: Any, after: Any, frame: int) -> None:
        """Write down what became of an element, if it changed."""
        # A call made by the line may have stored there too: then the change is from what it stored.
        key = (root, path)
        old, new = self._elements.get(key, before), self.places.value(after)
        if not same(old, new):
            self._elements[key] = new
            self.changes.append(Change(root, path, old, new, frame))

    def end_frame(self) -> None:
        """Leave the innermost call."""
        self._stack.pop()


class _Activation:
    """A call that is being traced: what is known of its locals, and the step that is running."""

    __slots__ = (
        "_entered",
        "_known",
        "_new_pass",
        "_objects",
        "_openings",
        "_raised",
        "_recorder",
        "_runs",
        "_watches",
        "_written",
        "entry",
        "event",
        "step",
    )

    def __init__(self, recorder: Recorder, entry: Frame, known: dict[str, Value | Absent], objects: list[str]) -> None:
        self.entry = entry
        self.event: int | None = None
        self.step: Step | None = None
        self._recorder = recorder
        self._known = known
        self._objects = dict.fromkeys(objects)  # locals that hold one: any line may change what is in it
        self._entered = -1  # the instruction at which the step was entered
        self._written: tuple[str, ...] = ()  # lists of the call's own that the step stores into
        self._watches: list[Watch] = []
        self._runs: dict[Loop, Run] = {}  # the latest of each loop
        self._openings: dict[Loop, int] = {}  # the instruction at which that run began
        self._new_pass: Run | None = None  # of this run a pass begins with the next event
        self._raised = False

    def call_elsewhere(self, frame: FrameType) -> None:
        """Read the lists that a function of another file is given: what it stores there belongs to the running line."""
        for name in _parameters(frame.f_code):
            watch = watch_list(frame.f_locals[name], self._recorder.places)
            if watch and all(
                known.index is not None or known.container is not watch.container for known in self._watches
            ):
                self._watches.append(watch)

    def on_event(self, frame: FrameType, event: str, argument: Any) -> LocalTrace:
        if event == "line":
            self._on_line(frame)
        elif event == "exception":
            self._raised = True
        elif event == "return":
            self._finish(frame, None)
            # An exception that leaves the frame shows as a return of None right after it.
            if not (self._raised and argument is None):
                self.entry.returned = self._recorder.places.value(argument)
            self._recorder.end_frame()
        return self.on_event

    def _on_line(self, frame: FrameType) -> None:
        recorder, line = self._recorder, frame.f_lineno
        step = recorder.steps.get(line)
        # A statement over several lines, or with a comprehension in it, gives several events; a new pass of a loop
        # starts again at its first instruction.
        if step is None or (step is self.step and (step.silent or frame.f_lasti > self._entered)):
            recorder.pass_unseen()
            return
        self._raised = False
        self._finish(frame, line)
        if step.silent:
            recorder.pass_unseen()
        else:
            self.event = recorder.add_event(step.first, self.entry)
            if self._new_pass:
                self._begin_pass(self._new_pass, self.event)
        previous, self.step, self._entered = self.step, step, frame.f_lasti
        if step.loop and self.event is not None:
            self._reach_loop(step.loop, self.event, previous, frame.f_lasti)
        if step.stores:
            self._look_before(frame, step.stores)

    def _finish(self, frame: FrameType, line: int | None) -> None:
        """Write down what the step that ran has changed; `line` is the next one, None at the end of the call."""
        step = self.step
        if step is None:
            return
        if step.names or self._written or self._objects:
            locals_ = frame.f_locals
            changing = [name for name in self._objects if name in locals_]
            for name in dict.fromkeys((*step.names, *self._written, *changing)):
                self._local(name, locals_)
        if self._watches:
            for watch in self._watches:
                for path, before, after in watch.elements():
                    self._recorder.element(watch.root, path, before, after, self.entry.number)
            self._watches = []
        self._written = ()
        if step.loop and line is not None and step.loop.in_body(line):
            self._new_pass = self._runs[step.loop]

    def _local(self, name: str, locals_: Mapping[str, Any]) -> None:
        old = self._known.get(name, ABSENT)
        if name in locals_ and has_state(locals_[name]):
            self._objects[name] = None
        new = self._recorder.places.value(locals_[name]) if name in locals_ else ABSENT
        if not same(old, new):
            self._known[name] = new
            self._recorder.changes.append(Change(name, (), old, new, self.entry.number))

    def _reach_loop(self, loop: Loop, event: int, previous: Step | None, instruction: int) -> None:
        """Open a run of the loop, unless its line is reached from its own body."""
        again = loop in self._runs and previous is not None and loop.in_body(previous.first)
        # After a `break`, an enclosing `while True` can lead straight from the body to a new run of a `for`, which
        # then starts at its first instruction again.
        if again and not (loop.is_for and instruction == self._openings[loop]):
            return
        self._openings[loop] = instruction
        self._runs[loop] = run = Run(loop, self.entry.number, event)
        self._recorder.runs.append(run)

    def _begin_pass(self, run: Run, event: int) -> None:
        run.starts.append(event)
        run.values.append(tuple([self._known.get(name, ABSENT) for name in run.loop.variables]))
        self._new_pass = None

    def _look_before(self, frame: FrameType, stores: tuple[Store, ...]) -> None:
        """Find the elements that the step is going to store, and read them."""
        locals_ = frame.f_locals
        for store in stores:
            try:
                watch = find_watch(store, locals_, frame.f_globals, self._recorder.places)
            except (LookupError, TypeError, ValueError, ArithmeticError):
                continue  # the line itself is going to fail, or stores into something that is not a list
            if watch:
                self._watches.append(watch)
            elif store.base in locals_:
                self._written += (store.base,)


def _parameters(code: CodeType) -> tuple[str, ...]:
    count = code.co_argcount + code.co_kwonlyargcount
    count += bool(code.co_flags & CO_VARARGS) + bool(code.co_flags & CO_VARKEYWORDS)
    return code.co_varnames[:count]
