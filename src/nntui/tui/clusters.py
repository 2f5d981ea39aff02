"""Text in clusters: what stands in one cell or two of a terminal, with all that has no width of its own.

The sizes are those of `rich.cells.cell_len`, which strips are counted with: those of a text's clusters add up to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TypeAlias

from rich.cells import cell_len

Cluster: TypeAlias = tuple[str, int]  # characters and cells

JOINER, AS_PICTURE = "\u200d", "\ufe0f"


def clusters(text: str) -> Iterator[Cluster]:
    """The clusters of a text; only the first may be without width, where nothing stands before it to belong to."""
    if text.isascii() and text.isprintable():
        for character in text:
            yield character, 1
        return
    yield from _clusters(text) if len(text) < 512 else _split(text)


@lru_cache(maxsize=512)
def _clusters(text: str) -> tuple[Cluster, ...]:
    return tuple(_split(text))


def _split(text: str) -> Iterator[Cluster]:
    """A character with its marks; a joiner takes the next one along, and a selector may make the last one wide."""
    here, size = "", 0
    widened = True  # what a selector would widen is known to be wide already, or there is nothing
    at = 0
    while at < len(text):
        character = text[at]
        if character == JOINER:
            here += text[at : at + 2]
            at += 2
            continue
        at += 1
        if character == AS_PICTURE:
            size += 0 if widened else _wider(here)
            here, widened = here + character, True
            continue
        wide = cell_len(character)
        if not wide:
            here += character
            continue
        if here:
            yield here, size
        here, size, widened = character, wide, False
    if here:
        yield here, size


def part(one: str, other: str) -> bool:
    """Whether two texts are as wide one after the other as each for itself."""
    return one[-1:] != JOINER and other[:1] not in (JOINER, AS_PICTURE)


def _wider(cluster: str) -> int:
    """By how much a selector widens the character that a cluster begins with."""
    first = next((character for character in cluster if cell_len(character)), "")
    return cell_len(first + AS_PICTURE) - cell_len(first) if first else 0
