"""Bytes that find their own way: fuzzing guided by what of the code they reach, by atheris (`pip install atheris`).

    python benchmarks/fuzz_guided.py WHAT [-runs=100000 ...]   WHAT: line, keyframe, scenario, table or words

`line` are lines of a recording behind a right header, their checksums made right; `keyframe` the snapshot of one;
`scenario` the text of a lesson file; `table` a CSV; `words` what is typed. Nothing may raise but what becomes a
sentence. The other arguments are libFuzzer's.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["nntui", "tomllib"]):
    from nntui import words
    from nntui.data import DataError, read_table
    from nntui.scenario.check import check
    from nntui.scenario.expect import ExpectationError
    from nntui.scenario.expect import parse as expected
    from nntui.session.recording.reading import Scan
    from nntui.session.recording.records import ALONE, RecordingError, as_hex, checksum
    from nntui.session.recording.strangers import Gate
    from nntui.session.recording.timeline import Timeline
    from nntui.text import clean

HEADER = b'{"kind":"nnrec","format":1,"nntui":"0.7","created":"2026-11-25T10:00:00+00:00"}'
FOLDER = tempfile.mkdtemp(prefix="fuzz-")
GATE = Gate(FOLDER)


def check_sentence(error: Exception) -> None:
    """It is fit to be shown."""
    assert str(error)
    assert clean(str(error)) == str(error)


def line(data: bytes) -> None:
    """Lines of a recording."""
    crc = checksum(HEADER, 0, True)
    out = as_hex(crc).encode() + b" " + HEADER + b"\n"
    for text in data.split(b"\n"):
        crc = checksum(text, crc, any(text.startswith(b'{"kind":"%s"' % kind.encode()) for kind in ALONE))
        out += as_hex(crc).encode() + b" " + text + b"\n"
    scan, timeline = Scan(), Timeline()
    try:
        scan.feed(out)
    except RecordingError as error:
        check_sentence(error)
    for found in scan.lines:
        if found.sound:
            timeline.add(found)
    for damage in scan.damages:
        assert clean(damage.sentence) == damage.sentence


def keyframe(data: bytes) -> None:
    """A snapshot."""
    try:
        GATE.admitted(data)
    except RecordingError as error:
        check_sentence(error)


def scenario(data: bytes) -> None:
    """A lesson file."""
    _, problems = check(data.decode("utf-8", "replace"), "x.toml", FOLDER)
    for problem in problems:
        assert clean(problem) == problem


def table(data: bytes) -> None:
    """A CSV."""
    path = Path(FOLDER) / "x.csv"
    path.write_bytes(data)
    try:
        read_table(path, ["a"], ["b"])
    except DataError as error:
        check_sentence(error)


def typed(data: bytes) -> None:
    """What is typed, and what a lesson claims."""
    text = data.decode("utf-8", "replace")
    try:
        words.parse(text)
    except words.WordError as error:
        check_sentence(error)
    try:
        expected(text)
    except ExpectationError as error:
        check_sentence(error)


TARGETS: dict[str, Callable[[bytes], None]] = {
    "line": line, "keyframe": keyframe, "scenario": scenario, "table": table, "words": typed,
}  # fmt: skip

if __name__ == "__main__":
    target = TARGETS[sys.argv[1]]
    atheris.Setup([sys.argv[0], *sys.argv[2:]], target)
    atheris.Fuzz()
