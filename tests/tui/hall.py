"""What the tests of the screen share: an app over an engine in this very process, without threads, clocks or sleeps."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from textual.pilot import Pilot

from nntui import messages as m
from nntui import words
from nntui.scenario.library import find
from nntui.session.process.local import LocalEngine
from nntui.tui.app import NntuiApp
from nntui.tui.remembered import Remembered
from nntui.tui.wire.pace import Pace

SIZES = [(80, 24), (160, 50)]


class Hall:
    """A screen that is tried: keys in, what is seen out."""

    def __init__(self, app: NntuiApp, engine: LocalEngine, pilot: Pilot[None]) -> None:
        self.app = app
        self.engine = engine
        self.pilot = pilot
        self.sent: list[m.Command] = []
        self._send = engine.send
        engine.send = self._note  # type: ignore[method-assign]

    def _note(self, command: m.Command) -> None:
        self.sent.append(command)
        self._send(command)

    async def settle(self, turns: int = 40) -> None:
        """Let what was sent be obeyed, told and shown."""
        quiet = 0
        for _ in range(turns):
            arrived = self.engine.receive(0.0)
            if arrived:
                self.app.link.take(arrived)
            await self.pilot.pause()
            quiet = 0 if arrived else quiet + 1
            if quiet > 2:
                return

    async def press(self, *keys: str) -> None:
        """Press keys one after another."""
        for key in keys:
            await self.pilot.press(key)
            await self.settle()

    async def say(self, *lines: str) -> None:
        """Send commands by their words."""
        for line in lines:
            self.app.link.send(words.parse(line))  # type: ignore[arg-type]
            await self.settle()

    async def resize(self, width: int, height: int) -> None:
        """Another size of the terminal."""
        await self.pilot.resize_terminal(width, height)
        await self.settle()

    @property
    def rows(self) -> list[str]:
        """What the screen shows, as text."""
        lines = self.app.screen._compositor.render_strips()
        return ["".join(segment.text for segment in line).rstrip() for line in lines[: self.app.size.height]]

    @property
    def text(self) -> str:
        """All of it."""
        return "\n".join(self.rows)


@asynccontextmanager
async def hall(
    lesson: str | Path | None,
    size: tuple[int, int] = (80, 24),
    remembered: Remembered | None = None,
    late: bool = False,
) -> AsyncIterator[Hall]:
    """Open a lesson on a screen of this size; `late`: the engine has not answered yet when the first picture stands."""
    path = find(str(lesson)) if lesson is not None else None
    engine = LocalEngine.start()
    app = NntuiApp(engine, path, listens=False, pace=Pace(asks=False), remembered=remembered or Remembered())
    async with app.run_test(size=size) as pilot:
        place = Hall(app, engine, pilot)
        if late:
            await pilot.pause()
        else:
            await place.settle()
        yield place
