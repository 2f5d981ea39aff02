"""A lesson goes on from its own state, whatever detour was made, wherever it was taken up again."""

import pytest
from driving import LESSON, do, errors, opened, spent, state, told, work_to

from nntui import messages as m
from nntui.session.lessons.rehearsal import rehearse
from nntui.session.session import Session, replay

DETOURS = (
    ("run 40",), ("set biases[0][0] 3",), ("layers 2,4,1", "run 3"), ("data circle", "break 33"), ("seed 8", "walk predict"),
    ("reset",), ("use numpy", "run 5", "back 2 step"), ("activation relu", "input 1 2"), ("undo",), ("previous", "run 3"),
)  # fmt: skip


def played(beats, **options):
    """The lesson at the end of this beat, without detours."""
    session = opened(LESSON, **options)
    for _ in range(beats - 1):
        do(session, *(["answer 2"] if session.lesson.question else []), "next")
    return session


def test_a_beat_does_what_it_says():
    session = played(1)
    assert session.desk.training.parameters[1] == 0.25
    assert (session.desk.walk, session.desk.clock.event, session.desk.pointed) == ("predict", 5, "weights[0][0][1]")
    facts = do(session, "next")
    assert [fact.number for fact in told(facts, m.BeatBegan)] == [2]
    assert told(facts, m.Asked)
    assert session.desk.training.step == 25
    do(session, "answer 1")
    facts = do(session, "next")
    assert session.desk.training.settings.batch_size == 5
    assert len(told(facts, m.Tried)) == 3
    assert isinstance(told(facts, m.Told)[0].result, m.CurvesView)


def test_a_question_holds_the_lesson_back():
    session = played(2)
    assert "answer 1 or 2" in errors(do(session, "next"))[0]
    facts = do(session, "answer 1")
    assert told(facts, m.Answered) == [m.Answered(1, right=False, reply="One more.")]
    assert told(do(session, "answer 2"), m.Answered)[0].right
    assert not errors(do(session, "next"))
    assert session.lesson.beat == 3
    assert errors(do(session, "answer 1"))


@pytest.mark.parametrize("detour", DETOURS, ids=" ".join)
def test_a_detour_does_not_change_the_lesson(detour):
    session, straight = played(3), played(4)
    do(session, *detour)
    beat = session.lesson.beat
    do(session, *["return"] * (beat == 3))
    if beat == 3:
        assert state(session) == state(played(3))
    do(session, *detour)
    while session.lesson.beat < 4:
        do(session, *(["answer 2"] if session.lesson.question else []), "next")
    assert state(session) == state(straight)


def test_previous_is_the_end_of_the_beat_before():
    session = played(4)
    facts = do(session, "run 5", "previous")
    assert told(facts, m.BeatBegan)[-1].number == 3
    assert state(session) == state(played(3))
    facts = do(session, "previous")
    assert told(facts, m.Asked), "its question is put again"
    assert state(session) == state(played(2))
    do(session, "previous")
    assert state(session) == state(played(1))
    assert errors(do(session, "previous"))


@pytest.mark.parametrize("detour", [(), *DETOURS[:8]], ids=" ".join)
@pytest.mark.parametrize("way", ["snapshot", "scenario"])
def test_a_lesson_taken_up_again_goes_on_from_its_own_state(way, detour):
    session = played(3)
    do(session, *detour)
    if way == "snapshot":
        again = Session()
        again.restore(session.snapshot())
    else:
        again = opened(session.ask(m.AskScenario()).text)
    same = ("parameters", "step", "kept", "settings", "scenario", "look", "walk", "event", "breakpoints", "pointed")
    assert {key: state(again)[key] for key in same} == {key: state(session)[key] for key in same}
    assert again.lesson.beat == 3
    do(again, "next")
    assert state(again) == state(played(4))
    do(again, "previous", "previous")
    assert state(again) == state(played(2))


