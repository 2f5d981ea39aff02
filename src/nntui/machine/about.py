"""What this machine is, in a sentence: without it, a speed says nothing."""

from __future__ import annotations

import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from nntui.machine.asked import SYSCTL, answer_of
from nntui.machine.peak import cores
from nntui.machine.vectors import vectors
from nntui.text import clean

CPUINFO = Path("/proc/cpuinfo")
LIMIT = 60  # characters of a processor's name
READ = 100_000  # characters of /proc/cpuinfo: the name stands in its first lines
NAMES = ("model name", "Model", "cpu model", "cpu")  # as x86, small ARM boards, MIPS and POWER call it


def machine() -> str:
    """The processor, the cores that this process may use, the width of its vectors, the versions of what computes."""
    many = cores()
    parts = [processor(), f"{many} {'core' if many == 1 else 'cores'}"]
    if bits := vector_bits():
        parts.append(f"vectors of {bits} bits")
    versions = [f"Python {platform.python_version()}", *filter(None, map(_version, ("numba", "numpy")))]
    return f"{', '.join(parts)}; {', '.join(versions)}."


def processor() -> str:
    """The processor's name, as far as the machine tells it."""
    name = (
        _from_cpuinfo() or _from_sysctl() or platform.processor() or platform.machine() or "a processor without a name"
    )
    return clean(" ".join(name.split()), LIMIT)


def vector_bits() -> int:
    """How many bits one vector register holds; 0 where it would take importing numba to know."""
    return vectors().bits if "numba" in sys.modules else 0


def cpuinfo() -> dict[str, str]:
    """What /proc/cpuinfo, which Linux has, tells of the first processor; nothing where there is none."""
    try:
        with CPUINFO.open(encoding="utf-8", errors="replace") as file:
            rows = file.read(READ).split("\n")
    except OSError:
        return {}
    return {
        name.strip(): value.strip() for name, colon, value in (row.partition(":") for row in reversed(rows)) if colon
    }


def _from_cpuinfo() -> str:
    told = cpuinfo()
    return next((told[name] for name in NAMES if told.get(name)), "")


def _from_sysctl() -> str:
    """The name as macOS tells it."""
    if sys.platform != "darwin":
        return ""
    well, text = answer_of([SYSCTL, "-n", "machdep.cpu.brand_string"], seconds=2.0)
    return text if well else ""


def _version(package: str) -> str:
    try:
        return f"{package} {version(package)}"
    except PackageNotFoundError:
        return ""
