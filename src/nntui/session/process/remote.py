"""A recording on another machine, copied here by the system's own ssh while it grows.

The copy is locked as long as ssh lives, like a recording that is being written here.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import select
import shlex
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from nntui.session.recording.records import SUFFIX
from nntui.text import clean

BLOCK = 1 << 16
MOST_BYTES = 4_000_000_000  # of a copy
MOST_SAID = 10_000  # bytes of what ssh has said that are kept
LOOK_SECONDS = 0.25
END_SECONDS = 1.0


class RemoteError(ValueError):
    """A recording on another machine that cannot be copied; the text says why, in one sentence."""


def place_of(text: str) -> tuple[str, str]:
    """The host and the path of HOST:PATH."""
    head, closing, tail = text.partition("]") if "[" in text else ("", "", text)
    host, _, path = tail.partition(":")
    host = f"{head}{closing}{host}".replace("[", "").replace("]", "")
    if not host or not path or host.startswith("-") or clean(text) != text or any(letter.isspace() for letter in host):
        raise RemoteError(f"'{clean(text, 80)}' is no recording: a file, or HOST:PATH is wanted")
    return host, path


def command(host: str, path: str) -> list[str]:
    """How ssh is called: the path is one word for the shell over there, and no option of tail."""
    path = path.removeprefix("~/")  # where ssh begins
    safe = f"./{path}" if path.startswith("-") else path
    return ["ssh", "-T", "-o", "ServerAliveInterval=15", host, "--", f"tail -c +1 -F {shlex.quote(safe)}"]


class Written:
    """Where what comes belongs in the copy.

    Where an engine was lost in the middle of a line, another one takes the half line away before it goes on; `tail`
    then sends all of the file again. That is known by the first line, which tells the second in which it was written.
    """

    def __init__(self, file: int) -> None:
        self._file = file
        self._place = 0
        self._first = b""  # line, when it has come
        self._last = b""  # bytes, in which the first line may begin

    def add(self, data: bytes) -> None:
        """Write what has come."""
        if self._first:
            joined = self._last + data
            at = joined.find(self._first)
            if at >= 0:
                self._place, data = 0, joined[at:]
            self._last = joined[-(len(self._first) - 1) :] if at < 0 else b""
        else:
            self._last += data
            line, end, rest = self._last.partition(b"\n")
            if end or len(line) > BLOCK:
                self._first, self._last = line + end, rest
        while data:
            written = os.pwrite(self._file, data, self._place)
            self._place, data = self._place + written, data[written:]


class Copy:
    """A recording that is being copied. `ended` is called with a sentence when ssh has ended."""

    def __init__(self, host: str, path: str, file: Path) -> None:
        self.host = host
        self.file = file
        self.ended: Callable[[str], None] = lambda sentence: None
        self.sentence = ""  # why nothing more comes; empty while it does
        self._begun = threading.Event()
        self._closing = False
        self._said = b""
        self._out = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._out, fcntl.LOCK_EX)
        self._process = _started(command(host, path))
        self._thread = threading.Thread(target=self._run, name="from ssh", daemon=True)
        self._thread.start()

    def wait(self) -> None:
        """Wait for the first bytes; meanwhile ssh may ask for a password. Raises RemoteError where none will come."""
        while not self._begun.wait(LOOK_SECONDS):
            if self.sentence:
                break
        if self.sentence and not self.file.stat().st_size:
            raise RemoteError(self.sentence.rstrip("."))

    def close(self) -> None:
        """End ssh."""
        self._closing = True
        self._process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(END_SECONDS)
        self._process.kill()
        self._thread.join(END_SECONDS)

    # ------------------------------------------------------------ the copying thread

    def _run(self) -> None:
        out, err = self._process.stdout, self._process.stderr
        assert out is not None
        assert err is not None
        try:
            self._pass_on([out, err])
        except OSError as error:
            self._said += f"\nthe copy cannot be written: {error.strerror}".encode()
        finally:
            fcntl.flock(self._out, fcntl.LOCK_UN)
            os.close(self._out)
            self.sentence = self._how_it_ended()
            if not self._closing:
                self.ended(self.sentence)

    def _pass_on(self, streams: list[IO[bytes]]) -> None:
        """What is written goes into the file; what ssh says is shown until the first of it has come, and then kept."""
        out, copied, written = streams[0], 0, Written(self._out)
        while streams and copied < MOST_BYTES:
            for stream in select.select(streams, [], [])[0]:
                data = os.read(stream.fileno(), BLOCK)
                if not data:
                    streams.remove(stream)
                elif stream is out:
                    written.add(data)
                    copied += len(data)
                    self._begun.set()
                else:
                    self._said = (self._said + data)[-MOST_SAID:]
                    if not self._begun.is_set():
                        print(clean(data.decode(errors="replace").strip(), 500), file=sys.stderr, flush=True)  # noqa: T201
            if out not in streams:
                return

    def _how_it_ended(self) -> str:
        self._process.terminate()
        code = self._process.wait()
        lines = [line.strip() for line in self._said.decode(errors="replace").splitlines() if line.strip()]
        why = f": {clean(lines[-1], 200).rstrip('.')}" if lines else ""
        return f"ssh to {clean(self.host, 80)} has ended with exit code {code}{why}."


def _started(words: list[str]) -> subprocess.Popen[bytes]:
    """Start ssh in this terminal, where it can ask for a password; a ctrl-c is for nntui alone."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        return subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    except OSError as error:
        raise RemoteError(f"ssh cannot be started: {(error.strerror or str(error)).lower()}") from None
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def copied(host: str, path: str) -> Iterator[Copy]:
    """A copy that grows, in a folder of its own that goes with it."""
    with tempfile.TemporaryDirectory(prefix="nntui-") as folder:
        name = Path(path).name.removesuffix(SUFFIX)[:100] or "recording"
        copy = Copy(host, path, Path(folder) / f"{name}{SUFFIX}")
        try:
            copy.wait()
            yield copy
        finally:
            copy.close()
