"""Code written for one network: it computes what the loops compute; its file is kept, reused, and made of numbers."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import textwrap
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_networks import bits, network, parameters, plan, rung_of
from test_ladder_agrees import after, downhill, hold, tries

from nntui.models.mlp import generated
from nntui.models.mlp.generator import MOST_UNROLLED, Writer
from nntui.models.mlp.generator_rolled import BLOCK, RolledWriter, tiles
from nntui.models.mlp.ladder import rungs
from nntui.models.mlp.network import ACTIVATIONS, LOSSES, OUTPUTS, Network
from nntui.models.plans import OPTIMIZERS

MSE = "mean squared error"
# Each of these is a module of its own, which takes seconds to compile: a few sizes have to do.
CASES = [
    ((1, 1), "tanh", "tanh", MSE, 64),
    ((2, 4, 2, 1), "tanh", "tanh", MSE, 64),
    ((3, 5, 7, 2), "relu", "sigmoid", MSE, 64),
    ((5, 1, 3), "sigmoid", "softmax", "cross-entropy", 64),
    ((20, 17, 9), "relu", "softmax", "cross-entropy", 64),  # in loops
]
SIZES = st.lists(st.integers(1, 40), min_size=2, max_size=4).map(tuple)


@pytest.mark.parametrize(("sizes", "activation", "output", "loss", "precision"), CASES)
def test_it_is_the_network_of_the_loops(
    sizes: tuple[int, ...], activation: str, output: str, loss: str, precision: int
) -> None:
    net = network(sizes, activation, output, loss, samples=40, precision=precision)
    rung, flat = generated.prepare(net), parameters(net)
    rolled = net.layout.size > MOST_UNROLLED
    for batch in (1, 3, 10, 33, *([BLOCK + 7] if rolled else [])):
        for optimizer in sorted(OPTIMIZERS):
            # Adam divides by the size of a gradient, also where that is nothing but rounding.
            hold(rung, net, flat, downhill(net, 1, batch, optimizer), 1e-7 if optimizer == "adam" else 1e-12)
        tries(rung, net, flat, plan(net, 6, batch))
    hold(rung, net, flat, downhill(net, 100, 10, "momentum"), 1e-9)


def test_loops_over_tiles_take_many_steps_as_one_by_one_to_the_bit_and_leave_biases_that_do_not_train() -> None:
    net = network((20, 17, 9), "relu", "softmax", "cross-entropy", samples=40)
    fixed = Network(
        net.sizes, net.activation, net.output_activation, net.loss, net.inputs, net.targets, net.test_inputs,
        net.test_targets, train_biases=False,
    )  # fmt: skip
    rung, flat = generated.GeneratedRung(net), parameters(net)
    for optimizer in OPTIMIZERS:
        whole = downhill(net, 5, 10, optimizer)
        at_once, _ = after(rung, flat, whole)
        now, moments = flat, whole.moments
        for step in range(whole.steps):
            begin, end = whole.starts[step], whole.starts[step + 1]
            one = replace(whole, order=whole.order[begin:end], starts=np.array([0, end - begin]), moments=moments,
                          taken=step)  # fmt: skip
            now, outcome = after(rung, now, one)
            moments = outcome.moments
        assert bits(now) == bits(at_once) == bits(after(rung, flat, whole)[0])
        hold(generated.GeneratedRung(fixed), fixed, flat, downhill(fixed, 3, 10, optimizer), 1e-7)


def test_loops_over_tiles_of_32_bits_are_near() -> None:
    net = network((20, 17, 9), samples=40, precision=32)
    flat = parameters(net)
    ours, _ = after(generated.GeneratedRung(net), flat, downhill(net, 5, 10))
    theirs, _ = after(rung_of("loops", net), flat, downhill(net, 5, 10))
    np.testing.assert_allclose(ours, theirs, atol=1e-5)


def test_each_parameter_has_a_place_of_its_own() -> None:
    for sizes in ((1, 1), (2, 4, 2, 1), (20, 17, 9), (64, 32, 10), (3, 1, 200)):
        for lanes, rows in ((4, 4), (16, 8)):
            for writer in (Writer(network(sizes)), RolledWriter(network(sizes), lanes, rows)):
                assert len(np.unique(writer.places)) == len(writer.places) == network(sizes).layout.size
                assert 0 <= writer.places.min() <= writer.places.max() < writer.length


@given(st.integers(1, 300), st.sampled_from([4, 8]))
def test_tiles_cover_all_rows_once_with_hardly_a_difference_in_height(count: int, most: int) -> None:
    cut = list(tiles(count, most))
    assert [row for first, end, height in cut for row in range(first, end)] == list(range(count))
    assert all((end - first) % height == 0 and 1 <= height <= most for first, end, height in cut)
    assert max(height for *_, height in cut) - min(height for *_, height in cut) <= 1


@given(
    SIZES, st.sampled_from(sorted(ACTIVATIONS)), st.sampled_from(sorted(OUTPUTS)), st.sampled_from(sorted(LOSSES)),
    st.sampled_from([32, 64]),
)  # fmt: skip
def test_what_is_written_is_python_and_says_for_which_network(
    sizes: tuple[int, ...], activation: str, output: str, loss: str, precision: int
) -> None:
    net = network(sizes, activation, output, loss, precision=precision)
    text = generated.writer(net).module()
    tree = ast.parse(text)
    told = ast.get_docstring(tree) or ""
    assert "-".join(map(str, sizes)) in told
    assert loss in told
    assert f"Numbers of {precision} bits" in told
    assert max(map(len, text.splitlines())) <= 120
    assert text == generated.writer(net).module()
    # No text in it but descriptions: what it does is made of names and numbers.
    descriptions = {ast.get_docstring(node, clean=False) for node in [tree, *ast.walk(tree)]
                    if isinstance(node, ast.Module | ast.FunctionDef)}  # fmt: skip
    strings = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    assert strings <= descriptions
    assert all(re.fullmatch(r"nntui\.models\.[a-z.]+", node.module or "")
               for node in ast.walk(tree) if isinstance(node, ast.ImportFrom))  # fmt: skip


def test_the_file_differs_by_size_precision_and_curve_and_is_the_one_shown() -> None:
    nets = [network((2, 4, 1)), network((2, 5, 1)), network((2, 4, 1), precision=32), network((2, 4, 1), "relu")]
    files = [generated.written(net) for net in nets]
    assert len(set(files)) == len(files)
    info = rungs(nets[0])["numba-generated"]
    assert info.file is not None
    assert info.file() == files[0]
    assert "output_0_3" in files[0].read_text()
    assert generated.written(network((2, 4, 1), samples=7)) == files[0], "the data are no part of it"


def test_a_file_that_was_changed_is_written_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    path = generated.written(network((2, 3, 1)))
    right = path.read_text()
    assert tmp_path in path.parents
    path.write_text("raise SystemExit")
    assert generated.written(network((2, 3, 1))).read_text() == right
    assert [each.name for each in path.parent.iterdir()] == [path.name], "nothing half-written stays"


def test_without_a_cache_folder_it_is_written_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(blocked))
    path = generated.written(network((2, 3, 1)))
    assert blocked not in path.parents
    ast.parse(path.read_text())


def test_a_second_process_finds_it_compiled(tmp_path: Path) -> None:
    code = textwrap.dedent(
        """
        import sys
        sys.path.insert(0, sys.argv[1])
        from small_networks import network
        from nntui.models.mlp.generated import prepare
        rung = prepare(network((1, 2, 1)))
        stats = [each.stats for each in rung._functions.values()]
        print(sum(sum(each.cache_hits.values()) for each in stats), sum(sum(each.cache_misses.values()) for each in stats))
        print(rung.source_file)
        """
    )
    environment: dict[str, Any] = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
    told = [
        subprocess.run([sys.executable, "-c", code, str(Path(__file__).parent)], env=environment, text=True,
                       capture_output=True, check=True).stdout.splitlines() for _ in range(2)
    ]  # fmt: skip
    assert told[0] == ["0 2", told[1][1]]
    assert told[1][0] == "2 0"


def test_large_networks_hear_that_it_gains_nothing() -> None:
    assert "numba-fused" in rungs(network((784, 128, 10)))["numba-generated"].note
    assert "numba-fused" not in rungs(network((64, 32, 10)))["numba-generated"].note
