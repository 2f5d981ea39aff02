"""Gradient descent through the session: its words and settings, its past and future, what is told, what is refused."""

import math

import numpy as np
import pytest
from driving import CLOUD, CORNERS, do, errors, opened, parameters, state, told, without, work_to

from nntui import messages as m
from nntui import words
from nntui.models.mlp import loops
from nntui.scenario.check import check
from nntui.session.run import training
from nntui.session.session import Session, replay

DOWNHILL = CLOUD.replace(
    "batch_size = 7", 'batch_size = 7\nmethod = "gradient"\noptimizer = "adam"\nlearning_rate = 0.05'
)
OPTIMIZERS = ["sgd", "momentum", "adam"]


def downhill(optimizer="sgd", text=CLOUD, **options):
    session = opened(text, **options)
    do(session, "method gradient", f"optimizer {optimizer}")
    return session


# ---------------------------------------------------------------- training


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_loss_falls(optimizer):
    session = downhill(optimizer, CORNERS)
    before = session.desk.training.loss()
    trained = told(do(session, "run 300"), m.Trained)[0]
    assert (trained.steps, trained.kept, trained.method) == (300, 0, "gradient")
    assert trained.loss == session.desk.training.loss() < before / 2


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_how_the_work_is_cut_makes_no_difference(optimizer, monkeypatch):
    at_once = downhill(optimizer)
    do(at_once, "run 40")
    monkeypatch.setattr(training, "SLICE_SECONDS", 1e-9)
    one_by_one = downhill(optimizer)
    do(one_by_one, *["run 1"] * 25, "step 15 step")
    assert state(one_by_one) == state(at_once)


def test_a_scenario_file_can_ask_for_it():
    session, by_words = opened(DOWNHILL), downhill("adam")
    do(by_words, "rate 0.05")
    for each in (session, by_words):
        do(each, "run 20")
    assert parameters(session) == parameters(by_words)
    settings = session.desk.training.settings
    assert (settings.method, settings.optimizer, settings.learning_rate) == ("gradient", "adam", 0.05)


def test_only_weights_train_where_the_scenario_says_so():
    for method in ("gradient", "twist"):
        session = opened(CLOUD.replace("seed = 5", 'seed = 5\ntrain = "weights"'))
        do(session, f"method {method}", "set biases[0][1] 0.5", "run 50")
        views = session.desk.model.layout.views(session.desk.training.parameters)
        assert views["biases[0]"].tolist() == [0.0, 0.5, 0.0]
        assert views["biases[1]"].tolist() == [0.0]
        why = session.ask(m.AskWhy("biases[0][1]"))
        assert why.terms[1].name == "set at step 0"
        assert "nothing has changed it" in session.ask(m.AskWhy("biases[0][0]")).note


# ---------------------------------------------------------------- what is told


def test_a_single_step_is_told():
    session = downhill()
    run = session.desk.training
    before, loss_before = run.parameters.copy(), run.loss()
    batch = run.plan(1).order
    gradient = session.desk.model.gradient(before, batch)
    fact = told(do(session, "step step"), m.Descended)[0]
    moved = np.abs(run.parameters - before)
    index = session.desk.model.layout.index(fact.largest)
    assert (fact.step, fact.loss, fact.loss_before) == (0, run.loss(), loss_before)
    assert fact.norm == pytest.approx(np.linalg.norm(gradient), rel=1e-12)
    assert moved[index] == moved.max()
    assert (fact.before, fact.after) == (before[index], run.parameters[index])
    np.testing.assert_allclose(run.parameters, before - 0.1 * gradient, rtol=1e-12)
    assert len(told(do(session, "try 3"), m.Descended)) == 3
    assert not told(do(session, "run 3"), m.Descended)


