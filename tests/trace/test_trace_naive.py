"""The trace against a recorder that simply copies every local at every line."""

import copy
import sys

import pytest

from nntui.models.mlp import loops
from nntui.trace import Cursor, Reference, follows, read_source, record

CASES = ["predict", "relu", "softmax", "batch", "twist", "twist of a bias", "training"]


def record_naively(function, arguments):
    """At each line that is about to run: the function, the line, the copied locals, and the copied arguments."""
    arguments = copy.deepcopy(arguments)
    steps = read_source(function.__code__.co_filename).steps
    seen = []
    running = {}

    def local(frame, event, argument):
        if event == "line":
            step = steps[frame.f_lineno]
            # A call spread over lines gives an event for each of them, and one more for its first.
            merged = step.last > step.first and running.get(frame) is step
            running[frame] = step
            if not merged:
                seen.append((frame.f_code.co_name, step.first, *copy.deepcopy((dict(frame.f_locals), arguments))))
        return local

    def called(frame, event, argument):
        return local if frame.f_code.co_filename == function.__code__.co_filename else None

    previous = sys.gettrace()
    sys.settrace(called)
    try:
        returned = function(*arguments)
    finally:
        sys.settrace(previous)
    return seen, arguments, returned


def resolved(cursor):
    """The cursor's locals with each list as its content, as a naive copy has it."""
    values = {name: cursor.value(name) for name in cursor.locals()}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


@pytest.mark.parametrize("case", CASES)
def test_every_place_shows_what_a_naive_recorder_copied(networks, case):
    function, arguments = networks[case]
    seen, left, returned = record_naively(function, arguments)
    trace = record(function, arguments)
    assert len(trace) == len(seen)
    assert trace.arguments == left
    assert trace.returned == returned
    cursor = Cursor(trace)
    for index, (name, line, locals_, then) in enumerate(seen):
        cursor.move(index)
        assert (cursor.function, cursor.line) == (name, line)
        assert resolved(cursor) == locals_
        assert cursor.arguments == then
    cursor.move(len(trace))
    assert cursor.arguments == left


@pytest.mark.parametrize("case", CASES)
def test_walking_back_returns_everything(networks, case):
    trace = record(*networks[case])
    cursor = Cursor(trace)
    forwards = []
    for index in range(len(trace) + 1):
        cursor.move(index)
        forwards.append((cursor.stack(), list(resolved(cursor).items()), copy.deepcopy(cursor.arguments)))
    for index in reversed(range(len(trace) + 1)):
        cursor.move(index)
        assert (cursor.stack(), list(resolved(cursor).items()), cursor.arguments) == forwards[index]
    assert cursor.arguments == networks[case][1]


@pytest.mark.parametrize("case", CASES)
def test_every_change_is_one_and_starts_where_the_last_ended(networks, case):
    trace = record(*networks[case])
    now = {}
    for index in range(len(trace) + 1):
        for change in trace.delta(index):
            key = (change.name, change.path, None if change.path else change.frame)
            assert repr(change.old) != repr(change.new)
            assert key not in now or now[key] == change.old
            now[key] = change.new


@pytest.mark.parametrize("case", CASES)
def test_the_walk_leaves_what_the_call_leaves(networks, case):
    function, arguments = networks[case]
    trace = record(function, arguments)
    function(*arguments)
    assert trace.arguments == arguments
    assert follows(trace)


def test_the_callers_arguments_are_left_alone(networks):
    function, arguments = networks["training"]
    before = copy.deepcopy(arguments)
    record(function, arguments)
    assert arguments == before


def test_a_row_is_a_reference_into_the_arguments(networks):
    trace = record(*networks["predict"])
    cursor = Cursor(trace)
    cursor.move(len(trace))
    assert cursor.locals()["sources"] == Reference("outputs", (2,))
    assert str(cursor.locals()["sources"]) == "outputs[2]"
    assert cursor.value("sources") is cursor.arguments[5][2]
    assert trace.frames[0].returned == Reference("outputs", (2,))


def test_a_store_through_a_row_names_the_argument(networks):
    trace = record(*networks["softmax"])
    softmax = next(frame for frame in trace.frames if frame.function == "softmax")
    assert softmax.arguments == {"row": Reference("outputs", (1,))}
    stores = [change for change in trace.changes if change.frame == softmax.number and change.path]
    assert {(change.name, change.path[:-1]) for change in stores} == {("outputs", (1,))}
    assert len(stores) == 6  # each of three neurons twice


def test_a_slice_is_written_down_as_it_is(networks):
    trace = record(*networks["training"])
    batches = [change.new for change in trace.changes if change.name == "batch" and change.frame == 0]
    assert batches == [(0, 2), (1, 1), (0, 2)]


def test_aliases_among_the_arguments_stay_aliases(load):
    module = load("""
        def fill(one, other, rows):
            one[0] = 1.5
            other[1] = 2.5
            rows[1][2] = 3.5
    """)
    row = [0.0, 0.0, 0.0]
    trace = record(module.fill, (row, row, [[], row]))
    assert trace.arguments[0] == [1.5, 2.5, 3.5]
    assert trace.arguments[0] is trace.arguments[1] is trace.arguments[2][1]
    assert [(change.name, change.path) for change in trace.changes if change.path] == [("one", (i,)) for i in range(3)]
    assert follows(trace)


def test_loops_have_events_enough(networks):
    trace = record(*networks["predict"])
    assert {event.function for event in trace.events} == {"predict", "activate"}
    first, last = trace.source.function("predict").first, trace.source.function("predict").last
    assert all(first < event.line <= last for event in trace.events if event.depth == 0)
    assert loops.predict.__code__.co_firstlineno not in trace.lines
