"""Why a rung wins at a size: from what a step is, what it took the rungs, and where the weights lie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

CACHES = Path("/sys/devices/system/cpu/cpu0/cache")
UNITS = {"K": 1024, "M": 1024**2, "G": 1024**3}
LEVEL = 1.05  # times as fast, below which two rungs are level
MANY = 100_000  # operations of a step, beside which a call of numpy is little
TRICKS = {
    "numba": "compiled loops make no call and read no line twice",
    "numba-simd": "vector instructions work on many samples at once",
    "numba-parallel": "vector instructions work on many samples at once, here on one core",
    "numba-fused": "every number that is fetched is used several times while it is near",
}


@dataclass(frozen=True)
class Timed:
    """A rung at one width: the seconds that a step took it, and its threads."""

    rung: str
    step_seconds: float
    threads: int = 1


@dataclass(frozen=True)
class Size:
    """What there is to do at one width."""

    operations: float  # of a step
    samples: int  # of a step
    weight_bytes: int


def reason(size: Size, rungs: Sequence[Timed], caches: Sequence[tuple[int, int]] = ()) -> str:
    """Why the fastest of these is that, in a sentence or two. `caches` are (level, bytes), the smallest first."""
    first, *others = sorted(rungs, key=lambda timed: timed.step_seconds)
    step = f"A step of {size.samples:,} sample{'s' * (size.samples != 1)} is {_rounded(size.operations)} operations"
    said = [f"{step}: {_trick(first, size)}{_where(size.weight_bytes, caches)}."]
    numpy = next((timed for timed in others if timed.rung == "numpy"), None)
    if others and others[0].step_seconds < LEVEL * first.step_seconds:
        said.append(f"{others[0].rung} is level with it.")
    elif numpy is not None and first.rung != "loops":
        said.append(f"numpy takes {_time(numpy.step_seconds)} for it, {first.rung} {_time(first.step_seconds)}.")
    return " ".join(said)


def _trick(first: Timed, size: Size) -> str:
    """What helps the winner at this size."""
    if first.rung == "loops":
        return "so few that a call of numpy costs more than to interpret them one by one"
    if first.rung == "numpy" and size.operations < MANY:
        return "one call works on whole arrays, where loops are read line by line for every number"
    if first.rung == "numpy":
        return "beside so many its calls cost little, and a matrix product uses each number often while it is near"
    if first.threads > 1:
        return f"enough to be worth the cost of {first.threads} threads"
    if first.rung == "numba-generated":
        return "its code is written for these very sizes, which leaves little but the arithmetic"
    return TRICKS.get(first.rung, "compiled code makes no calls")


def _where(weight_bytes: int, caches: Sequence[tuple[int, int]]) -> str:
    """The smallest cache that the weights fit in."""
    for level, bytes_ in caches:
        if weight_bytes <= bytes_:
            return f"; the weights, {_memory(weight_bytes)}, fit in the cache of level {level}, {_memory(bytes_)}"
    return f"; the weights, {_memory(weight_bytes)}, fit in no cache" if caches else ""


@cache
def caches() -> tuple[tuple[int, int], ...]:
    """The caches for data of this machine, (level, bytes), the smallest first; none where it does not tell them."""
    found = set()
    try:
        for folder in CACHES.glob("index*"):
            kind, level, size = ((folder / name).read_text().strip() for name in ("type", "level", "size"))
            if kind != "Instruction":
                found.add((int(level), int(size[:-1]) * UNITS[size[-1]]))
    except (OSError, ValueError, KeyError, IndexError):  # other systems, other kernels
        return ()
    return tuple(sorted(found))


def _rounded(value: float) -> str:
    """A number of operations to two digits, large ones in words."""
    for scale, word in ((1e9, " billion"), (1e6, " million")):
        if value >= scale:
            return f"{float(f'{value / scale:.2g}'):,.10g}{word}"
    return f"{float(f'{value:.2g}'):,.10g}"


def _memory(count: int) -> str:
    for scale, unit in ((1024**2, "MB"), (1024, "kB")):
        if count >= scale:
            return f"{float(f'{count / scale:.2g}'):,.10g} {unit}"
    return f"{count:,} bytes"


def _time(seconds: float) -> str:
    """Seconds in the unit that fits: "0.13 µs", "2.4 ms"."""
    scale, unit = next((each for each in ((1.0, "s"), (1e-3, "ms")) if seconds >= each[0]), (1e-6, "µs"))
    return f"{float(f'{seconds / scale:.2g}'):,.10g} {unit}"
