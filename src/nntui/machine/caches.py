"""The caches of this machine, as its system tells them: how large, in lines of how many bytes, and shared by whom."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from nntui.machine.asked import cpus_in, line_of, number_of, told_by_sysctl
from nntui.machine.cores import CPUS, core_of, online

MOST_INDICES = 8  # caches of one core that are looked for
MOST_LEVEL = 9
MOST_KINDS_OF_CORES = 4
SIZE = re.compile("([0-9]{1,12})([KMG]?)")  # as Linux writes it
UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30}
Kind: TypeAlias = Literal["data", "instructions", "both"]
Whose: TypeAlias = Literal["core", "some", "all", ""]
KINDS: Mapping[str, Kind] = {"Data": "data", "Instruction": "instructions", "Unified": "both"}
MACOS: Mapping[str, tuple[int, Kind]] = {
    "l1dcachesize": (1, "data"), "l1icachesize": (1, "instructions"),
    "l2cachesize": (2, "both"), "l3cachesize": (3, "both"),
}  # fmt: skip
MACOS_CORES = ("logicalcpu", "physicalcpu", "cpusperl2", "cpusperl3", "name")
MACOS_NAMES = (
    "hw.cachelinesize", "hw.cacheconfig", "hw.nperflevels",
    *(f"hw.{name}" for name in (*MACOS, *MACOS_CORES[:2])),
    *(f"hw.perflevel{kind}.{name}" for kind in range(MOST_KINDS_OF_CORES) for name in (*MACOS, *MACOS_CORES)),
)  # fmt: skip


class Cache(Struct, frozen=True):
    """A kind of cache, of which a machine may have several alike; None stands for what is not told."""

    level: int
    kind: Kind
    bytes: int | None = None
    line_bytes: int | None = None
    ways: int | None = None
    threads: int | None = None  # the hardware threads that share one
    shared_by: Whose = ""  # the threads of one core, of some, of all; empty where that is not told
    count: int | None = None  # how many there are alike
    cores: str = ""  # of which kind of cores, where a machine has several kinds


def caches() -> tuple[Cache, ...]:
    """All that the system tells, from the nearest to the cores outwards; none where it tells nothing."""
    if sys.platform == "darwin":
        return on_macos(told_by_sysctl(MACOS_NAMES))
    return on_linux(CPUS)


def on_linux(folder: Path) -> tuple[Cache, ...]:
    """The caches in a tree such as /sys/devices/system/cpu: each stands there with every hardware thread it serves."""
    cpus = online(folder)
    found: dict[Cache, set[frozenset[int]]] = {}
    for cpu in sorted(cpus):
        core = core_of(folder, cpu)
        for index in range(MOST_INDICES):
            place = folder / f"cpu{cpu}" / "cache" / f"index{index}"
            level = number_of(line_of(place / "level"))
            if level is None or not 1 <= level <= MOST_LEVEL:
                continue
            sharing = cpus_in(line_of(place / "shared_cpu_list"))
            cache = Cache(
                level, KINDS.get(line_of(place / "type"), "both"), _size(line_of(place / "size")),
                number_of(line_of(place / "coherency_line_size")),
                number_of(line_of(place / "ways_of_associativity")),
                len(sharing) or None, _whose(sharing, core, cpus),
            )  # fmt: skip
            found.setdefault(cache, set()).add(sharing)
    told = [replace(cache, count=len(alike) if cache.threads else None) for cache, alike in found.items()]
    return tuple(sorted(told, key=_outwards))


def on_macos(told: Mapping[str, str]) -> tuple[Cache, ...]:
    """The caches that sysctl tells; where there are fast and thrifty cores, those of either."""
    kinds = min(number_of(told.get("hw.nperflevels")) or 0, MOST_KINDS_OF_CORES)
    groups = [f"hw.perflevel{kind}." for kind in range(kinds)] or ["hw."]
    found = [cache for group in groups for cache in _group_on_macos(told, group, kinds)]
    return tuple(sorted(found, key=_outwards))


def _group_on_macos(told: Mapping[str, str], group: str, kinds: int) -> Iterator[Cache]:
    """The caches of one kind of cores."""
    threads, physical = (number_of(told.get(group + name)) for name in MACOS_CORES[:2])
    config = told.get("hw.cacheconfig", "").split()  # the threads that share the memory, an L1, an L2, an L3
    line = number_of(told.get("hw.cachelinesize"))
    cores = told.get(f"{group}name", "")[:40] if kinds > 1 else ""
    for name, (level, kind) in MACOS.items():
        size = number_of(told.get(group + name))
        if not size:
            continue
        shared = number_of(told.get(f"{group}cpusperl{level}"))
        shared = shared or (number_of(config[level]) if level < len(config) else None) or None
        whose: Whose = ""
        if shared and threads and physical:
            everyone = kinds < 2 and shared >= threads
            whose = "core" if shared * physical == threads else "all" if everyone else "some"
        count = max(1, threads // shared) if shared and threads else None
        yield Cache(level, kind, size, line, None, shared, whose, count, cores)


def _outwards(cache: Cache) -> tuple[int, str, str, int]:
    return cache.level, cache.kind, cache.cores, -(cache.bytes or 0)


def _size(text: str) -> int | None:
    match = SIZE.fullmatch(text)
    return int(match[1]) * UNITS[match[2]] or None if match else None


def _whose(sharing: frozenset[int], core: frozenset[int], cpus: frozenset[int]) -> Whose:
    if not sharing:
        return ""
    return "core" if sharing == core else "all" if sharing >= cpus else "some"
