"""What actions do that are more than one command: each a function of the work screen and the key that was pressed."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from nntui import messages as m
from nntui import words
from nntui.scenario import keep, library
from nntui.sentences.answers import AnswerTeller
from nntui.text import clean
from nntui.tui.actions import FINE, TURN, grouped, keys_of
from nntui.tui.look import THEMES
from nntui.tui.panes.network_scene import walk as walk_network

if TYPE_CHECKING:
    from nntui.tui.screens.work import WorkScreen

Deed = Callable[["WorkScreen", str], None]
DEEDS: dict[str, Deed] = {}

FEW_DIGITS = 5
LONG_ANSWER = 2  # lines, from which on an answer gets a dialog of its own


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
    screen.app.link.send(m.Break(screen.code.cursor_line()))


@deed
def run_to_cursor(screen: WorkScreen, key: str) -> None:
    """Run to the line of the cursor."""
    screen.app.link.send(m.Until(screen.code.cursor_line()))


@deed
def walk(screen: WorkScreen, key: str) -> None:
    """Walk the other call."""
    training = screen.status is not None and screen.status.walking == "training"
    screen.app.link.send(m.Walk("predict" if training else "training"))


# ---------------------------------------------------------------- training


@deed
def run(screen: WorkScreen, key: str) -> None:
    """Train until pressed again."""
    running = screen.status is not None and screen.status.running
    screen.app.link.send(m.Stop() if running else m.Run(m.MOST_STEPS))


@deed
def goto(screen: WorkScreen, key: str) -> None:
    """Ask for a step to go to."""
    status = screen.status
    furthest = f"0 to {status.furthest:,} are known" if status is not None else ""

    def go(text: str | None) -> None:
        if text:
            say_words(screen, f"goto {text}")

    _prompt(screen, "Go to step", "", f"a number; {furthest}", go, check=lambda text: _wrong(f"goto {text}"))


# ---------------------------------------------------------------- one weight


def _turn(screen: WorkScreen, amount: float) -> None:
    """Turn the selected weight, where there is one to be seen; in the first minute, step instead."""
    address = selected(screen)
    if screen.story.knows_weights and address:
        screen.app.link.send(m.Twist(address, amount))
    elif not screen.story.knows_weights:
        screen.app.link.send(m.Step(1, "line") if amount > 0 else m.Back(1, "line"))


def selected(screen: WorkScreen) -> str:
    """The address of the selected weight."""
    twist = screen.sections.get("twist")
    return twist.address if isinstance(twist, m.TwistView) else ""


DEEDS["turn_up"] = lambda screen, key: _turn(screen, TURN)
DEEDS["turn_down"] = lambda screen, key: _turn(screen, -TURN)
DEEDS["fine_up"] = lambda screen, key: _turn(screen, FINE)
DEEDS["fine_down"] = lambda screen, key: _turn(screen, -FINE)


def _select(screen: WorkScreen, delta: int) -> None:
    """Select the next weight along the network; in the first minute, move the cursor in the code."""
    diagram = screen.sections.get("diagram")
    if not screen.story.knows_weights:
        screen.code.arrow("down" if delta > 0 else "up", False)
    elif isinstance(diagram, m.DiagramView):
        address = walk_network(diagram, delta)
        if address:
            screen.app.link.send(m.Point(address))


DEEDS["select_next"] = lambda screen, key: _select(screen, 1)
DEEDS["select_previous"] = lambda screen, key: _select(screen, -1)


@deed
def set_value(screen: WorkScreen, key: str) -> None:
    """Ask for a value of the selected weight."""
    twist = screen.sections.get("twist")
    if not isinstance(twist, m.TwistView):
        return
    address = twist.address

    def give(text: str | None) -> None:
        if text:
            say_words(screen, f"set {address} {text}")

    _prompt(screen, f"{address} =", repr(twist.value), "any number", give, check=lambda t: _wrong(f"set {address} {t}"))


# ---------------------------------------------------------------- looking


@deed
def why(screen: WorkScreen, key: str) -> None:
    """Open the number at hand."""
    ask_why(screen, screen.pane.number_at_hand() if screen.pane is not None else "")


@deed
def ask_why(screen: WorkScreen, name: str) -> None:
    """Ask why a number is what it is, and show the answer in a dialog that asks on."""
    from nntui.tui.screens.why import WhyDialog

    dialog: list[WhyDialog] = []

    def show(result: m.Result) -> None:
        if not isinstance(result, m.Why | m.Refused):
            return
        if dialog:
            dialog[0].show(result)
        elif isinstance(result, m.Refused):
            screen.say(result.sentence, "bad")
        else:
            dialog.append(WhyDialog(result, lambda name: screen.app.link.ask(m.AskWhy(name), show)))
            screen.app.push_screen(dialog[0])

    screen.app.link.ask(m.AskWhy(name), show)


DEEDS["why_output"] = lambda screen, key: ask_why(screen, "output")
DEEDS["why_loss"] = lambda screen, key: ask_why(screen, "loss")


def _look_at_sample(screen: WorkScreen, delta: int) -> None:
    status = screen.status
    number = status.sample.removeprefix("sample ") if status is not None else ""
    if number.isdigit():
        screen.app.link.send(m.ChooseSample(max(0, int(number) + delta)))
    else:
        screen.app.link.send(m.ChooseSample(0))


DEEDS["next_sample"] = lambda screen, key: _look_at_sample(screen, 1)
DEEDS["previous_sample"] = lambda screen, key: _look_at_sample(screen, -1)


@deed
def scale(screen: WorkScreen, key: str) -> None:
    """Linear or logarithmic."""
    screen.loss.toggle_scale()
    screen.loss.redraw()


@deed
def digits(screen: WorkScreen, key: str) -> None:
    """All digits, or a few."""
    voice = screen.app.voice
    screen.app.change_voice(replace(voice, digits=FEW_DIGITS if not voice.digits else 0))


@deed
def copy(screen: WorkScreen, key: str) -> None:
    """Copy the value at hand: of the pane that has the keys, or the selected weight's."""
    pane = screen.pane or screen.twist
    if pane is screen.twist:
        screen.twist.view = screen.sections.get("twist")
    text = pane.value_at_hand()
    if text:
        screen.app.copy_to_clipboard(text)
        screen.say(f"Copied: {text}")
    else:
        screen.say("There is no value at hand; tab goes to another pane.")


