"""Reading the file of a saved race for the engine, which is given its text."""

from __future__ import annotations

from pathlib import Path

from nntui import messages as m
from nntui.text import clean


def race_with(file: str) -> m.CompareRace:
    """The command that draws the result in a file beside today's; ValueError where it cannot be read."""
    path = Path(file).expanduser()
    name = clean(file, 60)
    try:
        with path.open("rb") as stream:
            raw = stream.read(m.MOST_RESULT + 1)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise ValueError(f"{name} cannot be read: {why}") from None
    if len(raw) > m.MOST_RESULT:
        raise ValueError(f"{name} is too long for the result of a race: at most {m.MOST_RESULT:,} characters")
    text = raw.decode("utf-8", "replace")
    if not text.strip():
        raise ValueError(f"{name} is empty; nntui race --json prints a result")
    return m.CompareRace(clean(path.name, 60), text)
