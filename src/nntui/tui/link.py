"""The screen's hold on the engine: what is sent and asked, which frame is owed an answer, and what if it is lost."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nntui import messages as m
from nntui.session.process.inbox import Arrival, EngineLost
from nntui.tui.reader import Engine, Reader
from nntui.tui.wire.pace import Pace
from nntui.tui.wire.room import Room

if TYPE_CHECKING:
    from nntui.tui.app import NntuiApp

PREPARING_SECONDS = 10.0
STUCK_SECONDS = 1.5  # at one thing, from which on it is said
LOOK_SECONDS = 0.5  # between looks at whether the engine is stuck
HURRIED_FRAMES = 2  # after a key: one may have been on its way already, and shows nothing of it yet
FEW_RESTARTS, WITHIN_SECONDS = 3, 20.0  # on its own; then the person has to ask for it

Answered = Callable[[m.Result], None]


class Link:
    """Talks to the engine for the app; all in the app's own thread, but for listening and restarting."""

    def __init__(self, app: NntuiApp, engine: Engine, pace: Pace | None = None) -> None:
        self.app = app
        self.engine = engine
        self.pace = pace or Pace()
        self.lost = False
        self.running = False
        self._awaited: dict[int, Answered] = {}
        self._owed: int | None = None  # the number of a frame that was shown and not acknowledged
        self._hurried = 0  # frames that are asked for at once
        self._room = Room()
        self._for_key = False  # whether the last one that was asked for was one of them
        self._timer: asyncio.TimerHandle | None = None  # Textual's may skip the only time that they have
        self._restarts: list[float] = []
        self._reader: Reader | None = None
        self._wanted: tuple[tuple[m.View, ...], dict[str, tuple[int, int]]] = ((), {})
        self._said_stuck = False

    # ------------------------------------------------------------ to the engine

    def listen(self) -> None:
        """Begin to listen, in a thread."""
        self._reader = Reader(self.engine, self._hand_on)
        self._reader.start()
        self.app.set_interval(LOOK_SECONDS, self._look_whether_stuck)

    def _hand_on(self, arrived: Sequence[Arrival]) -> None:
        """In the listening thread: pass it to the app's own."""
        self.app.post_message(self.app.Arrived(arrived))

    def end(self) -> None:
        """Listen no more."""
        if self._reader is not None:
            self._reader.end()

    def send(self, command: m.Command) -> None:
        """Send a command; what it does is to be seen at once."""
        if self.lost:
            return
        self.app.work.story.begin()
        let_through = self.app.work.projection.let_through(command)
        if let_through is None:
            return
        command = let_through
        self.app.work.expected.sent(command)
        self.hurry()  # first, so that the engine is free to show what the command does
        self.engine.send(command)

    def play(self, path: Path, follow: bool, branches: str) -> None:
        """Play a recording; it may be followed while it is still being written."""
        if not self.lost:
            self.hurry()
            self.engine.play(path, follow, branches)

    def resume(self, path: Path) -> None:
        """Go on where a recording ends."""
        if not self.lost:
            self.hurry()
            self.engine.resume(path)

    def ask(self, query: m.Query, answered: Answered) -> None:
        """Ask; `answered` is called with the answer when it comes."""
        if self.lost:
            answered(m.Refused("the engine is being started anew; ask again in a moment"))
        else:
            self._awaited[self.engine.post(query)] = answered

    @property
    def shows(self) -> bool:
        """Whether the engine knows that this screen shows what it has."""
        return bool(self._wanted[0])

    def subscribe(self, sizes: dict[m.View, tuple[int, int]]) -> None:
        """Receive frames with these views, each for so many cells."""
        wanted = (tuple(sizes), {str(view): size for view, size in sizes.items()})
        if wanted != self._wanted and not self.lost:
            self._wanted = wanted
            self._owed = None  # the next frame comes unasked
            self.engine.subscribe(wanted[0], sizes=wanted[1])

    # ------------------------------------------------------------ frames

    def shown(self, frame: m.Frame, written: int) -> str:
        """A frame has been painted, so many bytes after the one before; returns what to write to the terminal."""
        self._owed = frame.number
        self.running = frame.status.running
        question = self.pace.painted(written, time.monotonic())
        self._ask_for_next()
        return question

    def answered(self, column: int) -> None:
        """The terminal has answered, with the column of its cursor: it shows what was sent before it was there."""
        self.pace.answered(time.monotonic(), column)
        self._ask_for_next()

    def forget_answers(self) -> None:
        """The terminal was somebody else's meanwhile: answers may have gone there, and are not waited for."""
        self.pace.forget()
        self._ask_for_next()

    def hurry(self) -> None:
        """A key was pressed: ask for the next frames at once, as far as the line takes that."""
        self._hurried = HURRIED_FRAMES
        self._ask_for_next()

    def kept_back(self, shown: Sequence[str], running: bool) -> list[str]:
        """Of the panes that are shown, those that this frame leaves as they are: the line is too slow for all."""
        if not running or not self.pace.slow:
            return []
        return self._room.kept_back(shown, self.pace.carries, self._for_key or bool(self._hurried), time.monotonic())

    def _ask_for_next(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._owed is None:
            return
        self.app.ask_terminal(self.pace.again(time.monotonic()))
        wait = self.pace.wait(time.monotonic(), self.running, bool(self._hurried))
        if wait > 0:
            self._timer = asyncio.get_running_loop().call_later(wait, self._ask_for_next)
        else:
            self._acknowledge()

    def _acknowledge(self) -> None:
        if self._owed is not None and not self.lost:
            self.engine.acknowledge(self._owed)
            self._for_key = bool(self._hurried)
            self._hurried = max(0, self._hurried - 1)
        self._owed = None

    # ------------------------------------------------------------ from the engine

    def take(self, arrived: Sequence[Arrival]) -> None:
        """Route what has arrived: facts and frames to the app, replies to whoever asked."""
        facts: list[m.Fact] = []
        frame: m.Frame | None = None
        for item in arrived:
            if isinstance(item, m.Frame):
                frame = item
            elif isinstance(item, m.Reply):
                answered = self._awaited.pop(item.id, None)
                if answered is not None:
                    answered(item.result)
            elif isinstance(item, EngineLost):
                self._lose(item.reason)
            else:
                facts.append(item)
        self.app.hear(facts, frame)

    # ------------------------------------------------------------ faults

    def _look_whether_stuck(self) -> None:
        stuck = 0.0 if self.lost else self.engine.stuck
        status = self.app.work.status
        if status is not None and status.preparing and stuck < PREPARING_SECONDS:
            return  # importing a compiler takes its time, and the header says what is going on
        if stuck >= STUCK_SECONDS:
            self._said_stuck = True
            self.app.say(f"The engine has been busy with one thing for {stuck:.0f} s. R starts it anew.", "bad")
        elif self._said_stuck:
            self._said_stuck = False
            self.app.say("The engine goes on.", "plain")

    def _lose(self, reason: str) -> None:
        self._forget("the engine was lost before it could answer")
        now = time.monotonic()
        self._restarts = [at for at in self._restarts if now - at < WITHIN_SECONDS]
        said = f"{reason[:1].upper()}{reason[1:]}."
        if len(self._restarts) >= FEW_RESTARTS:
            self.app.say(f"{said} This has happened often now: R starts it anew, q quits.", "bad")
            return
        self._restarts.append(now)
        self.app.say(f"{said} Starting it anew.", "bad")
        self.restart()

    def _forget(self, why: str) -> None:
        """The engine is no more: no frame is owed, and whoever waits for an answer is told so."""
        self.lost = True
        self._owed = None
        waiting, self._awaited = self._awaited, {}
        for answered in waiting.values():
            answered(m.Refused(why))

    def restart(self) -> None:
        """Start the engine anew from its last keyframe, in a thread: ending the old one may take a moment."""
        self._forget("the engine was started anew before it could answer")
        self.app.run_worker(self._restart, thread=True, exclusive=True, group="restart")

    def _restart(self) -> None:
        sentence = self.engine.restart()
        self.app.call_from_thread(self._restarted, sentence)

    def _restarted(self, sentence: str) -> None:
        self.lost = False
        self.app.curtain.forget()
        self.app.say(sentence, "good")
        self.app.take_up_again()
