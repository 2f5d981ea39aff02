"""Presenting on the screen: a remote's keys, beats, the short lecture, a class's guesses, a second terminal."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from hall import hall
from terminal import Terminal

from nntui import messages as m
from nntui.scenario.library import find
from nntui.scenario.reader import read_text
from nntui.tui.presenting import fitting


async def test_a_remote_alone_goes_through_a_question() -> None:
    async with hall("2") as place:
        await place.press("pagedown")
        await place.press("pagedown")
        assert "PgDn once more" in place.text
        assert place.sent[-1] == m.Next()
        await place.press("pagedown")
        assert place.sent[-1] == m.Reveal()
        assert "Right." in place.text
        await place.press("pagedown", "pageup", "f5")
        assert place.sent[-1] == m.GoToBeat(1)
        assert "beat 1/12" in place.text


@pytest.mark.parametrize("key", ["b", "full_stop"])
async def test_blank_and_back_with_the_same_key(key: str) -> None:
    async with hall("2") as place:
        await place.press(key)
        assert not place.text.strip()
        await place.say("next")  # by the second terminal, say: it stays blank
        assert not place.text.strip()
        await place.press(key)
        assert "beat 2/12" in place.text


async def test_the_second_terminal_blanks_the_screen_and_brings_it_back() -> None:
    async with hall("2") as place:
        await place.say("blank")
        assert not place.text.strip()
        await place.say("blank on")
        path = find("3")
        place.engine.send(m.Open(read_text(path), path.name, str(path.parent)))
        await place.settle()
        assert not place.text.strip(), "it is opened behind the curtain"
        await place.say("blank off")
        assert "beat 1/12" in place.text
        await place.press("b")
        assert place.sent[-1] == m.Blank()
        await place.say("blank off")
        assert "beat 1/12" in place.text


async def test_a_blank_list_of_lessons_owes_the_second_terminal_nothing() -> None:
    async with hall(None) as place:
        assert "Twist" in place.text
        await place.press("b")
        assert not place.text.strip()
        await place.press("b")
        assert "Twist" in place.text
        place.app.open(find("2"))
        await place.settle()
        await place.say("blank")
        assert not place.text.strip()


async def test_a_beat_is_chosen_from_those_that_fit() -> None:
    async with hall("2") as place:
        await place.press("at")
        assert "2 In lesson 1" in place.text
        await place.press("D", "i", "c", "e")
        assert "4 Dice choose" in place.text
        await place.press("enter")
        assert "beat 4/12" in place.text


def test_the_beats_that_fit_what_is_typed() -> None:
    lines = tuple(m.BeatLine(n, text, True, False) for n, text in enumerate(("Here.", "Turn it.", "Dice."), start=1))
    view = m.LessonView("Twist", 1, False, lines)
    assert fitting(view, "") == "2 Turn it.  3 Dice."
    assert fitting(view, "3") == "3 Dice."
    assert fitting(view, "4") == ""
    assert fitting(view, "zebra") == "a part of what a beat says"


async def test_the_short_lecture_stands_in_the_header() -> None:
    async with hall("2") as place:
        await place.say("short")
        assert "core 1/8" in place.text
        await place.press("n")
        assert "core 2/8" in place.text


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (160, 50)])
async def test_the_guesses_stand_beside_the_choices_until_the_answer_and_after(size: tuple[int, int]) -> None:
    async with hall("2", size) as place:
        await place.press("n", "percent_sign", "3", "enter")
        assert "2 numbers are wanted" in place.text
        await place.press("space", "1", "2", "enter")
        assert "3, 20 %" in place.text
        assert "12, 80 %" in place.text
        await place.press("2")
        assert "12, 80 %" in place.text
        assert "Right." in place.text
        await place.press("n")
        assert "80 %" not in place.text


async def test_what_another_terminal_calls_for_takes_the_place_of_what_was_told() -> None:
    async with hall("2") as place:
        await place.press("S")
        while place.app.screen is not place.app.work:
            await place.press("escape")
        place.app.work.say("Something told before.")
        place.app.link.engine.send(m.Next())
        await place.settle()
        assert "Something told before." not in place.text


def test_notes_on_a_second_terminal_drive_the_screen(tmp_path: Path) -> None:
    environment = {"XDG_RUNTIME_DIR": str(tmp_path), "NNTUI_NO_WARM": "1", "XDG_CONFIG_HOME": str(tmp_path)}
    with Terminal("2", environment=environment) as screen:
        screen.wait_for("beat 1/12")
        with Terminal("notes", size=(100, 60), environment=environment) as notes:
            notes.wait_for("Next, beat 2")
            notes.send("next\n")
            screen.wait_for("beat 2/12")
            notes.wait_for("Beat 2 of 12")
            notes.send("guesses 3 12\n")
            screen.wait_for("12, 80 %")
            screen.press("2")
            notes.wait_for("Right.")
            notes.send("blank\n")
            notes.wait_for("The screen is blank.")
            screen.wait_for(lambda: not screen.text.strip())
            notes.send("\x1b[A o")  # the line before, and more; what happens meanwhile leaves it as it is
            screen.press("n")
            notes.wait_for("The screen is back.\n> blank o")
            notes.send("ff\n")
            notes.wait_for("> blank off\n")
            os.kill(notes.process.pid, signal.SIGKILL)
        screen.press("n")
        screen.wait_for("beat 3/12")
        with Terminal("notes", size=(100, 60), environment=environment) as notes:
            notes.wait_for("Beat 3 of 12")
            screen.press("q")
            assert screen.end() == 0
            notes.wait_for("The screen has ended. Notes ends here.")
            assert notes.end() == 1
    with Terminal("notes", environment=environment) as notes:
        assert notes.end() == 2
        assert "no screen of yours is running" in notes.text
