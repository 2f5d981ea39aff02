"""A bad line, as a process of its own: `python proxy.py PORT ROUND_TRIP RATE` passes on what comes to the port of a server.

Each way is delayed by half of the round trip and carries so many bytes a second (0: as many as come). It prints the port
that it listens on, and obeys what is said to it line by line: `stall` and `go`, `drop` (the line is closed), `swallow`
(nothing comes through any more, and nobody is told). It ends when nobody can say anything to it any more.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import sys

BUFFER_BYTES = 8192  # of a line that is slow: what waits for it waits where it comes from
CHUNKS_A_SECOND = 100  # in which a slow line carries what it carries
CHUNK_BYTES = 65_536  # of one that is not
UNDER_WAY = 512  # chunks

Arriving = asyncio.Queue[tuple[float, bytes]]  # when, and what; nothing at all at the end


class Proxy:
    """All that goes through it."""

    def __init__(self, port: int, round_trip: float, rate: float) -> None:
        self._port, self._delay, self._rate = port, round_trip / 2, rate
        self._open = asyncio.Event()
        self._open.set()
        self._sockets: list[socket.socket] = []
        self._tasks: set[asyncio.Task[None]] = set()

    def socket(self) -> socket.socket:
        """One that holds little where the line is slow."""
        made = socket.socket()
        made.setblocking(False)
        if self._rate:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_BYTES)
            made.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER_BYTES)
        return made

    async def serve(self, listening: socket.socket) -> None:
        """Take whoever comes."""
        loop = asyncio.get_running_loop()
        while True:
            near, _ = await loop.sock_accept(listening)
            far = self.socket()
            await loop.sock_connect(far, ("127.0.0.1", self._port))
            self._sockets += [near, far]
            for end in (near, far):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for source, target in ((near, far), (far, near)):
                arriving: Arriving = asyncio.Queue(UNDER_WAY)
                self._keep(self._carry(source, arriving))
                self._keep(self._deliver(arriving, target))

    def _keep(self, work) -> None:  # type: ignore[no-untyped-def]
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _carry(self, source: socket.socket, arriving: Arriving) -> None:
        """Take what comes, no faster than the line is."""
        loop = asyncio.get_running_loop()
        size = max(64, int(self._rate / CHUNKS_A_SECOND)) if self._rate else CHUNK_BYTES
        free = 0.0  # when the line has carried what was given to it
        data = b"."
        while data:
            await self._open.wait()
            data = b""
            with contextlib.suppress(OSError):
                data = await loop.sock_recv(source, size)
            free = max(free, loop.time()) + (len(data) / self._rate if self._rate else 0.0)
            await asyncio.sleep(max(0.0, free - loop.time()))
            await arriving.put((free + self._delay, data))

    async def _deliver(self, arriving: Arriving, target: socket.socket) -> None:
        """Hand it over when it has been under way for long enough."""
        loop = asyncio.get_running_loop()
        data = b"."
        while data:
            due, data = await arriving.get()
            await asyncio.sleep(max(0.0, due - loop.time()))
            await self._open.wait()
            with contextlib.suppress(OSError):
                if data:
                    await loop.sock_sendall(target, data)
                else:
                    target.shutdown(socket.SHUT_WR)

    def obey(self, word: str) -> None:
        """Do what was said."""
        if word == "go":
            self._open.set()
        elif word in ("stall", "swallow"):
            self._open.clear()
        elif word == "drop":
            self._open.clear()
            for task in self._tasks:
                task.cancel()
            for end in self._sockets:
                end.close()
            self._sockets.clear()
            self._open.set()


async def main(port: int, round_trip: float, rate: float) -> None:
    """Listen to whoever calls, and to what is said."""
    proxy = Proxy(port, round_trip, rate)
    listening = proxy.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen()
    sys.stdout.write(f"{listening.getsockname()[1]}\n")
    sys.stdout.flush()
    said = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(said), sys.stdin)
    serving = asyncio.create_task(proxy.serve(listening))
    while line := await said.readline():
        proxy.obey(line.decode().strip())
        sys.stdout.write("done\n")
        sys.stdout.flush()
    serving.cancel()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3])))
