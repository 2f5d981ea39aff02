"""Takes the terminal over and gives it back, whatever happens to it meanwhile.

Textual's driver blocks the event loop when the terminal does not read, waits for ever at the end when nobody reads, and
spins when the terminal is gone. This one never blocks, counts what is written, and ends with its terminal.
"""

from __future__ import annotations

import os
import select
import threading
from collections import deque
from typing import Any

from textual.drivers.linux_driver import LinuxDriver

from nntui.tui.wire.typed import Typed

LAST_WORDS_SECONDS = 0.5  # for a terminal to take what gives it back to the shell
POLL_SECONDS = 0.1
SOON_SECONDS = 0.03  # where an escape was read, which may be a key or the first of more
READ_BYTES = 65_536


class Writer:
    """Writes in a thread of its own; whoever puts text in never waits."""

    def __init__(self, fileno: int) -> None:
        self._fileno = fileno
        self._waiting: deque[bytes] = deque()
        self._changed = threading.Condition()
        self._busy = False
        self._ended = False
        self._thread = threading.Thread(target=self._run, name="to the terminal", daemon=True)
        self._thread.start()

    def put(self, data: bytes) -> None:
        """Write this when its turn has come."""
        with self._changed:
            self._waiting.append(data)
            self._changed.notify_all()

    def end(self, seconds: float) -> bool:
        """Wait until all is written, but no longer than this; tell whether it was."""
        with self._changed:
            done = self._changed.wait_for(lambda: not self._waiting and not self._busy, seconds)
            self._ended = True
            self._changed.notify_all()
        return done

    def _run(self) -> None:
        while True:
            with self._changed:
                self._busy = False
                self._changed.notify_all()
                self._changed.wait_for(lambda: self._waiting or self._ended)
                if not self._waiting:
                    return
                data = b"".join(self._waiting)
                self._waiting.clear()
                self._busy = True
            try:
                while data:
                    data = data[os.write(self._fileno, data) :]
            except OSError:  # the terminal is gone
                data = b""


class SparingDriver(LinuxDriver):
    """The terminal of Linux and macOS."""

    written = 0  # bytes, in all

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._out: Writer | None = None
        self.stuck = False  # whether the terminal did not take our last words

    def write(self, data: str) -> None:
        """Write text, some time soon."""
        packed = data.encode("utf-8", "replace")
        self.written += len(packed)
        if self._out is not None:
            self._out.put(packed)

    def start_application_mode(self) -> None:
        """Take the terminal over."""
        self._out = Writer(self._file.fileno())  # type: ignore[union-attr]
        super().start_application_mode()  # type: ignore[no-untyped-call]

    def close(self) -> None:
        """Give what is left to write a little time."""
        super().close()
        if self._out is not None:
            self.stuck = not self._out.end(LAST_WORDS_SECONDS)
            self._out = None

    def run_input_thread(self) -> None:
        """Read keys until the end, the program's or the terminal's."""
        typed = Typed()
        poll = select.poll()
        poll.register(self.fileno, select.POLLIN)
        while not self.exit_event.is_set():
            seconds = SOON_SECONDS if typed.waits else POLL_SECONDS
            data = _read(self.fileno) if poll.poll(seconds * 1000) else None
            if data == b"":  # the line was dropped: nobody will type any more
                self._loop.call_soon_threadsafe(self._app.exit)
                self.exit_event.wait()
                return
            for message in typed.quiet() if data is None else typed.feed(data):
                self.process_message(message)
            for message in typed.tick():
                self.process_message(message)


def _read(fileno: int) -> bytes | None:
    """What there is to read; nothing at all at the end of it, None where it is not known yet."""
    try:
        return os.read(fileno, READ_BYTES)
    except BlockingIOError:
        return None
    except OSError:
        return b""
