"""What can be asked of the graph: why a value or a gradient is what it is, readings, and how it compares."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

import numpy as np

from nntui import messages as m
from nntui.autograd.graph import Graph, Progress
from nntui.autograd.paths import Path, paths
from nntui.session.graph.state import LOSS, GraphOnDesk, opened
from nntui.session.subject import CommandError, Desk

MOST_PATHS = 5  # that a gradient comes along are told, of many the weightiest
MOST_SHARES = 200  # of a comparison
FEW_SLOPES = 4  # of a path are told; of a longer one not those that are 1, as those of sums
GRADIENT, NODE = "gradient", "node "
TWIST = 1e-5  # for the gradient by twists: small enough for the curve to be straight, large enough for 16 digits

_NAMED = re.compile(r"[A-Za-z_]\w*(\[\d+\])*")  # nodes that somebody has given a name

_RULES = {
    "exp": "exp of",
    "log": "the natural logarithm of",
    "tanh": "tanh of",
    "relu": "relu of",
    "negate": "minus",
}


# ---------------------------------------------------------------- readings


def reading(desk: Desk, name: str) -> float | None:
    """`nodes`, `passes`, `gradient_NAME`, and of a typed expression its names; None where it is none of these.

    `graph_price` and `twist_price`: what the gradient of the network's loss costs, in predictions; `graph_difference`:
    how far the graph's is from backpropagation's.
    """
    on_desk = desk.graph
    if on_desk is None:
        return None
    if name in _PRICES:
        return _PRICES[name](comparison(desk))
    counts = {"nodes": len(on_desk.graph), "passes": on_desk.progress.passes}
    if name in counts:
        return float(counts[name])
    bare = name.removeprefix(f"{GRADIENT}_")
    if bare != name and on_desk.graph.has(bare):
        return on_desk.progress.gradients[on_desk.graph.number(bare)]
    if on_desk.of_loss or not on_desk.graph.has(name):
        return None
    value = on_desk.progress.values[on_desk.graph.number(name)]
    if value is None:
        raise CommandError(f"the value of '{name[:40]}' is not known yet; forward computes it")
    return value


# ---------------------------------------------------------------- why


def why(desk: Desk, name: str) -> m.Why | None:
    """Open a gradient into the paths that it came along, or a node into what made it; None where it is neither."""
    if name == GRADIENT or name.startswith(f"{GRADIENT} "):
        return _why_gradient(desk, name.removeprefix(GRADIENT).strip() or desk.pointed or desk.model.first)
    on_desk, name = desk.graph, name.removeprefix(NODE)
    if on_desk is None or not on_desk.graph.has(name):
        return None
    if on_desk.of_loss and not name.startswith(("totals[", "#")):
        return None  # the network has its own reasons
    return _why_value(on_desk, on_desk.graph.number(name))


def _why_value(on_desk: GraphOnDesk, number: int) -> m.Why:
    graph, values = on_desk.graph, on_desk.progress.values
    value, operation = values[number], graph.operations[number]
    if value is None:
        raise CommandError(f"the value of '{graph.names[number]}' is not known yet; forward computes it")
    name = graph.names[number] if on_desk.of_loss else NODE + graph.names[number]
    if graph.is_leaf(number):
        return m.Why(name, value, "", value, (), "It is a leaf: its value was given.")
    operands = [(graph.names[parent], values[parent] or 0.0) for parent in graph.parents[number]]
    first_name, first = operands[0]
    exponent = graph.exponents[number]
    if exponent is not None:
        return m.Why(name, value, f"the power {exponent:g} of", first, (), f"That is {first_name}.")
    if operation in _RULES:
        return m.Why(name, value, _RULES[operation], first, (), f"That is {first_name}.")
    if operation == "+":
        return m.Why(name, value, "", value, tuple(m.Term(each, part) for each, part in operands))
    second_name, second = operands[1]
    if operation == "-":
        return m.Why(name, value, "", value, (m.Term(first_name, first), m.Term(second_name, -second)))
    factors = (operands[0], (f"1 / {second_name}", 1 / second) if operation == "/" else operands[1])
    return m.Why(name, value, "", value, (m.Term(f"{first_name} and {second_name}", value, factors),))


def _why_gradient(desk: Desk, name: str) -> m.Why:
    """The paths from a node to the result. Without a graph that has it, those of the network's loss are gone along."""
    on_desk, note = desk.graph, ""
    if on_desk is None or (not on_desk.graph.has(name) and not name.startswith("#")):
        on_desk = opened(m.OpenGraph(LOSS), desk.model, desk.training.parameters, desk.look)
        note = f"It is the gradient of the {on_desk.graph.title} alone."
    graph, progress = on_desk.graph, on_desk.progress
    number = graph.number(name)
    if graph.known(progress) < len(graph.forward_order):
        progress, _ = graph.forward(progress, 0)
    found = paths(graph, progress, number, MOST_PATHS)
    terms = [_term(graph, number, path) for path in found.weightiest]
    others = found.count - len(terms)
    if others:
        rest = found.total - math.fsum(path.product for path in found.weightiest)
        terms.append(m.Term(f"{others:,} other paths" if others > 1 else "1 other path", rest))
    held = progress.gradients[number]
    if not note and held != found.total and not math.isclose(held, found.total, rel_tol=1e-12):
        note = f"It holds {held:g} now: {_holds(progress)}."
    if number == graph.result:
        note = note or "It is the result, and changes as fast as itself."
    return m.Why(f"{GRADIENT} {graph.names[number]}", found.total, "", found.total, tuple(terms), note)


