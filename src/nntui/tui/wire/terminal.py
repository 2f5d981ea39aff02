"""What the terminal is: how large it must be, how many colours it has, and which letters."""

from __future__ import annotations

import codecs
import locale
import os
from collections.abc import Mapping

from nntui.tui.look import ASCII, UNICODE, Depth, Shapes

LEAST_COLUMNS, LEAST_ROWS = 60, 16


def is_orphan() -> bool:
    """Whether there is no shell that would let this job go on if it were stopped: it is all of its session."""
    try:
        return os.getsid(os.getppid()) != os.getsid(0) or os.getsid(0) == os.getpid()
    except OSError:
        return True


def shapes(environment: Mapping[str, str]) -> Shapes:
    """The glyphs that this terminal's character set has. Where nothing says which it is, it is UTF-8 these days."""
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
