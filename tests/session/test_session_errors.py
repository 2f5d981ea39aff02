"""What is wrong is told in one sentence and changes nothing."""

import dataclasses
import math

import msgspec
import pytest
from driving import CORNERS, do, errors, opened, parameters, state, told, work_to

from nntui import messages as m
from nntui.session.session import Session, replay


@dataclasses.dataclass
class Stranger:
    count: int = 1


NO_MESSAGES = (
    None, 7, "step", b"step", [], {}, object(), Stranger(), math, Session, m.Step, {"type": "Nothing"},
    {"type": "Step", "count": 0}, m.AskWhere(), m.Position(), m.Step(count="2"), m.Step(count=-1), m.Step(count=10**30),
    m.Step(unit="mile"), m.Back(unit=None), m.Run(steps=2.5), m.Run(steps=None), m.SetValue("weights[0][0][0]", "1"),
    m.SetValue(7, 1.0), m.SetValue("x" * 1000, 1.0), m.TypeInput(()), m.TypeInput(("a",)), m.TypeInput(3),
    m.Layers((2.5, 1)), m.Reseed(-1), m.Reseed(2**40), m.Walk("home"), m.Answer(0), m.Open(7), m.Open("x" * 2_000_000),
    m.Break(-1), m.TwistSize(10**400), msgspec.defstruct("Step", ["count"])(1),
)  # fmt: skip

REFUSED = (
    m.SetValue("weights[9][0][0]", 1.0), m.SetValue("weights[0][0]", 1.0), m.SetValue("", 1.0),
    m.SetValue("weights[0][0][0]", math.nan), m.SetValue("biases[0][0]", math.inf), m.Twist("biases[0][0]", -math.inf),
    m.Point("nowhere"), m.Use("steam"), m.Use(""), m.Method("magic"), m.TwistSize(0.0), m.TwistSize(-1.0),
    m.TwistSize(math.nan), m.TwistSize(1e9), m.ChooseSample(4), m.TypeInput((1.0,)), m.TypeInput((1.0, math.nan)),
    m.TypeInput((1.0, 2.0, 3.0)), m.Activation("softmax"), m.Activation("sine"), m.OutputActivation("softmax"),
    m.UseData("mars"), m.Noise(0.2), m.Noise(math.nan), m.Layers((3, 1)), m.Layers((2,)), m.Layers((2, 20_001, 1)),
    m.Layers((2, 0, 1)), m.Break(1), m.Break(1_000_000), m.Goto(99, "neuron"), m.Goto(2, "into"), m.Goto(10**6, "line"),
    m.Goto(0, "call"), m.Next(), m.Previous(), m.Answer(1), m.Return(), m.Open("nonsense"), m.Open(""),
    m.Open(CORNERS + "[state]\nstep = 3\nsince_step = 4\n"), m.Open(CORNERS + "[state]\ninput = [1.0]\n"),
    m.Open(CORNERS + "[state]\ninput = [1.0, nan]\n"), m.Open(CORNERS + "[state.parameters]\nnothing = 1.0\n"),
    m.Open(CORNERS + '[state.parameters]\n"biases[0]" = [1.0]\n'), m.Open(CORNERS.replace("corners-xor", "file")),
)  # fmt: skip


@pytest.mark.parametrize("nonsense", NO_MESSAGES, ids=lambda value: type(value).__name__)
def test_what_is_no_command_is_refused(nonsense):
    session = opened()
    do(session, "run 5", "step 3 line")
    before, log = session.snapshot(), list(session.log)
    facts = session.handle(nonsense)
    assert [type(fact) for fact in facts] == [m.Error]
    assert facts[0].sentence
    assert (session.snapshot(), session.log) == (before, log)


@pytest.mark.parametrize("nonsense", NO_MESSAGES, ids=lambda value: type(value).__name__)
def test_what_is_no_query_is_refused(nonsense):
    session = opened()
    if not isinstance(nonsense, m.AskWhere):
        assert isinstance(session.ask(nonsense), m.Refused)


