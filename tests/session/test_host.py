"""The engine's side: the service and its clients in this process, and the engine process at a bare pipe."""

import contextlib
import itertools
import os
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nntui import messages as m
from nntui.session.process import client, pacing, pipe
from nntui.session.process import service as service_module
from nntui.session.process.clients import MOST_UNSENT
from nntui.session.process.compiler import Compiler
from nntui.session.process.pacing import Pace, Showing, intervals
from nntui.session.process.service import Service
from nntui.session.session import Session

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
PATIENCE = 20.0  # of a machine that does other things as well


def until(condition, seconds=PATIENCE):
    """Poll until something is so; what it was in the end."""
    deadline = time.monotonic() + seconds
    while not (found := condition()) and time.monotonic() < deadline:
        time.sleep(0.0005)
    return found


def alive(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, 0)
            return not Path("/proc").is_dir()
        return False
    return state != "Z"


@pytest.fixture(autouse=True)
def no_warming(monkeypatch):
    monkeypatch.setenv("NNTUI_NO_WARM", "1")


# ---------------------------------------------------------------- the service, in this process


class Listener:
    """A line to a client that takes everything, or that keeps everything waiting."""

    def __init__(self, stuck=False):
        self.envelopes = deque()
        self.stuck = stuck

    def put(self, *envelopes):
        self.envelopes.extend(envelopes)

    @property
    def unsent(self):
        return len(self.envelopes) if self.stuck else 0

    def bodies(self, *kinds):
        return [e.body for e in self.envelopes if not kinds or isinstance(e.body, kinds)]


class Table:
    """A service with clients around it."""

    def __init__(self, clients=1, begin=Session, warms=False):
        self.service = Service(begin, warms)
        self.lines = [Listener() for _ in range(clients)]
        self.clients = [self.service.join(line) for line in self.lines]
        self.numbers = itertools.count(1)

    def say(self, body, who=0):
        self.service.hear(self.clients[who], m.Envelope(who + 1, next(self.numbers), body))

    def turn(self):
        return self.service.turn()

    def settle(self):
        assert until(lambda: self.turn() is None)

    def ask(self, query, who=0):
        self.say(m.Ask(99, query), who)
        self.turn()
        return self.lines[who].bodies(m.Reply)[-1].result


def opened(**more):
    table = Table(**more)
    table.say(m.Open(SCENARIO))
    table.settle()
    return table


def kinds(bodies):
    return [type(body).__name__ for body in bodies if not isinstance(body, m.KeyframeLaid)]


def test_facts_go_to_all_and_replies_to_the_asker():
    table = opened(clients=2)
    table.say(m.Twist("weights[0][0][0]", 0.5), who=1)
    table.say(m.Ask(7, m.AskWhere()), who=1)
    table.settle()
    first, second = table.lines
    assert kinds(first.bodies()) == ["Opened", "Settled", "Changed", "Settled"]
    assert kinds(second.bodies()) == ["Opened", "Settled", "Changed", "Settled", "Reply"]
    assert second.bodies(m.Reply)[0].id == 7


def test_commands_of_all_clients_are_obeyed_in_order_of_arrival():
    table = opened(clients=2)
    for number in range(6):
        table.say(m.SetValue("biases[0][0]", float(number)), who=number % 2)
    table.settle()
    assert [fact.new for fact in table.lines[0].bodies(m.Changed)] == [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]


def test_messages_to_each_client_are_numbered_and_carry_its_own_place():
    table = opened(clients=2)
    table.say(m.Twist("weights[0][0][0]", 0.5), who=1)
    table.settle()
    for line, client_id in zip(table.lines, (1, 2), strict=True):
        assert [e.number for e in line.envelopes] == list(range(1, len(line.envelopes) + 1))
        assert {e.client for e in line.envelopes} == {client_id}
    settled = [[e.heard for e in line.envelopes if isinstance(e.body, m.Settled)] for line in table.lines]
    assert settled == [[1, 1], [0, 2]]


def test_steps_typed_quickly_are_all_taken(monkeypatch):
    monkeypatch.setattr(service_module, "SLICE_SECONDS", 60.0)  # a step fits into a slice, however busy the machine
    table = opened()
    for _ in range(5):
        table.say(m.Step(1, "step"))
    table.settle()
    assert table.ask(m.AskWhere()).step == 5


