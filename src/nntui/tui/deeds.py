"""What actions do that are more than one command: each a function of the work screen and the key that was pressed.

Those that open a dialog stand in dialogs.py, which is imported once the first picture stands.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from nntui import messages as m
from nntui.text import clean
from nntui.tui import confined
from nntui.tui.actions import FINE, MUCH, TURN
from nntui.tui.board import RACES
from nntui.tui.look import THEMES

if TYPE_CHECKING:
    from nntui.tui.screens.work import WorkScreen

Deed = Callable[["WorkScreen", str], None]
DEEDS: dict[str, Deed] = {}

FEW_DIGITS = 5


def deed(function: Deed) -> Deed:
    """Enter a function into the table under its own name."""
    DEEDS[function.__name__.removesuffix("_")] = function
    return function


# ---------------------------------------------------------------- the lesson


@deed
def answer(screen: WorkScreen, key: str) -> None:
    """Answer the question."""
    if screen.story.question is None:
        screen.say("There is no question open here.")
    else:
        screen.app.link.send(m.Answer(int(key)))


@deed
def come_back(screen: WorkScreen, key: str) -> None:
    """Leave the pane that has the keys; then return to the lesson."""
    if screen.pane is not None:
        screen.focus_pane(None)
    elif screen.story.beat is not None and screen.status is not None and screen.status.detoured:
        screen.app.link.send(m.Return())


# ---------------------------------------------------------------- stepping


@deed
def breakpoint_(screen: WorkScreen, key: str) -> None:
    """Set or clear a breakpoint at the cursor."""
    screen.app.link.send(m.Break(screen.panes.code.cursor_line()))


@deed
def run_to_cursor(screen: WorkScreen, key: str) -> None:
    """Run to the line of the cursor."""
    screen.app.link.send(m.Until(screen.panes.code.cursor_line()))


@deed
def accuse(screen: WorkScreen, key: str) -> None:
    """Accuse the line at the cursor, or the one that will be about to run when all that was sent is obeyed."""
    if str(screen.now("walking")).startswith("bug"):
        screen.app.link.send(m.Accuse(screen.panes.code.cursor or 0))
    else:
        screen.say("There is no bug to be found in this code; :walk bug 1 goes to a room with one.")


@deed
def walk(screen: WorkScreen, key: str) -> None:
    """Walk the other call."""
    screen.app.link.send(m.Walk("predict" if screen.now("walking") == "training" else "training"))


# ---------------------------------------------------------------- training


@deed
def run(screen: WorkScreen, key: str) -> None:
    """Train until pressed again."""
    screen.app.link.send(m.Stop() if screen.now("running") else m.Run(m.MOST_STEPS))


# ---------------------------------------------------------------- one weight


def _turn(screen: WorkScreen, amount: float) -> None:
    """Turn what the pane in hand turns, else the selected weight; before weights are known, step instead."""
    turned = screen.pane_in_hand.turn(amount) if screen.pane_in_hand is not None else None
    if turned is not None:
        screen.app.link.send(turned)
        return
    address = selected(screen)
    if screen.story.knows_weights and address:
        screen.app.link.send(m.Twist(address, amount))
    elif not screen.story.knows_weights:
        screen.app.link.send(m.Step(1, "line") if amount > 0 else m.Back(1, "line"))


def selected(screen: WorkScreen) -> str:
    """The address of the selected weight."""
    twist = screen.sections.get("twist")
    return str(screen.expected.get("pointed", twist.address if isinstance(twist, m.TwistView) else ""))


DEEDS["turn_up"] = lambda screen, key: _turn(screen, TURN)
DEEDS["turn_down"] = lambda screen, key: _turn(screen, -TURN)
DEEDS["much_up"] = lambda screen, key: _turn(screen, MUCH)
DEEDS["much_down"] = lambda screen, key: _turn(screen, -MUCH)
DEEDS["fine_up"] = lambda screen, key: _turn(screen, FINE)
DEEDS["fine_down"] = lambda screen, key: _turn(screen, -FINE)


def _select(screen: WorkScreen, delta: int) -> None:
    """Select the next weight along the network; in the first minute, move the cursor in the code."""
    diagram = screen.sections.get("diagram")
    if not screen.story.knows_weights:
        screen.panes.code.arrow("down" if delta > 0 else "up", False)
    elif isinstance(diagram, m.DiagramView):
        from nntui.tui.panes.network_scene import walk as walk_network

        pointed = screen.expected.get("pointed", diagram.pointed)
        address = walk_network(msgspec.structs.replace(diagram, pointed=pointed), delta)
        if address:
            screen.app.link.send(m.Point(address))


DEEDS["select_next"] = lambda screen, key: _select(screen, 1)
DEEDS["select_previous"] = lambda screen, key: _select(screen, -1)


# ---------------------------------------------------------------- looking


def _look_at_sample(screen: WorkScreen, delta: int) -> None:
    samples = screen.status.samples if screen.status is not None else 0
    if samples:
        number = max(0, screen.now("sample_number") + delta)  # from a typed input, -1, to the first
        split = screen.status.split if screen.status is not None else "train"
        screen.app.link.send(m.ChooseSample(min(number, samples - 1), split))


DEEDS["next_sample"] = lambda screen, key: _look_at_sample(screen, 1)
DEEDS["previous_sample"] = lambda screen, key: _look_at_sample(screen, -1)


@deed
def scale(screen: WorkScreen, key: str) -> None:
    """Linear or logarithmic."""
    screen.panes.loss.toggle_scale()
    screen.panes.loss.redraw()
    screen.say(f"The loss is drawn on a {'logarithmic' if screen.panes.loss.logarithmic else 'linear'} scale.")


@deed
def axis(screen: WorkScreen, key: str) -> None:
    """The next axis of the plot."""
    order = {"steps": m.Axis("predictions"), "predictions": m.Axis("seconds"), "seconds": m.Axis("steps")}
    screen.app.link.send(order[screen.now("axis") or "steps"])


@deed
def digits(screen: WorkScreen, key: str) -> None:
    """All digits, or a few."""
    voice = screen.app.voice
    screen.app.change_voice(replace(voice, digits=FEW_DIGITS if not voice.digits else 0))


@deed
def copy(screen: WorkScreen, key: str) -> None:
    """Copy the value at hand: of the pane that has the keys, or the selected weight's."""
    pane = screen.pane_in_hand or screen.panes.twist
    if pane is screen.panes.twist:
        screen.panes.twist.view = screen.sections.get("twist")
    text = pane.value_at_hand()
    if text:
        screen.app.copy_to_clipboard(text)
        screen.say(f"Copied: {text}")
    else:
        screen.say("There is no value at hand; tab goes to another pane.")


