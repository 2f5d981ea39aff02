"""The graph that lies on a desk: never changed but replaced, so that one can come back to it; and how it is saved."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from functools import lru_cache

import msgspec

from nntui import messages as m
from nntui import words
from nntui.autograd.errors import GraphError
from nntui.autograd.expressions import read
from nntui.autograd.graph import Graph, Progress, Visited
from nntui.autograd.layout import Drawing
from nntui.models.model import FloatArray, Look, Model, ModelError
from nntui.scenario.schema import GraphTable, Scenario
from nntui.session.setup import build_model
from nntui.text import clean

LOSS = "loss"  # the expression that stands for the network's own
FEW_NODES = 60  # a graph of more is opened with its neurons folded
BYTES_OF_A_NODE, BYTES_OF_ITS_PROGRESS = 500, 100  # about


@dataclass(frozen=True)
class GraphOnDesk:
    """A graph, how far its passes have come, and what of it is looked at."""

    graph: Graph
    progress: Progress
    opening: m.OpenGraph
    look: Look  # what it is the loss of
    step: int = 0  # at which training stood when it was made
    visit: Visited | None = None  # the last one
    pointed: int = -1
    folded: frozenset[str] = field(default_factory=frozenset)
    model: Model | None = None  # whose loss it is, as it was then: it may be given other activations afterwards

    @property
    def bytes(self) -> dict[int, int]:
        """About how much memory it takes, by the identity of what may be shared."""
        nodes = len(self.graph)
        return {id(self.graph): BYTES_OF_A_NODE * nodes, id(self.progress): BYTES_OF_ITS_PROGRESS * nodes}

    @property
    def of_loss(self) -> bool:
        """Whether it is the network's loss, and its leaves are the network's parameters."""
        return is_loss(self.opening)

    @property
    def drawing(self) -> Drawing:
        """The graph as it is drawn."""
        return _drawing(self.graph, self.folded)


@lru_cache(maxsize=4)
def _drawing(graph: Graph, folded: frozenset[str]) -> Drawing:
    return Drawing(graph, folded)


def is_loss(opening: m.OpenGraph) -> bool:
    """Whether the network's own loss is meant, and not an expression."""
    return opening.expression.strip() == LOSS and not opening.leaves


def opened(opening: m.OpenGraph, model: Model, parameters: FloatArray, look: Look, step: int = 0) -> GraphOnDesk:
    """Make a graph; GraphError or ModelError say what is wrong."""
    if not is_loss(opening):
        graph = Graph(clean(opening.expression).strip(), read(opening.expression, opening.leaves))
        return GraphOnDesk(graph, graph.begin(), opening, look, step)
    graph = model.loss_graph(parameters, look)
    groups = frozenset(graph.groups) - {""} if len(graph) > FEW_NODES else frozenset()
    return GraphOnDesk(graph, graph.begin(), opening, look, step, folded=groups, model=model)


# ---------------------------------------------------------------- saving


def table_of(on_desk: GraphOnDesk | None, model: Model) -> GraphTable | None:
    """What a saved scenario says of the graph: how to make it again, its leaves, and where its passes stand.

    `model` is the one at hand; what was another setting of it when the graph was made is said, too.
    """
    if on_desk is None:
        return None
    graph, progress = on_desk.graph, on_desk.progress
    leaves = tuple(value for number, value in enumerate(progress.values) if graph.is_leaf(number) and value is not None)
    return GraphTable(
        words=words.say(on_desk.opening), sample=on_desk.look.sample, split=on_desk.look.split,
        input=on_desk.look.typed, step=on_desk.step, leaves=leaves,
        gradients=progress.gradients if any(progress.gradients) else (),
        direction=progress.direction, done=progress.done, at=progress.at, before=_before(on_desk),
        passes=progress.passes, order=progress.order, pointed=on_desk.pointed, folded=tuple(sorted(on_desk.folded)),
        model=_other_settings(on_desk.model, model), began=_began(on_desk),
    )  # fmt: skip