def test_a_refused_command_settles_too():
    table = opened()
    table.say(m.Twist("weights[0][0][0]", float("nan")))
    table.say(m.Step(0, "step"))
    table.settle()
    assert kinds(table.lines[0].bodies()) == ["Opened", "Settled", "Error", "Settled", "Error", "Settled"]


def test_another_client_leaves_and_the_first_ends_the_engine():
    table = opened(clients=2)
    table.say(m.Shutdown(), who=1)
    table.turn()
    assert not table.service.ended
    assert list(table.service.clients) == [table.clients[0]]
    table.say(m.Shutdown())
    table.turn()
    assert table.service.ended


def test_a_query_that_has_not_been_answered_can_be_cancelled():
    table = opened(clients=2)
    table.say(m.Ask(1, m.AskWhere()))
    table.say(m.Ask(1, m.AskWhere()), who=1)
    table.say(m.Cancel(1))
    table.turn()
    assert [len(line.bodies(m.Reply)) for line in table.lines] == [0, 1]


def test_what_is_neither_command_nor_query_is_answered():
    table = opened()
    table.say(m.Note("hello"))
    table.turn()
    assert "a Note is neither" in table.lines[0].bodies(m.Error)[0].sentence


def test_frames_come_one_at_a_time_and_the_next_after_the_last_was_shown():
    table = opened(clients=2)
    table.say(m.Subscribe(("network", "loss")))
    table.say(m.Run(20_000))
    table.settle()
    frames = table.lines[0].bodies(m.Frame)
    assert len(frames) == 1
    assert set(frames[0].sections) == {"network", "loss"}
    assert not table.lines[1].bodies(m.Frame)
    table.say(m.Acknowledge(frames[0].number))
    table.settle()
    assert [frame.status.step for frame in table.lines[0].bodies(m.Frame)][1:] == [20_000]
    table.say(m.Acknowledge(2))
    table.settle()
    assert len(table.lines[0].bodies(m.Frame)) == 2  # nothing has changed since


def test_a_new_subscription_is_answered_at_once_and_none_ends_the_frames():
    table = opened()
    table.say(m.Subscribe(("network",)))
    table.settle()
    table.say(m.Subscribe(("weights",), (10, 10)))
    table.settle()
    assert [list(frame.sections) for frame in table.lines[0].bodies(m.Frame)] == [["network"], ["weights"]]
    table.say(m.Subscribe(()))
    table.say(m.Step(1, "step"))
    table.settle()
    assert len(table.lines[0].bodies(m.Frame)) == 2


def test_each_view_has_its_own_size():
    table = opened()
    table.say(m.Subscribe(("picture", "network"), (8, 4), {"picture": (12, 6)}))
    table.settle()
    (frame,) = table.lines[0].bodies(m.Frame)
    assert frame.sections["picture"] == table.ask(m.AskView("picture", size=(12, 6)))
    assert frame.sections["picture"] != table.ask(m.AskView("picture", size=(8, 4)))


@pytest.fixture
def seldom(monkeypatch):
    """Frames beside a run that come for a reason alone, and views that are all cheap."""
    for name, value in {"OFTEN": 1e9, "SELDOM": 1e9, "CHEAP": 1e9, "PROMPT": 1e9, "STALLING": 1e9}.items():
        monkeypatch.setattr(pacing, name, value)


def running_and_shown(table, *views):
    table.say(m.Run(1_000_000_000))
    table.turn()
    table.say(m.Subscribe(views))
    table.turn()
    table.say(m.Acknowledge(1))
    for _ in range(5):
        table.turn()
    assert [set(frame.sections) for frame in table.lines[0].bodies(m.Frame)] == [set(views)]


def test_what_a_command_does_in_the_middle_of_a_run_is_seen_at_once(seldom):
    table = opened(clients=2)
    running_and_shown(table, "network", "twist")
    table.say(m.Point("weights[1][0][0]"), who=1)
    table.turn()
    frame = table.lines[0].bodies(m.Frame)[-1]
    assert frame.number == 2
    assert frame.status.running
    assert set(frame.sections) == {"network", "twist"}
    assert frame.sections["twist"].address == "weights[1][0][0]"


def test_costly_views_keep_their_pace_when_a_key_is_pressed(seldom, monkeypatch):
    monkeypatch.setattr(pacing, "PROMPT", -1.0)
    table = opened()
    running_and_shown(table, "network", "twist")
    table.say(m.Point("weights[1][0][0]"))
    table.turn()
    assert table.lines[0].bodies(m.Frame)[-1].sections == {}


