"""The ratios that the ladder is meant to reach, and whether this run reached them."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from nntui.bench.contestants import TITLES
from nntui.bench.measuring import Result

PRECISION = 32  # of the best rung; those that have 64 bits only are compared as they are
LIBRARIES = ("jax-scan", "torch-eager", "torch-compiled", "torch-by-hand", "numpy")
TARGETS: tuple[tuple[str, float, tuple[str, ...]], ...] = (
    ("P", 60.0, ("jax-scan",)),
    ("P", 80.0, ("playground",)),
    ("P", 3000.0, ("torch-eager",)),
    ("P", 900.0, ("loops",)),
    ("M", 3.0, ("jax-scan",)),
    ("M", 80.0, ("torch-eager",)),
    ("M", 6.0, ("numpy",)),
    ("M", 1800.0, ("loops",)),
    ("L", 1.7, LIBRARIES),
    ("XL", 1.05, LIBRARIES),
)
PEAK_SHARE = 0.9  # of one core, at L and XL


class Verdict(Struct):
    """One ratio to reach, and what became of it."""

    size: str
    target: float
    against: str
    best_rung: str
    measured: float  # the ratio of the medians
    low: float  # and of single rounds: the smallest and the largest
    high: float
    reached: bool
    reason: str = ""


def verdicts(results: Sequence[Result], peaks: dict[int, tuple[float, float]]) -> list[Verdict]:
    """All ratios whose two sides have been measured."""
    found = []
    for size, target, names in TARGETS:
        best = fastest(results, size, rungs=True)
        others = [r for r in results if r.size == size and r.contestant in names and _comparable(r)]
        if best is None or not others:
            continue
        other = max(others, key=lambda result: result.median)
        ratio = best.median / other.median
        single = [a / b for a, b in zip(best.rounds, other.rounds, strict=False)]
        against = TITLES.get(other.contestant, other.contestant)
        if len(names) > 1:
            against = f"the best of JAX, PyTorch, numpy ({against})"
        reached = ratio >= target
        reason = "" if reached else _reason(best, other, peaks)
        found.append(Verdict(size, target, against, best.contestant, ratio, min(single), max(single), reached, reason))
    return found


def peak_verdicts(results: Sequence[Result], peaks: dict[int, tuple[float, float]]) -> list[Verdict]:
    """The share of a core's peak at the large sizes, of what was measured on one."""
    found = []
    for size in ("L", "XL"):
        best = fastest(results, size, rungs=True)
        if best is None or best.peak_share is None:
            continue
        scale = best.peak_share / best.median
        reached = best.peak_share >= PEAK_SHARE
        on = "one core" if best.threads == 1 else f"{best.threads} cores"
        against = f"the measured peak of {on}, {peaks[best.precision][0 if best.threads == 1 else 1]:.0f} GFLOP/s"
        reason = "" if reached else f"{best.gflops:.3g} GFLOP/s in products; the rest of the time was not told apart"
        found.append(
            Verdict(size, PEAK_SHARE, against, best.contestant, best.peak_share, best.low * scale, best.high * scale,
                    reached, reason)
        )  # fmt: skip
    return found


def fastest(results: Sequence[Result], size: str, rungs: bool) -> Result | None:
    """The best compiled rung (or the best of all) of a size, in 32 bits."""
    asked = [
        r for r in results
        if r.size == size and r.precision == PRECISION and (r.contestant.startswith("numba") or not rungs)
    ]  # fmt: skip
    return max(asked, key=lambda result: result.median, default=None)


def _comparable(result: Result) -> bool:
    return result.precision == PRECISION or result.contestant in ("loops", "micrograd", "playground")


def _reason(best: Result, other: Result, peaks: dict[int, tuple[float, float]]) -> str:
    """What stands between: how fast both are, and what ratio the machine's own peak would give (the roofline)."""
    parts = [f"{best.contestant} does {best.gflops:.3g} GFLOP/s, {other.title} {other.gflops:.3g}"]
    if best.precision in peaks and best.operations:
        ceiling = max(peaks[best.precision]) * 1e9 / best.operations / other.median
        parts.append(f"at the measured peak of all cores the ratio would be {ceiling:,.{0 if ceiling >= 100 else 1}f}")
    return "; ".join(parts)
