"""The front end's hold on its engine: a process of its own, which may be slow, stopped or killed.

Whatever the engine does, nothing here waits but what says so: sending and receiving have threads. This module, and all
that it imports, is light: the front end's process needs neither numpy nor the session.
"""

from __future__ import annotations

import atexit
import contextlib
import itertools
import os
import selectors
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO

from nntui import messages as m
from nntui.session.process.inbox import Arrival, EngineLost, Inbox
from nntui.session.process.of_recordings import RecordsAndPlays
from nntui.session.process.pipe import READ_BYTES, Outbox, Parcels
from nntui.session.process.whereabouts import OfRecordings, Whereabouts

TICK_SECONDS = 0.25
SILENT_TICKS = 7  # without a sign of life, until an engine is held to be stopped
SILENT_TICKS_AT_START = 60  # a cold disk may take its time
ASK_SECONDS = 60.0
END_SECONDS = 0.5  # for an engine to end by itself
DYING_SECONDS = 10.0  # for one whose pipe has ended to be gone: on a busy machine it is not yet taken down by then
CLOSED = "the engine has been closed"
ROOT = Path(__file__).parents[3]  # what holds the package


class _Line:
    """One engine process and the two threads that talk to it."""

    def __init__(self, log: Path | None, whereabouts: Whereabouts, door: bool) -> None:
        self.inbox = Inbox(whereabouts.heard)
        self._socket, theirs = socket.socketpair()
        with theirs:  # closed right after the start: only then does the pipe end when the engine does
            self.process = _started(theirs, log, door)
        self._outbox = Outbox(self._socket, "to the engine")
        self._reader = threading.Thread(target=self._read, name="from the engine", daemon=True)
        self._reader.start()
        self._sending = threading.Lock()
        self._sent = 0
        self.last_command = 0  # the number of the last command sent

    def put(self, body: m.Command | m.Control | m.Ask | m.Cancel, command: bool = False) -> None:
        """Send a message."""
        with self._sending:  # messages of several threads go in the order of their numbers
            self._sent += 1
            if command:
                self.last_command = self._sent
            self._outbox.put(m.Envelope(1, self._sent, body))

    def end(self, patience: float, reason: str) -> None:
        """End the engine, by force where it does not end soon, and leave nothing behind; who waits is told why."""
        self.inbox.end(reason)
        with contextlib.suppress(subprocess.TimeoutExpired):
            if patience:
                self.process.wait(patience)
        self.process.kill()  # terminate would not end one that is stopped
        self.process.wait()
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)  # wakes the threads
        self._outbox.end()
        self._outbox.join(1.0)
        self._reader.join(1.0)
        self._socket.close()

    # ------------------------------------------------------------ the reading thread

    def _read(self) -> None:
        self.inbox.lose(self._read_to_the_end())

    def _read_to_the_end(self) -> str:
        """Pass on what arrives; returns why nothing more will."""
        parcels, silent, limit = Parcels(), 0, SILENT_TICKS_AT_START
        with selectors.DefaultSelector() as selector:
            selector.register(self._socket, selectors.EVENT_READ)
            while silent < limit:
                self.inbox.wait_for_room()
                # Ticks are counted, not seconds: where this process itself was stopped, that is a single tick.
                if not selector.select(TICK_SECONDS):
                    silent += 1
                    continue
                data = _received(self._socket)
                if not data:
                    return self._how_it_ended()
                silent, limit = 0, SILENT_TICKS
                for packed in parcels.feed(data):
                    try:
                        self.inbox.put(m.decode(packed))
                    except m.MalformedMessageError as error:
                        return f"the engine cannot be understood: {error}"
        return f"the engine has not answered for {limit * TICK_SECONDS:g} seconds: it is stopped or hangs"

    def _how_it_ended(self) -> str:
        with contextlib.suppress(subprocess.TimeoutExpired):
            code = self.process.wait(DYING_SECONDS)
            if code < 0:
                return f"the engine was ended by {_signal_name(-code)}"
            if code:
                return f"the engine ended with exit code {code}"
        return "the engine has ended"


def _started(theirs: socket.socket, log: Path | None, door: bool = False) -> subprocess.Popen[bytes]:
    """Start an engine at the other end of a socket pair."""
    # The learner's own files (random.py, say) must not stand in for modules; but nntui itself may lie right here.
    safe = [] if Path.cwd() == ROOT else ["-P"]
    with contextlib.ExitStack() as stack:
        errors: int | IO[bytes] = subprocess.DEVNULL
        if log is not None:
            errors = stack.enter_context(log.open("ab"))
        return subprocess.Popen(
            [sys.executable, *safe, "-m", "nntui.session.process.host", str(theirs.fileno()), str(os.getpid()),
             *["door"] * door],
            stdin=subprocess.DEVNULL, stdout=errors, stderr=errors, pass_fds=(theirs.fileno(),),
            start_new_session=True,  # ctrl-c is for the front end alone
        )  # fmt: skip


def _received(sock: socket.socket) -> bytes:
    try:
        return sock.recv(READ_BYTES)
    except OSError:
        return b""


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


