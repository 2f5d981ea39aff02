"""The dice: each step's are a function of seed and step alone, and they are fair."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nntui.session.run.dice import Batches, orders, plan, twists

SIZES = st.integers(1, 60)


@given(st.integers(0, 2**32 - 1), st.integers(0, 10**9), st.integers(1, 40), SIZES, SIZES, st.data())
def test_dice_depend_on_seed_and_step_alone(seed, first, steps, samples, size, data):
    batches = Batches(samples, size, seed)
    trainable = np.arange(9)
    whole = plan(seed, first, steps, trainable, 0.5, batches)
    at = data.draw(st.integers(0, steps - 1))
    one = plan(seed, first + at, 1, trainable, 0.5, batches)
    assert one.parameters[0] == whole.parameters[at]
    assert one.amounts[0] == whole.amounts[at]
    assert one.order.tolist() == whole.order[whole.starts[at] : whole.starts[at + 1]].tolist()
    assert one.starts.tolist() == [0, len(one.order)]


@given(st.integers(0, 2**32 - 1), st.integers(0, 10**6), SIZES, SIZES, st.integers(0, 50), st.integers(0, 9))
def test_every_epoch_visits_every_sample_once(seed, epochs, samples, size, since_step, since_epoch):
    batches = Batches(samples, size, seed, since_step, since_epoch)
    epoch = since_epoch + epochs
    first = batches.first_step(epoch)
    order, starts = batches.of(first, batches.steps_per_epoch)
    assert sorted(order.tolist()) == list(range(samples))
    assert (np.diff(starts)[:-1] == batches.size).all()
    assert [batches.epoch(first + i) for i in (-1 if first > since_step else 0, 0, batches.steps_per_epoch)] == [
        epoch - 1 if first > since_step else epoch, epoch, epoch + 1
    ]  # fmt: skip


def test_amounts_and_parameters_are_uniform():
    """Chi-square with 63 and 12 degrees of freedom: 120 and 50 are beyond one in 10,000."""
    steps = 64_000
    which, amounts = twists(7, 0, steps, np.arange(100, 113), 0.3)
    assert np.abs(amounts).max() <= 0.3
    assert np.abs(amounts).max() > 0.2999
    counts, _ = np.histogram(amounts, bins=64, range=(-0.3, 0.3))
    assert ((counts - steps / 64) ** 2 / (steps / 64)).sum() < 120
    counts = np.bincount(which - 100, minlength=13)
    assert len(counts) == 13
    assert ((counts - steps / 13) ** 2 / (steps / 13)).sum() < 50
    assert abs(np.corrcoef(which, amounts)[0, 1]) < 0.02


def test_orders_are_uniform():
    """Every sample is in every place equally often."""
    epochs = 12_000
    found = orders(3, 0, epochs, 6)
    expected = epochs / 6
    for place in range(6):
        counts = np.bincount(found[:, place], minlength=6)
        assert ((counts - expected) ** 2 / expected).sum() < 35
    assert len({tuple(row) for row in found.tolist()}) == 720


@pytest.mark.parametrize(("one", "other"), [((1, 5), (2, 5)), ((1, 5), (1, 6))])
def test_other_seeds_and_steps_have_other_dice(one, other):
    trainable = np.arange(1000)
    found = [twists(seed, step, 4, trainable, 1.0)[1].tolist() for seed, step in (one, other)]
    assert found[0] != found[1]
