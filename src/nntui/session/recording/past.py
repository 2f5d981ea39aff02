"""What needs more of the past than a keyframe holds: there a keyframe is laid behind it, and gone on from."""

from __future__ import annotations

from nntui import messages as m
from nntui import words
from nntui.session.lessons.lesson import Lesson
from nntui.session.recording.records import INTO_THE_PAST


def leads_into_the_past(command: m.Command, lesson: Lesson) -> bool:
    """Whether a command, given where a lesson stands that was taken up from a keyframe, needs what was before."""
    if not isinstance(command, m.Next):
        return isinstance(command, INTO_THE_PAST)
    following = lesson.following()
    if not following or not lesson.beat:
        return False
    found_again = lesson.detoured and lesson.beat not in lesson.ends
    return found_again or following != lesson.beat + 1 or goes_back(lesson, following)


def led_into_the_past(command: m.Command, lesson: Lesson, detoured: bool) -> bool:
    """The same when it has been obeyed; `detoured` tells whether the lesson was on a detour before."""
    if not isinstance(command, m.Next):
        return isinstance(command, INTO_THE_PAST)
    return detoured or lesson.short or (lesson.beat > 0 and goes_back(lesson, lesson.beat))


def goes_back(lesson: Lesson, beat: int) -> bool:
    """Whether a beat goes back to a step or a line of before."""
    return any(isinstance(words.parse(line), INTO_THE_PAST) for line in lesson.beats[beat - 1].do)
