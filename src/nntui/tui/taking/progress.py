"""How far the making of pictures has come, said now and then."""

from __future__ import annotations

import time
from collections.abc import Callable

from nntui.sentences.recordings import clock

EVERY_SECONDS = 5.0


class Progress:
    """Says how far it is, by the recording's own clock."""

    def __init__(self, tell: Callable[[str], None], seconds: float) -> None:
        """`seconds`: how long the recording is."""
        self._tell = tell
        self._seconds = seconds
        self._told = time.monotonic()

    def come_to(self, at: float) -> None:
        """So many seconds of the recording are done."""
        if time.monotonic() >= self._told + EVERY_SECONDS:
            self._told = time.monotonic()
            self._tell(f"{clock(at, self._seconds)} of {clock(self._seconds)}.")
