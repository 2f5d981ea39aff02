"""A graph as it stands on a desk: its nodes in order, and how far the two passes have come.

A `Graph` is what does not change: which node is computed from which. A `Progress` is what does: values, gradients, and
the place in the pass. Progress is never changed but replaced, so that one can come back to it. What a pass does at a
node is done by `compute` and `hand_on` of node.py, the very functions that `forward` and `backward` call there.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, TypeAlias

from nntui.autograd.errors import GraphError
from nntui.autograd.node import Node, compute, hand_on, topological_order
from nntui.text import clean, did_you_mean

LONGEST_NAME = 32  # characters of a node that is called by how it is computed

Direction: TypeAlias = Literal["", "forward", "backward"]
Order: TypeAlias = Literal["topological", "depth"]
Slopes: TypeAlias = tuple[float, ...]


@dataclass(frozen=True)
class Progress:
    """What is known of a graph's nodes, each by its number, and how far the pass at hand has come."""

    values: tuple[float | None, ...]
    slopes: tuple[Slopes, ...]
    gradients: tuple[float, ...]
    direction: Direction = ""
    done: int = 0  # nodes visited in this direction
    at: int = -1  # the node visited last
    passes: int = 0  # backward passes begun since the gradients were cleared
    order: Order = "topological"  # of the backward pass
    began: tuple[float, ...] = ()  # the gradients with which the backward pass at hand began


@dataclass(frozen=True)
class HandedOn:
    """What one parent got: its gradient before, the slope, its gradient after."""

    parent: int
    before: float
    slope: float
    after: float


@dataclass(frozen=True)
class Visited:
    """A node visited: forward it was computed, backward it handed its gradient on."""

    node: int
    value: float
    gradient: float
    given: tuple[HandedOn, ...] = ()


