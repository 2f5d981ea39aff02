"""Twists into the same neurons are had from one curve for each neuron and sample, as good as each followed by itself."""

import numpy as np
import pytest
from small_networks import network, parameters
from test_twisting import every_way_up_and_down

from nntui.models.mlp import twist_curves, twist_sweep, twisting

WAYS = [
    ("tanh", "tanh", "mean squared error"), ("sigmoid", "linear", "mean squared error"),
    ("tanh", "sigmoid", "mean squared error"), ("linear", "softmax", "cross-entropy"),
    ("tanh", "softmax", "cross-entropy"),
]  # fmt: skip


@pytest.fixture
def left(monkeypatch: pytest.MonkeyPatch):
    """The twists that curves did not serve, a list for each call."""
    found, by_curves = [], twist_sweep.by_curves

    def spy(work):
        found.append(by_curves(work))
        return found[-1]

    monkeypatch.setattr(twist_sweep, "by_curves", spy)
    return found


@pytest.mark.parametrize(("activation", "output", "loss"), WAYS)
@pytest.mark.parametrize(("sizes", "size"), [((20, 6, 3), 0.1), ((17, 18, 19, 2), 0.02), ((33, 4), 1e-5)])
def test_curves_give_the_losses_of_the_arrays(activation, output, loss, sizes, size, left):
    net = network(sizes, activation, output, loss, samples=70)
    flat, (indices, twists) = parameters(net), every_way_up_and_down(net, size)
    found = [twist_sweep.losses(net, flat, indices, twists, threads=threads) for threads in (1, 2)]
    assert found[0] == pytest.approx(twisting.losses_by_twists(net, flat, indices, twists), rel=1e-12, abs=1e-15)
    assert found[0].tobytes() == found[1].tobytes()
    assert sum(end - first for first, end in left[0]) < len(indices) / 4, "most are served by curves"


def test_twists_of_any_size_and_order_and_what_is_0():
    net = network((24, 5, 2), samples=301)
    net.inputs[:, 1] *= np.arange(301) % 50 == 0  # of this source, most blocks are empty
    net.inputs[:, 2] = 0.0
    dice = np.random.default_rng(1)
    indices = np.sort(dice.integers(0, net.layout.size, 900))
    twists = np.where(dice.random(900) < 0.1, 0.0, dice.uniform(-0.2, 0.2, 900))
    twists[400:410] = -twists[400]
    flat = parameters(net)
    found = twist_sweep.losses(net, flat, indices, twists)
    assert found == pytest.approx(twisting.losses_by_twists(net, flat, indices, twists), rel=1e-12)


@pytest.mark.parametrize("why", ["too far", "kinked", "not good enough"])
def test_what_curves_do_not_serve_is_followed(why, left, monkeypatch):
    net = network((20, 6, 3), "relu" if why == "kinked" else "tanh", samples=19)
    flat, (indices, twists) = parameters(net), every_way_up_and_down(net, 5.0 if why == "too far" else 0.1)
    if why == "not good enough":
        monkeypatch.setattr(twist_sweep, "NOTHING", -1.0)
    found = twist_sweep.losses(net, flat, indices, twists)
    assert left == [[(0, len(indices))]]
    assert found.tobytes() == twist_sweep.losses(net, flat, indices, twists, curves=False).tobytes()


def test_the_further_the_more_terms():
    assert [twist_curves.degree(far) for far in (1e-9, 0.1, 0.2, 0.9, np.inf, np.nan, 0.0)] == [4, 12, 16, 0, 0, 0, 0]


@pytest.mark.parametrize("terms", [4, 12, 20])
def test_a_polynomial_is_found_from_its_values(terms):
    """Through its values at Chebyshev's places: the same arithmetic as in `fit`, for one function that is 0 at 0."""
    places, cosines, powers = twist_curves.tables(terms)
    half, signs = terms // 2, np.where(np.arange(terms + 1) % 2 == 0, 1.0, -1.0)[:, None]
    values = np.tanh(0.1 * places)
    chebyshev = np.sum(cosines.reshape(terms + 1, half) * (values[:half] + signs * values[:half:-1]), axis=1)
    found = chebyshev @ powers.reshape(terms + 1, terms + 1)
    between = np.linspace(-1.0, 1.0, 41)
    off = np.abs(np.polynomial.polynomial.polyval(between, found) - np.tanh(0.1 * between)).max()
    assert off < {4: 1e-6, 12: 1e-16, 20: 1e-16}[terms]
