"""`nntui notes`: the plain front end at the engine of a screen, for the lecturer: notes, the next beat, the time.

What happens on the screen is told as it happens, so lines and facts are waited for at once. A command is sent, and what
comes of it is heard like everything else; where lines come from a pipe, each waits for the end of what it began.
"""

from __future__ import annotations

import os
import selectors
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import TextIO

from nntui import messages as m
from nntui.plain.beside import Prompt
from nntui.plain.front import Plain
from nntui.plain.line import end_with_line
from nntui.sentences.numbers import capital
from nntui.sentences.presenting import notes, where
from nntui.session.process.attached import Attached
from nntui.session.process.inbox import EngineLost
from nntui.session.process.meeting import MeetingError, Place, is_stopped, places

LAST_WORDS = "Notes ends here."
ENGINE_STOPPED = "The engine is stopped, as by a debugger or kill -STOP; what you type waits until it goes on."
SCREEN_STOPPED = "The screen is stopped, as by ctrl-z, and shows nothing new until fg brings it back."
GOES_ON = "It goes on."
SETTLE_SECONDS = 0.5  # for what a line does, before the prompt comes again
ASK_SECONDS = 5.0
GONE = 1  # the exit code where the screen has ended before notes
NO_SCREEN = "no screen of yours is running here; `nntui 1` opens one, and `nntui notes` beside it attaches to it"


class NotesError(ValueError):
    """There is no screen to attach to; the text says why, in one sentence."""


class Notes(Plain):
    """A session in sentences that another front end has on its screen."""

    engine: Attached

    def __init__(self, engine: Attached, out: TextIO, waits: bool) -> None:
        super().__init__(engine, out)
        self.opened = True  # whatever is refused, the screen goes on
        self._waits = waits
        self.before: Callable[[], None] = lambda: None  # called before anything is said
        self.settled = threading.Event()  # what was typed has been done
        self._stopped = ""  # what is stopped, as it was said

    def _write(self, lines: list[str]) -> None:
        if lines:
            self.before()
        super()._write(lines)

    def begin(self) -> None:
        """Tell what the screen shows, or that nothing is open."""
        if isinstance(self.engine.ask(m.AskWhere()), m.Refused):
            self._say(["Nothing is open on the screen yet."])
        self.hear_all()

    def hear_all(self) -> None:
        """Tell what has arrived, and whether anything still can. Raises EngineLost where the screen has ended."""
        for arrived in self.engine.receive(0.0):
            if isinstance(arrived, EngineLost):
                self._stopped = ""  # one that was stopped is no more
                self._say([self.engine.restart()])
                self.begin()
            elif not isinstance(arrived, m.Reply | m.Frame):
                self._hear(arrived)
        self._look()

    def _look(self) -> None:
        """See whether somebody has stopped the engine or the screen."""
        place = self.engine.place
        stopped = ENGINE_STOPPED if is_stopped(place.engine) else SCREEN_STOPPED if is_stopped(place.front) else ""
        if stopped != self._stopped:
            self._stopped = stopped
            self._say([stopped or GOES_ON])

    def _ask(self, query: m.Query) -> None:
        self._look()
        if self._stopped == ENGINE_STOPPED:
            self._say(["Error: a stopped engine answers nothing."])
        else:
            super()._ask(query)

    def obey(self, command: m.Command) -> None:
        """Send a command; what it does is told when it happens."""
        self.settled.clear()
        self.engine.send(command)
        if self._waits:
            self._listen()

    def _hear(self, fact: m.Fact) -> None:
        if isinstance(fact, m.Settled):
            self.settled.set()
        view = self.engine.ask(m.AskView("notes"), ASK_SECONDS) if isinstance(fact, m.BeatBegan) else None
        if isinstance(view, m.NotesView):
            self._say([f"{time.strftime('%H:%M')}. {where(view)}"])
        super()._hear(fact)
        if isinstance(view, m.NotesView):
            self._say(notes(view, self.voice)[1:3])


