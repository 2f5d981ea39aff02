"""How the loss changes, asked and looked at: slopes, the gradient, the sweep, the landscape, and the way on it."""

import math
from pathlib import Path

import bowl
import numpy as np
import pytest
from driving import CLOUD, CORNERS, LESSON, do, errors, opened, parameters, state, told, work_to

from nntui import messages as m
from nntui import models
from nntui.session.process.local import LocalEngine
from nntui.session.run import path
from nntui.session.session import Session
from nntui.session.surveys import landscapes, slopes

TWIST = (Path(__file__).parents[2] / "scenarios" / "02-twist.toml").read_text()
WEIGHT = "weights[1][0][0]"
WIDE = CLOUD.replace("samples = 40", "samples = 500").replace("[2, 3, 1]", "[2, 8, 8, 1]")


def result(session, line):
    """What a look tells."""
    facts = do(session, line)
    assert not errors(facts), errors(facts)
    return told(facts, m.Told)[0].result


def view(session, name, size=(60, 40), glance=False):
    return session.ask(m.AskView(name, size=size), glance)


# ---------------------------------------------------------------- the slope


# Computed by hand from the taught loops, (loss after - loss before) / size: what lesson 3 speaks of.
@pytest.mark.parametrize(
    ("size", "slope"),
    [("0.5", 0.0072), ("0.1", -0.0784), ("0.01", -0.0967), ("1e-4", -0.0987), ("1e-13", -0.0977), ("1e-14", -0.1110),
     ("1e-15", 0.0)],
)  # fmt: skip
def test_a_slope_settles_and_then_falls_apart(size, slope):
    found = result(opened(TWIST), f"slope {WEIGHT} {size}")
    assert round(found.slope, 4) == slope
    assert found.slope == (found.loss_after - found.loss) / found.size
    assert found.exact == pytest.approx(-0.0987, abs=1e-4)


def test_the_ladder_leads_down_to_the_size_asked_for():
    session = opened(TWIST)
    found = result(session, f"slope {WEIGHT} 0.05")
    assert [size for size, _ in found.ladder] == [0.5, 0.1, 0.05]
    assert found.ladder[-1][1] == found.slope
    assert [size for size, _ in result(session, f"slope {WEIGHT} -0.05").ladder] == [-0.5, -0.1, -0.05]


def test_the_slope_is_looked_at_until_it_is_off_and_follows_what_is_pointed_at():
    session = opened()
    assert view(session, "twist").slope is None
    do(session, "slope weights[0][0][1] 0.01")
    assert session.desk.pointed == "weights[0][0][1]"
    before = view(session, "twist").slope
    do(session, "set weights[0][0][1] 0.7")
    assert view(session, "twist").slope.value == 0.7 != before.value
    do(session, "point biases[0][1]", "slope 0.1")
    found = view(session, "twist").slope
    assert (found.address, found.size) == ("biases[0][1]", 0.1)
    assert told(do(session, "slope off"), m.Note)
    assert view(session, "twist").slope is None


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("slope weights[9][0][0] 0.1", "there is no parameter"),
        ("slope weights[0][0][0] 101", "from above 0 to 100"),
        ("sweep 1e9", "from 1e-12 to 100"),
        ("landscape weights[0][0][0] weights[0][0][0]", "two equal directions"),
        ("landscape weights[0][0][0] same", "two equal directions"),
        ("landscape weights[0][0][0] weights[9][0][0]", "there is no parameter"),
        ("landscape 1e9", "reaches from 1e-09 to 1,000,000"),
    ],
)
def test_what_cannot_be_looked_at_is_one_sentence(line, sentence):
    session = opened()
    do(session, "landscape weights[0][0][1] weights[0][0][0]")
    before = state(session)
    (said,) = errors(do(session, line))
    assert sentence in said
    assert state(session) == before


@pytest.mark.parametrize("size", [math.nan, math.inf, 0.0])
def test_a_size_that_is_no_size(size):
    session = opened()
    assert len(told(session.handle(m.Slope("weights[0][0][0]", size)), m.Error)) == 1
    assert len(told(session.handle(m.Sweep(size or 1e3)), m.Error)) == 1
    assert len(told(session.handle(m.Landscape("", "", size or -1.0)), m.Error)) == 1