class Graph:
    """The nodes that lead to a result, by their numbers in the order of the forward pass."""

    def __init__(self, title: str, result: Node, groups: Mapping[Node, str] | None = None) -> None:
        """Number the nodes; GraphError where a value cannot be computed. `groups` names what a node is a part of."""
        self.title = title
        self._nodes: list[Node] = topological_order(result)  # the bench that passes are worked on: see _lay_out
        number = {id(node): index for index, node in enumerate(self._nodes)}
        self.parents: tuple[tuple[int, ...], ...] = tuple(
            tuple(number[id(parent)] for parent in node.parents) for node in self._nodes
        )
        names: list[str] = []
        for node, parents in zip(self._nodes, self.parents, strict=True):
            names.append(node.name or _name(node, [names[parent] for parent in parents]))
        self.names: tuple[str, ...] = tuple(names)
        self.operations: tuple[str, ...] = tuple(_operation(node) for node in self._nodes)
        self.groups: tuple[str, ...] = tuple((groups or {}).get(node, "") for node in self._nodes)
        self.exponents: tuple[float | None, ...] = tuple(node.constant for node in self._nodes)
        self._start: tuple[float | None, ...] = tuple(None if node.parents else node.value for node in self._nodes)
        for node in self._nodes:
            _compute(node)

    def __len__(self) -> int:
        return len(self.names)

    @property
    def result(self) -> int:
        """The number of the result."""
        return len(self) - 1

    @cached_property
    def forward_order(self) -> tuple[int, ...]:
        """The nodes that a forward pass computes: all but the leaves."""
        return tuple(number for number in range(len(self)) if self.parents[number])

    def backward_order(self, order: Order) -> tuple[int, ...]:
        """The nodes that a backward pass visits; constants have nothing to hand on, and nobody asks for theirs."""
        return self._topological if order == "topological" else self._depth_first

    def full_backward_order(self, order: Order) -> tuple[int, ...]:
        """The same with the constants, as the code visits them."""
        return tuple(reversed(range(len(self)))) if order == "topological" else self._depth_first_with_constants

    @cached_property
    def _topological(self) -> tuple[int, ...]:
        return tuple(number for number in reversed(range(len(self))) if not self.is_constant(number))

    @cached_property
    def _depth_first(self) -> tuple[int, ...]:
        return tuple(number for number in self._depth_first_with_constants if not self.is_constant(number))

    @cached_property
    def _depth_first_with_constants(self) -> tuple[int, ...]:
        """Each node as soon as one of those that it leads to has been visited: what one would try first, and wrong."""
        order: dict[int, None] = {}
        waiting = [self.result]
        while waiting:
            number = waiting.pop()
            if number not in order:
                order[number] = None
                waiting += reversed(self.parents[number])
        return tuple(order)

    def is_leaf(self, number: int) -> bool:
        """Whether a node has a value of its own."""
        return not self.parents[number]

    def is_constant(self, number: int) -> bool:
        """Whether a node is a number written in the expression."""
        return self.is_leaf(number) and self.names[number][:1] in "0123456789-."

    @cached_property
    def edges(self) -> int:
        """How many values a forward pass reads, and how many gradients a backward pass hands on."""
        return sum(map(len, self.parents))

    @cached_property
    def uses(self) -> tuple[tuple[tuple[int, int], ...], ...]:
        """For each node the nodes computed from it, and which of their parents it is."""
        uses: list[list[tuple[int, int]]] = [[] for _ in self.names]
        for number, parents in enumerate(self.parents):
            for place, parent in enumerate(parents):
                uses[parent].append((number, place))
        return tuple(map(tuple, uses))

    def number(self, name: str) -> int:
        """The number of a node by its name, or by `#` and its number; GraphError where there is none."""
        bare = name.replace(" ", "")
        if bare in self._numbers:
            return self._numbers[bare]
        if bare[:1] == "#" and bare[1:].isdecimal() and len(bare) < 8 and int(bare[1:]) < len(self):
            return int(bare[1:])
        known = [name for name, number in self._numbers.items() if not self.is_constant(number)]
        raise GraphError(f"the graph has no node '{name[:40]}'{did_you_mean(bare, known[:1_000])}")

    def has(self, name: str) -> bool:
        """Whether there is a node of that name."""
        return name.replace(" ", "") in self._numbers

    @cached_property
    def _numbers(self) -> dict[str, int]:
        numbers: dict[str, int] = {}
        for number, name in enumerate(self.names):
            numbers.setdefault(name.replace(" ", ""), number)
        return numbers

    # ------------------------------------------------------------ the passes

    def begin(self) -> Progress:
        """Nothing is known yet but the leaves."""
        return Progress(self._start, ((),) * len(self), (0.0,) * len(self))

    def forward(self, progress: Progress, count: int) -> tuple[Progress, list[Visited]]:
        """Compute the next `count` values (0: all that are left)."""
        known = self.known(progress)
        numbers = self.forward_order[known : known + count if count else None]
        self._lay_out(progress)
        for number in numbers:
            _compute(self._nodes[number])
        after = replace(
            self._picked_up(progress), direction="forward", done=known + len(numbers),
            at=numbers[-1] if numbers else progress.at,
        )  # fmt: skip
        return after, [Visited(n, self._nodes[n].value, self._nodes[n].gradient) for n in numbers]

    def known(self, progress: Progress) -> int:
        """How many of the nodes that are not leaves have a value: they are always the first ones."""
        if progress.direction == "forward":
            return progress.done
        return len(self.forward_order) if progress.direction == "backward" else 0

    def backward(self, progress: Progress, count: int) -> tuple[Progress, list[Visited]]:
        """Let the next `count` nodes (0: all that are left) hand on their gradients; after the last begins a new pass.

        GraphError where a gradient overflows. All values have to be known.
        """
        order = self.backward_order(progress.order)
        begins = progress.direction != "backward" or progress.done >= len(order)
        done = 0 if begins else progress.done
        self._lay_out(progress)
        if begins:
            self._nodes[self.result].gradient = 1.0
        visits = [self._hand_on(number) for number in order[done : done + count if count else None]]
        after = replace(
            self._picked_up(progress), direction="backward", done=done + len(visits), at=visits[-1].node,
            passes=progress.passes + begins, began=progress.gradients if begins else progress.began,
        )  # fmt: skip
        return after, visits

    def under_way(self, progress: Progress) -> bool:
        """Whether a pass stands between its first node and its last."""
        order = self.backward_order(progress.order) if progress.direction == "backward" else self.forward_order
        return 0 < progress.done < len(order)

    def visit_again(self, progress: Progress, before: Sequence[float]) -> Visited | None:
        """The last visit, told from where a pass stands, and from the gradients of the parents before it."""
        number, value = progress.at, progress.values[progress.at]
        if number < 0 or value is None:
            return None
        gradient, given = progress.gradients[number], []
        held = dict(zip(self.parents[number], before, strict=False))
        for parent, slope in zip(self.parents[number], progress.slopes[number], strict=True) if held else ():
            was, held[parent] = held[parent], held[parent] + slope * gradient
            given.append(HandedOn(parent, was, slope, held[parent]))
        return Visited(number, value, gradient, tuple(given))

    def _hand_on(self, number: int) -> Visited:
        node = self._nodes[number]
        held = {parent: self._nodes[parent].gradient for parent in self.parents[number]}
        hand_on(node)
        given = []
        for parent, slope in zip(self.parents[number], node.slopes, strict=True):
            # One that is used twice gets twice: what it held in between cannot be read off it afterwards.
            before, held[parent] = held[parent], held[parent] + slope * node.gradient
            given.append(HandedOn(parent, before, slope, held[parent]))
            if not math.isfinite(held[parent]):
                raise GraphError(f"the gradient of '{self.names[parent]}' is beyond the largest number that there is")
        return Visited(number, node.value, node.gradient, tuple(given))

    def cleared(self, progress: Progress) -> Progress:
        """All gradients are 0 again; a backward pass begins anew."""
        done = self.known(progress)
        direction: Direction = "forward" if done else ""
        zeros = (0.0,) * len(self)
        return replace(progress, gradients=zeros, direction=direction, done=done, passes=0, at=-1)

    def with_leaves(self, progress: Progress, values: Mapping[int, float]) -> Progress:
        """A progress in which nothing is computed yet, with these values for its leaves; GraphError as `with_leaf`."""
        self._lay_out(progress)
        for number, value in values.items():
            self._nodes[number].value = value
        for node in self._nodes:
            _compute(node)
        leaves = tuple(None if node.parents else node.value for node in self._nodes)
        return replace(progress, values=leaves)

    def with_leaf(self, progress: Progress, number: int, value: float) -> tuple[Progress, list[Visited]]:
        """Give a leaf another value, and compute again what is known and depends on it; gradients stay as they are.

        GraphError where something cannot be computed then, also of what is not known yet.
        """
        if not self.is_leaf(number) or self.is_constant(number):
            raise GraphError(
                f"'{self.names[number]}' is computed from others; a leaf can be set, such as {self._a_leaf}"
            )
        if not math.isfinite(value):
            raise GraphError("a value must be a finite number")
        self._lay_out(progress)
        self._nodes[number].value = value
        reached = {number}
        for each in self.forward_order:
            _compute(self._nodes[each])
            if not reached.isdisjoint(self.parents[each]):
                reached.add(each)
        known = self.known(progress)
        for each in self.forward_order[known:]:
            self._nodes[each].value, self._nodes[each].slopes = None, ()
        flown = [each for each in self.forward_order[:known] if each in reached]
        after = replace(
            self._picked_up(progress), direction="forward" if known else "", done=known, at=flown[-1] if flown else -1
        )
        return after, [Visited(each, self._nodes[each].value, self._nodes[each].gradient) for each in flown]

    @property
    def _a_leaf(self) -> str:
        leaves = (self.names[n] for n in range(len(self)) if self.is_leaf(n) and not self.is_constant(n))
        return next(leaves, "none of this graph")

    # ------------------------------------------------------------ the bench

    def laid_out(self, progress: Progress) -> list[Node]:
        """The nodes with what is known of them; not to be changed."""
        self._lay_out(progress)
        return self._nodes

    def _lay_out(self, progress: Progress) -> None:
        """Put onto the nodes what is known of them."""
        for node, value, slopes, gradient in zip(
            self._nodes, progress.values, progress.slopes, progress.gradients, strict=True
        ):
            node.value, node.slopes, node.gradient = value, slopes, gradient

    def _picked_up(self, progress: Progress) -> Progress:
        """What is now known of them."""
        return replace(
            progress,
            values=tuple([node.value for node in self._nodes]),
            slopes=tuple([node.slopes for node in self._nodes]),
            gradients=tuple([node.gradient for node in self._nodes]),
        )


