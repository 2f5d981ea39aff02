"""The engine: published numbers, second uses, long chains, and what the order of the backward pass is for."""

import random

from nntui.autograd.node import Node, backward, exp, forward, log, relu, tanh, topological_order


def passed(result):
    """Both passes; the order."""
    order = topological_order(result)
    forward(order)
    backward(order)
    return order


def test_micrograd_documented_example():
    """The example in the README of Andrej Karpathy's micrograd (github.com/karpathy/micrograd)."""
    a, b = Node(-4.0), Node(2.0)
    c = a + b
    d = a * b + b**3
    c = c + (c + 1)
    c = c + (1 + c + (-a))
    d = d + (d * 2 + relu(b + a))
    d = d + (3 * d + relu(b - a))
    e = c - d
    f = e**2
    g = f / 2.0
    g = g + 10.0 / f
    passed(g)
    assert f"{g.value:.4f}" == "24.7041"
    assert f"{a.gradient:.4f}" == "138.8338"
    assert f"{b.gradient:.4f}" == "645.5773"


def test_a_second_use_adds_up_and_a_second_pass_without_clearing_too():
    """TEACHING.md, lesson 5: 9, then 33."""
    a = Node(2.0)
    b = 3 * a
    c = 2 * b
    d = b + c
    order = passed(d)
    assert (a.gradient, b.gradient, c.gradient, d.gradient) == (9.0, 3.0, 1.0, 1.0)
    backward(order)
    assert (a.gradient, b.gradient, c.gradient, d.gradient) == (33.0, 8.0, 2.0, 1.0)


def test_a_chain_of_100_000_nodes():
    x = Node(1.0)
    link = x
    for _ in range(100_000):
        link = link + 1
    passed(link)
    assert link.value == 100_001.0
    assert x.gradient == 1.0


def test_every_node_stands_after_its_parents_and_once():
    dice = random.Random(0)
    nodes = [Node(dice.random()) for _ in range(3)]
    for _ in range(300):
        nodes.append(dice.choice(nodes) + tanh(dice.choice(nodes)))
    order = topological_order(nodes[-1])
    place = {each: number for number, each in enumerate(order)}
    assert len(place) == len(order)
    assert all(place[parent] < place[each] for each in order for parent in each.parents)


def test_functions_and_their_slopes():
    x = Node(0.5)
    result = exp(x) + log(x) - relu(-x) / 2
    passed(result)
    assert result.value == 2.718281828459045**0.5 + -0.6931471805599453
    assert abs(x.gradient - (2.718281828459045**0.5 + 2.0)) < 1e-15


def test_a_node_says_what_it_is():
    a = Node(2.0, name="a")
    assert repr(a) == "a = 2, gradient 0"
    assert repr(a * 3) == "* = not known yet, gradient 0"
