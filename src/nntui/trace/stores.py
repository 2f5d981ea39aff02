"""Which locals a statement assigns and which list elements it stores, found in its syntax tree.

Reading every local at every line is what makes tracing slow; with this table only what can have changed is read.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

Scope: TypeAlias = Mapping[str, Any]
Index: TypeAlias = Callable[[Scope, Scope], Any]
"""Works out an index from a frame's locals and globals."""


@dataclass(frozen=True, slots=True)
class Store:
    """A store into a list: `outputs[layer][neuron] = ...` has the base "outputs" and two indices.

    If `element` is false, the indices lead only to a list somewhere below which something may change: the others are
    slices, too involved to work out twice, or not known before the statement runs.
    """

    base: str
    indices: tuple[Index, ...]
    element: bool


def assigned_names(nodes: Iterable[ast.AST]) -> tuple[str, ...]:
    """The locals that these pieces of a statement may assign or delete, in order, each once."""
    names: dict[str, None] = {}
    for node in walk(nodes):
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                names[name] = None
            case ast.alias(name=name, asname=given):
                names[given or name.partition(".")[0]] = None
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                names[name] = None
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                names[name] = None
    return tuple(names)


def find_stores(nodes: Iterable[ast.AST], assigned: Collection[str]) -> tuple[Store, ...]:
    """The stores into lists that these pieces of a statement may make.

    `assigned` are the names that the statement itself assigns: an index that uses one of them cannot be known before
    the statement runs. A store into a list that the statement itself names is left out.
    """
    stores = []
    for base, indices in subscript_targets(nodes):
        if base in assigned:
            continue
        known: list[Index] = []
        for node in indices:
            index = _index(node, assigned)
            if index is None:
                break
            known.append(index)
        stores.append(Store(base, tuple(known), element=len(known) == len(indices)))
    return tuple(stores)


def subscript_targets(nodes: Iterable[ast.AST]) -> Iterator[tuple[str, list[ast.expr]]]:
    """The base name and the index expressions, outermost first, of each subscript that is stored to."""
    for node in walk(nodes):
        if isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
            indices: list[ast.expr] = []
            target: ast.expr = node
            while isinstance(target, ast.Subscript):
                indices.append(target.slice)
                target = target.value
            if isinstance(target, ast.Name):
                yield target.id, indices[::-1]


def walk(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Everything below these nodes in source order, but not what is inside a function or class defined there."""
    for node in nodes:
        yield node
        if not isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Lambda):
            yield from walk(ast.iter_child_nodes(node))


OPERATORS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}


def _index(node: ast.expr, assigned: Collection[str]) -> Index | None:
    """Turn a plain index expression (names, whole numbers, arithmetic of them) into a function; None if it is not."""
    match node:
        case ast.Constant(value=int(number)):
            return lambda _locals, _globals: number
        case ast.Name(id=name) if name not in assigned:
            return lambda locals_, globals_: locals_[name] if name in locals_ else globals_[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            inner = _index(operand, assigned)
            return inner and (lambda locals_, globals_: -inner(locals_, globals_))
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in OPERATORS:
            work_out, first, second = OPERATORS[type(sign)], _index(left, assigned), _index(right, assigned)
            if first is None or second is None:
                return None
            return lambda locals_, globals_: work_out(first(locals_, globals_), second(locals_, globals_))
    return None