def _operation(node: Node) -> str:
    """What a node does, with the exponent of a power."""
    return f"** {node.constant:g}" if node.constant is not None else str(node.operation)


def _name(node: Node, parents: list[str]) -> str:
    """What a node is called that nobody has named: how it is computed."""
    if not parents:
        return f"{node.value:g}"
    if node.constant is not None:
        return clean(f"({parents[0]}) ** {node.constant:g}", LONGEST_NAME)
    if len(parents) == 1:
        return clean(f"{node.operation}({parents[0]})", LONGEST_NAME)
    return clean(f" {node.operation} ".join(parents), LONGEST_NAME)


def _compute(node: Node) -> None:
    """Compute a node; GraphError where its value is none, or beyond the largest number."""
    name = node.name or node.operation
    try:
        compute(node)
    except ZeroDivisionError:
        raise GraphError(f"'{name}' divides by zero") from None
    except ValueError:
        given = node.parents[0].value
        raise GraphError(f"'{name}' has no value: there is no logarithm of {given:g}") from None
    except OverflowError:
        raise GraphError(f"'{name}' is beyond the largest number that there is") from None
    if isinstance(node.value, complex):
        raise GraphError(f"'{name}' has no value: a negative number has no power of {node.constant:g}")
    if not all(map(math.isfinite, (node.value, *node.slopes))):
        raise GraphError(f"'{name}' is beyond the largest number that there is, or so steep that its slope is")
