"""What actions do while a recording is played: move along it, branch off; and how a moment is marked."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from nntui import messages as m
from nntui.tui.deeds import DEEDS, Deed, deed
from nntui.tui.playback import JUMP, LITTLE, NONE_PLAYED, NOT_LIVE, Playback

if TYPE_CHECKING:
    from nntui.tui.screens.work import WorkScreen


def _sends(command: Callable[[Playback, str], m.Command]) -> Deed:
    """Send this, where a recording is played."""

    def deed_of_player(screen: WorkScreen, key: str) -> None:
        if screen.playback.moving:
            screen.app.link.send(command(screen.playback, key))
        else:
            screen.say("This is a branch: B goes back to the recording." if screen.playback.live else NONE_PLAYED)

    return deed_of_player


def _seek_by(seconds: float) -> Deed:
    return _sends(lambda play, key: play.by(seconds))


DEEDS["seek_on"], DEEDS["seek_back"] = _seek_by(JUMP), _seek_by(-JUMP)
DEEDS["little_on"], DEEDS["little_back"] = _seek_by(LITTLE), _seek_by(-LITTLE)
DEEDS["play_pause"] = _sends(lambda play, key: play.toggled())
DEEDS["faster"] = _sends(lambda play, key: play.faster(1))
DEEDS["slower"] = _sends(lambda play, key: play.faster(-1))
DEEDS["next_mark"] = _sends(lambda play, key: m.Seek("next"))
DEEDS["last_mark"] = _sends(lambda play, key: m.Seek("last"))
DEEDS["seek_start"] = _sends(lambda play, key: m.Seek("percent", 0.0))
DEEDS["seek_end"] = _sends(lambda play, key: m.Seek("percent", 100.0))
DEEDS["seek_percent"] = _sends(lambda play, key: m.Seek("percent", 10.0 * int(key)))


@deed
def branch(screen: WorkScreen, key: str) -> None:
    """Go on alone from here; in a branch, back to the recording."""
    if screen.playback.live:
        screen.app.link.send(m.Rejoin())
    elif screen.playback.moving:
        screen.app.link.send(m.Branch())
    else:
        screen.say(NONE_PLAYED)


@deed
def mark(screen: WorkScreen, key: str) -> None:
    """Ask for the name of a mark; one is proposed."""
    from nntui.tui.dialogs import prompt, say_words, wrong_words

    if screen.playback.moving:
        screen.say(NOT_LIVE)
        return
    status = screen.status
    beat = f"beat {status.beat}, " if status is not None and status.beat else ""
    proposed = f"{beat}step {status.step:,}" if status is not None else "here"

    def give(text: str | None) -> None:
        if text is not None and text.strip():
            say_words(screen, f"mark {text.strip()}")

    hint = "a name, to find this moment again in the recording"
    if screen.playback.lost:
        hint = f"this is not recorded any more: {screen.playback.lost}"
    prompt(screen, "Mark this moment", proposed, hint, give, replaces=True,
           check=lambda text: wrong_words(f"mark {text.strip()}"))  # fmt: skip
