"""Trees of files as Linux has them in /sys/devices/system/cpu, made up."""

from collections.abc import Iterable
from pathlib import Path

L1 = {"level": "1", "type": "Data", "size": "48K", "coherency_line_size": "64", "ways_of_associativity": "12"}
L2 = {"level": "2", "type": "Unified", "size": "2048K", "coherency_line_size": "64", "ways_of_associativity": "16"}
L3 = {"level": "3", "type": "Unified", "size": "36864K", "coherency_line_size": "64", "ways_of_associativity": "12"}


def cpu(folder: Path, number: int, core: str, caches: Iterable[dict[str, str]]) -> None:
    """A hardware thread: those of its core, as a list, and its caches."""
    home = folder / f"cpu{number}"
    (home / "topology").mkdir(parents=True)
    (home / "topology" / "core_cpus_list").write_text(f"{core}\n")
    for index, told in enumerate(caches):
        place = home / "cache" / f"index{index}"
        place.mkdir(parents=True)
        for name, text in told.items():
            (place / name).write_text(f"{text}\n")


def hyperthreaded(folder: Path) -> Path:
    """Two cores of two hardware threads each, as Linux counts them: 0 and 2 are one core, 1 and 3 the other."""
    for number in range(4):
        core = f"{number % 2},{number % 2 + 2}"
        own = [{**told, "shared_cpu_list": core} for told in (L1, {**L1, "type": "Instruction", "size": "32K"}, L2)]
        cpu(folder, number, core, [*own, {**L3, "shared_cpu_list": "0-3"}])
    (folder / "online").write_text("0-3\n")
    return folder
