"""The views that a front end draws: what they hold, asked as it asks them."""

import math
from dataclasses import replace

import bowl
import pytest
from driving import CLOUD, CORNERS, LESSON, do, opened, told

from nntui import messages as m
from nntui import models
from nntui.sentences.answers import AnswerTeller
from nntui.sentences.numbers import Voice
from nntui.session import looking
from nntui.session.run import training
from nntui.session.session import Session

DEEP = CORNERS.replace("[2, 2, 1]", "[2, 2, 2, 1]")


def view(session, name, address="", size=(40, 20)):
    return session.ask(m.AskView(name, address, size))


def line_of(session, text):
    """The number of the line of the taught code that holds this."""
    return next(n for n, line in enumerate(session.desk.clock.source.lines, 1) if text in line)


def walk_to(session, text, times=1):
    """Step to where a line is about to run, for the so many-eth time."""
    line = line_of(session, text)
    while times:
        do(session, "step line")
        times -= view(session, "code").line == line


# ---------------------------------------------------------------- the line about to run


def test_the_code_names_what_a_line_uses():
    session = opened(CORNERS)
    do(session, "walk predict")
    assert view(session, "code").uses == ()
    walk_to(session, "total += weights", times=2)
    code, values = view(session, "code"), view(session, "values")
    assert code.uses == ("weights[0][0][1]", "inputs[1]")
    assert dict(values.in_hand) == {"weights": 0, "sources": 1}
    assert values.loops == ("layer", "neuron", "source")
    walk_to(session, "total += weights", times=4)
    assert view(session, "code").uses == ("weights[1][0][1]", "outputs[0][1]"), "the sources are the layer before"


def test_what_the_calling_line_uses_is_named_as_well():
    session = opened(CORNERS)
    do(session, "walk predict")
    walk_to(session, "= activate(total", times=2)
    assert view(session, "code").uses == ("outputs[0][1]",), "where it will be stored"
    do(session, "into")
    code = view(session, "code")
    assert [name for name, _ in code.stack] == ["predict", "activate"]
    assert code.uses == ("outputs[0][1]",)
    assert view(session, "values").in_hand == view(session, "values").loops == ()


def test_training_uses_samples():
    session = opened(CORNERS)
    do(session, "walk training")
    walk_to(session, "total += weights", times=8)
    assert view(session, "code").uses == ("weights[0][0][1]", "inputs[1][1]")
    walk_to(session, "error = answer")
    assert view(session, "code").uses == ("outputs[1][0]", "targets[1][0]")


def test_the_code_tells_how_far_the_call_is():
    session = opened(CORNERS)
    do(session, "walk predict", "step 7 line")
    code = view(session, "code")
    assert (code.event, code.events, code.note) == (7, len(session.desk.clock.trace), "")
    do(session, f"step {code.events - 7} line")
    assert view(session, "code").line == 0
    assert view(session, "code").event == view(session, "code").events


def test_while_training_runs_the_next_call_begins():
    session = opened(CLOUD)
    at_rest = view(session, "code"), view(session, "values")
    session.handle(m.Run(1000))
    running = view(session, "code"), view(session, "values")
    assert session.desk.clock._trace is None or session.desk.training.step == 0
    assert (running[0].line, running[0].stack) == (at_rest[0].line, at_rest[0].stack)
    assert running[1].values == at_rest[1].values
    session.settle()


# ---------------------------------------------------------------- the diagram


def test_the_diagram_shows_what_is_pointed_at_and_in_use():
    session = opened(CORNERS)
    do(session, "walk predict")
    found = view(session, "diagram")
    assert (found.pointed, found.uses, found.sample) == ("weights[0][0][0]", (), "sample 0")
    do(session, "point biases[1][0]")
    walk_to(session, "total += weights", times=2)
    found = view(session, "diagram")
    assert (found.pointed, found.uses) == ("biases[1][0]", ("weights[0][0][1]", "inputs[1]"))
    do(session, "walk training")
    walk_to(session, "total += weights", times=8)
    assert view(session, "diagram").uses == ("weights[0][0][1]", "inputs[1]")


