"""The real screen over a recording that is done again, without a terminal, for those who make pictures of it.

It shows what the screen of the one who is recorded showed at this size: not the player's timeline and keys, for a
cast has those of its own player, and a page has none. What that one saw aside (dialogs, a zoomed pane, the theme) is
not in a recording, and so not here.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

from rich.segment import Segment
from textual.filter import ANSIToTruecolor
from textual.pilot import Pilot
from textual.strip import Strip

from nntui import messages as m
from nntui.session.process.inbox import Arrival
from nntui.session.process.service import wrong
from nntui.session.recording.records import RecordingError
from nntui.session.recording.taking.rerun import Moment, Rerun
from nntui.tui.app import NntuiApp
from nntui.tui.ending import ended_by_fault
from nntui.tui.look import THEMES, UNICODE, Look
from nntui.tui.remembered import Remembered, Theme
from nntui.tui.wire.pace import Pace
from nntui.tui.wire.terminal import LEAST_COLUMNS, LEAST_ROWS

MOST_COLUMNS, MOST_ROWS = 250, 80
PLACES = 5  # of panes that find their places one after the other, at most
SELDOM: tuple[m.View, ...] = ("landscape", "sweep", "confusion")  # views that are dear: beside a run, seldom made
SELDOM_SECONDS = 1.8  # of the recording
LOOK_SECONDS = 0.2  # between looks at whether the app is still there


class Nothing(Remembered):
    """What a person likes is not touched by pictures that are made."""

    def save(self) -> None:
        """Keep nothing."""


class PictureApp(NntuiApp):
    """The app, which opens nothing by itself and has all colours, wherever it runs."""

    def open(self, path: Path) -> None:
        """Nothing: it is told what is open."""

    def remember(self, path: Path) -> None:
        """Nothing."""

    def _filter(self) -> None:
        """Take nothing out: pictures are not made for this terminal."""
        self._filters = [each for each in self._filters if isinstance(each, ANSIToTruecolor)]
        self.no_color = False
        self.look = Look(THEMES[self.remembered.theme], UNICODE)


class Stage:
    """An app and what it shows. To the app it is the engine: it is told facts and shown frames, and is not obeyed."""

    stuck = 0.0

    def __init__(self, rerun: Rerun, columns: int, rows: int, theme: Theme) -> None:
        """Raises RecordingError where that is no size of a screen."""
        if not (LEAST_COLUMNS <= columns <= MOST_COLUMNS and LEAST_ROWS <= rows <= MOST_ROWS):
            raise RecordingError(
                f"a screen has {LEAST_COLUMNS} to {MOST_COLUMNS} columns and {LEAST_ROWS} to {MOST_ROWS} rows, "
                f"not {columns} and {rows}"
            )
        self.rerun = rerun
        self.columns, self.rows = columns, rows
        self.app = PictureApp(
            self, Path(rerun.name), remembered=Nothing(theme), listens=False, pace=Pace(asks=False)
        )  # fmt: skip
        self._wanted: dict[m.View, tuple[int, int]] = {}
        self._made: dict[m.View, float] = {}  # when the dear ones were made last
        self._frames = 0

    # ------------------------------------------------------------ the engine, as the app knows it

    def send(self, command: m.Command) -> None:
        """Nobody commands here."""

    def play(self, path: str | Path, follow: bool = False, branches: str | Path = "") -> None:
        """It is played by another."""

    def resume(self, path: str | Path) -> None:
        """It does not go on."""

    def post(self, query: m.Query) -> int:
        """Nobody waits for an answer."""
        return 0

    def subscribe(
        self, views: tuple[m.View, ...], size: tuple[int, int] = (40, 20),
        sizes: dict[str, tuple[int, int]] | None = None,
    ) -> None:  # fmt: skip
        """These views are wanted from now on."""
        self._wanted = {view: (sizes or {}).get(view, size) for view in views}

    def acknowledge(self, number: int) -> None:
        """A frame has been shown; the next one comes when it is time."""

    def receive(self, timeout: float | None = None) -> list[Arrival]:
        """Nothing comes by itself."""
        return []

    def restart(self) -> str:
        """There is nothing to start."""
        return ""

    def close(self) -> None:
        """There is nothing to end."""

    # ------------------------------------------------------------ what is done

    def run(self, play: Callable[[], Awaitable[None]]) -> None:
        """Run the app while `play` goes on. Raises what it raises, and RecordingError where the screen fails."""

        async def piloted(_pilot: Pilot[Any]) -> None:
            try:
                await play()
            except KeyboardInterrupt:  # a task that ended with it would be told of at great length
                raise asyncio.CancelledError from None
            finally:
                self.app.exit()

        async def ran() -> None:
            await self.app.run_async(headless=True, size=(self.columns, self.rows), auto_pilot=piloted)

        try:
            asyncio.run(ran())
        except asyncio.CancelledError:
            raise KeyboardInterrupt from None

    async def take(self, moment: Moment) -> list[m.Fact]:
        """Do a moment again, and let the app hear what is told. Raises RecordingError where that cannot be done."""
        told: list[m.Fact] = []
        try:
            for facts in self.rerun.take(moment):
                told += facts
                await asyncio.sleep(0)
                self._check()
            if told:
                self.app.hear(told, None)
        except RecordingError:
            raise
        except Exception as error:  # as the engine says it of itself
            raise RecordingError(wrong(error, "the recording is not gone along any further")) from error
        return told

    async def show(self, at: float = 0.0, seldom: bool = False) -> None:
        """Show how it looks now, all panes in their places; `seldom`: the dear ones only now and then."""
        for _ in range(PLACES):
            wanted = dict(self._wanted)
            self.app.hear([], self._frame(wanted, at, seldom))
            await self._painted()
            if self._wanted == wanted:
                return

    def _frame(self, wanted: dict[m.View, tuple[int, int]], at: float, seldom: bool) -> m.Frame | None:
        session = self.rerun.session
        if session.desk is None:
            return None
        self._frames += 1
        left = [view for view in SELDOM if seldom and at < self._made.get(view, -SELDOM_SECONDS) + SELDOM_SECONDS]
        self._made.update({view: at for view in SELDOM if view in wanted and view not in left})
        made = {str(view): self.view(view, size) for view, size in wanted.items() if view not in left}
        return m.Frame(self._frames, session.status(), made)

    def view(self, view: m.View, size: tuple[int, int]) -> m.Result:
        """How it looks now, for so many cells."""
        try:
            return self.rerun.session.ask(m.AskView(view, size=size))
        except Exception as error:  # as the engine does it: all else is to be seen
            return m.Refused(wrong(error, "this view cannot be shown"))

    async def _painted(self) -> None:
        """Wait until the app has dealt with what it was told, and its panes have found their places."""
        for _ in range(2):
            done = asyncio.Event()
            self.app.screen.call_after_refresh(done.set)
            while not done.is_set():
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_SECONDS):
                        await done.wait()
                self._check()

    def _check(self) -> None:
        """See whether the app is still there: nothing more would come of it."""
        if fault := ended_by_fault(self.app):
            raise RecordingError(fault)
        if not self.app.is_running:
            raise asyncio.CancelledError  # it was interrupted

    # ------------------------------------------------------------ what is seen

    @property
    def is_open(self) -> bool:
        """Whether there is anything to be seen."""
        return self.app.work.story.opened is not None

    @property
    def strips(self) -> Sequence[Sequence[Segment]]:
        """The rows of the screen."""
        strips: list[Strip] = self.app.screen._compositor.render_strips()
        return [list(strip) for strip in strips[: self.rows]]

    @property
    def text(self) -> str:
        """The same as text."""
        return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in self.strips)
