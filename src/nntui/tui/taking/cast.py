"""A recording as a cast (asciicast v2): the bytes that a terminal was sent, and when."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from nntui.tui.remembered import Theme


def write_cast(
    recording: Path,
    out: Path,
    *,
    columns: int = 100,
    rows: int = 30,
    theme: Theme = "dark",
    pause: float = 1.5,
    tell: Callable[[str], None] = lambda sentence: None,
) -> None:
    """Write a recording as a cast; pauses of thinking are shortened to `pause` seconds.

    Raises RecordingError where there is no recording, or nothing in it, and OSError where nothing can be written.
    """
    raise NotImplementedError