def test_a_model_without_a_network_has_no_diagram():
    take_out = models.register(bowl.KIND)
    session = opened('format = 1\ntitle = "Bowl"\n[model]\nkind = "bowl"\n')
    take_out()
    for name in ("diagram", "network", "picture"):
        assert view(session, name) == m.Refused(f"a bowl has no {name}")


# ---------------------------------------------------------------- one parameter turned


def test_the_twist_inspector_tells_the_losses_beside_and_what_was_before():
    session = opened(CLOUD)
    address = "weights[0][1][0]"
    found = view(session, "twist", address)
    old, model = found.value, session.desk.model
    assert (found.before, found.last) == (None, "")
    do(session, f"set {address} 0.5")
    found = view(session, "twist", address)
    assert (found.value, found.before) == (0.5, old)
    flat = session.desk.training.parameters.copy()
    for loss, value in ((found.loss, 0.5), (found.loss_up, 0.5 + found.amount), (found.loss_down, 0.5 - found.amount)):
        flat[model.layout.index(address)] = value
        assert loss == model.loss(flat), "to the bit"
    assert len(found.curve.x) == 21
    assert found.curve.y[10] == pytest.approx(found.loss, rel=1e-12)
    seen = model.see(session.desk.training.parameters, session.desk.look)
    assert (found.outputs, found.target) == (seen.outputs, seen.target)
    do(session, "input 0.5 0.25")
    assert view(session, "twist", address).target is None


@pytest.mark.parametrize("value", [1e308, -1.7e308, 4e15, -1e15])
def test_a_parameter_as_large_as_can_be_is_looked_at(value):
    session = opened(DEEP)
    do(session, f"set weights[2][0][0] {value!r}")
    found = view(session, "twist", "weights[2][0][0]")
    assert isinstance(found, m.TwistView)
    assert found.value == value
    assert min(found.curve.x) <= value <= max(found.curve.x)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_no_number_is_looked_at_too(value):
    session = opened(CORNERS)
    session.desk.training.parameters[0] = value
    found = view(session, "twist", "weights[0][0][0]")
    assert isinstance(found, m.TwistView)
    assert AnswerTeller().tell(found, Voice())


def test_a_parameter_that_was_set_says_at_which_step_and_not_by_whom():
    session = opened(CORNERS)
    do(session, "run 7", "set weights[0][0][0] 0.5")
    assert session.ask(m.AskWhy("weights[0][0][0]")).terms[-1].name == "set at step 7"
    assert view(session, "twist", "weights[0][0][0]").last == "set at step 7"


def test_the_twist_inspector_while_training_runs():
    session = opened(CLOUD)
    session.handle(m.Run(1000))
    running = view(session, "twist", "biases[0][0]")
    do(session, "stop")
    at_rest = view(session, "twist", "biases[0][0]")
    assert running.loss == at_rest.loss
    assert running.loss_up == pytest.approx(at_rest.loss_up, rel=1e-12)


def test_of_an_expensive_model_the_curve_has_fewer_points(monkeypatch):
    monkeypatch.setattr(looking, "DEAR", 100)
    assert len(view(opened(CLOUD), "twist").curve.x) == 5


# ---------------------------------------------------------------- the settings


def settings(session):
    return {setting.word: setting for setting in view(session, "settings").settings}


def test_every_setting_is_what_its_word_takes():
    session = opened(CLOUD)
    rows = settings(session)
    assert {word: row.value for word, row in rows.items()} == {
        "data": "xor", "noise": "0", "layers": "2,3,1", "activation": "tanh", "output": "tanh", "seed": "5",
        "size": "0.3", "batch": "7", "use": "loops", "method": "twist",
    }  # fmt: skip
    assert {word for word, row in rows.items() if row.restarts} == {"data", "noise", "layers", "seed"}
    changes = {"noise": "0.123456789", "layers": "2,4,1", "activation": "relu", "output": "sigmoid", "seed": "9",
               "size": "0.25", "batch": "3", "use": "numpy"}  # fmt: skip
    for word, value in changes.items():
        assert not told(do(session, f"{word} {value}"), m.Error)
    for word, value in changes.items():
        assert settings(session)[word].value == value
    for word, row in settings(session).items():
        assert not told(do(session, f"{word} {row.value}"), m.Error), "its own value is one it takes"
        for choice in row.choices:
            if choice != "numba":  # takes seconds to compile
                assert not told(do(session, f"{word} {choice}", "undo"), m.Error)


