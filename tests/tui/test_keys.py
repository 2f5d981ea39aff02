"""Every key of every screen: each is pressed, and its command or its effect is seen. The table, help and palette agree."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hall import Hall, hall

from nntui import messages as m
from nntui import words
from nntui.tui.actions import ACTIONS, Action, for_key, grouped, key_name
from nntui.tui.bars import KeyBar
from nntui.tui.deeds import DEEDS

QUITS = ("quit",)
GRAPH = ("G", *"loss", "enter")
# What has to be done first for the key to mean something.
FIRST = {
    "answer": ("n",), "guesses": ("n",), "come_back": ("n", "space"), "undo": ("right",), "back": ("space",), "backward": ("t",),
    "epoch_back": ("t", "t"), "out": ("i",), "previous": ("n", "2", "n"), "previous_sample": ("k",),
    "pin": ("t",), "unpin": ("t", "C"),
    **dict.fromkeys(("visit_forward", "visit_backward", "all_forward", "all_backward", "clear_gradients"), GRAPH),
    "run_to_cursor": ("tab", "down", "down"), "breakpoint": ("tab", "down"),
}  # fmt: skip


def keys() -> Iterator[tuple[Action, str]]:
    for action in (action for action in ACTIONS if not action.played):  # those are in test_player_screen.py
        for key in action.keys[:2] if action.name == "answer" else action.keys:
            yield action, key


def state_of(place: Hall) -> tuple[object, ...]:
    app = place.app
    return (len(place.sent), app.screen, app.work.pane, place.text, app.look, app.voice, app.work.board.zoomed)


@pytest.mark.parametrize(("action", "key"), [pytest.param(a, k, id=f"{a.name}-{k}") for a, k in keys()])
async def test_every_key_does_something(
    action: Action, key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with hall("2") as place:
        await place.press(*FIRST.get(action.name, ()))
        before = state_of(place)
        await place.press(key)
        if action.name in QUITS:
            assert place.app._exit
        elif action.command is not None:
            assert place.sent[-1] == action.command
        else:
            assert state_of(place) != before
        assert "cannot be drawn" not in place.text


def test_no_key_means_two_things() -> None:
    for played in (False, True):
        actions = [action for action in ACTIONS if action.played == played]
        keys = [key for action in actions for key in action.keys]
        assert len(set(keys)) == len(keys)
        assert all(for_key(key, played) is action for action in actions for key in action.keys)


def test_every_action_is_done_by_a_command_or_a_deed() -> None:
    for action in ACTIONS:
        assert (action.command is None) == (action.name in DEEDS), action.name


def test_help_names_every_action() -> None:
    assert {action.name for _, actions in grouped() for action in actions} == {action.name for action in ACTIONS}


def test_every_command_of_the_vocabulary_has_a_key_or_words() -> None:
    said = {type(words.parse(word.name)) for word in words.TABLE.values() if word.usage == word.name}
    keyed = {type(action.command) for action in ACTIONS if action.command is not None}
    assert {m.Next, m.Previous, m.Reset, m.Undo, m.Try} <= said | keyed


async def test_each_entry_of_the_key_row_can_be_clicked() -> None:
    async with hall("xor") as place:
        bar = place.app.work.query_one(KeyBar)
        x = 1
        for name, hint in bar.names[:6]:
            action = next(a for a in ACTIONS if a.name == name)
            before = state_of(place)
            await place.pilot.click(KeyBar, offset=(x, 0))
            await place.settle()
            assert state_of(place) != before, name
            while len(place.app.screen_stack) > 2 or place.app.screen is not place.app.work:
                await place.press("escape")
            x += len(bar._key(action)) + len(hint) + 3


async def test_a_click_on_the_row_of_keys_gives_no_answer_of_its_own() -> None:
    async with hall("01-what-a-network-does") as place:
        await place.press("n")
        await place.pilot.click(KeyBar, offset=(2, 0))
        await place.settle()
        assert place.app.work.story.answered is None
        assert "so does a click on the choice" in place.text


def test_keys_have_names_without_unicode() -> None:
    assert (key_name("f5"), key_name("f12", unicode=False)) == ("F5", "F12")
    for action in ACTIONS:
        for key in action.keys:
            assert key_name(key, unicode=False).isascii()


@pytest.mark.parametrize(
    "key", ["j", "k", "down", "up", "end", "home", "pagedown", "pageup", "2", "9", "o", "question_mark", "T"]
)
async def test_every_key_of_the_list_does_something(key: str) -> None:
    async with hall(None) as place:
        if key in ("k", "up", "home", "pageup"):
            await place.press("end")
        before = (place.text, place.app.screen, place.app.look)
        await place.press(key)
        assert (place.text, place.app.screen, place.app.look) != before
