"""The rung numba-fused: panels, tiles, blocks. That it is the loops' network is held here and in test_ladder_agrees."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from late_crew import Late
from small_networks import bits, network, parameters, plan
from test_ladder_agrees import CASES, OPTIMIZER, after, downhill, hold, tries

from nntui.models.mlp.fused_rung import FusedRung, in_blocks
from nntui.models.mlp.panels import aligned, lay_out
from nntui.models.plans import OPTIMIZERS

# Below, at and above the lanes of any machine, and the ends of tiles, panels and parts of sums.
SIZE = st.one_of(st.integers(1, 20), st.sampled_from([31, 32, 33, 47, 64, 65, 257]))


@settings(max_examples=60)
@given(CASES, st.lists(SIZE, min_size=2, max_size=5).map(tuple), st.integers(1, 300), OPTIMIZER)
@example({"sizes": (), "activation": "sigmoid", "output": "softmax", "loss": "cross-entropy", "samples": 70, "seed": 1},
         (520, 33, 300, 1), 300, "momentum")  # fmt: skip
@example({"sizes": (), "activation": "relu", "output": "linear", "loss": "mean squared error", "samples": 9, "seed": 2},
         (1, 1), 1, "adam")  # fmt: skip
def test_it_takes_the_step_of_the_loops(
    case: dict[str, Any], sizes: tuple[int, ...], batch: int, optimizer: str
) -> None:
    net = network(**{**case, "sizes": sizes})
    # Adam divides by the size of a gradient, also where that is nothing but rounding.
    bound = 1e-7 if optimizer == "adam" else 1e-12
    hold(FusedRung(net), net, parameters(net, 0, 0.3), downhill(net, 1, batch, optimizer, case["seed"]), bound)


@settings(max_examples=20)
@given(CASES, st.lists(SIZE, min_size=2, max_size=4).map(tuple), st.integers(1, 80))
def test_it_tries_the_twists_of_the_loops(case: dict[str, Any], sizes: tuple[int, ...], batch: int) -> None:
    net = network(**{**case, "sizes": sizes})
    tries(FusedRung(net), net, parameters(net, 0, 0.3), plan(net, 3, batch, case["seed"]))


@pytest.mark.parametrize("precision", [32, 64])
@given(st.lists(st.integers(1, 130), min_size=2, max_size=6))
def test_every_parameter_has_a_place_of_its_own(precision: int, sizes: list[int]) -> None:
    net = network(tuple(sizes), precision=precision)
    _, places, length = lay_out(net, 16)
    assert len(np.unique(places)) == len(places) == net.layout.size
    assert 0 <= places.min() <= places.max() < length


def test_what_is_put_into_panels_comes_back() -> None:
    net = network((33, 65, 7))
    rung, flat = FusedRung(net), parameters(net)
    rung.load(flat)
    assert bits(rung.store()) == bits(flat)


def test_numbers_begin_at_a_cache_line() -> None:
    assert all(
        aligned(count, kind).ctypes.data % 64 == 0 for count in (1, 7, 5000) for kind in (np.float32, np.float64)
    )


@given(st.lists(st.integers(1, 700), min_size=1, max_size=9), st.integers(4, 300))
def test_blocks_are_the_batches_in_parts(counts: list[int], most: int) -> None:
    sizes = np.array(counts)
    starts = np.cumsum(sizes) - sizes
    steps, begins, ends = in_blocks(starts, sizes, most)
    assert 0 < (ends - begins).min() <= (ends - begins).max() <= most
    for step, (start, size) in enumerate(zip(starts, sizes, strict=True)):
        parts = [np.arange(a, b) for a, b in zip(begins[steps == step], ends[steps == step], strict=True)]
        assert (np.concatenate(parts) == np.arange(start, start + size)).all()


def test_a_step_in_many_calls_is_the_step_in_one_to_the_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    net = network((5, 20, 3), samples=50)
    flat = parameters(net)
    for what in (*(downhill(net, 3, 700, optimizer) for optimizer in ("sgd", "momentum", "adam")), plan(net, 4, 600)):
        whole, outcome = after(FusedRung(net), flat, what)
        rung = FusedRung(net)
        monkeypatch.setattr("nntui.models.mlp.fused_rung.AT_ONCE", 20)
        rung.load(flat)
        work, pauses = rung.start(what), 0
        while not work.run(0.0):
            pauses += 1
        assert pauses >= 8
        assert bits(rung.store()) == bits(whole)
        assert bits(work.outcome.before) == bits(outcome.before)
        monkeypatch.undo()


@pytest.mark.parametrize("sizes", [(37, 70, 33, 3), (5, 66, 130)])  # panels for everyone in some layers, or in all
@pytest.mark.parametrize("precision", [32, 64])
def test_the_bits_are_the_same_with_any_number_of_threads(precision: int, sizes: tuple[int, ...]) -> None:
    net = network(sizes, "sigmoid", samples=50, precision=precision)
    flat = parameters(net).astype(np.float32).astype(np.float64)
    for what in (*(downhill(net, 6, 45, optimizer) for optimizer in OPTIMIZERS), plan(net, 6, 300)):
        seen = set()
        for threads in (1, 2, 3, 7):
            rung = FusedRung(net, threads)
            stored, outcome = after(rung, flat, what)
            assert rung.threads == threads
            seen.add((*bits(stored, outcome.before, getattr(outcome, "moments", outcome.before)), rung.loss()))
        assert len(seen) == 1


def test_where_workers_keep_each_other_waiting_one_goes_on_alone_to_the_same_bits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    net = network((5, 20, 3), samples=50)
    what = downhill(net, 12, 40)
    alone, _ = after(FusedRung(net, 1), parameters(net), what)

    late = Late()
    monkeypatch.setattr("nntui.models.mlp.fused_rung.crew", lambda: late)
    monkeypatch.setattr("nntui.models.mlp.fused_rung.WORTH", 1)
    rung = FusedRung(net)
    rung._most = 2
    stored, _ = after(rung, parameters(net), what)
    together, by_one = late.calls
    assert together == (2, 0, 12)
    assert by_one in ((1, 1, 12), (1, 2, 12))  # where they really kept each other waiting they went home sooner
    assert bits(stored) == bits(alone)


def test_a_small_network_does_not_pay_for_threads() -> None:
    net = network((2, 4, 2, 1))
    rung = FusedRung(net)
    rung._most = 64
    after(rung, parameters(net), downhill(net, 3, 10))
    assert rung.threads == 1
