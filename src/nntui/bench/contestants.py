"""Who is measured: how each is started, what it computes in, at which sizes, and what would enable it where absent."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nntui.bench.tasks import SIZES, Size, task
from nntui.models.mlp.ladder import rungs
from nntui.models.model import ModelError
from nntui.text import clean, did_you_mean

PEERS = "nntui.bench.peers"
ALL_SIZES = tuple(SIZES)
THREADED = ("numpy", "numba-parallel", "numba-fused")  # rungs that take several threads
FORCED = "numba-parallel"  # measured once more with all threads at every size: what they cost where they do not pay


@dataclass(frozen=True)
class Contestant:
    """One that takes part: a process is started for it, with so many threads, or for one and for all of them."""

    name: str
    title: str
    command: tuple[str, ...]
    threads: tuple[int, ...] = (1,)  # settings that are tried; the best counts
    precisions: tuple[int, ...] = (32, 64)
    sizes: tuple[str, ...] = ALL_SIZES
    enabled_by: str = ""  # what would enable it
    absent: str = ""  # why it cannot even be started
    note: str = ""
    unchecked: tuple[str, ...] = ()  # sizes at which its weights are not compared: that would take minutes
    slow: tuple[str, ...] = ()  # sizes at which they are compared after one step, for that takes seconds
    rung: bool = False
    compiled: bool = False

    def tried(self, size: Size) -> tuple[int, ...]:
        """The threads that are tried at a size: a second one pays for no library at the small ones."""
        return self.threads[:1] if size.weights < 1000 else self.threads


def cores() -> int:
    """How many cores there are for this process."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


def ladder(asked: Sequence[str]) -> list[Contestant]:
    """The rungs asked for, or all that there are, from the lowest up."""
    known = rungs(task(SIZES["P"]).network(64))
    for name in asked:
        if name not in known:
            hint = did_you_mean(name, known) or f"; there are {', '.join(known)}"
            raise ModelError(f"there is no rung '{clean(name, 40)}'{hint}")
    found = []
    for name, info in known.items():
        if asked and name not in asked:
            continue
        command = (sys.executable, "-m", f"{PEERS}.rung", name)
        both = (1, cores()) if name in THREADED and cores() > 1 else (1,)
        loops = name == "loops"
        found.append(
            Contestant(
                name, name, command, both, (64,) if loops else (32, 64), absent="" if info.make else info.absent,
                rung=True, compiled=not info.instant, unchecked=("L", "XL") if loops else (), note=info.idea,
            )
        )  # fmt: skip
        if name == FORCED and info.make:
            found.append(forced(command))
    return found


def forced(command: tuple[str, ...]) -> Contestant:
    """The rung that is all about threads, with all of them also where it would take one."""
    return Contestant(
        f"forced-{FORCED}", f"{FORCED}, forced", (*command, "forced"), (cores(),), rung=True,
        absent="" if cores() > 1 else "there is one core only",
        note="all threads at every size, where the rung by itself takes as many as a step is worth",
    )  # fmt: skip


def peers() -> list[Contestant]:
    """The other libraries."""
    both = (1, cores()) if cores() > 1 else (1,)
    extra = "pip install nntui[bench]"

    def python(name: str, title: str, module: str, note: str, **more: object) -> Contestant:
        command = (sys.executable, "-m", f"{PEERS}.{module}")
        return Contestant(name, title, command, enabled_by=extra, note=note, **{"threads": both, **more})  # type: ignore[arg-type]

    node = shutil.which("node")
    script = str(Path(__file__).parent / "peers" / "playground.js")
    return [
        python("torch-eager", "PyTorch eager", "torch_eager", "autograd and its optimizer, called from Python"),
        python("torch-compiled", "PyTorch compiled", "torch_compiled", "torch.compile of the whole training step"),
        python("torch-by-hand", "PyTorch by hand", "torch_by_hand", "gradients written by hand, no autograd"),
        python("jax-scan", "JAX scan", "jax_scan", "the whole loop under lax.scan, in jit"),
        python("scikit-learn", "scikit-learn", "sklearn_mlp",
               "MLPRegressor.partial_fit; its output does not bend, which saves it a tanh"),
        python("micrograd", "micrograd", "micrograd_mlp", "its MLP of Values, with tanh added",
               threads=(1,), precisions=(64,), sizes=("P", "M"), slow=("M",)),
        Contestant("playground", "playground in node", (node or "node", script), precisions=(64,),
                   sizes=("P", "M", "L"), enabled_by="install node (Node.js)",
                   absent="" if node else "there is no node on this machine",
                   note="the TensorFlow Playground's algorithm as JavaScript of our own"),
    ]  # fmt: skip


TITLES: Mapping[str, str] = {peer.name: peer.title for peer in peers()}
