"""Find the bug, on the screen: the key accuses the cursor's line, and the verdict stands in full below the panes."""

from __future__ import annotations

from hall import hall

from nntui import messages as m


async def test_a_line_is_accused_with_a_key() -> None:
    async with hall("xor") as place:
        assert "a accuse" not in place.text
        await place.say("walk bug 1")
        assert "a accuse" in place.text
        await place.press("a")
        assert place.sent[-1] == m.Accuse()
        assert "Not line 11." in place.text
        assert "come from this one?" in place.text  # also the end of the hint
        await place.press("tab", *["down"] * 12, "a")
        assert place.sent[-1] == m.Accuse(23)
        assert "Found, line 23." in place.text
        assert "rightly by" in place.text
        await place.press("space")
        assert "Found, line 23." not in place.text
        await place.press("escape", "m")
        assert "Found, line 23." in place.text  # it can be read again