def test_there_are_only_settings_that_can_be_changed():
    assert "noise" not in settings(opened(CORNERS)), "corners take no noise"
    digits = opened(
        'format = 1\ntitle = "Digits"\n[data]\nname = "digits"\nsamples = 20\n'
        '[model]\nkind = "mlp"\nlayers = [64, 10]\nloss = "cross-entropy"\n'
    )
    assert settings(digits)["output"].choices == ("softmax",)
    assert settings(digits)["batch"].hint == "a whole number from 1 to 20"
    take_out = models.register(bowl.KIND)
    session = opened('format = 1\ntitle = "Bowl"\n[model]\nkind = "bowl"\n')
    take_out()
    assert list(settings(session)) == ["seed", "size", "use", "method"]


def test_a_rung_that_is_absent_says_why(monkeypatch):
    session = opened(CLOUD)
    missing = replace(session.desk.model.rungs["numba"], make=None, absent="it is not installed")
    monkeypatch.setitem(session.desk.model.rungs, "numba", missing)
    compiled = ("numba-simd", "numba-parallel", "numba-fused", "numba-generated")
    assert settings(session)["use"].choices == ("loops", "numpy", *compiled)
    assert settings(session)["use"].absent == (("numba", "it is not installed"),)


# ---------------------------------------------------------------- the loss, and where one stands

TESTED = CLOUD.replace("samples = 40", "samples = 40\ntest_share = 0.25")
TESTED_FULL = TESTED.replace("batch_size = 7", "batch_size = 30")


def curves(session, size=(40, 20)):
    found = view(session, "loss", size=size)
    return {curve.name: list(zip(curve.x, curve.y, strict=True)) for curve in found.curves}


def test_the_loss_has_two_points_a_column_at_most():
    session = opened(CORNERS)
    do(session, "run 300")
    assert len(curves(session, m.AskView("loss").size)["loss"]) == 301, "without columns"
    some = curves(session, (40, 20))["loss"]
    assert 40 <= len(some) <= 80
    assert set(some) < set(curves(session, (9, 5))["loss"])
    assert (some[0][0], some[-1]) == (0.0, (300.0, session.desk.training.loss()))
    assert len(curves(session, (1, 1))["loss"]) == 2
    do(session, "run 5000")
    assert len(curves(session, (1000, 20))["loss"]) <= 400