def test_why_a_weight_is_what_it_is():
    session = downhill()
    start = session.desk.training.parameters[0]
    do(session, "step step")
    why = session.ask(m.AskWhy("weights[0][0][0]"))
    assert [term.name for term in why.terms] == ["its value at step 0", "the step downhill at step 0"]
    do(session, "run 20")
    why = session.ask(m.AskWhy("weights[0][0][0]"))
    assert [term.name for term in why.terms] == ["its value at step 0", "the 21 steps downhill since"]
    assert why.terms[0].value == start
    assert why.terms[0].value + why.terms[1].value == pytest.approx(why.value, rel=1e-15)
    do(session, "set weights[0][0][0] 0.5", "run 2")
    why = session.ask(m.AskWhy("weights[0][0][0]"))
    assert why.terms[0].value == 0.5
    assert why.terms[1].name == "the 2 steps downhill since"


def test_the_summary_says_how():
    session = downhill()
    assert session.ask(m.AskSummary()).training.startswith("by the gradient, learning rate 0.1, batches of 7")
    do(session, "optimizer momentum", "momentum 0.5", "rate 0.2", "decay 0.01")
    how = session.ask(m.AskSummary()).training
    assert how.startswith("by the gradient, learning rate 0.2, momentum 0.5, weight decay 0.01")


def test_settings_are_those_of_the_method():
    session = opened(CLOUD)
    assert {"size", "method"} <= setting_words(session)
    assert not {"rate", "optimizer"} & setting_words(session)
    do(session, "method gradient")
    assert {"rate", "optimizer", "decay", "method"} <= setting_words(session)
    assert not {"size", "momentum"} & setting_words(session)
    do(session, "optimizer momentum")
    assert "momentum" in setting_words(session)


def setting_words(session):
    settings = session.ask(m.AskView("settings")).settings
    for setting in settings:  # each as it stands is what its word takes
        if setting.word in ("rate", "optimizer", "momentum", "decay", "method"):
            assert not errors(do(session, f"{setting.word} {setting.value}"))
    return {setting.word for setting in settings}


# ---------------------------------------------------------------- the past, and going on elsewhere


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_back_and_forwards_again_is_exact(optimizer, monkeypatch):
    monkeypatch.setattr(training, "SLICE_SECONDS", 1e-9)
    session = downhill(optimizer)
    seen = []
    for _ in range(25):
        seen.append(without(state(session), "edits"))
        do(session, "run 1")
    for step in (24, 3, 17, 0, 20, 19):
        do(session, f"goto {step}")
        assert without(state(session), "edits") == seen[step], step
    do(session, "back 1 step", "step 5 step", "back step")
    assert without(state(session), "edits") == seen[22]


def test_another_optimizer_method_or_network_begins_anew():
    session = downhill("adam")
    memory = [session.desk.training.memory]
    for line in ("rate 0.2", "decay 0.1", "batch 5", "size 1", "set biases[0][0] 1"):
        do(session, "run 5", line)
        assert session.desk.training.memory.taken == memory[-1].taken + 5
        memory.append(session.desk.training.memory)
    for line in ("optimizer momentum", "optimizer adam", "method twist", "method gradient", "activation relu"):
        do(session, "run 5", line)
        assert session.desk.training.memory.taken == 0
        assert not session.desk.training.memory.moments.any()


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_it_goes_on_exactly_from_a_snapshot_and_from_a_saved_scenario(optimizer):
    session = downhill(optimizer)
    do(session, "rate 0.03", "run 17")
    from_snapshot = Session()
    from_snapshot.restore(session.snapshot())
    text = session.ask(m.AskScenario()).text
    assert ("velocities" in text, "squares" in text) == (optimizer != "sgd", optimizer == "adam")
    from_file = opened(text)
    for each in (session, from_snapshot, from_file):
        do(each, "run 13", "step step")
    assert state(from_snapshot)["memory"] == state(from_file)["memory"] == state(session)["memory"]
    assert parameters(from_snapshot) == parameters(from_file) == parameters(session)
    assert from_file.ask(m.AskScenario()).text == session.ask(m.AskScenario()).text


def test_a_log_with_everything_replays_to_the_bit():
    session = downhill("adam")
    session.handle(m.Run(60))
    work_to(session, 20)
    session.handle(m.LearningRate(0.3))
    work_to(session, 31)
    session.handle(m.Optimizer("momentum"))
    do(session, "back 8 step", "undo", "step 3 step")
    again = Session()
    replay(session.log, again)
    assert state(again) == state(session)


