"""`nntui serve`: nntui in a browser, for whoever is at this machine, or for those who are given its address."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import socket
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from nntui.commands import UserError
from nntui.commands.open import found
from nntui.session.recording.records import SUFFIX
from nntui.text import SHOWN, clean

if TYPE_CHECKING:
    from nntui.serving.rooms import Rooms

EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - it is what a person may ask for
BACKLOG = 128
A_CLASS = 40
SESSION_BYTES = 150_000_000  # measured: 40 MB of the screen, 106 MB of the engine
LACKING = "the browser's part of nntui is not installed; get it with: pip install 'nntui[serve]'"


def run(arguments: argparse.Namespace) -> int:
    """Serve until ctrl-c."""
    if find_spec("textual_serve") is None or find_spec("aiohttp") is None:
        raise UserError(LACKING)
    file = None if arguments.lesson is None else found(arguments.lesson).absolute()
    if arguments.follow and (file is None or file.suffix != SUFFIX):
        raise UserError(f"--follow goes with a recording, a file that ends in {SUFFIX}")
    from nntui.serving.gate import Gate, is_loopback
    from nntui.serving.server import Server

    arguments.most = arguments.most or usual_most(_memory())
    with _listening(arguments.host, arguments.port) as listening:
        host, port = listening.getsockname()[:2]
        gate = Gate.of(host, port, arguments.token)
        with _rooms(arguments, not is_loopback(host)) as rooms:
            server = Server(gate, _words(arguments, file), arguments.most, _title(arguments), file, rooms)
            asyncio.run(server.run(listening, lambda: _tell(host, port, gate.token, arguments.most)))
    return 0


def usual_most(memory: int) -> int:
    """How many sessions are served at once, unless it is said: a class, where half of the memory holds it."""
    return max(1, min(A_CLASS, memory // 2 // SESSION_BYTES))


def _memory() -> int:
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 2 * A_CLASS * SESSION_BYTES  # not known: no reason to serve fewer


def _words(arguments: argparse.Namespace, file: Path | None) -> list[str]:
    """What every session begins with."""
    words = ["follow" if arguments.follow else "open", *([] if file is None else [str(file)])]
    words += ["--no-record"] * arguments.no_record
    return words + ["--short"] * (arguments.short and not arguments.follow)


def _title(arguments: argparse.Namespace) -> str:
    return "nntui" if arguments.lesson is None else f"nntui {clean(arguments.lesson, SHOWN)}"


@contextlib.contextmanager
def _rooms(arguments: argparse.Namespace, confined: bool) -> Iterator[Rooms | None]:
    """Folders for those who come from elsewhere; none where only this user comes, who has folders of their own."""
    if not confined:
        if arguments.keep is not None:
            raise UserError("--keep is for those who come from elsewhere; here files are saved where you are")
        yield None
        return
    from nntui.serving.rooms import Rooms

    kept = arguments.keep
    if kept is not None and not kept.is_dir():
        raise UserError(f"there is no folder {clean(str(kept), SHOWN)}; make it, or choose another")
    rooms = Rooms(2 * arguments.most, kept.absolute() if kept is not None else None)
    try:
        yield rooms
    finally:
        rooms.close()


# ---------------------------------------------------------------- the address


@contextlib.contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    """A socket at that address; what stands in the way of it is said."""
    name = clean(host, SHOWN)
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    except (OSError, UnicodeError):
        raise UserError(f"there is no host '{name}'; --host takes a name or an address of this machine") from None
    try:
        listening = socket.create_server(address[:2], family=family, backlog=BACKLOG)
    except PermissionError:
        raise UserError(f"you may not use port {port} here; choose one from 1024 on, such as --port 8000") from None
    except OSError as error:
        raise UserError(_why_not(error, name, port)) from None
    with listening:
        yield listening


def _why_not(error: OSError, name: str, port: int) -> str:
    import errno

    if error.errno == errno.EADDRINUSE:
        return f"port {port} is taken by another program; choose another one, such as --port {port % 65_535 + 1}"
    if error.errno == errno.EADDRNOTAVAIL:
        return f"'{name}' is no address of this machine; --host 0.0.0.0 is all of them"
    return f"nobody can be served at {name}, port {port}: {(error.strerror or str(error)).lower()}"


def _tell(host: str, port: int, token: str, most: int) -> None:
    """Print the address, and what whoever has it can do."""
    from nntui.serving.gate import TOKEN, is_loopback

    name = f"[{host}]" if ":" in host else host
    if host in EVERYWHERE:
        name = _own_address() if host == EVERYWHERE[0] else socket.gethostname()
    lines = [f"http://{name}:{port}/" + (f"?{TOKEN}={token}" if token else "")]
    if not is_loopback(host):
        lines.append(
            f"Whoever has this address can compute here ({most} sessions at once), and reaches no files but those that "
            "are saved there; what goes over the network is not encrypted."
        )
    lines.append("Open it in a browser. Ctrl-c ends it, and every session with it.")
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


def _own_address() -> str:
    """The address by which others reach this machine: the one at which a way out of it begins. Nothing is sent."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way:
        way.connect(("192.0.2.1", 9))  # an address that is nobody's
        return str(way.getsockname()[0])
    return socket.gethostname()
