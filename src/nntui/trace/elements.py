"""Which elements of lists a line works on: its subscripts, and where they lead with the values at a cursor's place."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from nntui.trace.cursor import Cursor
from nntui.trace.stores import OPERATORS, walk
from nntui.trace.values import Reference

MOST_AT_ONCE = 64  # numbers of an array that a line is said to work on
_UNKNOWN = (LookupError, TypeError, ArithmeticError)  # what working out an index may raise


@dataclass(frozen=True, slots=True)
class Element:
    """An element of a list that a line works on, at one place of a trace."""

    local: str
    """The local's name in the code, such as `sources`."""
    first: int
    """Its first index there: the item of that local which is in hand."""
    name: str
    """What it is called from the top call, such as `inputs[1]`."""
    value: Any


def elements(cursor: Cursor, line: int, frame: int) -> Iterator[Element]:
    """What a line of a frame works on, in the order of its source; what cannot be worked out is left out."""
    step = cursor.trace.source.steps.get(line)
    for node in find_subscripts(step.nodes) if step is not None else ():
        try:
            yield _element(node, cursor, frame)
        except _UNKNOWN:
            continue


def uses(cursor: Cursor) -> tuple[str, ...]:
    """The numbers that the line about to run works on, then those of the lines that it was called from."""
    names: dict[str, None] = {}
    for level in reversed(cursor.stack()):
        if level.line is not None:
            found = elements(cursor, level.line, level.frame)
            names.update((name, None) for each in found for name in _numbers_in(each.name, each.value))
    return tuple(names)


def _numbers_in(name: str, value: Any) -> list[str]:
    """The names of the numbers that are worked on: of an array, all that it holds (the first of many)."""
    if isinstance(value, int | float):
        return [name]
    if not hasattr(value, "tolist"):
        return []
    return [f"{name}{path}" for path in _paths(value.shape)][:MOST_AT_ONCE]


def _paths(shape: tuple[int, ...]) -> list[str]:
    """The indices of an array's elements, row by row, as they are written behind its name."""
    paths = [""]
    for length in shape:
        paths = [f"{path}[{index}]" for path in paths[:MOST_AT_ONCE] for index in range(min(length, MOST_AT_ONCE))]
    return paths


def in_hand(cursor: Cursor) -> tuple[tuple[str, int], ...]:
    """For each list local that the line about to run works on, the index of the item in hand."""
    items: dict[str, int] = {}
    if cursor.line is not None:
        for each in elements(cursor, cursor.line, cursor.frame):
            items.setdefault(each.local, each.first)
    return tuple(items.items())


def find_subscripts(nodes: Iterable[ast.AST]) -> Iterator[ast.Subscript]:
    """The subscripts of a line, each whole: of `weights[layer][neuron]` not also `weights[layer]`."""
    inner: set[ast.AST] = set()
    for node in walk(nodes):
        if isinstance(node, ast.Subscript):
            inner.add(node.value)
            if node not in inner:
                yield node


def _element(node: ast.Subscript, cursor: Cursor, frame: int) -> Element:
    """Follow a subscript; raises one of _UNKNOWN where it leads nowhere."""
    indices: list[ast.expr] = []
    base: ast.expr = node
    while isinstance(base, ast.Subscript):
        indices.append(base.slice)
        base = base.value
    if not isinstance(base, ast.Name):
        raise TypeError("what is subscripted has no name")
    known = cursor.locals(frame)[base.id]
    place = known if isinstance(known, Reference) else Reference(base.id, ())
    container: Any = cursor.resolve(known) if isinstance(known, Reference) else known
    path: list[int] = []
    for index in reversed(indices):
        if not isinstance(container, list | tuple) and not hasattr(container, "tolist"):
            raise TypeError("this is no list")
        number = _number(index, cursor, frame)
        path.append(number + len(container) if number < 0 else number)
        container = container[number]
    return Element(base.id, path[0], str(Reference(place.root, (*place.path, *path))), container)


def _number(node: ast.expr, cursor: Cursor, frame: int) -> int:
    """Work out an index: names, whole numbers, arithmetic of them, elements of lists of whole numbers."""
    value: Any = None
    match node:
        case ast.Constant():
            value = node.value
        case ast.Name(id=name):
            known = cursor.locals(frame)
            value = known[name] if name in known else cursor.trace.source.constants[name]
        case ast.UnaryOp(op=ast.USub()):
            value = -_number(node.operand, cursor, frame)
        case ast.BinOp() if type(node.op) in OPERATORS:
            left, right = _number(node.left, cursor, frame), _number(node.right, cursor, frame)
            value = OPERATORS[type(node.op)](left, right)
        case ast.Subscript():
            value = _element(node, cursor, frame).value
    if type(value) is not int:
        raise TypeError("this is no whole number")
    return value
