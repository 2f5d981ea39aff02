"""Typed expressions: what they compute, their gradients against central differences, and what is wrong with bad ones."""

import math

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from nntui.autograd.errors import GraphError
from nntui.autograd.expressions import read
from nntui.autograd.graph import Graph
from nntui.autograd.node import backward, forward, topological_order
from nntui.text import clean


def opened(expression, **leaves):
    return Graph(expression, read(expression, tuple((name, str(text)) for name, text in leaves.items())))


@pytest.mark.parametrize(
    ("expression", "leaves", "value"),
    [
        ("tanh(a*b + c)", {"a": "2", "b": "-3", "c": "0.5"}, math.tanh(-5.5)),
        ("b + c", {"a": "2", "b": "3*a", "c": "2*b"}, 18.0),
        ("-(a - 1) / b ** 2", {"a": "3", "b": "-2"}, -0.5),
        ("exp(log(a)) + relu(-a)", {"a": "0.5"}, 0.5),
        ("a ** -1 + a ** 0.5", {"a": "4"}, 2.25),
        ("1 + 2 * 3", {}, 7.0),
        ("a − 1", {"a": "−2"}, -3.0),
    ],
)
def test_values(expression, leaves, value):
    graph = opened(expression, **leaves)
    progress, _ = graph.forward(graph.begin(), 0)
    assert progress.values[graph.result] == pytest.approx(value, rel=1e-15)


@pytest.mark.parametrize(
    ("expression", "leaves", "part"),
    [
        ("a * x", {"a": "2"}, "'x' has no value here"),
        ("alpa + alpha", {"alpha": "2"}, "did you mean 'alpha'"),
        ("a", {"a": "foo"}, "'foo' has no value here"),
        ("a", {"a": "nan"}, "'nan' has no value here"),
        ("a / b", {"a": "1", "b": "0"}, "'a / b' divides by zero"),
        ("a ** -1", {"a": "0"}, "'a ** (-1)' divides by zero"),
        ("log(a)", {"a": "-1"}, "there is no logarithm of -1"),
        ("log(a)", {"a": "0"}, "there is no logarithm of 0"),
        ("exp(a)", {"a": "1000"}, "'exp(a)' is beyond the largest number"),
        ("a * a", {"a": "1e200"}, "beyond the largest number"),
        ("a ** 0.5", {"a": "0"}, "divides by zero"),
        ("a ** 0.5", {"a": "-2"}, "a negative number has no power of 0.5"),
        ("sin(a)", {"a": "1"}, "there is no function 'sin'; there are exp, log, tanh, relu"),
        ("tanhh(a)", {"a": "1"}, "did you mean 'tanh'"),
        ("exp(a, 2)", {"a": "1"}, "exp takes one expression"),
        ("exp", {"a": "1"}, "exp is a function, and needs brackets"),
        ("a ** a", {"a": "1"}, "an exponent is a plain number"),
        ("a ^ 2", {"a": "1"}, "a power is written with two stars"),
        ("a.real", {"a": "1"}, "'a.real' does not belong here"),
        ("a[0]", {"a": "1"}, "does not belong here"),
        ("__import__('os')", {}, "there is no function '__import__'"),
        ("(lambda: 1)()", {}, "does not belong here"),
        ("'text'", {}, "does not belong here"),
        ("True", {}, "does not belong here"),
        ("2j", {}, "does not belong here"),
        ("a < 2", {"a": "1"}, "does not belong here"),
        ("a b", {"a": "1", "b": "2"}, "is no expression"),
        ("a +", {"a": "1"}, "is no expression"),
        ("a; b", {"a": "1"}, "is no expression"),
        ("", {}, "an expression is missing"),
        ("a", {"a": ""}, "an expression is missing"),
        ("1e999", {}, "beyond the largest"),
        ("9" * 400, {}, "beyond the largest"),
        ("9" * 4000, {}, "beyond the largest"),
        ("lambda", {"lambda": "1"}, "is no expression"),
        ("a + exp", {"a": "1", "exp": "2"}, "'exp' is a function; choose another name"),
        ("a", {"a": "2", "b": "3"}, "'b' is given, but the expression does not use it"),
        ("a + b", {"a": "2", "b": "a"}, "'b' would be 'a' itself"),
        ("a" * 10_000, {}, "at most 4,000 characters"),
        ("(" * 1_500 + "a" + ")" * 1_500, {"a": "1"}, "n"),
        ("-" * 3_000 + "a", {"a": "1"}, "nested too deeply"),
        ("exp(" * 120 + "a" + ")" * 120, {"a": "0"}, "nested too deeply"),
        ("a\x00", {"a": "1"}, "is no expression"),
    ],
)  # fmt: skip
def test_mistakes_get_one_sentence(expression, leaves, part):
    with pytest.raises(GraphError) as caught:
        opened(expression, **leaves)
    sentence = str(caught.value)
    assert part in sentence
    assert "\n" not in sentence
    assert len(sentence) < 300


@given(st.text(max_size=60))
def test_anything_typed_is_a_graph_or_a_sentence(text):
    said = "a graph"
    try:
        opened(text, a="1")
    except GraphError as error:
        said = str(error)
    assert 0 < len(said) < 300
    assert clean(said) == said, "a single line without what a terminal would obey, whatever was typed"
    assert "\n" not in said


LEAF = st.sampled_from(["a", "b", "c"]) | st.sampled_from(["0.5", "2", "1.25"])
BIGGER = lambda inner: st.one_of(  # noqa: E731
    st.tuples(inner, st.sampled_from(["+", "-", "*", "/"]), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
    st.tuples(st.sampled_from(["exp", "log", "tanh", "relu", "-"]), inner).map(lambda t: f"{t[0]}({t[1]})"),
    st.tuples(inner, st.sampled_from(["2", "3", "-1", "0.5"])).map(lambda t: f"({t[0]}) ** {t[1]}"),
)
NUMBER = st.floats(-2, 2).map(lambda x: round(x, 3))


@settings(max_examples=150, deadline=None)
@given(st.recursive(LEAF, BIGGER, max_leaves=8), st.tuples(NUMBER, NUMBER, NUMBER))
def test_gradients_against_central_differences(expression, numbers):
    names = [name for name in "abc" if name in expression.replace("tanh", "").replace("relu", "")]
    leaves = {name: numbers["abc".index(name)] for name in names}

    def value(name, twist):
        order = topological_order(read(expression, [(n, repr(x + twist * (n == name))) for n, x in leaves.items()]))
        forward(order)
        return order[-1].value

    try:
        result = read(expression, [(name, repr(x)) for name, x in leaves.items()])
        order = topological_order(result)
        forward(order)
        backward(order)
        twist = 1e-5
        for node in order:
            if node.name in leaves:
                up, down, half = (value(node.name, t) for t in (twist, -twist, twist / 2))
                coarse, fine = (up - down) / (2 * twist), (half - result.value) / (twist / 2)
                # Where the function itself bends within the twist, as relu does at 0, no difference tells the slope.
                assume(abs(coarse - fine) < 1e-2 * (1 + abs(coarse)))
                assert node.gradient == pytest.approx(coarse, rel=1e-2, abs=1e-4)
    except (GraphError, ArithmeticError, ValueError, TypeError):
        assume(False)


def test_what_python_warns_of_is_told_in_a_sentence_alone(recwarn):
    with pytest.raises(GraphError, match="does not belong here"):
        read("a + 1or 2", (("a", "2"),))
    assert not recwarn
