from pathlib import Path

import pytest
from trees import L1, L3, cpu, hyperthreaded

from nntui.machine.asked import MOST_CPUS, cpus_in, line_of, number_of
from nntui.machine.caches import Cache, on_linux, on_macos


def test_each_cache_is_told_once_with_who_shares_it(tmp_path: Path):
    kib = 1024
    assert on_linux(hyperthreaded(tmp_path)) == (
        Cache(1, "data", 48 * kib, 64, 12, 2, "core", 2),
        Cache(1, "instructions", 32 * kib, 64, 12, 2, "core", 2),
        Cache(2, "both", 2048 * kib, 64, 16, 2, "core", 2),
        Cache(3, "both", 36864 * kib, 64, 12, 4, "all", 1),
    )


def test_without_a_list_of_those_that_run_the_folders_count(tmp_path: Path):
    hyperthreaded(tmp_path)
    (tmp_path / "online").unlink()
    (tmp_path / "cpufreq").mkdir()
    (tmp_path / "cpu99999999").mkdir()
    assert [cache.count for cache in on_linux(tmp_path)] == [2, 2, 2, 1]


def test_cores_of_two_kinds_have_caches_of_two_sizes(tmp_path: Path):
    cpu(tmp_path, 0, "0-1", [{**L1, "shared_cpu_list": "0-1"}])
    cpu(tmp_path, 1, "0-1", [{**L1, "shared_cpu_list": "0-1"}])
    for number in (2, 3):
        cpu(
            tmp_path,
            number,
            f"{number}",
            [{**L1, "size": "32K", "shared_cpu_list": f"{number}"}, {**L3, "shared_cpu_list": "2-3"}],
        )
    large, small, beyond = on_linux(tmp_path)
    assert (large.threads, large.count, large.shared_by) == (2, 1, "core")
    assert (small.threads, small.count, small.shared_by) == (1, 2, "core")
    assert (beyond.threads, beyond.count, beyond.shared_by) == (2, 1, "some")


def test_what_is_missing_in_it_is_not_told_and_a_missing_tree_has_nothing(tmp_path: Path):
    cpu(tmp_path, 0, "", [{"level": "1"}, {"type": "Data"}, {"level": "77"}])
    assert on_linux(tmp_path) == (Cache(1, "both"),)
    assert on_linux(tmp_path / "none") == ()


def test_macos_tells_fast_and_thrifty_cores_apart():
    told = {
        "hw.nperflevels": "2", "hw.cachelinesize": "128", "hw.cacheconfig": "8 1 4 0 0 0", "hw.l1dcachesize": "65536",
        "hw.perflevel0.name": "Performance", "hw.perflevel0.physicalcpu": "4", "hw.perflevel0.logicalcpu": "4",
        "hw.perflevel0.l1dcachesize": "131072", "hw.perflevel0.l2cachesize": "16777216", "hw.perflevel0.cpusperl2": "4",
        "hw.perflevel1.name": "Efficiency", "hw.perflevel1.physicalcpu": "4", "hw.perflevel1.logicalcpu": "4",
        "hw.perflevel1.l1icachesize": "131072", "hw.perflevel1.l3cachesize": "0",
    }  # fmt: skip
    assert on_macos(told) == (
        Cache(1, "data", 131072, 128, None, 1, "core", 4, "Performance"),
        Cache(1, "instructions", 131072, 128, None, 1, "core", 4, "Efficiency"),
        Cache(2, "both", 16777216, 128, None, 4, "some", 1, "Performance"),
    )


def test_macos_on_intel():
    told = {
        "hw.cachelinesize": "64", "hw.cacheconfig": "8 2 2 8 0", "hw.physicalcpu": "4", "hw.logicalcpu": "8",
        "hw.l1dcachesize": "32768", "hw.l3cachesize": "6291456",
    }  # fmt: skip
    assert on_macos(told) == (
        Cache(1, "data", 32768, 64, None, 2, "core", 4),
        Cache(3, "both", 6291456, 64, None, 8, "all", 1),
    )
    assert on_macos({}) == ()
    assert on_macos({"hw.nperflevels": "9" * 15, "hw.l2cachesize": "x"}) == ()


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("0", {0}), ("0-3,8", {0, 1, 2, 3, 8}), ("0,2", {0, 2}),
        ("", ()), ("3-0", ()), ("0,0", ()), ("1-", ()), ("0-1\x00", ()), ("٣", ()), (f"0-{MOST_CPUS}", ()), ("0-" + "9" * 40, ()),
    ],
)  # fmt: skip
def test_a_list_of_hardware_threads(text: str, numbers: set[int]):
    assert cpus_in(text) == frozenset(numbers)


def test_files_are_read_by_their_first_line_and_nothing_of_them_is_trusted(tmp_path: Path):
    file = tmp_path / "file"
    file.write_bytes(b" 64K\x1b[2J\xff \n2\n")
    assert line_of(file) == "64K\ufffd[2J\ufffd"
    file.write_bytes(b"9" * 100_000)
    assert len(line_of(file)) == 4096
    assert len(line_of(file, 10)) == 10
    assert line_of(tmp_path) == line_of(tmp_path / "none") == ""
    assert (number_of("64"), number_of("9" * 16), number_of("-1"), number_of("٣"), number_of(None)) == (
        64,
        None,
        None,
        None,
        None,
    )
