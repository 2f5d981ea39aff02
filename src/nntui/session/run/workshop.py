"""Where rungs are made ready: at once where that is quick, elsewhere (in a thread, say) where it has to be compiled."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from nntui.messages import Fact, Preparing, Ready
from nntui.models.model import Model
from nntui.models.plans import Rung


class Pending(Protocol):
    """A rung being made ready elsewhere."""

    def done(self) -> bool:
        """Whether it is."""

    def result(self) -> Rung:
        """The rung; raises what making it raised."""


Preparer: TypeAlias = Callable[[Callable[[], Rung]], Pending]
Key: TypeAlias = tuple[Model, str]


@dataclass
class AtOnce:
    """Making a rung ready here and now."""

    make: Callable[[], Rung]

    def done(self) -> bool:
        """It is as soon as it is asked for."""
        return True

    def result(self) -> Rung:
        """The rung."""
        return self.make()


class NotReadyError(Exception):
    """A rung could not be made ready; the text says why."""


class Workshop:
    """The rungs of a training run, by model and name."""

    def __init__(self, preparer: Preparer) -> None:
        self._preparer = preparer
        self._rungs: dict[Key, Rung] = {}
        self._preparing: dict[Key, Pending] = {}
        self._awaited: tuple[Key, Pending, float] | None = None  # the one that work waits for

    def rung(self, model: Model, name: str, facts: list[Fact]) -> Rung | None:
        """A rung, or None while it is being made ready; raises NotReadyError where that fails."""
        key = (model, name)
        if key in self._rungs:
            return self._rungs[key]
        info = model.rungs[name]
        assert info.make is not None
        if info.instant:
            self._rungs[key] = info.make()
            return self._rungs[key]
        if self._awaited is None or self._awaited[0] != key:
            facts.append(Preparing(info.name))
            self._awaited = (key, self._prepared(key, info.make), time.perf_counter())
        _, pending, began = self._awaited
        if not pending.done():
            return None
        self._awaited = None
        del self._preparing[key]
        try:
            self._rungs[key] = pending.result()
        except Exception as error:  # whatever a compiler may say
            raise NotReadyError(f"{info.name} could not be made ready ({str(error)[:200]})") from error
        facts.append(Ready(info.name, time.perf_counter() - began))
        return self._rungs[key]

    def warm(self, model: Model, name: str) -> None:
        """Begin to make a rung ready that nobody has asked for yet; who asks for it later finds it under way."""
        key, info = (model, name), model.rungs.get(name)
        if info is not None and info.make is not None and not info.instant and key not in self._rungs:
            self._prepared(key, info.make)

    def waiting(self, model: Model, name: str) -> bool:
        """Whether work waits for this rung to be made ready."""
        return self._awaited is not None and self._awaited[0] == (model, name) and not self._awaited[1].done()

    def _prepared(self, key: Key, make: Callable[[], Rung]) -> Pending:
        """The making ready of a rung: under way already, or begun now."""
        if key not in self._preparing:
            self._preparing[key] = self._preparer(make)
        return self._preparing[key]