@deed
def summary(screen: WorkScreen, key: str) -> None:
    """Tell what this is."""
    _ask_and_tell(screen, m.AskSummary(), "summary")


def _ask_and_tell(screen: WorkScreen, query: m.Query, title: str) -> None:
    """Ask, and show the answer in sentences."""
    from nntui.tui.screens.help import HelpOverlay

    def show(result: m.Result) -> None:
        teller = AnswerTeller()
        teller.knows_loss = screen.story.knows_loss
        lines = teller.tell(result, screen.app.voice)
        if len(lines) <= LONG_ANSWER:
            screen.say(" ".join(lines), "bad" if isinstance(result, m.Refused) else "plain")
        else:
            screen.app.push_screen(HelpOverlay([("", [("", line) for line in lines])], title=title))

    screen.app.link.ask(query, show)


# ---------------------------------------------------------------- changing


@deed
def settings(screen: WorkScreen, key: str) -> None:
    """Open the settings."""
    from nntui.tui.screens.settings import SettingsDialog

    dialog: list[SettingsDialog] = []

    def show(result: m.Result) -> None:
        if isinstance(result, m.Refused):
            screen.say(result.sentence, "bad")
        elif isinstance(result, m.SettingsView) and dialog:
            told = screen.story.latest
            dialog[0].show(result, told[-1][0] if told else "", wrong=bool(told) and told[-1][1] == "bad")
        elif isinstance(result, m.SettingsView):
            dialog.append(SettingsDialog(result, change))
            screen.app.push_screen(dialog[0])

    def change(line: str) -> None:
        say_words(screen, line)
        screen.app.link.ask(m.AskView("settings"), show)

    screen.app.link.ask(m.AskView("settings"), show)


@deed
def save(screen: WorkScreen, key: str) -> None:
    """Ask for a file, and save."""
    opened = screen.story.opened
    name = f"my-{opened.name.removesuffix('.toml')}.toml" if opened is not None else "mine.toml"

    def write(text: str | None) -> None:
        if text:
            save_as(screen, text)

    _prompt(screen, "Save as", name, "a file that ends in .toml", write, check=_not_a_target)


def save_as(screen: WorkScreen, text: str) -> None:
    """Save what is on the screen."""

    def keep_it(result: m.Result) -> None:
        if not isinstance(result, m.ScenarioText):
            screen.say(result.sentence if isinstance(result, m.Refused) else "This cannot be saved.", "bad")
            return
        try:
            path = keep.target(text)
            keep.keep(path, result.text)
        except ValueError as error:
            screen.say(str(error), "bad")
            return
        screen.say(f"Saved as {clean(str(path))}; nntui {clean(str(path))} opens it again exactly here.", "good")
        screen.app.remember(path)

    screen.app.link.ask(m.AskScenario(), keep_it)


