"""A terminal whose size changes while it is being told of, or that shows what nobody has drawn for it."""

from __future__ import annotations

import fcntl
import os
import signal
import struct
import sys
import termios
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from hall import hall
from terminal import PATIENCE, Terminal
from textual import events
from textual.app import App
from textual.geometry import Size

from nntui.tui.wire.cells import SparingUpdate
from nntui.tui.wire.driver import Writer

SLY = """
import fcntl, struct, sys, termios
from nntui.cli import main
from nntui.tui.wire.driver import SparingDriver

read = SparingDriver._get_terminal_size

def size_of(driver):
    size = read(driver)
    if tuple(size) == (120, 40):
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
    return size

SparingDriver._get_terminal_size = size_of
sys.exit(main())
"""  # between the reading of a size and the telling of it there comes another


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked up in /proc")
def test_of_two_sizes_the_last_stays_and_a_terminal_told_of_again_is_drawn_again() -> None:
    with Terminal("2", program=(sys.executable, "-c", SLY)) as terminal:
        terminal.wait_for("n next")
        terminal.resize(120, 40)
        deadline = time.monotonic() + PATIENCE
        while size_of(terminal) != (100, 30) and time.monotonic() < deadline:
            time.sleep(0.01)
        terminal.resize(100, 30)
        terminal.wait_for(lambda: is_whole(terminal))
        terminal._screen.erase_in_display(2)  # smaller and back again, before anybody has seen it
        assert not is_whole(terminal)
        terminal.process.send_signal(signal.SIGWINCH)
        terminal.wait_for(lambda: is_whole(terminal))


def is_whole(terminal: Terminal) -> bool:
    """Whether the header, the panes and the keys stand where they belong in 100 columns and 30 rows."""
    rows = terminal.rows
    return len(rows[0]) == 99 and "loss 1.0" in rows[0] and "weights[0][0][0]" in terminal.text and "n next" in rows[29]


def size_of(terminal: Terminal) -> tuple[int, int]:
    """Columns and rows, as the program reads them."""
    rows, columns, _, _ = struct.unpack("HHHH", fcntl.ioctl(terminal.master, termios.TIOCGWINSZ, b"\0" * 8))
    return columns, rows


async def test_what_was_made_for_another_size_is_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Any] = []
    async with hall("xor", (80, 24)) as place:
        monkeypatch.setattr(App, "_display", lambda app, screen, update: sent.append(update))
        screen = place.app.screen
        for size in (Size(100, 30), Size(80, 24)):  # the app has been told of it, the screen has not
            monkeypatch.setattr(place.app, "_size", size)
            screen.refresh()
            screen._compositor.update_widgets({screen})
            screen._compositor_refresh()
    assert sent[0] is None
    assert sent[1] is not None


async def test_there_and_back_before_the_screen_has_heard_all_is_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Any] = []
    async with hall("xor", (80, 24)) as place:
        await place.settle()
        monkeypatch.setattr(App, "_display", lambda app, screen, update: sent.append(update))
        for size in (Size(100, 30), Size(80, 24)):
            await place.app.on_event(events.Resize(size, size))
        await place.settle()
    rows = [{y for y, _, _ in update._spans} for update in sent if isinstance(update, SparingUpdate)]
    assert set(range(24)) in rows


def test_a_terminal_that_nobody_may_wait_for_gets_all_of_it() -> None:
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    data = bytes(range(256)) * 2000
    found = bytearray()
    writer = Writer(writing)
    writer.put(data)
    time.sleep(0.05)  # the pipe is full

    def read() -> None:
        while len(found) < len(data):
            found.extend(os.read(reading, 65_536))

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    assert writer.end(PATIENCE)
    reader.join(PATIENCE)
    assert found == data
    for fileno in (reading, writing):
        os.close(fileno)
