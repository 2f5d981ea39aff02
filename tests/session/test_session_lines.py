"""The line clock: every unit in both directions, numbers, breakpoints, edits in mid-call, calls too long to record."""

import pytest
from driving import CLOUD, CORNERS, do, errors, opened, parameters, state, told, without

from nntui import messages as m
from nntui.session.walking import walk as walk_module
from nntui.trace import units

SMALL = CORNERS.replace("batch_size = 4", "batch_size = 2")
BIG = """
format = 1
title = "Big"
[data]
name = "digits"
[model]
kind = "mlp"
layers = [64, 256, 10]
loss = "cross-entropy"
[training]
batch_size = 1000
rung = "numpy"
"""


def place(session):
    desk = session.desk
    return (desk.training.step, desk.look.sample, desk.clock.event)


def line_at(session):
    clock = session.desk.clock
    return clock.source.line_text(clock.trace.lines[clock.event]).strip()


@pytest.mark.parametrize("walk", ["training", "predict"])
@pytest.mark.parametrize("unit", ["line", "call", "neuron", "layer", "sample"])
def test_back_leads_over_the_places_that_forwards_led_over(unit, walk):
    session = opened(CLOUD.replace("batch_size = 7", "batch_size = 2"))
    do(session, f"walk {walk}")
    if unit == "sample" and walk == "predict":
        do(session, *["step sample"] * 3)
        assert place(session) == (0, 3, 0)
        do(session, *["back sample"] * 3)
        assert place(session) == (0, 0, 0)
        assert errors(do(session, "back sample"))
        return
    places = [place(session)]
    while len(places) < 30 or places[-1][:2] == places[0][:2]:
        assert not errors(do(session, f"step {unit}"))
        places.append(place(session))
    # Going back passes over the two ends of a call, unless they begin such a unit or lines are what is gone by.
    end = max(at[2] for at in places) if walk == "predict" and unit != "line" else -1
    passed = [at for at in places[:-1] if unit == "line" or at[2] not in (0, end)]
    for expected in reversed(passed):
        do(session, f"back {unit}")
        assert place(session) == expected


def test_a_count_is_so_many_single_ones():
    for unit in ("line", "into", "over", "call", "pass", "neuron", "layer", "sample"):
        one_by_one, at_once = opened(SMALL), opened(SMALL)
        do(one_by_one, *[f"step {unit}"] * 50)
        do(at_once, f"step 50 {unit}")
        assert state(one_by_one) == state(at_once)
        do(one_by_one, *[f"back {unit}"] * 45)
        do(at_once, f"back 45 {unit}")
        assert without(state(one_by_one), "beat") == without(state(at_once), "beat"), unit


def test_into_over_and_out():
    session = opened(SMALL)
    walked = told(do(session, "into"), m.Walked)[-1]
    assert (walked.function, walked.depth) == ("batch_loss", 1)
    walked = told(do(session, "into"), m.Walked)[-1]
    assert walked.function == "predict"
    walked = told(do(session, "out"), m.Walked)[-1]
    assert walked.function == "batch_loss"
    do(session, "back out")
    walked = told(do(session, "goto 0 line", "over"), m.Walked)[-1]
    assert (walked.function, walked.depth) == ("try_a_twist", 0)
    assert any(change.name == "loss_before" for change in walked.changes)
    walked = told(do(session, "back over"), m.Walked)[-1]
    assert (walked.event, walked.function) == (0, "try_a_twist")
    do(session, "step 2 over", "out")
    assert place(session) == (1, 0, 0), "out of the outermost function lies the next step"


def test_goto_goes_to_numbers():
    session = opened(SMALL)
    do(session, "walk predict")
    do(session, "goto 7 line")
    assert session.desk.clock.event == 7
    do(session, "goto 1 layer")
    assert session.desk.clock.cursor.locals()["layer"] == 1
    do(session, "goto 0 layer", "goto 1 neuron")
    values = session.desk.clock.cursor.locals()
    assert (values["layer"], values["neuron"]) == (0, 1)
    do(session, "step line", "step line", "goto 2 pass")
    assert session.desk.clock.cursor.locals()["source"] == 1
    do(session, "goto 2 call")
    assert session.desk.clock.event == session.desk.clock.trace.calls[1]
    do(session, "goto 3 sample")
    assert place(session) == (0, 3, 0)
    do(session, "input 0.5 0.5", "goto 2 sample")
    assert session.desk.look.typed == ()
    assert place(session) == (0, 2, 0)


def line_number(session, text):
    source = session.desk.clock.source
    return next(n for n in range(1, 200) if source.line_text(n).strip() == text)


def test_a_run_stops_at_every_breakpoint():
    session = opened(SMALL)
    line = line_number(session, "kept = loss_after < loss_before")
    do(session, f"break {line}")
    for step in range(3):
        facts = do(session, "run 10")
        assert told(facts, m.Walked)[-1].next_line == line
        assert session.desk.training.step == step
        assert not told(facts, m.Trained)
    do(session, f"break {line}")
    assert session.desk.clock.breakpoints == ()
    assert told(do(session, "run 10"), m.Trained)
    line = line_number(session, "total += weights[layer][neuron][source] * sources[source]")
    do(session, f"break {line}", "walk training")
    places = []
    for _ in range(60):
        do(session, "run 1")
        places.append(place(session))
        assert line_at(session) == session.desk.clock.source.line_text(line).strip()
    assert places == sorted(set(places)), "each time round the loop, and on into the next step"
    assert places[-1][0] > places[0][0]


