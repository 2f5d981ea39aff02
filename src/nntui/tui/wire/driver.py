"""Takes the terminal over and gives it back, whatever happens to it meanwhile.

Textual's driver blocks the event loop when the terminal does not read, waits for ever at the end when nobody reads, and
spins when the terminal is gone. This one never blocks, counts what is written, and ends with its terminal. It is also
stopped and continued in good order, and takes the terminal over anew where it was stopped without being told before.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

from textual import events
from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Size
from textual.message import Message

from nntui.tui.wire.pace import QUESTION
from nntui.tui.wire.typed import Typed

CLEAR = "\x1b[2J"
ANSWERS_SECONDS = 0.6  # for what the terminal was asked: a shell would take it for typed
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
            while data:
                data = self._written(data)

    def _written(self, data: bytes) -> bytes:
        """Write some of it; what is left."""
        try:
            return data[os.write(self._fileno, data) :]
        except BlockingIOError:  # another program has told the terminal that nobody is to wait for it
            select.select([], [self._fileno], [], POLL_SECONDS)
            return data
        except OSError:  # the terminal is gone
            return b""


class SparingDriver(LinuxDriver):
    """The terminal of Linux and macOS."""

    written = 0  # bytes, in all

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._out: Writer | None = None
        self._suspended = False  # whether the terminal is the shell's until we go on
        self.stuck = False  # whether the terminal did not take our last words
        self._asked = self._answered = 0  # questions where the cursor is
        self._hung_up = False  # whether nobody can answer any more

    def write(self, data: str) -> None:
        """Write text, some time soon."""
        self._asked += data.count(QUESTION)
        packed = data.encode("utf-8", "replace")
        self.written += len(packed)
        if self._out is not None:
            self._out.put(packed)

    def start_application_mode(self) -> None:
        """Take the terminal over."""
        self._suspended = False
        self._out = Writer(self._file.fileno())  # type: ignore[union-attr]
        super().start_application_mode()  # type: ignore[no-untyped-call]
        self._loop.add_signal_handler(signal.SIGWINCH, self._resized)

    def _resized(self) -> None:
        """Tell how large the terminal is now.

        Textual does so inside the signal's handler. There the next signal comes between reading the size and telling
        it: the older of two sizes is told last, and stays. The loop calls this between two turns instead.
        """
        if not self._in_band_window_resize:
            size = Size(*self._get_terminal_size())
            self.send_message(events.Resize(size, size))

    def stop_application_mode(self) -> None:
        """Give the terminal back, once it has answered what it was asked: the shell would take that for typed."""
        end = time.monotonic() + ANSWERS_SECONDS
        while 0 < self._answered < self._asked and not self._hung_up and time.monotonic() < end:
            time.sleep(SOON_SECONDS / 3)
        self._asked = self._answered = 0
        self.write(CLEAR)  # where it was resized in between, tmux leaves rows of ours above the shell's prompt
        super().stop_application_mode()

    def close(self) -> None:
        """Give what is left to write a little time."""
        super().close()
        if self._out is not None:
            self.stuck = not self._out.end(LAST_WORDS_SECONDS)
            self._out = None

    # ------------------------------------------------------------ stopped and continued

    def _sigtstp_application(self, *_: object) -> None:
        """Somebody stops us; the loop does it, not the handler, which may have come in the middle of anything."""
        self._soon(self._stop)

    def _sigcont_application(self, *_: object) -> None:
        """Somebody lets us go on."""
        self._soon(self._go_on)

    def _soon(self, call: Callable[[], None]) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended, and so has what it would do
            self._loop.call_soon_threadsafe(call)

    def _stop(self) -> None:
        """Give the terminal back to the shell, and stop with all of the job."""
        if self._auto_restart and self._out is not None:
            self.suspend_application_mode()
            self._suspended = self._must_signal_resume = True
        ours = signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.killpg(0, signal.SIGTSTP)  # stops nobody where there is no shell that could let us go on
        signal.signal(signal.SIGTSTP, ours)
        self._soon(self._go_on_if_suspended)

    def _go_on_if_suspended(self) -> None:
        if self._suspended:
            self._go_on()

    def _go_on(self) -> None:
        """Take the terminal over again: it may have been used meanwhile, and its modes may be the shell's."""
        if not self._auto_restart or not (self._suspended or self._out is not None):
            return
        if self._out is not None:  # stopped by SIGSTOP, which nobody is told of
            if _is_shells(self.fileno):  # bg, not fg
                os.kill(os.getpid(), signal.SIGSTOP)
                return
            self.suspend_application_mode()
            self._must_signal_resume = True
        self.resume_application_mode()

    # ------------------------------------------------------------ keys

    def run_input_thread(self) -> None:
        """Read keys until the end, the program's or the terminal's."""
        with opened_anew(self.fileno) as fileno:
            self._read_keys(fileno)

    def _read_keys(self, fileno: int) -> None:
        typed = Typed()
        poll = select.poll()
        poll.register(fileno, select.POLLIN)
        while not self.exit_event.is_set():
            seconds = SOON_SECONDS if typed.waits else POLL_SECONDS
            data = read(fileno) if poll.poll(seconds * 1000) else None
            if data == b"":  # the line was dropped: nobody will type any more
                self._hung_up = True
                self._loop.call_soon_threadsafe(self._app.exit)
                self.exit_event.wait()
                return
            for message in typed.quiet() if data is None else typed.feed(data):
                self._note(message)
                self.process_message(message)
            for message in typed.tick():
                self.process_message(message)

    def _note(self, message: Message) -> None:
        """Count the answers of the terminal."""
        self._answered += isinstance(message, events.CursorPosition)


def _is_shells(fileno: int) -> bool:
    """Whether others have the terminal, and we are in the background."""
    try:
        return os.tcgetpgrp(fileno) != os.getpgrp()
    except OSError:  # it controls nobody, or not us
        return False


@contextlib.contextmanager
def opened_anew(fileno: int) -> Iterator[int]:
    """The terminal, opened once more for reads that never wait.

    Where we are stopped between a look and a read, the shell takes what was typed, and the read would wait for the next
    key; whoever waits for this thread, too. The descriptor that we were given is shared: the shell's reads must wait.
    """
    try:
        own = os.open(os.ttyname(fileno), os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY)
    except OSError:  # it has no name here, or is another user's
        yield fileno
        return
    try:
        yield own
    finally:
        os.close(own)


def read(fileno: int) -> bytes | None:
    """What there is to read; nothing at all at the end of it, None where it is not known yet."""
    try:
        return os.read(fileno, READ_BYTES)
    except BlockingIOError:
        return None
    except OSError:
        return b""
