"""Listens to the engine in a thread of its own and hands on what arrives, all of it at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from nntui import messages as m
from nntui.session.process.inbox import Arrival

LISTEN_SECONDS = 0.5  # between looks at whether it shall end


class Engine(Protocol):
    """What the screen needs of an engine; none of these wait, but `receive`, `restart` and `close`."""

    def send(self, command: m.Command) -> None:
        """Send a command."""

    def play(self, path: str | Path, follow: bool = ..., branches: str | Path = ...) -> None:
        """Play a recording."""

    def resume(self, path: str | Path) -> None:
        """Go on where a recording ends."""

    def post(self, query: m.Query) -> int:
        """Send a query; its answer comes as a Reply with this number."""

    def subscribe(
        self, views: tuple[m.View, ...], size: tuple[int, int] = ..., sizes: dict[str, tuple[int, int]] | None = ...
    ) -> None:
        """Receive frames with these views from now on."""

    def acknowledge(self, number: int) -> None:
        """The frame of this number has been shown."""

    def receive(self, timeout: float | None = None) -> list[Arrival]:
        """All that has arrived."""

    def restart(self) -> str:
        """Start anew from the last keyframe; a sentence says where that is."""

    def close(self) -> None:
        """End it."""

    @property
    def stuck(self) -> float:
        """For how many seconds the engine has been at one thing."""


class Reader:
    """The thread; `hand_on` is called in it."""

    def __init__(self, engine: Engine, hand_on: Callable[[Sequence[Arrival]], None]) -> None:
        self._engine = engine
        self._hand_on = hand_on
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="from the engine to the screen", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def end(self) -> None:
        """Listen no more."""
        self._ended.set()

    def _run(self) -> None:
        while not self._ended.is_set():
            arrived = self._engine.receive(LISTEN_SECONDS)
            if arrived and not self._ended.is_set():
                self._hand_on(arrived)
