"""The structure of a source file as the tracer needs it: functions, loops, and the steps that lines belong to."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from nntui.trace.stores import Store, assigned_names, find_stores, subscript_targets


@dataclass(frozen=True, slots=True)
class Function:
    """A function and the lines (counted from 1, both included) from its `def` to its end."""

    name: str
    first: int
    last: int


@dataclass(frozen=True, slots=True, eq=False)
class Loop:
    """A `for` or `while` whose body begins below its own line (a loop on one line is a single step)."""

    first: int
    body: int
    last: int
    variables: tuple[str, ...]
    """The names that the `for` line assigns; none for a `while`."""
    is_for: bool
    leaf: bool
    """Whether a coarse recording may pass over it: neither it nor what it calls has loops or stores of its own."""

    def in_body(self, line: int) -> bool:
        """Whether the line belongs to what is repeated."""
        return self.body <= line <= self.last


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """What one event runs: a simple statement on all of its lines, or the head of a compound one."""

    first: int
    last: int
    names: tuple[str, ...]
    stores: tuple[Store, ...]
    loop: Loop | None = None
    """The loop whose head this is."""
    silent: bool = False
    """Whether it runs without an event of its own (a leaf loop in a coarse recording)."""
    nodes: tuple[ast.AST, ...] = ()


@dataclass(slots=True)
class _Piece:
    first: int
    last: int
    nodes: list[ast.AST] = field(default_factory=list)
    loop: Loop | None = None

    def step(self) -> Step:
        names = assigned_names(self.nodes)
        return Step(self.first, self.last, names, find_stores(self.nodes, names), self.loop, nodes=tuple(self.nodes))


def find_functions(tree: ast.Module) -> tuple[Function, ...]:
    """All functions of a file, in the order of their lines."""
    found = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    functions = [Function(node.name, node.lineno, node.end_lineno or node.lineno) for node in found]
    return tuple(sorted(functions, key=lambda function: function.first))


def find_constants(tree: ast.Module) -> dict[str, int]:
    """The names to which the file itself gives a whole number, such as `BIAS = -1`."""
    constants: dict[str, int] = {}
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=int(number))):
                constants[name] = number
            case ast.Assign(
                targets=[ast.Name(id=name)], value=ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(number)))
            ):
                constants[name] = -number
    return constants


def find_loops(tree: ast.Module) -> dict[ast.AST, Loop]:
    """All loops of a file, outer ones before the ones that they contain."""
    busy = _busy_functions(tree)
    loops: dict[ast.AST, Loop] = {}
    for node in _in_order(tree):
        if not isinstance(node, ast.For | ast.While):
            continue
        body, last = node.body[0].lineno, node.body[-1].end_lineno or 0
        if body > _head_end(node):
            is_for = isinstance(node, ast.For)
            variables = assigned_names([node.target]) if isinstance(node, ast.For) else ()
            loops[node] = Loop(node.lineno, body, last, variables, is_for, _is_leaf(node, busy))
    return loops


def find_steps(tree: ast.Module, loops: dict[ast.AST, Loop]) -> dict[int, Step]:
    """The step that each line of a function belongs to."""
    merged: list[_Piece] = []
    for piece in _pieces(tree, loops):
        if merged and piece.first <= merged[-1].last:  # several statements on a line are one step
            merged[-1].last = max(merged[-1].last, piece.last)
            merged[-1].nodes += piece.nodes
        else:
            merged.append(piece)
    steps = [piece.step() for piece in merged]
    return {line: step for step in steps for line in range(step.first, step.last + 1)}


def silence_leaf_loops(steps: dict[int, Step], loops: dict[ast.AST, Loop]) -> dict[int, Step]:
    """The same table for a coarse recording: each leaf loop is one step without an event."""
    coarse = dict(steps)
    for node, loop in loops.items():
        if loop.leaf:
            step = replace(_Piece(loop.first, loop.last, [node]).step(), silent=True)
            coarse.update(dict.fromkeys(range(loop.first, loop.last + 1), step))
    return coarse


_Block = ast.stmt | ast.ExceptHandler | ast.match_case


def _pieces(node: ast.AST, loops: dict[ast.AST, Loop]) -> Iterator[_Piece]:
    """Cut everything below a node into simple statements and heads of compound ones, in the order of their lines."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, _Block):
            continue
        blocks = [inner for inner in ast.iter_child_nodes(child) if isinstance(inner, _Block)]
        head: list[ast.AST] = [inner for inner in ast.iter_child_nodes(child) if not isinstance(inner, _Block)]
        first = child.pattern.lineno if isinstance(child, ast.match_case) else child.lineno
        if isinstance(child, ast.FunctionDef | ast.ClassDef):
            yield _Piece(first, first, [child])
        elif isinstance(child, ast.ExceptHandler) and child.name:
            # The name is no node of its own: a stand-in, so that the body's names do not come with it.
            yield _Piece(first, _head_end(child), [*head, ast.Name(child.name, ast.Store())])
        elif blocks or isinstance(child, ast.match_case):
            yield _Piece(first, _head_end(child), head, loops.get(child))
        else:
            yield _Piece(first, child.end_lineno or first, [child])
        yield from _pieces(child, loops)


def _head_end(node: ast.AST) -> int:
    """The last line of a compound statement's own part, before its blocks."""
    heads = [child for child in ast.iter_child_nodes(node) if not isinstance(child, _Block)]
    ends = [getattr(inner, "end_lineno", None) or 0 for head in heads for inner in ast.walk(head)]
    return max([getattr(node, "lineno", 0), *ends])


def _in_order(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    for child in ast.iter_child_nodes(node):
        yield from _in_order(child)


def _is_leaf(loop: ast.For | ast.While, busy: set[str]) -> bool:
    assigned = assigned_names([loop])
    inner = [node for statement in loop.body for node in ast.walk(statement)]
    return not (
        any(isinstance(node, ast.For | ast.While) for node in inner)
        or any(_called(node) in busy for node in inner)
        # Such a list is only known once the loop runs, too late to look at it first.
        or any(base in assigned for base, _ in subscript_targets([loop]))
    )


def _busy_functions(tree: ast.Module) -> set[str]:
    """The file's functions that, by themselves or through a call, run a loop or store into a list."""
    functions = {node.name: list(ast.walk(node)) for node in tree.body if isinstance(node, ast.FunctionDef)}
    busy = {
        name
        for name, nodes in functions.items()
        if any(isinstance(node, ast.For | ast.While) for node in nodes) or any(subscript_targets(nodes[1:]))
    }
    while True:
        more = {name for name, nodes in functions.items() if any(_called(node) in busy for node in nodes)} - busy
        if not more:
            return busy
        busy |= more


def _called(node: ast.AST) -> str | None:
    """The name of the function that a node calls, if it calls one by its name."""
    return node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else None
