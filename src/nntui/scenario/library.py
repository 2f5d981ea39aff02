"""Finds lesson files: the shipped lessons by number or name, the playground by name, one's own by path."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from nntui.scenario.reader import ScenarioError, parse, read_text
from nntui.text import SHOWN, clean, did_you_mean

FIRST_TO_PLAY = ("xor", "circle", "spiral", "gauss", "moons", "digits", "nine-weights", "many-weights")
MOST_SHOWN = 160  # characters of a title or a summary

_LESSON_FILE = re.compile(r"([0-9]{1,6})-(.+)\.toml")
_FIRST_TABLE = re.compile(r"^[ \t]*\[", re.MULTILINE)


@dataclass(frozen=True)
class Entry:
    """One file of the library; lessons have a number."""

    number: int | None
    name: str
    path: Path
    title: str
    summary: str


def folder() -> Path:
    """Return the folder of the shipped scenarios: in the package, or in the checkout where there is none in it."""
    packaged = Path(str(resources.files("nntui"))) / "scenarios"
    return packaged if packaged.is_dir() else Path(__file__).resolve().parents[3] / "scenarios"


def lessons() -> tuple[Entry, ...]:
    """Return the lessons in teaching order."""
    found = [(_LESSON_FILE.fullmatch(path.name), path) for path in _files(folder())]
    numbered = [(int(match[1]), match[2], path) for match, path in found if match]
    return tuple(_entry(number, name, path) for number, name, path in sorted(numbered))


def playground() -> tuple[Entry, ...]:
    """Return the scenarios for free play: the best known first, then the others by name."""
    order = {name: place for place, name in enumerate(FIRST_TO_PLAY)}
    files = sorted(_files(folder() / "playground"), key=lambda path: (order.get(path.stem, len(order)), path.stem))
    return tuple(_entry(None, path.stem, path) for path in files)


def find(word: str) -> Path:
    """Return the file that a word stands for; ScenarioError where there is none.

    A lesson is known by its number or its name, a playground scenario by its name, any file by its path.
    """
    word = word.strip()
    if "/" in word or word.endswith(".toml"):
        return Path(word)
    known = lessons()
    if word.isascii() and word.isdigit():
        for entry in known:
            if str(entry.number) == (word.lstrip("0") or "0"):
                return entry.path
        raise ScenarioError(f"there is no lesson {clean(word, SHOWN)}; {_which(known)}")
    names = {entry.path.stem: entry.path for entry in known}
    names |= {entry.name: entry.path for entry in (*playground(), *known)}
    if word in names:
        return names[word]
    if _is_file(word):
        return Path(word)
    hint = did_you_mean(word, names)
    raise ScenarioError(f"there is no lesson '{clean(word, SHOWN)}'{hint or ';'} `nntui list` names them all")


def heading(path: Path) -> tuple[str, str]:
    """Return the title and summary of a shipped file, which are known to hold; of any other ("", "")."""
    return _title_and_summary(path) if folder() in path.parents else ("", "")


def _files(where: Path) -> list[Path]:
    try:
        return [path for path in where.iterdir() if path.suffix == ".toml"]
    except OSError:
        return []


def _entry(number: int | None, name: str, path: Path) -> Entry:
    title, summary = _title_and_summary(path)
    return Entry(number, name, path, title or name, summary)


def _title_and_summary(path: Path) -> tuple[str, str]:
    """Read title and summary from what stands above the first table, without parsing the weights below it.

    A list of files has to name one that is broken, too; opening it tells what is wrong.
    """
    try:
        text = read_text(path)
        found = _FIRST_TABLE.search(text)
        head = parse(text[: found.start()] if found else text, path.name)
    except ScenarioError:
        return "", ""
    texts = (head.tables.get(key, "") for key in ("title", "summary"))
    title, summary = (clean(text, MOST_SHOWN) if isinstance(text, str) else "" for text in texts)
    return title, summary


def _which(known: Sequence[Entry]) -> str:
    """Say which lessons there are."""
    numbers = [str(entry.number) for entry in known]
    if len(numbers) < 2:
        return f"the only lesson is {numbers[0]}" if numbers else "there are none yet"
    return f"the lessons are {', '.join(numbers[:-1])} and {numbers[-1]}"


def _is_file(word: str) -> bool:
    try:
        return Path(word).is_file()
    except (OSError, ValueError):  # too long for a name
        return False
