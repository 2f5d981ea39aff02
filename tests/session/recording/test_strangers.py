"""What somebody else has written by hand is held to the limits of a lesson file."""

import contextlib
import importlib
import random
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from recordings import SMALL, recorded, written

from nntui import messages as m
from nntui import words
from nntui.sentences import unfit
from nntui.session.recording.player import Player
from nntui.session.recording.reading import read, understood
from nntui.session.recording.records import (
    Ended,
    Happened,
    Header,
    Keyframe,
    Obeyed,
    Parent,
    Passed,
    RecordingError,
    to_json,
)  # fmt: skip
from nntui.session.recording.verifying import Verifier
from nntui.text import clean

ROOT = Path(__file__).parents[3]
HEADER = Header(1, "0.7", "2026-11-25T10:00:00+00:00")


@pytest.fixture(scope="module")
def keyframe(tmp_path_factory: pytest.TempPathFactory) -> Keyframe:
    path = recorded(tmp_path_factory.mktemp("strangers") / "x.nnrec", (m.Run(10),))
    return next(line.record for line in read(path).lines if isinstance(line.record, Keyframe))


def played(path: Path) -> str:
    """The error that a recording ends in; empty where there is none."""
    try:
        player = Player(path)
    except RecordingError as error:
        return str(error)
    facts = player.settle()
    player.handle(m.Seek("percent", 100.0))
    facts += player.settle()
    player.close()
    return next((fact.sentence for fact in facts if isinstance(fact, m.Error)), "")


@pytest.mark.parametrize(
    ("place", "value", "part"),
    [
        (("scenario", "model", "layers"), [2, 50_000, 50_000, 1], "layers"),
        (("scenario", "data", "samples"), 10**12, "samples"),
        (("scenario", "data"), {"file": "../../secret.csv", "inputs": ["a"], "targets": ["b"]}, "data.file"),
        (("original", "model"), {"kind": "mlp", "layers": b"x"}, "model.layers"),
        (("scenario", "training", "batch_size"), -1, "batch_size"),
        (("state", "step"), -5, "state.step"),
        (("state", "sample"), 2**70, ""),
        (("state", "parameters"), {"weights[0]": [[1.0]]}, "state.parameters"),
        (("parameters",), b"12345678", "parameters"),
        (("parameters",), b"123", ""),
        (("waiting",), [[5, 400, 1.0, None, 0, 0]], "waits"),
        (("work",), -1, "work"),
    ],
)
def test_a_keyframe_is_held_to_its_limits(
    keyframe: Keyframe, tmp_path: Path, place: tuple[str, ...], value: Any, part: str
) -> None:
    found = msgspec.msgpack.decode(keyframe.snapshot)
    inner = found
    for key in place[:-1]:
        inner = inner.setdefault(key, {})
    if value == 2**70:
        value = 2**63
    inner[place[-1]] = value
    bad = msgspec.structs.replace(keyframe, snapshot=msgspec.msgpack.encode(found), begins=True, after="00000000")
    path = written(tmp_path / "x.nnrec", HEADER, msgspec.structs.replace(bad, after=_crc(HEADER)))
    for sentence in (played(path), Verifier(read(path)).run().difference):
        assert part in sentence
        assert sentence
        assert "\n" not in sentence
        assert len(sentence) < 300


def _crc(header: Header) -> str:
    from nntui.session.recording.records import as_hex, checksum

    return as_hex(checksum(to_json(header), 0, True))


def test_text_of_a_recording_steers_no_terminal(tmp_path: Path) -> None:
    evil = "a\x1b[31m\u202eb"
    position = m.Position()
    path = written(
        tmp_path / "x.nnrec", Header(1, evil, evil), Happened(0.0, position, m.Marked(evil, 0)),
        Happened(0.1, position, m.Note(evil)), Happened(0.1, position, m.Told(m.Refused(evil))),
    )  # fmt: skip
    player = Player(path)
    facts = player.settle()
    facts += player.handle(m.Play(8.0)) + player.settle()
    lines = read(path).lines[1:]
    assert len(lines) == 3
    shown = repr(lines) + repr(facts) + repr(player.view())
    assert "\\x1b" not in shown
    assert "\\u202e" not in shown
    player.close()


@pytest.mark.parametrize(
    "line",
    [
        b'{"kind":"passed","at":1e999,"position":[0,0,0,"training",0]}',
        b'{"kind":"passed","at":"nan","position":[0,0,0,"training",0]}',
        b'{"kind":"passed","at":-1,"position":[0,0,0,"training",0]}',
        b'{"kind":"passed","at":0,"position":[-1,0,0,"training",0]}',
        b'{"kind":"passed","at":0,"position":[0,0,0,"training",' + b"9" * 5_000 + b"]}",
        b'{"kind":"passed","at":' + b"[" * 50_000 + b"]" * 50_000 + b"}",
        b'{"kind":"command","at":0,"position":[0,0,0,"training",0],"command":{"type":"Run","steps":1e99}}',
        b'{"kind":"command","at":0,"position":[0],"command":{"type":"Run","steps":true}}',
        b'{"kind":"passed","at":0,"position":[0,0,0,"\xff\xfe",0]}',
    ],
)
def test_numbers_out_of_their_limits_are_damage(tmp_path: Path, line: bytes) -> None:
    from nntui.session.recording.records import as_hex, checksum

    path = written(tmp_path / "x.nnrec", HEADER)
    with path.open("ab") as file:
        file.write(as_hex(checksum(line, int(_crc(HEADER), 16), False)).encode() + b" " + line + b"\n")
    scan = read(path)
    assert len(scan.damages) == 1
    assert scan.damages[0].line == 2


