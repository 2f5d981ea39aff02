"""The whole screen over a real session: what is seen after which key, at 80x24 and at 160x50."""

from __future__ import annotations

import pytest
from hall import SIZES, hall

from nntui import messages as m


@pytest.mark.parametrize("size", SIZES)
async def test_the_first_lesson_opens_with_the_code_alone(size: tuple[int, int]) -> None:
    async with hall("1", size) as place:
        assert [pane.kind for pane in place.app.work.board.shown] == ["code"]
        assert "This is a neuron, whole" in place.text
        assert "total += weights[layer][neuron][source] * sources[source]" in place.text
        assert "loss" not in place.rows[0]


async def test_space_runs_a_line_and_backspace_takes_it_back() -> None:
    async with hall("1") as place:
        before = place.text
        await place.press("space", "space")
        assert place.sent[-1] == m.Step(1, "line")
        assert place.text != before
        await place.press("backspace", "backspace")
        assert [row for row in place.rows if "▶" in row] == [row for row in before.split("\n") if "▶" in row]
