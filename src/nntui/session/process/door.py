"""Lets others of the same user hold an engine beside its front end: those who come by its socket.

A guest can neither block the engine nor end it: one that does not read what it is sent is sent away, and its Shutdown
only leaves.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import socket
import sys
from dataclasses import dataclass, field

from nntui.session.process.clients import Client
from nntui.session.process.meeting import MeetingError, is_ours, listening
from nntui.session.process.pipe import READ_BYTES, Outbox, Parcels
from nntui.session.process.service import Service

MOST_GUESTS = 8
MOST_UNREAD = 500  # messages that a guest has yet to read; fewer than those from which on training waits


@dataclass
class Guest:
    """One who has come."""

    sock: socket.socket
    outbox: Outbox
    client: Client
    parcels: Parcels = field(default_factory=Parcels)


class Door:
    """The socket, and those who came by it. All of it happens in the engine's main thread."""

    def __init__(self, service: Service, selector: selectors.BaseSelector) -> None:
        """Open it; where that is not possible, the engine is its front end's alone."""
        self._service = service
        self._selector = selector
        self._guests: dict[socket.socket, Guest] = {}
        self._listener: socket.socket | None = None
        try:
            self._listener = listening()
        except (OSError, MeetingError) as error:
            print(f"no second terminal can come: {error}", file=sys.stderr)  # noqa: T201 - the log
        else:
            selector.register(self._listener, selectors.EVENT_READ)

    def ready(self, sock: object) -> bool:
        """Something has arrived at a socket; False where it is none of ours."""
        if sock is self._listener:
            self._let_in()
            return True
        guest = self._guests.get(sock) if isinstance(sock, socket.socket) else None
        if guest is None:
            return False
        try:
            data = guest.sock.recv(READ_BYTES)
        except OSError:
            data = b""
        if not data:
            self._send_away(guest)
        for packed in guest.parcels.feed(data):
            self._service.take(guest.client, packed)
        return True

    def _let_in(self) -> None:
        assert self._listener is not None
        try:
            sock, _ = self._listener.accept()
        except OSError:
            return
        if len(self._guests) >= MOST_GUESTS or not is_ours(sock):
            sock.close()
            return
        sock.setblocking(True)
        outbox = Outbox(sock, "to a guest")
        self._guests[sock] = Guest(sock, outbox, self._service.welcome(outbox))
        self._selector.register(sock, selectors.EVENT_READ)

    def look(self) -> None:
        """After each turn: those who have left, or do not read, are let go."""
        for guest in list(self._guests.values()):
            if guest.client not in self._service.clients or guest.outbox.unsent > MOST_UNREAD:
                self._send_away(guest)

    def _send_away(self, guest: Guest) -> None:
        if self._guests.pop(guest.sock, None) is None:
            return
        self._service.clients.leave(guest.client)
        self._selector.unregister(guest.sock)
        guest.outbox.end()
        with contextlib.suppress(OSError):
            guest.sock.shutdown(socket.SHUT_RDWR)  # ends a send under way
        guest.sock.close()

    def close(self) -> None:
        """Nobody can come any more, and those who are there are let go."""
        for guest in list(self._guests.values()):
            self._send_away(guest)
        if self._listener is not None:
            with contextlib.suppress(OSError):
                os.unlink(self._listener.getsockname())  # noqa: PTH108 - it is a name, and no path of ours
            self._listener.close()
            self._listener = None
