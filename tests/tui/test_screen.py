"""The whole screen over a real session: what is seen after which key, at 80x24 and at 160x50."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hall import SIZES, Hall, hall

from nntui import messages as m
from nntui.tui.screens.lessons import LessonList
from nntui.tui.screens.work import WorkScreen


def shown(place: Hall) -> list[str]:
    return [pane.kind for pane in place.app.work.board.shown]


def line_about_to_run(place: Hall) -> str:
    return next(row for row in place.rows if re.search(r"▶ *\d+ ", row))


# ---------------------------------------------------------------- lessons


@pytest.mark.parametrize("size", SIZES)
async def test_the_first_lesson_opens_with_the_code_alone(size: tuple[int, int]) -> None:
    async with hall("1", size) as place:
        assert shown(place) == ["code"]
        assert "This is a neuron, whole" in place.text
        assert "total += weights[layer][neuron][source] * sources[source]" in place.text
        assert "loss" not in place.rows[0]
        assert "step" not in place.rows[0]
        assert "beat 1/14" in place.rows[0]


async def test_space_and_arrows_step_in_the_first_minute() -> None:
    async with hall("1") as place:
        at_first = line_about_to_run(place)
        await place.press("space", "right")
        assert place.sent[-2:] == [m.Step(1, "line"), m.Step(1, "line")]
        assert line_about_to_run(place) != at_first
        await place.press("backspace", "left")
        assert line_about_to_run(place) == at_first


async def test_panes_come_as_the_lesson_reaches_them() -> None:
    async with hall("1") as place:
        await place.press("n")
        assert shown(place) == ["code", "values"]
        await place.press("1", "n", "n", "2", "n")
        assert shown(place) == ["code", "values", "network"]
        assert "target" not in place.text, "nobody has spoken of targets yet"
        await place.press("2", "n", "1", "n", "n")
        assert "loss" in place.rows[0]


async def test_a_question_holds_the_reveal_and_not_the_learner() -> None:
    async with hall("1") as place:
        await place.press("n")
        assert "What will total" in place.text
        assert "1) −1.25" in place.text
        await place.press("n")
        assert "a question is open" in place.text
        before = line_about_to_run(place)
        await place.press("space")
        assert line_about_to_run(place) != before
        assert "1) −1.25" in place.text
        await place.press("escape")
        assert place.sent[-1] == m.Return()
        assert line_about_to_run(place) == before
        panes = place.app.work.board.size.height
        await place.press("1")
        assert "Right." in place.text
        assert "What will total" not in place.text, "the reply takes the question's place, and the panes keep theirs"
        assert place.app.work.board.size.height >= panes
        await place.press("2")  # it may be answered again
        assert "Not so." in place.text
        await place.press("n")
        assert "beat 3/14" in place.rows[0]


async def test_a_choice_can_be_clicked() -> None:
    async with hall("1") as place:
        await place.press("n")
        row = next(y for y, text in enumerate(place.rows) if "1) −1.25" in text)
        await place.pilot.click(offset=(place.rows[row].index("2) 0.75"), row))
        await place.settle()
        assert place.sent[-1] == m.Answer(2)
        assert "Not so." in place.text


async def test_the_whole_of_both_lessons_can_be_played_by_keys() -> None:
    for lesson, beats in (("1", 14), ("2", 12)):
        async with hall(lesson) as place:
            for beat in range(1, beats + 1):
                assert f"beat {beat}/{beats}" in place.rows[0]
                if place.app.work.story.waits:
                    await place.press("1")
                await place.press("n")
            assert "That was the last beat" in place.text


# ---------------------------------------------------------------- the panes together


@pytest.mark.parametrize("size", SIZES)
async def test_line_edge_neuron_and_value_light_up_in_the_same_frame(size: tuple[int, int]) -> None:
    async with hall("xor", size) as place:
        await place.say("walk predict", "until 36")
        code, values, diagram = (place.app.work.sections[name] for name in ("code", "values", "diagram"))
        assert isinstance(code, m.CodeView)
        assert isinstance(values, m.ValuesView)
        assert isinstance(diagram, m.DiagramView)
        assert code.line == 36
        assert code.uses[:2] == ("weights[0][0][0]", "inputs[0]")
        assert diagram.uses[:2] == ("weights[0][0][0]", "inputs[0]")
        assert dict(values.in_hand)["sources"] == 0


async def test_turning_a_weight_moves_all_that_depends_on_it() -> None:
    async with hall("xor", (160, 50)) as place:
        before = dict(place.app.work.sections)
        await place.press("right")
        assert place.sent[-1] == m.Twist("weights[0][0][0]", 0.05)
        after = place.app.work.sections
        for name in ("twist", "diagram", "picture", "loss"):
            assert after[name] != before[name], name
        await place.press("shift+left")
        assert place.sent[-1] == m.Twist("weights[0][0][0]", -0.005)


async def test_arrows_walk_along_the_network_and_the_twist_pane_follows() -> None:
    async with hall("xor") as place:
        seen = []
        for _ in range(4):
            await place.press("down")
            twist = place.app.work.sections["twist"]
            assert isinstance(twist, m.TwistView)
            seen.append(twist.address)
            assert twist.address in place.text
        assert len(set(seen)) == 4
        await place.press("up")
        assert place.sent[-1] == m.Point(seen[-2])


async def test_t_tries_one_twist_and_tells_it() -> None:
    async with hall("2", (80, 24)) as place:
        await place.press("t")
        assert place.sent[-1] == m.Try()
        assert re.search(r"(Kept|Undone)\. (weights|biases)\[", place.text)
        assert "step 1" in place.rows[0]


async def test_r_runs_until_pressed_again_also_while_a_question_is_open() -> None:
    async with hall("2") as place:
        await place.press("n")
        assert place.app.work.story.waits
        await place.press("r")
        assert place.sent[-1] == m.Run(m.MOST_STEPS)
        assert "stop" in place.rows[-1]
        await place.press("r")
        assert place.sent[-1] == m.Stop()
        assert "Stopped after" in place.text
        assert place.app.work.story.waits


async def test_any_step_can_be_gone_to_and_on_again() -> None:
    async with hall("xor", (160, 50)) as place:
        await place.say("run 50")
        at_50 = place.app.work.status
        await place.press("g", "2", "0", "enter")
        assert "step 20 of 50" in place.rows[0]
        await place.press("g", "5", "0", "enter")
        assert place.app.work.status == at_50
        await place.press("left_square_bracket")
        assert "step 49" in place.rows[0]


async def test_what_is_always_visible_at_80_by_24_stays_so_in_both_arrangements() -> None:
    async with hall("xor") as place:
        for key in ("", "v", "z"):
            if key:
                await place.press(key)
            assert "weights[0][0][0]" in place.text or "◆" in place.text
            assert "▶" in place.text
            assert "gradient_step" in place.text or "loss_before = batch_gradient" in place.text
            assert re.search(r"step 0 .*loss \d", place.rows[0])


# ---------------------------------------------------------------- sizes, themes, dialogs


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (100, 30), (120, 40), (160, 50), (250, 70)])
@pytest.mark.parametrize("lesson", ["1", "2", "xor", "digits"])
async def test_every_lesson_stands_in_every_size(lesson: str, size: tuple[int, int]) -> None:
    async with hall(lesson, size) as place:
        assert place.app.work.status is not None
        assert "cannot be drawn" not in place.text
        assert "quit" in place.rows[-1] or "step" in place.rows[-1]
        assert len(place.rows) == size[1]


async def test_too_small_says_so_and_goes_on_when_enlarged() -> None:
    async with hall("xor") as place:
        await place.resize(50, 12)
        assert "nntui needs 60 columns and 16 rows; here are 50 and 12" in " ".join(place.text.split())
        await place.resize(80, 24)
        assert "needs 60 columns" not in place.text
        assert "weights[0][0][0]" in place.text


async def test_a_storm_of_sizes_ends_well() -> None:
    async with hall("xor") as place:
        for width in range(40, 170, 9):
            await place.pilot.resize_terminal(width, 10 + width // 4)
        await place.resize(80, 24)
        assert "weights[0][0][0]" in place.text


async def test_the_theme_is_remembered(own_settings: Path) -> None:
    async with hall("xor") as place:
        await place.press("T", "T")
        assert place.app.look.colours.name == "projector"
    assert "projector" in (own_settings / "screen.json").read_text()


async def test_full_precision_where_asked() -> None:
    async with hall("xor", (160, 50)) as place:
        twist = place.app.work.sections["twist"]
        assert isinstance(twist, m.TwistView)
        assert repr(abs(twist.value)) not in place.text
        await place.press("d")
        assert repr(abs(twist.value)) in place.text


async def test_what_is_saved_opens_again_exactly_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    async with hall("xor", (160, 50)) as place:
        await place.say("run 30", "sample 3", "point biases[1][0]", "walk predict", "until 36")
        await place.press("s", "enter")
        assert "Saved as my-xor.toml" in place.text
        before = [row for row in place.rows[:-4] if "loss" not in row[:20]]
    async with hall(tmp_path / "my-xor.toml", (160, 50)) as place:
        assert "step 30" in place.rows[0]
        code = place.app.work.sections["code"]
        assert isinstance(code, m.CodeView)
        assert code.line == 36
        assert place.rows[:20] == before[:20] or "biases[1][0]" in place.text


async def test_the_list_opens_a_lesson_by_its_number_and_comes_back() -> None:
    async with hall(None) as place:
        assert isinstance(place.app.screen, LessonList)
        await place.press("2", "enter")
        assert isinstance(place.app.screen, WorkScreen)
        assert "Twist" in place.rows[0]
        await place.press("L")
        assert isinstance(place.app.screen, LessonList)
        await place.press("1", "enter")
        assert isinstance(place.app.screen, WorkScreen)
        assert "What a network does" in place.rows[0]


async def test_a_broken_file_is_told_in_one_sentence(tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text("format = 1\ntitle = 'x'\n[data]\nname = 'xorr'\n[model]\nkind = 'mlp'\nlayers = [2, 1]\n")
    async with hall(broken) as place:
        assert "did you mean 'xor'" in place.app.refusal


async def test_text_from_a_file_is_never_markup(tmp_path: Path) -> None:
    odd = tmp_path / "odd.toml"
    odd.write_text(
        "format = 1\ntitle = '[/red] [bold]x \\u001b[31m'\nsummary = '[link=x] $y'\n[data]\nname = 'xor'\n"
        "[model]\nkind = 'mlp'\nlayers = [2, 2, 1]\n[[beat]]\nsay = '[/] [red]say[/red]'\n"
    )
    async with hall(odd) as place:
        assert "[/red] [bold]x" in place.rows[0]
        assert "[/] [red]say[/red]" in place.text


async def test_the_answers_that_a_question_is_about_stay_beside_it() -> None:
    async with hall("1") as place:
        await place.press("n", "1", "n", "n", "2", "n")
        for answer in ("−1, −1 → −0.99999", "1, −1 → −0.96403", "1, 1 → 0.96403"):
            assert answer in " ".join(place.text.split())
        await place.press("n")
        assert "a question is open" in place.text
        assert "1, −1 → −0.96403" in " ".join(place.text.split())
        await place.press("2")
        assert "a question is open" not in place.text, "what was said before is said no more"


@pytest.mark.parametrize(("lesson", "beat", "pane"), [("1", 10, "picture"), ("2", 5, "loss"), ("2", 6, "loss")])
async def test_the_pane_that_a_beat_speaks_of_is_seen_at_80_by_24(lesson: str, beat: int, pane: str) -> None:
    async with hall(lesson) as place:
        while f"beat {beat}/" not in place.rows[0]:
            if place.app.work.story.waits:
                await place.press("1")
            await place.press("n")
        assert pane in shown(place)


async def test_what_does_not_fit_can_be_read() -> None:
    async with hall("2", (60, 16)) as place:
        assert "… m: all" in place.text
        await place.press("m")
        assert "from outputs" in " ".join(place.text.split())


async def test_where_the_end_of_what_a_beat_says_has_no_room_that_is_seen() -> None:
    async with hall("1", (60, 16)) as place:
        await place.say("beat 5")
        assert "four inputs, four answers" not in place.text
        assert "… m: all" in place.text
        await place.press("m")
        await place.press("end")
        assert "four answers" in place.text


async def test_a_return_says_how_to_take_it_back() -> None:
    async with hall("2") as place:
        await place.press("r", "r", "escape")
        assert "U takes that back" in place.text


async def test_a_breakpoint_says_that_it_stopped() -> None:
    async with hall("2") as place:
        await place.say("break 108")
        await place.press("r")
        assert "Stopped at the breakpoint, line 108." in place.text


async def test_a_typed_value_replaces_the_one_that_stands_there() -> None:
    async with hall("xor") as place:
        await place.press("equals_sign", "2", "enter")
        assert place.sent[-1] == m.SetValue("weights[0][0][0]", 2.0)