def test_when_a_run_ends_one_frame_shows_all_that_is_stale(seldom):
    table = opened()
    running_and_shown(table, "network", "loss", "twist")
    table.say(m.Stop())
    table.settle()
    frame = table.lines[0].bodies(m.Frame)[-1]
    assert frame.number == 2
    assert not frame.status.running
    assert set(frame.sections) == {"network", "loss", "twist"}


costs = st.dictionaries(st.sampled_from(m.VIEWS), st.floats(0.0, 3.0))


@given(costs, st.floats(0.0, 0.1), st.floats(0.001, 0.5))
def test_all_views_together_take_no_more_than_their_share(views, status, share):
    all_costs = {**views, pacing.STATUS: status}
    every = intervals(all_costs, share)
    assert every.keys() == all_costs.keys()
    assert sum(cost / every[name] for name, cost in all_costs.items()) <= share * 1.001
    assert min(every.values()) >= pacing.OFTEN


def test_the_status_comes_often_and_a_costly_view_within_two_seconds():
    every = intervals({"twist": 0.018, "code": 0.012, "loss": 0.001, pacing.STATUS: 0.001}, 0.06)
    assert every[pacing.STATUS] < 1 / 12
    assert max(every.values()) < 2.0
    assert every["loss"] < every["code"]


def test_one_costly_view_in_a_frame_and_none_that_stalls():
    showing = Showing(m.Subscribe(("twist", "code", "loss", "picture")))
    for version, now in enumerate((0.0, 1000.0)):
        assert showing.due(version, now, running=False) == ["twist", "code", "loss", "picture"]
        priced = {pacing.STATUS: 0.001, "twist": 0.02, "code": 0.03, "loss": 0.001, "picture": 9.0}
        showing.shown(version, now, priced, 0.04)
    assert showing.wait(2, 1000.0) > 0.0
    (costly,) = set(showing.due(2, 2000.0, running=True)) - {"loss"}
    showing.shown(2, 2000.0, {pacing.STATUS: 0.001, costly: 0.02}, 0.04)
    assert set(showing.due(2, 2000.0, running=True)) == {"loss", *{"twist", "code"} - {costly}}
    assert "picture" in showing.due(2, 2000.0, running=False)


def test_an_outlier_says_nothing_of_what_a_view_costs():
    showing = Showing(m.Subscribe(("code",)))
    for version, cost in enumerate((0.001, 5.0)):
        showing.shown(version, 0.0, {pacing.STATUS: 0.001, "code": cost}, 0.04)
    showing.hurry()
    assert showing.wait(2, 0.0) == 0.0
    assert showing.due(2, 0.0, running=True) == ["code"]


def test_after_a_key_what_moves_anyway_keeps_its_pace():
    showing = Showing(m.Subscribe(("code", "diagram", "loss", "picture")))
    for version in range(2):
        costs = {pacing.STATUS: 0.001, "code": 0.001, "diagram": 0.001, "loss": 0.001, "picture": 0.001}
        showing.shown(version, 0.0, costs, 0.04)
    showing.hurry()
    assert showing.due(2, 0.0, running=True) == ["code", "diagram"]
    assert showing.due(2, 0.0, running=False) == ["code", "diagram", "loss", "picture"]


def test_keyframes_take_no_more_than_their_share(monkeypatch):
    now = 0.0
    monkeypatch.setattr(pacing.time, "perf_counter", lambda: now)
    pace = Pace(0.05)
    assert pace.wait() == 0.0
    now = 10.0
    pace.took(began=9.9)
    assert pace.wait() == pytest.approx(2.0)
    assert pace.wait(least=5.0) == pytest.approx(5.0)


def test_keyframes_are_laid_when_settled_and_while_running(monkeypatch):
    table = opened()
    laid = table.lines[0].bodies(m.KeyframeLaid)
    assert [keyframe.position.step for keyframe in laid] == [0]
    table.settle()
    assert len(table.lines[0].bodies(m.KeyframeLaid)) == 1  # nothing has changed
    monkeypatch.setattr(service_module, "KEYFRAME_SECONDS", 0.0)
    table.say(m.Run(10_000_000))
    assert until(lambda: table.turn() or len(table.lines[0].bodies(m.KeyframeLaid)) > 3)
    steps = [keyframe.position.step for keyframe in table.lines[0].bodies(m.KeyframeLaid)]
    assert steps == sorted(set(steps))


