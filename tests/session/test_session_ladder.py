"""A rung beside the one it was written from, the check against the loops, and images that are shifted."""

import math

import pytest
from driving import CORNERS, do, errors, opened, parameters, told

from nntui import messages as m

DOWNHILL = CORNERS.replace("twist = 0.5", 'method = "gradient"')
DIGITS = """
format = 1
title = "Digits"
[data]
name = "digits"
samples = 60
seed = 1
test_share = 0.5
[model]
kind = "mlp"
layers = [64, 4, 10]
output = "softmax"
loss = "cross-entropy"
seed = 1
[training]
method = "gradient"
batch_size = 8
rung = "numpy"
"""


def reading(session, name):
    return session.ask(m.AskReading(name)).value


def ladder(session, rung):
    do(session, f"ladder {rung}")
    return session.ask(m.AskView("ladder"))


def test_the_lowest_rung_has_nothing_below_and_nothing_is_new():
    view = ladder(opened(DOWNHILL), "loops")
    assert view.below == ""
    assert view.align == ()
    assert {line.mark for line in view.lines} == {"same"}


@pytest.mark.parametrize("rung", ["numpy", "numba", "numba-simd", "numba-parallel", "numba-fused", "numba-generated"])
def test_lines_stand_beside_those_of_the_same_function_in_the_order_of_both_files(rung):
    view = ladder(opened(DOWNHILL), rung)
    assert view.below == ("numba-simd" if rung == "numba-parallel" else "loops")
    assert list(view.align) == sorted(view.align)
    assert len({row for row, _ in view.align}) == len({row for _, row in view.align}) == len(view.align)
    for row, below in view.align:
        line, other = view.lines[row], view.below_lines[below]
        assert line.mark == other.mark == ("same" if line.text.strip() == other.text.strip() else "changed")
    beside = {row for row, _ in view.align}
    assert all(line.mark == "new" for row, line in enumerate(view.lines) if row not in beside)


def test_numpy_keeps_the_loop_over_layers_and_folds_those_within():
    view = ladder(opened(DOWNHILL), "numpy")
    marks = {line.text.strip(): line.mark for line in view.lines}
    assert marks["for layer in range(len(weights)):"] == "same"
    assert marks["totals = sources @ weights[layer].T + biases[layer]"] == "changed"


def test_what_was_checked_last_can_be_read_until_the_network_is_another():
    session = opened(DOWNHILL)
    assert math.isnan(reading(session, "check"))
    do(session, "check numpy", "check numba")
    assert reading(session, "check") == reading(session, "check_later") == 0
    do(session, "check numpy")
    assert reading(session, "check") < 1e-12
    assert reading(session, "check_later") < 1e-9
    do(session, "layers 2,3,1")
    assert math.isnan(reading(session, "check"))


def test_a_shift_moves_every_image_and_keeps_the_weights():
    session = opened(DIGITS)
    do(session, "run 5")
    weights, loss = parameters(session), reading(session, "loss")
    inputs = session.desk.model.data.inputs.reshape(-1, 8, 8)
    (fact,) = told(do(session, "shift 1"), m.SettingChanged)
    assert (fact.name, fact.old, fact.new, fact.restarted) == ("shift", "0", "1", False)
    moved = session.desk.model.data.inputs.reshape(-1, 8, 8)
    assert (moved[:, :, 1:] == inputs[:, :, :-1]).all()
    assert not moved[:, :, 0].any()
    assert parameters(session) == weights
    assert reading(session, "loss") != loss
    do(session, "run 3", "undo", "shift 0")
    assert reading(session, "loss") == loss
    do(session, "shift -2")
    moved = session.desk.model.data.inputs.reshape(-1, 8, 8)
    assert (moved[:, :, :-2] == inputs[:, :, 2:]).all()


def test_a_shift_is_saved_and_ends_with_other_data():
    session = opened(DIGITS)
    do(session, "run 3", "shift 2")
    text = session.ask(m.AskScenario()).text
    assert reading(opened(text), "loss") == reading(session, "loss")
    do(session, "data xor")
    assert session.desk.scenario.data.shift == 0


def test_only_images_can_be_shifted_and_only_so_far():
    (said,) = errors(do(opened(DOWNHILL), "shift 1"))
    assert said == "a shift moves images, and the samples of 'corners-xor' are none"
    (fact,) = opened(DIGITS).handle(m.Shift(8))
    assert fact.sentence == "a shift goes from -7 to 7 pixels, not 8"
