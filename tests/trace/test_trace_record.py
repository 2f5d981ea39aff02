"""What is recorded, and what becomes of tracing itself."""

import sys
import time

import pytest

from nntui.models.mlp import loops
from nntui.trace import ABSENT, Cursor, TooLong, follows, record


def lines_of(trace):
    return list(trace.lines)


def locals_after(trace, index):
    cursor = Cursor(trace)
    cursor.move(index)
    return cursor.locals()


def test_functions_elsewhere_are_not_followed(prediction):
    trace = record(*prediction)
    assert {frame.function for frame in trace.frames} == {"predict", "activate"}


def test_what_functions_elsewhere_store_belongs_to_the_line_that_calls_them(load):
    elsewhere = load("""
        def fill(rows, row):
            row[0] = 5.0
            more(rows)

        def more(rows):
            rows[1][0] += 1.0
    """)
    here = load(
        """
        def f(rows, row, own, fill):
            fill(rows, rows[0])
            own[0] = [fill(rows, row), 7.0][1]
            return rows[1][0]
        """,
        "here",
    )
    trace = record(here.f, ([[0.0, 1.0], [2.0, 3.0]], [4.0], [6.0], elsewhere.fill))
    assert {frame.function for frame in trace.frames} == {"f"}
    cursor = Cursor(trace)
    cursor.move(1)
    assert cursor.arguments[:3] == ([[5.0, 1.0], [3.0, 3.0]], [4.0], [6.0])
    cursor.move(2)
    assert cursor.arguments[:3] == ([[5.0, 1.0], [4.0, 3.0]], [5.0], [7.0])
    cursor.move(0)
    assert cursor.arguments[:3] == ([[0.0, 1.0], [2.0, 3.0]], [4.0], [6.0])
    assert follows(trace)


def test_calls_know_who_called(prediction):
    trace = record(*prediction)
    calls = [frame for frame in trace.frames if frame.function == "activate"]
    assert len(calls) == 7
    for frame in calls:
        event = trace.event(frame.first)
        assert (frame.depth, frame.parent, event.depth, event.caller) == (1, 0, 1, frame.caller)
        assert "activate(" in trace.source.line_text(trace.event(frame.caller).line)
        assert isinstance(frame.returned, float)


@pytest.mark.parametrize("previous", [None, lambda frame, event, argument: None])
def test_the_previous_trace_function_comes_back(prediction, load, previous):
    raising = load("def f():\n    return 1 / 0\n").f
    endless = load("def g():\n    while True:\n        pass\n", "endless").g
    before = sys.gettrace()
    sys.settrace(previous)
    try:
        record(*prediction)
        record(raising, ())
        with pytest.raises(TooLong):
            record(endless, (), limit=10)
        after = sys.gettrace()
    finally:
        sys.settrace(before)
    assert after is previous


def test_an_exception_ends_the_record(load):
    module = load("""
        def outer(row):
            total = 1
            row[0] = 5
            inner(row)
            total = 2

        def inner(row):
            row[1] = 6
            row[7] = 8
    """)
    trace = record(module.outer, ([0, 0],))
    assert trace.error == "IndexError: list assignment index out of range"
    assert trace.returned is None
    assert lines_of(trace) == [2, 3, 4, 8, 9]
    assert trace.arguments == ([5, 6],)
    assert [frame.returned for frame in trace.frames] == [ABSENT, ABSENT]
    assert follows(trace)


def test_wrong_arguments_are_an_error_in_the_trace(load):
    trace = record(load("def f(a):\n    return a\n").f, ())
    assert (len(trace), trace.returned) == (0, None)
    assert "missing 1 required positional argument" in trace.error
    assert Cursor(trace).returned
    assert Cursor(trace).stack()[0].function == "f"


def test_a_caught_exception_is_walked_through(load):
    module = load("""
        def f(row):
            try:
                row[9] = 1
            except IndexError as error:
                caught = 1
            return risky(row)

        def risky(row):
            try:
                return 1 // row[0]
            except ZeroDivisionError:
                return None
    """)
    trace = record(module.f, ([0],))
    assert lines_of(trace) == [2, 3, 4, 5, 6, 9, 10, 11, 12]
    assert trace.frames[1].returned is None
    assert locals_after(trace, 4)["error"] == "IndexError('list assignment index out of range')"
    assert locals_after(trace, len(trace))["caught"] == 1


