"""Where nodes stand, and the paths that a gradient comes along: against what is slow and plain."""

import random
from itertools import pairwise

import pytest

from nntui.autograd.expressions import read
from nntui.autograd.graph import Graph
from nntui.autograd.layout import Drawing, rows
from nntui.autograd.node import Node, tanh
from nntui.autograd.paths import paths


def random_graph(seed, size=40):
    dice = random.Random(seed)
    nodes = [Node(dice.uniform(-1, 1), name=f"x{number}") for number in range(4)]
    groups = {}
    for number in range(size):
        made = dice.choice(nodes[-8:]) * dice.choice(nodes) if dice.random() < 0.6 else tanh(dice.choice(nodes[-3:]))
        nodes.append(made)
        if number % 5 < 2:  # two in a row, of which the second need not use the first
            groups[made] = f"outputs[0][{number // 5}]"
    return Graph("random", nodes[-1] + nodes[-2], groups)


@pytest.mark.parametrize("seed", range(5))
def test_every_node_stands_right_of_its_parents_and_alone(seed):
    drawing = Drawing(random_graph(seed), ())
    columns = drawing.columns
    assert all(columns[parent] < columns[place] for place, node in enumerate(drawing.nodes) for parent in node.parents)
    assert sorted(place for column in drawing.order for place in column) == list(range(len(drawing.nodes)))
    row = rows(drawing.order, {place: node.parents for place, node in enumerate(drawing.nodes)})
    for column in drawing.order:
        assert all(row[above] < row[below] for above, below in pairwise(column))
    assert min(row.values()) == 0


def crossings(drawing):
    height = {place: number for column in drawing.order for number, place in enumerate(column)}
    edges = [(p, place) for place, node in enumerate(drawing.nodes) for p in node.parents
             if drawing.columns[place] == drawing.columns[p] + 1]  # fmt: skip
    return sum(
        (height[a] - height[c]) * (height[b] - height[d]) < 0
        for a, b in edges for c, d in edges if drawing.columns[a] == drawing.columns[c]
    ) // 2  # fmt: skip


def test_a_tree_is_drawn_without_a_crossing():
    leaves = [Node(float(number + 1)) for number in range(16)]
    while len(leaves) > 1:
        leaves = [leaves[at] + leaves[at + 1] for at in range(0, len(leaves), 2)]
    assert crossings(Drawing(Graph("tree", leaves[0]), ())) == 0


def test_a_leaf_stands_next_to_the_first_that_uses_it():
    a, late = Node(1.0, name="a"), Node(2.0, name="late")
    graph = Graph("late", tanh(tanh(tanh(a))) * late)
    drawing = Drawing(graph, ())
    assert drawing.columns[graph.number("late")] == 3


def test_a_folded_neuron_stands_for_its_nodes():
    x, w, b = Node(0.5, name="x"), Node(2.0, name="w"), Node(1.0, name="b")
    inner = [w, b, w * x]
    inner += [inner[-1] + b]
    inner += [tanh(inner[-1])]
    graph = Graph("neuron", inner[-1] * 2, dict.fromkeys(inner, "outputs[0][0]"))
    drawing = Drawing(graph, {"outputs[0][0]"})
    neuron = next(node for node in drawing.nodes if node.folded)
    assert (neuron.name, neuron.folded, len(drawing.nodes)) == ("outputs[0][0]", 5, 3)
    assert [drawing.nodes[parent].name for parent in neuron.parents] == ["x"]


def test_numbers_are_drawn_within_what_uses_them():
    names = [("a", "2"), ("b", "3*a"), ("c", "1.23456*b")]
    drawing = Drawing(Graph("d", read("b - c/2", names)), ())
    numbers = {node.name: node.numbers for node in drawing.nodes}
    assert numbers == {"a": (), "b": ("3", ""), "1.23456": (), "c": (), "c / 2": ("", "2"), "b - c / 2": ()}
    assert len(drawing.nodes) == 6
    assert [len(node.parents) for node in drawing.nodes] == [0, 1, 0, 2, 1, 2]


@pytest.mark.parametrize("seed", range(5))
def test_the_weightiest_paths_are_those_that_a_search_through_all_finds(seed):
    graph = random_graph(seed, size=14)
    progress, _ = graph.forward(graph.begin(), 0)
    done, _ = graph.backward(progress, 0)
    for number in range(len(graph)):
        every = products(graph, progress, number)
        found = paths(graph, progress, number, 4)
        assert found.count == len(every)
        assert found.total == pytest.approx(done.gradients[number], rel=1e-9, abs=1e-15)
        weights = sorted(map(abs, every), reverse=True)[:4]
        assert [abs(path.product) for path in found.weightiest] == pytest.approx(weights)


def products(graph, progress, number):
    """The product of slopes along each way from a node to the result."""
    if number == graph.result:
        return [1.0]
    slopes = {}
    for user, place in graph.uses[number]:
        slopes[user] = slopes.get(user, 0.0) + progress.slopes[user][place]
    return [slope * rest for user, slope in slopes.items() for rest in products(graph, progress, user)]
