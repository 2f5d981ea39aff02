"""The two passes as calls that are walked line by line, on a copy of the graph; and where such a call stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nntui import messages as m
from nntui.autograd.graph import Graph
from nntui.autograd.node import Node, backward, forward
from nntui.models.model import Call
from nntui.session.graph_state import GraphOnDesk
from nntui.trace.trace import Trace


class Copy(Node):
    """A node of a copied graph. It is copied with all that lead to it without recursion: chains are long."""

    def __deepcopy__(self, memo: dict[int, Any]) -> Copy:
        waiting: list[Node] = [self]
        while waiting:
            missing = [parent for parent in waiting[-1].parents if id(parent) not in memo]
            waiting += missing
            if not missing:
                node = waiting.pop()
                if id(node) not in memo:  # one that is used twice waits twice
                    memo[id(node)] = _twin(node, tuple(memo[id(parent)] for parent in node.parents))
        found: Copy = memo[id(self)]
        return found


def _twin(node: Node, parents: tuple[Node, ...]) -> Copy:
    twin = Copy.__new__(Copy)
    twin.__dict__.update(node.__dict__, parents=parents)
    return twin


def pass_of(on_desk: GraphOnDesk, what: m.WalkName) -> Call:
    """The call `forward(order)` or `backward(order)` on a copy of the graph as it stands."""
    graph, progress = on_desk.graph, on_desk.progress
    if what == "backward" and graph.known(progress) < len(graph.forward_order):
        progress, _ = graph.forward(progress, 0)
    copies: list[Node] = []
    for node, parents in zip(graph.laid_out(progress), graph.parents, strict=True):
        copies.append(_twin(node, tuple(copies[parent] for parent in parents)))
        copies[-1].name = graph.names[len(copies) - 1]
    if what == "forward":
        return Call(forward, (copies,))
    order = graph.full_backward_order(progress.order)
    return Call(backward, ([copies[number] for number in reversed(order)],))


@dataclass(frozen=True)
class Walked:
    """Where a walked pass stands: the node in hand, the parent that it hands on to, and what is known by then."""

    node: int
    parent: int
    values: tuple[float | None, ...]
    gradients: tuple[float, ...]


def walked(on_desk: GraphOnDesk, trace: Trace, event: int) -> Walked:
    """Where a walked pass stands before an event, told from the lines that have run."""
    name = "compute" if trace.function == "forward" else "hand_on"
    begun = [frame for frame in trace.frames if frame.function == name and (frame.first or 0) <= event]
    line = trace.source.function(name).last
    done = trace.lines[:event].count(line)
    at_work = event < len(trace) and trace.frames[trace.owners[event]].function == name
    about = at_work and trace.lines[event] == line
    at = len(begun) - 1 if at_work else -1
    return _forward(on_desk, at, done) if name == "compute" else _backward(on_desk, at, done, about)


def _forward(on_desk: GraphOnDesk, at: int, done: int) -> Walked:
    graph, progress = on_desk.graph, on_desk.progress
    complete, _ = graph.forward(progress, 0) if graph.known(progress) < len(graph.forward_order) else (progress, [])
    values = list(progress.values)
    for number in graph.forward_order[:done]:
        values[number] = complete.values[number]
    return Walked(at, -1, tuple(values), progress.gradients)


def _backward(on_desk: GraphOnDesk, at: int, done: int, about: bool) -> Walked:
    graph, progress = on_desk.graph, on_desk.progress
    if graph.known(progress) < len(graph.forward_order):
        progress, _ = graph.forward(progress, 0)
    order = graph.full_backward_order(progress.order)
    gradients: dict[int, float] = dict(enumerate(progress.gradients))
    if at >= 0 or done:
        gradients[graph.result] = 1.0
    parent = _hand_on(graph, progress.slopes, order, gradients, done)
    node = order[at] if at >= 0 else -1
    return Walked(node, parent if about else -1, progress.values, tuple(gradients[n] for n in range(len(graph))))


def _hand_on(
    graph: Graph, slopes: tuple[tuple[float, ...], ...], order: tuple[int, ...], gradients: dict[int, float], done: int
) -> int:
    """Hand on along the first `done` edges of a pass; the parent at the end of the next."""
    for number in order:
        for parent, slope in zip(graph.parents[number], slopes[number], strict=True):
            if not done:
                return parent
            gradients[parent] += slope * gradients[number]
            done -= 1
    return -1