def test_breakpoints_change_nothing_that_is_computed():
    stopped, straight = opened(SMALL), opened(SMALL)
    line = line_number(stopped, "kept = loss_after < loss_before")
    do(stopped, f"break {line}", *["run 5"] * 6, f"break {line}", "step step")
    do(straight, f"run {stopped.desk.training.step}")
    assert parameters(stopped) == parameters(straight)


def test_arrays_pass_breakpoints_and_say_so():
    session = opened(SMALL)
    do(session, "use numpy", f"break {line_number(session, 'kept = loss_after < loss_before')}")
    facts = do(session, "run 10")
    assert session.desk.training.step == 10
    assert "passes breakpoints" in told(facts, m.Note)[0].sentence


def test_longer_moves_stop_at_a_breakpoint():
    session = opened(SMALL)
    line = line_number(session, "saved = weights[layer][neuron][source]")
    other = line_number(session, "saved = biases[layer][neuron]")
    do(session, f"break {line}", f"break {other}")
    assert session.desk.clock.breakpoints == tuple(sorted((line, other)))
    walked = told(do(session, "step 2 over"), m.Walked)[-1]
    assert walked.next_line in (line, other) or walked.next_text.startswith("if source")


@pytest.mark.parametrize("event", [3, 40, 77, 130])
def test_an_edit_in_mid_call_keeps_the_line_and_the_pass(event):
    session = opened(SMALL)
    do(session, f"step {event} line")
    clock = session.desk.clock
    before = (line_at(session), clock.trace.event(clock.event).function, units.pass_of(clock.trace, clock.event))
    do(session, "set weights[0][0][0] 0.123", "twist biases[0][1] 0.5", "activation sigmoid", "size 0.9")
    after = (line_at(session), clock.trace.event(clock.event).function, units.pass_of(clock.trace, clock.event))
    assert after == before
    assert clock.trace.before[0][0][0][0] == 0.123
    do(session, "step 300 line")


def test_back_over_the_beginning_of_a_call_leads_into_the_one_before():
    session = opened(CLOUD)
    do(session, "run 12")
    before = parameters(session)
    walked = told(do(session, "back line"), m.Walked)[-1]
    assert session.desk.training.step == 11
    assert session.desk.clock.event == len(session.desk.clock.trace) - 1
    assert walked.moved < 0
    do(session, "step line")
    assert session.desk.training.step == 12
    assert parameters(session) == before
    start = opened(CLOUD)
    assert errors(do(start, "back line"))
    do(start, "step 3 line", "back 9 line")
    assert place(start) == (0, 0, 0)


def test_the_last_line_tells_what_was_returned():
    session = opened(SMALL)
    do(session, "walk predict")
    lines = len(session.desk.clock.trace)
    walked = told(do(session, f"step {lines} line"), m.Walked)[-1]
    assert walked.next_line == 0
    assert walked.returned == m.ListValue(
        "", session.desk.model.see(session.desk.training.parameters, session.desk.look).outputs, 1
    )
    do(session, "step line")
    assert place(session) == (0, 1, 0), "after a prediction comes the next sample"


def test_a_call_too_long_says_what_can_be_done(monkeypatch):
    monkeypatch.setattr(walk_module, "MOST_EVENTS", 5_000)
    session = opened(BIG)
    for line in ("step line", "step neuron", "step sample", "goto 3 line"):
        before = session.snapshot()
        facts = do(session, line)
        assert "too many to record" in errors(facts)[0]
        assert "walk predict" in errors(facts)[0]
        assert session.snapshot() == before
    assert "too many to record" in session.ask(m.AskView("code")).note
    assert session.ask(m.AskView("values")) == m.ValuesView("try_a_twist", (), ())
    assert told(do(session, "step step"), m.Tried)
    facts = do(session, "break 122", "run 2")
    assert session.desk.training.step == 3
    facts = do(session, "walk training")
    assert told(facts, m.WalkChosen) == [m.WalkChosen("training", 0, "")]
    assert not errors(do(session, "walk predict", "step sample", "step neuron", "step 3 line"))
    assert session.desk.look.sample == 1


def test_a_batch_too_long_to_record_is_set_all_the_same(monkeypatch):
    monkeypatch.setattr(walk_module, "MOST_EVENTS", 5_000)
    session = opened(BIG.replace("batch_size = 1000", "batch_size = 1"))
    do(session, "step 9 line")
    assert not errors(do(session, "batch 1000"))
    assert session.desk.training.settings.batch_size == 1000
    assert session.desk.clock.event == 0


def test_until_runs_to_the_next_time_that_a_line_is_about_to_run():
    session = opened(CORNERS)
    do(session, "walk predict", "until 36")
    assert line_at(session).startswith("total +=")
    first = session.desk.clock.event
    do(session, "until 36")
    assert line_at(session).startswith("total +=")
    assert session.desk.clock.event > first


def test_until_a_line_that_runs_no_more_says_so_and_stays():
    session = opened(CORNERS)
    do(session, "walk predict", "until 36", "until 41")
    here = place(session)
    assert "line 36" in errors(do(session, "until 36"))[0]
    assert place(session) == here


def test_a_long_call_is_recorded_when_somebody_steps_into_it_not_before(monkeypatch):
    monkeypatch.setattr(walk_module, "GLANCE_EVENTS", 50)
    session = opened(CORNERS)
    for view in (session.ask(m.AskView("code")), session.ask(m.AskView("code"))):
        assert (view.line, view.event, view.events) == (session.desk.clock.first_line, 0, 0)
    assert session.ask(m.AskView("values")).values[0][0] == "weights"
    do(session, "step")
    assert session.ask(m.AskView("code")).events > 50
    do(session, "walk predict")  # a short one
    assert session.ask(m.AskView("code")).events > 0
