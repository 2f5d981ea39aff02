"""The front end's side: an engine in a process of its own, or in this one, through the same handle."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import msgspec
import numpy as np
import pytest

from nntui import messages as m
from nntui.session.process import client as client_module
from nntui.session.process.client import Engine, EngineLost
from nntui.session.process.inbox import MOST_UNREAD, Inbox
from nntui.session.process.local import LocalEngine
from nntui.session.subject import Snapshot

SCENARIO = """
format = 1
title = "t"
[data]
name = "corners-xor"
[model]
kind = "mlp"
layers = [2, 2, 1]
seed = 3
"""
PATIENCE = 20.0
THREADS = ("to the engine", "from the engine")


def until(condition, seconds=PATIENCE):
    """Poll until something is so; what it was in the end."""
    deadline = time.monotonic() + seconds
    while not (found := condition()) and time.monotonic() < deadline:
        time.sleep(0.005)
    return found


def gone(pid):
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, 0)
        return False
    return True


def threads():
    return [thread for thread in threading.enumerate() if thread.name in THREADS]


@pytest.fixture(autouse=True)
def nothing_is_left(monkeypatch):
    monkeypatch.setenv("NNTUI_NO_WARM", "1")
    pids = []
    start = client_module._started

    def started(*arguments):
        process = start(*arguments)
        pids.append(process.pid)
        return process

    monkeypatch.setattr(client_module, "_started", started)
    yield
    assert all(gone(pid) for pid in pids)
    assert not threads()


@pytest.fixture(params=[Engine, LocalEngine])
def either(request):
    with request.param.start() as engine:
        yield engine


@pytest.fixture
def engine():
    with Engine.start() as engine:
        engine.send(m.Open(SCENARIO))
        list(engine.settle())
        assert until(lambda: engine.keyframe)  # it comes right behind
        yield engine


def kinds(facts):
    return [type(fact).__name__ for fact in facts]


def received(engine, kind):
    """What is received up to the first of a kind."""
    found = []
    assert until(lambda: found.extend(engine.receive(0.05)) or any(isinstance(body, kind) for body in found))
    return found


# ---------------------------------------------------------------- the same for both


def test_a_session_in_order(either):
    either.send(m.Open(SCENARIO))
    assert kinds(either.settle()) == ["Opened", "Settled"]
    either.send(m.Run(100))
    either.send(m.Twist("weights[0][0][0]", 0.25))
    facts = list(either.settle())
    assert kinds(facts)[-1] == "Settled"
    assert sorted(kind for kind in kinds(facts) if kind != "Settled") == ["Changed", "Trained"]
    assert either.ask(m.AskWhere()).step == 100
    assert isinstance(either.ask(m.AskView("network")), m.NetworkView)


def test_mistakes_are_answered_and_settle_too(either):
    either.send(m.Run(3))
    assert kinds(either.settle()) == ["Error", "Settled"]
    assert isinstance(either.ask(m.AskWhere()), m.Refused)
    either.send(m.Open("no lesson"))
    assert kinds(either.settle()) == ["Error", "Settled"]


def test_settling_waits_for_the_last_command_sent(either):
    either.send(m.Open(SCENARIO))
    list(either.settle())
    for _ in range(20):
        either.send(m.Twist("weights[0][0][0]", 0.1))
    assert kinds(either.settle()).count("Changed") == 20
    assert not [fact for fact in either.receive(0.0) if not isinstance(fact, m.KeyframeLaid)]


def test_queries_are_answered_in_the_middle_of_a_run(either):
    either.send(m.Open(SCENARIO))
    list(either.settle())
    either.send(m.Run(1_000_000_000))
    first = either.ask(m.AskWhere()).step
    assert until(lambda: either.ask(m.AskWhere()).step > first)
    number = either.post(m.AskReading("step"))
    replies = [body for body in received(either, m.Reply) if isinstance(body, m.Reply)]
    assert [reply.id for reply in replies] == [number]
    either.send(m.Stop())
    stopped = [fact for fact in either.settle() if isinstance(fact, m.Trained)]
    assert stopped[0].stopped == "stopped"


def test_frames_are_received_and_acknowledged(either):
    either.send(m.Open(SCENARIO))
    list(either.settle())
    either.subscribe(("weights",))
    either.send(m.Run(1_000_000_000))
    numbers, steps = [], []
    while len(numbers) < 3:
        for frame in received(either, m.Frame):
            if isinstance(frame, m.Frame):
                numbers.append(frame.number)
                steps.append(frame.status.step)
                either.acknowledge(frame.number)
    assert numbers[:3] == [1, 2, 3]
    assert steps == sorted(steps)
    assert len(set(steps)) > 1


def test_restarting_goes_on_from_the_last_keyframe(either):
    assert "nothing is open" in either.restart()
    either.send(m.Open(SCENARIO))
    list(either.settle())
    either.send(m.Run(250))
    list(either.settle())
    weights = either.ask(m.AskView("weights"))
    assert until(lambda: either.receive(0.01) or (either.keyframe and either.keyframe.position.step == 250))
    assert "step 250" in either.restart()
    assert either.ask(m.AskView("weights")) == weights
    either.send(m.Run(10))
    assert [fact.step for fact in either.settle() if isinstance(fact, m.Trained)] == [260]


def test_closing_twice_and_what_is_done_afterwards(either):
    either.close()
    either.close()
    either.send(m.Run(1))
    with pytest.raises(EngineLost):
        either.ask(m.AskWhere())
    with pytest.raises(EngineLost):
        list(either.settle())


# ---------------------------------------------------------------- a process that is lost


def test_a_killed_engine_is_noticed_and_goes_on_where_the_last_keyframe_was(engine):
    engine.send(m.Run(1_000_000_000))
    assert until(lambda: engine.keyframe is not None and engine.keyframe.position.step > 0)
    os.kill(engine.pid, signal.SIGKILL)
    killed = time.monotonic()
    lost = received(engine, EngineLost)[-1]
    assert time.monotonic() - killed < 1.0
    assert "SIGKILL" in lost.reason
    assert engine.receive(0.0) == []  # it is told once
    keyframe = engine.keyframe
    assert f"step {keyframe.position.step:,}" in engine.restart()
    assert engine.ask(m.AskWhere()).step == keyframe.position.step
    saved = msgspec.msgpack.decode(keyframe.snapshot, type=Snapshot)
    values = [value for _, _, block in engine.ask(m.AskView("weights")).blocks for value in block]
    assert np.array_equal(values, np.frombuffer(saved.parameters, "<f8"))


def test_a_killed_engine_is_told_to_whoever_waits(engine):
    os.kill(engine.pid, signal.SIGKILL)
    engine.send(m.Run(1))
    with pytest.raises(EngineLost):
        list(engine.settle())
    with pytest.raises(EngineLost):
        engine.ask(m.AskWhere())


def test_a_stopped_engine_is_noticed_by_its_silence(engine):
    os.kill(engine.pid, signal.SIGSTOP)
    stopped = time.monotonic()
    for _ in range(100):
        engine.send(m.TypeInput((0.0,) * 2000))  # more than its pipe takes: nothing here waits
    assert time.monotonic() - stopped < 1.0
    assert "has not answered for 1.75 seconds" in received(engine, EngineLost)[-1].reason
    assert time.monotonic() - stopped < 4.0
    old = engine.pid
    engine.restart()
    assert gone(old)
    assert engine.ask(m.AskWhere()).title == "t"


HANGING = """
import time
from nntui import messages as m
from nntui.session import session
from nntui.session.process import host
obey = session.Session.handle
def handle(self, command):
    if isinstance(command, m.Point):
        time.sleep(600)
    return obey(self, command)
