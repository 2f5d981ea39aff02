"""Keeps what is on the screen as a scenario file of one's own: never over another file, never half of one."""

from __future__ import annotations

import contextlib
from pathlib import Path

from nntui import messages as m
from nntui.text import SHOWN, clean

MOST_PATH = 200  # characters of a path that a sentence quotes


def target(text: str) -> Path:
    """Return the path that a text names, if a new scenario file can be there; ValueError says why not."""
    text = text.strip()
    try:
        path = Path(text).expanduser()
    except RuntimeError:
        raise ValueError(f"it is not known whose folder '{clean(text, SHOWN)}' means; write the path out") from None
    if path.suffix != ".toml":
        instead = f", not '{clean(path.name, SHOWN)}'" if path.name else ""
        raise ValueError(f"a scenario is saved as a file that ends in .toml{instead}")
    try:
        if path.exists() or path.is_symlink():
            raise FileExistsError
        if not path.parent.is_dir():
            raise ValueError(f"there is no folder {_named(path.parent)}; make it, or choose another")
    except FileExistsError:
        raise ValueError(f"{_named(path)} exists already; give it another name") from None
    except OSError as error:
        raise ValueError(f"{_named(path)} cannot be written: {error.strerror}") from None
    return path


def keep(path: Path, text: str) -> None:
    """Write the text of a scenario to a new file; ValueError says why that cannot be done."""
    content = text.encode()
    if len(content) > m.MOST_TEXT:
        limit = f"this network makes a file of {len(content):,} bytes, and a scenario has at most {m.MOST_TEXT:,}"
        raise ValueError(f"{limit}; nntui train --parameters keeps weights of any size")
    try:
        file = path.open("xb")
    except OSError as error:
        raise ValueError(f"{_named(path)} cannot be written: {error.strerror}") from None
    try:
        with file:
            file.write(content)
    except OSError as error:
        with contextlib.suppress(OSError):
            path.unlink()  # half a scenario is none
        raise ValueError(f"{_named(path)} cannot be written: {error.strerror}") from None


def _named(path: Path) -> str:
    return clean(str(path), MOST_PATH)