def test_looks_change_nothing_and_are_come_back_to():
    session = opened(LESSON)
    before = state(session)
    do(session, "slope biases[0][1] 0.01", "sweep 0.2", "draw gradient", "landscape")
    changed = {key for key, value in state(session).items() if value != before[key]}
    assert changed == {"pointed", "attention", "beat"}
    assert session.lesson.detoured  # there is something to come back from: other panes, another weight
    seen = session.desk.attention
    do(session, "run 3", "slope off", "draw weights", "undo")
    assert session.desk.attention == seen
    other = Session()
    other.restore(session.snapshot())
    assert other.desk.attention == seen
    again = opened(session.ask(m.AskScenario()).text)
    assert again.desk.attention == seen
    do(session, "layers 2,1")
    assert session.desk.attention.landscape in ((), seen.landscape)
    do(session, "reset")
    assert session.desk.attention == opened(LESSON).desk.attention


# ---------------------------------------------------------------- the gradient and the sweep


@pytest.mark.parametrize("text", [CORNERS, CLOUD, TWIST])
def test_the_gradient_both_ways(text):
    session = opened(text)
    found = view(session, "gradient")
    model = session.desk.model
    assert [share.address for share in found.shares] == [model.layout.address(i) for i in range(model.layout.size)]
    assert found.difference < 1e-9
    assert found.difference == max(abs(share.gradient - share.twisted) for share in found.shares)
    assert found.twist_predictions == 2 * model.layout.size * model.samples
    assert 2 <= found.backward_predictions / found.samples <= 3
    assert found.norm == pytest.approx(math.sqrt(sum(share.gradient**2 for share in found.shares)))


def test_of_many_weights_those_with_the_largest_share_are_told(monkeypatch):
    monkeypatch.setattr(slopes, "MOST_SHARES", 4)
    session = opened(CLOUD)
    found, every = view(session, "gradient"), session.desk.model.gradient(session.desk.training.parameters)
    assert found.left_out == len(every) - 4
    assert sorted(abs(share.gradient) for share in found.shares) == sorted(np.abs(every))[-4:]
    assert found.twist_predictions == 2 * len(every) * 40
    monkeypatch.setattr(slopes, "MOST_TWISTED", 0)
    do(session, "run 1")
    found = view(session, "gradient")
    assert {share.twisted for share in found.shares} == {None}
    assert (found.difference, found.twist_predictions) == (None, 2 * len(every) * 40)


def test_the_edges_show_what_they_are_told_to():
    session = opened()
    do(session, "draw gradient")
    drawn, gradient = view(session, "diagram"), session.desk.model.gradient(session.desk.training.parameters)
    assert drawn.drawn == "gradient"
    weights = session.desk.model.layout.views(gradient)["weights[0]"]
    assert [neuron.gradients for neuron in drawn.layers[1].neurons] == [tuple(row) for row in weights.tolist()]
    assert [n.bias_gradient for n in drawn.layers[2].neurons] == gradient[-1:].tolist()
    do(session, "draw weights")
    assert view(session, "diagram").drawn == "weights"


def test_a_sweep_sorts_by_what_a_twist_does():
    session = opened(TWIST)
    found = result(session, "sweep 0.2")
    model, flat = session.desk.model, session.desk.training.parameters
    for effect in found.effects:
        index = model.layout.index(effect.address)
        for sign, loss in ((1, effect.up), (-1, effect.down)):
            changed = flat.copy()
            changed[index] += sign * 0.2
            assert loss == pytest.approx(model.loss(changed), rel=1e-12)
    changes = [max(abs(effect.up - found.loss), abs(effect.down - found.loss)) for effect in found.effects]
    assert changes == sorted(changes, reverse=True)
    assert (found.parameters, found.predictions, len(found.effects), found.idle) == (9, 9 * 2 * 4, 9, 0)
    do(session, "set weights[1][0][0] 0")  # now nothing comes of the first neuron
    idle = view(session, "sweep")
    assert idle.idle == 3
    assert {effect.address[:13] for effect in idle.effects[-3:]} == {"weights[0][0]", "biases[0][0]"}
    assert view(session, "sweep") is view(session, "sweep")  # made once, as long as it is true
    assert result(session, "sweep").size == 0.2