@pytest.mark.parametrize("command", REFUSED, ids=repr)
def test_a_refused_command_changes_nothing(command):
    session = opened()
    do(session, "run 5", "walk predict", "step 3 line")
    before, everything, log, undo = session.snapshot(), state(session), list(session.log), list(session._moments)
    facts = session.handle(command) + session.settle()
    assert len(errors(facts)) == 1
    assert (session.snapshot(), state(session), session.log, list(session._moments)) == (before, everything, log, undo)


@pytest.mark.parametrize("command", [m.Goto(99, "neuron"), m.Next(), m.Open("nonsense"), m.Layers((3, 1))], ids=repr)
def test_a_refused_command_that_stopped_a_run_is_replayed_as_the_stop(command):
    session = opened()
    session.handle(m.Run(1000))
    work_to(session, 123)
    facts = session.handle(command) + session.settle()
    assert errors(facts)
    assert session.desk.training.step == 123
    again = Session()
    replay(session.log, again)
    assert state(again) == state(session)


LINEAR = CORNERS.replace("[training]", 'activation = "linear"\noutput = "linear"\n[training]')


@pytest.mark.parametrize("rung", ["loops", "numpy"])
def test_an_overflow_stops_training_and_loses_nothing(rung):
    session = opened(LINEAR)
    do(session, f"use {rung}", "run 20")
    before = parameters(session)
    facts = do(session, "set weights[0][0][0] 1e200", "set weights[1][0][0] 1e200", "run 50")
    assert [fact.step for fact in told(facts, m.Overflowed)] == [20]
    assert told(facts, m.Trained)[0].steps == 0
    facts = do(session, "step 3 line", "step 600 line")
    assert len(told(facts, m.Overflowed)) == 1, "one that stops the walk, not one a line"
    for query in (m.AskWhere(), m.AskSummary(), m.AskWhy("loss"), *(m.AskView(view) for view in m.VIEWS)):
        session.ask(query)
    session.snapshot()
    do(session, "back step", "goto 20", *["undo"] * 7)
    assert parameters(session) == before


def test_an_overflow_on_the_way_leaves_the_steps_before_it():
    session, other = opened(LINEAR), opened(LINEAR)
    for each in (session, other):
        do(each, "run 10", "set weights[1][0][0] 1e200", "goto 0")
    facts = do(session, "run 100")
    step = told(facts, m.Overflowed)[0].step if told(facts, m.Overflowed) else 100
    do(other, *["run 1"] * step)
    assert parameters(session) == parameters(other)
    assert session.desk.training.step == other.desk.training.step == step


def test_a_breakpoint_does_not_make_an_overflow_go_on_for_ever():
    session = opened(LINEAR)
    do(session, "set weights[0][0][0] 1e200", "set weights[1][0][0] 1e200", "break 10000")
    session.desk.clock.breakpoints = (1,)  # a line that no call comes to
    facts = do(session, "run 1000")
    assert len(told(facts, m.Overflowed)) == 1


def test_a_broken_snapshot_is_refused_and_leaves_all_as_it_was():
    session = opened()
    do(session, "run 5")
    good = session.snapshot()
    found = msgspec.msgpack.decode(good)
    for bad in (b"", b"\xc1", good[:-1], msgspec.msgpack.encode({**found, "parameters": b"\0" * 16})):
        with pytest.raises((ValueError, msgspec.MsgspecError)):
            session.restore(bad)
        assert session.snapshot() == good


def test_steps_beyond_count_can_be_stopped():
    """What would take for ever without training comes back to the caller after a while."""
    session = opened()
    do(session, "walk predict")
    session.handle(m.Step(10**9, "line"))
    for _ in range(5):
        session.work(0.0)
    assert session.busy
    session.handle(m.Stop())
    assert not session.busy


def test_what_would_be_too_large_to_be_opened_is_not_saved():
    session = opened(CORNERS)
    do(session, "layers 2,15000,1")
    answer = session.ask(m.AskScenario())
    assert isinstance(answer, m.Refused)
    assert "and one of more than 1,000,000 is not opened" in answer.sentence
