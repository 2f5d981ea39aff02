"""Writes a scenario as a lesson file that a person likes to read, and that reads back to the same scenario, to the bit.

What has its default value is left out. Weights stand one row a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from nntui.scenario.schema import Scenario

WIDTH = 100  # columns, where a list can be broken

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPED = re.compile(r'["\\\x00-\x1f\x7f]')
_ESCAPED_IN_LINES = re.compile(r'"(?="")|"$|[\\\x00-\x09\x0b-\x1f\x7f]')


def to_toml(scenario: Scenario) -> str:
    """Return the text of a lesson file; `check.load` gives the same scenario back."""
    return "\n".join(_table((), _given(scenario))).lstrip("\n") + "\n"


def _given(struct: msgspec.Struct) -> dict[str, Any]:
    """Return the fields of a struct that say something: those required, and those that differ from their default."""
    given = {}
    for field in msgspec.structs.fields(struct):
        value = getattr(struct, field.name)
        default = {} if field.default_factory is dict else field.default
        if field.required or value != default:
            given[field.name] = _given(value) if isinstance(value, msgspec.Struct) else value
    return given


# ---------------------------------------------------------------- tables


def _table(path: tuple[str, ...], table: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of a table: its own keys, then the tables within it, each with its header."""
    within = {}
    for key, value in table.items():
        if isinstance(value, dict) or _is_tables(value):
            within[key] = value
        else:
            yield f"{_key(key)} = {_value(value)}"
    for key, value in within.items():
        name = ".".join(_key(part) for part in (*path, key))
        for item in [value] if isinstance(value, dict) else value:
            yield ""
            yield f"[{name}]" if isinstance(value, dict) else f"[[{name}]]"
            yield from _table((*path, key), _given(item) if isinstance(item, msgspec.Struct) else item)


def _is_tables(value: Any) -> bool:
    return isinstance(value, list | tuple) and bool(value) and all(isinstance(v, dict | msgspec.Struct) for v in value)


def _key(key: str) -> str:
    return key if _BARE_KEY.fullmatch(key) else _text(key)


# ---------------------------------------------------------------- values


def _value(value: Any, indent: str = "") -> str:
    """Return a value as TOML writes it; `repr` writes each float so that it reads back to the bit."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, str):
        return _lines(value) if "\n" in value else _text(value)
    if isinstance(value, list | tuple):
        return _list(value, indent)
    if isinstance(value, dict):
        pairs = ", ".join(f"{_key(key)} = {_value(item)}" for key, item in value.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    return str(value)  # a date or a time


def _list(items: Sequence[Any], indent: str) -> str:
    """Return a list: numbers on one line, rows one a line, texts on one line if they fit."""
    deeper = indent + "  "
    written = [_value(item, deeper) for item in items]
    on_one_line = f"[{', '.join(written)}]"
    is_flat = not any(isinstance(item, list | tuple) for item in items)
    is_text = any(isinstance(item, str) for item in items)
    if is_flat and (not is_text or len(on_one_line) <= WIDTH):
        return on_one_line
    rows = "".join(f"{deeper}{row},\n" for row in written)
    return f"[\n{rows}{indent}]"


def _text(text: str) -> str:
    return f'"{_ESCAPED.sub(_escape, text)}"'


def _lines(text: str) -> str:
    """Return a text of several lines; the line end after the opening quotation marks is no part of it."""
    return f'"""\n{_ESCAPED_IN_LINES.sub(_escape, text)}"""'


def _escape(found: re.Match[str]) -> str:
    character = found[0]
    return f"\\{character}" if character in '"\\' else f"\\u{ord(character):04x}"
