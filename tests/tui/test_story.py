"""What the screen keeps of what was told."""

from nntui import messages as m
from nntui.sentences.numbers import Voice
from nntui.tui.story import Story


def test_a_refusal_stands_alone_and_what_was_told_before_it_can_still_be_read() -> None:
    story = Story()
    story.begin()
    story.say("Kept. Loss 1.012, was 1.0299.")
    story.hear(m.Error("a question is open"), Voice())  # a key that came before the beat had told all
    assert story.latest == [("a question is open", "bad")]
    assert [sentence for sentence, _ in story.told] == ["Kept. Loss 1.012, was 1.0299.", "a question is open"]
