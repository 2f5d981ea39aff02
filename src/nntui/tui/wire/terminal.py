"""What the terminal is: how large it must be, how many colours it has, and which letters."""

from __future__ import annotations

import codecs
import locale
import os
import re
from collections.abc import Mapping
from pathlib import Path

from nntui.tui.look import ASCII, UNICODE, Depth, Shapes

LEAST_COLUMNS, LEAST_ROWS = 60, 16
GIVEN = Path("/proc/self/environ")  # as it was when the program was started
SMALL_FONT = re.compile(r"(linux|ansi|vt\d+|cons\d+)\b")  # the console has 512 glyphs at most, and no braille


def is_orphan() -> bool:
    """Whether there is no shell that would let this job go on if it were stopped: it is all of its session."""
    try:
        return os.getsid(os.getppid()) != os.getsid(0) or os.getsid(0) == os.getpid()
    except OSError:
        return True


def as_given(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment as it was before Python, with LANG=C, has set LC_CTYPE by itself (PEP 538)."""
    try:
        given = any(entry.startswith(b"LC_CTYPE=") for entry in GIVEN.read_bytes().split(b"\0"))
    except OSError:
        given = True
    return {name: value for name, value in environment.items() if given or name != "LC_CTYPE"}


def shapes(environment: Mapping[str, str]) -> Shapes:
    """The glyphs that this terminal's character set has. Where nothing says which it is, it is UTF-8 these days.

    Terminals whose font is known to be a small one get letters that all have.
    """
    if SMALL_FONT.match(environment.get("TERM", "")):
        return ASCII
    for name in ("LC_ALL", "LC_CTYPE", "LANG"):
        value = environment.get(name, "")
        if value:
            return UNICODE if _is_utf8(value) else ASCII
    return UNICODE


def _is_utf8(name: str) -> bool:
    if "." not in name:
        if name in ("C", "POSIX"):
            return False
        name = locale.normalize(name)
    encoding = name.partition(".")[2].partition("@")[0]
    try:
        return codecs.lookup(encoding).name == "utf-8"
    except LookupError:
        return False


def depth(colour_system: str | None, no_colour: bool) -> Depth:
    """How many colours there are, by rich's name for it."""
    if no_colour or colour_system is None:
        return 0
    return {"truecolor": 16777216, "256": 256}.get(colour_system, 16)  # type: ignore[return-value]
