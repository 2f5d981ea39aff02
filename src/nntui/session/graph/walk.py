"""The two passes as calls that are walked line by line, on a copy of the graph; and where such a call stands.

The nodes can be stepped through by themselves, too. The lines then come along: while a pass by nodes is under way, the
call is that very pass, and the line about to run is the one that visits the next node. And where the lines have gone
on, the nodes catch up with them before they go on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from nntui import messages as m
from nntui.autograd.graph import Graph, Visited
from nntui.autograd.node import Node, backward, forward
from nntui.models.model import Call
from nntui.session.graph.state import GraphOnDesk
from nntui.trace.trace import Frame, Trace

VISITS = {"forward": "compute", "backward": "hand_on"}  # what visits a node in either pass
MOST_BESIDE_LINES = 120  # nodes of a graph whose lines come along: each key records the call anew


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
    if what == "backward":
        on_desk = _as_it_began(on_desk)
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
    name = VISITS[trace.function]
    visits = _visits(trace)
    begun = _begun(visits, event)
    line = trace.source.function(name).last
    done = trace.lines[:event].count(line)
    at_work = event < len(trace) and trace.frames[trace.owners[event]].function == name
    about = at_work and trace.lines[event] == line
    calls = begun < len(visits) and visits[begun].caller == event
    at = begun if calls else begun - 1
    return _forward(on_desk, at, done) if name == "compute" else _backward(on_desk, at, done, about)


def _forward(on_desk: GraphOnDesk, at: int, done: int) -> Walked:
    graph, progress = on_desk.graph, on_desk.progress
    complete, _ = graph.forward(progress, 0) if graph.known(progress) < len(graph.forward_order) else (progress, [])
    values = list(progress.values)
    for number in graph.forward_order[:done]:
        values[number] = complete.values[number]
    return Walked(at, -1, tuple(values), progress.gradients)


def _backward(on_desk: GraphOnDesk, at: int, done: int, about: bool) -> Walked:
    on_desk = _as_it_began(on_desk)
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


# ---------------------------------------------------------------- nodes and lines in step


def _as_it_began(on_desk: GraphOnDesk) -> GraphOnDesk:
    """The graph with the gradients that it had when the backward pass under way began; else as it is."""
    graph, progress = on_desk.graph, on_desk.progress
    if progress.direction != "backward" or not progress.began or not graph.under_way(progress):
        return on_desk
    known = len(graph.forward_order)
    return replace(
        on_desk, progress=replace(progress, gradients=progress.began, direction="forward", done=known, at=-1)
    )


def comes_along(on_desk: GraphOnDesk) -> bool:
    """Whether the lines come along with the pass by nodes that is under way."""
    return len(on_desk.graph) <= MOST_BESIDE_LINES and on_desk.graph.under_way(on_desk.progress)


def place_of(on_desk: GraphOnDesk, trace: Trace) -> int:
    """The place in the call at which the next node of the pass under way is about to be visited; 0: none is."""
    graph, progress = on_desk.graph, on_desk.progress
    if progress.direction != trace.function or not graph.under_way(progress):
        return 0
    order, every = _orders(on_desk, trace.function)
    return _visits(trace)[every.index(order[progress.done])].caller or 0


def caught_up(on_desk: GraphOnDesk, trace: Trace, event: int) -> GraphOnDesk:
    """The graph when all nodes have been visited that the lines have come through; lines that went back are left."""
    graph, progress = on_desk.graph, on_desk.progress
    order, every = _orders(on_desk, trace.function)
    begun = _begun(_visits(trace), event)
    at_work = event < len(trace) and trace.frames[trace.owners[event]].function == VISITS[trace.function]
    through = set(every[: begun - at_work])
    done = progress.done if progress.direction == trace.function and graph.under_way(progress) else 0
    further = sum(number in through for number in order) - done
    visits: list[Visited]
    if further <= 0:
        return on_desk
    if trace.function == "forward":
        progress, visits = graph.forward(progress, further)
    else:
        if graph.known(progress) < len(graph.forward_order):
            progress, _ = graph.forward(progress, 0)
        progress, visits = graph.backward(progress, further)
    return replace(on_desk, progress=progress, visit=visits[-1] if visits else on_desk.visit)


def _orders(on_desk: GraphOnDesk, function: str) -> tuple[Sequence[int], Sequence[int]]:
    """The nodes that a pass visits, as it is counted, and all that the code visits."""
    graph, order = on_desk.graph, on_desk.progress.order
    if function == "forward":
        return graph.forward_order, range(len(graph))
    return graph.backward_order(order), graph.full_backward_order(order)


def _visits(trace: Trace) -> list[Frame]:
    """The calls that visit a node each, in their order."""
    return [frame for frame in trace.frames if frame.function == VISITS[trace.function]]


def _begun(visits: Sequence[Frame], event: int) -> int:
    """How many of them have begun by a place."""
    return sum((frame.first or 0) <= event for frame in visits)
