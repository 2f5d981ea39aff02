"""However training is cut up, it is the same to the bit: in one go, in slices, by tries, by steps, line by line."""

import numpy as np
import pytest
from driving import CLOUD, CORNERS, do, opened, parameters, spent, state, told, without, work_to

from nntui import messages as m
from nntui.session.run import training

CLASSES = """
format = 1
title = "Classes"
[data]
name = "corners-xor"
[model]
kind = "mlp"
layers = [2, 2, 2]
loss = "cross-entropy"
seed = {seed}
[training]
batch_size = 3
twist = 1.0
"""


@pytest.mark.parametrize("rung", ["loops", "numpy", "numba"])
@pytest.mark.parametrize("text", [CORNERS, CLOUD], ids=["corners", "cloud"])
def test_many_steps_are_as_many_single_ones(text, rung, monkeypatch):
    one_by_one, at_once, in_slices, tried = (opened(text) for _ in range(4))
    for session in (one_by_one, at_once, in_slices, tried):
        do(session, f"use {rung}")
    for _ in range(60):
        do(one_by_one, "run 1")
    do(at_once, "run 60")
    monkeypatch.setattr(training, "SLICE_SECONDS", 1e-9)
    in_slices.handle(m.Run(60))
    while in_slices.busy:
        spent(in_slices, 1)
    do(tried, "try 20", "step 20 step", *["step step"] * 20)
    for session in (at_once, in_slices, tried):
        # What is told one by one is pointed at as well.
        assert without(state(session), "beat", "pointed") == without(state(one_by_one), "beat", "pointed")


def test_loops_and_numba_are_the_same_to_the_bit():
    loops, numba = opened(CLOUD), opened(CLOUD)
    do(numba, "use numba")
    do(loops, "run 200")
    do(numba, "run 200")
    assert parameters(loops) == parameters(numba)


def test_each_try_is_told_with_what_it_did():
    session = opened()
    values = {}
    for fact in told(do(session, "try 30"), m.Tried):
        before = values.setdefault(fact.address, fact.before)
        assert fact.before == before
        assert fact.kept == (fact.loss_after < fact.loss_before)
        if fact.kept:
            values[fact.address] = fact.after
    layout = session.desk.model.layout
    for address, value in values.items():
        assert session.desk.training.parameters[layout.index(address)] == value


@pytest.mark.parametrize("seed", [1, 2, 7])
@pytest.mark.parametrize("text", [CORNERS.replace("seed = 3", "seed = {seed}"), CLASSES], ids=["mse", "cross-entropy"])
def test_walking_a_step_line_by_line_is_the_step_at_once(text, seed):
    walked, at_once = opened(text.format(seed=seed)), opened(text.format(seed=seed))
    kept = set()
    for _ in range(4):
        step = walked.desk.training.step
        call = walked.desk.clock
        lines = len(call.trace)
        weights, biases = call.trace.arguments[:2]
        left = np.concatenate([np.ravel(block) for pair in zip(weights, biases, strict=True) for block in pair])
        for _ in range(lines):
            assert walked.desk.training.step == step
            do(walked, "step line")
        assert walked.desk.training.step == step + 1
        facts = told(do(at_once, "step step"), m.Tried)
        kept.add(facts[0].kept)
        assert parameters(walked) == parameters(at_once) == left.tobytes()
    assert kept <= {True, False}


def test_finishing_a_half_walked_step_is_the_step_at_once():
    walked, at_once = opened(), opened()
    do(walked, "step 40 line", "run 10")
    do(at_once, "run 11")
    assert parameters(walked) == parameters(at_once)
    assert walked.desk.training.step == 11


def test_a_change_in_mid_run_takes_effect_at_its_step():
    live, by_hand = opened(), opened()
    live.handle(m.Run(100))
    work_to(live, 37)
    live.handle(m.SetValue("biases[0][0]", 0.75))
    live.handle(m.TwistSize(0.1))
    live.settle()
    do(by_hand, "run 37", "set biases[0][0] 0.75", "size 0.1", "run 63")
    assert without(state(live), "pointed") == without(state(by_hand), "pointed")


def test_looking_in_mid_run_leaves_no_old_call_behind():
    session = opened()
    session.handle(m.Run(50))
    work_to(session, 20)
    assert isinstance(session.ask(m.AskView("values")), m.ValuesView)
    session.handle(m.Walk("training"))
    session.settle()
    do(session, "step line")
    weights = session.desk.clock.trace.before[0]
    views = session.desk.model.layout.views(session.desk.training.parameters)
    assert weights[0] == views["weights[0]"].tolist()


def test_a_change_of_batches_begins_a_new_epoch():
    session = opened(CLOUD)  # 6 steps an epoch
    do(session, "run 8", "batch 20")
    run = session.desk.training
    assert run.epoch == 2
    samples = np.concatenate([run.plan(1).order, session.desk.training.batches.of(9, 1)[0]])
    assert sorted(samples.tolist()) == list(range(40))
    do(session, "step epoch")
    assert (run.step, run.epoch) == (10, 3)
    do(session, "goto 1 epoch")
    assert (run.step, run.epoch) == (6, 1)
    do(session, "goto 3 epoch")
    assert (run.step, run.epoch, run.settings.batch_size) == (10, 3, 20)
    do(session, "back 2 epoch")
    assert (run.step, run.epoch) == (6, 1)


def test_in_32_bits_parameters_are_rounded_once_at_the_switch():
    session = opened(CORNERS + 'precision = 32\nrung = "numpy"\n')
    first = parameters(session)
    assert (np.float32(session.desk.training.parameters) == session.desk.training.parameters).all()
    do(session, "run 40", "set weights[0][0][0] 0.1", "run 5")
    assert (np.float32(session.desk.training.parameters) == session.desk.training.parameters).all()
    assert told(do(session, "set weights[0][0][0] 1e200"), m.Error)
    do(session, "goto 0")
    assert parameters(session) == first
