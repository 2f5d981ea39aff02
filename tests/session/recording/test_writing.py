"""A recording is whole as far as it goes, whatever happens to its file; and the session goes on."""

import errno
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from recordings import SMALL, recorded

from nntui import messages as m
from nntui.session.process.local import LocalEngine
from nntui.session.recording import writing
from nntui.session.recording.reading import last_of, read
from nntui.session.recording.recorder import Recorder
from nntui.session.recording.records import Passed, RecordingError
from nntui.session.recording.verifying import Verifier
from nntui.session.recording.writing import RecordingFile


def test_two_do_not_write_into_one_file(tmp_path: Path) -> None:
    path = tmp_path / "x.nnrec"
    first = RecordingFile(path)
    with pytest.raises(RecordingError, match="there already is a file"):
        RecordingFile(path)
    with pytest.raises(RecordingError, match="is being written by another nntui"):
        RecordingFile(path, going_on=True)
    first.close()


def test_a_close_is_heard_that_comes_while_the_disk_is_about_to_be_asked(tmp_path: Path) -> None:
    file = RecordingFile(tmp_path / "x.nnrec")
    clear = file._syncs.clear

    def closed_just_before() -> None:
        file._closed = True
        file._syncs.set()
        clear()

    file._syncs.clear = closed_just_before  # type: ignore[method-assign]
    file.sync()
    file._syncer.join(10.0)
    assert not file._syncer.is_alive()
    os.close(file._file)


def test_going_on_removes_a_torn_line_and_goes_on_in_time(tmp_path: Path) -> None:
    path = recorded(tmp_path / "x.nnrec", (m.Run(5),))
    lines, size, checksum, seconds = last_of(path)
    with path.open("ab") as file:
        file.write(b'0000 {"kind"')
    again = RecordingFile(path, going_on=True)
    assert (again.lines, again.bytes, again.last, again.seconds) == (lines, size, f"{checksum:08x}", seconds)
    again.close()
    assert path.stat().st_size == size


def test_a_damaged_file_is_not_gone_on_with(tmp_path: Path) -> None:
    path = recorded(tmp_path / "x.nnrec", (m.Run(5),))
    data = path.read_bytes()
    path.write_bytes(data.replace(b'"steps":5', b'"steps":6'))
    for _ in range(2):  # nor is its lock kept
        with pytest.raises(RecordingError, match="is damaged at line"):
            RecordingFile(path, going_on=True)
    assert len(path.read_bytes()) == len(data)


def engine_at(path: Path) -> LocalEngine:
    engine = LocalEngine()
    engine.record(path)
    engine.send(m.Open(SMALL, "small.toml"))
    list(engine.settle())
    return engine


def losses(engine: LocalEngine) -> list[str]:
    engine.send(m.Run(5))
    first = list(engine.settle())
    engine.send(m.Run(5))
    return [fact.sentence for fact in [*first, *engine.settle()] if isinstance(fact, m.RecordingLost)]


def test_a_file_that_is_removed_is_told_of_once_and_the_session_goes_on(tmp_path: Path) -> None:
    engine = engine_at(tmp_path / "x.nnrec")
    (tmp_path / "x.nnrec").unlink()
    assert [sentence.rpartition(": ")[2] for sentence in losses(engine)] == ["it has been removed"]
    engine.close()


FULL = """
import resource, sys
sys.path.insert(0, sys.argv[2])
from test_writing import *
engine = engine_at(Path(sys.argv[1]))
size = Path(sys.argv[1]).stat().st_size
resource.setrlimit(resource.RLIMIT_FSIZE, (size + 40, size + 40))
print(losses(engine))
engine.close()
"""


def test_where_no_more_can_be_written_the_session_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "x.nnrec"
    arguments = [sys.executable, "-c", FULL, str(path), str(Path(__file__).parent)]
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=60)
    assert done.stdout.count("cannot be written any more: file too large") == 1, done.stderr
    scan = read(path)
    assert not scan.torn
    assert Verifier(scan).run().difference == ""


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(RecordingError, match="permission denied"):
        RecordingFile(tmp_path / "x.nnrec")


def test_what_is_told_is_in_the_file_when_it_is_told(tmp_path: Path) -> None:
    engine = engine_at(tmp_path / "x.nnrec")
    engine.send(m.Mark("now"))
    list(engine.settle())
    assert b'"type":"Marked","name":"now"' in (tmp_path / "x.nnrec").read_bytes()
    engine.close()


def test_a_try_takes_less_than_400_bytes(tmp_path: Path) -> None:
    """10,000 of them stay under 4 MB."""
    path = recorded(tmp_path / "x.nnrec", (m.Try(500),))
    assert path.stat().st_size < 200_000


def test_who_is_killed_in_the_first_instant_leaves_no_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "x.nnrec"
    recorder = Recorder(path)
    assert path.read_bytes().count(b"\n") == 1
    recorder.file.close()
    path.write_bytes(b'0123 {"ki')  # or one that another engine begins anew
    again = Recorder(path, going_on=True)
    again.file.close()
    assert len(read(path).lines) == 1


def test_where_the_first_line_cannot_be_written_no_file_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing.os, "write", full)
    with pytest.raises(RecordingError, match="no space left on device"):
        Recorder(tmp_path / "x.nnrec")
    assert list(tmp_path.iterdir()) == []


def full(*_: object) -> int:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_disk_that_says_late_that_it_is_full_is_heard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing.os, "fsync", full)
    file = RecordingFile(tmp_path / "x.nnrec")
    file.sync()
    deadline = time.monotonic() + 20
    while file._unsynced is None and time.monotonic() < deadline:
        time.sleep(0.001)
    with pytest.raises(RecordingError, match="no space left on device"):
        file.flush()
    file.close()


def test_whole_lines_that_somebody_may_have_read_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recorder, sizes = Recorder(tmp_path / "x.nnrec"), [200, 0]
    header = recorder.file.bytes
    for number in range(4):
        recorder.file.add(Passed(0.1 * number, m.Position(number)))

    def little(number: int, data: bytes, write=os.write) -> int:
        return write(number, data[: sizes.pop(0)]) if sizes[0] else full()

    monkeypatch.setattr(writing.os, "write", little)
    recorder.hand_over()
    assert "no space left" in recorder.failed
    data = (tmp_path / "x.nnrec").read_bytes()
    assert len(data) > header
    assert data.endswith(b"\n")
    recorder.file.close()
