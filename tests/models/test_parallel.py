"""The rung numba-parallel is numba-simd to the bit, whatever the number of workers; both can be stopped in a step.

That they are the loops' network is held in test_ladder_agrees.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from late_crew import Late
from small_networks import bits, network, parameters, plan
from test_ladder_agrees import CASES, OPTIMIZER, after, downhill

from nntui.models.crew import cores
from nntui.models.mlp import parallel_rung, simd_rung
from nntui.models.mlp.parallel_rung import ParallelRung
from nntui.models.mlp.simd_rung import BLOCK, SimdRung
from nntui.models.plans import OPTIMIZERS

# Three layers, always: for each number of layers code is compiled anew.
SIZES = st.lists(st.sampled_from([1, 2, 4, 5, 8, 13, 33]), min_size=4, max_size=4).map(tuple)
WIDE = (9, 40, 11, 3)


def made(rung: Any, flat: Any, what: Any) -> tuple[bytes, ...]:
    """All that comes of a plan, in bits."""
    stored, outcome = after(rung, flat, what)
    rest = [getattr(outcome, name) for name in ("before", "after", "moments") if hasattr(outcome, name)]
    return tuple(bits(stored, *rest, rung.loss()))


@settings(max_examples=40)
@given(CASES, SIZES, st.integers(1, 200), OPTIMIZER, st.integers(1, 5))
@example({"sizes": (), "activation": "sigmoid", "output": "softmax", "loss": "cross-entropy", "samples": 70, "seed": 1},
         (1, 1, 1, 1), 130, "momentum", 4)  # fmt: skip
def test_it_is_simd_to_the_bit(
    case: dict[str, Any], sizes: tuple[int, ...], batch: int, optimizer: str, threads: int
) -> None:
    net = network(**{**case, "sizes": sizes})
    flat = parameters(net, case["seed"])
    for what in (downhill(net, 2, batch, optimizer, case["seed"]), plan(net, 3, batch, case["seed"])):
        assert made(ParallelRung(net, threads), flat, what) == made(SimdRung(net), flat, what)


@pytest.mark.parametrize("precision", [32, 64])
def test_the_bits_are_the_same_with_any_number_of_threads(precision: int) -> None:
    net = network(WIDE, "sigmoid", samples=50, precision=precision)
    flat = parameters(net).astype(np.float32).astype(np.float64)
    for what in (*(downhill(net, 6, 45, optimizer) for optimizer in OPTIMIZERS), plan(net, 6, 100)):
        seen = set()
        for threads in (1, 2, 3, 7):
            rung = ParallelRung(net, threads)
            seen.add(made(rung, flat, what))
            assert rung.threads == threads
        assert len(seen) == 1


@pytest.mark.parametrize("module", [simd_rung, parallel_rung])
def test_a_step_in_many_calls_is_the_step_in_one_to_the_bit(module: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    net = network(WIDE, samples=50)
    flat = parameters(net)
    make = SimdRung if module is simd_rung else ParallelRung
    for what in (*(downhill(net, 2, 10 * BLOCK, optimizer) for optimizer in OPTIMIZERS), plan(net, 2, 5 * BLOCK)):
        whole, outcome = after(make(net), flat, what)
        rung = make(net)
        with monkeypatch.context() as patched:
            patched.setattr(module, "AT_ONCE", 20)
            rung.load(flat)
            work, pauses = rung.start(what), 0
            while not work.run(0.0):
                pauses += 1
        assert pauses >= 15
        assert bits(rung.store()) == bits(whole)
        assert bits(work.outcome.before) == bits(outcome.before)


def test_a_block_of_a_large_network_has_fewer_samples() -> None:
    """A block cannot be interrupted."""
    blocks = [SimdRung(network((1, neurons, 1), samples=1))._block for neurons in (100, 500_000, 1_000_000)]
    assert blocks == [64, 32, 16]


def test_a_small_network_does_not_pay_for_threads() -> None:
    for sizes, block, threads in (((2, 4, 2, 1), 3 * 64 * 33, 1), ((40, 200, 40), 3 * 64 * 16_240, 6)):
        rung = ParallelRung(network(sizes))
        rung._most = 64
        assert rung.worth(block) == threads


def test_where_workers_keep_each_other_waiting_one_goes_on_alone_to_the_same_bits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    net = network(WIDE, samples=50)
    what = downhill(net, 12, 40)
    alone, _ = after(ParallelRung(net, 1), parameters(net), what)

    late = Late()
    monkeypatch.setattr(parallel_rung, "crew", lambda: late)
    monkeypatch.setattr(parallel_rung, "WORTH", 1)
    rung = ParallelRung(net)
    rung._most = 2
    stored, _ = after(rung, parameters(net), what)
    together, by_one = late.calls
    assert together == (2, 0, 12)
    assert by_one in ((1, 1, 12), (1, 2, 12))  # where they really kept each other waiting they went home sooner
    assert bits(stored) == bits(alone)


def test_no_more_threads_than_are_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NNTUI_THREADS", "1")
    assert cores() == 1
    assert ParallelRung(network(WIDE))._most == 1
