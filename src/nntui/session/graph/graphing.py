"""The commands of the graph: make one, step its values forward and its gradients backward, turn its leaves."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from nntui import messages as m
from nntui.autograd.graph import Visited
from nntui.models.model import ModelError
from nntui.session.changing import Changer
from nntui.session.graph.state import GraphOnDesk, opened
from nntui.session.graph.view import open_graph, told
from nntui.session.graph.walk import caught_up, comes_along, place_of
from nntui.session.moving import Tell
from nntui.session.subject import CommandError, Desk
from nntui.session.walking.walk import WalkError

MOST_TOLD = 40  # visits of one command, of which the first and the last half
MOST_LEAVES = 20
PASSES: tuple[m.WalkName, ...] = ("forward", "backward")

T = TypeVar("T")


def opening(on_desk: GraphOnDesk) -> m.GraphOpened:
    """What there is to be told of a graph that comes to lie on the desk."""
    graph = on_desk.graph
    leaves = [
        (graph.names[n], value)
        for n, value in enumerate(on_desk.progress.values)
        if value is not None and graph.is_leaf(n) and not graph.is_constant(n)
    ]
    numbers = sum(map(graph.is_constant, range(len(graph))))
    return m.GraphOpened(graph.title, len(graph), tuple(leaves[:MOST_LEAVES]), None, numbers)


class Grapher:
    """Works on the graph that lies on a desk."""

    def __init__(self, desk: Desk, tell: Tell) -> None:
        self.desk = desk
        self.tell = tell

    def open(self, command: m.OpenGraph) -> None:
        """Make a graph; nothing of it is known yet but its leaves."""
        desk = self.desk
        made = opened(command, desk.model, desk.training.parameters, desk.look, desk.training.step)
        if desk.original.view.walk in PASSES:  # the scenario begins so, but it takes a graph to walk through one
            desk.walk = desk.original.view.walk
        self._lay(made)
        self.tell(opening(made))

    def forward(self, count: int) -> None:
        """Compute the next values."""
        on_desk = self._beside_lines("forward")
        if on_desk.graph.known(on_desk.progress) == len(on_desk.graph.forward_order):
            raise CommandError(
                "every value is known already; backward hands the gradients back, and set gives a leaf another value"
            )
        self._forward(on_desk, count)

    def _forward(self, on_desk: GraphOnDesk, count: int) -> GraphOnDesk:
        graph = on_desk.graph
        progress, visits = graph.forward(on_desk.progress, count)
        after = replace(on_desk, progress=progress, visit=visits[-1] if visits else None, pointed=-1)
        self._lay(after)
        self._tell_visits(after, "forward", visits, len(graph.forward_order) - progress.done)
        return after

    def backward(self, count: int) -> None:
        """Let the next nodes hand on their gradients; the values come first, and are computed where they are not."""
        on_desk = self._beside_lines("backward")
        graph = on_desk.graph
        missing = len(graph.forward_order) - graph.known(on_desk.progress)
        if missing:
            self.tell(m.Note("A gradient needs the values first: forward computes them."))
            on_desk = self._forward(on_desk, 0)
        progress, visits = graph.backward(on_desk.progress, count)
        after = replace(on_desk, progress=progress, visit=visits[-1], pointed=-1)
        self._lay(after)
        left = len(graph.backward_order(progress.order)) - progress.done
        self._tell_visits(after, "backward", visits, left)

    def clear(self) -> None:
        """Set all gradients to 0."""
        on_desk = open_graph(self.desk)
        self._lay(replace(on_desk, progress=on_desk.graph.cleared(on_desk.progress), visit=None))
        self.tell(m.GradientsCleared())

    def order(self, command: m.GraphOrder) -> None:
        """Let backward visit the nodes in another order, from cleared gradients."""
        on_desk = open_graph(self.desk)
        progress = replace(on_desk.graph.cleared(on_desk.progress), order=command.name)
        self._lay(replace(on_desk, progress=progress, visit=None))
        self.tell(m.GradientsCleared())
        if command.name == "depth":
            said = "Backward now visits a node as soon as one of those that it leads to has been visited."
        else:
            said = "Backward now visits a node only after all that it leads to: a topological order."
        self.tell(m.Note(said))

    def fold(self, name: str) -> None:
        """Draw one neuron as one node, or its nodes by themselves again; without a name, all of them."""
        on_desk = open_graph(self.desk)
        groups = frozenset(on_desk.graph.groups) - {""}
        if not groups:
            raise CommandError("there are no neurons to fold in this graph; `graph loss` makes one that has some")
        chosen = groups if not name else {self._group(on_desk, name, groups)}
        unfold = on_desk.folded >= chosen
        self.desk.graph = replace(on_desk, folded=on_desk.folded - chosen if unfold else on_desk.folded | chosen)
        whose = "Each neuron" if not name else next(iter(chosen))
        self.tell(m.Note(f"{whose} is drawn {'node by node' if unfold else 'as one node'}."))

    def _group(self, on_desk: GraphOnDesk, name: str, groups: frozenset[str]) -> str:
        if name in groups:
            return name
        group = on_desk.graph.groups[on_desk.graph.number(name)]
        if not group:
            raise CommandError(f"'{name[:40]}' is no part of a neuron; neurons are called like {min(groups)}")
        return group

    # ------------------------------------------------------------ leaves and nodes by their names

    def set_value(self, change: Changer, name: str, value: float) -> None:
        """Give a leaf or a parameter a value; one that is both, as of the network's own loss, gets it in both."""
        desk = self.desk
        if names_node(desk, name):
            self.set_leaf(name, value)
        elif is_parameter_too(desk, name):
            on_desk = open_graph(desk)
            on_desk.graph.with_leaf(on_desk.progress, on_desk.graph.number(name), value)  # GraphError before a change
            change.set_value(name, value)
            self.set_leaf(name, float(desk.training.parameters[desk.model.layout.index(name)]))
        else:
            change.set_value(name, value)

    def twist(self, change: Changer, name: str, amount: float) -> None:
        """Change a leaf or a parameter by an amount."""
        desk = self.desk
        if names_node(desk, name):
            self.set_leaf(name, self.value_of(name) + amount)
        elif is_parameter_too(desk, name):
            self.set_value(change, name, float(desk.training.parameters[desk.model.layout.index(name)]) + amount)
        else:
            change.twist(name, amount)

    def point(self, change: Changer, name: str) -> None:
        """Point at a node or a parameter; at one that is both as both."""
        if names_node(self.desk, name):
            self.point_at_node(name)
        else:
            change.point(name)
            look_at_node(self.desk, name)

    def set_leaf(self, name: str, value: float) -> None:
        """Give a leaf another value, and let it flow."""
        on_desk = open_graph(self.desk)
        graph, before = on_desk.graph, on_desk.progress
        number = graph.number(name)
        progress, visits = graph.with_leaf(before, number, value)
        after = replace(on_desk, progress=progress, visit=visits[-1] if visits else None, pointed=number)
        self._lay(after)
        self.desk.last_told = graph.names[number]
        old = before.values[number]
        assert old is not None
        flowed = tuple(told(after, visit, "forward") for visit in _few(visits))
        whole = before.values[graph.result], progress.values[graph.result]
        self.tell(m.LeafSet(graph.names[number], old, value, flowed, len(visits), *whole))

    def value_of(self, name: str) -> float:
        """The value of a leaf that is going to be turned."""
        on_desk = open_graph(self.desk)
        value = on_desk.progress.values[on_desk.graph.number(name)]
        if value is None:
            raise CommandError(f"'{name[:40]}' is computed from others, and is not known yet; a leaf can be turned")
        return value

    def point_at_node(self, name: str) -> None:
        """Point at a node, for everyone to look at."""
        on_desk = open_graph(self.desk)
        number = on_desk.graph.number(name)
        self.desk.graph = replace(on_desk, pointed=number)
        shown, progress = on_desk.graph.names[number], on_desk.progress
        self.desk.last_told = shown
        self.tell(m.NodePointed(shown, progress.values[number], progress.gradients[number]))

    # ------------------------------------------------------------ telling

    def _lay(self, on_desk: GraphOnDesk) -> None:
        """Put a graph onto the desk; a call that walks it begins anew, and is of the pass that is taken."""
        desk = self.desk
        desk.graph = on_desk
        if desk.walk in PASSES:
            desk.walk = on_desk.progress.direction or desk.walk
            desk.clock.forget()
            if comes_along(on_desk):
                with contextlib.suppress(WalkError):
                    desk.clock.event = place_of(on_desk, desk.clock.trace)

    def _beside_lines(self, direction: m.Direction) -> GraphOnDesk:
        """The graph that lies open, in which a pass stands where its lines do, if these have gone on."""
        on_desk, clock = open_graph(self.desk), self.desk.clock
        if self.desk.walk != direction or not clock.begun:
            return on_desk
        with contextlib.suppress(WalkError):
            return caught_up(on_desk, clock.trace, clock.event)
        return on_desk

    def _tell_visits(self, on_desk: GraphOnDesk, direction: m.Direction, visits: list[Visited], left: int) -> None:
        name = on_desk.graph.names[visits[-1].node]
        self.desk.last_told = name if direction == "forward" else f"gradient {name}"
        chosen = tuple(told(on_desk, visit, direction) for visit in _few(visits))
        self.tell(m.Visited(direction, chosen, len(visits), left, on_desk.progress.passes))


