"""Recordings through an engine's handle: where they are begun, and how another engine goes on with them."""

import os
import signal
from pathlib import Path

import pytest

from nntui import messages as m
from nntui.session.process.client import Engine
from nntui.session.process.inbox import EngineLost
from nntui.session.process.local import LocalEngine
from nntui.session.process.whereabouts import Whereabouts
from nntui.session.recording.reading import read
from nntui.session.recording.records import Ended, Happened, Keyframe
from nntui.session.recording.verifying import Verifier

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


def told(engine, *commands):
    """The facts of each command, until nothing is running."""
    facts = []
    for command in commands:
        engine.send(command)
        facts += list(engine.settle())
    return facts


def only(facts, kind):
    (found,) = [fact for fact in facts if isinstance(fact, kind)]
    return found


def whole(path):
    """A recording whose every line is right, and comes out again; its records."""
    scan = read(Path(path))
    assert not scan.damages
    assert not scan.torn
    verdict = Verifier(scan).run()
    assert verdict.equal, verdict
    return [line.record for line in scan.lines]


@pytest.fixture(params=[Engine, LocalEngine])
def either(request):
    with request.param.start() as engine:
        yield engine


@pytest.fixture
def engine():
    with LocalEngine.start() as engine:
        yield engine


@pytest.fixture
def recorded(tmp_path):
    """A recording of 60 steps in two runs."""
    path = tmp_path / "parent.nnrec"
    with LocalEngine.start() as engine:
        engine.record(path)
        told(engine, m.Open(SCENARIO, "small.toml"), m.Run(40), m.Mark("here"), m.Run(20))
    return path


def test_a_file_is_begun_when_something_is_open_and_named_after_it(engine, tmp_path):
    shelf = tmp_path / "data" / "recordings"
    engine.record(shelf, shelved=True)
    refused = told(engine, m.Run(3), m.Open("format = 1\n", "bad.toml"))
    assert {type(fact) for fact in refused} >= {m.Error}
    assert not shelf.exists()
    began = only(told(engine, m.Open(SCENARIO, "small.toml")), m.RecordingBegan)
    assert Path(began.path).parent == shelf
    assert Path(began.path).name.endswith("-small.nnrec")


def test_a_name_that_is_taken_is_said_and_the_session_goes_on(engine, tmp_path):
    path = tmp_path / "there.nnrec"
    path.write_text("mine")
    engine.record(path)
    facts = told(engine, m.Open(SCENARIO, "small.toml"), m.Run(3))
    assert "there already is a file" in only(facts, m.RecordingLost).sentence
    assert only(facts, m.Trained).step == 3
    assert path.read_text() == "mine"


def test_another_engine_goes_on_in_the_same_file(either, tmp_path):
    either.record(tmp_path / "shelf", shelved=True)
    began = only(told(either, m.Open(SCENARIO, "small.toml"), m.Run(30)), m.RecordingBegan)
    assert "step 30" in either.restart()
    told(either, m.Run(20))
    either.close()
    assert [path.name for path in (tmp_path / "shelf").iterdir()] == [Path(began.path).name]
    records = whole(began.path)
    assert [record.begins for record in records if isinstance(record, Keyframe)].count(True) == 1
    assert records[-1].position.step == 50
    assert isinstance(records[-1], Ended)


def test_another_engine_has_the_recording_open_where_it_stood(either, recorded):
    either.play(recorded)
    list(either.settle())
    before = only(told(either, m.Seek("mark", name="here")), m.PlayerMoved)
    assert "where it stood" in either.restart()
    after = only(list(either.settle()), m.PlayerMoved)
    assert (after.state, after.step) == ("paused", 40)
    assert after.at == pytest.approx(before.at)


def test_another_engine_goes_on_in_the_branch_and_comes_back_from_it(either, recorded, tmp_path):
    either.play(recorded, branches=tmp_path / "branches")
    list(either.settle())
    branch = only(told(either, m.Seek("mark", name="here"), m.Branch(), m.Run(7)), m.RecordingBegan)
    assert "step 47" in either.restart()
    assert only(told(either, m.Run(3)), m.Trained).step == 50
    back = told(either, m.Rejoin())
    assert only(back, m.PlayerMoved).step == 40
    refused = told(either, m.Run(1))
    assert any(isinstance(fact, m.Error) for fact in refused)
    either.close()
    assert whole(branch.path)[-1].position.step == 50
    assert read(Path(branch.path)).header.parent.file == "parent.nnrec"


