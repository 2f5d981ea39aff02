"""Where a command writes a file: looked at before the work, and written as a whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nntui.commands import UserError
from nntui.text import clean
from nntui.whole_file import whole_file

MOST_PATH = 200  # characters of a path that a sentence quotes


def place(path: Path, force: bool) -> Path:
    """The whole path of a file that can be written; UserError says why it cannot be, before hours of work.

    What is there already is replaced only by force, and only where it is an ordinary file.
    """
    name = clean(str(path), MOST_PATH)
    try:
        found = path.expanduser().absolute()
        if found.is_symlink() or (found.exists() and not found.is_file()):
            raise UserError(f"'{name}' is no ordinary file; choose another name")
        if found.exists() and not force:
            raise UserError(f"there already is a file '{name}'; choose another name, or --force replaces it")
        if not found.parent.is_dir():
            raise UserError(f"'{name}' cannot be written: its folder does not exist")
        if not os.access(found.parent, os.W_OK):
            raise UserError(f"'{name}' cannot be written: its folder takes no new files")
    except (OSError, RuntimeError, ValueError) as error:
        raise UserError(f"'{name}' cannot be written: {getattr(error, 'strerror', None) or error}") from None
    return found


@contextmanager
def placed(path: Path, force: bool) -> Iterator[Path]:
    """A file to write to, which gets its name when all of it is there; nothing of it stays where that fails."""
    name = clean(str(path), MOST_PATH)
    try:
        with whole_file(path) as written:
            yield written
            mask = os.umask(0)
            os.umask(mask)
            written.chmod(0o666 & ~mask)
            place(path, force)  # somebody else may have made it meanwhile
    except OSError as error:
        raise UserError(f"'{name}' cannot be written: {error.strerror or error}") from None
