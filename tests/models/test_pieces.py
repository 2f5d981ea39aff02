"""A plan in pieces is the plan in one go; given up half-way it leaves nothing behind; what you see is what runs."""

from __future__ import annotations

import importlib.util
import random
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from small_networks import bits, network, parameters, plan, results, rung_of

from nntui.models.mlp import array_rung, interpreted, loops
from nntui.models.mlp.interpreted import InterpretedRung
from nntui.models.pieces import in_pieces

RUNGS = ["loops", "loops by sample", "numpy", "numba", "numba by sample"]


def rung_in_pieces(name: str, net: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    if name.endswith("by sample"):
        monkeypatch.setattr(interpreted, "LONG_STEP", 0)
        monkeypatch.setattr(array_rung, "LONGEST_STEP", 0)
    return rung_of(name.split()[0], net)


@pytest.mark.parametrize("name", RUNGS)
@pytest.mark.parametrize("seed", range(5))
def test_in_pieces_is_the_same_to_the_bit(name: str, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    net = network((3, 5, 2), "tanh", "softmax", "cross-entropy", seed=seed)
    flat, steps = parameters(net, seed), plan(net, 40, 5, seed)
    whole = results(rung_of(name.split()[0], net), flat, steps)
    dice = random.Random(seed)

    def deadlines() -> float:
        return dice.choice([0.0, time.perf_counter(), time.perf_counter() + dice.uniform(0, 0.001)])

    assert results(rung_in_pieces(name, net, monkeypatch), flat, steps, deadlines) == whole


@pytest.mark.parametrize(("name", "pieces"), [("loops", 6), ("numpy", 6), ("loops by sample", 6 + 2 * 22)])
def test_it_pauses_after_each_step_or_sample(name: str, pieces: int, monkeypatch: pytest.MonkeyPatch) -> None:
    net = network((2, 2, 1))
    rung = rung_in_pieces(name, net, monkeypatch)
    rung.load(parameters(net))
    steps = plan(net, 6, 4)  # 5 batches of 4 and one of 2, each looked at twice
    assert steps.starts[-1] == 22
    work = rung.start(steps)
    count = 0
    while not work.run(0.0):
        count += 1
    assert count == pieces


@pytest.mark.parametrize("name", RUNGS)
def test_given_up_it_leaves_nothing_behind(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    net = network((3, 4, 2))
    flat = parameters(net)
    steps, other = plan(net, 30, 4, seed=1), plan(net, 20, 3, seed=2)
    expected = results(rung_of(name.split()[0], net), flat, other)
    rung = rung_in_pieces(name, net, monkeypatch)
    for pieces in (1, 7, 33):
        rung.load(flat)
        work = rung.start(steps)
        for _ in range(pieces):
            work.run(0.0)
        assert results(rung, flat, other) == expected
        assert bits(flat) == bits(parameters(net))


def edited(folder: Path, old: str, new: str) -> ModuleType:
    """A copy of loops.py with one change."""
    source = Path(loops.__file__).read_text()
    assert old in source
    path = folder / "loops.py"
    path.write_text(source.replace(old, new))
    spec = importlib.util.spec_from_file_location("edited_loops", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


CHANGES = [
    ("return math.tanh(total)", "return math.sin(total)"),
    ("total += error * error", "total += abs(error)"),
    ("kept = loss_after < loss_before", "kept = loss_after > loss_before"),
    ("losses_after[step] = after", "losses_after[step] = after + 1.0"),
]


@pytest.mark.parametrize(("old", "new"), CHANGES)
@pytest.mark.parametrize("name", ["loops", "loops by sample"])
def test_what_you_see_is_what_runs(
    name: str, old: str, new: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    net = network((2, 3, 1))
    flat, steps = parameters(net), plan(net, 25, 4)
    ours = results(rung_of("loops", net), flat, steps)
    changed = edited(tmp_path, old, new)
    with monkeypatch.context() as patched:
        patched.setattr(interpreted, "loops", changed)
        theirs = results(rung_in_pieces(name, net, monkeypatch), flat, steps)
        assert theirs == plainly(changed, net, flat, steps)
    assert theirs != ours
    assert results(rung_of("loops", net), flat, steps) == ours == plainly(loops, net, flat, steps)


def plainly(module: ModuleType, net: Any, flat: Any, steps: Any) -> Any:
    """The functions of a module, called as they stand."""
    rung = InterpretedRung(net)
    rung.load(flat)
    before, after, saved = ([0.0] * steps.steps for _ in range(3))
    layers, neurons, sources = net.places[steps.parameters].T.tolist()
    rest = (net.activation, net.output_activation, net.loss, net.scratch())
    train = net.inputs.tolist(), net.targets.tolist()
    module.train_by_twists(
        rung._weights, rung._biases, layers, neurons, sources, steps.amounts.tolist(), *train,
        steps.order.tolist(), steps.starts.tolist(), *rest, saved, before, after,
    )  # fmt: skip
    losses = [
        module.batch_loss(rung._weights, rung._biases, a.tolist(), b.tolist(), range(len(a)), *rest)
        for a, b in (net.split("train"), net.split("test"))
    ]
    return bits(rung.store(), before, after, saved, *losses)


def test_pausing_changes_nothing_in_the_module_itself() -> None:
    before = {name: id(value) for name, value in vars(loops).items()}
    pieces = in_pieces(loops, ("train_by_twists", "try_a_twist", "batch_loss"), using={})
    assert {name: id(value) for name, value in vars(loops).items()} == before
    assert pieces["batch_loss"].__code__.co_filename == loops.__file__


def test_an_error_on_the_way_names_the_line_of_the_source() -> None:
    net = network((2, 2, 1))
    rung = InterpretedRung(net)
    rung.load(parameters(net))
    steps = plan(net, 3, 2)
    steps.order[:] = 999
    with pytest.raises(IndexError) as caught:
        rung.start(steps).run(float("inf"))
    last = caught.traceback[-1]
    assert "inputs[sample]" in str(last.statement)
    assert str(last.path) == loops.__file__


def test_no_step_is_no_work() -> None:
    net = network((2, 2, 1))
    for name in ("loops", "numpy", "numba"):
        rung = rung_of(name, net)
        flat = parameters(net)
        rung.load(flat)
        none = plan(net, 1, 2)
        empty = type(none)(none.parameters[:0], none.amounts[:0], none.order[:0], np.zeros(1, np.int64))
        assert rung.start(empty).run(float("inf"))
        assert bits(rung.store()) == bits(flat)
