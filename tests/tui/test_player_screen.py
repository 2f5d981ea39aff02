"""The screen as a player of recordings: what it shows, its timeline, its keys, its branches, and recording itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from hall import Hall, hall
from recorded import LESSON, SECONDS, XOR, cinema, record
from test_parity import facts_of, is_said, numbers, sentences

from nntui import messages as m
from nntui.session.process.inbox import EngineLost
from nntui.tui.actions import ACTIONS, for_key
from nntui.tui.playback import NOT_LIVE, Playback
from nntui.tui.timeline import TimelineBar


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Two recordings: of free play, and of a lesson."""
    folder = tmp_path_factory.mktemp("films")
    return {"xor": record(folder / "xor.nnrec", "xor", XOR), "lesson": record(folder / "lesson.nnrec", "2", LESSON)}


def step(place: Hall) -> int:
    assert place.app.work.status is not None
    return place.app.work.status.step


@pytest.mark.parametrize(("size", "rows"), [((60, 16), 1), ((80, 24), 2), ((120, 36), 3), ((160, 50), 4)])
async def test_a_recording_opens_with_all_panes_and_a_timeline_that_fits(
    size: tuple[int, int], rows: int, films: dict[str, Path]
) -> None:
    async with cinema(films["xor"], size) as place:
        bar = place.app.work.timeline
        assert bar.display
        assert bar.size.height == rows
        assert "0:00.0 / 0:30.0" in place.text
        assert {"network", "twist"} <= {pane.kind for pane in place.app.work.board.shown}
        assert "cannot be drawn" not in place.text
        assert "B go on alone" in place.text


async def test_what_is_on_the_screen_is_what_was_on_the_lecturers(films: dict[str, Path]) -> None:
    async with hall("2") as lecturer:
        await lecturer.say(*LESSON[:3])
        seen = {pane.needs: lecturer.app.work.sections[pane.needs] for pane in lecturer.app.work.board.shown}
        shown = [pane.kind for pane in lecturer.app.work.board.shown]
        said = facts_of(lecturer.app.work.narration)
    async with cinema(films["lesson"]) as place:
        await place.press("end")
        await place.say(f"seek {3 * SECONDS}")
        assert facts_of(place.app.work.narration) == said
        assert [pane.kind for pane in place.app.work.board.shown] == shown
        assert {view: place.app.work.sections[view] for view in seen} == seen


async def test_keys_move_along_it_and_digits_are_tenths(films: dict[str, Path]) -> None:
    async with cinema(films["xor"]) as place:
        await place.press("right_square_bracket")
        assert "◆ first look" in place.text
        assert step(place) == 30
        await place.press("right")
        assert step(place) == 130
        await place.press("left", "left")
        assert step(place) == 30
        await place.press("5")
        assert "0:15.0 / 0:30.0" in place.text
        await place.press("end")
        assert step(place) == 180
        await place.press("pageup")
        assert "◆ the plateau" in place.text
        await place.press("p", "home")
        assert step(place) == 0
        assert place.sent[-1] == m.Seek("percent", 0.0)


async def test_quick_keys_add_up(films: dict[str, Path]) -> None:
    async with cinema(films["xor"]) as place:
        for _ in range(3):
            await place.pilot.press("right")
        await place.settle()
        assert "0:15.0 / 0:30.0" in place.text


async def test_space_plays_and_pauses_and_the_speed_is_shown(films: dict[str, Path]) -> None:
    async with cinema(films["xor"]) as place:
        await place.press("greater_than_sign")
        assert place.sent[-1] == m.Play(2.0)
        assert "playing" in place.text
        assert "×2" in place.text
        assert "␣ pause" in place.text
        await place.press("space")
        assert "paused" in place.text
        await place.press("less_than_sign", "less_than_sign", "less_than_sign", "less_than_sign", "space")
        assert m.Play(0.25) in place.sent
        assert "×0.25" in place.text


