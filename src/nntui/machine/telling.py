"""A machine in sentences, a line each: what it is called first, then what is told of it."""

from __future__ import annotations

from collections.abc import Iterator

from nntui.machine.caches import Cache
from nntui.machine.cores import Clock, Cores, Memory
from nntui.machine.gpu import Gpus
from nntui.machine.peak import Peak
from nntui.machine.report import Blas, Report, Software
from nntui.machine.vectors import Vectors
from nntui.text import full_stop

KINDS = {"data": " for data", "instructions": " for instructions", "both": ""}
UNITS = ("bytes", "KiB", "MiB", "GiB", "TiB")


def sentences(told: Report) -> Iterator[str]:
    """All of it."""
    yield f"Processor: {told.processor}, {told.architecture}; {_clock(told.clock)}."
    yield f"Cores: {_cores(told.cores)}."
    yield from _caches(told)
    yield f"Memory: {_memory(told.memory)}."
    yield f"Vectors: {_vectors(told.vectors)}."
    yield from _peaks(told)
    yield from _gpus(told.gpus, any(rung.name.startswith("cuda") for rung in told.rungs))
    yield from _software(told.software)
    yield f"Matrix products of numpy: {_blas(told.blas)}."
    yield from _rungs(told)


def in_bytes(count: int) -> str:
    """ "48 KiB", "23.5 GiB"."""
    power = min(4, (max(1, count).bit_length() - 1) // 10)
    size = count / (1 << 10 * power)
    return f"{size:,.{1 if size < 100 else 0}f}".removesuffix(".0") + f" {UNITS[power]}"


def _count(number: int, one: str) -> str:
    return f"{number:,} {one}{'s' * (number != 1)}"


# ---------------------------------------------------------------- the processor


def _clock(clock: Clock) -> str:
    if clock.hertz is None:
        return "its clock is not told"
    said = f"{clock.hertz / 1e9:.3g} GHz"
    return f"up to {said}" if clock.when == "most" else f"{said} at this moment, as the system tells it"


def _cores(cores: Cores) -> str:
    threads, physical = cores.threads, cores.physical
    if threads is None:
        told = "how many there are is not told"
    elif physical is None:
        told = f"{_count(threads, 'hardware thread')}, on how many cores is not told"
    elif threads == physical:
        told = f"{physical:,} physical, one hardware thread each"
    else:
        told = f"{physical:,} physical with {threads:,} hardware threads together (hyperthreads)"
    held = f", for as much time as {cores.quota:.3g} of them have" if cores.quota else ""
    return f"{told}; this process may use {cores.usable:,}{held}"


def _caches(told: Report) -> Iterator[str]:
    if not told.caches:
        yield "Caches: not told here."
    for cache in told.caches:
        size = "its size is not told" if cache.bytes is None else in_bytes(cache.bytes)
        line = f", lines of {_count(cache.line_bytes, 'byte')}" if cache.line_bytes else ""
        ways = f", {_count(cache.ways, 'way')}" if cache.ways else ""
        cores = f" of {cache.cores} cores" if cache.cores else ""
        yield f"Cache L{cache.level}{KINDS[cache.kind]}{cores}: {size}{line}{ways}; {_shared(cache)}."


def _shared(cache: Cache) -> str:
    if not cache.threads:
        return "who shares it is not told"
    many = f"{cache.count:,} of them, " if cache.count and cache.count > 1 else ""
    if cache.shared_by == "core":
        return f"{many}one for each core"
    if cache.shared_by == "all":
        return "the only one" if cache.threads == 1 else f"shared by all {cache.threads:,} hardware threads"
    if cache.threads == 1:
        return f"{many}one for each hardware thread"
    return f"{many}shared by {cache.threads:,} hardware threads{' each' * bool(many)}"


def _memory(memory: Memory) -> str:
    if memory.total is None:
        return "not told"
    free = f", of which programs can have {in_bytes(memory.available)} now" if memory.available is not None else ""
    held = memory.limit is not None and memory.limit < memory.total
    return f"{in_bytes(memory.total)}{free}" + (
        f"; this process is held to {in_bytes(memory.limit or 0)}" if held else ""
    )


def _vectors(vectors: Vectors) -> str:
    if not vectors.bits:
        return "not told"
    held = f"{vectors.bits // 32} numbers of 32 bits, or {vectors.bits // 64} of 64"
    return f"{vectors.bits} bits, which is {held}, at once; {', '.join(vectors.sets)}"


def _peaks(told: Report) -> Iterator[str]:
    if not told.peaks:
        yield f"Peak: {told.peaks_missing}."
    for peak in told.peaks:
        yield _peak(peak, told.cores.usable)
    if told.peaks and told.blas.threads != 1:
        said = f"{told.blas.threads:,} threads" if told.blas.threads else "as many threads as it likes"
        yield f"What one core reaches is not sure: a product of numpy takes {said} here."


def _peak(peak: Peak, cores: int) -> str:
    every = f", {peak.all_cores:,.3g} on all {cores:,} that this process may use" if cores > 1 else ""
    return f"Peak in {peak.bits} bits: {peak.one_core:,.3g} GFLOP/s on one core{every}, measured by a matrix product."


# ---------------------------------------------------------------- what computes on it


def _gpus(gpus: Gpus, used: bool) -> Iterator[str]:
    if not gpus.devices:
        yield f"GPU: none that CUDA can use is found ({gpus.note})."
    for number, gpu in enumerate(gpus.devices):
        memory = in_bytes(gpu.memory_bytes) + " of memory" if gpu.memory_bytes else "its memory is not told"
        capability = f"compute capability {gpu.compute_capability or 'not told'}"
        told = f"{gpu.name}, {memory}, {capability}, driver {gpu.driver or 'not told'}"
        yield f"GPU {number}: {told} ({gpus.by} tells it)."
    if gpus.devices and gpus.note:
        yield f"Python cannot compute on {'it' if len(gpus.devices) == 1 else 'them'}: {gpus.note}."
    if not used:
        yield "No rung of this version of nntui computes on a GPU."


def _software(software: Software) -> Iterator[str]:
    numpy, numba = (
        f"{name} {number}" if number else f"no {name}"
        for name, number in (("numpy", software.numpy), ("numba", software.numba))
    )
    yield f"Software: nntui {software.nntui}, {software.python}, {numpy}, {numba}, on {software.platform}."
    if software.numba_fails:
        yield f"numba cannot be imported: {software.numba_fails}."


def _blas(blas: Blas) -> str:
    if blas.name is None:
        return "by which library is not told"
    name = f"{blas.name} {blas.version or ''}".strip()
    if blas.threads is None:
        return f"{name}, in as many threads as it likes"
    return f"{name}, in {_count(blas.threads, 'thread')} ({blas.threads_by})"


def _rungs(told: Report) -> Iterator[str]:
    there = sum(rung.there for rung in told.rungs)
    yield f"Rungs: {there} of {len(told.rungs)} are there."
    for rung in told.rungs:
        why = f"; {rung.absent}" if rung.absent else ""
        yield full_stop(f"Rung {rung.name} ({rung.idea}): {'there' if rung.there else f'absent{why}'}")
