"""The engine process: `python -m nntui.session.process.host FD PARENT [door]`.

FD is one end of a socket pair that the front end made, PARENT its process; with `door`, a second terminal can come.

Threads: the main one reads the pipe, obeys and works; one sends, one beats and minds the signals, and one compiles.
It is started by client.py with subprocess: multiprocessing would import the front end's main module again.
"""

from __future__ import annotations

import faulthandler
import os
import selectors
import socket
import sys
import threading
import time
from typing import TYPE_CHECKING

from nntui import blas
from nntui import messages as m
from nntui.session.process.lifeline import Lifeline
from nntui.session.process.pipe import READ_BYTES, Bell, Outbox, Parcels

if TYPE_CHECKING:
    from nntui.session.process.clients import Client
    from nntui.session.process.door import Door
    from nntui.session.process.service import Service

DOOR = "door"
NO_WARM = "NNTUI_NO_WARM"  # an environment variable: nothing is compiled before it is asked for
SWITCH_SECONDS = 0.001  # between threads: while one compiles, a command passes three others on its way to the answer
LAST_WORDS_SECONDS = 0.3
STUCK_SECONDS = 1.0  # in one turn, from which on it is told


class Turns:
    """When the turn under way began. The main thread notes it and another reads it: that takes no lock."""

    def __init__(self) -> None:
        self.began: float | None = None  # None: it waits for what arrives

    def stuck(self) -> float:
        """For how many seconds the main thread has been at one thing; 0 while that is not long."""
        began = self.began
        seconds = 0.0 if began is None else time.monotonic() - began
        return seconds if seconds >= STUCK_SECONDS else 0.0

    def heartbeat(self) -> m.Envelope:
        """A heartbeat, outside of the order of messages."""
        return m.Envelope(1, 0, m.Heartbeat(self.stuck()))


def main() -> None:
    """Run the engine until its front end has gone, and leave without waiting for the other threads."""
    faulthandler.enable()  # a crash in compiled code leaves its place in the log
    sys.setswitchinterval(SWITCH_SECONDS)
    blas.one_thread()
    sock = socket.socket(fileno=int(sys.argv[1]))
    try:
        serve(sock)
    finally:
        sys.stderr.flush()
    os._exit(0)


def serve(sock: socket.socket) -> None:
    """Serve the front end on a pipe until either of them ends."""
    bell, ended, outbox, turns = Bell(), threading.Event(), Outbox(sock, "outbox"), Turns()

    def end() -> None:
        ended.set()
        bell.ring()

    def beat() -> None:
        outbox.put(turns.heartbeat())

    lifeline = Lifeline(beat, end, int(sys.argv[2]))  # beats while the following is imported
    from nntui.session.process.compiler import Compiler
    from nntui.session.process.service import Service
    from nntui.session.session import Session

    lifeline.tie()
    compiler = Compiler(bell.ring)
    service = Service(lambda: Session(compiler), warms=not os.environ.get(NO_WARM))
    client = service.join(outbox)
    selector = selectors.DefaultSelector()
    door = _door(service, selector)
    try:
        turn_by_turn(service, client, sock, bell, turns, ended, selector, door)
    finally:
        service.end()
        if door is not None:
            door.close()
    outbox.drain(LAST_WORDS_SECONDS)


def _door(service: Service, selector: selectors.BaseSelector) -> Door | None:
    """The way in for others, where there is to be one."""
    if DOOR not in sys.argv[2:]:
        return None
    from nntui.session.process.door import Door

    return Door(service, selector)


def turn_by_turn(
    service: Service, client: Client, sock: socket.socket, bell: Bell, turns: Turns, ended: threading.Event,
    selector: selectors.BaseSelector, door: Door | None,
) -> None:  # fmt: skip
    """Take what arrives and do the next bit, until the front end has gone."""
    parcels = Parcels()
    selector.register(sock, selectors.EVENT_READ)
    selector.register(bell, selectors.EVENT_READ)
    wait: float | None = 0.0
    while not (service.ended or ended.is_set()):
        turns.began = None
        ready = selector.select(wait)
        turns.began = time.monotonic()
        for key, _ in ready:
            if key.fileobj is bell:
                bell.heard()
                continue
            if door is not None and door.ready(key.fileobj):
                continue
            data = _read(sock)
            if not data:
                return
            for packed in parcels.feed(data):
                service.take(client, packed)
        wait = service.turn()
        if door is not None:
            door.look()


def _read(sock: socket.socket) -> bytes:
    """What has arrived; nothing at the end of the pipe, however it came about."""
    try:
        return sock.recv(READ_BYTES)
    except OSError:
        return b""


if __name__ == "__main__":
    main()
