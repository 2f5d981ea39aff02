"""Making rungs ready (compiling them) in a thread of its own, one after another."""

from __future__ import annotations

import contextlib
import os
import queue
import sys
import threading
from collections.abc import Callable

from nntui.models.plans import Rung

NICENESS = 10  # of the thread: what a person waits for comes first


class Making:
    """One rung being made ready."""

    def __init__(self, make: Callable[[], Rung]) -> None:
        self._make = make
        self._rung: Rung | None = None
        self._error: Exception | None = None
        self._done = threading.Event()

    def run(self) -> None:
        """Make it; what goes wrong is kept for the one who asks for the result."""
        try:
            self._rung = self._make()
        except Exception as error:  # whatever a compiler may raise
            self._error = error
        self._done.set()

    def done(self) -> bool:
        """Whether it is ready, or has failed."""
        return self._done.is_set()

    def result(self) -> Rung:
        """The rung; raises what making it raised."""
        self._done.wait()
        if self._error is not None:
            raise self._error
        assert self._rung is not None
        return self._rung


class Compiler:
    """Makes rungs ready; `woken` is called from its thread whenever one is. Calling it is what a Preparer does."""

    def __init__(self, woken: Callable[[], None]) -> None:
        self._woken = woken
        self._waiting: queue.SimpleQueue[Making] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def __call__(self, make: Callable[[], Rung]) -> Making:
        """Begin to make a rung ready."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="compiler", daemon=True)
            self._thread.start()
        making = Making(make)
        self._waiting.put(making)
        return making

    def _run(self) -> None:
        if sys.platform == "linux":  # elsewhere niceness belongs to the process
            with contextlib.suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
        while True:
            self._waiting.get().run()
            self._woken()
