"""Where the nodes of a graph stand in so many cells, and where the edges between them run.

A graph that fits stands there whole, as the engine laid it out. Of a larger one those nodes are drawn that are near the
one in hand, column by column, each as near as may be to what it is connected with. Columns and rows are cells; edges
run between dots (see `braille`).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from nntui import messages as m
from nntui.tui.panes.network_plan import Line

TALL = 3  # rows of a node: its name, its value, its gradient
LONGEST_GAP = 16  # columns between nodes: an edge that is longer leads the eye nowhere
WIDEST_PITCH = 6  # rows from one node to the next


@dataclass(frozen=True, slots=True)
class Dress:
    """How large nodes are drawn, and how far apart at least: columns, columns between, rows from one to the next."""

    width: int
    gap: int
    pitch: int


DRESSES = (Dress(22, 9, 4), Dress(18, 8, 4), Dress(14, 7, 4), Dress(12, 6, 4), Dress(10, 6, 4), Dress(10, 6, 3))
# Those of graphs of so few nodes that their edges can still be told apart.
NARROW = (Dress(10, 4, 3), Dress(9, 3, 3), Dress(8, 3, 3))
FEW_NODES = 12
NEAR_BY = (Dress(14, 7, 4), Dress(10, 6, 4), Dress(10, 6, 3))  # those of a part of a graph
LOOSE = 1.5  # how many rows apart nodes stand that nothing draws anywhere
FEW_COLUMNS, FEW_ROWS = 5, 3  # that a part has in a dress, or a smaller one is taken


@dataclass(frozen=True, slots=True)
class Box:
    """Where a node stands: its top left cell and its columns; of a bare one there is only the middle row."""

    x: int
    y: int
    width: int
    bare: bool = False

    @property
    def middle(self) -> int:
        """The row of its value."""
        return self.y + 1

    def holds(self, x: int, y: int) -> bool:
        """Whether a cell belongs to it."""
        inside = y == self.middle if self.bare else self.y <= y < self.y + TALL
        return inside and self.x <= x < self.x + self.width


@dataclass(frozen=True, slots=True)
class Plan:
    """A graph, laid out: the boxes of the nodes that are drawn by their numbers, and the gap between two columns."""

    boxes: Mapping[int, Box]
    gap: int
    columns: tuple[tuple[int, ...], ...]  # their numbers, from left to right and from the top
    made_for: tuple[int, int] = (0, 0)
    first: int = 0  # the engine's number of the first column

    def still_right(self, nodes: Mapping[int, m.GraphNode], near: Collection[int], size: tuple[int, int]) -> bool:
        """Whether it still shows all that is near, and its nodes stand in the same columns as before."""
        if size != self.made_for or not self.boxes.keys() <= nodes.keys() or not self.boxes.keys() >= set(near):
            return False
        return all(nodes[n].column == self.first + at for at, column in enumerate(self.columns) for n in column)

    def at(self, x: int, y: int) -> int | None:
        """The node that a cell belongs to."""
        return next((number for number, box in self.boxes.items() if box.holds(x, y)), None)

    def column(self, number: int) -> tuple[int, ...]:
        """The column that a node stands in."""
        return next((column for column in self.columns if number in column), ())

    def edge(self, start: int, end: int, port: int = 0, ports: int = 1) -> tuple[Line, ...]:
        """The lines from one node to another that it is the `port`-th parent of; they run between other nodes."""
        one, other = self.boxes[start], self.boxes[end]
        x, y = 2 * (one.x + one.width), 4 * one.middle + 1
        goal = 2 * other.x - 1, self._port(other, port, ports)
        lines: list[Line] = []
        for column in self.columns:
            first = self.boxes[column[0]]
            left, right = 2 * min(self.boxes[n].x for n in column) - 1, 2 * (first.x + first.width)
            if not x < left < goal[0]:
                continue
            height = y + (goal[1] - y) * ((left + right) // 2 - x) // max(1, goal[0] - x)
            height = self._free_height(column, height)
            lines += [(x, y, left, height), (left, height, right, height)]
            x, y = right, height
        return (*lines, (x, y, *goal))

    @staticmethod
    def _port(box: Box, port: int, ports: int) -> int:
        """The height in dots at which an edge reaches a node; several reach it one below the other."""
        if box.bare or ports < 2:
            return 4 * box.middle + 1
        return 4 * box.y + 1 + round((4 * TALL - 3) * (port + 0.5) / ports)

    def _free_height(self, column: Sequence[int], height: int) -> int:
        """The height in dots, nearest to this one, at which an edge passes a column without crossing a node."""
        taken = sorted((4 * self.boxes[n].y - 1, 4 * (self.boxes[n].y + TALL)) for n in column)
        for top, bottom in taken:
            if top < height < bottom:
                tries = sorted((top - 1, bottom), key=lambda tried: abs(tried - height))
                clear = (t for t in tries if t > 0 and not any(a < t < b for a, b in taken))
                return next(clear, height)
        return height


# ---------------------------------------------------------------- which nodes, and where


def plan(view: m.GraphView, focus: int, wanted: Collection[int], width: int, height: int, before: Plan | None) -> Plan:
    """Lay a graph out around a node, so that also those wanted can be seen if there is room; not needlessly otherwise
    than before."""
    nodes = {node.number: node for node in view.nodes}
    if not nodes:
        return Plan({}, 0, ())
    columns = {c: at for at, c in enumerate(sorted({node.column for node in view.nodes}))}
    rows = {r: at for at, r in enumerate(sorted({node.row for node in view.nodes}))}
    places = {n: (columns[node.column], float(rows[node.row])) for n, node in nodes.items()}
    spared = sum(_margins(nodes, places))
    for dress in (*DRESSES, *(NARROW if len(nodes) <= FEW_NODES else ())):
        tall = (len(rows) - 1) * dress.pitch + TALL - spared
        if fits(len(columns), dress.width, dress.gap, width) and tall <= height:
            return _laid(nodes, places, dress, len(columns), len(rows), width, height)
    dress, across, down = _near_by(width, height)
    chosen = _chosen(nodes, focus, wanted, columns, across, down)
    near = {focus, *wanted, *nodes[focus].parents} & chosen.keys()
    if before is not None and before.still_right(nodes, near, (width, height)):
        return before
    first = min(chosen.values())
    places = _placed(nodes, {n: column - first for n, column in chosen.items()}, focus, down)
    return _laid(nodes, places, dress, max(chosen.values()) - first + 1, down, width, height)


def _margins(nodes: Mapping[int, m.GraphNode], places: Mapping[int, tuple[int, float]]) -> tuple[int, int]:
    """The rows that are not needed at the top and at the bottom, where only numbers stand there, and no boxes."""
    rows = [row for _, row in places.values()]
    top, bottom = (
        all(is_constant(nodes[number]) for number, (_, row) in places.items() if abs(row - end) < 0.5)
        for end in (min(rows), max(rows))
    )
    return int(top), int(bottom)


def fits(columns: int, wide: int, gap: int, width: int) -> bool:
    """Whether so many columns have room."""
    return columns * (wide + gap) - gap <= width


def _near_by(width: int, height: int) -> tuple[Dress, int, int]:
    """How a part is drawn, and how many columns and rows it has."""
    dress, across, down = NEAR_BY[-1], 1, 1
    for dress in NEAR_BY:
        across = max(1, (width + dress.gap) // (dress.width + dress.gap))
        down = max(1, (height - TALL) // dress.pitch + 1)
        if across >= FEW_COLUMNS and down >= FEW_ROWS:
            break
    return dress, across, down


def _chosen(
    nodes: Mapping[int, m.GraphNode], focus: int, wanted: Collection[int], columns: Mapping[int, int], across: int,
    down: int,
) -> dict[int, int]:  # fmt: skip
    """The nodes that are drawn, with their columns: of each column as many as have room, the nearest to the focus."""
    first = max(0, min(columns[nodes[focus].column] - across // 2, len(columns) - across))
    room = dict.fromkeys(range(first, first + across), down)
    chosen: dict[int, int] = {}
    others = sorted(nodes, key=lambda number: abs(nodes[number].row - nodes[focus].row))
    for number in (*_outwards(nodes, focus, wanted), *others):
        column = columns[nodes[number].column]
        if number not in chosen and room.get(column, 0) > 0:
            chosen[number] = column
            room[column] -= 1
    return chosen


def _outwards(nodes: Mapping[int, m.GraphNode], focus: int, wanted: Collection[int]) -> Iterator[int]:
    """The focus, what it comes from and what uses it, those wanted, and so on outwards along the edges."""
    links, seen = linked(nodes), {focus}
    ring = [focus]
    while ring:
        yield from ring
        further = [near for number in ring for near in links[number]]
        ring = [number for number in dict.fromkeys([*further, *wanted]) if number in nodes and number not in seen]
        seen.update(ring)


def linked(nodes: Mapping[int, m.GraphNode]) -> dict[int, list[int]]:
    """What each node comes from, and what uses it."""
    links: dict[int, list[int]] = {number: [] for number in nodes}
    for number, node in nodes.items():
        for parent in dict.fromkeys(node.parents):
            if parent in links:
                links[number].append(parent)
                links[parent].append(number)
    return links


def _placed(
    nodes: Mapping[int, m.GraphNode], columns: Mapping[int, int], focus: int, down: int
) -> dict[int, tuple[int, float]]:  # fmt: skip
    """The places of a part: from the column of the focus outwards, each node level with what it is connected with."""
    links, here = linked(nodes), columns[focus]
    rows: dict[int, float] = {}
    for column in sorted(set(columns.values()), key=lambda c: (abs(c - here), -c)):
        members = sorted((n for n in columns if columns[n] == column), key=lambda n: nodes[n].row)
        wishes = []
        for at, number in enumerate(members):
            near = [rows[other] for other in links[number] if other in rows]
            alone = (down - 1) / 2 + (at - (len(members) - 1) / 2) * min(LOOSE, down / len(members))
            wishes.append(sum(near) / len(near) if near else alone)
        rows.update(zip(members, apart(wishes, down), strict=True))
    return {number: (columns[number], row) for number, row in rows.items()}


def apart(wishes: Sequence[float], rows: int) -> list[float]:
    """Places from 0 to rows - 1 in this order, each at least 1 after the one before, near to where they want to be."""
    last = len(wishes) - 1
    down: list[float] = []
    for at, wish in enumerate(wishes):
        down.append(min(max(wish, down[-1] + 1 if down else 0.0), rows - 1 - (last - at)))
    up: list[float] = []
    for at, wish in enumerate(reversed(wishes)):
        up.append(max(min(wish, up[-1] - 1 if up else rows - 1.0), float(last - at)))
    return [(one + other) / 2 for one, other in zip(down, reversed(up), strict=True)]


def is_constant(node: m.GraphNode) -> bool:
    """Whether a node is a number that stands in the expression: its name says all there is to it."""
    return not node.operation and not node.folded and node.name[:1] in "0123456789-."


def _laid(
    nodes: Mapping[int, m.GraphNode], places: Mapping[int, tuple[int, float]], dress: Dress, columns: int, rows: int,
    width: int, height: int,
) -> Plan:  # fmt: skip
    """The boxes of nodes at their places, in the middle of the room."""
    gap = dress.gap
    if columns > 1:
        gap = min(LONGEST_GAP, (width - columns * dress.width) // (columns - 1))
    above, below = _margins(nodes, places)
    pitch = dress.pitch
    if rows > 1:
        pitch = max(pitch, min(WIDEST_PITCH, (height - TALL + above + below) // (rows - 1)))
    left = max(0, (width - columns * (dress.width + gap) + gap) // 2)
    used = [row for _, row in places.values()]
    free = height - (max(used) - min(used)) * pitch - TALL + above + below
    top = max(0.0, free / 2) - above - min(used) * pitch
    boxes: dict[int, Box] = {}
    for number in sorted(places, key=lambda n: places[n]):
        column, row = places[number]
        x, y = left + column * (dress.width + gap), math.floor(top + row * pitch + 0.5)
        bare = is_constant(nodes[number])
        wide = min(dress.width, len(nodes[number].name) + 2) if bare else dress.width
        boxes[number] = Box(x + dress.width - wide, y, wide, bare)
    shown = sorted({column for column, _ in places.values()})
    standing = tuple(tuple(n for n in boxes if places[n][0] == column) for column in shown)
    return Plan(boxes, gap, standing, (width, height), min(nodes[n].column for n in boxes))
