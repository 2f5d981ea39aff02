"""The way back and forwards again returns every bit, whatever was changed on it, and within a bounded memory."""

import numpy as np
import pytest
from driving import CLOUD, do, opened, parameters, state, told, without, work_to

from nntui import messages as m
from nntui import words
from nntui.session import undoing
from nntui.session.run import training
from nntui.session.session import Session

EDITS = (
    "run 20", "set weights[0][1][0] 0.5", "run 10", "batch 9", "run 15", "use numpy", "run 10", "size 0.05",
    "activation relu", "run 10", "use loops", "twist biases[1][0] -0.25", "set biases[1][0] 1", "run 10",
    "method gradient", "run 10", "rate 0.5", "optimizer momentum", "run 12", "set biases[1][0] 1", "method twist",
    "run 5", "method gradient", "optimizer adam", "run 10", "output linear", "decay 0.1", "run 9",
)  # fmt: skip


def at_step(session):
    """What belongs to a step: not what one looks at, nor the future."""
    return without(state(session), "edits", "pointed", "beat")


def worked(session, step):
    """Work in the middle of a journey until it has come to this step or beyond."""
    run = session.desk.training
    while run.running and run.step < step:
        session.work(0.0)


@pytest.fixture(params=["log", "keyframes", "only the first keyframe"])
def budget(request, monkeypatch):
    """Ways to go back: by the log of what was replaced, by computing again from many keyframes or from one."""
    monkeypatch.setattr(training, "SLICE_SECONDS", 1e-9)
    if request.param == "keyframes":
        monkeypatch.setattr(training, "KEYFRAME_SECONDS", 0.0)
    return 64 * 1024 * 1024 if request.param == "log" else 12_000 if request.param == "keyframes" else 2_000


def test_every_step_is_reached_from_every_other(budget):
    session = opened(CLOUD, budget=budget)
    seen = {}
    for line in EDITS:
        if line.startswith("run"):
            for _ in range(int(line[4:])):
                seen[session.desk.training.step] = at_step(session)
                do(session, "run 1")
        else:
            do(session, line)
    last = session.desk.training.step
    seen[last] = at_step(session)
    places = np.random.default_rng(1).permutation([*range(0, last, 4), 20, 30, 45, 55, 65, last]).tolist()
    for place in places:
        do(session, f"goto {place}")
        assert at_step(session) == seen[place], place
    do(session, "goto 0", f"run {last}")
    assert at_step(session) == seen[last]
    do(session, "back 3 step", "step 3 step")
    assert at_step(session) == seen[last]


def test_edits_in_the_future_are_made_again_until_something_new_is_done():
    session = opened()
    do(session, "run 10", "set biases[0][0] 0.5", "run 10", "goto 5")
    notes = [fact.sentence for fact in told(do(session, "run 10"), m.Note)]
    assert notes == ["At step 10, as before: biases[0][0] set."]
    do(session, "goto 5", "set biases[0][1] 0.25")
    assert not told(do(session, "run 10"), m.Note)
    assert [edit.step for edit in session.desk.training.timeline.edits] == [5]


def test_what_is_saved_on_a_way_back_has_the_settings_of_its_step():
    session = opened(CLOUD)
    do(session, *EDITS, "goto 25")
    text = session.ask(m.AskScenario()).text
    other = opened(text)
    assert without(state(other), "edits", "made", "beat") == without(state(session), "edits", "made", "beat")


def test_a_snapshot_holds_the_future_too():
    session = opened(CLOUD)
    do(session, *EDITS, "goto 5")
    other = Session()
    other.restore(session.snapshot())
    assert other.snapshot() == session.snapshot()
    for each in (session, other):
        do(each, "run 80")
    assert at_step(other)["parameters"] == at_step(session)["parameters"]
    assert other.desk.scenario == session.desk.scenario


def test_a_journey_that_is_stopped_ends_where_it_began(budget):
    session = opened(CLOUD, budget=budget)
    do(session, "run 60", "step 7 line")
    before = state(session)
    session.handle(m.Goto(50))
    worked(session, 30)
    facts = session.handle(m.Stop()) + session.settle()
    assert state(session) == before
    assert told(facts, m.Moved) == [m.Moved(60, session.desk.training.epoch, session.desk.training.loss())]