def test_only_python_functions_with_a_file():
    with pytest.raises(TypeError, match="no Python source"):
        record(len, ([],))
    scope = {}
    exec("def f(): pass", scope)
    with pytest.raises(OSError, match="<string>"):
        record(scope["f"], ())


def test_a_statement_over_several_lines_is_one_event(load):
    module = load("""
        def f(a, b):
            total = (
                a
                + b
            )
            more = g(
                total,
                [
                    i
                    for i in range(3)
                ],
            )
            return (
                more
            )

        def g(
            total,
            row,
        ):
            return total + len(row)
    """)
    trace = record(module.f, (1, 2))
    assert [(event.line, event.function) for event in trace.events] == [(2, "f"), (6, "f"), (21, "g"), (13, "f")]
    assert trace.returned == 6
    assert locals_after(trace, 2) == {"total": 3, "row": (0, 1, 2)}


def test_a_repeated_statement_over_several_lines_is_an_event_each_time(load):
    module = load("""
        def f(row):
            while True:
                g(
                    row,
                    1,
                )

        def g(row, step):
            row[0] = row[0] + step
            return 1 // (3 - row[0])
    """)
    trace = record(module.f, ([0],))
    assert [line for line in lines_of(trace) if line in (3, 9)] == [3, 9] * 3


def test_comprehensions_and_lambdas_are_part_of_their_line(load):
    module = load("""
        def f(n):
            squares = [i * i for i in range(n)]
            double = lambda x: x + x
            return sum(double(x) for x in squares)
    """)
    trace = record(module.f, (4,))
    assert lines_of(trace) == [2, 3, 4]
    assert [frame.function for frame in trace.frames] == ["f"]
    assert locals_after(trace, 1) == {"n": 4, "squares": (0, 1, 4, 9)}
    assert "i" not in locals_after(trace, 3)


def test_every_way_of_assigning(load):
    module = load("""
        import contextlib

        def f(row):
            a, (b, *c) = 1, (2, 3, 4)
            d: int = 5
            d += 1
            if (e := d) > 0:
                del a
            for i, (j, row[0]) in enumerate([(7, 8)]):
                g = h = i + j
            with contextlib.nullcontext(9) as k: k += 1
            import math as m
            def n(): pass
            x = 1; x = -1
            match [1, 2]:
                case [y, z]:
                    pass
            return None
    """)
    trace = record(module.f, ([0],))
    assert trace.error is None
    found = locals_after(trace, len(trace))
    shown = {name: value for name, value in found.items() if name not in "mn"}
    wanted = {"b": 2, "c": (3, 4), "d": 6, "e": 6, "i": 0, "j": 7, "g": 7, "h": 7, "k": 10, "x": -1, "y": 1, "z": 2}
    assert shown == {"row": found["row"], **wanted}
    assert found["m"].startswith("<module 'math'")
    assert found["n"].startswith("<function f.<locals>.n")
    assert len(found["n"]) <= 80
    assert trace.arguments == ([8],)
    assert follows(trace)


def test_every_way_of_storing(load):
    module = load("""
        LAST = -1

        def f(rows, row, n):
            row[LAST] = 1.0
            row[n - 1] += 2.0
            row[-n], rows[0][n % 2] = 3.0, 4.0
            row[0] = row[1] = 5.0
            n, row[n] = 0, 6.0
            rows[0][:] = [7.0, 8.0]
            rows[int(n)][len(row) - 2] = 9.0
            mine = [0, 0]
            mine[1] = 1
            rows[1][0] = touch(rows[1])
            rows[0][0] -= 0.0
            row[1] = 5.0

        def touch(row):
            row[0] = 10.0
            return 11.0
    """)
    arguments = ([[0.0, 0.0], [0.0, 0.0]], [0.0, 0.0, 0.0], 2)
    trace = record(module.f, arguments)
    assert trace.error is None
    assert follows(trace)
    assert trace.arguments[:2] == ([[7.0, 9.0], [11.0, 0.0]], [6.0, 5.0, 1.0])
    touched = [(change.old, change.new, change.frame) for change in trace.changes if change.path == (1, 0)]
    assert touched == [(0.0, 10.0, 1), (10.0, 11.0, 0)]
    mine = [change.new for change in trace.changes if change.name == "mine"]
    assert mine == [(0, 0), (0, 1)]
    assert not trace.delta(len(trace))  # 5.0 over 5.0 is no change
    cursor = Cursor(trace)
    cursor.move(len(trace))
    cursor.move(0)
    assert cursor.arguments == arguments


