"""The ways along which a gradient comes: from a node to the result, each with the product of its slopes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from nntui.autograd.graph import Graph, Progress

_Link: TypeAlias = "tuple[int, float, _Link] | None"


@dataclass(frozen=True)
class Path:
    """One way: the nodes from one that uses the node to the result, the slope of each, and their product."""

    nodes: tuple[int, ...]
    slopes: tuple[float, ...]
    product: float


@dataclass(frozen=True)
class Paths:
    """All ways from a node: the weightiest, how many there are, and the sum over all, which is the gradient."""

    weightiest: tuple[Path, ...]
    count: int
    total: float


def paths(graph: Graph, progress: Progress, number: int, most: int) -> Paths:
    """The ways from a node to the result, of many the `most` weightiest. All values have to be known.

    The weightiest ways of a node are continuations of the weightiest of those that use it, so no more need be kept.
    """
    best: list[list[tuple[float, _Link]]] = [[] for _ in range(len(graph))]
    counts, totals = [0] * len(graph), [0.0] * len(graph)
    best[graph.result], counts[graph.result], totals[graph.result] = [(1.0, None)], 1, 1.0
    for node in range(graph.result - 1, number - 1, -1):
        found: list[tuple[float, _Link]] = []
        slopes: dict[int, float] = {}
        for user, place in graph.uses[node]:  # one that uses it twice changes with it twice
            slopes[user] = slopes.get(user, 0.0) + progress.slopes[user][place]
        for user, slope in slopes.items():
            counts[node] += counts[user]
            totals[node] += slope * totals[user]
            found += [(slope * product, (user, slope, rest)) for product, rest in best[user]]
        found.sort(key=lambda way: -abs(way[0]))
        best[node] = found[:most]
    return Paths(tuple(_path(product, link) for product, link in best[number]), counts[number], totals[number])


def _path(product: float, link: _Link) -> Path:
    nodes, slopes = [], []
    while link is not None:
        node, slope, link = link
        nodes.append(node)
        slopes.append(slope)
    return Path(tuple(nodes), tuple(slopes), product)