def test_a_sweep_of_much_is_over_fewer_samples_and_says_so(monkeypatch):
    monkeypatch.setattr(slopes, "MOST_SWEPT", 1)
    monkeypatch.setattr(slopes, "FEWEST", 7)
    session = opened(CLOUD)
    found = view(session, "sweep")
    assert (found.samples, found.samples_in_all) == (7, 40)
    monkeypatch.setattr(slopes, "MOST_PARAMETERS", 5)
    (said,) = errors(do(session, "sweep 0.3"))
    assert "5 parameters at most" in said


# ---------------------------------------------------------------- the landscape


def test_the_landscape_is_the_loss():
    session = opened()
    do(session, "landscape weights[1][0][0] biases[0][1] 1.5")
    found, model = view(session, "landscape", (7, 5)), session.desk.model
    first, second = (model.layout.index(name) for name in (found.first, found.second))
    xs, ys = np.linspace(*found.x_range, 7), np.linspace(*found.y_range[::-1], 5)
    for row, y in zip(found.rows, ys, strict=True):
        for loss, x in zip(row, xs, strict=True):
            changed = session.desk.training.parameters.copy()
            changed[[first, second]] = x, y
            assert loss == pytest.approx(model.loss(changed), rel=1e-12)
    assert found.x_range[1] - found.x_range[0] == 3.0
    assert found.x_range[0] <= found.here[0] <= found.x_range[1]
    assert found.here == tuple(session.desk.training.parameters[[first, second]])
    turned = result(session, "landscape same weights[0][0][0]")
    assert (turned.first, turned.second) == ("weights[1][0][0]", "weights[0][0][0]")


def test_by_default_it_is_over_the_two_by_which_the_loss_changes_most():
    session = opened(CLOUD)
    gradient = np.abs(session.desk.model.gradient(session.desk.training.parameters))
    largest = {session.desk.model.layout.address(int(i)) for i in np.argsort(-gradient)[:2]}
    found = view(session, "landscape")
    assert {found.first, found.second} == largest
    do(session, "run 30")
    later = view(session, "landscape")
    assert (later.first, later.second) == (found.first, found.second)


def test_the_path_is_that_of_the_run_up_to_now():
    session = opened(CLOUD)
    do(session, "landscape weights[0][0][0] weights[0][0][1]", "run 20")
    places = []
    for step in range(20, -1, -1):
        do(session, f"goto {step} step")
        places.insert(0, tuple(session.desk.training.parameters[:2].tolist()))
        found = view(session, "landscape")
        assert found.here == places[0] == found.path[-1]
        assert found.path_steps == (0, step)
        assert len(found.path) == step + 1
    do(session, "goto 20 step")
    assert list(view(session, "landscape").path) == places
    do(session, "goto 5 step", "set weights[0][0][0] 0.9", "run 1")
    assert list(view(session, "landscape").path)[:5] == places[:5]
    assert len(view(session, "landscape").path) == 7
    do(session, "undo", "undo", "goto 20 step")
    assert list(view(session, "landscape").path) == places


def test_the_landscape_reaches_as_far_as_the_path():
    session = opened()
    do(session, "landscape weights[0][0][0] weights[0][0][1]", "set weights[0][0][0] -7", "run 5")
    do(session, "set weights[0][0][0] 7", "run 5")
    found = view(session, "landscape")
    assert all(found.x_range[0] <= x <= found.x_range[1] for x, _ in found.path)
    do(session, "landscape 1")
    assert view(session, "landscape").x_range[1] - view(session, "landscape").x_range[0] == 2.0


def test_a_path_is_thinned_and_a_large_one_is_none():
    record, flat = path.PathRecord(), np.zeros(3)
    for step in range(2_000):
        record.note(step, 0, flat + step)
    steps, values = record.until(1_500, [0, 2])
    assert steps == [*range(64), *range(64, 128, 2), *range(128, 256, 4), *range(256, 512, 8), *range(512, 1024, 16),
                     *range(1024, 1500, 32)]  # fmt: skip
    assert values[:, 0].tolist() == steps
    assert [record.steps_to_next(step, 0, 3) for step in (0, 63, 64, 65, 1_025)] == [1, 1, 2, 1, 31]
    record.note(1_501, 1_500, flat)  # one step after a change by hand
    assert 1_501 in record.points
    for step in range(5_000):
        record.note(2_000 + step, 2_000 + step, flat)
    assert len(record.points) <= path.MOST_POINTS
    large = path.PathRecord()
    large.note(0, 0, np.zeros(path.MOST_NUMBERS))
    assert not large.points
    assert large.until(5, [0, 1])[1].shape == (0, 2)


