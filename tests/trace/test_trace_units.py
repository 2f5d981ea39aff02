"""Stepping by line, call, loop pass and breakpoint."""

import pytest

from nntui.models.mlp import loops
from nntui.trace import Cursor, record, units
from nntui.trace.units import BACKWARD, FORWARD


@pytest.fixture
def trace(predict_arguments):
    return record(loops.predict, predict_arguments())


@pytest.fixture
def batch(batch_arguments):
    return record(loops.batch_loss, batch_arguments())


def visits(trace, text):
    return [i for i, line in enumerate(trace.lines) if trace.source.line_text(line).strip().startswith(text)]


def at(trace, index):
    cursor = Cursor(trace)
    cursor.move(index)
    return cursor.locals()


def chain(step, trace, index, *arguments):
    places = []
    while (index := step(trace, index, *arguments)) is not None:
        places.append(index)
    return places


def test_lines(trace):
    end = len(trace)
    assert units.line(trace, 0) == 1
    assert units.line(trace, end - 1) == end
    assert units.line(trace, end) is None
    assert units.line(trace, end, BACKWARD) == end - 1
    assert units.line(trace, 0, BACKWARD) is None


def test_calls(trace):
    firsts = visits(trace, "if activation == TANH")
    assert chain(units.call, trace, 0) == firsts
    assert chain(units.call, trace, len(trace), BACKWARD) == firsts[::-1]
    assert units.into(trace, 0) == firsts[0]
    assert units.into(trace, firsts[0]) == firsts[1]  # nothing is deeper than activate, so on to the next of its kind
    assert units.into(trace, firsts[-1]) is None
    assert units.into(trace, firsts[1] + 2, BACKWARD) == firsts[1]
    assert units.into(trace, 0, BACKWARD) is None
    assert units.into(trace, len(trace), BACKWARD) == firsts[-1]


def test_over_and_out(trace):
    call = visits(trace, "outputs[layer][neuron] = activate")[0]
    assert units.line(trace, call) == call + 1
    assert trace.depth(call + 1) == 1
    after = units.over(trace, call)
    assert trace.source.line_text(trace.lines[after]).strip().startswith("for neuron")
    assert units.over(trace, after, BACKWARD) == call
    assert units.out(trace, call + 1) == after
    assert units.out(trace, call + 2, BACKWARD) == call
    assert units.out(trace, call) == len(trace)
    assert units.out(trace, call, BACKWARD) is None
    assert units.over(trace, len(trace) - 1) == len(trace)
    assert units.over(trace, len(trace)) is None
    assert units.over(trace, len(trace), BACKWARD) == len(trace) - 1
    assert units.over(trace, 0, BACKWARD) is None
    assert units.out(trace, len(trace)) is None
    assert units.out(trace, len(trace), BACKWARD) is None


def test_over_the_last_line_of_a_call_leaves_it(trace):
    returning = visits(trace, "return math.tanh")[0]
    assert trace.depth(units.over(trace, returning)) == 0


def test_passes_begin_where_the_variable_is_new(trace):
    neurons = chain(units.unit_start, trace, 0, "neuron")
    assert neurons == visits(trace, "total = biases")
    assert [at(trace, index)["neuron"] for index in neurons] == [0, 1, 2, 3, 0, 1, 0]
    layers = chain(units.unit_start, trace, 0, "layer")
    assert layers == visits(trace, "if layer ==")
    assert [at(trace, index)["layer"] for index in layers] == [0, 1, 2]
    assert chain(units.unit_start, trace, len(trace), "neuron", BACKWARD) == neurons[::-1]
    sources = chain(units.unit_start, trace, 0, "source")
    assert sources == visits(trace, "total +=")
    assert len(sources) == 2 * 4 + 4 * 2 + 2
    assert units.unit_start(trace, 0, "total") is None


def test_units_reach_across_calls(batch):
    assert [at(batch, i)["sample"] for i in chain(units.unit_start, batch, 0, "sample")] == [2, 0]
    functions = {batch.event(i).function for i in chain(units.unit_start, batch, 0, "neuron", FORWARD)}
    assert functions == {"predict", "sample_loss"}


def test_a_pass_by_its_number(trace, batch):
    inside = visits(trace, "total +=")[9]  # in layer 1
    assert at(trace, inside)["layer"] == 1
    found = units.unit_number(trace, inside, "neuron", 1)
    assert (at(trace, found)["layer"], at(trace, found)["neuron"]) == (1, 1)
    assert units.unit_number(trace, inside, "neuron", 3) is None  # layer 1 has two neurons
    assert units.unit_number(trace, 0, "neuron", 3) == visits(trace, "total = biases")[3]
    assert units.unit_number(trace, len(trace), "layer", 2) == visits(trace, "if layer ==")[2]
    deep = visits(batch, "if activation == TANH")[-1]  # in activate, for the second sample
    sample = units.unit_number(batch, deep, "sample", 2)
    assert at(batch, sample)["sample"] == 2
    layer = units.unit_number(batch, deep, "layer", 0)
    assert layer > visits(batch, "total += sample_loss")[0]


