"""Recordings for the tests of the screen, made through an engine; between two commands five seconds pass by its clock."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from hall import Hall

from nntui import messages as m
from nntui import words
from nntui.scenario.library import find
from nntui.scenario.reader import read_text
from nntui.session.process.local import LocalEngine
from nntui.session.recording import recorder
from nntui.session.recording.player import Player
from nntui.tui.app import NntuiApp
from nntui.tui.remembered import Remembered
from nntui.tui.wire.pace import Pace

SECONDS = 5.0
XOR = ("run 30", "mark first look", "run 100", "twist weights[0][0][0] 0.4", "mark the plateau", "run 50")
LESSON = ("next", "answer 1", "next", "mark a good question", "next")


def record(path: Path, lesson: str, lines: tuple[str, ...]) -> Path:
    """Record what these words do."""
    clock = [100.0]
    with pytest.MonkeyPatch.context() as patch, LocalEngine.start() as engine:
        patch.setattr(recorder, "time", SimpleNamespace(**{**vars(time), "monotonic": lambda: clock[0]}))
        engine.record(path)
        source = find(lesson)
        engine.send(m.Open(read_text(source), source.name, str(source.parent)))
        list(engine.settle())
        for line in lines:
            clock[0] += SECONDS
            engine.send(words.parse(line))  # type: ignore[arg-type]
            list(engine.settle())
    return path


class Cinema(Hall):
    """A screen that plays a recording."""

    async def settle(self, turns: int = 40) -> None:
        """Also let a seek come to its end."""
        await super().settle(turns)
        for _ in range(100):
            player = self.engine.service.session
            if not isinstance(player, Player) or player.live or player.state in ("playing", "following"):
                return
            if not player.busy:
                break
            await super().settle(turns)
        await super().settle(turns)

    async def type(self, text: str) -> None:
        """Type a line after the colon."""
        await self.pilot.press("colon", *("space" if character == " " else character for character in text))
        await self.press("enter")


@asynccontextmanager
async def cinema(path: Path, size: tuple[int, int] = (80, 24), branches: str = "") -> AsyncIterator[Cinema]:
    """A screen that plays a recording."""
    engine = LocalEngine.start()
    app = NntuiApp(
        engine, path, listens=False, pace=Pace(asks=False), remembered=Remembered(), branches=branches
    )  # fmt: skip
    async with app.run_test(size=size) as pilot:
        place = Cinema(app, engine, pilot)
        await place.settle()
        yield place
