"""Notes on a second terminal: which screen it attaches to, and what it says of those that are there."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from nntui.plain.notes import NotesError, chosen
from nntui.session.process import meeting


@pytest.fixture
def screens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Path]]:
    """The sockets of three screens, the oldest first, and of one whose engine was killed."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    folder = meeting.folder(make=True)
    ended = subprocess.Popen(["true"])
    ended.wait()
    socks, paths = [], []
    for age, (front, engine) in enumerate([(1, os.getpid()), (2, os.getpid()), (3, os.getppid()), (4, ended.pid)]):
        sock = socket.socket(socket.AF_UNIX)
        path = folder / f"{front}-{engine}"
        sock.bind(str(path))
        os.utime(path, (1_000_000 + 60 * age,) * 2)
        socks.append(sock)
        paths.append(path)
    yield paths
    for sock in socks:
        sock.close()


def test_the_newest_screen_is_taken_or_the_one_that_is_named(screens: list[Path]) -> None:
    place, told = chosen(1)
    assert place.path == screens[2]
    at = [time.strftime("%H:%M:%S", time.localtime(1_000_000 + 60 * age)) for age in (2, 1, 0)]
    assert told == [
        f"3 screens of yours are running: 1 began at {at[0]}; 2 began at {at[1]}; 3 began at {at[2]}. "
        "This is 1; nntui notes N takes another."
    ]
    place, told = chosen(3)
    assert place.path == screens[0]
    assert "This is 3" in told[0]
    with pytest.raises(NotesError, match=r"^3 screens of yours are running, so there is no number 4; 1 is the newest$"):
        chosen(4)


def test_one_screen_is_taken_without_a_word_and_none_is_said(screens: list[Path]) -> None:
    screens[1].unlink()
    screens[2].unlink()
    assert chosen(1)[1] == []
    with pytest.raises(NotesError, match=r"^one screen of yours is running, so there is no number 2"):
        chosen(2)
    screens[0].unlink()
    with pytest.raises(NotesError, match="no screen of yours"):
        chosen(1)


def test_it_is_known_whether_a_process_is_stopped() -> None:
    with subprocess.Popen(["sleep", "60"]) as process:
        assert not meeting.is_stopped(process.pid)
        process.send_signal(signal.SIGSTOP)
        deadline = time.monotonic() + 10
        while not meeting.is_stopped(process.pid) and Path("/proc").exists() and time.monotonic() < deadline:
            time.sleep(0.005)
        assert meeting.is_stopped(process.pid) == Path(f"/proc/{process.pid}/stat").exists()
        process.kill()
