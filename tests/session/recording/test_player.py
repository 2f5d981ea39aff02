"""Seeking and playing lead to the same bits, whatever the way."""

import random
import time
from pathlib import Path

import pytest
from recordings import ALL_SORTS, LESSON, W, recorded

from nntui import messages as m
from nntui.sentences.facts import FactTeller
from nntui.sentences.numbers import Voice
from nntui.session.recording.growing import LOOK_SECONDS, Source
from nntui.session.recording.player import Player
from nntui.session.recording.reading import read
from nntui.session.recording.way import Way

RUNS = (
    m.Run(400), m.Twist("weights[0][0][1]", 0.3), m.Method("gradient"), m.Run(300), m.Goto(250), m.Run(100), m.Mark("x"),
    m.Run(300),
)  # fmt: skip


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return recorded(tmp_path_factory.mktemp("player") / "runs.nnrec", RUNS)


def went_to(player: Player, seek: m.Seek) -> list[m.Fact]:
    return player.handle(seek) + player.settle()


def bits(player: Player) -> bytes:
    assert player.desk is not None
    return player.desk.training.parameters.tobytes() + player.desk.training.memory.moments.tobytes()


def test_a_step_is_gone_to_exactly(runs: Path) -> None:
    player = Player(runs)
    player.settle()
    straight: dict[int, bytes] = {}
    dice = random.Random(3)
    for _ in range(25):
        step = dice.randint(1, 650)
        facts = went_to(player, m.Seek("step", step))
        assert player.position.step == step, facts
        if step <= 400:
            assert straight.setdefault(step, bits(player)) == bits(player)
    assert any(isinstance(fact, m.Error) for fact in went_to(player, m.Seek("step", 5000)))
    player.close()


@pytest.mark.parametrize("sort", ["runs", "all"])
def test_wherever_one_comes_from_the_same_bits_are_there(runs: Path, tmp_path: Path, sort: str) -> None:
    path = runs if sort == "runs" else recorded(tmp_path / "all.nnrec", ALL_SORTS, LESSON)
    straight = Player(path)
    straight.settle()
    end = len(straight.timeline.lines)
    seen: dict[int, bytes] = {}
    for taken in range(straight.timeline.beginning(), end + 1):
        straight._go_to(taken)
        straight.settle()
        seen[taken] = bits(straight)
    player, dice = Player(path), random.Random(5)
    player.settle()
    for _ in range(25):
        taken = dice.randint(straight.timeline.beginning(), end)
        player._go_to(taken)
        player.settle()
        assert bits(player) == seen[player.way.taken]
    straight.close()
    player.close()


def test_a_lesson_stands_where_it_stood_whatever_its_beats_do(tmp_path: Path) -> None:
    """From a keyframe a beat begins as it began then: from the lesson's own state, from a detour, or from further back."""
    commands = (
        m.Next(), m.Next(), m.Answer(2), m.Next(), m.Previous(), m.Next(), m.GoToBeat(1), m.Next(), m.Twist(W, 0.5),
        m.Run(20), m.Answer(1), m.Next(), m.Next(), m.Run(8), m.GoToBeat(1), m.ShortLecture(), m.Next(), m.Run(5),
    )  # fmt: skip
    text = LESSON.replace('say = "Three: the end."', 'say = "Three: the end."\ncore = true\ndo = ["run 20"]')
    timeline = Source(recorded(tmp_path / "lesson.nnrec", commands, text), grows=False).timeline
    straight, way = Way(timeline, None), Way(timeline, None)
    stood = {}
    for taken in range(timeline.beginning(), len(timeline.lines) + 1):
        straight.stand(taken, through=True)
        stood[taken] = all_of(straight)
    dice = random.Random(7)
    passed_over = 0
    for taken in [dice.choice(list(stood)) for _ in range(50)]:
        way.stand(taken)
        assert way.taken >= taken
        assert all_of(way) == stood[way.taken], timeline.lines[way.taken - 1]
        passed_over += way.taken > taken
    assert passed_over < 40
    straight.close()
    way.close()


def all_of(way: Way) -> tuple[object, ...]:
    desk, lesson = way.session.desk, way.session.lesson
    assert desk is not None
    run = desk.training
    return (
        run.step,
        run.parameters.tobytes(),
        run.memory.moments.tobytes(),
        lesson.beat,
        lesson.answered,
        lesson.detoured,
    )


