"""Those who hold the engine: what each is subscribed to, what it has been told, and how far it has come.

What a client's messages travel on is a `Line`: the pipe to the front end, or a list for one in the same process.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from nntui import messages as m
from nntui.session.process.pacing import Showing

MOST_UNSENT = 2_000  # facts that one client has yet to receive; then training waits for it


class Line(Protocol):
    """What carries messages to one client. It never waits; of frames, keyframes and heartbeats it keeps the newest."""

    def put(self, *envelopes: m.Envelope) -> None:
        """Send these in their turn, where nothing else is under way as one: who gets the first gets all of them."""

    @property
    def unsent(self) -> int:
        """How many messages that cannot be replaced have not gone yet."""


class Client:
    """One who holds the engine."""

    def __init__(self, number: int, line: Line, guest: bool = False) -> None:
        self.guest = guest  # holds the engine of another's front end
        self.number = number
        self.line = line
        self.heard = 0  # the number of its last message that was obeyed
        self.showing: Showing | None = None
        self._told = 0
        self._frame = 0  # the last one sent
        self._shown = 0  # the last one acknowledged

    def tell(self, body: m.Fact | m.Reply | m.Heartbeat, position: m.Position | None = None) -> None:
        """Send a message to this client alone."""
        self.tell_all([body], position)

    def tell_all(self, bodies: Iterable[m.Fact | m.Reply | m.Heartbeat], position: m.Position | None) -> None:
        """Send messages to this client alone, in order."""
        envelopes = []
        for body in bodies:
            self._told += 1
            envelopes.append(m.Envelope(self.number, self._told, body, position, self.heard))
        self.line.put(*envelopes)

    def subscribe(self, wanted: m.Subscribe) -> None:
        """Send frames with these views from now on, the first at once."""
        self.showing = Showing(wanted) if wanted.views else None
        self._shown = self._frame

    def acknowledge(self, number: int) -> None:
        """This frame has been shown."""
        self._shown = max(self._shown, min(number, self._frame))

    @property
    def ready(self) -> bool:
        """Whether it has shown the frame before, and so may be sent the next."""
        return self._shown == self._frame

    def show(self, status: m.Status, sections: dict[str, m.Result], position: m.Position) -> None:
        """Send a frame."""
        self._frame += 1
        self._told += 1
        frame = m.Frame(self._frame, status, sections)
        self.line.put(m.Envelope(self.number, self._told, frame, position, self.heard))


class Clients:
    """All who hold the engine. Facts go to all of them, replies and frames to each its own."""

    def __init__(self) -> None:
        self._clients: dict[int, Client] = {}
        self._last = 0

    def __iter__(self) -> Iterator[Client]:
        return iter(self._clients.values())

    def __contains__(self, client: Client) -> bool:
        return self._clients.get(client.number) is client

    def join(self, line: Line, guest: bool = False) -> Client:
        """Let another one hold the engine."""
        self._last += 1
        self._clients[self._last] = Client(self._last, line, guest)
        return self._clients[self._last]

    def leave(self, client: Client) -> None:
        """Forget one who has gone."""
        self._clients.pop(client.number, None)

    def tell(self, facts: Sequence[m.Fact], position: m.Position) -> None:
        """Tell all of them, in order."""
        for client in self:
            client.tell_all(facts, position)

    def hurry(self) -> None:
        """Let all of them see soon what a command has done."""
        for client in self:
            if client.showing is not None:
                client.showing.hurry()

    @property
    def behind(self) -> bool:
        """Whether one of them cannot keep up with the facts; a million a second would fill the memory."""
        return any(client.line.unsent > MOST_UNSENT for client in self)