def test_noting_the_path_changes_no_result(monkeypatch):
    one = work_to(opened(CLOUD), 0)
    do(one, "run 300")
    monkeypatch.setattr(path, "MOST_NUMBERS", 0)
    other = opened(CLOUD)
    do(other, "run 300")
    assert other.desk.training.timeline.path.points == {}
    assert parameters(one) == parameters(other)


def test_at_a_glance_it_is_coarse_first_and_then_fine():
    session = opened(WIDE)
    first, second, third = (view(session, "landscape", glance=True) for _ in range(3))
    assert first.coarse
    assert not second.coarse
    assert third is second
    assert [len(row) for row in first.rows] == [60] * 40
    assert first.rows[0][0] == second.rows[0][0]
    assert not view(opened(WIDE), "landscape").coarse  # a question is answered at once


def test_the_next_frame_is_fine_without_a_key():
    engine = LocalEngine()
    engine.send(m.Open(WIDE, "test.toml"))
    list(engine.settle())
    engine.subscribe(("landscape",), (60, 40))
    seen = []
    while not seen or seen[-1]:
        for arrival in engine.receive():
            if isinstance(arrival, m.Frame):
                seen += [arrival.sections["landscape"].coarse] if "landscape" in arrival.sections else []
                engine.acknowledge(arrival.number)
    assert seen == [True, False]


def test_beside_a_run_it_is_coarse():
    session = opened(WIDE)
    session.handle(m.Run(1000))
    found = view(session, "landscape", glance=True)
    assert found.coarse
    assert found.samples <= found.samples_in_all == 500


@pytest.mark.parametrize(
    ("low", "high", "levels"),
    [(0.001, 2.0, (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)), (1.0, 1.5, (1.1, 1.2, 1.3, 1.4)),
     (0.5, 0.5, ()), (0.0, 4.0, (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0))],
)  # fmt: skip
def test_contours_are_at_round_losses(low, high, levels):
    assert landscapes.levels(np.array([[low, high, math.inf, math.nan]])) == levels


def test_a_loss_that_is_no_number_is_drawn_all_the_same():
    session = opened(CORNERS.replace("seed = 3", 'seed = 3\nactivation = "relu"\noutput = "linear"'))
    do(session, "set weights[1][0][0] 1e308", "set weights[0][0][0] 1e308", "landscape weights[0][0][0] biases[0][0]")
    found = view(session, "landscape")
    assert (found.first, found.x_range[0] < 1e308 < found.x_range[1]) == ("weights[0][0][0]", True)
    assert view(session, "gradient").shares
    assert view(session, "sweep").effects


def test_any_model_has_all_of_them():
    take_out = models.register(bowl.KIND)
    session = opened('format = 1\ntitle = "Bowl"\n[model]\nkind = "bowl"\nstart = [0.5, 0.2]\n')
    take_out()
    assert result(session, "slope mean 0.001").slope == pytest.approx(-5.0, abs=1e-2)
    assert "above zero" in errors(do(session, "slope spread -1"))[0]
    found = view(session, "gradient")
    assert found.difference < 1e-6
    sweep = result(session, "sweep 0.5")
    assert sweep.effects[0].address == "spread"
    assert sweep.effects[0].down == math.inf  # a spread below 0 is none
    land = result(session, "landscape mean spread 1")
    assert land.y_range[0] > 0
    assert land.levels


@pytest.mark.parametrize("line", ["landscape weights[0][0][1] weights[0][0][0] 5000", "sweep 1e-12", "slope 1e-15"])
def test_what_can_be_looked_at_can_be_saved_and_opened_again(line):
    session = opened()
    assert not errors(do(session, line))
    again = opened(session.ask(m.AskScenario()).text)
    assert again.desk.attention == session.desk.attention


@pytest.mark.parametrize("value", ["1e300", "1.7e308", "-1e17"])
def test_a_landscape_around_a_very_large_weight_has_it_in_its_middle(value):
    session = opened()
    facts = do(session, f"set weights[0][0][0] {value}", "landscape weights[0][0][0] weights[0][1][0] 1e-9")
    found = told(facts, m.Told)[0].result
    low, high = found.x_range
    assert low < float(value) < high
    assert high - low == pytest.approx(2e-6 * abs(float(value)), rel=1e-3)