def test_a_line_can_put_back_what_its_call_stored(load):
    module = load("""
        def f(row):
            row[0] = g(row)
            return row

        def g(row):
            saved = row[0]
            row[0] = 9
            return saved
    """)
    trace = record(module.f, ([1],))
    assert [(change.old, change.new) for change in trace.changes if change.path] == [(1, 9), (9, 1)]
    assert follows(trace)


def test_changes_are_told_apart_to_the_bit(load):
    module = load("""
        def f(x):
            x = -0.0
            x = 0
            x = False
            x = float("nan")
            x = float("nan")
            return x
    """)
    trace = record(module.f, (0.0,))
    new = [repr(trace.delta(index)[0].new) if trace.delta(index) else "" for index in range(len(trace))]
    assert new == ["0.0", "-0.0", "0", "False", "nan", ""]


def test_what_the_trace_cannot_follow_is_found_out(load):
    module = load("""
        def f(row):
            row.append(1)
            return row
    """)
    assert not follows(record(module.f, ([0],)))


def test_long_things_are_written_down_short(load):
    trace = record(load("def f(n):\n    x = list(range(n))\n    y = set(x)\n    return 0\n").f, (2000,))
    found = locals_after(trace, len(trace))
    assert found["x"] == tuple(range(1000))
    assert len(found["y"]) == 80
    assert found["y"].endswith("…")


def test_recursion(load):
    module = load("""
        def fall(n, row):
            row[n] = n
            if n == 0:
                return 0
            below = fall(n - 1, row)
            return below + n
    """)
    trace = record(module.fall, (3, [9, 9, 9, 9]))
    assert trace.returned == 6
    assert [frame.parent for frame in trace.frames] == [None, 0, 1, 2]
    assert [frame.returned for frame in trace.frames] == [6, 3, 1, 0]
    cursor = Cursor(trace)
    cursor.move(trace.frames[3].first)
    assert [(level.line, level.frame) for level in cursor.stack()] == [(5, 0), (5, 1), (5, 2), (2, 3)]
    assert cursor.depth == 3
    assert [cursor.locals(frame)["n"] for frame in range(4)] == [3, 2, 1, 0]
    assert cursor.value("row", 1) == [9, 1, 2, 3]


def test_endless_recursion_is_an_error(load):
    trace = record(load("def f(n):\n    return f(n + 1)\n").f, (0,))
    assert trace.error.startswith("RecursionError")
    assert len(trace) > 100


@pytest.mark.parametrize(
    "body",
    [
        "while True:\n        n += 1",
        "while True: n += 1",
        "while True:\n        n = g(n)",
        "while True:\n        for i in range(9):\n            for j in range(9):\n                n += 1",
        "while True:\n        try:\n            n += 1\n        except Exception:\n            pass",
    ],
)
def test_an_endless_loop_is_given_up(load, body):
    module = load(f"def f(n):\n    {body}\n\n\ndef g(n):\n    return n + 1\n")
    start = time.perf_counter()
    with pytest.raises(TooLong, match="1,001 lines or more") as caught:
        record(module.f, (0,), limit=1000)
    assert caught.value.events == 1001
    assert time.perf_counter() - start < 5  # it would go on for ever


def test_a_whole_prediction_is_quick(prediction):
    times = []
    for _ in range(5):
        start = time.perf_counter()
        record(*prediction)
        times.append(time.perf_counter() - start)
    assert min(times) < 0.1  # about 0.5 ms on an idle machine


def test_the_taught_code_runs_as_it_is(prediction):
    function, arguments = prediction
    code = function.__code__
    record(function, arguments)
    assert function.__code__ is code
    assert loops.predict is function
