"""How the graph that lies on a desk looks: the nodes around the one in hand, and what the last visit did."""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Iterable

import msgspec

from nntui import messages as m
from nntui.autograd.graph import Graph, Visited
from nntui.autograd.layout import Drawing, rows
from nntui.session.graph.state import GraphOnDesk
from nntui.session.graph.walk import Walked, comes_along, place_of, walked
from nntui.session.subject import CommandError, Desk
from nntui.session.walking.walk import WalkError

NODE_COLUMNS, NODE_ROWS = 8, 2  # cells that a node takes at least, with the room beside it
FEWEST_COLUMNS, FEWEST_ROWS = 5, 6  # that are sent, however small the pane is

BACKWARD_RULES = {
    "+": "a sum hands its gradient on as it is",
    "-": "a difference hands its gradient on to the left as it is, to the right with the other sign",
    "*": "a product hands on its gradient times the other factor",
    "/": "a quotient hands on its gradient over the bottom; to the bottom times minus the quotient",
    "**": "a power hands on its gradient times the exponent times the power of one less",
    "negate": "the sign changes on the way",
    "exp": "exp hands on its gradient times its value",
    "log": "log hands on its gradient over what it is the logarithm of",
    "tanh": "tanh hands on its gradient times 1 minus the square of its value",
    "relu": "relu hands its gradient on where its value is above 0, else nothing",
}


def open_graph(desk: Desk) -> GraphOnDesk:
    """The graph that lies open; CommandError where there is none."""
    if desk.graph is None:
        raise CommandError("no graph is open; open one, as in: graph tanh(a*b + c) a=2 b=-3 c=0.5")
    return desk.graph


def told(on_desk: GraphOnDesk, visited: Visited, direction: m.Direction) -> m.Visit:
    """A visit as it is told."""
    graph, values = on_desk.graph, on_desk.progress.values
    number = visited.node
    operation = graph.operations[number]
    operands = tuple((graph.names[parent], values[parent] or 0.0) for parent in graph.parents[number])
    given = tuple(m.Given(graph.names[each.parent], each.before, each.slope, each.after) for each in visited.given
                  if not graph.is_constant(each.parent))  # fmt: skip
    rule = BACKWARD_RULES.get(operation.split()[0], "") if direction == "backward" and operation else ""
    return m.Visit(graph.names[number], operation, visited.value, visited.gradient, operands, given, rule)


def view_of_graph(desk: Desk, size: tuple[int, int]) -> m.GraphView:
    """The graph that lies on a desk; while a pass is walked line by line, as it is in the walked call."""
    on_desk = open_graph(desk)
    stands: Walked | None = None
    if desk.walk in ("forward", "backward") and (desk.clock.begun or comes_along(on_desk)):
        with contextlib.suppress(WalkError):
            trace, event = desk.clock.trace, desk.clock.event
            if event != place_of(on_desk, trace):
                stands = walked(on_desk, trace, event)
    view = graph_view(on_desk, size, stands)
    if on_desk.of_loss and on_desk.step != desk.training.step:  # training has gone on, but the graph is as it was made
        return msgspec.structs.replace(view, title=f"{view.title} at step {on_desk.step:,}")
    return view


def graph_view(on_desk: GraphOnDesk, size: tuple[int, int], stands: Walked | None) -> m.GraphView:
    """The graph, or so much of it as there is room for, around the node that is looked at."""
    graph, progress, drawing = on_desk.graph, on_desk.progress, on_desk.drawing
    order = graph.forward_order if progress.direction != "backward" else graph.backward_order(progress.order)
    following = order[progress.done] if progress.done < len(order) else -1
    at, hand = progress.at, stands.node if stands else -1
    focus = [hand, on_desk.pointed, at, following, graph.result]
    chosen = _neighbourhood(drawing, [drawing.place[number] for number in focus if number >= 0], size)
    places = [place for column in chosen for place in column]
    values, gradients = (stands.values, stands.gradients) if stands else (progress.values, progress.gradients)
    row = rows(chosen, {place: drawing.nodes[place].parents for place in places})
    nodes = tuple(
        _node(graph, drawing, place, row[place], values, gradients, progress.slopes) for place in sorted(places)
    )
    visit = told(on_desk, on_desk.visit, progress.direction) if on_desk.visit is not None else None
    return m.GraphView(
        title=graph.title, nodes=nodes, columns=max(drawing.columns) + 1, rows=max(map(len, drawing.order)),
        left_out=len(drawing.nodes) - len(nodes), direction=progress.direction, done=progress.done, of=len(order),
        at=_shown(drawing, at), next=_shown(drawing, following), pointed=_shown(drawing, on_desk.pointed),
        visit=visit, passes=progress.passes, in_hand=_shown(drawing, hand),
        parent_in_hand=_shown(drawing, stands.parent if stands else -1), numbers=len(drawing.within_another),
    )  # fmt: skip


def _shown(drawing: Drawing, number: int) -> int:
    """The number of the node that is drawn for a node: its own, or that of the neuron it is folded into."""
    return drawing.nodes[drawing.place[number]].number if number >= 0 else -1


def _node(
    graph: Graph, drawing: Drawing, place: int, row: int, values: tuple[float | None, ...],
    gradients: tuple[float, ...], slopes: tuple[tuple[float, ...], ...],
) -> m.GraphNode:  # fmt: skip
    drawn = drawing.nodes[place]
    number = drawn.number
    parents = tuple(drawing.nodes[parent].number for parent in drawn.parents)
    slopes_drawn = () if drawn.folded else slopes[number]
    if drawn.numbers and slopes_drawn:
        slopes_drawn = tuple(slope for slope, inside in zip(slopes_drawn, drawn.numbers, strict=True) if not inside)
    return m.GraphNode(
        number, drawn.name, "neuron" if drawn.folded else graph.operations[number], parents, values[number],
        gradients[number], drawing.columns[place], row, slopes_drawn, drawn.group, drawn.folded, drawn.numbers,
    )  # fmt: skip


def _neighbourhood(drawing: Drawing, focus: list[int], size: tuple[int, int]) -> list[list[int]]:
    """The places drawn, by columns from the left and from the top: all, or those nearest along the edges."""
    across = max(FEWEST_COLUMNS, size[0] // NODE_COLUMNS)
    down = max(FEWEST_ROWS, size[1] // NODE_ROWS)
    whole = drawing.order
    if len(whole) <= across and all(len(column) <= down for column in whole):
        return [list(column) for column in whole]
    first = max(0, min(drawing.columns[focus[0]] - across // 2, len(whole) - across))
    near = set(_nearest(drawing, focus, range(first, first + across), down))
    return [chosen for column in whole if (chosen := [place for place in column if place in near])]


def _nearest(drawing: Drawing, focus: list[int], columns: range, down: int) -> Iterable[int]:
    """Places within these columns as one comes upon them along the edges, at most so many in each column."""
    room = dict.fromkeys(columns, down)
    waiting, seen = deque(focus), set(focus)
    while waiting:
        place = waiting.popleft()
        if room.get(drawing.columns[place], 0) <= 0:
            continue
        room[drawing.columns[place]] -= 1
        yield place
        for near in (*drawing.nodes[place].parents, *drawing.users[place]):
            if near not in seen:
                seen.add(near)
                waiting.append(near)
