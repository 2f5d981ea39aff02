"""What is gone on with from a recording is what its own recording says, and a lesson has its past again."""

from pathlib import Path

import msgspec
import pytest
from recordings import SMALL, recorded

from nntui import messages as m
from nntui.session.process.local import LocalEngine
from nntui.session.recording.player import Player
from nntui.session.recording.reading import read
from nntui.session.recording.records import ALONE, Keyframe, Losses, as_hex, checksum, kind_of, to_json
from nntui.session.recording.verifying import Verifier
from nntui.session.run.curves import loss_view
from nntui.session.run.remembering import behind
from nntui.session.session import Session

# Its second beat goes back into what was done in the first.
LESSON = (
    SMALL.replace("Small", "Lesson")
    + """
[[beat]]
say = "One."
do = ["run 30"]
[[beat]]
say = "Two."
do = ["goto 20", "run 5"]
"""
)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lesson in its first beat, from which nobody has gone astray."""
    return recorded(tmp_path_factory.mktemp("resuming") / "x.nnrec", (), LESSON)


def test_a_lesson_that_is_resumed_goes_back_into_its_past(path: Path, tmp_path: Path) -> None:
    engine = LocalEngine()
    engine.record(tmp_path / "on.nnrec")
    engine.resume(path)
    facts = list(engine.settle())
    engine.send(m.Next())
    facts += engine.settle()
    engine.close()
    assert not [fact.sentence for fact in facts if isinstance(fact, m.Error)]
    assert [fact.steps for fact in facts if isinstance(fact, m.Trained)][-1:] == [5]
    scan = read(tmp_path / "on.nnrec")
    assert scan.lines[-1].position.step == 25
    assert Verifier(scan).run().difference == ""


def rewritten(path: Path, to: Path, older: bool) -> Path:
    """The same recording as an older nntui wrote it: keyframes do not say whether a lesson is on a detour."""
    crc, lines = 0, []
    for line in read(path).lines:
        record = line.record
        if isinstance(record, Keyframe):
            snapshot = msgspec.msgpack.decode(record.snapshot)
            snapshot["lesson"] = snapshot["lesson"][: 2 if older else None]
            record = msgspec.structs.replace(record, after=as_hex(crc), snapshot=msgspec.msgpack.encode(snapshot))
        data = to_json(record)
        if isinstance(record, Losses) and older:
            data = data.replace(b'"since":[0,0,0]', b'"since":[0,0]')
        crc = checksum(data, crc, kind_of(record) in ALONE)
        lines.append(f"{as_hex(crc)} ".encode() + data + b"\n")
    to.write_bytes(b"".join(lines))
    return to


def test_what_an_older_nntui_did_not_say_is_no_difference(path: Path, tmp_path: Path) -> None:
    for older in (False, True):
        scan = read(rewritten(path, tmp_path / f"{older}.nnrec", older))
        assert not scan.damages
        assert (scan.skipped > 0) is older  # losses of another shape: nothing is computed from them
        assert Verifier(scan).run().difference == ""


def test_the_end_of_a_beat_has_its_losses_behind_it() -> None:
    """Back at the end of a beat, from a detour, the plot is the same from a keyframe and from the first line."""
    straight, taken_up = Session(), Session()
    straight.handle(m.Open(LESSON.replace("goto 20", "run 5"), "x.toml"))
    straight.settle()
    assert straight.desk is not None
    taken_up.restore(straight.snapshot(portable=True), going_on=True)
    taken_up.remember(behind(straight.desk.training))
    assert taken_up.desk is not None
    for session in (straight, taken_up):
        for command in (m.Run(20), m.Next()):
            session.handle(command)
            session.settle()
    views = [loss_view(desk.training, (200, 10)) for desk in (straight.desk, taken_up.desk)]
    assert straight.position.step == 40
    assert views[0] == views[1]


def test_no_branch_begins_where_the_past_is_not_known(path: Path) -> None:
    player = Player(path)
    player.settle()
    player.way.lost = True  # what was done has led back, and the keyframe behind it has not been reached
    errors = [fact for fact in player.handle(m.Branch()) if isinstance(fact, m.Error)]
    assert "wait until it has got there" in errors[0].sentence
    assert not player.live
    player.close()