BROKEN = [
    ("optimizer_steps = -1", "state.optimizer_steps goes from 0 to 1,000,000,000, not -1"),
    ("optimizer_steps = 1\n[state.squares]\n\"weights[0]\" = [[1.0]]", "state.squares.'weights[0]' must have the shape"),
    ("[state.squares]\n\"nothing\" = [[1.0]]", "state.squares has a block 'nothing', which this model has not"),
    ("[state.squares]\n\"biases[1]\" = [-1.0]", "state.squares must hold no number below 0"),
    ("[state.velocities]\n\"biases[1]\" = [nan]", "state.velocities.biases[1] must hold finite numbers only"),
]  # fmt: skip


@pytest.mark.parametrize(("state_lines", "sentence"), BROKEN)
def test_a_broken_memory_is_refused_in_one_sentence(state_lines, sentence):
    facts = Session().handle(m.Open(f"{DOWNHILL}[state]\n{state_lines}\n", "broken.toml"))
    assert sentence in errors(facts)[0]


def test_what_an_optimizer_does_not_remember_is_refused():
    text = DOWNHILL.replace("adam", "sgd") + '[state.velocities]\n"biases[1]" = [1.0]\n'
    facts = Session().handle(m.Open(text, "broken.toml"))
    assert errors(facts) == ["state.velocities is nothing that the optimizer of this scenario remembers"]


# ---------------------------------------------------------------- lines


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_step_walked_to_its_end_is_the_step_at_once(optimizer):
    walked, at_once = downhill(optimizer), downhill(optimizer)
    for each in (walked, at_once):
        do(each, "batch 3", "decay 0.01", "run 4", "walk training")
    assert walked.desk.clock.source.functions is not None
    do(at_once, "step step")
    facts = do(
        walked, "step 40 line", "step sample", "step layer", "step 3 neuron", "back 2 neuron", "out", "out", "out"
    )
    while not told(facts, m.Descended):
        facts = do(walked, "step 200 line")
    assert walked.desk.training.step == at_once.desk.training.step
    do(walked, "goto 5")
    assert parameters(walked) == parameters(at_once)


def test_the_backward_pass_lights_up_what_it_works_on():
    session = downhill()
    do(session, "batch 1", "walk training")
    line = loops.add_gradients.__code__.co_firstlineno
    source = session.desk.clock.source
    added = next(
        n for n in range(line, line + 40) if "weight_gradients[layer][neuron][source] +=" in source.line_text(n)
    )
    do(session, f"until {added}")
    uses = session.ask(m.AskView("code")).uses
    assert uses[0] == "weight_gradients[1][0][0]"
    assert "outputs[0][0]" in uses
    assert session.ask(m.AskView("diagram", size=(60, 20))).uses[:2] == ("weights[1][0][0]", "outputs[0][0]")
    moved = next(n for n in source.executable if "row[source] -= learning_rate * gradients" in source.line_text(n))
    do(session, f"until {moved}")
    assert session.ask(m.AskView("code")).uses[:2] == ("weights[0][0][0]", "weight_gradients[0][0][0]")


def test_another_method_is_walked_from_its_beginning():
    session = opened(CLOUD)
    do(session, "walk training", "step 9 line", "method gradient")
    assert session.desk.clock.event == 0
    assert session.ask(m.AskView("code")).function == "gradient_step"


# ---------------------------------------------------------------- what goes wrong

REFUSED = {
    "rate 0": "the learning rate goes from above 0 to 1,000, not 0",
    "rate -0.1": "the learning rate goes from above 0 to 1,000, not -0.1",
    "rate 1e9": "the learning rate goes from above 0 to 1,000, not 1e+09",
    "momentum 1": "momentum goes from 0 to below 1, not 1",
    "decay 1.5": "weight decay goes from 0 to 1, not 1.5",
    "optimizer adams": "there is no optimizer 'adams'; did you mean 'adam'?",
    "method descent": "there is no method 'descent'; there are twist, gradient",
}


