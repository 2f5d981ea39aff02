"""A second client of one engine process, by its socket: it commands and asks, and can neither block the engine nor end it."""

import os
import socket
import stat
import time

import pytest

from nntui import messages as m
from nntui.scenario.library import find
from nntui.scenario.reader import read_text
from nntui.session.process import meeting
from nntui.session.process.attached import Attached
from nntui.session.process.client import Engine
from nntui.session.process.inbox import EngineLost
from nntui.session.process.pipe import parcel

PATIENCE = 20.0


@pytest.fixture(autouse=True)
def runtime(tmp_path, monkeypatch):
    monkeypatch.setenv("NNTUI_NO_WARM", "1")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    return tmp_path / "nntui"


def until(condition):
    deadline = time.monotonic() + PATIENCE
    while not (found := condition()) and time.monotonic() < deadline:
        time.sleep(0.005)
    return found


def lesson():
    path = find("2")
    return m.Open(read_text(path), path.name, str(path.parent))


def heard(attached, kind):
    """The first fact of this kind that arrives."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        for fact in attached.receive(0.1):
            if isinstance(fact, kind):
                return fact
    raise AssertionError(kind)


def test_a_guest_commands_hears_and_leaves(runtime):
    with Engine.start(door=True) as engine:
        engine.send(lesson())
        list(engine.settle())
        (place,) = meeting.places()
        assert (place.front, place.engine) == (os.getpid(), engine.pid)
        assert stat.S_IMODE(runtime.stat().st_mode) == 0o700
        guest = Attached(place)
        assert heard(guest, m.BeatBegan).number == 1
        guest.send(m.Next())
        assert [fact.number for fact in guest.settle() if isinstance(fact, m.BeatBegan)] == [2]
        assert heard(engine, m.BeatBegan).number == 2, "both are told"
        assert isinstance(guest.ask(m.AskView("notes")), m.NotesView)
        guest._put(m.Restore(b"x"))
        assert "own front end" in heard(guest, m.Error).sentence
        guest.close()  # a Shutdown
        assert isinstance(engine.ask(m.AskWhere()), m.Where)

        rude = meeting.connected(place)
        rude.sendall(b"no message at all")
        rude.close()
        deaf = meeting.connected(place)  # asks and asks, and reads nothing
        question = parcel(m.Envelope(1, 1, m.Ask(1, m.AskView("code"))))
        deaf.settimeout(0.2)
        with pytest.raises(OSError):  # noqa: PT011 - sent away, or so far behind that nothing goes any more
            deaf.sendall(question * 100_000)
        assert isinstance(engine.ask(m.AskWhere()), m.Where)
        deaf.close()

        last = Attached(place)
        heard(last, m.BeatBegan)
    assert until(lambda: any(isinstance(each, EngineLost) for each in last.receive(0.1)))
    assert until(lambda: not list(runtime.iterdir())), "nothing is left behind"
    assert meeting.places() == []


def test_an_engine_without_a_door_is_its_front_ends_alone(runtime):
    with Engine.start() as engine:
        assert isinstance(engine.ask(m.AskWhere()), m.Refused)
        assert not runtime.exists()


def test_what_is_not_the_users_own_is_not_trusted(tmp_path, runtime):
    runtime.mkdir(0o755)
    runtime.chmod(0o755)
    with pytest.raises(meeting.MeetingError):
        meeting.folder(make=True)
    runtime.rmdir()
    (tmp_path / "elsewhere").mkdir(0o700)
    runtime.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(meeting.MeetingError):
        meeting.folder(make=True)
    assert meeting.places() == []


def test_what_a_killed_engine_has_left_is_cleared_away(runtime):
    runtime.mkdir(0o700)
    left = runtime / "1-4194399"  # above the largest process id
    with socket.socket(socket.AF_UNIX) as sock:
        sock.bind(str(left))
    assert meeting.places() == []
    meeting.clear_away()
    assert not left.exists()


def test_the_same_user_is_at_the_other_end():
    here, there = socket.socketpair()
    with here, there:
        assert meeting.is_ours(here)
