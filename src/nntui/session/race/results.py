"""The result of a race as text, a JSON object a line for each rung, and read again: it may come from a stranger."""

from __future__ import annotations

import json
import math
from typing import Any

import msgspec

from nntui import __version__
from nntui import messages as m
from nntui.session.race.state import SavedResult
from nntui.session.subject import CommandError
from nntui.text import clean

LONGEST_NAME = 60
MOST_SIZES = 16  # of layers, of what a saved result was raced on


class _Line(msgspec.Struct):
    """What is taken from a line; everything else in it is left alone."""

    rung: str
    precision: int
    samples_per_second: float
    machine: str = ""
    state: str = "done"
    seconds: float = 0.0
    compile_seconds: float = 0.0
    gflops: float = 0.0
    speedup: float | None = None
    peak_share: float | None = None
    threads: int = 1
    sizes: tuple[int, ...] = ()
    batch: int = 0
    method: str = ""


def as_json(lane: m.Lane, view: m.RaceView) -> str:
    """One rung of a race, with all that it needs to be understood alone."""
    found: dict[str, Any] = msgspec.to_builtins(lane)
    found |= {
        "sizes": view.sizes, "batch": view.batch, "method": view.method, "optimizer": view.optimizer,
        "data": view.data, "operations_per_sample": view.operations_per_sample, "machine": view.machine,
        "nntui": __version__,
    }  # fmt: skip
    return json.dumps({name: _finite(value) for name, value in found.items()})


def _finite(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def read(name: str, text: str) -> SavedResult:
    """The lanes of a saved result; CommandError where it is none."""
    lanes: list[m.Lane] = []
    machine, work = "", ((), 0, "")  # type: tuple[str, tuple[tuple[int, ...], int, str]]
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        where = f"line {number} of {clean(name, LONGEST_NAME) or 'the result'}"
        try:
            found = msgspec.json.decode(line, type=_Line)
        except (msgspec.MsgspecError, RecursionError, UnicodeError) as error:
            raise CommandError(f"{where} is no rung of a race, as nntui race --json prints it: {error}") from None
        _check(found, where)
        if len(lanes) == m.MOST_RACERS:
            raise CommandError(f"{where} is one too many: a saved result has at most {m.MOST_RACERS} rungs")
        machine = clean(found.machine, 2 * LONGEST_NAME)
        work = found.sizes[:MOST_SIZES], found.batch, clean(found.method, LONGEST_NAME)
        if found.state == "done":
            lanes.append(
                m.Lane(
                    clean(found.rung, LONGEST_NAME), found.precision, "done", found.samples_per_second,
                    seconds=found.seconds, compile_seconds=found.compile_seconds, gflops=found.gflops,
                    speedup=found.speedup, peak_share=found.peak_share, threads=found.threads,
                )
            )  # fmt: skip
    if not lanes:
        raise CommandError(f"{clean(name, LONGEST_NAME) or 'the result'} has no rung that has raced")
    return SavedResult(clean(name, LONGEST_NAME), machine, tuple(lanes), *work)


def _check(found: _Line, where: str) -> None:
    for name in ("samples_per_second", "seconds", "compile_seconds", "gflops", "speedup", "peak_share"):
        value = getattr(found, name)
        if value is not None and not (math.isfinite(value) and 0 <= value < 1e18):
            raise CommandError(f"{where}: {name} is a number from 0, not {value:g}")
    if not 0 <= found.batch < 10**9 or not all(0 < size < 10**9 for size in found.sizes):
        raise CommandError(f"{where}: sizes and batch are whole numbers from 1")
    if found.precision not in (32, 64):
        raise CommandError(f"{where}: precision is 32 or 64, not {found.precision}")
    if not 1 <= found.threads <= 100_000:
        raise CommandError(f"{where}: threads is a number from 1, not {found.threads}")
