"""Many follow one who goes on: nobody loses anything, whatever happens to whoever writes."""

import time
from pathlib import Path

import pytest
from recordings import SMALL, W, recorded

from nntui import messages as m
from nntui.session.process.local import LocalEngine
from nntui.session.process.remote import Written
from nntui.session.recording import way
from nntui.session.recording.growing import LOOK_SECONDS
from nntui.session.recording.player import Player
from nntui.session.recording.reading import read
from nntui.session.recording.resuming import resumed

COMMANDS = tuple(command for number in range(12) for command in (m.Run(15), m.Mark(f"m{number}"), m.Twist(W, 0.05)))


@pytest.fixture(scope="module")
def lecture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return recorded(tmp_path_factory.mktemp("lecture") / "lecture.nnrec", COMMANDS)


def to_the_end(player: Player) -> list[m.Fact]:
    facts: list[m.Fact] = []
    while player.state != "over":
        facts += player.handle(m.Play(8.0)) + player.settle()
    return facts


def bits(player: Player) -> bytes:
    return player.snapshot(portable=True)


def marks(facts: list[m.Fact]) -> list[str]:
    """In the order in which they were told first; whoever comes back from a branch is told the last one again."""
    return list(dict.fromkeys(fact.name for fact in facts if isinstance(fact, m.Marked)))


def test_forty_who_pause_branch_and_come_back_end_where_the_lecturer_does(tmp_path: Path) -> None:
    path = tmp_path / "live.nnrec"
    lecturer = LocalEngine()
    lecturer.record(path)
    lecturer.send(m.Open(SMALL, "small.toml"))
    list(lecturer.settle())
    players = [Player(path, follow=True) for _ in range(40)]
    heard: list[list[m.Fact]] = [[] for _ in players]
    for number, command in enumerate((m.Run(9), m.Mark("one"), m.Twist(W, 0.1), m.Run(9), m.Mark("two"), m.Run(3))):
        lecturer.send(command)
        list(lecturer.settle())
        time.sleep(LOOK_SECONDS)
        for which, player in enumerate(players):
            if which % 6 == number:
                heard[which] += player.handle(m.Pause())
            elif which % 6 == number - 1 and which % 5 == 0 and player.desk is not None:
                heard[which] += player.handle(m.Branch()) + player.handle(m.Run(2)) + player.handle(m.Rejoin())
            heard[which] += player.work(time.perf_counter() + 1)
    step = lecturer.service.session.position.step
    lecturer.close()
    while any(player.state != "over" for player in players):
        for facts, player in zip(heard, players, strict=True):
            facts += player.handle(m.Play(8.0)) if player.state == "paused" else player.work(time.perf_counter() + 1)
    for facts, player in zip(heard, players, strict=True):
        assert marks(facts) == ["one", "two"]
        assert player.position.step == step == 21
    assert len({bits(player) for player in players}) == 1
    for player in players:
        player.close()


def test_whoever_is_behind_takes_up_what_was_computed_there_and_is_told_all(
    lecture: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(way, "BEHIND_SECONDS", 0.0)
    lines, path = lecture.read_bytes().splitlines(keepends=True), tmp_path / "growing.nnrec"
    path.write_bytes(b"".join(lines[:8]))
    player = Player(path, follow=True)
    told = player.work(time.perf_counter() + 1)
    with path.open("ab") as file:
        file.write(b"".join(lines[8:-1]))
    time.sleep(LOOK_SECONDS)
    told += player.work(0.0)  # there is no time to compute anything
    assert player.way.taken > player.timeline.keyframes[-1] > 8
    with path.open("ab") as file:
        file.write(lines[-1])
    told += to_the_end(player)
    assert marks(told) == [command.name for command in COMMANDS if isinstance(command, m.Mark)]
    whole = Player(lecture)
    whole.stand(len(whole.timeline.lines))
    assert bits(player) == bits(whole)
    player.close()
    whole.close()


def test_half_a_line_that_is_taken_away_is_not_waited_for(lecture: Path, tmp_path: Path) -> None:
    """An engine was killed while it wrote, and another one goes on in the file."""
    data, path = lecture.read_bytes(), tmp_path / "torn.nnrec"
    cut = data.index(b"\n", len(data) // 2) + 1
    path.write_bytes(data[:cut] + b'0123abcd {"kind":"keyframe","at":1.0,"pos')
    player = Player(path, follow=True)
    player.work(time.perf_counter() + 1)
    with path.open("r+b") as file:
        file.truncate(cut)
        file.seek(cut)
        file.write(data[cut:])
    to_the_end(player)
    assert player.damage == ""
    assert len(player.timeline.lines) == len(read(lecture).lines)
    player.close()


def test_a_copy_by_ssh_begins_anew_where_tail_does(tmp_path: Path) -> None:
    path = tmp_path / "copy.nnrec"
    sent = [
        b'1 {"first"',
        b'}\n2 {"second"}\n3 {"tor',
        b'1 {"fir',
        b'st"}\n2 {"second"}\n4 {"fo',
        b'urth"}\n5 {"fifth"}\n',
    ]
    with path.open("wb", buffering=0) as file:
        written = Written(file.fileno())
        for data in sent:
            written.add(data)
    assert path.read_bytes() == b'1 {"first"}\n2 {"second"}\n4 {"fourth"}\n5 {"fifth"}\n'


def test_what_ends_with_a_mistake_is_gone_on_from(tmp_path: Path) -> None:
    path = recorded(tmp_path / "x.nnrec", (m.Run(5), m.Back(9, "step"), m.Back(1, "step"), m.Back(40, "step")))
    player, facts = resumed(path)
    assert [fact.step for fact in facts if isinstance(fact, m.Resumed)] == [player.position.step]
    player.close()
