import sys
from pathlib import Path

import pytest
from trees import cpu, hyperthreaded

from nntui.machine import about, cores
from nntui.machine.cores import Clock, Memory


@pytest.fixture(autouse=True)
def linux(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine that tells nothing, until a test lays files down in these places."""
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(cores, "CPUS", tmp_path / "cpus")
    monkeypatch.setattr(cores, "GROUP", tmp_path)
    monkeypatch.setattr(cores, "MEMINFO", tmp_path / "meminfo")
    monkeypatch.setattr(about, "CPUINFO", tmp_path / "cpuinfo")
    return tmp_path


def test_hyperthreads_are_two_of_a_core(linux: Path):
    hyperthreaded(linux / "cpus")
    told = cores.cores()
    assert (told.physical, told.threads, told.quota) == (2, 4, None)
    assert told.usable >= 1


def test_without_sys_the_threads_are_told_and_no_cores():
    told = cores.cores()
    assert told.physical is None
    assert told.threads


def test_an_older_kernel_calls_them_siblings(linux: Path):
    cpu(linux / "cpus", 0, "", [])
    assert cores.cores().physical is None
    (linux / "cpus" / "cpu0" / "topology" / "thread_siblings_list").write_text("0\n")
    assert (cores.cores().physical, cores.cores().threads) == (1, 1)


@pytest.mark.parametrize(
    ("text", "quota"), [("150000 100000", 1.5), ("max 100000", None), ("0 0", None), ("1 0", None), ("", None)]
)
def test_a_container_is_held_to_a_share_of_time(text: str, quota: float | None, linux: Path):
    (linux / "cpu.max").write_text(f"{text}\n")
    assert cores.cores().quota == quota


def test_the_clock_is_the_fastest_that_is_built_for_or_what_it_is_now(linux: Path):
    assert cores.clock() == Clock()
    (linux / "cpuinfo").write_text("processor : 0\ncpu MHz\t\t: 2300.000\n")
    assert cores.clock() == Clock(2.3e9, "now")
    for number, thousands in enumerate(("3000000", "4800000", "none")):
        cpu(linux / "cpus", number, f"{number}", [])
        (linux / "cpus" / f"cpu{number}" / "cpufreq").mkdir()
        (linux / "cpus" / f"cpu{number}" / "cpufreq" / "cpuinfo_max_freq").write_text(thousands)
    assert cores.clock() == Clock(4.8e9, "most")


@pytest.mark.parametrize("text", ["", "nan", "-1", "0", "1e400", "1_0", "9" * 40])
def test_a_clock_that_is_none_is_not_told(text: str, linux: Path):
    (linux / "cpuinfo").write_text(f"cpu MHz : {text}\n")
    assert cores.clock() == Clock()


def test_memory_with_what_a_container_is_held_to(linux: Path):
    (linux / "meminfo").write_text("MemTotal:       2048 kB\nMemFree: 7 kB\nMemAvailable:    1024 kB\n")
    (linux / "memory.max").write_text("1000\n")
    assert cores.memory() == Memory(2048 << 10, 1024 << 10, 1000)
    (linux / "meminfo").write_bytes(b"MemTotal: \xff kB\n")
    (linux / "memory.max").write_text("max\n")
    assert cores.memory().limit is None


def test_macos_is_asked_by_sysctl(monkeypatch: pytest.MonkeyPatch):
    told = {"hw.physicalcpu": "8", "hw.logicalcpu": "8", "hw.memsize": "17179869184"}
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(cores, "told_by_sysctl", lambda names: told)
    assert (cores.cores().physical, cores.cores().threads) == (8, 8)
    assert cores.memory() == Memory(16 << 30)
    assert cores.clock() == Clock()