def names_node(desk: Desk, name: str) -> bool:
    """Whether a name is that of a node, and not of one of the model's own parameters; GraphError where it is neither.

    While an expression is at hand, a plain name that nobody knows is looked for there, too.
    """
    if desk.graph is None:
        return False
    try:
        desk.model.layout.index(name)
    except ModelError:
        if not desk.graph.of_loss and "[" not in name:
            desk.graph.graph.number(name)
        return desk.graph.graph.has(name) or name.startswith("#")
    return not desk.graph.of_loss and desk.graph.graph.has(name)


def is_parameter_too(desk: Desk, name: str) -> bool:
    """Whether a parameter is a leaf of the graph, as of the network's own loss."""
    return desk.graph is not None and desk.graph.of_loss and desk.graph.graph.has(name)


def look_at_node(desk: Desk, name: str) -> None:
    """Let a node be the one that everyone looks at, if there is one of that name."""
    if desk.graph is not None and desk.graph.graph.has(name):
        desk.graph = replace(desk.graph, pointed=desk.graph.graph.number(name))


def _few(items: Sequence[T]) -> tuple[T, ...]:
    """The first and last of many."""
    half = MOST_TOLD // 2
    return tuple(items) if len(items) <= MOST_TOLD else (*items[:half], *items[-half:])
