"""The deeds that ask: each opens a dialog or a line to type on, and sends what comes of it.

An answer of the engine may come when the person has gone on to something else: then its dialog is not opened.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from nntui import messages as m
from nntui import words
from nntui.scenario import keep, library
from nntui.sentences.answers import AnswerTeller
from nntui.text import clean
from nntui.tui import graph_deeds, ladder_deeds, player_deeds, presenting, slope_deeds  # noqa: F401 - more deeds
from nntui.tui.actions import grouped, keys_of
from nntui.tui.board import PICTURES, RACES, SUBJECTS
from nntui.tui.confined import check_open, check_write
from nntui.tui.deeds import DEEDS, deed
from nntui.words.results import race_with

if TYPE_CHECKING:
    from textual.screen import Screen

    from nntui.tui.screens.work import WorkScreen

MOUSE = (
    ("click", "A weight, neuron or node selects it; a line's number sets a breakpoint; a place in the loss plot goes "
     "to that step; a place in the picture asks the network there; one in the landscape sets both weights; a choice "
     "answers; a place on a recording's timeline goes there; a key in the last row does what it does."),
    ("wheel", "Over the knob it turns the weight, with shift a little, and over a leaf of the graph the leaf; over the "
     "code it moves the cursor; over the landscape it goes nearer, or shows more."),
)  # fmt: skip
LONG_ANSWER = 2  # lines, from which on an answer gets a dialog of its own


def _open(screen: WorkScreen, dialog: Screen[None]) -> None:
    """Open a dialog, if the person still looks at the lesson."""
    if screen.app.screen is screen:
        screen.app.push_screen(dialog)


# ---------------------------------------------------------------- why


@deed
def why(screen: WorkScreen, key: str) -> None:
    """Open the number at hand; or what Enter means in the pane that has the keys."""
    entered = screen.pane.entered() if screen.pane is not None else None
    if entered is not None:
        screen.app.link.send(entered)
        return
    ask_why(screen, screen.pane_in_hand.number_at_hand() if screen.pane_in_hand is not None else "")


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
            _open(screen, dialog[0])

    screen.app.link.ask(m.AskWhy(name), show)


DEEDS["why_output"] = lambda screen, key: ask_why(screen, "output")
DEEDS["why_loss"] = lambda screen, key: ask_why(screen, "loss")


# ---------------------------------------------------------------- values and steps to be typed


@deed
def set_value(screen: WorkScreen, key: str) -> None:
    """Ask for a value of what the pane in hand sets, else of the selected weight."""
    twist = screen.sections.get("twist")
    at_hand = screen.pane_in_hand.to_be_set() if screen.pane_in_hand is not None else None
    if at_hand is None and isinstance(twist, m.TwistView):
        at_hand = twist.address, twist.value
    if at_hand is None:
        return
    address, value = at_hand

    def give(text: str | None) -> None:
        if text:
            say_words(screen, f"set {address} {text}")

    prompt(screen, f"{address} =", repr(value), "any number", give,
            replaces=True,
            check=lambda text: wrong_words(f"set {address} {text}").replace("the last word", "a value"))  # fmt: skip


@deed
def goto(screen: WorkScreen, key: str) -> None:
    """Ask for a step to go to."""
    status = screen.status
    furthest = f"0 to {status.furthest:,} are known" if status is not None else ""

    def go(text: str | None) -> None:
        if text:
            say_words(screen, f"goto {text}")

    prompt(screen, "Go to step", "", f"a number; {furthest}", go, check=lambda text: wrong_words(f"goto {text}"))


def _ask_race(screen: WorkScreen, word: str, usual: str, title: str, hint: str) -> None:
    """Ask for how long which rungs race; Enter alone begins the usual race."""

    def begin(text: str | None) -> None:
        if text is not None:
            say_words(screen, f"{word} {text}".strip())

    prompt(screen, title, usual, hint, begin, replaces=True, check=lambda text: wrong_words(f"{word} {text}"))


DEEDS["race"] = lambda screen, key: _ask_race(
    screen, "race", f"{m.Race().seconds:g}", "Race", "seconds of each; then rungs, 32,64 if you like: 1 loops,numpy 32"
)
DEEDS["widths"] = lambda screen, key: _ask_race(
    screen, "widths", f"{m.RaceWidths().seconds:g}", "Race over widths", "seconds of each rung at each width"
)


# ---------------------------------------------------------------- telling


@deed
def messages(screen: WorkScreen, key: str) -> None:
    """Show all that was told, the newest first; last what the beat says and asks, which may not have had room."""
    from nntui.tui.screens.help import HelpOverlay

    beat, question = screen.story.beat, screen.story.question
    told = [("", sentence) for sentence, _ in reversed(screen.story.told)]
    told += [("", question.question)] if question is not None else []
    told += [("", " ".join(beat.say.split()))] if beat is not None else []
    rows = told or [("", "Nothing has been told yet.")]
    _open(screen, HelpOverlay([("", rows)], title="told, the newest first"))


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
            _open(screen, HelpOverlay([("", [("", line) for line in lines])], title=title))

    screen.app.link.ask(query, show)


def show_help(screen: WorkScreen) -> None:
    """Show all keys."""
    from nntui.tui.screens.help import HelpOverlay

    unicode = screen.app.look.shapes.unicode
    groups = [
        (title, [(keys_of(action, unicode), action.help) for action in actions])
        for title, actions in grouped(screen.playback.moving)
    ]
    screen.app.push_screen(HelpOverlay([*groups, ("The mouse", list(MOUSE))]))


def show_words(screen: WorkScreen, word: str) -> None:
    """Show the words that can be typed, or one of them."""
    from nntui.tui.screens.help import HelpOverlay

    rows = [words.TABLE[word]] if word in words.TABLE else [w for w in words.TABLE.values() if w.group != "speak"]
    _open(screen, HelpOverlay([("Words to type after :", [(row.usage, row.help) for row in rows])], title="words"))


DEEDS["help"] = lambda screen, key: show_help(screen)


# ---------------------------------------------------------------- changing


@deed
def settings(screen: WorkScreen, key: str) -> None:
    """Open the settings."""
    from nntui.tui.screens.settings import SettingsDialog

    dialog: list[SettingsDialog] = []

    def show(result: m.Result) -> None:
        if isinstance(result, m.Refused):
            screen.say(result.sentence, "bad")
            if dialog:
                dialog[0].show(m.SettingsView(dialog[0].settings), result.sentence, wrong=True)
        elif isinstance(result, m.SettingsView) and dialog:
            told = screen.story.latest
            dialog[0].show(result, told[-1][0] if told else "", wrong=bool(told) and told[-1][1] == "bad")
        elif isinstance(result, m.SettingsView):
            dialog.append(SettingsDialog(result, change))
            _open(screen, dialog[0])

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

    prompt(screen, "Save as", name, "a file that ends in .toml", write, replaces=True, check=_not_a_target)


def save_as(screen: WorkScreen, text: str) -> None:
    """Save what is on the screen."""

    def keep_it(result: m.Result) -> None:
        if not isinstance(result, m.ScenarioText):
            screen.say(result.sentence if isinstance(result, m.Refused) else "This cannot be saved.", "bad")
            return
        try:
            path = _target(text)
            keep.keep(path, result.text)
        except ValueError as error:
            screen.say(str(error), "bad")
            return
        screen.say(f"Saved as {clean(str(path))}; nntui {clean(str(path))} opens it again exactly here.", "good")
        screen.app.remember(path)
        screen.app.hand_over(path)

    screen.app.link.ask(m.AskScenario(), keep_it)


def _target(text: str) -> Path:
    """The new file that a text names; ValueError says why it cannot be written."""
    check_write(Path(text.strip()))
    return keep.target(text)


def _not_a_target(text: str) -> str:
    try:
        _target(text)
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

    prompt(screen, ":", start, "the words of nntui plain", obey, check=wrong_words, candidates=names, hint_for=_usage,
            history=screen.typed)  # fmt: skip


def _usage(text: str) -> str:
    word = words.TABLE.get(text.split(" ")[0].lower()) if text else None
    return f"{word.usage}: {word.help}" if word is not None else ""


def wrong_words(text: str) -> str:
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
        if isinstance(meaning, m.RaceWidths):  # told of only when the first width is done
            screen.bring("widths")
            screen.after_facts()
        screen.app.link.send(meaning)  # type: ignore[arg-type]
    elif isinstance(meaning, m.AskWhy):
        ask_why(screen, meaning.value)
    elif isinstance(meaning, m.AskView) and meaning.view in (*SUBJECTS[1:], *PICTURES[1:], *RACES):
        screen.bring(meaning.view)  # the pane shows all there is
        screen.after_facts()
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
    elif own.word == "race with":
        try:
            check_open(Path(own.rest))
            app.link.send(race_with(own.rest))
        except ValueError as error:
            screen.say(str(error), "bad")
    elif own.word == "digits":
        try:
            app.change_voice(app.voice.with_digits(own.rest))
        except ValueError as error:
            screen.say(str(error), "bad")
    elif own.word == "help":
        show_words(screen, own.rest.split(" ")[0].lower())
    else:
        screen.say(f"{own.word} concerns sentences; it is for nntui plain.")


def prompt(
    screen: WorkScreen, title: str, text: str, hint: str, done: Callable[[str | None], None], **options: object
) -> None:
    """Ask for one line to be typed."""
    from nntui.tui.screens.prompt import Prompt

    screen.app.push_screen(Prompt(title, text, hint=hint, **options), done)  # type: ignore[arg-type]
