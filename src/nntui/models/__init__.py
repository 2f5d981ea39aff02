"""The models, one folder each, and the table by which lesson files name them."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from nntui.models.model import DataFacts, Kind

__all__ = ["DataFacts", "Kind", "kind", "names", "register"]

_FOLDERS = {"mlp": "nntui.models.mlp"}
_registered: dict[str, Kind] = {}


def names() -> tuple[str, ...]:
    """The kinds of model that a lesson file may name."""
    return (*_FOLDERS, *(name for name in _registered if name not in _FOLDERS))


def kind(name: str) -> Kind:
    """Find a kind of model by its name, importing its folder when it is first needed; KeyError if there is none."""
    if name not in _registered:
        found: Kind = import_module(_FOLDERS[name]).KIND
        _registered[name] = found
    return _registered[name]


def register(found: Kind) -> Callable[[], None]:
    """Add a kind from outside this package; the returned function takes it out again."""
    _registered[found.name] = found

    def take_out() -> None:
        _registered.pop(found.name, None)

    return take_out