def test_a_command_on_a_journey_waits_for_its_end(budget):
    session = opened(CLOUD, budget=budget)
    do(session, "run 60")
    session.handle(m.Goto(50))
    session.handle(m.SetValue("biases[0][0]", 0.5))
    session.handle(m.TwistSize(0.1))
    session.settle()
    assert [edit.step for edit in session.desk.training.timeline.edits] == [50, 50]
    assert session.desk.training.step == 50


def test_what_waits_for_the_end_of_a_journey_comes_before_what_stops_it():
    session = opened(CLOUD)
    do(session, "run 60")
    session.handle(m.Goto(50))
    session.handle(m.SetValue("biases[0][0]", 0.5))
    session.handle(m.Run(3))
    session.settle()
    assert [edit.step for edit in session.desk.training.timeline.edits] == [60]
    assert session.desk.training.step == 63


def test_the_past_takes_no_more_memory_than_its_budget(monkeypatch):
    monkeypatch.setattr(training, "SLICE_SECONDS", 1e-9)
    monkeypatch.setattr(training, "KEYFRAME_SECONDS", 0.0)
    session = opened(budget=100_000)
    timeline = session.desk.training.timeline
    for _ in range(6):
        do(session, "run 300", "set biases[0][0] 0.1")
        held, stretch = 0, timeline.past
        while stretch is not None:
            held += stretch.steps.nbytes + stretch.indices.nbytes + stretch.saved.nbytes
            stretch = stretch.before
        assert held <= timeline.past.total <= 50_000
        assert sum(k.size for k in timeline.keyframes) <= 50_000
        assert len(timeline.curve) <= 2048
    before = parameters(session)
    do(session, "goto 7", "goto 1800")
    assert parameters(session) == before


def test_the_runs_held_for_undo_are_bounded(monkeypatch):
    monkeypatch.setattr(undoing, "UNDO_BYTES", 300_000)
    session = opened()
    for seed in range(30):
        do(session, f"seed {seed}", "run 200")
        assert session._moments.bytes_beside(session.desk) <= 300_000 or len(session._moments) <= 2
    assert told(do(session, "undo"), m.Undone)


UNDONE = (
    "run 25", "try 3", "step 3 line", "step step", "step epoch", "back 2 step", "goto 2", "set biases[0][0] 2",
    "twist weights[0][0][0] 0.5", "use numpy", "size 1", "batch 3", "activation relu", "output linear", "method twist",
    "method gradient", "rate 0.3", "optimizer adam", "momentum 0.5", "decay 0.1",
    "seed 9", "data circle", "noise 0.2", "layers 2,5,1", "walk predict", "sample 5", "input 1 0.5", "break 33",
    "reset",
)  # fmt: skip


@pytest.mark.parametrize("line", UNDONE)
def test_each_command_can_be_taken_back(line):
    session = opened(CLOUD)
    do(session, "run 10", "set biases[0][1] 0.5", "step 9 line")
    before = without(state(session), "beat")
    facts = do(session, line)
    assert not told(facts, m.Error)
    undone = told(do(session, "undo"), m.Undone)
    assert undone[0].words == words.say(words.parse(line))
    assert without(state(session), "beat") == before
    assert parameters(session) == before["parameters"]


def test_taking_back_all_leads_to_the_start():
    session = opened(CLOUD)
    places = []
    for line in UNDONE:
        places.append(without(state(session), "beat"))
        do(session, line)
    for place in reversed(places):
        do(session, "undo")
        assert without(state(session), "beat") == place
    assert told(do(session, "undo"), m.Error)


def test_undo_in_mid_run_takes_back_the_run():
    session = opened()
    before = without(state(session), "beat")
    session.handle(m.Run(1000))
    work_to(session, 300)
    session.handle(m.Undo())
    session.settle()
    assert without(state(session), "beat") == before
