"""Whose a connection is that comes from this very machine: Linux lists each with the user at its end.

Other systems do not tell; nor does Linux of what comes through a namespace from outside. Then nobody is refused by it.
"""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

from aiohttp import web

TABLES = {socket.AF_INET: Path("/proc/net/tcp"), socket.AF_INET6: Path("/proc/net/tcp6")}
ESTABLISHED = "01"
ROOT = 0  # may do all that can be done anyway


def is_of_another_user(request: web.Request) -> bool:
    """Whether somebody else's program is at the other end."""
    sock = request.transport.get_extra_info("socket") if request.transport is not None else None
    if sock is None or sock.family not in TABLES:
        return False
    try:
        here, there = sock.getsockname()[:2], sock.getpeername()[:2]
        rows = list(_rows(TABLES[sock.family]))
    except OSError:
        return False
    own = _written(sock.family, here), _written(sock.family, there)
    known = any(ends == own for ends, _ in rows)  # otherwise this is no list of what happens here
    users = [user for ends, user in rows if ends == (own[1], own[0])]
    return known and not any(user in (ROOT, os.getuid()) for user in users)


def _rows(table: Path) -> Iterator[tuple[tuple[str, str], int]]:
    """The connections that stand: both ends as they are written, and the user of the first."""
    for line in table.read_text("ascii").splitlines()[1:]:
        fields = line.split()
        if fields[3] == ESTABLISHED and fields[9] != "0":  # of one that nobody holds any more it is not told
            yield (fields[1], fields[2]), int(fields[7])


def _written(family: int, end: tuple[str, int]) -> str:
    """An end of a connection as the table writes it: words of four bytes, each in this machine's order."""
    packed = socket.inet_pton(family, end[0].partition("%")[0])
    words = (packed[at : at + 4] for at in range(0, len(packed), 4))
    return "".join(f"{int.from_bytes(word, sys.byteorder):08X}" for word in words) + f":{end[1]:04X}"