def _not_a_target(text: str) -> str:
    try:
        keep.target(text)
    except ValueError as error:
        return str(error)
    return ""


@deed
def command_line(screen: WorkScreen, key: str) -> None:
    """Let words be typed."""
    start = key if key.endswith(" ") else ""
    names = list(words.TABLE)

    def obey(text: str | None) -> None:
        if text:
            screen.typed.append(text)
            say_words(screen, text)

    _prompt(screen, ":", start, "the words of nntui plain", obey, check=_wrong, candidates=names, hint_for=_usage,
            history=screen.typed)  # fmt: skip


def _usage(text: str) -> str:
    word = words.TABLE.get(text.split(" ")[0].lower()) if text else None
    return f"{word.usage}: {word.help}" if word is not None else ""


def _wrong(text: str) -> str:
    """What is wrong with a line of words; empty where nothing is."""
    try:
        words.parse(text)
    except words.WordError as error:
        return str(error)
    return ""


def say_words(screen: WorkScreen, text: str) -> None:
    """Do what a line of words says."""
    try:
        meaning = words.parse(text)
    except words.WordError as error:
        screen.say(str(error), "bad")
        return
    if isinstance(meaning, words.Own):
        _own(screen, meaning)
    elif isinstance(meaning, words.COMMANDS):
        screen.app.link.send(meaning)  # type: ignore[arg-type]
    elif isinstance(meaning, m.AskWhy):
        ask_why(screen, meaning.value)
    else:
        _ask_and_tell(screen, meaning, text)  # type: ignore[arg-type]


def _own(screen: WorkScreen, own: words.Own) -> None:
    """The words that concern the front end."""
    app = screen.app
    if own.word == "quit":
        app.exit()
    elif own.word == "open":
        try:
            app.open(library.find(own.rest))
        except ValueError as error:
            screen.say(str(error), "bad")
    elif own.word == "save":
        save_as(screen, own.rest)
    elif own.word == "digits":
        try:
            app.change_voice(app.voice.with_digits(own.rest))
        except ValueError as error:
            screen.say(str(error), "bad")
    elif own.word == "help":
        show_help(screen)
    else:
        screen.say(f"{own.word} is a word of nntui plain; the screen shows it all at once.")


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
    """Change between explaining and training."""
    before = screen.board.shown
    screen.board.arrangement = "train" if screen.board.arrangement == "explain" else "explain"
    if screen.board.shown == before:
        screen.say("There is no other arrangement of these panes; z lets one of them fill the screen.")
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
    from nntui.tui.screens.blank import Blank

    screen.app.push_screen(Blank())


@deed
def screenshot(screen: WorkScreen, key: str) -> None:
    """Save the screen as a picture."""
    path = Path(time.strftime("nntui-%Y%m%d-%H%M%S.svg"))
    try:
        path.write_text(screen.app.export_screenshot(title="nntui"), encoding="utf-8")
    except OSError as error:
        screen.say(f"{path} cannot be written: {error.strerror}.", "bad")
    else:
        screen.say(f"Saved as {path}.", "good")


@deed
def restart(screen: WorkScreen, key: str) -> None:
    """Start the engine anew."""
    screen.say("Starting the engine anew.")
    screen.app.link.restart()


DEEDS["lessons"] = lambda screen, key: screen.app.show_lessons()
DEEDS["palette"] = lambda screen, key: screen.app.action_command_palette()


def show_help(screen: WorkScreen) -> None:
    """Show all keys."""
    from nntui.tui.screens.help import HelpOverlay

    unicode = screen.app.look.shapes.unicode
    groups = [(title, [(keys_of(action, unicode), action.help) for action in actions]) for title, actions in grouped()]
    screen.app.push_screen(HelpOverlay(groups))


DEEDS["help"] = lambda screen, key: show_help(screen)
DEEDS["quit"] = lambda screen, key: screen.app.exit()


def _prompt(
    screen: WorkScreen, title: str, text: str, hint: str, done: Callable[[str | None], None], **options: object
) -> None:
    from nntui.tui.screens.prompt import Prompt

    screen.app.push_screen(Prompt(title, text, hint=hint, **options), done)  # type: ignore[arg-type]
