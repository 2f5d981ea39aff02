"""A terminal of our own with a program in it: what it shows, what was written to it, and how it is left.

All of it happens in the thread of whoever calls: nothing is read, and no question answered, but while something is
waited for. So a terminal that is not asked about anything is one that nobody reads.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pyte

STEP = re.compile(r"step ([\d,]+)")  # in the header
PATIENCE = 30.0  # of a machine that does other things as well
NNTUI = (sys.executable, "-m", "nntui")
KEYS = {
    "enter": "\r", "tab": "\t", "escape": "\x1b", "backspace": "\x7f", "up": "\x1b[A", "down": "\x1b[B",
    "right": "\x1b[C", "left": "\x1b[D", "pagedown": "\x1b[6~", "pageup": "\x1b[5~", "space": " ", "ctrl+c": "\x03",
}  # fmt: skip

QUESTION = b"\x1b[6n"
SYNCHRONIZED = b"\x1b[?2026$p"
_CODES = re.compile(rb"\x1b\[([<=>?]?)([0-9;]*)([ $]?)([a-zA-Z~])")
_UNFINISHED = re.compile(rb"\x1b(\[[<=>?]?[0-9;]*[ $]?)?\Z")
_KITTY = re.compile(rb"\x1b\[[<=>?][0-9;]*u")
_OPERATING = re.compile(rb"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)")
_SGR = re.compile(rb"\x1b\[([0-9;]*)m")


class Terminal:
    """A pseudo-terminal and the program in it. `controls`: whether the program learns by a signal that it is gone."""

    def __init__(
        self,
        *arguments: str,
        size: tuple[int, int] = (80, 24),
        program: Sequence[str] = NNTUI,
        environment: Mapping[str, str | None] | None = None,
        controls: bool = True,
        answers: bool = True,
        folder: Path | None = None,
    ) -> None:
        self.output = bytearray()  # all that was ever written to it
        self.answers = answers
        self._screen = pyte.Screen(*size)
        self._screen.write_process_input = self._answer
        self._stream = pyte.ByteStream(self._screen)
        self._tail = b""  # of an escape sequence that is not complete yet
        self.master, slave = pty.openpty()
        self._set_size(*size)
        environs = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
        for name in ("LC_ALL", "LC_CTYPE", "NO_COLOR", "COLUMNS", "LINES"):
            environs.pop(name, None)
        for name, value in (environment or {}).items():
            environs.pop(name, None)
            if value is not None:
                environs[name] = value
        self.process = subprocess.Popen(
            [*program, *arguments], stdin=slave, stdout=slave, stderr=slave, env=environs, start_new_session=True,
            cwd=folder, preexec_fn=_take_terminal if controls else None,
        )  # fmt: skip
        self.before = termios.tcgetattr(slave)
        os.close(slave)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing stays behind, whatever a test has found."""
        for pid in (*children(self.process.pid), self.process.pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()
        self.hang_up()

    # ------------------------------------------------------------ what a person does

    def send(self, text: str | bytes) -> None:
        """Type this; it waits while the program does not read."""
        data = text.encode() if isinstance(text, str) else text
        deadline = time.monotonic() + PATIENCE
        while data:
            readable, writable, _ = select.select([self.master], [self.master], [], PATIENCE)
            assert time.monotonic() < deadline, "the program does not read what is typed"
            if readable:
                self._read()
            if writable:
                data = data[os.write(self.master, data[:512]) :]

    def press(self, *keys: str) -> None:
        """Press keys by their names."""
        for key in keys:
            self.send(KEYS.get(key, key))

    def resize(self, columns: int, rows: int) -> None:
        """Another size of the window."""
        self._screen.resize(rows, columns)
        self._set_size(columns, rows)

    def _set_size(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def hang_up(self) -> None:
        """Close the window."""
        if self.master >= 0:
            os.close(self.master)
            self.master = -1

    # ------------------------------------------------------------ what is to be seen

    @property
    def columns(self) -> int:
        """How wide it is."""
        return int(self._screen.columns)

    @property
    def rows(self) -> list[str]:
        """The screen, row by row."""
        return [row.rstrip() for row in self._screen.display]

    @property
    def text(self) -> str:
        """The screen."""
        return "\n".join(self.rows)

    def wait_for(self, what: str | re.Pattern[str] | Callable[[], object], seconds: float = PATIENCE) -> str:
        """Read until a text is on the screen, a pattern, or something else is so; what the pattern has found."""
        deadline = time.monotonic() + seconds
        while True:
            found = self._find(what)
            if found is not None:
                return found
            left = deadline - time.monotonic()
            assert left > 0, f"{what!r} was waited for; the screen shows\n{self.text}"
            assert self.read(min(left, 0.1)), f"{what!r} was waited for, and the program has ended with\n{self.text}"

    def _find(self, what: str | re.Pattern[str] | Callable[[], object]) -> str | None:
        if isinstance(what, str):
            return what if what in self.text else None
        if isinstance(what, re.Pattern):
            found = what.search(self.text)
            return None if found is None else found.group(found.lastindex or 0)
        return "" if what() else None

    def read(self, seconds: float) -> bool:
        """Take what is written within this time, the first of it at once; False when the program has gone."""
        ready, _, _ = select.select([self.master], [], [], seconds)
        return self._read() if ready else True

    def _read(self) -> bool:
        try:
            data = os.read(self.master, 65536)
        except OSError:
            return False
        if not data:
            return False
        self.output += data
        if self.answers and SYNCHRONIZED in data:
            self._answer("\x1b[?2026;2$y")
        data = self._tail + data
        unfinished = _UNFINISHED.search(data)
        cut = unfinished.start() if unfinished else len(data)
        self._tail, data = data[cut:], data[:cut]
        self._stream.feed(_KITTY.sub(b"", data.replace(SYNCHRONIZED, b"")))
        return True

    def _answer(self, text: str) -> None:
        if self.answers:
            with contextlib.suppress(OSError):
                os.write(self.master, text.encode())

    # ------------------------------------------------------------ how it ends

    def end(self, seconds: float = PATIENCE) -> int:
        """Read to the end; the exit status."""
        deadline = time.monotonic() + seconds
        while self.process.poll() is None:
            assert time.monotonic() < deadline, f"it does not end; the screen shows\n{self.text}"
            if not self.read(0.02):
                time.sleep(0.01)
        while self.read(0.0) and select.select([self.master], [], [], 0.0)[0]:
            pass
        return self.process.returncode

    @property
    def modes(self) -> dict[str, bool]:
        """Which private modes were switched, and how they were left."""
        found: dict[str, bool] = {}
        for sign, numbers, between, letter in _CODES.findall(bytes(self.output)):
            if sign == b"?" and not between and letter in (b"h", b"l"):
                found |= dict.fromkeys(numbers.decode().split(";"), letter == b"h")
        return found

    def left_as_it_was(self) -> None:
        """All that the program has switched is switched back, and the shell's own settings are as before."""
        normal = {"7": True, "25": True}  # lines wrap, and the cursor is to be seen
        wrong = {mode: on for mode, on in self.modes.items() if on != normal.get(mode, False)}
        assert not wrong, wrong
        assert self.output.count(b"\x1b[<u") >= len(re.findall(rb"\x1b\[>\d+u", bytes(self.output)))
        assert termios.tcgetattr(self.master)[:4] == self.before[:4]

    @property
    def after(self) -> str:
        """What was written after the alternate screen was left."""
        last = bytes(self.output).rpartition(b"\x1b[?1049l")[2]
        return _OPERATING.sub(b"", _CODES.sub(b"", last)).decode(errors="replace").replace("\r", "")

    @property
    def colours(self) -> set[str]:
        """Parts of all codes for colours, as `38;5`, `38;2` or `31`."""
        found: set[str] = set()
        for numbers in _SGR.findall(bytes(self.output)):
            parts = numbers.decode().split(";")
            while parts:
                part = parts.pop(0)
                if part in ("38", "48"):
                    found.add(f"{part};{parts[0]}")
                    del parts[: 2 if parts[0] == "5" else 4]
                elif part[:-1] in ("3", "4", "9", "10") and part[-1] != "9":
                    found.add(part)
        return found


def _take_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


# ---------------------------------------------------------------- processes


def status_of(pid: int) -> list[str]:
    """What /proc says of a process, from its state on; empty when there is none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return []


def children(pid: int) -> list[int]:
    """The processes that a process has started itself."""
    everyone = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    return [other for other in everyone if (said := status_of(other)) and said[0] != "Z" and int(said[1]) == pid]


def engine_of(pid: int) -> int:
    """The engine of a front end."""
    found = [
        other for other in children(pid) if b"nntui.session.process.host" in Path(f"/proc/{other}/cmdline").read_bytes()
    ]
    assert len(found) == 1, found
    return found[0]


def alive(pid: int) -> bool:
    """Whether a process still runs."""
    said = status_of(pid)
    return bool(said) and said[0] != "Z"


def gone(*processes: int, seconds: float) -> bool:
    """Wait until processes have ended, for no longer than this; tell whether they have."""
    deadline = time.monotonic() + seconds
    while any(map(alive, processes)) and time.monotonic() < deadline:
        time.sleep(0.01)
    return not any(map(alive, processes))


def step_in(terminal: Terminal) -> int:
    """The step in the header, when it stands there."""
    return int(terminal.wait_for(STEP).replace(",", ""))
