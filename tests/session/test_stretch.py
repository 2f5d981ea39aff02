"""The stretch that the curve of the loss along a parameter shows."""

import math

import numpy as np
import pytest

from nntui.session.run.stretch import bottom_of, curve


def along(loss, value, points=21, allowed=lambda x: True):
    return curve(value, points, allowed, lambda xs: np.array([loss(x) for x in xs]))


@pytest.mark.parametrize(
    ("value", "low", "high"), [(0.0, -0.5, 4.5), (2.0, 1.0, 3.0), (4.0, -0.5, 4.5), (-30.0, -48.0, 52.0)]
)
def test_of_a_bowl_the_bottom_is_seen(value, low, high):
    xs, ys = along(lambda w: 2.5 * (w - 2.0) ** 2, value)
    assert (xs[0], xs[-1]) == (low, high)
    assert xs[0] <= value <= xs[-1]
    assert min(ys) < 0.1 * max(ys)


def test_the_stretch_stays_while_the_value_moves_within_it():
    stretches = {tuple(along(lambda w: 2.5 * (w - 2.0) ** 2, value)[0]) for value in (0.3, 0.5, 0.9)}
    assert len(stretches) == 1


@pytest.mark.parametrize("loss", [math.tanh, lambda w: 1.0, lambda w: -w * w, lambda w: w, lambda w: math.inf])
def test_what_is_no_bowl_is_shown_around_the_value(loss):
    xs, _ = along(loss, 0.3)
    assert (xs[0], xs[-1]) == (-0.5, 1.5)


def test_values_that_are_not_allowed_are_left_out():
    xs, _ = along(lambda w: w, 0.0, allowed=lambda x: x > 0)
    assert min(xs) > 0


def test_a_value_that_is_no_number_has_no_curve():
    assert along(lambda w: w, math.nan) == ([], [])


def test_three_points_say_nothing():
    assert bottom_of([0.0, 1.0, 2.0], [1.0, 0.0, 1.0]) is None