def test_the_test_loss_is_measured_on_the_way():
    assert list(curves(opened(CLOUD))) == ["loss"]
    for text in (TESTED, TESTED_FULL):
        session = opened(text)
        do(session, "run 3000")
        measured = curves(session, (200, 20))["test loss"]
        assert 10 < len(measured) <= 400
        for step, loss in measured[:: len(measured) // 5]:
            do(session, f"goto {step:.0f}")
            assert session.desk.model.loss(session.desk.training.parameters, "test") == pytest.approx(loss, rel=1e-12)
        do(session, "goto 10")
        assert max(step for step, _ in curves(session)["test loss"]) <= 10


@pytest.mark.parametrize("text", [TESTED, TESTED_FULL], ids=["batches", "full batches"])
def test_how_work_is_cut_makes_no_difference_to_the_curves(text, monkeypatch):
    whole = opened(text)
    do(whole, "run 700", "goto 400", "run 900", "batch 3", "run 500")
    monkeypatch.setattr(training, "SLICE_SECONDS", 1e-9)
    cut = opened(text)
    do(cut, "run 123", "run 577", "goto 400")
    cut.handle(m.Run(900))
    while cut.busy:
        cut.work(0.0)
    do(cut, "batch 3", *["run 50"] * 10)
    for name in ("curve", "test_curve"):
        one, other = (getattr(session.desk.training.timeline, name).points for session in (whole, cut))
        assert one == other
        assert len(one) > 10


def test_what_one_has_gone_back_from_lies_ahead():
    session = opened(TESTED)
    do(session, "run 400", "set weights[0][0][0] 0.5", "run 100")
    before = curves(session, (200, 20))["loss"]
    assert session.status().furthest == 500
    do(session, "goto 200")
    found = curves(session, (200, 20))
    assert [point for point in before if point[0] > 200][:-1] == found["ahead"]
    assert view(session, "loss").now == 200.0
    assert (session.status().step, session.status().furthest) == (200, 500)
    assert view(session, "loss").marks == ((400.0, "edit"),), "it waits to be made again"
    again = Session()
    again.restore(session.snapshot())
    assert (again.status().step, again.status().furthest) == (200, 400)
    do(session, "undo")
    assert session.status().furthest == 500
    do(session, "goto 100", "set weights[0][0][0] 0.25")
    assert "ahead" not in curves(session), "the future that was there is no more"
    assert session.status().furthest == 100
    assert max(session.desk.training.timeline.test_curve.points) < 100


def test_a_journey_that_is_stopped_leaves_what_there_was(monkeypatch):
    session = opened(TESTED)
    do(session, "run 100")
    session.handle(m.Goto(100_000))
    session.work(0.0)
    assert session.status().running
    do(session, "stop")
    assert (session.status().step, session.status().furthest) == (100, 100)


def test_marks_tell_what_was_changed():
    session = opened(CLOUD)
    do(session, "run 2", "set weights[0][0][0] 0.5", "run 2", "use numpy", "use numpy", "size 0.1", "run 2", "batch 4",
       "activation relu", "output linear", "use loops", "run 1")  # fmt: skip
    assert view(session, "loss").marks == (
        (2.0, "edit"), (4.0, "rung numpy"), (4.0, "twists ±0.1"), (6.0, "batch 4"), (6.0, "activation relu"),
        (6.0, "output linear"), (6.0, "rung loops"),
    )  # fmt: skip
    for number in range(30):
        do(session, f"set weights[0][0][0] {number}")
    assert view(session, "loss").marks == ((7.0, "edit"),) * 20


def test_the_status_tells_where_one_stands():
    session = opened(CLOUD)
    status = session.status()
    assert (status.name, status.model, status.sample, status.walking) == (
        "test.toml", "2-3-1 tanh", "sample 0", "training",
    )  # fmt: skip
    assert not any((status.preparing, status.question, status.detoured, status.running))
    do(session, "walk predict", "sample 3")
    assert (session.status().walking, session.status().sample) == ("predict", "sample 3")
    do(session, "input 1 2")
    assert session.status().sample == "typed input"


def test_the_status_of_a_lesson():
    session = opened(LESSON)
    assert not session.status().detoured
    do(session, "set weights[0][0][0] 1")
    assert session.status().detoured
    do(session, "next")
    assert session.status().question
    assert not session.status().detoured
    do(session, "answer 1")
    assert not session.status().question


def test_the_status_while_a_rung_is_made_ready():
    class Never:
        def done(self):
            return False

    session = opened(CLOUD, preparer=lambda make: Never())
    session.handle(m.Use("numba"))
    assert session.status().preparing


# ---------------------------------------------------------------- what everyone looks at

SHOWING = LESSON.replace('say = "Two', 'show = ["code", "loss"]\nsay = "Two').replace(
    'say = "Four', 'show = ["picture"]\nsay = "Four'
)


def test_a_beat_tells_the_panes_that_are_to_be_seen():
    session = Session()
    began = told(session.handle(m.Open(SHOWING, "showing.toml")) + session.settle(), m.BeatBegan)
    began += told(do(session, "next", "answer 2", "next", "next", "previous"), m.BeatBegan)
    assert [(beat.number, beat.show) for beat in began] == [
        (1, ()), (2, ("code", "loss")), (3, ("code", "loss")), (4, ("picture",)), (3, ("code", "loss")),
    ]  # fmt: skip
    saved = session.ask(m.AskScenario()).text
    again = Session()
    assert told(again.handle(m.Open(saved, "again.toml")), m.BeatBegan)[0].show == ("code", "loss")


def test_the_parameter_tried_last_is_pointed_at():
    session = opened(CLOUD)
    do(session, "run 20")
    assert session.desk.pointed == "", "only steps that are told one by one"
    tried = told(do(session, "try 3"), m.Tried)
    assert view(session, "twist").address == view(session, "diagram").pointed == tried[-1].address
    tried = told(do(session, "step step"), m.Tried)
    assert session.desk.pointed == tried[-1].address
    do(session, "undo")
    assert session.desk.pointed == told(do(session, "undo", "try 3"), m.Tried)[-1].address
