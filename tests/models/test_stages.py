"""The loops folded into arrays: each stage answers what the loops answer, and can be walked with its numbers shown."""

import math

import numpy as np
import pytest
from small_networks import network, parameters

from nntui.models.mlp import folding, loops
from nntui.models.model import ModelError
from nntui.trace.cursor import Cursor
from nntui.trace.record import record

KINDS = [
    ("tanh", "tanh", "mean squared error"), ("relu", "linear", "mean squared error"),
    ("sigmoid", "sigmoid", "mean squared error"), ("tanh", "softmax", "cross-entropy"),
]  # fmt: skip


def answered(net, flat, name):
    made = folding.call(net, name, flat, len(net.inputs))
    return np.array(made.function(*made.arguments))


@pytest.mark.parametrize(("activation", "output", "loss"), KINDS)
def test_every_stage_answers_what_predict_answers(activation, output, loss):
    net = network((3, 4, 2, 3), activation, output, loss)
    flat = parameters(net, reach=2.0)
    weights, biases = ([layer.tolist() for layer in rows] for rows in (net.weights(flat), net.biases(flat)))
    outputs = net.scratch()
    right = [
        list(loops.predict(weights, biases, row, net.activation, net.output_activation, outputs))
        for row in net.inputs.tolist()
    ]
    assert answered(net, flat, "stage 1").tolist() == right, "to the bit"
    for name in folding.STAGES:
        assert np.allclose(answered(net, flat, name), right, rtol=0, atol=1e-13), name


def test_a_fold_takes_one_loop_away():
    loops_in = [made.__code__.co_names.count("range") and _loops(made) for made in folding.STAGES.values()]
    assert loops_in == [4, 3, 2, 1]


def _loops(function):
    import ast
    import inspect

    return sum(isinstance(node, ast.For) for node in ast.walk(ast.parse(inspect.getsource(function))))


def test_the_comparison_is_of_each_with_the_one_before():
    net = network((2, 3, 1), samples=20)
    flat = parameters(net)
    told = folding.compare(net, flat, 20)
    assert told.samples == 20
    before = answered(net, flat, "stage 1")
    for name, off, seconds in told.stages[1:]:
        now = answered(net, flat, name)
        assert off == float(np.abs(now - before).max())
        assert seconds > 0
        before = now
    assert folding.difference(net, flat, 20) == max(off for _, off, _ in told.stages)


def test_no_samples_are_refused():
    net = network((2, 3, 1))
    with pytest.raises(ModelError, match="need a sample"):
        folding.compare(net, parameters(net), 0)


def test_more_samples_than_there_are_are_the_same_again():
    net = network((2, 3, 1))
    made = folding.call(net, "stage 4", parameters(net), 30)
    inputs = made.arguments[2]
    assert inputs.shape == (30, 2)
    assert (inputs[12:24] == net.inputs).all()
    assert folding.compare(net, parameters(net), 30).samples == 30


def test_more_than_the_loops_do_in_a_moment_is_refused(monkeypatch):
    monkeypatch.setattr(folding, "MOST_WORK", 100)
    net = network((2, 3, 1))
    with pytest.raises(ModelError, match="`stages 7` is the most here"):
        folding.compare(net, parameters(net), 12)


@pytest.mark.parametrize("name", list(folding.STAGES))
def test_a_walk_shows_the_numbers_of_arrays(name):
    net = network((2, 3, 1), samples=4)
    made = folding.call(net, name, parameters(net), 4)
    trace = record(made.function, made.arguments)
    cursor = Cursor(trace)
    cursor.move(len(trace))
    seen = cursor.locals(0)
    assert np.array_equal(
        _numbers(seen["answers" if name != "stage 4" else "sources"]), answered(net, parameters(net), name)
    )
    assert np.array_equal(_numbers(trace.returned), answered(net, parameters(net), name))
    assert not any(isinstance(value, str) for value in seen.values()), "an array is no text"


def _numbers(value):
    return np.array([list(row) for row in value])


def test_numbers_that_are_not_finite_go_through_all_stages():
    net = network((2, 3, 1), "relu", "linear")
    flat = np.full(net.layout.size, 1e308)
    told = folding.compare(net, flat, 3)
    assert len(told.stages) == 4
    assert all(math.isnan(off) or off >= 0 for _, off, _ in told.stages)
