"""What of a graph is marked: the node in hand, the edges in use, and where the arrow keys lead."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nntui import messages as m
from nntui.tui.panes.graph_plan import Plan, is_constant
from nntui.tui.panes.pane import Direction

_SAID = re.compile(r"[A-Za-z_]\w*(\[\d+\])*")  # a name that there is only once


class Scene:
    """A view with what is looked up in it."""

    def __init__(self, view: m.GraphView, walking: str = "") -> None:
        """`walking` is the call that is walked line by line."""
        self.view = view
        self._walking = walking
        self.nodes = {node.number: node for node in view.nodes}
        self.pointed = view.pointed if view.pointed in self.nodes else -1
        self.users: dict[int, list[int]] = {number: [] for number in self.nodes}
        for number, node in self.nodes.items():
            for parent in dict.fromkeys(node.parents):
                if parent in self.users:
                    self.users[parent].append(number)

    @property
    def focus(self) -> int:
        """The node in hand: the one that the line works on, else that pointed at, visited, or next; else the result."""
        view = self.view
        wished = (view.in_hand, self.pointed, view.at, view.next)
        return next((number for number in wished if number in self.nodes), max(self.nodes, default=-1))

    @property
    def wanted(self) -> tuple[int, ...]:
        """Those that one wants to see, too."""
        return tuple(n for n in (self.view.in_hand, self.view.at, self.view.next) if n in self.nodes)

    @property
    def shows_gradients(self) -> bool:
        """Whether gradients have come up: before a first backward pass there are none to speak of."""
        view = self.view
        return view.direction == "backward" or bool(view.passes) or any(node.gradient for node in view.nodes)

    @property
    def works_backward(self) -> bool:
        """Whether what is in use hands gradients on."""
        return (self._walking if self.view.in_hand in self.nodes else self.view.direction) == "backward"

    def edges(self) -> Iterator[tuple[int, int, int, int]]:
        """All edges: from, to, the how-manyth parent of how many."""
        for number, node in self.nodes.items():
            for port, parent in enumerate(node.parents):
                if parent in self.nodes:
                    yield parent, number, port, len(node.parents)

    @property
    def in_use(self) -> int:
        """The node whose edges are in use: the one that the line works on, else the one visited last."""
        return self.view.in_hand if self.view.in_hand in self.nodes else self.view.at

    @property
    def about(self) -> int:
        """The node that something is about to happen to: by the line about to run, else by the next visit."""
        return self.view.in_hand if self.view.in_hand in self.nodes else self.view.next

    def uses(self, start: int, end: int) -> bool:
        """Whether the edge between two nodes is in use: where lines are walked, the one of the parent in hand only."""
        if end != self.in_use:
            return False
        return self.view.parent_in_hand in (-1, start) or self.view.in_hand != end

    def slope(self, end: int, port: int) -> float | None:
        """The local slope of an edge, once it is known."""
        slopes = self.nodes[end].slopes
        return slopes[port] if port < len(slopes) else None

    # ------------------------------------------------------------ names

    def address(self, number: int) -> str:
        """How a node is pointed at: by its name, or by its number, where others may be called the same."""
        name = self.nodes[number].name
        return name if _SAID.fullmatch(name) else f"#{number}"

    def is_step(self, node: m.GraphNode) -> bool:
        """Whether a node is a step on the way, called by its expression."""
        return bool(node.operation) and _SAID.fullmatch(node.name) is None

    def operation(self, node: m.GraphNode, beside: int, room: int) -> str:
        """What a node does, with the numbers that are written in it, as 3*, where that fits beside so much else."""
        if not node.numbers:
            return node.operation
        sign = node.operation if len(node.numbers) > 1 else f"{node.operation} "
        written = sign.join(node.numbers) if len(node.numbers) > 1 else sign + node.numbers[0]
        named = self.is_step(node) and beside and beside + len(node.operation) <= room
        return node.operation if named or beside + len(written) > room else written

    def can_be_set(self, number: int) -> bool:
        """Whether a node is a leaf with a name."""
        node = self.nodes.get(number)
        return node is not None and not node.operation and not node.folded and not is_constant(node)

    # ------------------------------------------------------------ the walk

    def onward(self, plan: Plan, here: int, direction: Direction, came: int) -> int | None:
        """The node that an arrow key leads to: along the edges, or up and down a column. None: there is none.

        Where several edges lead that way, it is the one that one came along, else the one nearest to straight on.
        """
        if direction in ("up", "down"):
            column = plan.column(here)
            at = column.index(here) + (1 if direction == "down" else -1) if here in column else -1
            return column[at] if 0 <= at < len(column) else None
        node = self.nodes[here]
        ways = [n for n in (node.parents if direction == "left" else self.users[here]) if n in self.nodes]
        if not ways:
            return None
        ways = [n for n in ways if not is_constant(self.nodes[n])] or ways  # up and down lead to those, too
        if came in ways:
            return came
        drawn = [n for n in ways if n in plan.boxes]
        if here not in plan.boxes or not drawn:
            return ways[0]
        return min(drawn, key=lambda n: abs(plan.boxes[n].y - plan.boxes[here].y))