def told_of_a_run_and_a_twist(table):
    for command, fact in ((m.Run(300), m.Trained), (m.Twist("weights[0][0][0]", 0.5), m.Changed)):
        table.say(command)
        while not table.lines[0].bodies(fact):
            table.turn()
    return [type(body).__name__ for body in table.lines[0].bodies(m.KeyframeLaid, m.Trained, m.Changed)]


def test_what_is_told_at_rest_is_safe_by_then(monkeypatch):
    monkeypatch.setattr(service_module, "KEYFRAME_SHARE", 1e-9)  # by its pace none would be due for years
    told = told_of_a_run_and_a_twist(opened())
    assert told == ["KeyframeLaid", "KeyframeLaid", "Trained", "KeyframeLaid", "Changed"]


def test_keyframes_that_are_not_small_have_their_pace_at_rest_too(monkeypatch):
    monkeypatch.setattr(service_module, "KEYFRAME_SHARE", 1e-9)
    monkeypatch.setattr(service_module, "SMALL", 0)
    assert told_of_a_run_and_a_twist(opened()) == ["KeyframeLaid", "Trained", "Changed"]


def test_a_snapshot_is_taken_up_by_another_engine():
    one, other = opened(), Table()
    one.say(m.Run(300))
    one.settle()
    keyframe = one.lines[0].bodies(m.KeyframeLaid)[-1]
    other.say(m.Restore(keyframe.snapshot))
    other.settle()
    assert other.ask(m.AskView("weights")) == one.ask(m.AskView("weights"))
    for table in (one, other):
        table.say(m.Run(100))
        table.settle()
    assert other.ask(m.AskView("weights")) == one.ask(m.AskView("weights"))


@pytest.mark.parametrize("snapshot", [b"", b"rubbish", msgspec.msgpack.encode({"name": 3})])
def test_a_snapshot_that_is_none_changes_nothing(snapshot):
    table = opened()
    table.say(m.Restore(snapshot))
    table.settle()
    assert "cannot be taken up" in table.lines[0].bodies(m.Error)[0].sentence
    assert kinds(table.lines[0].bodies())[-1] == "Settled"
    assert table.ask(m.AskWhere()).title == "t"


def broken(*_):
    raise KeyError("a bug")


def test_a_fault_in_a_command_is_told_and_the_last_snapshot_taken_up(monkeypatch, capfd):
    table = opened()
    table.say(m.Run(300))
    table.settle()
    weights = table.ask(m.AskView("weights"))
    monkeypatch.setattr(table.service.session, "handle", broken)
    table.say(m.Run(1))
    table.settle()
    said = table.lines[0].bodies(m.Error)[0].sentence
    assert "something went wrong inside the engine (KeyError at service.py:" in said
    assert said.endswith("going on from step 300")
    assert "a bug" in capfd.readouterr().err
    assert table.ask(m.AskView("weights")) == weights
    table.say(m.Run(10))
    table.settle()
    assert table.lines[0].bodies(m.Trained)[-1].step == 310


def test_a_fault_while_working_ends_the_run_and_nothing_else(monkeypatch):
    table = opened()
    table.say(m.Run(1_000_000))
    table.turn()
    monkeypatch.setattr(table.service.session.desk.training, "work", broken)
    table.settle()
    for _ in range(3):
        table.turn()  # it has been said once, and is not said again
    assert kinds(table.lines[0].bodies())[-2:] == ["Error", "Settled"]
    assert table.ask(m.AskWhere()).title == "t"


def test_a_fault_before_anything_was_open(monkeypatch):
    table = Table()
    monkeypatch.setattr(table.service.session, "handle", broken)
    table.say(m.Open(SCENARIO))
    table.settle()
    assert "nothing is open now" in table.lines[0].bodies(m.Error)[0].sentence
    assert isinstance(table.ask(m.AskWhere()), m.Refused)


def test_a_fault_in_a_query_changes_nothing(monkeypatch):
    table = opened()
    session = table.service.session
    monkeypatch.setattr(session, "ask", broken)
    assert "something went wrong" in table.ask(m.AskWhere()).sentence
    table.say(m.Subscribe(("network",)))
    table.settle()
    assert "cannot be shown" in table.lines[0].bodies(m.Frame)[0].sections["network"].sentence
    assert table.service.session is session


def test_training_waits_for_a_client_that_does_not_keep_up():
    table = opened()
    table.lines[0].stuck = True
    table.say(m.Try(1_000_000))
    until(lambda: table.turn() != 0.0)
    held = table.ask(m.AskWhere()).step
    assert MOST_UNSENT < held < 1_000_000
    table.lines[0].stuck = False
    assert until(lambda: table.turn() == 0.0 and table.service.session.position.step > held)


