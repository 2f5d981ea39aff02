"""The program over SSH: a server of our own on this very machine, and lines to it that are slow, stall, or are dropped.

The server is OpenSSH's, on a port of its own, with keys of its own, for whoever runs it. What is not there is said by
`missing`, and a test that needs it is skipped with that word.
"""

from __future__ import annotations

import contextlib
import getpass
import os
import shlex
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from terminal import PATIENCE, children

HERE = Path(__file__).parent
PLACES = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin", "/sbin"])
CONFIGURATION = """
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host
AuthorizedKeysFile {folder}/client.pub
PidFile none
StrictModes no
UsePAM no
PermitRootLogin yes
PasswordAuthentication no
KbdInteractiveAuthentication no
UseDNS no
PrintMotd no
PrintLastLog no
LogLevel ERROR
"""


def missing() -> str:
    """Which program is not there; empty where all are."""
    if not Path("/proc/self/stat").exists():
        return "processes are looked up in /proc"
    absent = [name for name in ("sshd", "ssh", "ssh-keygen") if shutil.which(name, path=PLACES) is None]
    return f"there is no {absent[0]} on this machine (it is in the package openssh-server)" if absent else ""


class NoServerError(Exception):
    """The server takes nobody in; the text has what it says of that."""


class Server:
    """An SSH server, while it is entered."""

    def __init__(self) -> None:
        self._kept = TemporaryDirectory(prefix="nntui-sshd-")
        self.folder = Path(self._kept.name)
        self.port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Server:
        for name in ("host", "client"):
            made = ("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(self.folder / name))
            subprocess.run(made, check=True, stdin=subprocess.DEVNULL)
        host = (self.folder / "host.pub").read_text()
        (self.folder / "known").write_text(f"[127.0.0.1]:{self.port} {host}")
        (self.folder / "sshd.conf").write_text(CONFIGURATION.format(port=self.port, folder=self.folder))
        if os.getuid() == 0:
            Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # it wants that of whoever is root
        sshd = shutil.which("sshd", path=PLACES)
        assert sshd is not None
        with (self.folder / "said").open("wb") as said:
            self._process = subprocess.Popen(
                [sshd, "-D", "-e", "-f", str(self.folder / "sshd.conf")], stdin=subprocess.DEVNULL, stderr=said
            )
        self._wait_until_it_takes_us_in()
        return self

    def _wait_until_it_takes_us_in(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while subprocess.run(self.command(["true"]), capture_output=True, stdin=subprocess.DEVNULL).returncode:
            assert self._process is not None
            if self._process.poll() is not None or time.monotonic() > deadline or self._refused():
                said = (self.folder / "said").read_text(errors="replace").strip()
                self.__exit__()
                raise NoServerError(f"the SSH server takes nobody in: {said.splitlines()[-1] if said else 'no word'}")
            time.sleep(0.05)

    def _refused(self) -> bool:
        """Whether it has said that it will not: an account that is locked stays so."""
        return "not allowed" in (self.folder / "said").read_text(errors="replace")

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            for pid in (*reversed(self.below), self._process.pid):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, 9)
            self._process.wait()
            self._process = None
        self._kept.cleanup()

    @property
    def below(self) -> list[int]:
        """All processes that it has started, and those that these have."""
        assert self._process is not None
        found = children(self._process.pid)
        for pid in found:
            found += children(pid)
        return found

    @property
    def front_end(self) -> int:
        """The process of nntui that somebody has opened over it."""
        found = [pid for pid in self.below if _is_front_end(pid)]
        assert len(found) == 1, found
        return found[0]

    def command(
        self, command: list[str], port: int = 0, environment: Mapping[str, str] | None = None, terminal: bool = False
    ) -> tuple[str, ...]:
        """What is to be called so that a command is done over this server, or over a line to it at another port."""
        words = ["env", *(f"{name}={value}" for name, value in (environment or {}).items()), *command]
        options = {
            "IdentityFile": self.folder / "client", "IdentitiesOnly": "yes", "UserKnownHostsFile": self.folder / "known",
            "HostKeyAlias": f"[127.0.0.1]:{self.port}", "StrictHostKeyChecking": "yes", "BatchMode": "yes",
            "LogLevel": "ERROR", "EscapeChar": "none",
        }  # fmt: skip
        flags = [part for name, value in options.items() for part in ("-o", f"{name}={value}")]
        where = [f"{getpass.getuser()}@127.0.0.1", f"exec {shlex.join(words)}"]
        return ("ssh", "-F", "none", "-p", str(port or self.port), *flags, *(["-tt"] if terminal else ["-T"]), *where)

    def nntui(
        self, *arguments: str, port: int = 0, environment: Mapping[str, str] | None = None, before: tuple[str, ...] = ()
    ) -> tuple[str, ...]:
        """The same for nntui on a terminal; nothing of the caller's environment gets there but what is named.

        `before` are words that stand before it, as `setsid -w`.
        """
        ours = ("NUMBA_CACHE_DIR", "NNTUI_NO_WARM", "NNTUI_RECORD", "NNTUI_DATA", "NNTUI_CONFIG", "PYTHONPATH")
        there = {"LANG": "C.UTF-8"} | {name: os.environ[name] for name in ours if name in os.environ}
        command = [*before, sys.executable, "-m", "nntui", *arguments]
        return self.command(command, port, there | dict(environment or {}), terminal=True)


def _free_port() -> int:
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        return int(made.getsockname()[1])


def _is_front_end(pid: int) -> bool:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return words[:1] == [sys.executable.encode()] and words[1:3] == [b"-m", b"nntui"]


class Line:
    """A line to a server, while it is entered: the round trip in seconds, bytes a second each way (0: no limit)."""

    def __init__(self, server: Server, round_trip: float = 0.0, rate: float = 0.0) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-u", str(HERE / "proxy.py"), str(server.port), str(round_trip), str(rate)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())

    def __enter__(self) -> Line:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def stall(self) -> None:
        """Nothing comes through for a while."""
        self._say("stall")

    def go(self) -> None:
        """It comes through again."""
        self._say("go")

    def drop(self) -> None:
        """The line is closed, at both ends."""
        self._say("drop")

    def swallow(self) -> None:
        """Nothing comes through any more, and nobody is told."""
        self._say("swallow")

    def _say(self, word: str) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{word}\n")
        self._process.stdin.flush()
        assert self._process.stdout.readline() == "done\n"
