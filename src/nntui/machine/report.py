"""All that this machine is and can do, gathered; machine/telling.py says it in sentences."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version

from msgspec import Struct

from nntui import __version__
from nntui.machine.about import processor
from nntui.machine.caches import Cache, caches
from nntui.machine.cores import Clock, Cores, Memory, clock, cores, memory
from nntui.machine.gpu import Gpus, gpus
from nntui.machine.peak import Peak, measure
from nntui.machine.vectors import Vectors, vectors
from nntui.text import clean

WORD, SENTENCE = 60, 200  # characters of foreign text
# Which variables of the environment say how many threads a library of products takes; the first that is set counts.
THREADS: Mapping[str, tuple[str, ...]] = {
    "openblas": ("OPENBLAS_NUM_THREADS", "GOTO_NUM_THREADS", "OMP_NUM_THREADS"),
    "mkl": ("MKL_NUM_THREADS", "OMP_NUM_THREADS"),
    "accelerate": ("VECLIB_MAXIMUM_THREADS",),
    "blis": ("BLIS_NUM_THREADS", "OMP_NUM_THREADS"),
}


class Blas(Struct, frozen=True):
    """The library behind numpy's matrix products; None stands for what is not told."""

    name: str | None = None
    version: str | None = None
    threads: int | None = None  # None: as many as it likes
    threads_by: str | None = None  # the variable of the environment that says so


class Software(Struct, frozen=True):
    """What computes, by version; None where it is not installed."""

    nntui: str
    python: str
    numpy: str | None
    numba: str | None
    platform: str
    numba_fails: str = ""  # why numba cannot be imported


class Rung(Struct, frozen=True):
    """A rung of the ladder: there, or absent, and then why, and what would enable it."""

    name: str
    idea: str
    there: bool
    absent: str = ""


class Report(Struct, frozen=True):
    """The whole machine."""

    processor: str
    architecture: str
    cores: Cores
    clock: Clock
    caches: tuple[Cache, ...]
    memory: Memory
    vectors: Vectors
    peaks: tuple[Peak, ...]  # GFLOP/s
    peaks_missing: str  # why there are none
    gpus: Gpus
    software: Software
    blas: Blas
    rungs: tuple[Rung, ...]


def report(rungs: tuple[Rung, ...], numba_fails: str, measured: bool) -> Report:
    """Ask for everything; measuring takes about a third of a second."""
    peaks, missing = _peaks() if measured else ((), "it was not measured")
    return Report(
        processor(), clean(platform.machine() or "unknown", WORD), cores(), clock(), caches(), memory(), vectors(),
        peaks, missing, gpus(), software(numba_fails), blas(), rungs,
    )  # fmt: skip


def why_not_numba() -> str:
    """Why numba cannot be imported, as where numpy is too new for it; empty where it can."""
    try:
        import numba  # noqa: F401
    except Exception as error:  # it looks for more than itself: its compiler, numpy's version, threads
        said = " ".join(str(error).split()) or type(error).__name__
        return clean(said, SENTENCE).rstrip(".")
    return ""


def software(numba_fails: str = "") -> Software:
    """The versions."""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    where = clean(platform.platform(), 100)
    return Software(__version__, python, _version("numpy"), _version("numba"), where, numba_fails)


def blas() -> Blas:
    """What numpy was built with, and what the environment says of its threads."""
    import numpy as np

    try:
        told = np.show_config(mode="dicts")["Build Dependencies"]["blas"]  # type: ignore[index, call-overload, unused-ignore]
        name, number = clean(str(told.get("name") or ""), WORD), clean(str(told.get("version") or ""), WORD)
    except (AttributeError, KeyError, TypeError):  # a numpy that tells it otherwise
        return Blas()
    variables = next((names for known, names in THREADS.items() if known in name.casefold()), ())
    for variable in variables:
        text = os.environ.get(variable, "").strip()
        if text.isascii() and text.isdigit() and len(text) < 6 and int(text):
            return Blas(name or None, number or None, int(text), variable)
    return Blas(name or None, number or None)


def _peaks() -> tuple[tuple[Peak, ...], str]:
    try:
        return measure(), ""
    except (MemoryError, RuntimeError):  # no room for a few matrices, or for a thread on each core
        return (), "this machine has no memory or no threads left to measure it"


def _version(package: str) -> str | None:
    try:
        return clean(version(package), WORD)
    except PackageNotFoundError:
        return None