class CountingCompiler(Compiler):
    """Makes nothing, and counts how often it was asked to."""

    def __init__(self):
        super().__init__(lambda: None)
        self.asked = 0

    def __call__(self, make):
        self.asked += 1
        return super().__call__(lambda: "a rung")


def test_a_rung_is_made_ready_unasked_and_then_found_so(monkeypatch):
    monkeypatch.setattr(service_module, "WARM_SECONDS", 0.0)
    compiler = CountingCompiler()
    table = opened(begin=lambda: Session(compiler), warms=True)
    assert compiler.asked == 1
    table.say(m.Use("numba"))
    assert until(lambda: table.turn() is None and table.lines[0].bodies(m.Ready))
    assert compiler.asked == 1
    assert kinds(table.lines[0].bodies(m.Preparing, m.Ready)) == ["Preparing", "Ready"]


def test_training_goes_on_where_the_rung_that_is_being_made_ready_is_not_wanted_any_more():
    never = type("Never", (), {"done": lambda self: False})
    table = opened(begin=lambda: Session(lambda make: never()))
    for command in (m.Use("numba"), m.Use("loops"), m.Run(10)):
        table.say(command)
    table.settle()
    assert table.lines[0].bodies(m.Trained)[-1].step == 10


def test_what_is_made_ready_in_the_thread_hands_on_its_fault():
    making = Compiler(lambda: None)(broken)
    assert until(making.done)
    with pytest.raises(KeyError):
        making.result()


# ---------------------------------------------------------------- parcels


def parcel(number, text="x"):
    return pipe.parcel(m.Envelope(1, number, m.Note(text)))


@given(st.lists(st.integers(0, 3), max_size=8), st.integers(1, 40))
def test_parcels_are_the_same_however_the_stream_is_cut(sizes, cut):
    stream = b"".join(parcel(number, "y" * 7 * size) for number, size in enumerate(sizes))
    parcels = pipe.Parcels()
    found = [packed for at in range(0, len(stream), cut) for packed in parcels.feed(stream[at : at + cut])]
    assert [m.decode(packed).number for packed in found] == list(range(len(sizes)))


@given(st.binary(min_size=1, max_size=60), st.integers(1, 9))
def test_the_parcel_behind_garbage_is_found(garbage, cut):
    if pipe.MARK in garbage:
        return
    stream = garbage + parcel(5)
    parcels = pipe.Parcels()
    found = [packed for at in range(0, len(stream), cut) for packed in parcels.feed(stream[at : at + cut])]
    assert found[:-1] == [b""]
    assert m.decode(found[-1]).number == 5


def test_an_absurd_length_is_garbage():
    assert [bool(found) for found in pipe.Parcels().feed(pipe.HEAD.pack(pipe.MARK, 2**32 - 1) + parcel(1))] == [0, 1]


def test_the_outbox_replaces_what_is_unsent_and_never_waits():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        outbox = pipe.Outbox(ours, "test")
        for number in range(200):
            outbox.put(m.Envelope(1, number, m.Note("z" * 10_000)))
            outbox.put(m.Envelope(1, number, m.KeyframeLaid(m.Position(number), b"")))
        theirs.settimeout(PATIENCE)
        parcels, found = pipe.Parcels(), []
        while not any(e.number == 199 and isinstance(e.body, m.KeyframeLaid) for e in found):
            found += [m.decode(packed) for packed in parcels.feed(theirs.recv(100_000))]
        laid = [e.number for e in found if isinstance(e.body, m.KeyframeLaid)]
        assert [e.number for e in found if isinstance(e.body, m.Note)] == list(range(200))
        assert laid[-1] == 199
        assert len(laid) < 200
        outbox.end()
        outbox.join(PATIENCE)


def test_what_cannot_be_sent_is_answered_all_the_same(capfd):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        outbox = pipe.Outbox(ours, "test")
        outbox.put(m.Envelope(1, 1, m.Reply(8, m.Reading("huge", 10**30))))
        theirs.settimeout(PATIENCE)
        (packed,) = pipe.Parcels().feed(theirs.recv(100_000))
        reply = m.decode(packed).body
        assert reply.id == 8
        assert "could not be sent" in reply.result.sentence
        outbox.end()
        outbox.join(PATIENCE)


