"""What commands have in common that record or play: where a recording goes, and the files that are named."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from nntui import messages as m
from nntui.commands import UserError
from nntui.session.recording.records import SUFFIX
from nntui.session.recording.shelf import folder
from nntui.text import SHOWN, clean

SETTING = "NNTUI_RECORD"  # an environment variable
OFF = ("0", "no", "off", "false")


def wanted(arguments: argparse.Namespace) -> m.Record | None:
    """Where what is done is to be recorded: in the file that was named, on the shelf, or nowhere."""
    named: Path | None = getattr(arguments, "record", None)
    if named is not None:
        return m.Record(str(writable(named)))
    if getattr(arguments, "no_record", False) or os.environ.get(SETTING, "").lower() in OFF:
        return None
    return m.Record(str(folder().absolute()), shelved=True)


def writable(path: Path) -> Path:
    """The whole path of a file that a recording can be written to; what is wrong with it is said before hours of work.

    A file that is there already is never written over.
    """
    name = clean(str(path), SHOWN)
    if path.suffix != SUFFIX:
        raise UserError(f"a recording is written to a file that ends in {SUFFIX}, not '{name}'")
    try:
        place = path.expanduser().absolute()
        if place.exists() or place.is_symlink():
            raise UserError(f"there already is a file '{name}'; choose another name, or remove it")
        if not place.parent.is_dir():
            raise UserError(f"'{name}' cannot be written: its folder does not exist")
        if not os.access(place.parent, os.W_OK):
            raise UserError(f"'{name}' cannot be written: its folder takes no new files")
    except (OSError, RuntimeError) as error:
        raise UserError(f"'{name}' cannot be written: {getattr(error, 'strerror', None) or error}") from None
    return place


def named(path: Path) -> Path:
    """The whole path of a recording that is to be played; what is wrong with it is said before the screen is there."""
    from nntui.session.recording.reading import first

    name = clean(str(path), SHOWN)
    try:
        place = path.expanduser().absolute()
    except (OSError, RuntimeError):
        place = path
    if place.suffix != SUFFIX:
        raise UserError(f"a recording is a file that ends in {SUFFIX}, not '{name}'")
    first(place)
    return place
