"""The cores of this machine, their clock, and the memory, as the system tells them."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from msgspec import Struct

from nntui.machine.about import cpuinfo
from nntui.machine.asked import MOST_CPUS, cpus_in, line_of, number_of, told_by_sysctl
from nntui.machine.peak import cores as usable

CPUS = Path("/sys/devices/system/cpu")  # Linux
GROUP = Path("/sys/fs/cgroup")  # what a container may use, where it is told in the second way of Linux
MEMINFO = Path("/proc/meminfo")
MACOS_NAMES = ("hw.physicalcpu", "hw.logicalcpu", "hw.cpufrequency", "hw.memsize")


class Cores(Struct, frozen=True):
    """How many there are; None stands for what is not told."""

    physical: int | None
    threads: int | None  # hardware threads: two on a core that is hyperthreaded
    usable: int  # hardware threads that this process may run on
    quota: float | None = None  # as much time as so many cores have, where a container is held to it


class Clock(Struct, frozen=True):
    """How often the processor ticks in a second."""

    hertz: float | None = None
    when: Literal["most", "now", ""] = ""


class Memory(Struct, frozen=True):
    """Bytes; None stands for what is not told."""

    total: int | None
    available: int | None = None  # now, without taking from other programs
    limit: int | None = None  # where a container is held to it


def online(folder: Path = CPUS) -> frozenset[int]:
    """The numbers of the hardware threads that run."""
    told = cpus_in(line_of(folder / "online"))
    if told:
        return told
    try:
        names = os.listdir(folder)  # noqa: PTH208 - the names alone
    except OSError:
        return frozenset()
    numbers = (number_of(name[3:]) for name in names if name.startswith("cpu"))
    return frozenset(number for number in numbers if number is not None and number < MOST_CPUS)


def core_of(folder: Path, cpu: int) -> frozenset[int]:
    """The hardware threads of the core that has this one; none where that is not told."""
    place = folder / f"cpu{cpu}" / "topology"
    return cpus_in(line_of(place / "core_cpus_list")) or cpus_in(line_of(place / "thread_siblings_list"))


def cores() -> Cores:
    """The cores that there are, and those that this process may use."""
    if sys.platform == "darwin":
        told = told_by_sysctl(MACOS_NAMES)
        physical, threads = (number_of(told.get(name)) or None for name in MACOS_NAMES[:2])
        return Cores(physical, threads or os.cpu_count(), usable())
    return on_linux(CPUS)


def on_linux(folder: Path) -> Cores:
    """The cores in a tree such as /sys/devices/system/cpu."""
    cpus = online(folder)
    found = {core_of(folder, cpu) for cpu in cpus}
    physical = None if not found or frozenset() in found else len(found)
    return Cores(physical, len(cpus) or os.cpu_count(), usable(), quota(GROUP))


def quota(folder: Path) -> float | None:
    """As much time as how many cores have: "150000 100000" are 150 of every 100 milliseconds."""
    match = re.fullmatch("([0-9]{1,15}) ([0-9]{1,15})", line_of(folder / "cpu.max"))
    return int(match[1]) / int(match[2]) if match and int(match[1]) and int(match[2]) else None


def clock() -> Clock:
    """The most that it is built for, where that is told, or what it is now."""
    if sys.platform == "darwin":
        hertz = number_of(told_by_sysctl(MACOS_NAMES).get("hw.cpufrequency"))
        return Clock(float(hertz), "most") if hertz else Clock()
    found = [number_of(line_of(CPUS / f"cpu{cpu}" / "cpufreq" / "cpuinfo_max_freq")) for cpu in online()]
    if fastest := max((thousands or 0 for thousands in found), default=0):
        return Clock(fastest * 1e3, "most")
    megahertz = cpuinfo().get("cpu MHz", "")
    hertz_now = float(megahertz) * 1e6 if re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,6})?", megahertz) else 0.0
    return Clock(hertz_now, "now") if hertz_now else Clock()


def memory() -> Memory:
    """How much there is, and how much of it programs can have now."""
    if sys.platform == "darwin":
        return Memory(number_of(told_by_sysctl(MACOS_NAMES).get("hw.memsize")) or _pages())
    told = meminfo()
    limit = number_of(line_of(GROUP / "memory.max"))
    return Memory(told.get("MemTotal") or _pages(), told.get("MemAvailable"), limit)


def meminfo() -> Mapping[str, int]:
    """What /proc/meminfo tells in kB, in bytes."""
    try:
        with MEMINFO.open(encoding="utf-8", errors="replace") as file:
            text = file.read(10_000)
    except OSError:
        return {}
    return {
        name: int(kilobytes) << 10 for name, kilobytes in re.findall("(?m)^(Mem[A-Za-z]+): *([0-9]{1,15}) kB$", text)
    }


def _pages() -> int | None:
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") or None
    except (OSError, ValueError):
        return None
