"""A recording as a handout: one page of HTML with what was said, and the screens as pictures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from nntui.tui.remembered import Theme


def write_handout(
    recording: Path,
    out: Path,
    *,
    columns: int = 100,
    rows: int = 30,
    theme: Theme = "light",
    tell: Callable[[str], None] = lambda sentence: None,
) -> None:
    """Write a recording as a page that opens from a file, needs no network, and prints.

    Raises RecordingError where there is no recording, or nothing in it, and OSError where nothing can be written.
    """
    raise NotImplementedError
