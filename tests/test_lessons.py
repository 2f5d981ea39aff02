"""Every shipped lesson and scenario does what it says."""

import pytest

from nntui.scenario import library
from nntui.scenario.check import check
from nntui.scenario.library import Entry
from nntui.scenario.reader import read_text
from nntui.session.lessons.rehearsal import rehearse

ENTRIES = (*library.lessons(), *library.playground())


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_it_plays_as_it_says(entry: Entry) -> None:
    text = read_text(entry.path)
    assert check(text, entry.path.name, str(entry.path.parent))[1] == []
    assert rehearse(text, entry.path.name, str(entry.path.parent)) == []


def test_lessons_are_numbered_in_teaching_order() -> None:
    numbers = [entry.number for entry in library.lessons()]
    assert numbers[:3] == [0, 1, 2]
    assert numbers == sorted(set(numbers))


def test_the_cold_open_is_a_single_beat_that_reads_a_digit_at_once() -> None:
    entry = library.lessons()[0]
    text = read_text(entry.path)
    scenario, _ = check(text, entry.path.name, str(entry.path.parent))
    assert scenario is not None
    assert library.find("0") == entry.path
    assert len(text) < 100_000
    (beat,) = scenario.beat
    assert beat.ask is None
    assert set(beat.show) == {"code", "picture"}
    assert any(claim.startswith("test_accuracy") for claim in beat.expect)
    assert scenario.training.rung == "loops"  # nothing to compile, nothing to wait for


@pytest.mark.parametrize("entry", library.lessons()[1:], ids=lambda entry: entry.name)
def test_a_lesson_has_8_to_14_beats_ends_with_a_task_and_asks_before_it_tells(entry: Entry) -> None:
    scenario, _ = check(read_text(entry.path), entry.path.name, str(entry.path.parent))
    assert scenario is not None
    assert 8 <= len(scenario.beat) <= 14
    assert scenario.beat[-1].say.startswith("Now you.")
    assert scenario.beat[-1].ask is None
    assert sum(beat.ask is not None for beat in scenario.beat) >= 3
    assert sum(len(beat.expect) for beat in scenario.beat) >= 5
    text = " ".join(beat.say for beat in scenario.beat).lower()
    assert not {"simply", "just", "obviously"} & set(text.replace(",", " ").replace(".", " ").split())