def test_beats_done_again_are_not_told():
    session = Session()
    session.restore(played(4).snapshot())
    session.handle(m.Previous())
    facts = session._given()
    while session.busy:
        facts += spent(session, 1)
    kinds = {type(fact) for fact in facts}
    assert kinds <= {m.BeatBegan, m.Settled}


def test_what_is_typed_during_a_beat_waits_for_its_end():
    live, after = played(1), played(2)
    live.handle(m.Next())
    spent(live, 1)
    for command in (m.SetValue("biases[0][0]", 0.5), m.Run(3), m.SetValue("biases[0][1]", 0.25)):
        live.handle(command)
    live.settle()
    after.handle(m.SetValue("biases[0][0]", 0.5))
    after.handle(m.Run(3))
    after.handle(m.SetValue("biases[0][1]", 0.25))
    after.settle()
    assert state(live) == state(after)


@pytest.mark.parametrize("steps", range(0, 45, 4))
def test_a_beat_that_is_stopped_is_replayed_so_and_done_again_for_the_next(steps):
    session = played(1)
    session.handle(m.Next())
    session.work_until(m.Position(work=session.position.work + steps))
    facts = session.handle(m.Stop()) + session.settle()
    if steps < 36:  # 30 back 10 and 5 more, and a turn at the end of each
        assert told(facts, m.Asked), "the question is put all the same"
    again = Session()
    replay(session.log, again)
    assert state(again) == state(session)
    do(session, "answer 2", "next")
    assert state(session) == state(played(3))


def test_stopping_on_the_way_to_a_beat_leaves_the_lesson_sound():
    session = Session()
    session.restore(played(4).snapshot())
    session.handle(m.Previous())
    session.work_until(m.Position(work=session.position.work + 10))
    session.handle(m.Stop())
    session.settle()
    assert session.lesson.beat == 4
    do(session, "previous")
    assert state(session) == state(played(3))


def test_in_the_middle_of_a_beat_nothing_is_saved():
    session = played(1)
    session.handle(m.Next())
    spent(session, 1)
    assert not session.steady
    assert isinstance(session.ask(m.AskScenario()), m.Refused)


def test_a_line_that_cannot_be_obeyed_is_told_and_passed_over():
    text = LESSON.replace('"run 30", "back 10 step"', '"run 30", "set nothing 1", "back 10 step"')
    session = opened(text)
    facts = do(session, "next")
    assert len(errors(facts)) == 1
    assert session.desk.training.step == 25
    do(session, "run 3", "answer 2", "next")
    assert session.lesson.beat == 3


def test_undo_goes_back_over_a_beat():
    session = played(2)
    before = state(session)
    do(session, "answer 2", "next", "undo")
    assert session.lesson.beat == 2
    assert state(session)["parameters"] == before["parameters"]
    do(session, "next")
    assert state(session) == state(played(3))


def test_after_the_last_beat_the_lesson_is_over():
    session = played(4)
    before = state(session)
    assert told(do(session, "next"), m.LessonOver)
    assert state(session) == before


def test_rehearsing_finds_what_does_not_come_true():
    text = LESSON.replace('say = "Three', 'expect = ["step == 28", "loss < 0"]\nsay = "Three')
    lines = text.splitlines()
    problems = rehearse(text, "lesson.toml", "")
    number = next(n for n, line in enumerate(lines, 1) if line.startswith("expect"))
    assert len(problems) == 1
    assert problems[0].startswith(f"lesson.toml:{number}: beat 3 expects loss < 0")
    assert rehearse(LESSON, "lesson.toml", "") == []
    broken = LESSON.replace('"batch 5"', '"batch 5", "goto 99 neuron"')
    number = next(n for n, line in enumerate(broken.splitlines(), 1) if line.startswith('say = "Three'))
    assert [problem.split(":")[:2] for problem in rehearse(broken, "lesson.toml", "")] == [
        ["lesson.toml", str(number - 1)]
    ]


def test_work_stops_at_the_very_step():
    assert work_to(_running(), 17).desk.training.step == 17


def _running():
    session = opened()
    session.handle(m.Run(100))
    return session
