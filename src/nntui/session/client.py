"""The front end's hold on its engine: a process of its own, which may be slow, stopped or killed.

Whatever the engine does, nothing here waits but what says so: sending and receiving have threads. This module, and all
that it imports, is light: the front end's process needs neither numpy nor the session.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import selectors
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO

from nntui import messages as m
from nntui.session.inbox import Arrival, EngineLost, Inbox
from nntui.session.pipe import READ_BYTES, Outbox, Parcels

TICK_SECONDS = 0.25
SILENT_TICKS = 8  # without a sign of life, until an engine is held to be stopped
SILENT_TICKS_AT_START = 60  # a cold disk may take its time
ASK_SECONDS = 60.0
END_SECONDS = 0.5  # for an engine to end by itself
ROOT = Path(__file__).parents[2]  # what holds the package


class _Line:
    """One engine process and the two threads that talk to it."""

    def __init__(self, log: Path | None) -> None:
        self.inbox = Inbox()
        self._socket, theirs = socket.socketpair()
        with theirs:  # closed right after the start: only then does the pipe end when the engine does
            self.process = _started(theirs, log)
        self._outbox = Outbox(self._socket, "to the engine")
        self._reader = threading.Thread(target=self._read, name="from the engine", daemon=True)
        self._reader.start()
        self.sent = 0

    def put(self, body: m.Command | m.Control | m.Ask | m.Cancel) -> int:
        """Send a message; returns its number."""
        self.sent += 1
        self._outbox.put(m.Envelope(1, self.sent, body))
        return self.sent

    def end(self, patience: float) -> None:
        """End the engine, by force where it does not end soon, and leave nothing behind."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            if patience:
                self.process.wait(patience)
        self.process.kill()  # terminate would not end one that is stopped
        self.process.wait()
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)  # wakes the threads
        self._outbox.end()
        self.inbox.end()
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
            code = self.process.wait(END_SECONDS)
            if code < 0:
                return f"the engine was ended by {_signal_name(-code)}"
            if code:
                return f"the engine ended with exit code {code}"
        return "the engine has ended"


def _started(theirs: socket.socket, log: Path | None) -> subprocess.Popen[bytes]:
    """Start an engine at the other end of a socket pair."""
    # The learner's own files (random.py, say) must not stand in for modules; but nntui itself may lie right here.
    safe = [] if Path.cwd() == ROOT else ["-P"]
    with contextlib.ExitStack() as stack:
        errors: int | IO[bytes] = subprocess.DEVNULL
        if log is not None:
            errors = stack.enter_context(log.open("ab"))
        return subprocess.Popen(
            [sys.executable, *safe, "-m", "nntui.session.host", str(theirs.fileno())],
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


class Engine:
    """An engine in a process of its own."""

    def __init__(self, log: Path | None = None) -> None:
        self._log = log
        self._subscription = m.Subscribe(())
        self._keyframe: m.KeyframeLaid | None = None
        self._closed = False
        self._asked = 0
        self._last_command = 0
        self._line = _Line(log)
        atexit.register(self.close)

    @classmethod
    def start(cls, log: Path | None = None) -> Engine:
        """Start an engine; what goes wrong in it is written to `log` (or nowhere)."""
        if log is None and os.environ.get("NNTUI_LOG"):
            log = Path(os.environ["NNTUI_LOG"])
        return cls(log)

    def __enter__(self) -> Engine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # ------------------------------------------------------------ to the engine: none of these wait

    def send(self, command: m.Command) -> None:
        """Send a command; what comes of it is received."""
        self._last_command = self._line.put(command)

    def post(self, query: m.Query) -> int:
        """Send a query; its answer is received as a Reply with the number returned here."""
        self._asked += 1
        self._line.put(m.Ask(self._asked, query))
        return self._asked

    def cancel(self, number: int) -> None:
        """The answer to this query is not wanted any more."""
        self._line.put(m.Cancel(number))

    def subscribe(self, views: tuple[m.View, ...], size: tuple[int, int] = (40, 20)) -> None:
        """Receive frames with these views from now on."""
        self._subscription = m.Subscribe(views, size)
        self._line.put(self._subscription)

    def acknowledge(self, number: int) -> None:
        """The frame of this number has been shown; now the next may come."""
        self._line.put(m.Acknowledge(number))

    # ------------------------------------------------------------ from the engine

    def receive(self, timeout: float | None = None) -> list[Arrival]:
        """All that has arrived, facts in order; waits for the first. Empty after so many seconds without any.

        An EngineLost comes last, once: then only `restart` and `close` make sense.
        """
        return self._line.inbox.take(timeout)

    def ask(self, query: m.Query, timeout: float = ASK_SECONDS) -> m.Result:
        """Ask and wait for the answer; facts that arrive meanwhile are kept. Raises EngineLost."""
        inbox = self._line.inbox
        self._asked += 1
        with inbox.awaiting(self._asked):
            self._line.put(m.Ask(self._asked, query))
            result = inbox.reply(self._asked, timeout)
        if result is None:
            self.cancel(self._asked)
            return m.Refused(f"the engine has not answered within {timeout:g} seconds; it is busy, so ask again later")
        return result

    def settle(self) -> Iterator[m.Fact]:
        """Give facts as they come, until all commands sent are obeyed and nothing is running. Raises EngineLost."""
        while True:
            envelope = self._line.inbox.next_fact()
            yield envelope.body  # type: ignore[misc]
            if isinstance(envelope.body, m.Settled) and envelope.heard >= self._last_command:
                return

    # ------------------------------------------------------------ its life

    @property
    def keyframe(self) -> m.KeyframeLaid | None:
        """The last keyframe: where `restart` would go on."""
        return self._line.inbox.keyframe or self._keyframe

    @property
    def pid(self) -> int:
        """The engine's process."""
        return self._line.process.pid

    def restart(self) -> str:
        """End this engine and start another that goes on from the last keyframe; a sentence says from where."""
        self._line.end(0.0)
        self._keyframe = self.keyframe
        self._line, self._last_command = _Line(self._log), 0
        if self._subscription.views:
            self._line.put(self._subscription)
        if self._keyframe is None:
            return "The engine is started anew; nothing is open."
        self._line.put(m.Restore(self._keyframe.snapshot))
        return f"The engine is started anew, and goes on from step {self._keyframe.position.step:,}."

    def close(self) -> None:
        """End the engine and all that belongs to it; may be called again."""
        if self._closed:
            return
        self._closed = True
        atexit.unregister(self.close)
        self._line.put(m.Shutdown())
        self._line.end(0.0 if self._line.inbox.lost else END_SECONDS)


__all__ = ["Arrival", "Engine", "EngineLost"]
