"""How the app ends: by a signal, however early it comes, or by a fault, of which one sentence is said."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from textual.app import App

SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


class Endings:
    """Signals that end the app."""

    def __init__(self) -> None:
        self._early = False  # whether one came before the app could mind any

    def remember(self) -> None:
        """Until the app minds signals itself, one that ends it waits: the terminal may have been taken over already."""

        def note(number: int, _frame: object) -> None:
            signal.signal(number, signal.SIG_DFL)  # the second one does not wait
            self._early = True

        for number in SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, note)

    def mind(self, leave: Callable[[], None]) -> None:
        """From now on, leave when one comes; at once where one has come."""
        for number in SIGNALS:
            with contextlib.suppress(NotImplementedError, ValueError):
                asyncio.get_running_loop().add_signal_handler(number, leave)
        if self._early:
            leave()


def ended_by_fault(app: App[Any]) -> str:
    """The sentence about a fault that ended the app; empty where none did."""
    error = app._exception
    if error is None:
        return ""
    places = traceback.extract_tb(error.__traceback__)
    where = f"{Path(places[-1].filename).name}:{places[-1].lineno}" if places else "an unknown place"
    said = f"something went wrong in the screen ({type(error).__name__} at {where})"
    return f"{said}; with NNTUI_LOG=FILE the whole story is written to a file"
