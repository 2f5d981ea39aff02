"""Messages on a stream of bytes: cut into parcels on one side, sent by a thread of their own on the other.

A parcel is a mark, a length, and a packed envelope. The mark is there for bytes that are no parcel: the reader tells
of them and finds the next parcel behind. Sending has a thread because the other side may be stopped: its buffer
takes some 100 kB, and then a send waits for as long as the other side sleeps.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import sys
import threading
import traceback
from collections import deque

from nntui import messages as m
from nntui.session.process.pacing import SMALL

MARK = b"\xc1nn\xc1"  # MessagePack leaves the byte c1 unused
HEAD = struct.Struct(">4sI")
MOST_BYTES = 64 * 1024 * 1024  # of one message: four million parameters in a snapshot are half of that
READ_BYTES = 256 * 1024

# Of these a newer one takes the place of an unsent one. They wait until everything else has gone.
REPLACED = (m.Heartbeat, m.KeyframeLaid, m.Frame)


def parcel(envelope: m.Envelope) -> bytes:
    """Pack an envelope for the stream."""
    data = m.encode(envelope)
    if len(data) > MOST_BYTES:
        raise ValueError(f"a message of {len(data):,} bytes is too long to be sent")
    return HEAD.pack(MARK, len(data)) + data


class Parcels:
    """Cuts a stream into packed envelopes. A stretch of bytes that is no parcel comes out as one empty message."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._astray = False

    def feed(self, data: bytes) -> list[bytes]:
        """Give the messages that are complete now."""
        self._buffer += data
        found: list[bytes] = []
        while self._buffer:
            if not MARK.startswith(self._buffer[: len(MARK)]):
                if not self._astray:
                    found.append(b"")
                self._astray = True
                del self._buffer[: self._next_mark()]
                continue
            if len(self._buffer) < HEAD.size:
                break
            end = HEAD.size + HEAD.unpack_from(self._buffer)[1]
            if end > HEAD.size + MOST_BYTES:
                del self._buffer[:1]  # no mark stands there any more
                continue
            if len(self._buffer) < end:
                break
            found.append(bytes(self._buffer[HEAD.size : end]))
            del self._buffer[:end]
            self._astray = False
        return found

    def _next_mark(self) -> int:
        """Where the next mark begins, or what may become one with the bytes to come."""
        at = self._buffer.find(MARK)
        if at >= 0:
            return at
        partly = next((n for n in range(len(MARK) - 1, 0, -1) if self._buffer.endswith(MARK[:n])), 0)
        return len(self._buffer) - partly


class Outbox:
    """Sends envelopes in order, what does not go at once in a thread of its own; whoever puts one in never waits."""

    def __init__(self, sock: socket.socket, name: str) -> None:
        self._socket = sock
        self._waiting: deque[m.Envelope] = deque()
        self._replaced: dict[type, m.Envelope] = {}
        self._changed = threading.Condition()
        self._rest = b""  # of a message that did not go at once
        self._sending = False
        self._ended = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def put(self, *envelopes: m.Envelope) -> None:
        """Send these when their turn has come; after the end of the pipe, do nothing."""
        with self._changed:
            if self._ended or not envelopes:
                return
            if not (self._sending or self._any() or any(_is_large(envelope.body) for envelope in envelopes)):
                self._send_now(b"".join(_packed(envelope) for envelope in envelopes))
            else:
                for envelope in envelopes:
                    if isinstance(envelope.body, REPLACED):
                        self._replaced[type(envelope.body)] = envelope
                    else:
                        self._waiting.append(envelope)
            self._changed.notify_all()

    def _send_now(self, data: bytes) -> None:
        """Send as much as goes without waiting: where compiled code runs, a thread gets its turn milliseconds later."""
        try:
            self._rest = data[self._socket.send(data, socket.MSG_DONTWAIT) :]
        except BlockingIOError:
            self._rest = data
        except OSError:
            self._ended = True

    @property
    def unsent(self) -> int:
        """How many messages that cannot be replaced are waiting."""
        return len(self._waiting)

    def drain(self, seconds: float) -> None:
        """Wait until all is sent, but no longer than so many seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self._ended or not (self._any() or self._sending), seconds)

    def end(self) -> None:
        """Send no more. A send under way ends when the socket is shut."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def join(self, seconds: float) -> None:
        """Wait for the thread."""
        self._thread.join(seconds)

    def _any(self) -> bool:
        return bool(self._rest or self._waiting or self._replaced)

    def _run(self) -> None:
        with contextlib.suppress(OSError):
            while (data := self._next()) is not None:
                self._socket.sendall(data)
        self.end()

    def _next(self) -> bytes | None:
        """The next bytes to send: what waits in order first, then one of those that can be replaced."""
        with self._changed:
            self._sending = False
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._ended or self._any())
            if self._ended:
                return None
            self._sending = True
            if self._rest:
                rest, self._rest = self._rest, b""
                return rest
            if not self._waiting:
                # Encoding happens outside of the lock: a keyframe can be large.
                envelope = self._replaced.pop(next(kind for kind in REPLACED if kind in self._replaced))
                taken = [envelope]
            else:
                taken = [self._waiting.popleft() for _ in range(min(64, len(self._waiting)))]
        return b"".join(_packed(envelope) for envelope in taken)


def _is_large(body: object) -> bool:
    """Whether packing it would keep the one who puts it in."""
    return isinstance(body, m.KeyframeLaid) and len(body.snapshot) > SMALL


def _packed(envelope: m.Envelope) -> bytes:
    """Pack an envelope; where that fails, its receiver is told so, for a reply may be awaited."""
    try:
        return parcel(envelope)
    except Exception as error:  # an integer of more than 64 bits, say
        traceback.print_exc(file=sys.stderr)
        sentence = f"something could not be sent ({type(error).__name__}: {str(error)[:100]})"
        body = envelope.body
        instead = m.Reply(body.id, m.Refused(sentence)) if isinstance(body, m.Reply) else m.Error(sentence)
        return parcel(m.Envelope(envelope.client, envelope.number, instead, envelope.position, envelope.heard))


class Bell:
    """Wakes a thread that waits for input, from any other thread."""

    def __init__(self) -> None:
        self._listener, self._ringer = socket.socketpair()
        self._listener.setblocking(False)
        self._ringer.setblocking(False)

    def fileno(self) -> int:
        """What to wait for."""
        return self._listener.fileno()

    @property
    def ringer(self) -> int:
        """A file descriptor; a byte written to it rings."""
        return self._ringer.fileno()

    def ring(self) -> None:
        """Wake the one who waits."""
        with contextlib.suppress(BlockingIOError, OSError):
            self._ringer.send(b"\0")

    def heard(self) -> bytes:
        """Silence the bell; the bytes it was rung with."""
        with contextlib.suppress(BlockingIOError):
            return self._listener.recv(4096)
        return b""
