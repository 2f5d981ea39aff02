"""One session: a websocket at one end, a program with the screen at the other, and what goes between them.

The page speaks as textual-serve's does: bytes are what the terminal shows, texts are lists in JSON, such as
["stdin", "r"] or ["resize", {"width": 80, "height": 24}]. What the program speaks is told in `tui/wire/web.py`.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
from asyncio.subprocess import PIPE, Process
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import WSMsgType, web

PRELUDE = b"__GANGLION__\n"  # after it come packets
HEAD = 5  # bytes before a packet: its kind, and its size
MOST_PACKET = 16_000_000
MOST_SAID = 4_000  # bytes of what a program says when it cannot begin
END_SECONDS = 3.0  # for a program to end by itself
SIZES = {"width": (20, 500), "height": (5, 200)}
USUAL = {"width": 80, "height": 24}


@dataclass(eq=False)
class Guest:
    """Somebody who has come, and their program."""

    command: Sequence[str]
    environment: Mapping[str, str]
    folder: Path
    socket: web.WebSocketResponse
    downloads: dict[str, Path] = field(default_factory=dict)  # what may be fetched now
    _leaving: asyncio.Event = field(default_factory=asyncio.Event)

    async def stay(self) -> None:
        """Until the person or the program has gone, or `leave` is called; then neither is left."""
        try:
            process = await asyncio.create_subprocess_exec(
                *self.command, stdin=PIPE, stdout=PIPE, stderr=PIPE, env=self.environment, cwd=self.folder,
                start_new_session=True,  # ctrl-c in the server's terminal is for the server, which ends all in order
            )  # fmt: skip
        except OSError as error:
            await self._say(
                f"nntui: no session can be begun here: {(error.strerror or str(error)).lower()}\r\n".encode()
            )
            return
        said = asyncio.create_task(_said(process))
        try:
            await _first_of(self._to_browser(process), self._from_browser(process), self._leaving.wait())
        finally:
            await asyncio.shield(self._end(process, said))

    def leave(self) -> None:
        """Go."""
        self._leaving.set()

    async def _end(self, process: Process, said: asyncio.Task[bytes]) -> None:
        """Let the program end, which it does when its input has ended; by force where it does not."""
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.close()
        rest = asyncio.create_task(_read_out(process.stdout))  # or its last words would keep it
        with contextlib.suppress(TimeoutError, asyncio.CancelledError):
            await asyncio.wait_for(process.wait(), END_SECONDS)
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await asyncio.gather(process.wait(), rest)
        await self._say(await said)

    async def _say(self, last_words: bytes) -> None:
        with contextlib.suppress(ConnectionError, RuntimeError):
            if last_words:
                await self.socket.send_bytes(last_words)
            await self.socket.close()

    # ------------------------------------------------------------ what goes between them

    async def _to_browser(self, process: Process) -> None:
        assert process.stdout is not None
        with contextlib.suppress(asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
            await process.stdout.readuntil(PRELUDE)
            while True:
                head = await process.stdout.readexactly(HEAD)
                size = int.from_bytes(head[1:], "big")
                if size > MOST_PACKET:
                    return
                payload = await process.stdout.readexactly(size)
                if head[:1] == b"D":
                    await self.socket.send_bytes(payload)
                elif head[:1] == b"M":
                    await self._hear(payload)

    async def _hear(self, payload: bytes) -> None:
        """What the program says besides what is shown: that a file of its folder may be fetched."""
        told: dict[str, Any] = json.loads(payload)
        path = Path(str(told.get("path", "")))
        if told.get("type") == "hand_over" and path.resolve().parent == self.folder.resolve():
            key = secrets.token_urlsafe(16)
            self.downloads[key] = path
            await self.socket.send_json(["deliver_file_start", key])

    async def _from_browser(self, process: Process) -> None:
        assert process.stdin is not None
        with contextlib.suppress(ConnectionError):
            async for message in self.socket:
                asked = _asked(message.data) if message.type is WSMsgType.TEXT else None
                if asked is None:
                    continue
                if asked[0] == "ping":
                    await self.socket.send_json(["pong", *asked[1:2]])
                    continue
                process.stdin.write(packet(asked))
                await process.stdin.drain()


def _asked(text: str) -> list[Any] | None:
    """What the page says; None where it makes no sense."""
    with contextlib.suppress(ValueError, RecursionError):
        asked = json.loads(text)
        if isinstance(asked, list) and asked and isinstance(asked[0], str):
            return asked
    return None


def packet(asked: Sequence[Any]) -> bytes:
    """The same for the program; nothing where there is nothing to tell it."""
    value = asked[1] if len(asked) > 1 else None
    if asked[0] == "stdin" and isinstance(value, str):
        return _packed(b"D", value.encode("utf-8", "replace"))
    if asked[0] == "resize" and isinstance(value, dict):
        return _packed(b"M", json.dumps({"type": "resize", **fitting(value)}).encode())
    if asked[0] in ("focus", "blur"):
        return _packed(b"M", json.dumps({"type": asked[0]}).encode())
    return b""


def _packed(kind: bytes, payload: bytes) -> bytes:
    return kind + len(payload).to_bytes(4, "big") + payload


def fitting(asked: Mapping[str, Any]) -> dict[str, int]:
    """The size of a terminal as it was asked for, within bounds."""
    size = {}
    for name, (least, most) in SIZES.items():
        try:
            size[name] = max(least, min(int(asked.get(name, USUAL[name])), most))
        except (TypeError, ValueError, OverflowError):
            size[name] = USUAL[name]
    return size


async def _read_out(stream: asyncio.StreamReader) -> None:
    while await stream.read(MOST_SAID):
        pass


async def _said(process: Process) -> bytes:
    """What the program says about itself, as a terminal shows it; all is read, or it would wait."""
    assert process.stderr is not None
    said = b""
    while data := await process.stderr.read(MOST_SAID):
        said = (said + data)[:MOST_SAID]
    return said.replace(b"\n", b"\r\n")


async def _first_of(*work: Coroutine[Any, Any, object]) -> None:
    """Do all of it until the first is done; the others are given up."""
    tasks = [asyncio.ensure_future(one) for one in work]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
