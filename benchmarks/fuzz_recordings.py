"""Strangers' recordings: lines with right checksums that say anything; cuts at every byte, flipped bits.

    python benchmarks/fuzz_recordings.py CASES [SEED [FIRST]]   mutations, from the case FIRST on
    python benchmarks/fuzz_recordings.py case NUMBER [SEED]     one of them alone, in this process
    python benchmarks/fuzz_recordings.py damage [FLIPS]         all cuts and 5,000 flips of a small recording

Each case is read, told of by `info`, verified for a while, opened in a player, gone about in, branched from and left
again, with all that is told put into the sentences of the plain front end, and all views asked for. Nothing may end in
a traceback, take more than a second of processor time, or take more than 300 MB. What does is named, and its file kept
in /tmp.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import io
import json
import random
import re
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import msgspec
from fuzzing import (
    COMMAND,
    FACT,
    OF_A_FILE,
    POINTS,
    Fuzz,
    Listener,
    Trial,
    Watch,
    bytes_like,
    changed,
    check_sentence,
    check_text,
    text_of,
    texts,
    value_of,
)  # fmt: skip

from nntui import messages as m
from nntui import words
from nntui.commands import info
from nntui.commands.replay import Checked
from nntui.scenario.library import find
from nntui.session.process.local import LocalEngine
from nntui.session.recording.player import Player
from nntui.session.recording.reading import Scan, read
from nntui.session.recording.records import ALONE, RecordingError, as_hex, checksum
from nntui.session.recording.verifying import Verifier

VERIFIED_SECONDS = 0.02  # of processor time, before a ctrl-c
WORKED_SECONDS = 0.004  # at a time
THOROUGH = 0.3  # of the cases are gone through from end to end, and the others opened and played for a moment
SMALL = """
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
SESSIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (SMALL, ("run 6", "twist weights[0][0][1] 0.3", "mark here", "run 3", "goto 2", "undo", "run 2")),
    (OF_A_FILE, ("run 4", "graph loss", "forward", "backward 3", "sample 3", "mark here", "run 3", "tensor 2 3",
                 "tensor transpose", "layers 4", "run 2")),
    ("2", ("next", "next", "next", "answer 1", "next", "run 3", "mark \u00e9", "next", "undo")),
    (SMALL, ("walk predict", "step 3", "break 40", "step 2", "until 38", "pin", "rate 0.5", "batch 5", "run 3",
             "landscape weights[0][0][0] weights[0][0][1]", "sweep 0.2", "slope weights[0][0][0] 0.01", "run 4",
             "reset", "run 2", "noise 0.1")),
)  # fmt: skip
# What stands in JSON as it is, and what no encoder writes.
RAW = (
    "NaN", "Infinity", "-Infinity", "1e999", "-1e999", "9" * 5_000, "1" + "0" * 400, "0.1e-9999", "-0", "01", "+1",
    "tru",
    '"\\ud800"', '"\\u0000\\u001b[2J"', '"\\u202e"', '"\\x41"', "[" * 50_000 + "]" * 50_000,
    '{"a":' * 20_000 + "1" + "}" * 20_000,
    '"' + "\\u00e9" * 3_000 + '"', '"\t"', '"\xff"', "'a'", "/* */1", "", "null,null", '{"kind":"end","kind":"nnrec"}',
)  # fmt: skip


def recordings(place: Path) -> list[bytes]:
    """A few recordings to begin with."""
    (place / "points.csv").write_text(POINTS)
    made = []
    for number, (text, lines) in enumerate(SESSIONS):
        path = place / f"seed-{number}.nnrec"
        with LocalEngine() as engine:
            engine.record(path)
            source = find(text).read_text() if len(text) < 5 else text
            commands = [m.Open(source, "small.toml", str(place)), *map(words.parse, lines)]
            for command in commands:
                engine.send(command)  # type: ignore[arg-type]
                list(engine.settle())
        made.append(path.read_bytes())
    return made


# ---------------------------------------------------------------- mutations


