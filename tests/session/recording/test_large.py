"""A file of whatever size takes bounded memory; tried in a process of its own."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak of memory is told by Linux")

LARGE = """
import sys
from pathlib import Path
from nntui import messages as m
from nntui.session.recording.reading import read
from nntui.session.recording.records import *
path = Path(sys.argv[1])
crc = 0
with path.open("wb") as file:
    for number in range(int(sys.argv[2])):
        if number == 0:
            record = Header(1, "0.7", "now")
        elif sys.argv[3] == "small":
            record = Passed(0.0, m.Position(number))
        else:
            record = Keyframe(0.0, m.Position(number), as_hex(crc), True, b"x" * 3_000_000)
        data = to_json(record)
        crc = checksum(data, crc, kind_of(record) in ALONE)
        file.write(f"{as_hex(crc)} ".encode() + data + b"\\n")
scan = read(path)
status = Path("/proc/self/status").read_text()  # the peak that getrusage tells began with that of the parent
print(len(scan.lines), scan.full, int(status.split("VmHWM:")[1].split()[0]) // 1024)
"""


def peak(tmp_path: Path, lines: int, what: str) -> tuple[int, bool, int]:
    """How many lines are read, whether that was not all, and megabytes of memory."""
    arguments = [sys.executable, "-c", LARGE, str(tmp_path / "large.nnrec"), str(lines), what]
    told = subprocess.run(arguments, capture_output=True, text=True, timeout=100, check=True).stdout.split()
    return int(told[0]), told[1] == "True", int(told[2])


def test_many_keyframes_are_not_held(tmp_path: Path) -> None:
    lines, full, megabytes = peak(tmp_path, 60, "large")  # 240 MB
    assert (lines, full) == (60, False)
    assert megabytes < 200


def test_very_many_lines_end_at_a_limit(tmp_path: Path) -> None:
    lines, full, megabytes = peak(tmp_path, 200_000, "small")
    assert full
    assert 100_000 < lines < 200_000
    assert megabytes < 300
