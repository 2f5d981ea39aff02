"""Calls with too many lines: the innermost loops are passed over."""

import pytest

from nntui.models.mlp import loops
from nntui.trace import Cursor, TooLong, follows, record


def texts(trace):
    return [trace.source.line_text(line).strip() for line in trace.lines]


def test_what_fits_is_recorded_in_full(predict_arguments):
    fine = record(loops.predict, predict_arguments((8, 4, 2)))
    assert not fine.coarse
    assert not record(loops.predict, predict_arguments((8, 4, 2)), limit=len(fine)).coarse
    assert record(loops.predict, predict_arguments((8, 4, 2)), limit=len(fine) - 1).coarse


def test_innermost_loops_leave_their_results(predict_arguments):
    arguments = predict_arguments((30, 4, 2))
    fine, coarse = record(loops.predict, arguments), record(loops.predict, arguments, limit=200)
    assert coarse.coarse
    assert not any("source in" in text or "total +=" in text for text in texts(coarse))
    assert any("activate(total" in text for text in texts(coarse))
    assert {frame.function for frame in coarse.frames} == {"predict", "activate"}
    totals = [change for change in coarse.delta(5) if change.name == "total"]
    assert coarse.source.line_text(coarse.lines[5]).strip() == "outputs[layer][neuron] = activate(total, activation)"
    assert len(totals) == 2  # the bias, and all that the loop added
    cursor, other = Cursor(coarse), Cursor(fine)
    cursor.move(5)
    other.move(fine.visits["predict", coarse.lines[5]][0])
    assert cursor.locals() == other.locals()
    assert coarse.arguments == fine.arguments
    assert follows(coarse)


def test_stores_in_a_loop_that_is_passed_over(load):
    module = load("""
        def f(grid, row, n):
            for i in range(n):
                for j in range(n):
                    grid[i][j] = i * j
                    row[j] += 1
                    row[0] -= 1
            for i in range(n):
                grid[i][i] = -1
            return n
    """)
    arguments = ([[0] * 9 for _ in range(9)], [0] * 9, 9)
    trace = record(module.f, arguments, limit=50)
    assert trace.coarse
    assert list(trace.lines) == [2] * 10 + [9]
    assert follows(trace)
    cursor = Cursor(trace)
    cursor.move(1)
    assert (cursor.arguments[0][1], cursor.arguments[1]) == ([0] * 9, [-8] + [1] * 8)
    cursor.move(2)
    assert cursor.arguments[0][1] == list(range(9))
    cursor.move(len(trace))
    cursor.move(0)
    assert cursor.arguments == arguments


def test_a_loop_that_calls_a_loop_is_not_innermost(batch_arguments):
    # The loop over samples has no other in its text, but what it calls is the network.
    fine = record(loops.batch_loss, batch_arguments())
    coarse = record(loops.batch_loss, batch_arguments(), limit=len(fine) - 1)
    assert coarse.coarse
    assert {"batch_loss", "predict", "activate"} <= {frame.function for frame in coarse.frames}
    assert follows(coarse)


def test_training_can_be_coarse(training_arguments):
    fine = record(loops.train_by_twists, training_arguments())
    coarse = record(loops.train_by_twists, training_arguments(), limit=len(fine) - 1)
    assert coarse.coarse
    assert coarse.arguments == fine.arguments
    assert follows(coarse)


def test_loops_whose_stores_cannot_be_located_are_recorded(load):
    module = load("""
        def f(grid, n):
            for i in range(n):
                row = grid[i]
                row[0] = i
            for i in range(n):
                n = step(n)
            return n

        def step(n):
            return n + 1
    """)
    trace = record(module.f, ([[0] for _ in range(9)], 9), limit=45)
    assert trace.coarse
    assert set(trace.lines) == {2, 3, 4, 7}
    assert [frame.function for frame in trace.frames] == ["f"]  # calls from a loop passed over are passed over too
    assert trace.returned == 18
    assert follows(trace)


def test_leaving_from_inside_a_loop_that_is_passed_over(load):
    module = load("""
        def f(rows):
            for i in range(9):
                for j in range(9):
                    rows[i] += 1
                    if rows[i] == 5:
                        return j
    """)
    trace = record(module.f, ([0] * 9,), limit=9)
    assert (trace.coarse, trace.returned, trace.arguments) == (True, 4, ([5] + [0] * 8,))
    assert follows(trace)
    assert list(trace.lines) == [2]


def test_too_long_is_said_and_not_waited_for(predict_arguments):
    arguments = predict_arguments((30, 4, 2))
    with pytest.raises(TooLong) as caught:
        record(loops.predict, arguments, limit=20)
    assert caught.value.events == 21


def test_too_long_stops_early(load):
    module = load("""
        DONE = []

        def f(n):
            for i in range(n):
                for j in range(2):
                    DONE.append(j)
    """)
    with pytest.raises(TooLong):
        record(module.f, (10**9,), limit=100)
    assert len(module.DONE) < 1000
