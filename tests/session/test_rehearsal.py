"""A file is played and held to what it says: a lesson to its beats, a scenario for free play to its [check]."""

from driving import CORNERS, LESSON, do, opened

from nntui import messages as m
from nntui.session.lessons.rehearsal import rehearse

PLAY = '[check]\ndo = ["run 20", "show loss", "use warp", "why nonsense"]\nexpect = ["step == 20", "loss > 9"]\n'


def test_a_scenario_for_free_play_does_what_its_check_says():
    text = CORNERS + PLAY
    first = text.count("\n") - 1
    said = rehearse(text, "x.toml", "")
    assert len(said) == 3
    assert said[0].startswith(f"x.toml:{first}: there is no rung 'warp'")
    assert said[1].startswith(f"x.toml:{first}: ")
    assert said[2].startswith(f"x.toml:{first + 1}: check expects loss > 9, but loss is ")
    assert rehearse(CORNERS + '[check]\nexpect = ["step == 0"]\n', "x.toml", "") == []


def test_a_lesson_is_held_to_its_beats():
    assert rehearse(LESSON, "x.toml", "") == []
    wrong = LESSON.replace('say = "Three', 'expect = ["batch > 1", "step == 36"]\nsay = "Three')
    said = rehearse(wrong, "x.toml", "")
    assert len(said) == 2
    assert ": beat 3 expects step == 36, but step is 28.0" in said[1]


def test_no_learner_sees_the_check_and_a_saved_scenario_leaves_it_out():
    session = opened(CORNERS + PLAY)
    assert session.desk.training.step == 0
    do(session, "run 3")
    assert "[check]" not in session.ask(m.AskScenario()).text
