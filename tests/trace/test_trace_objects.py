"""Objects in a traced call: what they say of themselves is written down whenever it changes."""

from nntui.autograd.node import Node, backward, forward, topological_order
from nntui.session.graph.walk import Copy
from nntui.trace.record import record


def test_a_pass_through_a_graph_shows_what_each_line_changed():
    a, b = Node(2.0, name="a"), Node(3.0, name="b")
    c = a * b
    c.name = "c"
    order = topological_order(c)
    trace = record(forward, (order,))
    said = [(change.name, change.old, change.new) for change in trace.changes]
    assert ("current", "c = not known yet, gradient 0", "c = 6, gradient 0") in said
    assert ("rule", "multiply_rule") in [(change.name, change.new) for change in trace.changes]
    forward(order)
    trace = record(backward, (order,))
    said = [(change.name, change.old, change.new) for change in trace.changes]
    assert ("parent", "a = 2, gradient 0", "a = 2, gradient 3") in said
    assert ("parent", "b = 3, gradient 0", "b = 3, gradient 2") in said
    assert a.gradient == 0.0  # it ran on a copy


def test_a_long_chain_is_copied_without_recursion():
    link = Copy(1.0, name="x")
    nodes: list[Node] = [link]
    for _ in range(2_000):
        link = Copy(1.0, "+", (link, link))
        nodes.append(link)
    trace = record(backward, (nodes[-1:],))
    assert trace.arguments[0][0].parents[0] is trace.arguments[0][0].parents[1]