def start(number: int) -> int:
    """Attach to the screen of this number, the newest being 1, and answer lines until the end."""
    place, told = chosen(number)
    try:
        engine = Attached(place)
    except (OSError, MeetingError) as error:
        raise NotesError(f"the screen cannot be reached: {error}") from None
    plain = Notes(engine, sys.stdout, not sys.stdin.isatty())
    if sys.stdout.isatty():
        plain.fit(shutil.get_terminal_size().columns)
    plain.say_all(told)
    end_with_line()
    try:
        plain.begin()
        if sys.stdin.isatty():
            _converse(plain, engine)
        else:
            _read(plain, engine)
    except EngineLost as lost:
        plain.say_all([f"{capital(lost.reason)}. {LAST_WORDS}"])
        return GONE
    finally:
        engine.close()
    return 0


def chosen(number: int) -> tuple[Place, list[str]]:
    """The screen of this number, and what is to be said where there are several. NotesError where there is none."""
    found = places()
    if not found:
        raise NotesError(NO_SCREEN)
    if not 1 <= number <= len(found):
        raise NotesError(f"{_count(found)}, so there is no number {number}; 1 is the newest")
    if len(found) == 1:
        return found[0], []
    began = "; ".join(f"{n} began at {_at(place)}" for n, place in enumerate(found, start=1))
    return found[number - 1], [f"{_count(found).capitalize()}: {began}. This is {number}; nntui notes N takes another."]


def _count(found: list[Place]) -> str:
    return "one screen of yours is running" if len(found) == 1 else f"{len(found)} screens of yours are running"


def _at(place: Place) -> str:
    return time.strftime("%H:%M:%S", time.localtime(place.since))


def _converse(plain: Notes, engine: Attached) -> None:
    """Take lines that are typed, and what happens meanwhile, until `quit`."""
    prompt = Prompt(sys.stdout, engine.bell, plain.hear_all)
    plain.before = prompt.interrupt
    plain.settled.set()
    prompt.run(plain.answer, lambda: plain.settled.wait(SETTLE_SECONDS))


def _read(plain: Notes, engine: Attached) -> None:
    """Take lines of a pipe or a file, and what happens, whichever comes first, until `quit` or their end."""
    lines = _Lines(sys.stdin)
    with selectors.DefaultSelector() as selector:
        selector.register(engine.bell, selectors.EVENT_READ)
        if not lines.at_once:
            selector.register(lines.descriptor, selectors.EVENT_READ)
        while True:
            for key, _ in selector.select(0.0 if lines.at_once else None):
                if key.fileobj is engine.bell:
                    engine.bell.heard()
                    plain.hear_all()
            if lines.at_once or lines.ready():
                for line in lines.read():
                    if line.strip() and not plain.answer(line.strip()):
                        return
                    plain.hear_all()
                if lines.over:
                    return


class _Lines:
    """Lines that come from a pipe or a file; read as they come, never waited for."""

    def __init__(self, stream: TextIO) -> None:
        self.descriptor = stream.fileno()
        self.over = False
        self._rest = b""
        self.at_once = not _can_be_waited_for(self.descriptor)

    def ready(self) -> bool:
        """Whether there is something to be read."""
        with selectors.DefaultSelector() as selector:
            selector.register(self.descriptor, selectors.EVENT_READ)
            return bool(selector.select(0.0))

    def read(self) -> Iterator[str]:
        """The lines that are complete now; at the end also the last one."""
        data = os.read(self.descriptor, 65_536)
        self.over = not data
        *whole, self._rest = (self._rest + data + (b"\n" if not data else b"")).split(b"\n")
        for line in whole:
            yield line.decode("utf-8", "replace")


def _can_be_waited_for(descriptor: int) -> bool:
    """A file cannot; it is read at once."""
    try:
        with selectors.DefaultSelector() as selector:
            selector.register(descriptor, selectors.EVENT_READ)
    except PermissionError:
        return False
    return True
