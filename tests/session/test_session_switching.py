"""Another rung takes over in the middle of training: weights, the optimizer's memory and the order of batches stay."""

import numpy as np
import pytest
from driving import CLOUD, do, opened, parameters
from hypothesis import given, settings
from hypothesis import strategies as st

STEPS = 40  # in batches of 7, the last of an epoch smaller
DOWNHILL = CLOUD.replace("[2, 3, 1]", "[2, 4, 2, 1]").replace(  # for which code is generated in other tests, too
    "batch_size = 7", 'batch_size = 7\nmethod = "gradient"\noptimizer = "adam"\nlearning_rate = 0.05'
)
LADDER = (
    "loops",
    "numpy",
    "numba",
    "numba-simd",
)  # what is handed over to those above: tests/models/test_ladder_agrees.py


def flat(session):
    return session.desk.training.parameters.copy()


@pytest.fixture(scope="module")
def by_the_loops():
    """The parameters after each step of the loops, with the memory of Adam."""
    session, found = opened(DOWNHILL), []
    for _ in range(STEPS + 1):
        found.append(flat(session))
        do(session, "run 1")
    return found


@settings(max_examples=15, deadline=None)
@given(st.sampled_from(LADDER), st.sampled_from(LADDER), st.integers(0, STEPS), st.integers(0, STEPS))
def test_a_switch_at_any_step_goes_on_as_if_there_had_been_none(by_the_loops, first, second, one, other):
    at, end = sorted((one, other))
    session = opened(DOWNHILL)
    do(session, f"use {first}", *[f"run {at}"] * (at > 0))
    do(session, f"use {second}", *[f"run {end - at}"] * (end > at))
    assert session.desk.training.step == end
    np.testing.assert_allclose(flat(session), by_the_loops[end], rtol=0, atol=1e-9)
    if {first, second} <= {"loops", "numba"}:
        assert flat(session).tobytes() == by_the_loops[end].tobytes()


@settings(max_examples=5, deadline=None)
@given(st.integers(1, STEPS))
def test_twists_go_on_to_the_bit_where_the_order_of_sums_is_kept(at):
    alone, changed = opened(CLOUD), opened(CLOUD)
    do(alone, f"run {STEPS + at}")
    do(changed, f"run {at}", "use numba", f"run {STEPS}")
    assert parameters(changed) == parameters(alone)
