"""The server: a page, what belongs to it, and a websocket for each session. It keeps no more sessions than it may.

The terminal on the page is that of textual-serve, whose server is not used: it runs whatever it is given in a shell,
answers everybody, and waits for ever for a program that hangs.
"""

from __future__ import annotations

import asyncio
import contextlib
import html
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from socket import socket

import textual_serve
from aiohttp import web

from nntui.sentences.numbers import plural
from nntui.serving.gate import Gate, RefusedError
from nntui.serving.guest import Guest, fitting
from nntui.serving.rooms import Room, Rooms
from nntui.session.process.client import ROOT
from nntui.tui.confined import ROOM, SERVED

STATIC = Path(textual_serve.__file__).parent / "static"
PAGE = Path(__file__).parent / "page"
MOST_MESSAGE = 256 * 1024  # bytes of what a page sends at once
HEARTBEAT_SECONDS = 15.0  # in which a page that is there answers
GOODBYE_SECONDS = 1.0  # for a page to say so when it is left
ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Server:
    """Who may come (`gate`), what they see (`words` for nntui, and the `file` in them), and who is there."""

    gate: Gate
    words: Sequence[str]
    most: int
    title: str = "nntui"
    file: Path | None = None
    rooms: Rooms | None = None  # where guests are confined to; None where they may reach all files of this user
    folder: Path = field(default_factory=Path.cwd)  # where sessions begin that are not confined
    guests: set[Guest] = field(default_factory=set)

    def application(self) -> web.Application:
        """All that is answered."""
        made = web.Application(middlewares=[self._guarded])
        made.router.add_get("/", self._page)
        made.router.add_get("/ws", self._session)
        made.router.add_get("/download/{key}", self._download)
        made.router.add_static("/static", STATIC)
        made.router.add_static("/page", PAGE)
        return made

    @web.middleware
    async def _guarded(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Hold every request to the rules, whatever it is for."""
        try:
            self.gate.check(request)
            response = await handler(request)
        except RefusedError as error:
            response = web.Response(text=f"{error.status}: {error}.\n", status=error.status)
        if not response.prepared:
            response.headers.update(HEADERS)
            if response.status < 400:
                self.gate.admit(response)
        return response

    # ------------------------------------------------------------ what is answered

    async def _page(self, request: web.Request) -> web.StreamResponse:
        text = (PAGE / "index.html").read_text("utf-8").replace("{title}", html.escape(self.title))
        response = web.Response(text=text, content_type="text/html")
        if self.rooms is not None:
            self._hand_key(response, self._room(self.rooms, request))
        return response

    async def _session(self, request: web.Request) -> web.StreamResponse:
        self.gate.check_page(request)
        socket = web.WebSocketResponse(
            heartbeat=HEARTBEAT_SECONDS, max_msg_size=MOST_MESSAGE, timeout=GOODBYE_SECONDS
        )  # fmt: skip
        if len(self.guests) >= self.most:
            await socket.prepare(request)
            await socket.send_bytes(self._full().encode())
            await socket.close()
            return socket
        room = self._room(self.rooms, request) if self.rooms is not None else None
        guest = Guest(self._command(), self._environment(request, room), room.folder if room else self.folder, socket)
        self.guests.add(guest)
        if room is not None:
            room.enter()
            self._hand_key(socket, room)  # a page that outlived its folder, or a server, has another one from now on
        try:
            await socket.prepare(request)
            await guest.stay()
        finally:
            self.guests.discard(guest)
            if room is not None:
                room.leave()
        return socket

    def _full(self) -> str:
        """The sentence for the one too many, as a terminal shows it."""
        said = f"{plural(self.most, 'session')} at once is all that is served here; come back when one has ended."
        return f"\x1b[H\x1b[2J\r\n  {said}\r\n"

    async def _download(self, request: web.Request) -> web.StreamResponse:
        key = request.match_info["key"]
        path = next((guest.downloads[key] for guest in self.guests if key in guest.downloads), None)
        if path is None or not path.is_file():
            raise web.HTTPNotFound(text="404: there is no such file any more.\n")
        return web.FileResponse(path, headers={
            "Content-Disposition": f'attachment; filename="{_plain(path.name)}"',
            "Content-Type": "application/octet-stream",
        })  # fmt: skip

    # ------------------------------------------------------------ what is begun

    @property
    def _room_cookie(self) -> str:
        return f"{self.gate.cookie}-room"

    def _room(self, rooms: Rooms, request: web.Request) -> Room:
        """The folder of whoever asks. Raises RefusedError where there can be none."""
        try:
            return rooms.find(request.cookies.get(self._room_cookie, ""))
        except OSError as error:
            said = (error.strerror or str(error)).lower()
            raise RefusedError(f"no folder can be made here for another browser: {said}", 503) from None

    def _hand_key(self, response: web.StreamResponse, room: Room) -> None:
        """Let a browser come into the same folder again."""
        response.set_cookie(self._room_cookie, room.key, httponly=True, samesite="Strict", path="/")

    def _command(self) -> list[str]:
        """A program with a screen, as nobody's own modules can be in its way."""
        safe = [] if self.rooms is None and self.folder == ROOT else ["-P"]
        return [sys.executable, *safe, "-m", "nntui", *self.words]

    def _environment(self, request: web.Request, room: Room | None) -> dict[str, str]:
        """What the program is told of its terminal, which is a browser's, and of its folder."""
        size = fitting(request.query)
        made = {
            **os.environ, "TEXTUAL_DRIVER": "textual.drivers.web_driver:WebDriver", "TEXTUAL_COLOR_SYSTEM": "truecolor",
            "TERM": "xterm-256color", "TERM_PROGRAM": "textual", "LC_ALL": "C.UTF-8",
            "COLUMNS": str(size["width"]), "ROWS": str(size["height"]),
        }  # fmt: skip
        if room is not None:
            folder = str(room.folder)
            made |= {ROOM: folder, "NNTUI_DATA": folder, "NNTUI_CONFIG": folder}
            made |= {SERVED: str(self.file)} if self.file is not None else {}
        return made

    # ------------------------------------------------------------ from begin to end

    async def run(self, listening: socket, ready: Callable[[], None]) -> None:
        """Serve until a signal ends it; then end every session, and leave nothing behind."""
        ended = asyncio.Event()
        for number in ENDINGS:
            asyncio.get_running_loop().add_signal_handler(number, ended.set)
        runner = web.AppRunner(self.application(), access_log=None, shutdown_timeout=GOODBYE_SECONDS)
        await runner.setup()
        try:
            await web.SockSite(runner, listening).start()
            ready()
            await ended.wait()
        finally:
            await self._send_away()
            await runner.cleanup()

    async def _send_away(self) -> None:
        for guest in self.guests:
            guest.leave()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(4 * GOODBYE_SECONDS + 1):
                while self.guests:
                    await asyncio.sleep(0.02)


def _plain(name: str) -> str:
    """A file's name as a header can have it."""
    return "".join(letter if letter.isascii() and (letter.isalnum() or letter in "-._ ") else "-" for letter in name)