def test_playing_after_a_seek_ends_where_playing_through_does(runs: Path) -> None:
    ends = set()
    for percent in (0.0, 40.0, 75.0):
        player = Player(runs)
        player.settle()
        went_to(player, m.Seek("percent", percent))
        player.handle(m.Play(8.0))
        facts = player.settle()
        assert isinstance(facts[-1], m.PlayerMoved)
        assert facts[-1].state == "over"
        ends.add(bits(player))
        player.close()
    assert len(ends) == 1


def test_a_branch_is_left_to_the_very_place(runs: Path) -> None:
    player = Player(runs)
    player.settle()
    went_to(player, m.Seek("step", 233))
    before = bits(player)
    player.handle(m.Branch())
    player.handle(m.Run(50))
    player.settle()
    assert player.position.step == 283
    told = player.handle(m.Rejoin())
    assert [fact.step for fact in told if isinstance(fact, m.Rejoined)] == [233]
    player.settle()
    assert player.position.step == 233
    assert bits(player) == before
    player.close()


def test_what_was_refused_is_told_apart_from_the_command_before(tmp_path: Path) -> None:
    path = recorded(tmp_path / "refused.nnrec", (m.Next(), m.Run(5), m.Guesses((1, 2, 3))), LESSON)
    player = Player(path)
    player.settle()
    sought = went_to(player, m.Seek("percent", 100.0))
    went_to(player, m.Seek("percent", 0.0))
    for told in (sought, [*player.handle(m.Play(8.0)), *player.settle()]):
        at = next(index for index, fact in enumerate(told) if isinstance(fact, m.Error))
        assert told[at - 1] == m.DoneAgain("")
        assert any(fact == m.DoneAgain("run 5") for fact in told[:at])
    teller, voice = FactTeller(), Voice()
    teller.tell(m.RecordingOpened("refused.nnrec", "", "", 1.0, 9), voice)
    said = [line for fact in (*sought, *sought) for line in teller.tell(fact, voice)]
    assert "There: something that was refused." in said
    assert sum(line.startswith("A lesson of") for line in said) == 1, "it is announced once, not at each seek"
    player.close()


def test_from_mark_to_mark_backwards_none_holds_one_fast(tmp_path: Path) -> None:
    commands = (
        m.Next(),
        m.Run(9),
        m.Goto(3),
        m.GoToBeat(2),
        m.Answer(2),
        m.GoToBeat(1),
        m.Next(),
        m.Answer(2),
        m.Next(),
    )
    player = Player(recorded(tmp_path / "beats.nnrec", commands, LESSON))
    player.settle()
    marks = [mark.at for _, mark in player.timeline.marks]
    assert len(marks) > 4
    went_to(player, m.Seek("percent", 100.0))
    for left in range(len(marks) - 1, -1, -1):
        went_to(player, m.Seek("last"))
        assert player.timeline.marks[left][0] <= player.way.taken, "some lead on to the keyframe behind them"
        assert player.view().at >= marks[left]
    assert any(isinstance(fact, m.Error) for fact in player.handle(m.Seek("last")))
    player.handle(m.Seek("next"))
    player.handle(m.Seek("next"))  # before the first has been come to
    player.settle()
    assert player.way.taken >= player.timeline.marks[2][0]
    player.close()


def test_a_half_written_line_waits(runs: Path, tmp_path: Path) -> None:
    data, path = runs.read_bytes(), tmp_path / "growing.nnrec"
    cut = data.index(b"\n", len(data) // 2) - 20
    path.write_bytes(data[:cut])
    player = Player(path, follow=True)
    player.work(time.perf_counter() + 1)
    lines = len(player.timeline.lines)
    assert player.damage == ""
    player.handle(m.Pause())
    with path.open("ab") as file:
        file.write(data[cut:])
    time.sleep(LOOK_SECONDS)
    went_to(player, m.Seek("percent", 100.0))
    assert player.way.over
    assert len(player.timeline.lines) > lines, "its end is where it ends now, though it was paused"
    player.handle(m.Play())
    player.settle()
    assert len(player.timeline.lines) == len(read(runs).lines) > lines
    assert player.state == "over"
    player.close()
