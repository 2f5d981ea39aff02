"""The source of a traced module, read from the very file that runs."""

from __future__ import annotations

import ast
import tokenize
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from types import CodeType
from typing import Any

from nntui.trace.structure import (
    Function,
    Loop,
    Step,
    find_constants,
    find_functions,
    find_loops,
    find_steps,
    silence_leaf_loops,
)


class Source:
    """A file's lines (counted from 1) and what its syntax tree says about them."""

    def __init__(self, path: str, text: str) -> None:
        """Parse a file's text; SyntaxError if it is not Python."""
        self.path = path
        self.lines = tuple(text.splitlines())
        tree = ast.parse(text, path)
        loops = find_loops(tree)
        self.functions: tuple[Function, ...] = find_functions(tree)
        self.loops: tuple[Loop, ...] = tuple(loops.values())
        self.steps: Mapping[int, Step] = find_steps(tree, loops)
        self.coarse_steps: Mapping[int, Step] = silence_leaf_loops(dict(self.steps), loops)
        self._codes = tuple(_function_codes(compile(tree, path, "exec", dont_inherit=True)))
        self.constants: Mapping[str, int] = find_constants(tree)
        self.executable: frozenset[int] = frozenset(self._executable_lines())

    def line_text(self, line: int) -> str:
        """One line as it stands in the file; IndexError if there is none of that number."""
        if not 1 <= line <= len(self.lines):
            raise IndexError(f"line {line}: the file has lines 1 to {len(self.lines)}")
        return self.lines[line - 1]

    def function(self, name: str) -> Function:
        """The first function of that name; KeyError if there is none."""
        for function in self.functions:
            if function.name == name:
                return function
        raise KeyError(name)

    def function_at(self, line: int) -> Function | None:
        """The innermost function that a line belongs to."""
        return next((found for found in reversed(self.functions) if found.first <= line <= found.last), None)

    def statement(self, line: int) -> tuple[int, int]:
        """The first and last line of the statement (or the head of a compound one) that a line belongs to."""
        step = self.steps.get(line)
        return (step.first, step.last) if step else (line, line)

    def loops_at(self, line: int) -> tuple[Loop, ...]:
        """The loops that a line (of the body or the loop's own) lies in, innermost first."""
        return tuple(loop for loop in reversed(self.loops) if loop.first <= line <= loop.last)

    def stop_line(self, line: int) -> int | None:
        """The line that events name for what runs on this line: where a breakpoint set here stops; None if nowhere."""
        first = self.statement(line)[0]
        return first if first in self.executable else None

    def matches(self, function: Callable[..., Any]) -> bool:
        """Whether this text is what the function was made from (false if the file was edited since the import)."""
        return function.__code__ in self._codes

    def _executable_lines(self) -> Iterator[int]:
        for code in self._codes:
            for _, _, line in code.co_lines():
                # The code of a function starts on its `def` line, which never gives an event.
                if line is not None and line != code.co_firstlineno and line in self.steps:
                    yield self.steps[line].first


def read_source(path: str) -> Source:
    """Read and parse a Python file; parsed again only when its contents change. OSError if it cannot be read."""
    with tokenize.open(path) as file:  # obeys the file's own declaration of its encoding
        return _parsed(path, file.read())


@lru_cache(maxsize=16)
def _parsed(path: str, text: str) -> Source:
    return Source(path, text)


def _function_codes(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            if not constant.co_name.startswith("<"):
                yield constant
            yield from _function_codes(constant)
