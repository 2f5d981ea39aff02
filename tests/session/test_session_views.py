"""The views that a front end draws: what they hold, asked as it asks them."""

from dataclasses import replace

import bowl
import pytest
from driving import CLOUD, CORNERS, do, opened, told

from nntui import messages as m
from nntui import models
from nntui.session import looking


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
    assert settings(session)["use"].choices == ("loops", "numpy")
    assert settings(session)["use"].absent == (("numba", "it is not installed"),)