def mutated(seeds: list[bytes], dice: random.Random) -> bytes:
    """Change a few lines, and make all checksums right again."""
    data = dice.choices(seeds, (3, 3, 1, 3))[0]  # the lesson is long
    if dice.random() < 0.05:
        return damaged(data, dice)
    lines = [json.loads(line[9:]) for line in data.splitlines()]
    if dice.random() < 0.1:
        other = [json.loads(line[9:]) for line in dice.choice(seeds).splitlines()]
        lines = lines[: dice.randint(1, len(lines))] + other[dice.randint(0, len(other)) :]
    for _ in range(dice.choice((1, 1, 1, 2, 3, 8))):
        if lines:
            _one_change(lines, dice)
    return written(lines, dice)


def damaged(data: bytes, dice: random.Random) -> bytes:
    """Bytes as no recorder writes them."""
    found = bytearray(data)
    for _ in range(dice.randint(1, 20)):
        at = dice.randrange(len(found) + 1)
        deed = dice.randrange(4)
        if deed == 0:
            found[at : at + 1] = bytes([dice.randrange(256)])
        elif deed == 1:
            del found[at : at + dice.randint(1, 400)]
        elif deed == 2:
            found[at:at] = found[: dice.randint(0, 2_000)]
        else:
            found[at:at] = dice.choice(
                (b"\n", b"\0" * 100, b"\xff\xfe", b"\r\n", b"00000000 {}\n", b'00000000 {"kind":"end"}\n')
            )
        if not found:
            return b""
    return bytes(found)


def _one_change(lines: list[Any], dice: random.Random) -> None:
    at, deed = dice.randrange(len(lines)), dice.random()
    line = lines[at]
    if deed < 0.06:
        del lines[at]
    elif deed < 0.12:
        lines.insert(at, json.loads(json.dumps(dice.choice(lines))))
    elif deed < 0.15:
        lines.insert(dice.randrange(len(lines)), lines.pop(at))
    elif deed < 0.40 and isinstance(line, dict):  # any message that there is, with any values
        kind, type_of = dice.choice((("command", COMMAND), ("fact", FACT)))
        lines.insert(at, {"kind": kind, "at": line.get("at", 0), "position": line.get("position", {}),
                          kind: value_of(type_of, dice)})  # fmt: skip
    elif deed < 0.45:
        lines.insert(min(at, 1), {"kind": "file", "at": 0, "name": dice.choice(("points.csv", "a/b.csv",
        text_of(dice))),
                                  "text": dice.choice((POINTS, text_of(dice), POINTS * 50,
                                  "a,b,c\n" + "1," * 3_000))})  # fmt: skip
    elif deed < 0.60:
        found = [known for known in lines if isinstance(known, dict) and isinstance(known.get("snapshot"), str)]
        if found:
            keyframe = dice.choice(found)
            keyframe["snapshot"] = _snapshot(keyframe["snapshot"], dice)
    elif deed < 0.65:
        _change_scenario(lines, dice)
    elif deed < 0.70 and any(isinstance(known, dict) and known.get("kind") == "losses" for known in lines):
        losses = dice.choice([known for known in lines if isinstance(known, dict) and known.get("kind") == "losses"])
        behind = losses.get("behind")
        if isinstance(behind, dict):
            key = dice.choice(("losses", "tests"))
            found = bytes_like(base64.b64decode(str(behind.get(key, "")) or "AAAAAAAAAAA="), dice)
            behind[key] = base64.b64encode(found).decode()
    else:
        changed(line, dice, keep=("kind",) if dice.random() < 0.9 else ())


def _snapshot(text: str, dice: random.Random) -> str:
    """Change something in a keyframe's snapshot: values, or bytes of it."""
    with contextlib.suppress(Exception):
        data = base64.b64decode(text)
        if dice.random() < 0.15:
            at = dice.randrange(len(data))
            tail = b"" if dice.random() < 0.5 else data[at + dice.randint(0, 3) :]
            data = (
                data[:at]
                + dice.choice((b"\xdd\xff\xff\xff\xff", b"\xc6\xff\xff\xff\xff", b"\x91" * 60_000, b"\xc0", b""))
                + tail
            )
            return base64.b64encode(data).decode()
        found = msgspec.msgpack.decode(data)
        for _ in range(dice.randint(1, 2)):
            changed(found, dice)
        return base64.b64encode(msgspec.msgpack.encode(found)).decode()
    return text


