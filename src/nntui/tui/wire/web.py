"""The terminal of a browser: packets on the program's input and output, as textual-serve has them.

A packet is a letter, the size of what follows in four bytes, and that. D is what a terminal would be sent or would
send, M is about it: its size, and whether it is looked at. The first line says that packets follow.

Like the driver of a real terminal, this one never blocks, counts what is written, survives whatever is typed, and ends
with the line that it stands at.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
from pathlib import Path
from typing import Any, cast

from textual import events
from textual.drivers._byte_stream import ByteStream
from textual.drivers.web_driver import WebDriver
from textual.geometry import Size

from nntui.tui.wire.driver import LAST_WORDS_SECONDS, POLL_SECONDS, READ_BYTES, SOON_SECONDS, Writer
from nntui.tui.wire.typed import Typed

PRELUDE = b"__GANGLION__\n"
FAREWELL_SECONDS = 5.0  # for the program to end once nobody is there any more
MOST_COLUMNS, MOST_ROWS = 500, 200
ENTER = "\x1b[?1049h\x1b[?1000h\x1b[?1003h\x1b[?1015h\x1b[?1006h\x1b[?25l\x1b[?2026$p\x1b[?2004h"


def fitting(width: object, height: object) -> tuple[int, int] | None:
    """A size that was asked for, as far as it can be had; None where it is none."""
    if type(width) is not int or type(height) is not int:
        return None
    return max(1, min(width, MOST_COLUMNS)), max(1, min(height, MOST_ROWS))


class SparingWebDriver(WebDriver):
    """A terminal in a browser."""

    written = 0  # bytes, in all

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._out: Writer | None = None
        self._write = self._put  # type: ignore[assignment]
        self.stuck = False  # whether nobody took our last words

    def _put(self, packet: bytes) -> None:
        if self._out is not None:
            self._out.put(packet)

    def write(self, data: str) -> None:
        """Write text, some time soon."""
        packed = data.encode("utf-8", "replace")
        self.written += len(packed)
        self._put(b"D%s%s" % (len(packed).to_bytes(4, "big"), packed))

    def hand_over(self, path: Path) -> None:
        """Let the person keep a file, as what a browser downloads."""
        self.write_meta({"type": "hand_over", "path": str(path.absolute())})

    def start_application_mode(self) -> None:
        """Say that packets follow, and take the terminal over."""
        self._out = Writer(self.fileno)
        self._put(PRELUDE)
        self.write(ENTER)
        size = Size(*(self._size or (80, 24)))
        self.send_message(events.Resize(size, size))
        self._key_thread.start()

    def close(self) -> None:
        """Give what is left to write a little time."""
        super().close()
        if self._out is not None:
            self.stuck = not self._out.end(LAST_WORDS_SECONDS)
            self._out = None

    def run_input_thread(self) -> None:
        """Take packets until the end, the program's or the line's."""
        stream, typed = ByteStream(), Typed()
        poll = select.poll()
        poll.register(0, select.POLLIN)
        while not self.exit_event.is_set():
            seconds = SOON_SECONDS if typed.waits else POLL_SECONDS
            data = _read() if poll.poll(seconds * 1000) else None
            if data == b"":  # the tab was closed, or the server has gone
                self._leave()
                return
            for kind, payload in () if data is None else stream.feed(data):
                if kind == "D":
                    for message in typed.feed(payload):
                        self.process_message(message)
                else:
                    self._hear(payload)
            for message in typed.quiet() if data is None else typed.tick():
                self.process_message(message)

    def _leave(self) -> None:
        """Nobody is there any more; a program that hangs is not left behind."""
        self._loop.call_soon_threadsafe(self._app.exit)
        if not self.exit_event.wait(FAREWELL_SECONDS):
            os._exit(1)

    def _hear(self, payload: bytes) -> None:
        """What was told about the terminal; what makes no sense is passed over."""
        with contextlib.suppress(ValueError, AttributeError):
            told = cast(dict[str, object], json.loads(payload))
            kind = told.get("type")
            size = fitting(told.get("width"), told.get("height"))
            if kind == "resize" and size is not None:
                self._size = size
                self.send_message(events.Resize(Size(*size), Size(*size)))
            elif kind == "focus":
                self.send_message(events.AppFocus())
            elif kind == "blur":
                self.send_message(events.AppBlur())
            elif kind == "quit":
                self._loop.call_soon_threadsafe(self._app.exit)


def _read() -> bytes:
    """What has come; nothing at the end of it."""
    try:
        return os.read(0, READ_BYTES)
    except OSError:
        return b""
