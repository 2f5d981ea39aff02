"""A prompt with line editing at which something else may be said at any moment.

The line is typed in the main thread, where readline edits it; what happens is heard in another. Nothing that stands is
overwritten: what is said begins a new row, and the prompt comes again behind it with what had been typed.
"""

from __future__ import annotations

import contextlib
import selectors
import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any, TextIO

from nntui.session.process.pipe import Bell

PROMPT = "> "
LOOK_SECONDS = 1.0  # between looks at what rings no bell


class Ended(Exception):  # noqa: N818 - an event of the world, not a mistake
    """There is nothing more to be typed for."""


class Prompt:
    """Takes lines from a terminal while a bell may ring."""

    def __init__(self, out: TextIO, bell: Bell, hear: Callable[[], None]) -> None:
        """`hear` is called when the bell has rung, and now and then; it may raise whatever ends all of this."""
        self._out, self._bell, self._hear = out, bell, hear
        self._lock = threading.RLock()  # one speaks at a time
        self._typing = False  # whether a prompt stands
        self._interrupted = False  # whether something was said since
        self._over = False
        self.ended: Exception | None = None  # what `hear` has raised
        self._editor: Any = None
        with contextlib.suppress(ImportError):
            import readline

            self._editor = readline

    def run(self, answer: Callable[[str], bool], wait: Callable[[], object]) -> None:
        """Take lines until one is answered by False, or there are no more. Raises what `hear` raises.

        `wait` is called behind each line: what it does is heard before the prompt comes again, if that is soon.
        """
        before = signal.signal(signal.SIGUSR1, self._break_off)
        listener = threading.Thread(target=self._listen, name="beside the prompt", daemon=True)
        listener.start()
        try:
            while self._take(answer):
                wait()
        except Ended:
            print(file=self._out)
        finally:
            self._over = True
            self._bell.ring()
            listener.join(LOOK_SECONDS)
            signal.signal(signal.SIGUSR1, before)
        if self.ended is not None:
            raise self.ended

    def _take(self, answer: Callable[[str], bool]) -> bool:
        try:
            line = self._typed()
        except EOFError:
            print(file=self._out)
            return False
        except KeyboardInterrupt:
            print(file=self._out)
            return True
        with self._lock:
            return not line.strip() or answer(line.strip())

    def _typed(self) -> str:
        try:
            self._typing = True
            if self.ended is not None:
                raise Ended
            return input(PROMPT)
        finally:
            self._typing = False

    def _break_off(self, _number: int, _frame: FrameType | None) -> None:
        """A signal to ourselves: nobody need type any more."""
        if self._typing:
            raise Ended

    # ------------------------------------------------------------ what is said beside it

    def interrupt(self) -> None:
        """Something is to be said: not in the row of the prompt."""
        if self._typing and not self._interrupted:
            self._interrupted = True
            print(file=self._out)

    def _listen(self) -> None:
        """Hear what happens, in a thread."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._bell, selectors.EVENT_READ)
            while not self._over:
                selector.select(LOOK_SECONDS)
                self._bell.heard()
                with self._lock:
                    if self._over:
                        return
                    try:
                        self._hear()
                    except Exception as error:
                        self.ended = error
                    self._again()
                if self.ended is not None:
                    if not self._over:  # the line is left: it would end the process instead
                        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGUSR1)
                    return

    def _again(self) -> None:
        """The prompt once more, with what had been typed."""
        if self._interrupted:
            self._interrupted = False
            if self.ended is None:
                typed = self._editor.get_line_buffer() if self._editor is not None else ""
                print(f"{PROMPT}{typed}", end="", file=self._out, flush=True)