@pytest.mark.parametrize("key", ["r", "k", "F"])
async def test_what_would_change_something_is_refused_with_a_way_on(key: str, films: dict[str, Path]) -> None:
    async with cinema(films["xor"]) as place:
        sent = len(place.sent)
        await place.press(key)
        assert NOT_LIVE in place.text
        assert len(place.sent) == sent


def test_while_a_recording_is_played_only_what_moves_along_it_is_sent() -> None:
    play = Playback()
    for action in ACTIONS:
        if action.command is not None:
            assert play.instead(action.command) is action.command
    play.hear(m.RecordingOpened("a.nnrec", "1", "", 30.0, 5))
    along = {type(play.instead(action.command)) for action in ACTIONS if action.command is not None}
    assert along == {type(None), m.Seek}
    assert play.instead(m.Goto(30)) == m.Seek("step", 30)
    assert play.instead(m.Goto(30, "line")) is None
    assert play.instead(m.GoToBeat(3)) == m.Seek("beat", 3)


async def test_numbers_can_be_asked_about_and_other_weights_looked_at(films: dict[str, Path]) -> None:
    async with cinema(films["xor"]) as place:
        await place.press("right_square_bracket", "down")
        twist = facts_of(place.app.work.board.panes["twist"])
        assert "weights[0][0][0]" not in twist
        assert step(place) == 30
        await place.press("M")
        assert place.app.screen is not place.app.work
        await place.press("escape", "right")
        assert "weights[0][0][0]" in facts_of(place.app.work.board.panes["twist"])


async def test_words_work_too(films: dict[str, Path]) -> None:
    async with cinema(films["xor"]) as place:
        await place.type("seek mark first")
        assert step(place) == 30
        await place.type("goto 130")
        assert step(place) == 130
        await place.type("run 5")
        assert NOT_LIVE in place.text


async def test_a_click_on_the_timeline_goes_there(films: dict[str, Path]) -> None:
    async with cinema(films["xor"], (160, 50)) as place:
        await place.pilot.click(TimelineBar, offset=(80, 1))
        await place.settle()
        assert isinstance(place.sent[-1], m.Seek)
        assert "0:15.0 / 0:30.0" in place.text
        names = place.app.work.timeline._rows[2].text
        await place.pilot.click(TimelineBar, offset=(names.index("the plateau") + 3, 2))
        await place.settle()
        assert "◆ the plateau" in place.text
        await place.pilot.click(TimelineBar, offset=(2, 3))
        await place.settle()
        assert isinstance(place.sent[-1], m.Play)


async def test_a_branch_is_live_its_loss_beside_that_of_the_recording(films: dict[str, Path], tmp_path: Path) -> None:
    async with cinema(films["xor"], (160, 50), branches=str(tmp_path / "branches")) as place:
        await place.press("right_square_bracket", "B")
        assert "branch of xor.nnrec" in place.text
        assert "B goes back" in place.text
        await place.press("t", "f")
        assert step(place) == 131
        loss = "\n".join(strip.text for strip in place.app.work.board.panes["loss"]._rows)
        assert "recording" in loss
        assert "branch" in loss
        assert "the recording's" in place.text
        assert place.app.work.playback.recorded
        said = numbers(sentences(place, ("show timeline", "where", "show loss")))
        missing = {n for n in numbers(facts_of(place.app.work.timeline)) if not is_said(n, said)}
        assert not missing
        await place.press("B")
        assert step(place) == 30
        assert "branch of" not in place.text


async def test_another_lesson_ends_the_recording(films: dict[str, Path]) -> None:
    async with cinema(films["xor"]) as place:
        await place.press("L", "home", "enter")
        assert not place.app.work.timeline.display
        assert not place.app.work.playback.played
        assert "A few loops" in place.text


async def test_an_engine_that_is_lost_comes_back_where_it_stood(films: dict[str, Path]) -> None:
    async with cinema(films["xor"]) as place:
        await place.press("right_square_bracket")
        place.app.link.take([EngineLost("the engine was ended by SIGKILL")])
        await place.app.workers.wait_for_complete()
        await place.settle()
        assert "0:10.0 / 0:30.0" in place.text
        assert step(place) == 30
        await place.press("right_square_bracket")
        assert "◆ the plateau" in place.text


