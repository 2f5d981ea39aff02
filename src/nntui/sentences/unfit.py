"""What a recording tells was written by whoever made the file: its parts need not fit together.

A product without rows, an end before its beginning: such a thing costs its own sentence, and nothing else, as a pane
that cannot be drawn says so while the others go on.
"""

from __future__ import annotations

from collections.abc import Callable

STRICT = False  # whether a fault goes on instead: in tests, which are to see faults of ours


def lines_of(said: Callable[[], list[str]], what: object) -> list[str]:
    """The lines that are said of something; one about it where they cannot be."""
    try:
        return [line for line in said() if line]
    except Exception as error:
        if STRICT:
            raise
        return [
            f"What is told here does not fit together, and is left out ({type(what).__name__}, {type(error).__name__})."
        ]
