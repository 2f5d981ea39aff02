"""A hold on an engine that another front end has started: the second terminal's.

It does what `Engine` does, but for starting, restarting and ending a process: those are the front end's own.
"""

from __future__ import annotations

import contextlib
import itertools
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from nntui import messages as m
from nntui.session.process.inbox import Arrival, EngineLost, Inbox
from nntui.session.process.meeting import MeetingError, Place, connected, places, runs
from nntui.session.process.pipe import READ_BYTES, Bell, Outbox, Parcels

ASK_SECONDS = 60.0
AGAIN_SECONDS = 5.0  # for a screen to start another engine
LOOK_SECONDS = 0.05
SCREEN_ENDED = "the screen has ended"
NO_ENGINE = "the screen has no engine any more, and starts none"


class Attached:
    """One of several who hold an engine. `bell` rings whenever something has arrived."""

    def __init__(self, place: Place) -> None:
        """Connect. Raises OSError or MeetingError where that is not possible."""
        self.place = place
        self.bell = Bell()
        self._numbers = itertools.count(1)  # of queries
        self._begin(connected(place))

    def _begin(self, sock: socket.socket) -> None:
        self._socket = sock
        self._inbox = Inbox()
        self._outbox = Outbox(sock, "to the engine")
        self._sent = self._last_command = 0
        threading.Thread(target=self._read, args=(sock, self._inbox), name="from the engine", daemon=True).start()

    def _read(self, sock: socket.socket, inbox: Inbox) -> None:
        """Pass on what arrives, in a thread."""
        parcels, reason = Parcels(), "the engine has ended"
        with contextlib.suppress(OSError):
            while data := sock.recv(READ_BYTES):
                for packed in parcels.feed(data):
                    inbox.put(m.decode(packed))
                self.bell.ring()
        inbox.lose(reason)
        self.bell.ring()

    def _put(self, body: m.Command | m.Control | m.Ask) -> int:
        self._sent += 1
        self._outbox.put(m.Envelope(1, self._sent, body))
        return self._sent

    def send(self, command: m.Command) -> None:
        """Send a command; what comes of it is received, by all who hold the engine."""
        self._last_command = self._put(command)

    def play(self, path: str | Path, follow: bool = False, branches: str | Path = "") -> None:
        """Play a recording, before all who hold the engine."""
        self._last_command = self._put(m.OpenRecording(str(path), follow, str(branches)))

    def resume(self, path: str | Path) -> None:
        """Go on where a recording ends."""
        self._last_command = self._put(m.Resume(str(path)))

    def ask(self, query: m.Query, timeout: float = ASK_SECONDS) -> m.Result:
        """Ask and wait for the answer; facts that arrive meanwhile are kept. Raises EngineLost."""
        number = next(self._numbers)
        with self._inbox.awaiting(number):
            self._put(m.Ask(number, query))
            result = self._inbox.reply(number, timeout)
        return result or m.Refused(f"the engine has not answered within {timeout:g} seconds; it is busy, so ask again")

    def receive(self, timeout: float | None = None) -> list[Arrival]:
        """All that has arrived, facts in order; waits for the first. An EngineLost comes last, once."""
        return self._inbox.take(timeout)

    def settle(self) -> Iterator[m.Fact]:
        """Give facts as they come, until all commands sent are obeyed and nothing is running. Raises EngineLost."""
        while True:
            envelope = self._inbox.next_fact()
            yield envelope.body  # type: ignore[misc]
            if isinstance(envelope.body, m.Settled) and envelope.heard >= self._last_command:
                return

    def restart(self) -> str:
        """Hold the engine that the screen has started in place of this one. Raises EngineLost where it has ended."""
        self.close()
        deadline = time.monotonic() + AGAIN_SECONDS
        while runs(self.place) and time.monotonic() < deadline:
            for place in places():
                if place.front == self.place.front and place.engine != self.place.engine:
                    with contextlib.suppress(OSError, MeetingError):
                        self._begin(connected(place))
                        self.place = place
                        return "The screen has started its engine anew, and goes on."
            time.sleep(LOOK_SECONDS)
        raise EngineLost(NO_ENGINE if runs(self.place) else SCREEN_ENDED)

    def close(self) -> None:
        """Leave; the engine and its front end go on."""
        self._inbox.end("left")
        self._put(m.Shutdown())
        self._outbox.drain(0.2)
        self._outbox.end()
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