class Engine(RecordsAndPlays):
    """An engine in a process of its own.

    All of it may be called from any thread; facts, replies and frames go to the one that receives.
    """

    def __init__(self, log: Path | None = None, door: bool = False) -> None:
        self._log = log
        self._door = door
        self._subscription = m.Subscribe(())
        self._keyframe: m.KeyframeLaid | None = None
        self._closed = False
        self._numbers = itertools.count(1)  # of queries
        self._living = threading.RLock()  # held while a process is exchanged for another, or ended
        self._changed = threading.Condition()  # guards what is subscribed to and the line that it goes to
        self._whereabouts = Whereabouts()
        self._line = _Line(log, self._whereabouts, door)
        atexit.register(self.close)

    @classmethod
    def start(cls, log: Path | None = None, door: bool = False) -> Engine:
        """Start an engine; what goes wrong is written to `log` (or nowhere). By a `door` others can hold it, too."""
        if log is None and os.environ.get("NNTUI_LOG"):
            log = Path(os.environ["NNTUI_LOG"])
        return cls(log, door)

    def __enter__(self) -> Engine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # ------------------------------------------------------------ to the engine: none of these wait

    def send(self, command: m.Command) -> None:
        """Send a command; what comes of it is received."""
        self._line.put(command, command=True)

    def _send_of_recordings(self, body: OfRecordings) -> None:
        self._whereabouts.sent(body)
        self._line.put(body, command=not isinstance(body, m.Record))

    def post(self, query: m.Query) -> int:
        """Send a query; its answer is received as a Reply with the number returned here."""
        number = next(self._numbers)
        self._line.put(m.Ask(number, query))
        return number

    def cancel(self, number: int) -> None:
        """The answer to this query is not wanted any more."""
        self._line.put(m.Cancel(number))

    def subscribe(
        self,
        views: tuple[m.View, ...],
        size: tuple[int, int] = (40, 20),
        sizes: dict[str, tuple[int, int]] | None = None,
    ) -> None:
        """Receive frames with these views from now on, the first with all; `sizes` are of those that differ in it."""
        with self._changed:
            self._subscription = m.Subscribe(views, size, sizes or {})
            self._line.put(self._subscription)

    def acknowledge(self, number: int) -> None:
        """The frame of this number has been shown; now the next may come."""
        line = self._line
        if number <= line.inbox.shown:  # otherwise it is a frame of the engine before this one
            line.put(m.Acknowledge(number))

    # ------------------------------------------------------------ from the engine

    def receive(self, timeout: float | None = None) -> list[Arrival]:
        """All that has arrived, facts in order; waits for the first. Empty after so many seconds without any.

        An EngineLost comes last, once: then only `restart` and `close` make sense. A restart in another thread is
        waited for, and then what the new engine sends; when the engine is closed, this is empty.
        """
        until = None if timeout is None else time.monotonic() + timeout
        while True:
            line = self._line
            taken = line.inbox.take(_left(until))
            if taken or self._closed or _left(until) == 0.0:
                return taken
            self._wait_for_another(line, _left(until))

    def _wait_for_another(self, line: _Line, timeout: float | None) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._line is not line or self._closed, timeout)

    def ask(self, query: m.Query, timeout: float = ASK_SECONDS) -> m.Result:
        """Ask and wait for the answer; facts that arrive meanwhile are kept. Raises EngineLost."""
        line, number = self._line, next(self._numbers)
        with line.inbox.awaiting(number):
            line.put(m.Ask(number, query))
            result = line.inbox.reply(number, timeout)
        if result is None:
            line.put(m.Cancel(number))
            return m.Refused(f"the engine has not answered within {timeout:g} seconds; it is busy, so ask again later")
        return result

    def settle(self) -> Iterator[m.Fact]:
        """Give facts as they come, until all commands sent are obeyed and nothing is running. Raises EngineLost."""
        line = self._line
        while True:
            envelope = line.inbox.next_fact()
            yield envelope.body  # type: ignore[misc]
            if isinstance(envelope.body, m.Settled) and envelope.heard >= line.last_command:
                return

    # ------------------------------------------------------------ its life

    @property
    def keyframe(self) -> m.KeyframeLaid | None:
        """The last keyframe: where `restart` would go on."""
        return self._line.inbox.keyframe or self._keyframe

    @property
    def stuck(self) -> float:
        """For how many seconds the engine has been at one thing without looking at what arrives; 0 while all is well.

        It is known from the heart's beat, which wakes nobody who receives.
        """
        return self._line.inbox.stuck

    @property
    def pid(self) -> int:
        """The engine's process."""
        return self._line.process.pid

    def restart(self) -> str:
        """End this engine and start another that goes on from the last keyframe; a sentence says from where.

        It may be called while other threads wait: who receives goes on with the new engine, who waits for an answer
        of the old one is raised an EngineLost. Commands sent meanwhile may be lost with the old one.
        """
        with self._living:
            if self._closed:
                raise EngineLost(CLOSED)
            self._line.end(0.0, "the engine has been started anew")
            self._keyframe = keyframe = self.keyframe
            line = _Line(self._log, self._whereabouts, self._door)
            with self._changed:
                if self._subscription.views:
                    line.put(self._subscription)
                for body in self._whereabouts.again(keyframe):
                    line.put(body)
                self._line = line
                self._changed.notify_all()
        return self._whereabouts.sentence(keyframe)

    def close(self) -> None:
        """End the engine and all that belongs to it; may be called again."""
        with self._living:
            if self._closed:
                return
            self._closed = True
            atexit.unregister(self.close)
            self._line.put(m.Shutdown())
            self._line.end(0.0 if self._line.inbox.lost else END_SECONDS, CLOSED)
            with self._changed:
                self._changed.notify_all()


def _left(until: float | None) -> float | None:
    return None if until is None else max(0.0, until - time.monotonic())


__all__ = ["Arrival", "Engine", "EngineLost"]
