"""Reads a lesson file as if whoever wrote it meant harm: bounded, without waiting, every string cleaned."""

from __future__ import annotations

import os
import re
import stat
import tomllib
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from nntui.scenario.lines import Lines
from nntui.scenario.schema import MOST_BYTES
from nntui.text import SHOWN, clean, did_you_mean

MOST_NEIGHBOURS = 1_000  # files of the same folder that a mistyped name is compared with
MOST_REASON = 160  # characters of tomllib's reason that are shown
_TABLE = re.compile(r"\(('[^']*',? ?)+\)")  # how tomllib names a table: ('beat', 'ask')
_WHERE = re.compile(r" \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$")


class ScenarioError(ValueError):
    """A lesson file that cannot be used; the text says which, where, why and what would be right, in one sentence."""


@dataclass(frozen=True)
class Parsed:
    """A lesson file as tables, with the line of each key."""

    tables: dict[str, Any]
    lines: Lines


# ---------------------------------------------------------------- from the file to its text


def read_text(path: Path) -> str:
    """Return the text of a lesson file; never wait for a pipe or a device, never take in more than a file may hold."""
    name = clean(path.name or str(path), SHOWN)
    content = _read_bytes(path, name)
    if not content:
        raise ScenarioError(f"{name}: the file is empty; a lesson file begins with format = 1")
    if len(content) > MOST_BYTES:
        raise ScenarioError(f"{name}: the file is too large; a lesson file has at most {MOST_BYTES:,} bytes")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise ScenarioError(f"{name}: this is not a text file; a lesson file is TOML, in UTF-8")
    return text


def _read_bytes(path: Path, name: str) -> bytes:
    """Read one byte more than a file may hold; not blocking, in case the file became a pipe after it was looked at."""
    try:
        _check_is_file(path.stat().st_mode, name)
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
            _check_is_file(os.fstat(file.fileno()).st_mode, name)
            return file.read(MOST_BYTES + 1) or b""
    except ScenarioError:
        raise
    except (FileNotFoundError, NotADirectoryError, ValueError):  # ValueError: a name that no file can have
        hint = did_you_mean(path.name, _neighbours(path)) or "; check its name"
        raise ScenarioError(f"{name}: there is no such file{hint}") from None
    except OSError as error:
        reason = "you have no permission" if isinstance(error, PermissionError) else error.strerror
        raise ScenarioError(f"{name}: the file cannot be read ({reason}); choose one that can be") from None


def _check_is_file(mode: int, name: str) -> None:
    if stat.S_ISDIR(mode):
        raise ScenarioError(f"{name}: this is a folder; name a lesson file in it")
    if not stat.S_ISREG(mode):
        raise ScenarioError(f"{name}: this is a device or a pipe; name a lesson file")


def _neighbours(path: Path) -> list[str]:
    """Return the names of the lesson files in the folder where one is missing."""
    try:
        with os.scandir(path.parent) as entries:
            return [entry.name for entry in islice(entries, MOST_NEIGHBOURS) if entry.name.endswith(".toml")]
    except (OSError, ValueError):
        return []


# ---------------------------------------------------------------- from the text to tables


def parse(text: str, name: str) -> Parsed:
    """Parse the text of a lesson file; ScenarioError where it is no TOML, or more of it than a lesson needs."""
    name = clean(name, SHOWN)
    if len(text) > MOST_BYTES:
        raise ScenarioError(f"{name}: the text is too long; a lesson file has at most {MOST_BYTES:,} bytes")
    lines = Lines(text)
    if lines.excess is not None:
        raise ScenarioError(f"{name}:{lines.at(lines.excess.at)}: {lines.excess}")
    try:
        tables = tomllib.loads(text)
    except ValueError as error:
        raise ScenarioError(f"{name}:{_explained(str(error), text)}") from None
    return Parsed(cleaned(tables), lines)


def _explained(reason: str, text: str) -> str:
    """Turn tomllib's "Expected '=' (at line 3, column 5)" into "3: expected '=', at column 5"."""
    found = _WHERE.search(reason)
    what = _WHERE.sub("", reason).strip()
    what = _TABLE.sub(lambda key: "[" + ".".join(re.findall("'([^']*)'", key[0])) + "]", what)
    what = clean(what[:1].lower() + what[1:], MOST_REASON)
    if found is None or found["line"] is None:
        last = text.rstrip().count("\n") + 1
        return f"{last}: {what}, at the end of the file"
    return f"{found['line']}: {what}, at column {found['column']}"


def cleaned(value: Any) -> Any:
    """Return a value with every string in it, keys too, fit to be shown; line ends within texts stay."""
    if isinstance(value, str):
        return "\n".join(clean(line) for line in value.split("\n"))
    if isinstance(value, list | tuple):
        return [cleaned(item) for item in value]
    if isinstance(value, dict):
        return {clean(key): cleaned(item) for key, item in value.items()}
    return value