session.Session.handle = handle
host.main()
"""


def test_an_engine_that_hangs_says_so_and_can_be_started_anew(monkeypatch):
    popen = subprocess.Popen

    def hanging(command, **more):
        *python, _, _, number, parent = command  # for `-m nntui.session.process.host`
        return popen([*python, "-c", HANGING, number, parent], **more)

    monkeypatch.setattr(client_module.subprocess, "Popen", hanging)
    with Engine.start() as engine:
        engine.send(m.Open(SCENARIO))
        engine.send(m.Run(50))
        list(engine.settle())
        assert until(lambda: engine.keyframe and engine.keyframe.position.step == 50)
        assert engine.stuck == 0.0
        engine.send(m.Point("weights[0][0][0]"))
        assert until(lambda: engine.stuck)
        assert engine.stuck >= 1.0
        assert engine.receive(0.0) == []  # it lives, and wakes nobody
        engine.restart()
        assert engine.stuck == 0.0
        assert engine.ask(m.AskWhere()).step == 50


class Reader(threading.Thread):
    """Receives, as the thread of a screen does."""

    def __init__(self, engine):
        super().__init__(name="reader")
        self.engine, self.found, self.empty = engine, [], 0
        self.start()

    def run(self):
        while True:
            bodies = self.engine.receive()
            if not bodies:
                return  # closed
            for body in bodies:
                self.found.append(body)
                if isinstance(body, m.Frame):
                    self.engine.acknowledge(body.number)

    def has(self, condition):
        return until(lambda: any(condition(body) for body in list(self.found)))


@pytest.mark.parametrize("number", [None, signal.SIGKILL, signal.SIGSTOP])
def test_a_restart_in_a_thread_while_another_receives(engine, number):
    reader = Reader(engine)
    try:
        engine.subscribe(("weights",))
        engine.send(m.Run(1000))
        assert reader.has(lambda body: isinstance(body, m.Frame) and body.status.step == 1000)
        assert until(lambda: engine.keyframe.position.step == 1000)
        if number:
            os.kill(engine.pid, number)
            assert reader.has(lambda body: isinstance(body, EngineLost))
        old, said = engine.pid, []
        worker = threading.Thread(target=lambda: said.append(engine.restart()))
        worker.start()
        worker.join(PATIENCE)
        assert "step 1,000" in said[0]
        assert gone(old)
        engine.send(m.Run(10))  # the thread that started the engine has ended, the engine goes on
        assert reader.has(lambda body: isinstance(body, m.Trained) and body.step == 1010)
        assert reader.has(lambda body: isinstance(body, m.Frame) and body.status.step == 1010)
        assert sum(isinstance(body, EngineLost) for body in reader.found) == bool(number)
    finally:
        engine.close()
        reader.join(PATIENCE)
    assert not reader.is_alive()


def test_whoever_waits_for_an_answer_is_told_of_a_restart(engine):
    os.kill(engine.pid, signal.SIGSTOP)
    told = []

    def asking():
        with pytest.raises(EngineLost) as lost:
            engine.ask(m.AskWhere())
        told.append(lost.value.reason)

    worker = threading.Thread(target=asking)
    worker.start()
    assert until(lambda: engine._line.inbox._replies)
    engine.restart()
    worker.join(PATIENCE)
    assert told == ["the engine has been started anew"]
    assert engine.ask(m.AskWhere()).title == "t"


def test_receiving_through_a_restart_keeps_to_its_time(engine):
    engine.restart()
    engine.receive(0.5)
    began = time.monotonic()
    assert engine.receive(0.05) == []
    assert time.monotonic() - began >= 0.05


def test_a_closed_engine_is_not_started_anew(engine):
    engine.close()
    with pytest.raises(EngineLost, match="closed"):
        engine.restart()


def test_a_stopped_engine_is_closed(engine):
    os.kill(engine.pid, signal.SIGSTOP)
    engine.close()
    assert gone(engine.pid)


def test_subscriptions_outlive_a_restart(engine):
    engine.subscribe(("weights",))
    received(engine, m.Frame)
    engine.restart()
    frame = received(engine, m.Frame)[-1]
    assert list(frame.sections) == ["weights"]


def test_an_answer_that_takes_too_long_is_given_up(engine):
    os.kill(engine.pid, signal.SIGSTOP)
    assert "not answered" in engine.ask(m.AskWhere(), timeout=0.01).sentence
    os.kill(engine.pid, signal.SIGCONT)
    assert engine.ask(m.AskWhere()).title == "t"
    engine.send(m.Step(1, "step"))
    assert "Reply" not in kinds(engine.settle())


def test_a_million_facts_do_not_pile_up(engine):
    engine.send(m.Try(1_000_000))
    assert until(lambda: len(engine._line.inbox._unread) > MOST_UNREAD)
    assert engine.ask(m.AskWhere()).step < 1_000_000
    assert len(engine._line.inbox._unread) < 20 * MOST_UNREAD
    engine.send(m.Stop())
    facts = list(engine.settle())
    assert [fact.step for fact in facts if isinstance(fact, m.Tried)] == list(range(kinds(facts).count("Tried")))


def test_the_log_says_what_went_wrong(tmp_path, monkeypatch):
    monkeypatch.setenv("NNTUI_LOG", str(tmp_path / "log"))
    monkeypatch.setattr(client_module.sys, "executable", "/bin/false")
    with Engine.start() as engine, pytest.raises(EngineLost, match="exit code 1"):
        engine.ask(m.AskWhere())
    assert (tmp_path / "log").exists()


# ---------------------------------------------------------------- a program of its own


def python(code, *arguments):
    return subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, timeout=60)


def test_a_program_that_forgets_to_close_leaves_no_engine():
    code = (
        "import sys; from nntui import messages as m; from nntui.session.process.client import Engine\n"
        "e = Engine.start(); e.send(m.Open(sys.argv[1])); list(e.settle()); e.send(m.Run(10**9)); print(e.pid)"
    )
    done = python(code, SCENARIO)
    assert done.stderr == ""
    assert gone(int(done.stdout))


def test_the_front_end_imports_nothing_heavy():
    code = (
        "import sys, nntui.session.process.client\n"
        "heavy = ('numpy', 'numba', 'nntui.session.session', 'multiprocessing')\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    assert python(code).stdout.strip() == "[]"


def test_files_of_the_learner_are_not_taken_for_modules(tmp_path, monkeypatch):
    (tmp_path / "random.py").write_text("raise SystemExit('mine')")
    (tmp_path / "numpy.py").write_text("raise SystemExit('mine')")
    monkeypatch.chdir(tmp_path)
    with Engine.start() as engine:
        engine.send(m.Open(SCENARIO))
        assert kinds(engine.settle()) == ["Opened", "Settled"]


def test_a_front_end_that_was_stopped_itself_has_not_lost_its_engine():
    code = (
        "import os, signal, sys; from nntui import messages as m; from nntui.session.process.client import Engine\n"
        "e = Engine.start(); e.send(m.Open(sys.argv[1])); list(e.settle()); print(e.pid, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGSTOP)\n"
        "print(e.ask(m.AskWhere()).title); e.receive(0.3); print(e.ask(m.AskWhere()).title)"
    )
    with subprocess.Popen([sys.executable, "-c", code, SCENARIO], stdout=subprocess.PIPE, text=True) as front:
        front.stdout.readline()
        os.waitid(os.P_PID, front.pid, os.WSTOPPED | os.WNOWAIT)
        since = time.monotonic()
        until(lambda: time.monotonic() - since > 2.5)
        front.send_signal(signal.SIGCONT)
        assert front.stdout.read().split() == ["t", "t"]


def test_the_inbox_tells_the_loss_once_and_after_all_else():
    inbox = Inbox()
    inbox.put(m.Envelope(1, 1, m.Note("a")))
    inbox.lose("gone")
    note, lost = inbox.take(0.0)
    assert (note.sentence, lost.reason) == ("a", "gone")
    assert inbox.take(0.0) == []


def test_the_package_is_found_where_nntui_lies():
    assert (client_module.ROOT / "nntui" / "messages" / "__init__.py").is_file()
    assert Path(client_module.__file__).is_relative_to(client_module.ROOT)
