"""What goes wrong between keys, frames, answers and files: nothing gets lost, nothing old is shown, nobody is thrown out."""

from __future__ import annotations

from pathlib import Path

import msgspec
from hall import hall

from nntui import messages as m
from nntui.scenario.library import find
from nntui.scenario.reader import read_text
from nntui.tui.screens.lessons import LessonList
from nntui.tui.screens.why import WhyDialog
from nntui.tui.screens.work import WorkScreen

BROKEN = "format = 1\ntitle = 'x'\n[data]\nname = 'xorr'\n[model]\nkind = 'mlp'\nlayers = [2, 1]\n"


async def test_a_scenario_that_opens_after_the_first_paint_has_its_panes() -> None:
    async with hall("xor", late=True) as place:
        assert place.app.work.status is None
        await place.settle()
        assert place.app.work.status is not None
        assert "weights[0][0][0]" in place.text


async def test_r_twice_at_once_is_run_and_stop() -> None:
    async with hall("xor") as place:
        place.app.work.do("run")
        place.app.work.do("run")
        await place.settle()
        assert [type(command) for command in place.sent[-2:]] == [m.Run, m.Stop]
        assert place.app.work.status is not None
        assert not place.app.work.status.running


async def test_down_five_times_at_once_is_five_weights_on() -> None:
    async with hall("xor") as place:
        for _ in range(5):
            place.app.work.do("select_next")
        assert len({command.address for command in place.sent if isinstance(command, m.Point)}) == 5


async def test_weights_can_be_walked_when_the_network_is_not_on_the_screen() -> None:
    async with hall("xor") as place:
        while place.app.work.pane is None or place.app.work.pane.kind != "twist":
            await place.press("tab")
        await place.press("z")
        assert [pane.kind for pane in place.app.work.board.shown] == ["twist"]
        await place.press("down", "down", "down")
        assert len({command.address for command in place.sent if isinstance(command, m.Point)}) == 3


async def test_a_broken_file_from_the_list_is_told_there(tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text(BROKEN)
    async with hall("xor") as place:
        await place.press("L")
        place.app.open(broken)
        await place.settle()
        assert isinstance(place.app.screen, LessonList)
        assert "did you mean 'xor'" in place.text
        await place.press("escape")
        assert isinstance(place.app.screen, WorkScreen)
        assert "Exclusive or" in place.rows[0]
        assert place.app._path == find("xor")


async def test_a_broken_file_does_not_end_the_program_when_help_is_open(tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text(BROKEN)
    async with hall(None) as place:
        place.app.open(broken)
        await place.pilot.press("question_mark")
        await place.settle()
        assert not place.app._exit
        await place.press("escape")
        assert "did you mean 'xor'" in place.text


async def test_undo_of_a_beat_tells_the_beat_again() -> None:
    async with hall("1") as place:
        await place.press("n")
        assert "What will total be" in " ".join(place.text.split())
        await place.press("U")
        assert "beat 1/14" in place.rows[0]
        assert "This is a neuron, whole" in place.text
        assert "1) −1.25" not in place.text


async def test_an_old_frame_is_not_shown_in_a_new_lesson() -> None:
    async with hall("xor") as place:
        status = place.app.work.status
        assert status is not None
        old = m.Frame(99, msgspec.structs.replace(status, name="other.toml", title="Other"), {})
        place.app.work.show_frame(old)
        await place.pilot.pause()
        assert "Other" not in place.rows[0]


async def test_an_answer_opens_no_dialog_over_something_else() -> None:
    async with hall("xor") as place:
        place.app.work.do("why_output")
        place.app.work.do("why_output")
        await place.settle()
        assert sum(isinstance(screen, WhyDialog) for screen in place.app.screen_stack) == 1
        await place.press("escape")
        place.app.work.do("why_output")
        place.app.work.do("lessons")
        await place.settle()
        assert isinstance(place.app.screen, LessonList)


async def test_the_palette_turns_the_weight_whatever_pane_has_the_keys() -> None:
    async with hall("xor") as place:
        while place.app.work.pane is None or place.app.work.pane.kind != "network":
            await place.press("tab")
        place.app.work.do("turn_up")
        assert isinstance(place.sent[-1], m.Twist)


async def test_a_title_in_wide_letters_leaves_room_for_the_numbers(tmp_path: Path) -> None:
    wide = tmp_path / "wide.toml"
    wide.write_text(read_text(find("xor")).replace("Exclusive or", "排他的論理和の学習を小さな網で見る" * 2))
    async with hall(wide) as place:
        assert place.app.refusal == ""
        assert "loss 1.0277" in place.rows[0]
        assert "step 0" in place.rows[0]


async def test_what_happened_is_seen_however_long_the_beat_is(tmp_path: Path) -> None:
    long = tmp_path / "long.toml"
    line = "A line of text that fills its row as far as the limit of a beat lets it be.\n"
    beat = f'[[beat]]\nsay = """\n{line * 3}"""\n[beat.ask]\nquestion = "{"Which of them is it then? " * 5}"\n'
    choices = ["one of the longer choices that a question may have", "another one of the same length as that", "none"]
    scenario = read_text(find("xor")).partition("[check]")[0]  # for a lesson's beats say themselves what must hold
    long.write_text(f"{scenario}\n{beat}choices = {choices}\nright = 1\n")
    for size in ((60, 16), (80, 24)):
        async with hall(long, size) as place:
            await place.press("t")
            assert "Loss" in "\n".join(place.rows[-4:])
            assert "3) none" in place.text
