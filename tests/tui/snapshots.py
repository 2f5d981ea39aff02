"""What a pane shows, compared as text with what is kept in `seen/`; NNTUI_SEEN=write keeps what it shows now."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

SEEN = Path(__file__).parent / "seen"


def is_as_seen(name: str, rows: Sequence[str]) -> bool:
    """Whether these rows are those that were kept under a name."""
    path, text = SEEN / f"{name}.txt", "\n".join(row.rstrip() for row in rows) + "\n"
    if os.environ.get("NNTUI_SEEN") == "write":
        path.write_text(text, encoding="utf-8")
    return text == path.read_text(encoding="utf-8")
