"""Looking at list elements before and after a statement that stores into them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from nntui.trace.stores import Scope, Store
from nntui.trace.values import Places, Reference, copied

Element: TypeAlias = tuple[tuple[int, ...], Any, Any]
"""The path of an element, what it was, and what it is."""


@dataclass(slots=True)
class Watch:
    """An element, or everything in a list, that the running statement may change."""

    root: str
    path: tuple[int, ...]
    container: list[Any]
    index: int | None
    """The element's place in the container; None for everything in it."""
    before: Any

    def elements(self) -> Iterator[Element]:
        """Read again what may have changed, also where it is as before: something else may have come between."""
        if self.index is None:
            yield from _pairs(self.before, self.container, self.path)
        elif self.index < len(self.container):
            yield self.path, self.before, self.container[self.index]


def find_watch(store: Store, locals_: Scope, globals_: Scope, places: Places) -> Watch | None:
    """Locate what a store is about to change, and read it; None if that is no part of the arguments.

    Raises what the statement itself is going to raise where its indices lead nowhere.
    """
    indices = [index(locals_, globals_) for index in store.indices]
    last = indices.pop() if store.element else None
    container = locals_[store.base]
    place = places.find(container)
    path = list(place.path) if place else []
    for index in indices:
        path.append(index + len(container) if index < 0 else index)
        container = container[index]
    # The list's own place comes first: one list can be reached by several names.
    place = places.find(container) or (place and Reference(place.root, tuple(path)))
    if place is None or not isinstance(container, list):
        return None
    if last is None:
        return Watch(place.root, place.path, container, None, copied(container))
    element = last + len(container) if last < 0 else last
    return Watch(place.root, (*place.path, element), container, element, container[element])


def watch_list(value: Any, places: Places) -> Watch | None:
    """Read a list of numbers, or of such lists; None if it is something else, or no part of the arguments."""
    place = places.find(value)
    if place is None or not _holds_numbers(value):
        return None
    return Watch(place.root, place.path, value, None, copied(value))


def _holds_numbers(value: Any) -> bool:
    return type(value) is list and all(type(item) in (float, int) or _holds_numbers(item) for item in value)


def _pairs(before: Any, after: Any, path: tuple[int, ...]) -> Iterator[Element]:
    """The elements of two nested lists of one shape."""
    for index, (old, new) in enumerate(zip(before, after, strict=False)):
        if isinstance(old, list) and isinstance(new, list):
            yield from _pairs(old, new, (*path, index))
        else:
            yield (*path, index), old, new