def _holds(progress: Progress) -> str:
    if progress.order != "topological":
        return "the order of the backward pass is not a topological one"
    if progress.passes > 1:
        return f"{progress.passes} passes have added to it, without clearing in between"
    return "backward has not come to its end since the values were set" if progress.passes else "backward fills it in"


def _term(graph: Graph, number: int, path: Path) -> m.Term:
    """One path: through which nodes, and the slope of each with the one before."""
    nodes = (number, *path.nodes)
    names = [graph.names[node] for node in nodes]
    factors = tuple(
        (f"{after} by {before}", slope)
        for before, after, slope in zip(names, names[1:], path.slopes, strict=False)
        if slope != 1.0 or len(path.slopes) <= FEW_SLOPES
    )
    on_the_way = [name for name in names[1:-1] if _NAMED.fullmatch(name)] or names[1:-1] or names[1:]
    return m.Term(f"through {', '.join(on_the_way)}", path.product, factors)


# ---------------------------------------------------------------- the debt is paid


def comparison(desk: Desk) -> m.ComparisonView:
    """The gradients from a graph of the loss beside backpropagation's and those by twists, and what they cost."""
    model, parameters, look = desk.model, desk.training.parameters, desk.look
    if look.typed or look.split != "train":
        raise CommandError("backpropagation knows the training samples; `sample 0` looks at one")
    graph = opened(m.OpenGraph(LOSS), model, parameters, look).graph
    progress, _ = graph.forward(graph.begin(), 0)
    progress, _ = graph.backward(progress, 0)
    layout = model.layout
    samples = np.array([look.sample]) if model.samples else None
    exact = model.gradient(parameters, samples)
    mine = np.zeros(layout.size)
    for index in range(layout.size):
        address = layout.address(index)
        mine[index] = progress.gradients[graph.number(address)] if graph.has(address) else 0.0
    everyone, ways = np.arange(layout.size), np.full(layout.size, TWIST)
    up, down = (model.twisted(parameters, everyone, twists, samples) for twists in (ways, -ways))
    twisted = (up - down) / (2 * TWIST)
    worst = int(np.argmax(np.abs(mine - exact)))
    shares = tuple(
        m.Compared(layout.address(i), float(mine[i]), float(exact[i]), float(twisted[i]))
        for i in range(min(layout.size, MOST_SHARES))
    )
    return m.ComparisonView(
        graph.title, layout.size, shares, float(abs(mine[worst] - exact[worst])), layout.address(worst),
        float(np.abs(twisted - mine).max()), _prediction(graph), graph.edges, graph.edges, 2 * layout.size,
    )  # fmt: skip


_PRICES: dict[str, Callable[[m.ComparisonView], float]] = {
    "graph_price": lambda compared: (compared.forward + compared.backward) / compared.prediction,
    "twist_price": lambda compared: float(compared.twist_predictions),
    "graph_difference": lambda compared: compared.difference,
}


def _prediction(graph: Graph) -> int:
    """How many operands a prediction reads: those of its neurons, without what makes a loss of their outputs."""
    neurons = any(graph.groups)
    return sum(len(parents) for parents, group in zip(graph.parents, graph.groups, strict=True) if group or not neurons)
