"""The graph of a computation: its views and what happens in it."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from nntui.messages.base import *

Direction: TypeAlias = Literal["", "forward", "backward"]


class GraphNode(msgspec.Struct, frozen=True, array_like=True):
    """One node: its number in the order of the forward pass, what it is computed from, and what is known of it.

    A node that uses another twice names it twice in `parents`. `slopes` are the local rates: how fast this node's value
    changes with each parent's; empty until the value is known. `column` and `row` are its place in the drawing.
    A number that stands in the expression, as the 3 of 3 * a, is no node of its own here, but is written in the one
    that uses it: `numbers` has it at its place, with "" for each of the parents: ("3", "").
    """

    number: int
    name: str  # as the learner calls it: "c", or for a step on the way its expression, such as "a * b"
    operation: str  # "+", "*", "tanh", ...; empty for a leaf
    parents: tuple[int, ...]
    value: float | None
    gradient: float
    column: int
    row: int
    slopes: tuple[float, ...] = ()
    group: str = ""  # the neuron that it belongs to
    folded: int = 0  # how many nodes this one stands for, where a neuron is drawn as one
    numbers: tuple[str, ...] = ()


class Given(msgspec.Struct, frozen=True, array_like=True):
    """One application of a local rule: what `parent`'s gradient was, what it got, and how that was computed.

    after = before + slope * gradient of the node.
    """

    parent: str
    before: float
    slope: float
    after: float


class Visit(msgspec.Struct, frozen=True, array_like=True):
    """One node visited: forwards its value was computed, backwards its gradient handed on."""

    name: str
    operation: str
    value: float
    gradient: float
    operands: tuple[tuple[str, float], ...] = ()
    given: tuple[Given, ...] = ()
    rule: str = ""  # the local rule in words, such as "a product hands on its gradient times the other factor"


class GraphView(Message, frozen=True):
    """The graph around the node in hand, as many nodes as there is room for."""

    title: str  # the expression
    nodes: tuple[GraphNode, ...]
    columns: int  # of the whole drawing
    rows: int
    left_out: int
    direction: Direction
    done: int  # nodes visited in this direction, of `of`
    of: int
    at: int  # the number of the node visited last; -1: none
    next: int  # the number of the node visited next; -1: none
    pointed: int  # the number of the node that everyone looks at; -1: none
    visit: Visit | None = None  # the last one
    passes: int = 0  # how many backward passes have been made since the gradients were cleared
    # Where `forward` or `backward` is walked line by line: the node that the line about to run works on, and the one of
    # its parents that it hands on to; -1: none. The values and gradients are then those that the walked call has.
    in_hand: int = -1
    parent_in_hand: int = -1
    numbers: int = 0  # how many nodes of the graph are numbers that are written in others


class GraphOpened(Message, frozen=True):
    """A graph was made."""

    title: str
    nodes: int
    leaves: tuple[tuple[str, float], ...]
    value: float | None
    numbers: int = 0  # how many of the nodes are numbers that stand in the expression


class Visited(Message, frozen=True):
    """Nodes of the graph were visited, in this order (the first and last of many)."""

    direction: Direction
    visits: tuple[Visit, ...]
    count: int
    left: int
    passes: int = 0


class GradientsCleared(Message, frozen=True):
    """All gradients of the graph are 0 again."""


class LeafSet(Message, frozen=True):
    """A leaf of the graph has another value, and what was known and depends on it was computed again.

    `flowed` has the first and last of many of these, in the order in which they were computed. Gradients stay as they
    were. `before` and `after` are the value of the whole, None where it is not known.
    """

    name: str
    old: float
    new: float
    flowed: tuple[Visit, ...]
    count: int
    before: float | None
    after: float | None


class NodePointed(Message, frozen=True):
    """A node of the graph is pointed at."""

    name: str
    value: float | None
    gradient: float


class Compared(msgspec.Struct, frozen=True, array_like=True):
    """The gradient of one parameter: from the graph, by backpropagation, and by twists (None: not asked)."""

    address: str
    graph: float
    backpropagation: float
    twisted: float | None = None


class ComparisonView(Message, frozen=True):
    """The gradients of the loss from a graph that nobody wrote by hand, beside those known otherwise, and their price.

    Counted are the numbers that are worked on: a forward pass reads each operand of each node, of which there are
    `prediction` up to the outputs; a backward pass hands on as many. `twist_predictions` is how many predictions the
    same takes by twists, up and down.
    """

    title: str
    parameters: int
    shares: tuple[Compared, ...]  # the first of many
    difference: float  # the largest between graph and backpropagation
    largest: str  # the parameter where that is
    twisted_difference: float | None  # the largest between graph and twists, where these were asked
    prediction: int
    forward: int
    backward: int
    twist_predictions: int


GraphFact: TypeAlias = GraphOpened | Visited | GradientsCleared | LeafSet | NodePointed
