"""The cache of compiled code: never stale, hit by the next process, done without where it cannot be written."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import nntui.models
from nntui.models import compiled
from nntui.models.compiled import cache_folder, fingerprint, jit
from nntui.models.mlp import loops

MODELS = Path(nntui.models.__file__).parent
SOURCES = sorted(path.relative_to(MODELS).as_posix() for path in MODELS.rglob("*.py"))


def copied(folder: Path) -> Path:
    return Path(shutil.copytree(MODELS, folder / "models", ignore=shutil.ignore_patterns("__pycache__")))


def test_the_same_sources_have_the_same_fingerprint(tmp_path: Path) -> None:
    assert fingerprint(copied(tmp_path)) == fingerprint() == fingerprint()
    assert len(fingerprint()) == 16


@pytest.mark.parametrize("source", SOURCES)
def test_a_change_in_any_source_changes_the_fingerprint(source: str, tmp_path: Path) -> None:
    folder = copied(tmp_path)
    with (folder / source).open("a") as file:
        file.write("\n")
    assert fingerprint(folder) != fingerprint()


def test_a_new_or_renamed_source_changes_the_fingerprint(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    (folder / "new.py").touch()
    found = {fingerprint(), fingerprint(folder)}
    compiled._sources.cache_clear()
    (folder / "new.py").rename(folder / "newer.py")
    assert len(found | {fingerprint(folder)}) == 3


def test_each_option_changes_the_fingerprint_and_the_folder() -> None:
    changes = {"parallel": True, "_nrt": False, "error_model": "python", "nogil": False}
    options: list[dict[str, Any]] = [{}, *({name: value} for name, value in changes.items())]
    assert len({fingerprint(**option) for option in options}) == len(options)
    assert len({cache_folder(**option) for option in options}) == len(options)


def test_serial_and_parallel_code_of_one_function_lie_apart() -> None:
    serial, parallel = jit(loops.batch_loss), jit(loops.batch_loss, parallel=True)
    paths = {Path(function.stats.cache_path).parent for function in (serial, parallel)}
    assert paths == {cache_folder(), cache_folder(parallel=True)}


def test_numbas_own_settings_are_left_alone() -> None:
    from numba.core import config

    before = config.CACHE_DIR
    jit(loops.batch_loss)
    assert before == config.CACHE_DIR


def test_the_taught_functions_stay_plain() -> None:
    from nntui.models.mlp.numba import compiled as compiled_functions

    compiled_functions()
    assert {type(value).__name__ for name, value in vars(loops).items() if callable(value)} == {"function"}


PROCESS = """
import json
import numpy as np
from nntui.models.mlp import loops
from nntui.models.mlp.network import Network
from nntui.models.mlp.numba import compiled, prepare

inputs, nothing = np.ones((2, 2)), np.zeros((0, 2))
targets, no_targets = inputs[:, :1], nothing[:, :1]
codes = loops.TANH, loops.TANH, loops.MEAN_SQUARED_ERROR
rung = prepare(Network((2, 2, 1), *codes, inputs, targets, nothing, no_targets))
rung.load(np.full(9, 0.5))
stats = [compiled()[name].stats for name in ("train_by_twists", "train_by_gradients", "batch_loss")]
hits, misses = (sum(sum(getattr(one, which).values()) for one in stats) for which in ("cache_hits", "cache_misses"))
print(json.dumps([hits, misses, rung.loss()]))
"""


def run(root: Path) -> Any:
    """Use the compiled rung in a process of its own: cache hits, cache misses, a loss."""
    done = subprocess.run(
        [sys.executable, "-c", PROCESS], env={**os.environ, "NUMBA_CACHE_DIR": str(root)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    return json.loads(done.stdout)


def kept(root: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in root.rglob("*.nb[ic]")}


def test_a_second_process_finds_what_the_first_compiled(tmp_path: Path) -> None:
    hits, misses, loss = run(tmp_path)
    assert (hits, misses) == (0, 3)
    files = kept(tmp_path)
    assert len([path for path in files if path.suffix == ".nbc"]) == 3
    assert run(tmp_path) == [3, 0, loss]
    assert kept(tmp_path) == files


def test_a_folder_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    hits, _, loss = run(tmp_path / "file")
    assert hits == 0
    assert loss > 0.0
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o500)
    if not os.access(locked, os.W_OK):  # whoever runs this as root may write anywhere
        assert run(locked)[2] == loss


def test_a_disk_that_is_full_keeps_nothing_and_that_is_all() -> None:
    asked: list[Any] = []

    def full(*arguments: Any) -> None:
        asked.append(arguments)
        raise OSError(errno.ENOSPC, "No space left on device")

    cache = SimpleNamespace(save_overload=full)
    compiled._keep_if_possible(cache)
    cache.save_overload("signature", "code")
    assert asked == [("signature", "code")]
