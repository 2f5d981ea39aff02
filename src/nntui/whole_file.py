"""A file that is there as a whole or not at all, however its writing ends."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A file beside `path` to write to, the user's alone, which takes its place when all of it is there.

    Nothing of it stays where that fails, or is interrupted. Raises OSError where it cannot be made.
    """
    number, made = tempfile.mkstemp(prefix=".nntui-", suffix=path.suffix, dir=path.parent)
    os.close(number)
    written = Path(made)
    try:
        yield written
        written.replace(path)
    except BaseException:  # also an interrupt from the keyboard
        with contextlib.suppress(OSError):
            written.unlink()
        raise