def _change_scenario(lines: list[Any], dice: random.Random) -> None:
    """Change a number or a word in the text of a scenario that is opened."""
    for line in lines:
        command = line.get("command") if isinstance(line, dict) else None
        if isinstance(command, dict) and isinstance(command.get("text"), str):
            places = list(re.finditer(r"-?[0-9.]+|\"[^\"\n]*\"", command["text"]))
            if places:
                place = dice.choice(places)
                new = dice.choice(
                    (json.dumps(text_of(dice)), str(dice.choice((0, -1, 10**9, 10**30, 1e308, "nan", "inf", [2] * 50))))
                )
                command["text"] = command["text"][: place.start()] + new + command["text"][place.end() :]
            return


def written(lines: list[Any], dice: random.Random) -> bytes:
    """The lines of a recording with right checksums, some of them with JSON that no encoder writes."""
    crc, out = 0, []
    raw_at = dice.randrange(len(lines)) if lines and dice.random() < 0.15 else -1
    for number, line in enumerate(lines):
        kind = line.get("kind") if isinstance(line, dict) else None
        if kind == "keyframe" and dice.random() < 0.95:
            line["after"] = as_hex(crc)
        text = json.dumps(line, separators=(",", ":"), ensure_ascii=dice.random() < 0.5).encode(
            "utf-8", "surrogatepass"
        )
        if number == raw_at:
            text = _raw(text, dice)
        crc = checksum(text, crc, kind in ALONE)
        out.append(f"{as_hex(crc)} ".encode() + text + b"\n")
    return b"".join(out)


def _raw(text: bytes, dice: random.Random) -> bytes:
    """Put in the place of a value what JSON does not have, or name a key twice."""
    values = list(re.finditer(rb'(?<=":)(-?[0-9.e+-]+|"[^"\\]*"|true|false|null)(?=[,}])', text))
    raw = dice.choice(RAW).encode("latin-1", "replace")
    if not values:
        return text
    place = dice.choice(values)
    if dice.random() < 0.2:
        return text[:-1] + b',"at":' + raw + b"}"
    return text[: place.start()] + raw + text[place.end() :]


# ---------------------------------------------------------------- trying one


def tried(path: Path, dice: random.Random, watch: Watch) -> str:
    """Read it, and go about in it; what came of it, in a word."""
    try:
        with watch.over():
            scan = read(path)
    except RecordingError as error:
        check_sentence("read", str(error))
        return "refused"
    with watch.over():
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            info.run(argparse.Namespace(file=path))
        check_text("info", *out.getvalue().split("\n"))
    thorough = dice.random() < THOROUGH
    if thorough or dice.random() < 0.2:
        _verified(scan, watch)
    del scan
    try:
        with watch.over():
            player = Player(path)
    except RecordingError as error:
        check_sentence("open", str(error))
        return "not played"
    try:
        return _gone_about(player, dice, watch, thorough)
    finally:
        player.close()


def _verified(scan: Scan, watch: Watch) -> None:
    verdict = None
    with contextlib.suppress(KeyboardInterrupt), watch.interrupting(VERIFIED_SECONDS):
        verdict = Verifier(scan).run()
    if verdict is None:  # it came while the end was being tidied up
        return
    checked = Checked("case.nnrec", scan, verdict, 0.0)
    for sentence in checked.sentences():
        check_sentence("verify", sentence)
    json.dumps(checked.as_object())


def _gone_about(player: Player, dice: random.Random, watch: Watch, thorough: bool) -> str:
    listener = Listener()

    def do(*commands: m.Command) -> None:
        for command in commands:
            with watch.over():
                listener.hear(player.handle(command))
            for _ in range(2):
                with watch.over():
                    listener.hear(player.work(time.perf_counter() + WORKED_SECONDS))

    def look() -> None:
        view: m.View
        for view in dice.sample(m.VIEWS, 3):
            with watch.over():
                listener.answered(player.ask(m.AskView(view, "", (40, 12)), glance=True))
        with watch.over():
            check_text("the header", *texts(msgspec.to_builtins(player.status())))

    do(m.Seek("percent", dice.random() * 100), m.Play(16.0))
    if not thorough:
        do(m.Seek("percent", 100.0), m.Seek("last"))
        check_text("the timeline", *texts(msgspec.to_builtins(player.view())))
        return "opened"
    if player.desk is not None:
        look()
    do(m.Seek("step", float(dice.randint(0, 60))), m.Seek("next"), m.Seek("percent", 100.0))
    check_text("the timeline", *texts(msgspec.to_builtins(player.view())))
    do(m.Branch())
    if player.live:
        do(m.Run(3), m.SetValue("weights[0][0][0]", 0.5), m.Undo(), m.Next(), m.Step())
        look()
        with watch.over():
            player.snapshot()
        do(m.Rejoin())
        return "branched"
    return "played"


