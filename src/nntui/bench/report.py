"""What was measured, as Markdown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from nntui.bench.tasks import SIZES
from nntui.models.mlp.cost import BEND, reached

if TYPE_CHECKING:
    from nntui.bench.command import Bench
    from nntui.bench.measuring import Result
    from nntui.bench.sweeps import Sweep
    from nntui.bench.verdicts import Verdict


def markdown(bench: Bench) -> str:
    """The whole report."""
    parts = [
        _head(bench), _speeds(bench), _verdicts(bench), _by_twists(bench), _sweeps(bench), _compiling(bench),
        _missing(bench),
    ]  # fmt: skip
    return "\n\n".join(part for part in parts if part) + "\n"


def _head(bench: Bench) -> str:
    versions = ", ".join(f"{title} {version}" for title, version in bench.versions.items() if version)
    threads = "in one thread only, for a quick look" if bench.quick else (
        "of one thread and of all cores the better is shown"
    )  # fmt: skip
    lines = [
        "# The ladder, measured by `nntui bench`", "",
        f"{bench.date}. {bench.machine}" + (f" Versions: {versions}." if versions else ""), "",
        f"Samples trained per second: forward, backward and update, with gathering the batch from a permuted order; "
        f"stochastic gradient descent, tanh in all layers, mean squared error. Medians of {bench.rounds} rounds "
        f"(smallest to largest) in which all contestants take turns of {bench.seconds:g} s, each in a process of its "
        f"own; {threads}. Everyone sets out from the same weights, and is "
        f"held to the same weights after ten steps, or after one where these would take minutes.",
    ]  # fmt: skip
    for bits, (one, every) in bench.peaks.items():
        lines += [
            "",
            f"Measured peak of a matrix product, float{bits}: {one:.0f} GFLOP/s on one core, {every:.0f} on all.",
        ]
    for title, about in bench.about.items():
        lines += [*([""] if title == next(iter(bench.about)) else []), f"- {title}: {about}."]
    if bench.interrupted:
        lines += ["", "**The measurement was stopped on the way: this is what was measured so far.**"]
    return "\n".join(lines)


def _speeds(bench: Bench) -> str:
    parts = []
    for size in SIZES.values():
        here = [result for result in bench.results if result.size == size.key]
        if not here:
            continue
        loops = next((r.median for r in here if r.contestant == "loops"), None)
        best = {bits: max((r.median for r in here if r.precision == bits), default=0.0) for bits in (32, 64)}
        rows = [_speed(result, loops, result.median == best[result.precision]) for result in here]
        note = _loses(here)
        table = _table(("who", "float", "threads", "samples per second", "times loops", "GFLOP/s", "of the peak"), rows)
        notes = list(dict.fromkeys(f"{r.title}: {r.note}." for r in here if r.note))
        parts.append("\n\n".join(part for part in (f"## {size.title}", table, note, " ".join(notes)) if part))
    return "\n\n".join(parts)


def _speed(result: Result, loops: float | None, best: bool) -> tuple[str, ...]:
    title = f"`{result.title}`" if result.rung else result.title
    speed = f"{count(result.median)} ({count(result.low)} to {count(result.high)})"
    return (
        f"**{title}**" if best else title, str(result.precision), str(result.threads), speed,
        times(result.median / loops) if loops else "", f"{result.gflops:.3g}",
        f"{100 * result.peak_share:.2g} %" if result.peak_share is not None else "",
    )  # fmt: skip


def _loses(here: Sequence[Result]) -> str:
    """Where a rung is slower than one below it, which is a lesson too."""
    found = []
    for bits in (32, 64):
        rungs = [r for r in here if r.rung and (r.precision == bits or r.contestant == "loops")]
        for place, rung in enumerate(rungs[1:], 1):
            below = max(rungs[:place], key=lambda r: r.median)
            if rung.median < 0.95 * below.median:
                ratio = times(below.median / rung.median)
                found.append(f"`{rung.title}` is {ratio} times slower than `{below.title}` (float{bits})")
    return f"The ladder does not rise everywhere: {'; '.join(found)}." if found else ""


def _verdicts(bench: Bench) -> str:
    if not bench.verdicts:
        return ""
    rows = [_verdict(verdict) for verdict in bench.verdicts]
    head = (
        "## Ratios to reach\n\nThe best compiled rung in float32 against others of the same run: ratio of the medians "
        "(of single rounds)."
    )
    return f"{head}\n\n{_table(('size', 'to reach', 'against', 'by', 'measured', 'reached'), rows)}"


def _verdict(v: Verdict) -> tuple[str, ...]:
    of_peak = v.target < 1
    form: Callable[[float], str] = (lambda n: f"{100 * n:.3g} %") if of_peak else times
    said = f"{form(v.measured)} ({form(v.low)} to {form(v.high)})"
    return v.size, form(v.target), v.against, f"`{v.best_rung}`", said, "yes" if v.reached else f"no: {v.reason}"


def _by_twists(bench: Bench) -> str:
    if not bench.by_twists:
        return ""
    head = (
        "## Training by twists\n\nSteps per second, float64: a step twists one weight, and keeps the change if the "
        "loss of its batch falls. Medians (smallest to largest), all rungs taking turns in one process."
    )
    rows = []
    for one in bench.by_twists:
        loops = next((o for o in bench.by_twists if o.size == one.size and o.rung == "loops"), None)
        speed = f"{count(one.median)} ({count(min(one.rounds))} to {count(max(one.rounds))})"
        rows.append((one.size, f"`{one.rung}`", speed, times(one.median / loops.median) if loops else ""))
    return f"{head}\n\n{_table(('size', 'rung', 'steps per second', 'times loops'), rows)}"


def _sweeps(bench: Bench) -> str:
    if not bench.sweeps:
        return ""
    head = (
        "## Sweeps of twists\n\nEvery weight and bias twisted both ways over 500 points, float64. Much of what lies "
        "between the loops and the rest is the algorithm, not the engine: counted in multiply-adds, what a twist "
        f"reaches is {_fewer(bench.sweeps)} of a prediction anew. What the loops would take is "
        "extrapolated from ten points. A curve for each neuron and sample: all that a twist into a neuron does to a "
        "sample's loss depends on how far it moves the neuron's total, so this function is computed at a few places "
        "and its polynomial serves every twist, to 12 digits at least."
    )
    rows = []
    for sweep in bench.sweeps:
        back = _backwards(bench.sweeps, sweep.size)
        ratio = times(sweep.median / back) if back else ""
        low, high = duration(min(sweep.seconds)), duration(max(sweep.seconds))
        spread = " (extrapolated)" if sweep.extrapolated else f" ({low} to {high})" if len(sweep.seconds) > 1 else ""
        rows.append((sweep.size, f"{sweep.twists:,}", sweep.way, duration(sweep.median) + spread, ratio))
    return f"{head}\n\n{_table(('size', 'twists', 'way', 'time', 'times backpropagation'), rows)}"


def _fewer(sweeps: Sequence[Sweep]) -> str:
    """What share of a prediction a twist takes on the average, size by size."""
    shares = [
        f"1/{times(1 / share_reached(SIZES[key].sizes))} at {key}" for key in dict.fromkeys(s.size for s in sweeps)
    ]
    return ", ".join(shares)


def share_reached(sizes: Sequence[int]) -> float:
    """The multiply-adds of what a twist reaches, on the average over all weights, as a share of a prediction's.

    A prediction is counted with its bending, as the twist is.
    """
    weights = [after * before for before, after in pairwise(sizes)]
    reach = sum(count * reached(sizes, layer) for layer, count in enumerate(weights)) / sum(weights)
    return reach / (sum(weights) + BEND * sum(sizes[1:]))


def _backwards(sweeps: Sequence[Sweep], size: str) -> float:
    return next((s.median for s in sweeps if s.size == size and s.way.startswith("backpropagation")), 0.0)


def _compiling(bench: Bench) -> str:
    if not bench.compiling:
        return ""
    head = (
        "## Compiling\n\nSeconds until a rung is ready, numba being warm: with an empty cache, and from "
        "the cache (best of several)."
    )
    rows = [(c.size, str(c.precision), f"`{c.rung}`", f"{c.cold:.2f}", f"{min(c.cached):.3f}") for c in bench.compiling]
    return f"{head}\n\n{_table(('size', 'float', 'rung', 'empty cache', 'from the cache'), rows)}"


def _missing(bench: Bench) -> str:
    if not bench.missing:
        return ""
    lines = []
    for one in bench.missing:
        where = f" at {one.size}" if one.size else ""
        how = f" To enable it: `{one.enabled_by}`." if one.enabled_by else ""
        lines.append(f"- {one.title}{where}: {one.why}.{how}")
    return "## Not measured\n\n" + "\n".join(lines)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    def lines() -> Iterator[str]:
        yield f"| {' | '.join(head)} |"
        yield f"|{'---|' * len(head)}"
        for row in rows:
            yield f"| {' | '.join(cell.replace('|', '/') for cell in row)} |"

    return "\n".join(lines())


def count(number: float) -> str:
    """A speed in three digits: 77.1 M, 57.3 k, 834."""
    for unit, size in (("M", 1e6), ("k", 1e3)):
        if number >= 0.9995 * size:
            return f"{_three(number / size)} {unit}"
    return _three(number)


def times(ratio: float) -> str:
    """A ratio: 3,120 or 62 or 1.73."""
    return f"{ratio:,.0f}" if ratio >= 100 else f"{ratio:.3g}"


def duration(seconds: float) -> str:
    """A time in the unit that fits."""
    for unit, size in (("days", 86400.0), ("hours", 3600.0), ("minutes", 60.0), ("s", 1.0), ("ms", 1e-3)):
        if seconds >= size * (2 if size > 1 else 1):
            return f"{_three(seconds / size)} {unit}"
    return f"{_three(seconds * 1e6)} µs"


def _three(number: float) -> str:
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"