# ---------------------------------------------------------------- the process, at a bare pipe


class Bare:
    """An engine process and the bytes that go to and come from it."""

    def __init__(self):
        self.socket, theirs = socket.socketpair()
        with theirs:
            self.process = client._started(theirs, None)
        self.socket.settimeout(PATIENCE)
        self.parcels = pipe.Parcels()
        self.found = []

    def say(self, body):
        self.socket.sendall(pipe.parcel(m.Envelope(1, 1, body)))

    def wait_for(self, kind):
        """The next message of a kind; all before it are kept."""
        while not any(isinstance(body, kind) for body in self.found):
            data = self.socket.recv(100_000)
            assert data, "the engine has ended"
            self.found += [m.decode(packed).body for packed in self.parcels.feed(data)]
        at = next(i for i, body in enumerate(self.found) if isinstance(body, kind))
        before, self.found = self.found[: at + 1], self.found[at + 1 :]
        return before


@pytest.fixture
def bare():
    made = Bare()
    yield made
    made.process.kill()
    made.process.wait()
    made.socket.close()


def test_garbage_on_the_pipe_is_answered_and_the_engine_goes_on(bare):
    bare.socket.sendall(b"\x00garbage" * 100)
    assert "no message" in bare.wait_for(m.Error)[-1].sentence
    ill_typed = msgspec.msgpack.encode({"client": 1, "number": "one", "body": {"type": "Open"}})
    bare.socket.sendall(pipe.HEAD.pack(pipe.MARK, len(ill_typed)) + ill_typed)
    assert "no message" in bare.wait_for(m.Error)[-1].sentence
    bare.say(m.Open(SCENARIO))
    assert bare.wait_for(m.Opened)[-1].title == "t"


def test_the_heart_beats_from_the_start(bare):
    bare.wait_for(m.Heartbeat)
    bare.wait_for(m.Heartbeat)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_while_it_trains(bare, number):
    bare.say(m.Open(SCENARIO))
    bare.say(m.Run(1_000_000_000))
    bare.wait_for(m.Opened)
    bare.process.send_signal(number)
    assert bare.process.wait(2.0) == 0


def test_ctrl_c_is_not_for_the_engine(bare):
    bare.say(m.Open(SCENARIO))
    bare.wait_for(m.Opened)
    assert os.getsid(bare.process.pid) == bare.process.pid
    bare.process.send_signal(signal.SIGINT)
    bare.say(m.Ask(1, m.AskWhere()))
    bare.wait_for(m.Reply)


def test_it_ends_with_the_pipe_while_it_trains(bare):
    bare.say(m.Open(SCENARIO))
    bare.say(m.Run(1_000_000_000))
    bare.wait_for(m.Opened)
    bare.socket.close()
    assert bare.process.wait(2.0) == 0


def test_queries_are_answered_while_numba_compiles(bare, monkeypatch, tmp_path):
    bare.process.kill()
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))  # an empty one: compiling takes seconds
    cold = Bare()
    try:
        cold.say(m.Open(SCENARIO))
        cold.say(m.Use("numba"))
        cold.wait_for(m.Preparing)
        for number in range(20):
            cold.say(m.Ask(number, m.AskWhere()))
            assert not [body for body in cold.wait_for(m.Reply) if isinstance(body, m.Ready)]
        cold.say(m.Run(1000))
        said = [body for body in cold.wait_for(m.Trained) if not isinstance(body, m.Heartbeat | m.KeyframeLaid)]
        assert kinds(said)[-2:] == ["Ready", "Trained"]
        assert said[-1].step == 1000
    finally:
        cold.process.kill()
        cold.process.wait()
        cold.socket.close()


FRONT_END = """
import sys, time
from nntui import messages as m
from nntui.session.process.client import Engine
engine = Engine.start()
engine.send(m.Open(sys.argv[1]))
list(engine.settle())
engine.send(m.Run(1_000_000_000))
print(engine.pid, flush=True)
time.sleep(600)
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP])
def test_the_engine_is_gone_within_a_second_of_its_front_end(number):
    command = [sys.executable, "-c", FRONT_END, SCENARIO]
    # Whoever runs the tests with nohup has SIGHUP ignored, and children inherit that.
    heeding = {"preexec_fn": lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **heeding) as front:
        pid = int(front.stdout.readline())
        assert alive(pid)
        front.send_signal(number)
        front.wait(30)
        assert until(lambda: not alive(pid))