class Cases:
    """The cases of a seed."""

    def __init__(self, seed: int, place: Path) -> None:
        self._seed, self._place = seed, place
        self._seeds = recordings(place)

    def made(self, case: int) -> tuple[bytes, random.Random]:
        """The recording of a case, and the dice that go on from there."""
        dice = random.Random(self._seed * 1_000_003 + case)
        return mutated(self._seeds, dice), dice

    def trial(self) -> Trial:
        """Try cases in this process."""
        path = self._place / "case.nnrec"

        def one(case: int, watch: Watch) -> str:
            data, dice = self.made(case)
            path.write_bytes(data)
            return tried(path, dice, watch)

        return one

    def kept(self, case: int) -> str:
        """Keep the file of a case."""
        path = Path(tempfile.gettempdir()) / f"fuzz-{self._seed}-{case}.nnrec"
        path.write_bytes(self.made(case)[0])
        return str(path)


# ---------------------------------------------------------------- damage


def damage(flips: int) -> bool:
    """All cuts and many flips: all before is there, and what is there is as it was written."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        data = recordings(place)[0]
        known = {line.checksum: line.record for line in read(place / "seed-0.nnrec").lines}
        ends = [at + 1 for at, byte in enumerate(data) if byte == 10]
        path, watch = place / "cut.nnrec", Watch()
        for cut in range(len(data) + 1):
            scan = Scan()
            scan.feed(data[:cut])
            assert len(scan.lines) == data[:cut].count(b"\n"), f"cut at {cut}"
            assert all(known[line.checksum] == line.record for line in scan.lines), f"cut at {cut}"
            if cut in ends or cut % 50 == 0:
                path.write_bytes(data[:cut])
                tried(path, random.Random(cut), watch)
        dice, wrong = random.Random(7), 0
        for flip in range(flips):
            bit = dice.randrange(len(data) * 8)
            flipped = bytearray(data)
            flipped[bit // 8] ^= 1 << bit % 8
            path.write_bytes(flipped)
            if flip % 20 == 0:
                tried(path, random.Random(bit), watch)
            try:
                scan = read(path)
            except RecordingError:
                assert bit // 8 < ends[0], f"bit {bit}: more than the first line is lost"
                continue
            sound = [line for line in scan.lines if line.sound]
            assert len(sound) >= data[: bit // 8].count(b"\n"), f"bit {bit}"
            wrong += sum(known.get(line.checksum) != line.record for line in scan.lines)
            assert scan.damages or scan.torn, f"bit {bit}: nothing is said"
        print(f"{len(data) + 1:,} cuts and {flips:,} flips: {wrong} wrong lines read; slowest {watch.slowest:.2f} s")
        return wrong == 0


def main(arguments: list[str]) -> int:
    """Do what was asked for."""
    if arguments[:1] == ["damage"]:
        return 0 if damage(int(arguments[1]) if arguments[1:] else 5_000) else 1
    alone = arguments[:1] == ["case"]
    numbers = [int(word) for word in arguments[alone:]]
    seed = numbers[1] if len(numbers) > 1 else 1
    with tempfile.TemporaryDirectory() as folder:
        cases = Cases(seed, Path(folder))
        if alone:
            print(cases.kept(numbers[0]))
            print(cases.trial()(numbers[0], Watch()))
            return 0
        first = numbers[2] if len(numbers) > 2 else 0
        return 0 if Fuzz(cases.trial, cases.kept).run(first, numbers[0] if numbers else 1_000) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