def test_passes_are_counted(trace):
    assert units.pass_of(trace, 0) is None
    begin = visits(trace, "for source")
    assert [units.pass_of(trace, index) for index in begin[:3]] == [None, 1, 2]
    adding = visits(trace, "total +=")
    assert [units.pass_of(trace, index) for index in adding[:4]] == [1, 2, 1, 2]
    assert units.nth_pass(trace, adding[0], 2) == adding[1]
    assert units.nth_pass(trace, begin[0], 1) == adding[0]
    assert units.nth_pass(trace, adding[0], 3) is None
    assert units.nth_pass(trace, adding[0], 0) is None
    totals = visits(trace, "total = biases")
    assert units.pass_of(trace, totals[5]) == 2
    assert units.nth_pass(trace, totals[4], 2) == totals[5]
    assert units.nth_pass(trace, len(trace) - 1, 1) is None
    assert units.pass_of(trace, len(trace)) is None
    assert units.nth_pass(trace, len(trace), 1) is None


def test_the_passes_of_awkward_loops(load):
    module = load("""
        def f(n):
            while n > 0:
                n -= 1
                if n == 3:
                    continue
                n -= 0
            while True:
                for i in range(2):
                    if n == 2 + i:
                        break
                    n += 1
                else:
                    for i in range(2):
                        n += 0
                    break
            for i, j in [(5, 6), (7, 8)]:
                n += i
            return n
    """)
    trace = record(module.f, (5,))
    passes = [units.pass_of(trace, index) for index in trace.visits["f", 3]]
    assert passes == [1, 2, 3, 4, 5]
    runs = [[values for (values,) in run.values] for run in trace.runs if run.loop.first == 8]
    assert runs == [[0, 1]]
    pairs = next(run for run in trace.runs if run.loop.variables == ("i", "j"))
    assert pairs.values == [(5, 6), (7, 8)]
    assert units.unit_number(trace, 0, "j", 8) == trace.visits["f", 17][1]


def test_a_loop_left_by_break_and_entered_again_is_a_new_run(load):
    module = load("""
        def f(n):
            while True:
                for i in range(9):
                    n += 1
                    if i == 1:
                        break
                if n > 5:
                    return n
    """)
    trace = record(module.f, (0,))
    runs = [[values for (values,) in run.values] for run in trace.runs if run.loop.is_for]
    assert runs == [[0, 1], [0, 1], [0, 1]]


def test_passes_in_recursion_belong_to_their_frame(load):
    module = load("""
        def f(n):
            for i in range(n):
                f(i)
            return n
    """)
    trace = record(module.f, (3,))
    top = [index for index in trace.visits["f", 3] if trace.depth(index) == 0]
    assert [units.pass_of(trace, index) for index in top] == [1, 2, 3]
    assert units.nth_pass(trace, top[2], 1) == top[0]


def test_passes_when_the_body_is_passed_over(load):
    module = load("""
        def f(row, n):
            for i in range(n):
                for j in range(n):
                    row[i] += j
            return n
    """)
    trace = record(module.f, ([0] * 5, 5), limit=10)
    assert trace.coarse
    places = chain(units.unit_start, trace, 0, "i")
    assert [at(trace, index)["i"] for index in places] == [0, 1, 2, 3, 4]
    assert [units.pass_of(trace, index) for index in places] == [1, 2, 3, 4, 5]


def test_the_same_place_in_a_new_recording(trace, predict_arguments):
    weights, biases, inputs, *rest = predict_arguments()
    weights[0][1][0] = 9.0
    again = record(loops.predict, (weights, biases, inputs, *rest))
    for index in range(len(trace) + 1):
        assert units.same_place(trace, index, again) == index
    shorter = record(loops.predict, predict_arguments((2, 2, 1)))
    place = units.same_place(trace, visits(trace, "total +=")[3], shorter)
    assert place == visits(shorter, "total +=")[3]
    assert units.same_place(trace, len(trace), shorter) == len(shorter)
    assert units.same_place(trace, visits(trace, "total +=")[-1], shorter) == len(shorter)
    assert units.same_place(trace, visits(trace, "return sources")[0], shorter) == len(shorter) - 1


def test_breakpoints(trace):
    adding = visits(trace, "total +=")
    line = trace.lines[adding[0]]
    assert units.breakpoint_after(trace, 0, {line}) == adding[0]
    assert units.breakpoint_after(trace, adding[0], {line}) == adding[1]
    assert units.breakpoint_after(trace, adding[-1], [line]) is None
    assert units.breakpoint_after(trace, 0, ()) is None
    assert units.breakpoint_after(trace, len(trace), {line}) is None
