"""What is recorded comes out the same again, and whatever is damaged is found where it is."""

from pathlib import Path

import msgspec
import pytest
from recordings import ALL_SORTS, LESSON, SMALL, recorded

from nntui import messages as m
from nntui.session.recording.player import Player
from nntui.session.recording.reading import Scan, read
from nntui.session.recording.records import Happened, Keyframe, Obeyed, RecordingError
from nntui.session.recording.verifying import Verifier


@pytest.fixture(scope="module")
def all_sorts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return recorded(tmp_path_factory.mktemp("recording") / "all.nnrec", ALL_SORTS, LESSON)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    commands = (m.Run(30), m.Twist("weights[0][0][1]", 0.3), m.Mark("here"), m.Run(10))
    return recorded(tmp_path_factory.mktemp("recording") / "small.nnrec", commands)


def test_all_sorts_of_commands_come_out_the_same_to_the_bit(all_sorts: Path) -> None:
    scan = read(all_sorts)
    assert scan.damages == []
    assert len([line for line in scan.lines if isinstance(line.record, Obeyed)]) >= len(ALL_SORTS)
    verdict = Verifier(scan).run()
    assert (verdict.difference, verdict.line) == ("", 0)
    assert verdict.commands >= len(ALL_SORTS)


def test_a_data_file_goes_along(tmp_path: Path) -> None:
    folder = tmp_path / "lesson"
    folder.mkdir()
    (folder / "mine.csv").write_text("a,b,c\n" + "".join(f"{n},{n % 3},{n % 2}\n" for n in range(12)))
    text = SMALL.replace('name = "xor"\nsamples = 20', 'file = "mine.csv"\ninputs = ["a", "b"]\ntargets = ["c"]')
    path = recorded(tmp_path / "x.nnrec", (m.Run(20),), text, str(folder))
    (folder / "mine.csv").unlink()
    assert str(folder).encode() not in path.read_bytes()
    assert Verifier(read(path)).run().difference == ""
    player = Player(path)
    player.handle(m.Seek("step", 15))
    player.settle()
    assert player.position.step == 15
    player.close()


def test_an_overflow_is_the_same_again(tmp_path: Path) -> None:
    text = SMALL + 'method = "gradient"\nlearning_rate = 1000.0\n'
    text = text.replace("seed = 4", 'seed = 4\nactivation = "relu"\noutput = "linear"')
    path = recorded(tmp_path / "x.nnrec", (m.Run(500), m.Run(3)), text)
    facts = [line.record.fact for line in read(path).lines if isinstance(line.record, Happened)]
    assert any(isinstance(fact, m.Overflowed) for fact in facts)
    assert Verifier(read(path)).run().difference == ""


def test_another_parameter_is_found(small: Path, tmp_path: Path) -> None:
    """A byte that was changed by somebody who made all checksums right again."""
    lines = read(small).lines
    number = next(n for n, line in enumerate(lines) if isinstance(line.record, Keyframe))
    record = lines[number].record
    assert isinstance(record, Keyframe)
    found = msgspec.msgpack.decode(record.snapshot)
    changed = bytearray(found["parameters"])
    changed[3] ^= 1
    snapshot = msgspec.msgpack.encode({**found, "parameters": bytes(changed)})
    from recordings import written

    records = [line.record for line in lines]
    records[number] = msgspec.structs.replace(record, snapshot=snapshot)
    verdict = Verifier(read(written(tmp_path / "x.nnrec", *records))).run()
    assert "1 of 9 parameters differ" in verdict.difference
    assert verdict.line == number + 1


@pytest.mark.parametrize("what", ["byte", "missing", "swapped", "torn"])
def test_damage_is_found_with_its_line(small: Path, tmp_path: Path, what: str) -> None:
    lines = small.read_bytes().splitlines(keepends=True)
    if what == "byte":
        lines[5] = (
            lines[5].replace(b'"at":', b'"at" ', 1) if b'"at":' in lines[5] else lines[5][:20] + b"#" + lines[5][21:]
        )
    elif what == "missing":
        del lines[5]
    elif what == "swapped":
        lines[5], lines[6] = lines[6], lines[5]
    else:
        lines[-1] = lines[-1][:-3]
    path = tmp_path / "x.nnrec"
    path.write_bytes(b"".join(lines))
    scan = read(path)
    if what == "torn":
        assert scan.torn
        assert len(scan.lines) == len(lines) - 1
    else:
        assert scan.damages[0].line == 6
        assert len([line for line in scan.lines if line.sound]) == 5
    assert Verifier(scan).run().difference == ""  # of all that comes before
    player = Player(path)
    player.settle()
    assert "line 6" in player.damage or player.damage.startswith("Torn last line")
    player.close()


def test_cut_anywhere_all_before_is_there(small: Path) -> None:
    data = small.read_bytes()
    whole = read(small).lines
    for cut in range(0, len(data), 7):
        scan = Scan()
        scan.feed(data[:cut])
        assert len(scan.lines) == data[:cut].count(b"\n")
        assert [line.checksum for line in scan.lines] == [line.checksum for line in whole[: len(scan.lines)]]
        assert scan.damages == []


def test_a_flipped_bit_never_shows_a_wrong_number(small: Path) -> None:
    data = small.read_bytes()
    known = {line.checksum: line.record for line in read(small).lines}
    sentences: list[str] = []
    for bit in range(11, len(data) * 8, max(1, len(data) * 8 // 300)):
        flipped = bytearray(data)
        flipped[bit // 8] ^= 1 << bit % 8
        scan = Scan()
        try:
            scan.feed(bytes(flipped))
        except RecordingError as error:
            sentences.append(str(error))
            continue
        before = data[: bit // 8].count(b"\n")
        assert len([line for line in scan.lines if line.sound]) >= before
        assert all(known.get(line.checksum) == line.record for line in scan.lines)
    assert not [sentence for sentence in sentences if "\n" in sentence]


def test_unknown_kinds_of_line_are_skipped_and_a_newer_format_is_refused(small: Path, tmp_path: Path) -> None:
    from nntui.session.recording.records import Header, as_hex, checksum

    lines = small.read_bytes().splitlines()
    data = b'{"kind":"smell","at":0.1,"of":"coffee"}'
    crc = checksum(data, int(lines[-1][:8], 16), False)
    path = tmp_path / "x.nnrec"
    path.write_bytes(b"\n".join([*lines, as_hex(crc).encode() + b" " + data, b""]))
    assert read(path).skipped == 1
    assert read(path).damages == []
    from recordings import written

    written(path, Header(2, "9.0", "later"))
    with pytest.raises(RecordingError, match=r"has format 2, made by nntui 9\.0; this nntui reads format 1"):
        read(path)


def test_a_command_that_is_not_known_ends_the_replay_there(small: Path, tmp_path: Path) -> None:
    from nntui.session.recording.records import as_hex, checksum

    lines = small.read_bytes().splitlines()
    at = next(n for n, line in enumerate(lines) if b'"type":"Twist"' in line)
    data = lines[at][9:].replace(b'"type":"Twist"', b'"type":"Juggle"')
    crc = checksum(data, int(lines[at - 1][:8], 16), False)
    lines[at] = as_hex(crc).encode() + b" " + data
    path = tmp_path / "x.nnrec"
    path.write_bytes(b"\n".join([*lines, b""]))
    scan = read(path)
    assert scan.damages[0].line == at + 1
    assert "command is not understood" in scan.damages[0].sentence
    assert len([line for line in scan.lines if line.sound]) == at
