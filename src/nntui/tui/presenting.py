"""Presenting on the screen: the deeds for it, and how the guesses of a class stand beside the choices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

from nntui import messages as m
from nntui.tui.deeds import deed
from nntui.tui.rows import Row, shortened

if TYPE_CHECKING:
    from nntui.tui.look import Look
    from nntui.tui.screens.work import WorkScreen
    from nntui.tui.story import Story

WIDEST_BAR = 30  # cells
LEAST_BAR = 4
FEW_BEATS = 6  # are named below the line on which a beat is typed


@deed
def begin(screen: WorkScreen, key: str) -> None:
    """To the first beat: what the start button of a presenter's remote stands for."""
    if screen.story.free:
        screen.say("This scenario has no lesson to begin; it is for free play.")
    else:
        screen.app.link.send(m.GoToBeat(1))


@deed
def guesses(screen: WorkScreen, key: str) -> None:
    """Ask how many of the class have chosen each choice."""
    from nntui.tui.dialogs import prompt, say_words, wrong_words

    question = screen.story.question
    if question is None:
        screen.say("There is no question here that a class could have guessed at.")
        return
    choices = question.choices

    def check(text: str) -> str:
        given = len(text.replace(",", " ").split())
        if given != len(choices):
            return f"{len(choices)} numbers are wanted, one for each choice, not {given}"
        return wrong_words(f"guesses {text}")

    def give(text: str | None) -> None:
        if text:
            say_words(screen, f"guesses {text}")

    before = " ".join(str(count) for count in screen.story.guesses)
    hint = "how many for " + "; ".join(f"{number}) {choice}" for number, choice in enumerate(choices, start=1))
    prompt(screen, "The class", before, hint, give, replaces=True, check=check)


@deed
def beats(screen: WorkScreen, key: str) -> None:
    """Ask for a beat to go to, its number or a part of its text; those that fit are named meanwhile."""
    from nntui.tui.dialogs import prompt, say_words

    def show(result: m.Result) -> None:
        if isinstance(result, m.Refused):
            screen.say(result.sentence, "bad")
        elif isinstance(result, m.LessonView) and screen.app.screen is screen:
            prompt(screen, "Go to beat", "", "", go, hint_for=lambda text: fitting(result, text),
                   check=lambda text: "" if fitting(result, text) else "there is no beat of that number")  # fmt: skip

    def go(text: str | None) -> None:
        if text:
            say_words(screen, f"beat {text}")

    screen.app.link.ask(m.AskView("lesson"), show)


def fitting(view: m.LessonView, text: str) -> str:
    """The beats that what has been typed may mean: by number, or by what they begin with; the next ones at first."""
    typed = text.strip().casefold()
    found = [
        beat for beat in view.beats
        if (str(beat.number).startswith(typed) if typed.isdigit() else typed in beat.line.casefold())
        and (typed or beat.number > view.beat)
    ]  # fmt: skip
    if not found and typed and not typed.isdigit():
        return "a part of what a beat says"
    return "  ".join(f"{beat.number} {beat.line}" for beat in found[:FEW_BEATS])


def revealing(screen: WorkScreen, key: str) -> bool:
    """Whether a remote's key, which has no digits beside it, reveals an open question: the second press does."""
    if key != "pagedown" or not screen.story.waits:
        return False
    if screen.reveals is screen.story.question:
        screen.app.link.send(m.Reveal())
    else:
        screen.reveals = screen.story.question
        screen.say("A question is open: its number answers it, and PgDn once more tells the answer.")
    return True


def guessed_rows(story: Story, look: Look, width: int) -> list[Row]:
    """The choices of the question, a row each, with a bar for those of the class that have chosen it."""
    assert story.question is not None
    ink, total = look.ink, max(1, sum(story.guesses))
    chosen = story.answered.choice if story.answered else 0
    label_room = max(len(choice) for choice in story.question.choices) + 5
    bar_room = max(LEAST_BAR, min(WIDEST_BAR, width - label_room - 14))
    rows: list[Row] = []
    for number, (choice, count) in enumerate(zip(story.question.choices, story.guesses, strict=False), start=1):
        label = shortened(f" {number}) {choice} ", width - bar_room - 14, look.shapes.ellipsis)
        style = ink.lit if number == chosen else ink.accent if not chosen else ink.muted
        gap = " " * max(0, min(label_room, width - bar_room - 14) - cell_len(label))
        bar = ("█" if look.shapes.unicode else "#") * round(bar_room * count / total)
        share = f" {count:,}, {round(100 * count / total)} %" if count else " 0"
        rows.append([(label, style), (gap, ink.text), (bar, ink.accent), (share, ink.strong)])
    return rows
