"""The same source, run with pauses: so that a long step can be interrupted, and given up.

A training step of the interpreted loops on a wide layer takes seconds, and a screen must not wait for it. Instead of
a second copy of the loops, this compiles the very source of a taught module once more, with a `yield` at the end of
every pass of its loops over steps, samples and neurons. Between two pauses exactly the same operations run, in the
same order.
"""

from __future__ import annotations

import ast
import inspect
import time
from collections.abc import Callable, Collection, Generator, Mapping
from functools import cache
from types import CodeType, ModuleType
from typing import Any

from nntui.models.model import FloatArray
from nntui.models.plans import Descent, Outcome

PAUSE_AFTER = frozenset({"step", "sample", "neuron"})  # the loop variables whose passes end in a pause
LONG_STEP = 20_000  # multiply-adds in a step, from which on the interpreter pauses after every sample of it

Pausing = Callable[..., Generator[None, None, Any]]


class _Pauses(ast.NodeTransformer):
    """Adds the pauses to one function, and hands on those of the functions that it calls."""

    def __init__(self, functions: Collection[str]) -> None:
        self.functions = functions

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        self.generic_visit(node)
        # A function with no loop of its own to pause in must be a generator too: `if False: yield`.
        node.body.insert(0, ast.If(ast.Constant(False), [ast.Expr(ast.Yield(None))], []))
        return node

    def visit_For(self, node: ast.For) -> ast.For:
        self.generic_visit(node)
        if isinstance(node.target, ast.Name) and node.target.id in PAUSE_AFTER:
            node.body.append(ast.Expr(ast.Yield(None)))
        return node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id in self.functions:
            return ast.YieldFrom(node)
        return node


def in_pieces(module: ModuleType, functions: Collection[str], using: Mapping[str, Any]) -> dict[str, Pausing]:
    """Compile some functions of a module as generators that pause after each step, each sample and each neuron.

    `using` replaces other functions of the module that these call, by the same work done otherwise.
    """
    namespace: dict[str, Any] = {**vars(module), **using}
    code = _compiled(inspect.getsource(module), str(module.__file__), tuple(functions))
    exec(code, namespace)  # noqa: S102 - the module's own source
    return {name: namespace[name] for name in functions}


@cache
def _compiled(source: str, file: str, functions: tuple[str, ...]) -> CodeType:
    """Compile them once: whoever seeks in a recording makes a rung for each place."""
    tree = ast.parse(source)
    tree.body = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name in functions]
    for index, node in enumerate(tree.body):
        tree.body[index] = _Pauses(functions).visit(node)
    ast.fix_missing_locations(tree)
    return compile(tree, file, "exec")


class PieceWork:
    """A plan under way in pieces."""

    def __init__(self, pieces: Generator[None, None, Any], outcome: Callable[[], Outcome | Descent]) -> None:
        self._pieces = pieces
        self._outcome = outcome

    def run(self, deadline: float) -> bool:
        """Go on, at least one piece, until the end (True) or the deadline (False)."""
        return all(time.perf_counter() < deadline for _ in self._pieces)

    @property
    def outcome(self) -> Outcome | Descent:
        """What became of the plan."""
        return self._outcome()


def outcome_of(before: Any, after: Any, saved: Any) -> Outcome:
    """Gather the rows that a plan has filled in, whatever they are made of."""
    import numpy as np

    rows: list[FloatArray] = [np.asarray(row, np.float64) for row in (before, after, saved)]
    return Outcome(*rows)