def test_it_resumes_to_the_bit_where_a_recording_ends(engine, recorded, tmp_path):
    with LocalEngine.start() as straight:
        wanted = only(told(straight, m.Open(SCENARIO, "small.toml"), m.Run(100))[-2:], m.Trained)
    engine.record(tmp_path / "on.nnrec")
    engine.resume(recorded)
    facts = list(engine.settle())
    assert only(facts, m.Resumed) == m.Resumed("parent.nnrec", 60)
    assert only(facts, m.Opened).step == 60
    assert only(told(engine, m.Run(40)), m.Trained).loss == wanted.loss
    engine.close()
    assert whole(tmp_path / "on.nnrec")[0].parent.step == 60


def test_what_is_being_written_is_not_gone_on_from(engine, tmp_path):
    path = tmp_path / "live.nnrec"
    with LocalEngine.start() as other:
        other.record(path)
        told(other, m.Open(SCENARIO, "small.toml"))
        engine.resume(path)
        assert "still being written" in only(list(engine.settle()), m.Error).sentence


def test_another_lesson_closes_a_recording_that_is_played(engine, recorded, tmp_path):
    engine.record(tmp_path / "shelf", shelved=True)
    engine.play(recorded)
    list(engine.settle())
    assert any(isinstance(fact, m.Error) for fact in told(engine, m.Open("format = 1\n", "bad.toml")))
    facts = told(engine, m.Open(SCENARIO, "small.toml"), m.Run(3))
    assert only(facts, m.RecordingClosed).name == "parent.nnrec"
    assert only(facts, m.Trained).step == 3
    engine.close()
    assert whole(only(facts, m.RecordingBegan).path)[-1].position.step == 3


def test_while_it_plays_another_engine_plays_on_from_there():
    now = 0.0
    known = Whereabouts(lambda: now)
    known.sent(m.OpenRecording("a.nnrec"))
    known.heard(m.RecordingOpened("a.nnrec", "1", "", 60.0, 3))
    known.heard(m.PlayerMoved("playing", 10.0, 60.0, 0, 2.0))
    now = 5.0
    assert list(known.again(None)) == [m.OpenRecording("a.nnrec", at=20.0), m.Play(2.0)]
    known.heard(m.PlayerMoved("following", 60.0, 60.0, 0, 1.0))
    assert list(known.again(None)) == [m.OpenRecording("a.nnrec")]


def test_two_engines_that_replay_one_file_agree_to_the_bit(recorded):
    with Engine.start() as one, Engine.start() as other:
        found = []
        for engine in (one, other):
            engine.play(recorded)
            list(engine.settle())
            states = []
            for seek in (m.Seek("step", 33), m.Seek("percent", 100), m.Seek("mark", name="here")):
                told(engine, seek)
                states.append([engine.ask(m.AskView(view)) for view in ("weights", "loss", "twist")])
            found.append(states)
        assert found[0] == found[1]
        weights = [state[0].blocks for state in found[0]]
        assert weights[0] != weights[1] != weights[2]


def test_an_engine_that_is_killed_has_written_all_that_it_has_told(tmp_path):
    """Several times at whatever moment; `benchmarks/killed.py` does so at many more."""
    path = tmp_path / "killed.nnrec"
    with Engine.start() as engine:
        engine.record(path)
        engine.send(m.Open(SCENARIO, "small.toml"))
        list(engine.settle())
        for number in range(2):
            for command in (m.Mark(f"{number}"), m.Run(40), m.Twist("weights[0][0][0]", 0.1), m.Run(1_000_000_000)):
                engine.send(command)
            facts = []
            while not any(isinstance(fact, m.Marked) for fact in facts):
                facts += engine.receive(30.0)
            os.kill(engine.pid, signal.SIGKILL)
            while not any(isinstance(fact, EngineLost) for fact in facts):
                facts += engine.receive(30.0)
            written = [line.record.fact for line in read(path).lines if isinstance(line.record, Happened)]
            heard = [fact for fact in facts if isinstance(fact, m.Marked | m.Trained | m.Changed | m.Pointed)]
            assert heard
            assert all(fact in written for fact in heard)
            engine.restart()
        last = only(told(engine, m.Stop(), m.Mark("the end")), m.Marked)
    assert whole(path)[-1].position.step >= last.step


def test_a_file_that_a_lost_engine_has_begun_is_gone_on_with_and_no_other(tmp_path):
    path = tmp_path / "x.nnrec"
    known = Whereabouts()
    known.sent(m.Record(str(path)))
    assert list(known.again(None)) == [m.Record(str(path))]
    path.write_text("")
    assert list(known.again(None)) == [m.Record(str(path), going_on=True)]
    known = Whereabouts()
    known.sent(m.Record(str(path)))  # it lay there before
    assert list(known.again(None)) == [m.Record(str(path))]
