"""A contestant's process as the measuring side sees it: told what to do, asked what came of it."""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import tempfile
from collections.abc import Sequence
from typing import Any

PATIENCE = 240.0  # seconds for one answer, compiling included


class AbsentError(Exception):
    """A contestant that cannot take part; the text says why."""


class Talk:
    """One process, started once; it keeps what it has prepared between its turns."""

    def __init__(self, command: Sequence[str], threads: int) -> None:
        environment = {**os.environ, "NNTUI_BENCH_THREADS": str(threads), "PYTHONWARNINGS": "ignore"}
        for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
            environment[name] = str(threads)
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the process
        try:
            # A session of its own: ctrl-C is for the measuring side, which then ends all of them.
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors, env=environment,
                start_new_session=True,
            )  # fmt: skip
        except OSError as error:
            raise AbsentError(f"it does not start: {error.strerror}") from None
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._to, self._from = self._process.stdin, self._process.stdout
        self._rest = b""
        hello = self._answer(PATIENCE)
        self.version = str(hello.get("version", ""))
        self.output = str(hello.get("output", "tanh"))

    def ask(self, **message: Any) -> dict[str, Any]:
        """Tell it something; what it answers. AbsentError where it cannot."""
        try:
            self._to.write(json.dumps(message).encode() + b"\n")
            self._to.flush()
        except OSError:
            raise AbsentError(self._last_words()) from None
        return self._answer(PATIENCE)

    def stop(self) -> None:
        """End it at once; who waits for an answer gets an AbsentError."""
        self._process.kill()

    def hang_up(self) -> None:
        """Let it end by itself: the end of its input is its end."""
        for stream in (self._to, self._from):
            try:
                stream.close()
            except OSError:  # it ended before it had read all
                continue

    def close(self) -> None:
        """End it; one that does not hear is stopped."""
        self.hang_up()
        try:
            self._process.wait(1.0)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._errors.close()

    def _answer(self, patience: float) -> dict[str, Any]:
        with selectors.DefaultSelector() as selector:
            selector.register(self._from, selectors.EVENT_READ)
            while b"\n" not in self._rest:
                if not selector.select(patience):
                    self._process.kill()
                    raise AbsentError(f"it gave no answer in {patience:.0f} s")
                got = os.read(self._from.fileno(), 65536)
                if not got:
                    raise AbsentError(self._last_words())
                self._rest += got
        line, _, self._rest = self._rest.partition(b"\n")
        answer: dict[str, Any] = json.loads(line)
        if why := answer.get("absent") or answer.get("error"):
            raise AbsentError(str(why)[:200])
        return answer

    def _last_words(self) -> str:
        self._errors.seek(0)
        lines = self._errors.read().decode(errors="replace").strip().splitlines()
        return f"it ended: {lines[-1][:200]}" if lines else "it ended without a word"
