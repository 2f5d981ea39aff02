"""Strangers' recordings: mutated lines with right checksums, cuts at every byte, flipped bits.

    python benchmarks/fuzz_recordings.py CASES [SEED]     mutations, 100,000 in a job of its own
    python benchmarks/fuzz_recordings.py damage           all cuts and 5,000 flips of a small recording

Nothing may end in a traceback, take more than a second or more than 300 MB. The first case that does is printed, and
left as /tmp/fuzz-recording.nnrec.
"""

from __future__ import annotations

import base64
import json
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from nntui import messages as m
from nntui.session.process.local import LocalEngine
from nntui.session.recording.player import Player
from nntui.session.recording.reading import Scan, read
from nntui.session.recording.records import ALONE, RecordingError, as_hex, checksum
from nntui.text import clean

SECONDS, MEGABYTES = 1.0, 300
TEXT = """
format = 1
title = "Small"
[data]
name = "xor"
samples = 20
[model]
kind = "mlp"
layers = [2, 2, 1]
[training]
batch_size = 7
"""
NASTY = (
    0, -1, 1, 2**31, 2**63, 2**64, 10**30, 1e308, -1e308, 5e-324, "nan", "inf", "", "x", "\x1b[31m", "\u202e", None,
    True,     [], {}, [[]], "../../etc/passwd", "A" * 5000, [0] * 5000, {"a": {"b": {"c": 1}}}, 1_000_000_000, 0.5,
)  # fmt: skip


def recording(place: Path) -> bytes:
    """A small recording to begin with."""
    path = place / "seed.nnrec"
    engine = LocalEngine()
    engine.record(path)
    commands = (m.Open(TEXT, "small.toml"), m.Run(30), m.Twist("weights[0][0][1]", 0.3), m.Mark("here"), m.Run(10),
                m.Goto(20), m.Undo(), m.Run(5))  # fmt: skip
    for command in commands:
        engine.send(command)
        list(engine.settle())
    engine.close()
    return path.read_bytes()


def mutated(data: bytes, dice: random.Random) -> bytes:
    """Change the values of a few lines, and make all checksums right again."""
    lines = [json.loads(line[9:]) for line in data.splitlines()]
    for _ in range(dice.randint(1, 3)):
        deed = dice.random()
        at = dice.randrange(len(lines))
        if deed < 0.1:
            del lines[at]
        elif deed < 0.2:
            lines.insert(at, lines[dice.randrange(len(lines))])
        else:
            _change(lines[at], dice)
        if not lines:
            break
    crc, out = 0, b""
    for line in lines:
        if line.get("kind") == "keyframe" and dice.random() < 0.9:
            line["after"] = as_hex(crc)
        text = json.dumps(line, separators=(",", ":"), ensure_ascii=dice.random() < 0.5).encode("utf-8", "replace")
        if dice.random() < 0.02:
            text = text[:-1] + b',"at":' + b"[" * 10_000 + b"]" * 10_000 + b"}"
        crc = checksum(text, crc, line.get("kind") in ALONE)
        out += f"{as_hex(crc)} ".encode() + text + b"\n"
    return out


def _change(value: object, dice: random.Random) -> None:
    """Change something somewhere in it."""
    if isinstance(value, dict) and value:
        key: object = dice.choice([*value])
    elif isinstance(value, list) and value:
        key = dice.randrange(len(value))
    else:
        return
    inner = value[key]  # type: ignore[index, call-overload]
    if isinstance(inner, dict | list) and inner and dice.random() < 0.8:
        _change(inner, dice)
    elif key == "snapshot" and isinstance(inner, str):
        value[key] = _snapshot(inner, dice)  # type: ignore[index, call-overload]
    elif key != "kind":
        value[key] = dice.choice(NASTY)  # type: ignore[index, call-overload]


def _snapshot(text: str, dice: random.Random) -> str:
    """Change something in a keyframe's snapshot."""
    found = msgspec.msgpack.decode(base64.b64decode(text))
    _change(found, dice)
    try:
        return base64.b64encode(msgspec.msgpack.encode(found)).decode()
    except (OverflowError, ValueError, TypeError):
        return text


def tried(data: bytes, place: Path, dice: random.Random) -> None:
    """Read it, and go about in it."""
    path = place / "case.nnrec"
    path.write_bytes(data)
    try:
        player = Player(path)
    except RecordingError as error:
        if clean(str(error)) != str(error):
            raise AssertionError(f"{error!r} is no sentence for a screen") from None
        return
    facts = player.work(time.perf_counter() + 0.05)
    for seek in (m.Seek("percent", dice.random() * 100), m.Seek("step", float(dice.randint(0, 60))), m.Seek("next")):
        facts += player.handle(seek)
        for _ in range(5):
            facts += player.work(time.perf_counter() + 0.01)
    for text in texts(msgspec.to_builtins(player.view())):
        assert clean(text) == text, f"{text!r:.200} reaches the timeline"
    facts += player.handle(m.Branch()) + player.handle(m.Rejoin())
    player.close()
    for text in texts([msgspec.to_builtins(fact, builtin_types=(bytes,)) for fact in facts]):
        assert all(clean(line) == line for line in text.split("\n")), f"{text!r:.200} reaches a fact"


def texts(value: object) -> Iterator[str]:
    """All text in it."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for pair in value.items():
            yield from texts(list(pair))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from texts(item)


def mutations(cases: int, seed: int) -> None:
    """Try so many mutations."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        data, slowest = recording(place), 0.0
        for case in range(cases):
            dice = random.Random(seed * 1_000_003 + case)
            found = mutated(data, dice)
            began = time.perf_counter()
            try:
                tried(found, place, dice)
            except BaseException:
                Path("/tmp/fuzz-recording.nnrec").write_bytes(found)
                print(f"case {case} of seed {seed}:", flush=True)
                raise
            slowest = max(slowest, took := time.perf_counter() - began)
            if took > SECONDS:
                print(f"case {case} of seed {seed} took {took:.2f} s")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{cases:,} cases; the slowest took {slowest:.2f} s; {peak:.0f} MB at the most")
        assert peak < MEGABYTES, "too much memory"


def damage() -> None:
    """All cuts and 5,000 flips: all before is there, and what is there is as it was written."""
    with tempfile.TemporaryDirectory() as folder:
        data = recording(Path(folder))
        known = {line.checksum: line.record for line in read(Path(folder) / "seed.nnrec").lines}
        for cut in range(len(data)):
            scan = Scan()
            scan.feed(data[:cut])
            assert len(scan.lines) == data[:cut].count(b"\n"), cut
            assert all(known[line.checksum] == line.record for line in scan.lines), cut
        dice, wrong = random.Random(7), 0
        for _ in range(5_000):
            bit = dice.randrange(len(data) * 8)
            flipped = bytearray(data)
            flipped[bit // 8] ^= 1 << bit % 8
            scan = Scan()
            try:
                scan.feed(bytes(flipped))
            except RecordingError:
                continue
            assert len([line for line in scan.lines if line.sound]) >= data[: bit // 8].count(b"\n"), bit
            wrong += sum(known.get(line.checksum) != line.record for line in scan.lines)
        print(f"{len(data):,} cuts and 5,000 flips: {wrong} wrong lines read")
        assert wrong == 0, "a wrong number"


if __name__ == "__main__":
    if sys.argv[1:] == ["damage"]:
        damage()
    else:
        mutations(int(sys.argv[1]) if sys.argv[1:] else 1_000, int(sys.argv[2]) if sys.argv[2:] else 1)
