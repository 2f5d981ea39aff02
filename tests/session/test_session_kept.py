"""Curves that are kept on the plot of the loss, what training has cost, and the axes along which it is plotted."""

import math

import numpy as np
import pytest
from driving import CLOUD, CORNERS, LESSON, do, errors, opened, told

from nntui import messages as m
from nntui.session.run.spent import Times
from nntui.session.session import Session


def loss(session):
    found = session.ask(m.AskView("loss"))
    assert isinstance(found, m.CurvesView)
    return found


def reading(session, name):
    return session.ask(m.AskReading(name)).value


# ---------------------------------------------------------------- what it costs


def test_predictions_are_counted_by_what_each_step_does():
    session = opened(CLOUD)  # 40 samples in batches of 7: the sixth batch of an epoch has 5
    do(session, "run 7")
    assert reading(session, "predictions") == 2 * (40 + 7)
    do(session, "batch 10", "run 3")
    assert reading(session, "predictions") == 2 * (40 + 7 + 30)
    do(session, "method gradient", "run 4")
    gradient = session.desk.model.gradient_cost
    assert 2 < gradient < 3
    assert reading(session, "predictions") == pytest.approx(2 * (40 + 7 + 30) + 4 * 10 * gradient)
    do(session, "back 5 step")
    assert reading(session, "predictions") == 2 * (40 + 7 + 20)
    do(session, "use numpy", "run 1")
    assert reading(session, "predictions") == pytest.approx(2 * (40 + 7 + 30)), "of a future that is no more"


def test_seconds_are_those_of_training_and_go_back_with_the_run():
    session = opened(CORNERS)
    do(session, "run 40", "axis seconds")
    view = loss(session)
    assert view.x_name == "second"
    x = view.curves[0].x
    assert list(x) == sorted(x)
    assert 0 < x[-1] < 5
    assert view.now == x[-1]
    do(session, "back 20 step")
    assert loss(session).now == pytest.approx(x[20])
    assert loss(session).now < x[-1]


def test_times_between_those_noted_are_interpolated_and_what_is_done_again_moves_what_follows():
    times = Times()
    times.note(0, 10, 1.0)
    times.note(10, 10, 3.0)
    assert times.at(np.array([0, 5, 15, 20, 99])).tolist() == [0.0, 0.5, 2.5, 4.0, 4.0]
    times.note(0, 10, 2.0)
    assert times.at(np.array([5, 10, 20])).tolist() == [1.0, 2.0, 5.0]
    times.forget_from(15)
    assert times.at(np.array([15, 20])).tolist() == [3.5, 3.5]
    for first in range(20, 20_000, 10):
        times.note(first, 10, 1.0)
    assert len(times.points) <= 2048
    assert times.at(np.array([20_000]))[0] == pytest.approx(3.5 + 1998)


# ---------------------------------------------------------------- curves that are kept


def test_a_kept_curve_stays_beside_those_to_come():
    session = opened(CORNERS)
    do(session, "run 60")
    before = loss(session).curves[0]
    assert told(do(session, "pin"), m.Note)[0].sentence.startswith("Kept on the plot as twist: loss ")
    for line in ("reset", "seed 5", "data corners-and", "run 5"):
        do(session, line)
        view = loss(session)
        assert view.pinned == ("twist",)
        assert view.curves[-1] == m.Curve("twist", before.x, before.y)
    do(session, "pin by hand", "undo", "undo")
    assert loss(session).pinned == ("twist",)
    again = Session()
    again.restore(session.snapshot())
    assert again.desk.kept == session.desk.kept
    do(session, "unpin")
    assert loss(session).pinned == ()


def test_names_of_kept_curves():
    session = opened(CORNERS)
    do(session, "run 5", "method gradient", "run 5", "pin", "optimizer adam", "run 5", "pin", "pin", "pin my own")
    assert loss(session).pinned == ("gradient", "adam", "my own")
    assert errors(do(session, "pin loss")) == [
        "'loss' is what another curve of this plot is called; give it another name"
    ]
    for number in range(3):
        do(session, f"pin {number}")
    assert errors(do(session, "pin 9"))[0].startswith("6 curves are kept already")
    assert not errors(do(session, "pin 2"))
    assert len(loss(session).pinned) == 6


def test_what_cannot_be_kept_or_taken_off():
    session = opened(CORNERS)
    assert errors(do(session, "pin")) == ["there is no curve to keep yet; `run N` trains"]
    assert errors(do(session, "unpin")) == ["no curve is kept on the plot; `pin` keeps the one that is there"]
    assert math.isnan(reading(session, "times_as_many"))


def test_the_axis_holds_for_all_curves_and_says_which_steps_they_are():
    session = opened(CORNERS)  # 4 samples in batches of 4: a twist costs 8 predictions
    do(session, "run 30", "pin", "reset", "method gradient", "run 10", "axis predictions")
    view = loss(session)
    assert view.x_name == "prediction"
    assert view.curves[-1].x[-1] == 8 * 30
    cost = 4 * session.desk.model.gradient_cost
    assert view.curves[0].x == pytest.approx([cost * step for step in view.steps])
    assert view.steps[-1] == 10
    assert view.now == pytest.approx(10 * cost)
    do(session, "axis steps")
    assert loss(session).steps == ()
    assert loss(session).now == 10


def test_two_runs_are_compared_at_the_lowest_loss_that_both_came_down_to():
    session = opened(CORNERS)
    do(session, "run 30", "pin", "reset", "method gradient", "rate 0.5", "run 30", "axis predictions")
    view = loss(session)
    assert view.level == max(min(curve.y) for curve in (view.curves[0], view.curves[-1]))
    for curve, place in zip((view.curves[0], view.curves[-1]), view.reached, strict=True):
        assert place == next(x for x, y in zip(curve.x, curve.y, strict=True) if y <= view.level)
    assert reading(session, "times_as_many") == pytest.approx(view.reached[1] / view.reached[0])


def test_the_plot_is_no_detour_and_a_lesson_has_its_own():
    text = LESSON.replace('"try 3", "show loss"', '"try 3", "pin batches", "axis predictions"')
    session = opened(text)
    do(session, "next", "answer 2", "next")
    assert loss(session).pinned == ("batches",)
    do(session, "axis seconds", "pin mine")
    assert not session.lesson.detoured
    do(session, "run 5", "return")
    assert loss(session).pinned == ("batches",)
    saved = opened(session.ask(m.AskScenario()).text)
    do(saved, "run 1", "return")
    assert loss(saved).pinned == ("batches",)
    assert loss(saved).x_name == "prediction"
