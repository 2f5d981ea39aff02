"""Presenting: any beat at once or played in silence, the short lecture, a class's guesses, the notes."""

import msgspec
import pytest
from driving import LESSON, do, errors, opened, state, told
from test_session_lesson import played

from nntui import messages as m
from nntui.session.lessons.lesson import Lesson
from nntui.session.lessons.times import BeatTimes
from nntui.session.session import Session, replay

CORE = LESSON.replace('say = "One', 'core = true\nnotes = "Say it twice."\nsay = "One').replace(
    'say = "Four', 'core = true\nsay = "Four'
)  # two and three are not: what they do is needed in four


def test_a_beat_that_was_not_played_is_come_to_in_silence_and_in_its_own_state():
    session = played(1)
    facts = do(session, "run 7", "beat 4")
    assert [fact.number for fact in told(facts, m.BeatBegan)] == [4]
    assert not told(facts, m.Tried)
    assert state(session) == state(played(4))


def test_a_beat_that_was_played_is_gone_to_at_once():
    session = played(4)
    worked = session.position.work
    facts = session.handle(m.GoToBeat(2))
    assert not session.busy
    assert session.position.work == worked
    assert told(facts, m.Asked)
    assert state(session) == state(played(2))
    session.handle(m.GoToBeat(1))
    assert state(session) == state(played(1))
    session.handle(m.Undo())
    assert session.lesson.beat == 2


def test_a_lesson_taken_up_again_finds_any_beat():
    again = Session()
    again.restore(played(3).snapshot())
    do(again, "beat 1")
    assert state(again) == state(played(1))
    do(again, "beat 4")
    assert state(again) == state(played(4))


def test_a_beat_is_found_by_what_it_says():
    session = played(1)
    assert [fact.number for fact in told(do(session, "beat other BATCHES"), m.BeatBegan)] == [3]
    assert [fact.number for fact in told(do(session, "beat :"), m.BeatBegan)] == [4], "the next that has it"
    assert [fact.number for fact in told(do(session, "beat :"), m.BeatBegan)] == [1], "then the first of all"
    assert errors(do(session, "beat nowhere")) == ["no beat says 'nowhere'; `beats` tells what they begin with"]
    assert errors(do(session, "beat 5")) == ["the beats go from 1 to 4, not 5"]
    assert errors(do(opened(), "beat 1"))


def test_the_short_lecture_goes_from_core_beat_to_core_beat_in_the_state_of_the_whole_one():
    session = opened(CORE)
    do(session, "short")
    assert (session.status().core, session.status().cores) == (1, 2)
    facts = do(session, "next")
    assert [fact.number for fact in told(facts, m.BeatBegan)] == [4]
    whole = opened(CORE)
    do(whole, "next", "answer 2", "next", "next")
    assert state(session) == state(whole)
    assert session.ask(m.AskWhere()).core == 2
    again = Session()
    again.handle(m.Open(session.ask(m.AskScenario()).text, "again.toml"))
    assert (again.status().core, again.status().cores) == (2, 2), (
        "it is still the short lecture where it is opened again"
    )
    assert "short" not in whole.ask(m.AskScenario()).text
    assert told(do(session, "next"), m.LessonOver)
    do(session, "previous")
    assert state(session) == state(opened(CORE))
    do(session, "short off", "next")
    assert session.lesson.beat == 2
    assert session.status().cores == 0


def test_a_lesson_without_core_beats_is_not_shortened():
    assert errors(do(played(1), "short"))
    assert errors(do(opened(), "short"))


def test_guesses_are_told_kept_and_told_again():
    session = played(2)
    assert told(do(session, "guesses 3 12"), m.Guessed) == [m.Guessed((3, 12), ("39", "40"))]
    assert errors(do(session, "guesses 3")) == ["the question has 2 choices, so 2 numbers are wanted, not 1"]
    assert told(do(session, "answer 2", "next", "previous"), m.Guessed)
    again = Session()
    assert told(again.restore(session.snapshot()), m.Guessed) == [m.Guessed((3, 12), ("39", "40"))]
    replayed = Session()
    assert told(replay(session.log, replayed), m.Guessed)
    assert replayed.lesson.guesses == {2: (3, 12)}
    assert errors(do(played(1), "guesses 1 2"))
    assert not session.lesson.detoured


def test_an_answer_can_be_revealed():
    session = played(2)
    assert told(do(session, "reveal"), m.Answered) == [m.Answered(2, right=True, reply="Yes.")]
    assert not errors(do(session, "next"))
    assert errors(do(session, "reveal"))


def test_one_who_comes_late_is_told_where_it_stands():
    session = played(2)
    do(session, "guesses 1 2", "answer 1")
    kinds = [type(fact) for fact in session.introduce()]
    assert kinds == [m.Opened, m.BeatBegan, m.Asked, m.Guessed, m.Answered]
    assert Session().introduce() == []


def test_the_notes_are_of_this_beat_and_the_next_one():
    session = opened(CORE)
    do(session, "short")
    view = session.ask(m.AskView("notes"))
    assert (view.beat, view.beats, view.core, view.cores) == (1, 4, 1, 2)
    assert (view.notes, view.next_beat, view.next_line) == ("Say it twice.", 4, "Four: look at a sample.")
    lesson = session.ask(m.AskView("lesson"))
    assert [(beat.core, beat.been) for beat in lesson.beats] == [
        (True, True), (False, False), (False, False), (True, False)
    ]  # fmt: skip
    assert isinstance(opened().ask(m.AskView("notes")), m.Refused)
    assert isinstance(opened().ask(m.AskView("lesson")), m.Refused)


def test_each_beat_has_its_time():
    now = [0.0]
    times = BeatTimes(lambda: now[0])
    for beat, seconds in ((1, 5), (2, 7), (1, 2)):
        times.be_at(beat)
        now[0] += seconds
    assert (times.of(1), times.of(2), times.of(3), times.total) == (7, 7, 0, 14)


@pytest.mark.parametrize("saved", [(9, (1, 2)), (2, (3, 4))])
def test_guesses_of_a_beat_that_there_is_not_are_forgotten(saved):
    session = played(1)
    kept = msgspec.structs.replace(session.lesson.kept, guesses=(saved,))
    lesson = Lesson(session.lesson.beats)
    lesson.keep(kept)
    assert lesson.guesses == ({2: (3, 4)} if saved[0] == 2 else {})