def _other_settings(then: Model | None, now: Model) -> dict[str, str]:
    """The settings of a model that were others then."""
    if then is None or then is now:
        return {}
    return {name: choice.value for name, choice in then.settings.items() if choice != now.settings.get(name)}


def _began(on_desk: GraphOnDesk) -> tuple[float, ...]:
    """The gradients with which the backward pass under way began, where they were not 0."""
    progress = on_desk.progress
    under_way = progress.direction == "backward" and on_desk.graph.under_way(progress)
    return progress.began if under_way and any(progress.began) else ()


def _before(on_desk: GraphOnDesk) -> tuple[float, ...]:
    """The gradients that the parents of the node visited last had; of one that is used twice its first."""
    first: dict[int, float] = {}
    for given in on_desk.visit.given if on_desk.visit is not None else ():
        first.setdefault(given.parent, given.before)
    return tuple(first[given.parent] for given in on_desk.visit.given) if first and on_desk.visit is not None else ()


def saved_graph(
    table: GraphTable | None, model: Model, parameters: FloatArray, scenario: Scenario, folder: str
) -> GraphOnDesk | None:
    """The graph as it was saved; ModelError where that does not fit. `scenario` is what the model was made of."""
    if table is None:
        return None
    try:
        opening = words.parse(table.words)
        if not isinstance(opening, m.OpenGraph):
            raise GraphError(f"'{table.words[:40]}' opens none")
        if table.model:
            model = build_model(msgspec.structs.replace(scenario, model={**scenario.model, **table.model}), folder)
            if model.layout.size != len(parameters):
                raise GraphError("its model is another network")
        look = Look(table.sample, table.input, table.split)
        on_desk = opened(opening, model, parameters, look, table.step)
        return _as_saved(on_desk, table)
    except (GraphError, ModelError, words.WordError) as error:
        raise ModelError(f"state.graph cannot be made again: {error}") from None


def _as_saved(on_desk: GraphOnDesk, table: GraphTable) -> GraphOnDesk:
    graph, progress = on_desk.graph, on_desk.progress
    leaves = [number for number in range(len(graph)) if graph.is_leaf(number)]
    _check(table, graph, len(leaves))
    known = {"forward": table.done, "backward": len(graph.forward_order), "": 0}[table.direction]
    progress = graph.with_leaves(progress, dict(zip(leaves, table.leaves, strict=True)))
    if known:
        progress, _ = graph.forward(progress, known)
    progress = replace(
        progress, gradients=table.gradients or progress.gradients, direction=table.direction, done=table.done,
        at=table.at, passes=table.passes, order=table.order, began=table.began or (0.0,) * len(graph),
    )  # fmt: skip
    folded = frozenset(table.folded).intersection(graph.groups)
    visit = graph.visit_again(progress, table.before)
    return replace(on_desk, progress=progress, visit=visit, pointed=table.pointed, folded=folded)


def _check(table: GraphTable, graph: Graph, leaves: int) -> None:
    """Raise GraphError where what was saved is none of this graph's."""
    most = {"": 0, "forward": len(graph.forward_order), "backward": len(graph.backward_order(table.order))}
    if len(table.leaves) != leaves:
        raise GraphError(f"it has {leaves:,} leaves, not {len(table.leaves):,}")
    for gradients in (table.gradients, table.began):
        if len(gradients) not in (0, len(graph)):
            raise GraphError(f"it has {len(graph):,} gradients, not {len(gradients):,}")
    if not -1 <= table.at < len(graph) or not -1 <= table.pointed < len(graph) or table.passes < 0:
        raise GraphError(f"at and pointed go from -1 to {len(graph) - 1:,}, and passes from 0")
    if len(table.before) not in (0, len(graph.parents[table.at])):
        raise GraphError("before has one number for each parent of the node visited last")
    if not all(map(math.isfinite, (*table.leaves, *table.gradients, *table.began, *table.before))):
        raise GraphError("its numbers must be finite")
    if not 0 <= table.done <= most[table.direction]:
        raise GraphError(f"done goes from 0 to {most[table.direction]:,}, not {table.done:,}")