@pytest.mark.parametrize(("line", "sentence"), REFUSED.items())
def test_bad_input_is_one_sentence_and_changes_nothing(line, sentence):
    session = downhill("momentum")
    do(session, "run 5")
    before = state(session)
    assert errors(do(session, line)) == [sentence]
    assert state(session) == before


def test_no_number_is_no_learning_rate():
    with pytest.raises(words.WordError, match="the learning rate is a number, not 'nan'"):
        words.parse("rate nan")
    session = downhill()
    assert errors(session.handle(m.LearningRate(math.nan))) == ["the learning rate goes from above 0 to 1,000, not nan"]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("learning_rate = 0", "training.learning_rate must be above 0 and at most 1,000, not 0"),
        ("learning_rate = nan", "training.learning_rate must be"),
        ("momentum = 1.0", "training.momentum must be at least 0 and below 1, not 1.0"),
        ("weight_decay = -1", "training.weight_decay goes from 0 to 1.0, not -1"),
        ('optimizer = "adamw"', "training.optimizer 'adamw' is unknown; did you mean 'adam'?"),
        ('method = "gradients"', "training.method 'gradients' is unknown; did you mean 'gradient'?"),
    ],
)
def test_a_scenario_file_is_held_to_the_same(line, sentence):
    scenario, problems = check(CLOUD + line + "\n", "test.toml")
    assert scenario is None
    assert sentence in problems[0]


def test_what_is_set_but_not_used_is_said():
    session = opened(CLOUD)
    assert told(do(session, "rate 0.5"), m.SettingChanged)[0].note.startswith("The method is twist")
    do(session, "method gradient")
    assert told(do(session, "momentum 0.5"), m.SettingChanged)[0].note.startswith("The optimizer is sgd")


@pytest.mark.parametrize("rung", ["loops", "numpy"])
@pytest.mark.parametrize("optimizer", ["sgd", "momentum"])
def test_an_overflow_stops_in_front_of_the_step_and_loses_nothing(optimizer, rung):
    session = downhill(optimizer)
    do(session, f"use {rung}", "activation relu", "output linear", "rate 1000")
    facts = do(session, "run 500")
    stopped = told(facts, m.Overflowed)
    assert len(stopped) == 1
    run = session.desk.training
    assert stopped[0].step == run.step < 500
    assert np.isfinite(run.parameters).all()
    assert np.isfinite(run.memory.moments).all()
    assert told(do(session, "run 1"), m.Overflowed)[0].step == run.step  # it goes no further
    do(session, "goto 0", "rate 0.001")
    assert not told(do(session, "run 20"), m.Overflowed)


def test_where_a_curve_hides_the_overflow_it_stops_all_the_same():
    """An infinite weight makes tanh 1 and the loss finite; the saved state could not hold it."""
    session = downhill()
    do(session, "output linear", "set weights[1][0][0] 1e154", "set weights[1][0][1] -1e154", "rate 1000", "batch 40")
    facts = do(session, "run 30")
    assert len(told(facts, m.Overflowed)) == 1
    assert np.isfinite(session.desk.training.parameters).all()


@pytest.mark.parametrize("line", ["method gradient", "optimizer adam", "rate 0.1", "batch 4", "activation tanh"])
def test_what_is_so_already_is_no_change(line):
    """Neither the future that one has gone back from is lost, nor what the optimizer remembers."""
    session = opened()
    do(session, "method gradient", "optimizer adam", "run 20", "set weights[0][0][0] 0.5", "run 5", "goto 10 step")
    before, furthest = state(session), session.desk.training.furthest
    facts = do(session, line)
    assert told(facts, m.SettingChanged)[0].old == told(facts, m.SettingChanged)[0].new
    assert state(session) == before
    assert session.desk.training.furthest == furthest


def test_the_output_activation_that_goes_with_cross_entropy_is_told_where_the_file_leaves_it_out():
    classes = CORNERS.replace("layers = [2, 2, 1]", 'layers = [2, 2, 2]\nloss = "cross-entropy"')
    (changed,) = told(do(opened(classes), "output softmax"), m.SettingChanged)
    assert (changed.old, changed.new) == ("softmax", "softmax")