# ---------------------------------------------------------------- the screen


def _focus_next(screen: WorkScreen, delta: int) -> None:
    panes = screen.board.shown
    if not panes:
        return
    at = panes.index(screen.pane) if screen.pane in panes else (-1 if delta > 0 else len(panes))
    place = at + delta
    zoomed = screen.board.zoomed
    if zoomed:
        kinds = [kind for kind in screen.board.panes if kind in screen.board.reached]
        screen.board.zoomed = kinds[(kinds.index(zoomed) + delta) % len(kinds)]
        screen.lay_out()
        screen.focus_pane(screen.board.panes[screen.board.zoomed])
    else:
        screen.focus_pane(panes[place] if 0 <= place < len(panes) else None)


DEEDS["next_pane"] = lambda screen, key: _focus_next(screen, 1)
DEEDS["previous_pane"] = lambda screen, key: _focus_next(screen, -1)


@deed
def zoom(screen: WorkScreen, key: str) -> None:
    """Let the pane that has the keys fill the screen."""
    pane = screen.pane or (screen.board.shown[0] if screen.board.shown else None)
    if pane is not None:
        screen.board.zoomed = "" if screen.board.zoomed else pane.kind
        screen.lay_out()


@deed
def arrangement(screen: WorkScreen, key: str) -> None:
    """Change between explaining, training and racing; in free play the race can always be had."""
    board = screen.board
    board.zoomed = ""
    there = board.next_arrangement(screen.story.free)
    if there == board.arrangement:
        screen.say("There is no other arrangement here; z lets one pane fill the screen.")
    elif there == "race" and not set(RACES) & set(board.reached):
        screen.bring("ladder", "race")
        screen.after_facts()
    board.arrangement = there
    if screen.pane is not None and screen.pane not in screen.board.shown:
        screen.focus_pane(None)
    screen.lay_out()


@deed
def theme(screen: WorkScreen, key: str) -> None:
    """The next theme."""
    names = list(THEMES)
    name = names[(names.index(screen.app.look.colours.name) + 1) % len(names)]
    screen.app.change_theme(name)
    screen.say(f"Theme: {name}.")


@deed
def blank(screen: WorkScreen, key: str) -> None:
    """Blank the screen."""
    screen.app.curtain.set(True)


@deed
def screenshot(screen: WorkScreen, key: str) -> None:
    """Save the screen as a picture."""
    now = time.strftime("nntui-%Y%m%d-%H%M%S")
    path = next(path for n in range(1000) if not (path := Path(f"{now}{f'-{n}' if n else ''}.svg")).exists())
    try:
        confined.check_write(path)
        path.write_text(screen.app.export_screenshot(title="nntui"), encoding="utf-8")
    except confined.ConfinedError as error:
        screen.say(str(error), "bad")
    except OSError as error:
        screen.say(f"{path} cannot be written: {error.strerror}.", "bad")
    else:
        screen.say(f"Saved as {clean(str(path if confined.room() else path.absolute()))}.", "good")
        screen.app.hand_over(path)


@deed
def restart(screen: WorkScreen, key: str) -> None:
    """Start the engine anew."""
    screen.say("Starting the engine anew.")
    screen.app.link.restart()


@deed
def suspend(screen: WorkScreen, key: str) -> None:
    """Leave the terminal to the shell for a while."""
    screen.app.action_suspend_process()


DEEDS["lessons"] = lambda screen, key: screen.app.show_lessons()
DEEDS["palette"] = lambda screen, key: screen.app.action_command_palette()
DEEDS["quit"] = lambda screen, key: screen.app.exit()
