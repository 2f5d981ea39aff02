"""The text of a file that a person named, read without waiting for a pipe and without taking in more than a bound."""

from __future__ import annotations

import stat
from pathlib import Path

from nntui.data.dataset import DataError
from nntui.text import SHOWN, clean

MOST_BYTES = 8_000_000
FOLDER_SHOWN = 100  # characters


def shown_name(path: Path) -> str:
    """Return the file's name as sentences quote it: without its folder, cleaned, shortened."""
    return clean(path.name or str(path), SHOWN)


def read_text(path: Path) -> str:
    """Return the text of a regular file of bounded size, in UTF-8, with or without a byte order mark.

    Raises DataError for whatever else it is: nothing, a folder, a device, a pipe, too large, binary, not allowed.
    """
    shown = shown_name(path)
    _check_is_file(path, shown)
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise _unreadable(shown, error) from None
    if len(content) > MOST_BYTES:
        raise DataError(f"{shown}: the file is larger than {MOST_BYTES:,} bytes; keep fewer rows or columns")
    if 0 in content:
        line = content[: content.index(0)].count(b"\n") + 1
        raise DataError(f"{shown}:{line}: this is a binary file; a CSV file is text, in UTF-8")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise DataError(f"{shown}:{line}: the text is not UTF-8; save the file as CSV in UTF-8") from None


def _check_is_file(path: Path, shown: str) -> None:
    """Refuse a folder, a device, a pipe or nothing at all: merely opening a pipe would wait for ever."""
    folder = clean(str(path.parent), FOLDER_SHOWN)
    missing = DataError(f"{shown}: there is no such file in the folder '{folder}'; check its name")
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        raise missing from None
    except OSError as error:
        raise _unreadable(shown, error) from None
    except ValueError:  # a name with a NUL or a lone surrogate in it
        raise missing from None
    if stat.S_ISDIR(mode):
        raise DataError(f"{shown}: this is a folder; name a CSV file in it")
    if not stat.S_ISREG(mode):
        raise DataError(f"{shown}: this is a device or a pipe; name a CSV file")


def _unreadable(shown: str, error: OSError) -> DataError:
    return DataError(f"{shown}: the file cannot be read ({error.strerror}); choose one that can be")
