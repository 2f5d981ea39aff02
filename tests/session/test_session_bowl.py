"""A model that is nothing like a network: no data, no layers, two numbers. All of the session works on it."""

import io
import math

import bowl
import pytest
from driving import do, errors, opened, parameters, state, told, without

from nntui import messages as m
from nntui import models
from nntui.plain.front import Plain
from nntui.session.process.local import LocalEngine
from nntui.session.session import Session, replay

BOWL = """
format = 1
title = "Bowl"
[model]
kind = "bowl"
start = [0.5, 2.0]
seed = 6
[training]
twist = 1.5
[[beat]]
say = "A bowl."
do = ["run 30"]
expect = ["loss < 1"]
[[beat]]
say = "Deeper."
do = ["set spread 1", "run 50"]
"""
FREE = BOWL.split("[[beat]]")[0]


@pytest.fixture(autouse=True)
def registered():
    take_out = models.register(bowl.KIND)
    yield
    take_out()


def test_it_trains_down_and_keeps_its_rule():
    session = opened(FREE)
    for fact in told(do(session, "try 300"), m.Tried):
        assert fact.loss_after < fact.loss_before or not fact.kept
        assert session.desk.training.parameters[1] > 0
    mean, spread = session.desk.training.parameters
    assert abs(mean - 3) < 0.1
    assert abs(math.log(spread) - 1) < 0.1
    assert errors(do(session, "set spread 0")) == ["spread must be above zero"]
    assert errors(do(session, "twist spread -100")) == ["spread must be above zero"]


def test_walking_is_training():
    walked, at_once = opened(FREE), opened(FREE)
    for _ in range(20):
        step = walked.desk.training.step
        while walked.desk.training.step == step:
            do(walked, "step line")
        do(at_once, "run 1")
        assert parameters(walked) == parameters(at_once)


def test_it_goes_back_and_forth_and_is_replayed():
    session = opened(FREE)
    seen = []
    for step in range(40):
        seen.append(parameters(session))
        do(session, "run 1", *(["set mean 1"] if step == 20 else []), *(["size 0.2"] if step == 30 else []))
    for step in (35, 3, 0, 39, 22, 10):
        do(session, f"goto {step}")
        assert parameters(session) == seen[step]
    do(session, "step 3 line", "into", "out", "back over", "walk predict", "step 2 line", "step 9 line", "back 3 line")
    do(session, "twist mean 0.5", "undo", "walk training", "break 28", "run 10", "seed 2", "run 5", "reset", "undo")
    again = Session()
    replay(session.log, again)
    assert state(again) == state(session)


def test_it_is_saved_and_taken_up_again():
    session = opened(FREE)
    do(session, "run 20", "set spread 0.25", "step 4 line")
    again = Session()
    again.restore(session.snapshot())
    other = opened(session.ask(m.AskScenario()).text)
    for each in (again, other):
        assert without(state(each), "edits", "made", "beat") == without(state(session), "edits", "made", "beat")
    do(session, "run 30")
    do(again, "run 30")
    do(other, "run 30")
    assert parameters(session) == parameters(again) == parameters(other)


def test_what_it_has_not_is_refused():
    session = opened(FREE)
    for line in ("layers 2,1", "data xor", "noise 0.1", "batch 5", "activation relu", "output tanh", "sample 1", "sample 0",
                 "input 1 2", "use numpy", "step neuron", "step sample", "set weights[0] 1", "point spread[0]"):  # fmt: skip
        before = session.snapshot()
        facts = do(session, line)
        assert errors(facts), line
        assert session.snapshot() == before


def test_it_has_no_bug_to_be_found():
    session = opened(BOWL)
    assert errors(do(session, "walk bug 1")) == ["this model has no code with a bug in it; a network has"]
    assert session.desk.walk == "training"


def test_the_loss_along_a_parameter_ends_where_it_may_not_be():
    session = opened(FREE)
    do(session, "set spread 0.04")
    view = session.ask(m.AskView("twist", "spread"))
    assert view.loss_down == math.inf
    assert math.isfinite(view.loss_up)
    assert min(view.curve.x) > 0
    assert all(math.isfinite(y) for y in view.curve.y)


def test_every_word_is_answered_in_sentences(tmp_path):
    out = io.StringIO()
    with LocalEngine.start() as engine:
        plain = Plain(engine, out)
        plain.obey(m.Open(BOWL, "bowl.toml", ""))
        for line in (
            "where", "summary", "next", "run 10", "try 2", "step line", "step 3 line", "back line", "why", "why loss",
            "why spread", "show code", "show values", "show loss", "show twist spread", "set spread 0.04", "show twist spread", "show weights", "show network",
            "show picture", "set spread -1", "set spread 2", "twist mean 0.1", "point mean", "walk predict", "step line",
            "step 3 line", "goto 3 line", "goto 5 step", "step epoch", "back epoch", "undo", "return", "previous", "reset",
            "full", "where", "summary", "try 1", f"save {tmp_path}/bowl-saved.toml",
        ):  # fmt: skip
            plain.answer(line)
    said = out.getvalue()
    assert "A bowl." in said
    assert "spread" in said
    assert "Spread must be above zero" in said or "spread must be above zero" in said
    for stranger in ("Traceback", "went wrong", "sample 0", "neuron"):
        assert stranger not in said
    text = (tmp_path / "bowl-saved.toml").read_text()
    assert opened(text).desk.training.step >= 0


def test_its_loss_is_a_graph_too():
    session = opened(BOWL)
    do(session, "graph loss", "forward", "backward")
    exact = session.desk.model.gradient(session.desk.training.parameters)
    found = [session.ask(m.AskReading(f"gradient_{name}")).value for name in ("mean", "spread")]
    assert found == pytest.approx(exact.tolist())
    assert session.ask(m.AskComparison()).difference < 1e-10
