"""Lessons 0, 3 and 4 as they are seen: what a beat speaks of is on the screen with it, and nothing else is told."""

from __future__ import annotations

from hall import Hall, hall


async def at_beat(place: Hall, beat: int) -> None:
    """Go on to a beat, answering with the first choice wherever a question waits."""
    for _ in range(beat - 1):
        if place.app.work.story.waits:
            await place.press("1")
        await place.press("n")


def has_curve(place: Hall, rows: int) -> bool:
    """Whether a curve of so many rows stands above the knob."""
    knob = next(number for number, row in enumerate(place.rows) if "◀━" in row)
    above = place.rows[knob - rows : knob]
    return all(any(0x2800 < ord(glyph) <= 0x28FF or glyph == "●" for glyph in row) for row in above)


async def test_the_curve_that_a_reply_speaks_of_is_seen_before_and_after_it() -> None:
    async with hall("3", (80, 24)) as place:
        assert has_curve(place, 3)
        await place.press("3")
        assert "Look at the curve" in place.text
        assert has_curve(place, 3)


async def test_where_no_code_has_been_reached_no_line_of_it_is_told() -> None:
    async with hall("3", (80, 24)) as place:
        assert "sources = inputs" not in place.text
        await at_beat(place, 6)
        assert {"code", "values", "network", "twist"} == {pane.kind for pane in place.app.work.board.shown}


async def test_what_a_beat_tells_by_what_it_does_stands_there_whole() -> None:
    async with hall("3", (80, 24)) as place:
        await at_beat(place, 6)
        assert "m: all" not in place.text
        assert "0.37932" in place.text
        assert "No slope is looked at" not in place.text  # how things are shown is seen
        await place.press("2", "n", "2", "n")
        assert "0.54591 times" in place.text
        assert "m: all" not in place.text


async def test_a_sentence_after_a_key_has_its_one_row() -> None:
    async with hall("3", (80, 24)) as place:
        await at_beat(place, 2)
        before = place.app.work.narration.size.height
        await place.press("S")
        assert place.app.work.narration.size.height == before


async def test_backpropagation_is_not_named_before_the_lesson_that_introduces_it() -> None:
    async with hall("3", (160, 50)) as place:
        await at_beat(place, 10)
        assert "72 predictions" in place.text
        assert "backpropagation" not in place.text


async def test_an_epoch_is_told_where_it_is_no_step() -> None:
    async with hall("4", (80, 24)) as place:
        await place.press("2", "n")
        assert "step 1" in place.rows[0]
        assert "epoch" not in place.rows[0]
        await place.say("batch 1", "step 4 step")
        assert "epoch" in place.rows[0]


async def test_each_hop_of_a_rate_that_is_too_large_is_seen() -> None:
    async with hall("4", (80, 24)) as place:
        await at_beat(place, 5)
        assert "+4" in next(row for row in place.rows if "weights[0][0][0]" in row)


async def test_enter_after_a_line_that_made_a_list_asks_about_a_number() -> None:
    async with hall("0", (80, 24)) as place:
        await place.press("K", "space", "space", "enter")
        assert "there is no value" not in place.text


async def test_what_a_digit_is_taken_for_is_never_cut_and_told_for_no_other() -> None:
    async with hall("0", (80, 24)) as place:
        await place.press("K")
        assert "answers 6, not 4" in place.text
        assert "Test sample 51" not in place.text


async def test_esc_comes_back_from_a_look_at_something_else_and_its_pane_goes() -> None:
    async with hall("3", (80, 24)) as place:
        await at_beat(place, 12)
        before = place.text
        await place.press("X", "down", "Y")
        assert "landscape" in place.text
        assert "esc return" in place.text
        await place.press("escape", "D")
        assert "No slope is looked at" in place.text
        await place.press("escape")
        assert [pane.kind for pane in place.app.work.board.shown] == ["network", "twist"]
        assert "exact" in place.text
        assert place.rows[:14] == before.split("\n")[:14]


async def test_the_exact_slope_is_seen_with_losses_however_long() -> None:
    async with hall("3", (80, 24)) as place:
        await at_beat(place, 12)
        await place.press("comma", "comma", "comma", "comma", "right", "right", "right", "right")
        assert "exact" in place.text
