"""What keeps the engine's life tied to the front end's: the heartbeat one way, signals and the parent the other.

The engine has a session (in the sense of setsid) of its own, so ctrl-c in the terminal reaches the front end alone.
It ends with the front end however that ends: by the end of the pipe, by the signal that Linux sends when a parent has
died, and elsewhere by a look at the parent's id with every heartbeat. All of this happens in a thread, so that it
works while the main thread is computing or stuck.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import sys
import threading
import time
from collections.abc import Callable

from nntui.session.process.pipe import Bell

BEAT_SECONDS = 0.25
GRACE_SECONDS = 0.5  # for the main thread to end in good order

ENDING = (signal.SIGTERM, signal.SIGHUP)
PARENT_DIED = signal.SIGUSR1  # not SIGTERM: Linux sends it already when the *thread* that started the engine has ended
PR_SET_PDEATHSIG = 1


class Lifeline:
    """Beats, and ends the process when it is time: `end` is called first, then there is some grace."""

    def __init__(self, beat: Callable[[], None], end: Callable[[], None], parent: int) -> None:
        """Take over the signals; to be called in the main thread. The parent may have died while we were starting."""
        self._beat = beat
        self._end = end
        self._parent = parent
        self._tied = False
        self._signals = Bell()
        signal.set_wakeup_fd(self._signals.ringer, warn_on_full_buffer=False)
        for number in (*ENDING, PARENT_DIED):
            signal.signal(number, lambda *_: None)  # the thread learns of it by the wakeup descriptor
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        threading.Thread(target=self._run, name="lifeline", daemon=True).start()

    def tie(self) -> None:
        """Ask Linux for a signal when the parent dies; from now on the main thread can end in good order."""
        self._tied = True
        if sys.platform == "linux":
            import ctypes  # numpy has done so by now; before that it would cost the start some milliseconds

            with contextlib.suppress(OSError, AttributeError):
                ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(PARENT_DIED), 0, 0, 0)

    def _run(self) -> None:
        selector = selectors.DefaultSelector()
        selector.register(self._signals, selectors.EVENT_READ)
        while os.getppid() == self._parent:
            self._beat()
            selector.select(BEAT_SECONDS)
            if any(number in ENDING for number in self._signals.heard()):
                break
        self._end()
        selector.unregister(self._signals)
        if self._tied:
            time.sleep(GRACE_SECONDS)
        os._exit(0)