def test_a_header_that_is_none_any_more_is_told_of(tmp_path: Path, keyframe: Keyframe) -> None:
    path = written(tmp_path / "x.nnrec", HEADER, msgspec.structs.replace(keyframe, after=_crc(HEADER)))
    path.write_bytes(path.read_bytes().replace(b'"nnrec"', b'"nnrfc"', 1))
    scan = read(path)
    assert [damage.line for damage in scan.damages] == [1]
    assert not any(line.sound for line in scan.lines)


def test_no_file_is_waited_for(tmp_path: Path) -> None:
    import os

    os.mkfifo(tmp_path / "pipe.nnrec")
    for name in ("pipe.nnrec", "", "none.nnrec"):
        with pytest.raises(RecordingError):
            Player(tmp_path / name)


@pytest.mark.parametrize("parameters", [b"123", b"12345678", b"\xff" * 72], ids=["odd", "one", "of no numbers"])
def test_a_keyframe_that_is_only_compared_is_not_believed_either(
    keyframe: Keyframe, tmp_path: Path, parameters: bytes
) -> None:
    found = msgspec.msgpack.decode(keyframe.snapshot)
    lines = read(recorded(tmp_path / "y.nnrec", ())).lines
    before = [line.record for line in lines if not isinstance(line.record, Ended)]
    for snapshot in (
        msgspec.msgpack.encode({**found, "parameters": parameters}),
        b"\xa4\xff\xff\xff\xff",
        b"\x91" * 9_000,
    ):
        bad = Keyframe(before[-1].at, before[-1].position, lines[len(before) - 1].checksum, True, snapshot)
        verdict = Verifier(read(written(tmp_path / "x.nnrec", *before, bad))).run()
        assert verdict.difference
        assert clean(verdict.difference) == verdict.difference


def test_texts_in_lists_of_a_fact_steer_no_terminal(tmp_path: Path) -> None:
    evil = "loops\x1b[2J\u202e\x9b1m"
    view = m.WidthsView((1, 2), (evil, evil), (), ((1, evil, evil),), (2, 1), 7, evil, 64, 0.1, False, ((evil, evil),))
    path = written(
        tmp_path / "x.nnrec", HEADER, Obeyed(0.0, m.Position(), m.Open(SMALL, evil)),
        Happened(0.1, m.Position(), m.WidthsEnded(view, "")),
        Happened(0.1, m.Position(), m.BeatBegan(1, 2, evil, evil, (evil,), False)),
    )  # fmt: skip
    player = Player(path)
    player.settle()
    player.handle(m.Seek("percent", 100.0))
    facts = player.settle()
    said = repr([*facts, player.ask(m.AskView("widths")), player.view(), player.status()])
    player.close()
    assert "loops\ufffd[2J" in said
    assert not any(bad in said for bad in ("\\x1b", "\\u202e", "\\x9b"))


def test_a_command_that_is_refused_is_refused_in_a_clean_sentence(tmp_path: Path) -> None:
    evil = "a\x1b]0;title\x07\u202e\nb"
    header = msgspec.structs.replace(HEADER, machine={evil: evil}, parent=Parent(evil, 1, evil))
    path = written(
        tmp_path / "x.nnrec", header, Obeyed(0.0, m.Position(), m.Open(SMALL, evil)),
        Obeyed(0.0, m.Position(), m.SetValue(evil, 1.0)),
    )  # fmt: skip
    scan = read(path)
    assert not any(bad in repr(scan.header) for bad in ("\\x1b", "\\x07", "\\u202e"))
    difference = Verifier(scan).run().difference
    assert "there is no parameter" in difference
    assert clean(difference) == difference


def test_mutated_recordings_end_in_sentences(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    monkeypatch.setattr(unfit, "STRICT", False)
    fuzz = importlib.import_module("fuzz_recordings")
    monkeypatch.setattr(fuzz, "_verified", lambda scan, watch: None)  # that may take as long as it takes
    (tmp_path / "points.csv").write_text(fuzz.POINTS)
    path = recorded(tmp_path / "x.nnrec", tuple(map(words.parse, fuzz.SESSIONS[0][1])))
    data = path.read_bytes()
    for case in range(25):
        dice = random.Random(case)
        path.write_bytes(fuzz.mutated([data] * len(fuzz.SESSIONS), dice))
        fuzz.tried(path, dice, Patient())


class Patient:
    """A watch that lets things take as long as they take."""

    def over(self, seconds: float = 0.0) -> contextlib.AbstractContextManager[None]:
        """Let it."""
        return contextlib.nullcontext()


FLOATS = st.floats(allow_subnormal=True)


@given(FLOATS, FLOATS, st.integers(0, 10**9), st.text(max_size=20))
def test_numbers_survive_to_the_bit(first: float, second: float, step: int, text: str) -> None:
    fact = m.Trained(step, 0, step, first, second, stopped="")
    record = Happened(0.5, m.Position(step), fact)
    again = understood("fact", to_json(record))
    assert isinstance(again, Happened)
    assert repr(again) == repr(record)  # repr tells -0.0 from 0.0, and any float from any other
    passed = Passed(0.5, m.Position(step), first)
    assert repr(understood("passed", to_json(passed))) == repr(passed)
    assert isinstance(understood("fact", to_json(Happened(0.0, m.Position(), m.Note(text)))), Happened)
