"""Reads an expression that somebody typed into a graph: against a list of what is allowed, never by `eval`."""

from __future__ import annotations

import ast
import math
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from nntui.autograd import node as nodes
from nntui.autograd.errors import GraphError
from nntui.autograd.graph import LONGEST_NAME
from nntui.autograd.node import Node
from nntui.text import SHOWN, clean, did_you_mean

MOST_CHARACTERS = 4_000
MOST_DEPTH = 100  # of brackets and operations within one another
MOST_NODES = 10_000


FUNCTIONS: Mapping[str, Callable[[Any], Node]] = {
    "exp": nodes.exp,
    "log": nodes.log,
    "tanh": nodes.tanh,
    "relu": nodes.relu,
}
OPERATORS: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: lambda left, right: left + right,
    ast.Sub: lambda left, right: left - right,
    ast.Mult: lambda left, right: left * right,
    ast.Div: lambda left, right: left / right,
}
ALLOWED = "an expression has numbers, names, + - * / **, brackets, and the functions exp, log, tanh and relu"


def read(expression: str, given: Sequence[tuple[str, str]]) -> Node:
    """The graph of an expression. `given` has for each name an expression of numbers and of the names before it.

    Raises GraphError with a sentence that says what is wrong. Nothing is computed.
    """
    reader = _Reader()
    for name, text in given:
        reader.give(name, text)
    result = reader.node(expression)
    used = set(map(id, nodes.topological_order(result)))
    for name, named in reader.names.items():
        if id(named) not in used:
            raise GraphError(f"'{name}' is given, but the expression does not use it")
    return result


class _Reader:
    """Turns syntax trees into nodes, one expression after another, over the same names."""

    def __init__(self) -> None:
        self.names: dict[str, Node] = {}
        self.made = 0

    def give(self, name: str, text: str) -> None:
        """Let a name stand for an expression."""
        shown = clean(name, SHOWN)
        if name in FUNCTIONS:
            raise GraphError(f"'{shown}' is a function; choose another name")
        if name in self.names:
            raise GraphError(f"'{shown}' is given twice")
        if not name.isidentifier() or not name.isascii():
            raise GraphError(f"'{shown}' is no name; names are written like a, x1 or total")
        named = self.node(text)
        if any(named is known for known in self.names.values()):
            raise GraphError(f"'{shown}' would be '{named.name}' itself; write {named.name}")
        named.name = name
        self.names[name] = named

    def node(self, text: str) -> Node:
        """The node of an expression."""
        return self._node(_tree(text), 1)

    def _node(self, tree: ast.expr, depth: int) -> Node:
        if depth > MOST_DEPTH:
            raise GraphError(_TOO_DEEP)
        self.made += 1
        if self.made > MOST_NODES:
            raise GraphError(f"a graph made from an expression has at most {MOST_NODES:,} nodes")
        found = self._made(tree, depth + 1)
        if not found.name:
            found.name = clean(ast.unparse(tree), LONGEST_NAME)
        return found

    def _made(self, tree: ast.expr, depth: int) -> Node:
        match tree:
            case ast.Name(id=name):
                return self._named(name)
            case ast.BinOp(left=left, op=ast.Pow(), right=right):
                made = self._node(left, depth) ** _exponent(right)
            case ast.BinOp(left=left, op=sign, right=right) if type(sign) in OPERATORS:
                made = OPERATORS[type(sign)](self._node(left, depth), self._node(right, depth))
            case ast.BinOp(op=ast.BitXor()):
                raise GraphError("a power is written with two stars, as in a ** 2")
            case ast.Call(func=ast.Name(id=name), args=[argument], keywords=[]) if name in FUNCTIONS:
                made = FUNCTIONS[name](self._node(argument, depth))
            case ast.Call(func=ast.Name(id=name)) if name in FUNCTIONS:
                raise GraphError(f"{name} takes one expression in its brackets, as in {name}(a)")
            case ast.Call(func=ast.Name(id=name)):
                hint = did_you_mean(name, FUNCTIONS) or f"; there are {', '.join(FUNCTIONS)}"
                raise GraphError(f"there is no function '{clean(name, SHOWN)}'{hint}")
            case _:
                number = _number(tree)
                if number is not None:
                    made = Node(number)
                elif isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.USub):
                    made = -self._node(tree.operand, depth)
                else:
                    raise GraphError(f"'{clean(ast.unparse(tree), SHOWN)}' does not belong here; {ALLOWED}")
        assert isinstance(made, Node)
        return made

    def _named(self, name: str) -> Node:
        if name in self.names:
            return self.names[name]
        shown = clean(name, SHOWN)
        if name in FUNCTIONS:
            raise GraphError(f"{shown} is a function, and needs brackets, as in {shown}(a)")
        hint = did_you_mean(name, self.names) or f"; give it one, as in {shown[:10]}=2"
        raise GraphError(f"'{shown}' has no value here{hint}")


_TOO_DEEP = f"this is nested too deeply; {MOST_DEPTH} operations within one another are the most"


def _tree(text: str) -> ast.expr:
    """The syntax tree of one expression."""
    text = text.replace("−", "-").strip()
    if len(text) > MOST_CHARACTERS:
        raise GraphError(f"an expression has at most {MOST_CHARACTERS:,} characters, not {len(text):,}")
    if not text:
        raise GraphError(f"an expression is missing; {ALLOWED}")
    try:
        with warnings.catch_warnings(action="ignore"):  # about what is odd in Python: it is refused here in a sentence
            return ast.parse(text, mode="eval").body
    except (RecursionError, MemoryError):
        raise GraphError(_TOO_DEEP) from None
    except (SyntaxError, ValueError):
        raise GraphError(f"'{clean(text, SHOWN)}' is no expression; {ALLOWED}") from None


def _number(tree: ast.expr) -> float | None:
    """The value of a plain number, with or without a sign; None where it is something else."""
    if isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.USub | ast.UAdd):
        inner = _number(tree.operand) if isinstance(tree.operand, ast.Constant) else None
        return inner if inner is None or isinstance(tree.op, ast.UAdd) else -inner
    if not isinstance(tree, ast.Constant) or type(tree.value) not in (int, float):
        return None
    try:
        value = float(tree.value)  # type: ignore[arg-type]
    except OverflowError:
        value = math.inf
    if not math.isfinite(value):
        raise GraphError("a number here is beyond the largest that there is")
    return value


def _exponent(tree: ast.expr) -> float:
    number = _number(tree)
    if number is None:
        raise GraphError("an exponent is a plain number here, as in a ** 2")
    return number
