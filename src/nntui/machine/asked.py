"""How the machine is asked what it is: by files of the kernel and programs of the system, of which nothing is trusted.

A file may be missing, as in a container without /sys, or hold any bytes; a program may fail or hang. What cannot be
read is not told, and no more happens.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

from nntui.text import clean

READ = 4096  # characters of a file of the kernel: its first line is what counts
PRINTED = 100_000  # characters of what a program answers
MOST_CPUS = 8192  # as many as Linux can be built for
SYSCTL = "/usr/sbin/sysctl"  # macOS


def line_of(path: Path, limit: int = READ) -> str:
    """The first line of a file, clean; empty where it cannot be read."""
    try:
        with path.open("rb") as file:
            text = file.read(READ)
    except OSError:
        return ""
    return clean(text.decode("utf-8", "replace").partition("\n")[0].strip(), limit)


def number_of(text: str | None) -> int | None:
    """A whole number in digits, of a size that a machine can have; None of anything else."""
    return int(text) if text is not None and re.fullmatch("[0-9]{1,15}", text) else None


def cpus_in(text: str) -> frozenset[int]:
    """The numbers in a list as Linux writes it, "0-3,8", which ascends; none where it is not such a list."""
    found: set[int] = set()
    before = -1
    for part in text.split(","):
        match = re.fullmatch("([0-9]{1,5})(?:-([0-9]{1,5}))?", part)
        if match is None:
            return frozenset()
        first, last = int(match[1]), int(match[2] or match[1])
        if not before < first <= last < MOST_CPUS:
            return frozenset()
        found.update(range(first, last + 1))
        before = last
    return frozenset(found)


def answer_of(command: list[str], seconds: float, environment: Mapping[str, str] | None = None) -> tuple[bool, str]:
    """Whether a program ended well, and what it has printed; nothing of one that is missing or takes too long."""
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds, check=False, env=environment
        )
    except (OSError, subprocess.SubprocessError):
        return False, ""
    return done.returncode == 0, done.stdout[:PRINTED].decode("utf-8", "replace")


def told_by_sysctl(names: Iterable[str]) -> dict[str, str]:
    """What macOS tells under these names, as far as it knows them."""
    _, text = answer_of([SYSCTL, *names], seconds=2.0)  # it fails where it does not know one, and tells the others
    rows = (row.partition(":") for row in text.split("\n"))
    return {name.strip(): clean(value.strip(), READ) for name, colon, value in rows if colon}
