"""The terminal's answers: the last of them is waited for, since a shell would take it for something typed."""

from __future__ import annotations

import threading
import time

import pytest
from textual import events
from textual.drivers.linux_driver import LinuxDriver

from nntui.tui.wire import driver
from nntui.tui.wire.driver import SparingDriver
from nntui.tui.wire.pace import Pace


@pytest.fixture
def ending(monkeypatch: pytest.MonkeyPatch) -> SparingDriver:
    """A driver without a terminal, that has put one question more than were answered."""
    monkeypatch.setattr(LinuxDriver, "stop_application_mode", lambda self: None)
    made = SparingDriver.__new__(SparingDriver)
    made._out, made._hung_up, made._asked, made._answered = None, False, 0, 1
    pace = Pace()
    made.write(pace.painted(100, 0.0))
    made.write(pace.painted(100, 0.0))
    return made


def test_the_terminal_is_not_given_back_before_the_last_answer(
    ending: SparingDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(driver, "ANSWERS_SECONDS", 60.0)
    stopping = threading.Thread(target=ending.stop_application_mode)
    stopping.start()
    time.sleep(0.05)
    assert stopping.is_alive()
    ending._note(events.CursorPosition(2, 1))
    stopping.join(30.0)
    assert not stopping.is_alive()


@pytest.mark.parametrize("attribute", [{"_hung_up": True}, {"_answered": 0}], ids=["nobody can", "nobody ever did"])
def test_where_none_will_come_none_is_waited_for(
    ending: SparingDriver, attribute: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(driver, "ANSWERS_SECONDS", 60.0)
    vars(ending).update(attribute)
    began = time.monotonic()
    ending.stop_application_mode()
    assert time.monotonic() - began < 30.0


def test_it_is_not_waited_for_long(ending: SparingDriver) -> None:
    ending.stop_application_mode()