async def test_an_engine_that_is_lost_in_a_branch_comes_back_in_the_branch(films: dict[str, Path]) -> None:
    async with cinema(films["xor"]) as place:
        await place.press("right_square_bracket", "B", "t")
        assert "the recording's loss at step 30 0." in place.text, "it is told on a small screen, too"
        place.app.link.take([EngineLost("the engine was ended by SIGKILL")])
        await place.app.workers.wait_for_complete()
        await place.settle()
        assert "branch of xor.nnrec" in place.text
        assert step(place) == 31
        await place.press("B")
        assert step(place) == 30
        assert "branch of" not in place.text


async def test_every_number_of_the_timeline_can_be_had_by_a_sentence(films: dict[str, Path]) -> None:
    async with cinema(films["lesson"], (160, 50)) as place:
        await place.press("6")
        said = numbers(sentences(place, ("show timeline", "where")))
        missing = {n for n in numbers(facts_of(place.app.work.timeline)) if not is_said(n, said)}
        assert not missing


async def test_the_list_offers_recordings_and_plays_them(films: dict[str, Path], tmp_path: Path) -> None:
    shelf = tmp_path / "data" / "recordings"
    shelf.mkdir(parents=True)
    (shelf / "2026-11-24-091500-xor.nnrec").write_bytes(films["xor"].read_bytes())
    async with hall(None) as place:
        await place.press("end")
        assert "24 November 2026, 09:15" in place.text
        await place.press("enter")
        assert place.app.work.timeline.display
        assert "Exclusive or" in place.text


async def test_what_is_no_recording_is_said_in_the_list(tmp_path: Path) -> None:
    shelf = tmp_path / "data" / "recordings"
    shelf.mkdir(parents=True)
    (shelf / "broken.nnrec").write_text("nothing\n")
    async with hall(None) as place:
        await place.press("end", "enter")
        assert "broken.nnrec" in place.text
        assert "no recording" in place.text
        assert not place.app.work.playback.played


async def test_damage_is_said_on_the_timeline(films: dict[str, Path], tmp_path: Path) -> None:
    whole = films["xor"].read_bytes()
    torn = tmp_path / "torn.nnrec"
    torn.write_bytes(whole[: len(whole) // 2])
    for size in ((60, 16), (80, 24)):
        async with cinema(torn, size) as place:
            assert "Torn" in place.text


async def test_the_header_says_that_it_is_recorded_and_when_it_is_no_more(tmp_path: Path) -> None:
    async with hall("xor") as place:
        assert "●" not in place.rows[0]
        place.app.hear([m.RecordingBegan("mine.nnrec")], None)
        await place.press("t")
        assert "●" in place.rows[0]
        place.app.hear([m.RecordingLost("the disk is full")], None)
        await place.settle()
        assert "the disk is full" in place.text
        assert "not recorded" in place.rows[0]


async def test_a_moment_is_marked_with_a_name_that_is_proposed() -> None:
    async with hall("xor") as place:
        await place.press("f", "F")
        assert "step 100" in place.text
        await place.press("enter")
        assert place.sent[-1] == m.Mark("step 100")
        assert "Marked: step 100." in place.text


async def test_branching_says_so_where_nothing_is_played() -> None:
    async with hall("xor") as place:
        await place.press("B")
        assert "No recording is played here" in place.text
        place.app.work.do("faster")
        await place.settle()
        assert "No recording is played here" in place.text


async def test_every_key_of_the_player_does_something(films: dict[str, Path]) -> None:
    async with cinema(films["xor"]) as place:
        for action in ACTIONS:
            for key in action.keys if action.played else ():
                assert for_key(key, played=True) is action
                sent = len(place.sent)
                await place.pilot.press(key)
                assert len(place.sent) == sent + 1, key
