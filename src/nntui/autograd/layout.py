"""Where the nodes of a graph stand when it is drawn: columns from the leaves to the result, rows with few crossings."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

from nntui.autograd.graph import Graph

LONGEST_WRITTEN = 5  # characters of a number that is drawn within the node that uses it
SWEEPS = 4  # forth and back, to put each node beside those that it is connected with


@dataclass(frozen=True)
class Drawn:
    """A node as it is drawn: one of the graph, or a neuron's folded into one. `number` is the last of those within.

    A number that stands in the expression is drawn within the one node that uses it. Of such a node `numbers` has what
    is written there for each of its parents in the graph, "" for those that are drawn.
    """

    number: int
    name: str
    group: str
    folded: int  # how many nodes it stands for; 0 for one of the graph
    parents: tuple[int, ...]  # places in Drawing.nodes; one that is used twice stands there twice
    numbers: tuple[str, ...] = ()


class Drawing:
    """A graph with some of its groups folded, and its numbers within the nodes that use them."""

    def __init__(self, graph: Graph, folded: Collection[str]) -> None:
        self.graph = graph
        last: dict[str, int] = {group: number for number, group in enumerate(graph.groups) if group in folded}
        stands = [last.get(group, number) for number, group in enumerate(graph.groups)]
        self.within_another: frozenset[int] = frozenset(
            number for number in range(len(graph)) if stands[number] == number and _is_written(graph, number)
        )
        for number in self.within_another:
            stands[number] = stands[graph.uses[number][0][0]]
        shown = [number for number in range(len(graph)) if stands[number] == number]
        at = {number: place for place, number in enumerate(shown)}
        self.place: tuple[int, ...] = tuple(at[number] for number in stands)  # in `nodes`, of each node of the graph
        within: list[list[int]] = [[] for _ in shown]
        for number, place in enumerate(self.place):
            within[place].append(number)
        self.nodes: tuple[Drawn, ...] = tuple(
            self._drawn(number, within[place], graph.groups[number] in folded) for place, number in enumerate(shown)
        )

    def _drawn(self, number: int, within: list[int], folded: bool) -> Drawn:
        graph = self.graph
        group = graph.groups[number]
        here = self.place[number]
        if not folded:
            inside = [parent in self.within_another for parent in graph.parents[number]]
            pairs = list(zip(graph.parents[number], inside, strict=True))
            numbers = tuple(graph.names[parent] if written else "" for parent, written in pairs)
            parents = tuple(self.place[parent] for parent, written in pairs if not written)
            return Drawn(number, graph.names[number], group, 0, parents, numbers if any(inside) else ())
        outside = dict.fromkeys(self.place[p] for each in within for p in graph.parents[each] if self.place[p] != here)
        return Drawn(number, group, group, len(within), tuple(outside))

    @cached_property
    def columns(self) -> tuple[int, ...]:
        """The column of each drawn node: right of all its parents; a leaf stands next to the first that uses it."""
        columns = [0] * len(self.nodes)
        for place, drawn in enumerate(self.nodes):
            columns[place] = max((columns[parent] + 1 for parent in drawn.parents), default=0)
        nearest = [len(self.nodes)] * len(self.nodes)
        for place, drawn in enumerate(self.nodes):
            for parent in drawn.parents:
                nearest[parent] = min(nearest[parent], columns[place])
        return tuple(
            columns[place] if drawn.parents or nearest[place] > len(self.nodes) - 1 else nearest[place] - 1
            for place, drawn in enumerate(self.nodes)
        )

    @cached_property
    def users(self) -> tuple[tuple[int, ...], ...]:
        """For each drawn node those that use it."""
        users: list[list[int]] = [[] for _ in self.nodes]
        for place, drawn in enumerate(self.nodes):
            for parent in drawn.parents:
                users[parent].append(place)
        return tuple(map(tuple, users))

    @cached_property
    def order(self) -> tuple[tuple[int, ...], ...]:
        """The drawn nodes of each column, from the top, each near the middle of those that it is connected with."""
        columns: list[list[int]] = [[] for _ in range(max(self.columns) + 1)]
        for place in self._depth_first():
            columns[self.columns[place]].append(place)
        heights = _heights(columns, len(self.nodes))
        for _ in range(SWEEPS):
            for column in columns[1:]:
                _sort(column, heights, [self.nodes[place].parents for place in column])
            for column in columns[-2::-1]:
                _sort(column, heights, [self.users[place] for place in column])
        return tuple(map(tuple, columns))

    def _depth_first(self) -> list[int]:
        """The nodes as one comes upon them from the result: a good order to begin with."""
        seen: dict[int, None] = {}
        waiting = [self.place[self.graph.result]]
        while waiting:
            place = waiting.pop()
            if place not in seen:
                seen[place] = None
                waiting += reversed(self.nodes[place].parents)
        return list(seen)


def _is_written(graph: Graph, number: int) -> bool:
    """Whether a node is a number short enough to be written into the one node that uses it."""
    short = graph.is_constant(number) and len(graph.names[number]) <= LONGEST_WRITTEN
    return short and len(graph.uses[number]) == 1


def _heights(columns: list[list[int]], count: int) -> list[float]:
    """How high each node stands, as a share of its column."""
    heights = [0.0] * count
    for column in columns:
        for row, place in enumerate(column):
            heights[place] = (row + 0.5) / len(column)
    return heights


def _sort(column: list[int], heights: list[float], neighbours: Sequence[Sequence[int]]) -> None:
    """Order a column by the middle of each node's neighbours; one that has none stays where it is."""
    middles = {
        place: sum([heights[n] for n in near]) / len(near) if near else heights[place]
        for place, near in zip(column, neighbours, strict=True)
    }
    column.sort(key=middles.__getitem__)
    for row, place in enumerate(column):
        heights[place] = (row + 0.5) / len(column)


def rows(columns: Sequence[Sequence[int]], parents: dict[int, Sequence[int]]) -> dict[int, int]:
    """Give each node a row, in the order of its column, as near as can be to the nodes that it is connected with.

    `columns` has the nodes to be drawn from the left, from the top; `parents` those of each that are drawn too.
    """
    found: dict[int, int] = {}
    for column in columns:
        wanted = []
        for place in column:
            near = [found[parent] for parent in parents.get(place, ()) if parent in found]
            wanted.append(sum(near) / len(near) if near else None)
        for place, row in zip(column, _spread(wanted), strict=True):
            found[place] = row
    top = min(found.values(), default=0)
    return {place: row - top for place, row in found.items()}


def _spread(wanted: list[float | None]) -> list[int]:
    """Whole rows in ascending order, each near to what is wanted; None follows the one above."""
    known = [w for w in wanted if w is not None]
    if not known:
        return list(range(len(wanted)))
    filled: list[float] = []
    for number, want in enumerate(wanted):
        if want is None:
            want = filled[-1] + 1 if filled else next(w for w in wanted if w is not None) - number - 1
        filled.append(want)
    placed: list[int] = []
    for want in filled:
        placed.append(max(round(want), placed[-1] + 1) if placed else round(want))
    # What was pushed down goes up again as a whole, so that it stands about where it was wanted.
    lift = round(sum(p - w for p, w in zip(placed, filled, strict=True)) / len(placed))
    return [row - lift for row in placed]
