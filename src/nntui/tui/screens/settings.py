"""The dialog of what can be changed: one row a setting, its value, and what changing it means.

It changes nothing itself: `change` is given a line of words, such as `data circle`, and whoever carries it out calls
`show` with how it is then and what happened. Until then the value asked for stands in the row.
"""

from __future__ import annotations

from collections.abc import Callable

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.screen import ModalScreen

from nntui import messages as m
from nntui import words
from nntui.tui.rows import Piece, Row, folded, shortened
from nntui.tui.screens.drawn import (
    Drawn,
    Key,
    Reading,
    keys_row,
    padded,
    plain,
    scrolled,
    touching,
    with_bar,
    wrong,
)
from nntui.tui.screens.prompt import fit

WIDEST = 84
MOST_TYPED = 200
DETAIL = 4  # rows about the setting that has the cursor
SAID = 2  # rows about what happened

Stepper = Callable[[float, int], float]


def _among(*values: float) -> Stepper:
    """A stepper to the next of these, up or down; at the ends it stays."""

    def step(value: float, way: int) -> float:
        beyond = [other for other in values if (other > value if way > 0 else other < value)]
        return (min(beyond) if way > 0 else max(beyond)) if beyond else value

    return step


STEPS: dict[str, Stepper] = {  # how far an arrow key turns a number
    "size": lambda value, way: value * 2.0**way,
    "batch": lambda value, way: max(1, value * 2 if way > 0 else value // 2),
    "noise": lambda value, way: min(0.5, max(0.0, round(value + 0.05 * way, 4))),
    "shift": lambda value, way: min(m.MOST_SHIFT, max(-m.MOST_SHIFT, value + way)),
    "rate": _among(*(digit * 10.0**power for power in range(-4, 2) for digit in (1, 2, 3, 5)), 100.0),
    "momentum": _among(0.0, 0.5, 0.8, 0.9, 0.95, 0.99),
    "decay": _among(0.0, 1e-5, 1e-4, 1e-3, 0.01, 0.1),
    "seed": lambda value, way: min(2**32 - 1, max(0, value + way)),
}


class SettingsDialog(Reading, ModalScreen[None]):
    """The settings with their cursor, and the value being typed."""

    AUTO_FOCUS = ""
    CSS = "SettingsDialog { align: center middle; background: transparent; }"

    def __init__(self, view: m.SettingsView, change: Callable[[str], None]) -> None:
        super().__init__()
        self.settings = view.settings
        self.change = change
        self.at = 0
        self.typed: str | None = None
        self.asked: dict[str, str] = {}  # values that were asked for and not yet told
        self.said = ""
        self.is_wrong = False
        self.box = Box(self)

    def compose(self) -> ComposeResult:
        """One widget draws it all."""
        yield self.box

    def on_mount(self) -> None:
        """Take the room that is needed."""
        self._fit()

    def on_resize(self) -> None:
        """Take the room that there is."""
        self._fit()

    def _fit(self) -> None:
        width, height = self.app.size
        self.box.styles.width = width if width < 70 else min(WIDEST, width - 4)
        self.box.styles.height = min(height, max(1, len(self.settings)) + DETAIL + SAID + 2 + 2)

    # ------------------------------------------------------------ what is shown

    def show(self, view: m.SettingsView, sentence: str = "", wrong: bool = False) -> None:
        """Show how it is now, and what happened."""
        word = self.settings[self.at].word if self.settings else ""
        self.settings, self.asked = view.settings, {}
        named = [setting.word for setting in view.settings]
        self.at = named.index(word) if word in named else 0
        self._say(sentence, wrong)
        self._fit()

    def value(self, setting: m.Setting) -> str:
        """The value of a setting, or the one asked for."""
        return self.asked.get(setting.word, setting.value)

    def _say(self, sentence: str, wrong: bool = False) -> None:
        self.said, self.is_wrong = sentence, wrong
        self.box.redraw()

    # ------------------------------------------------------------ keys and mouse

    def pressed(self, key: str, character: str | None) -> bool:
        """Choose a row, change its value, type one."""
        moves = {"up": -1, "shift+tab": -1, "down": 1, "tab": 1, "pageup": -5, "pagedown": 5, "home": -999, "end": 999}
        if key in ("enter", "escape", "backspace", "ctrl+u"):
            (self._key_while_typing if self.typed is not None else self._key)(key)
        elif character is not None and self.settings:
            self._type(character)
        elif key in moves:
            self._choose(self.at + moves[key])
        elif key in ("left", "right") and self.typed is None and self.settings:
            self.turn(-1 if key == "left" else 1)
        else:
            return False
        return True

    def _key(self, key: str) -> None:
        if key == "escape":
            self.dismiss(None)
        elif key == "enter" and self.settings:
            setting = self.settings[self.at]
            if setting.choices:
                self.turn(1)
            else:
                self.typed = self.value(setting)
                self._say("")

    def _key_while_typing(self, key: str) -> None:
        typed, self.typed = self.typed or "", None
        if key == "backspace":
            self.typed = typed[:-1]
        elif key == "ctrl+u":
            self.typed = ""
        elif key == "enter" and typed.strip() and not self.ask(typed.strip()):
            self.typed = typed  # to be put right
        self.box.redraw()

    def _type(self, text: str) -> None:
        if self.typed is not None or text.strip():
            self.typed = ((self.typed or "") + text)[:MOST_TYPED]
            self._say("")

    def on_paste(self, event: events.Paste) -> None:
        """What is pasted is typed."""
        event.stop()
        if self.settings:
            self._type(fit(event.text))

    def _choose(self, number: int) -> None:
        self.typed = None
        self.at = max(0, min(number, len(self.settings) - 1))
        self._say("")

    def turn(self, way: int) -> None:
        """Ask for the next choice or number of the row that has the cursor."""
        setting = self.settings[self.at]
        value = turned(setting, self.value(setting), way)
        if value is None:
            self._say("Type a value, then enter.")
        elif value != self.value(setting):
            self.ask(value)

    def ask(self, value: str) -> bool:
        """Ask for a value, if the words allow it."""
        setting = self.settings[self.at]
        line = f"{setting.word} {value}"
        try:
            words.parse(line)
        except words.WordError as error:
            self._say(str(error), wrong=True)
            return False
        self.asked[setting.word] = value
        self._say("")
        self.change(line)
        return True

    def on_drawn_touched(self, touched: Drawn.Touched) -> None:
        """A click on a row, on the signs beside its value, on a choice."""
        touched.stop()
        if touched.what == "choice":
            self.typed = None
            self.ask(self.settings[self.at].choices[touched.number])
            return
        self._choose(touched.number)
        if touched.what in ("left", "right"):
            self.turn(-1 if touched.what == "left" else 1)

    def on_mouse_scroll_up(self) -> None:
        """The wheel, away from the person."""
        self._choose(self.at - 1)

    def on_mouse_scroll_down(self) -> None:
        """The wheel, towards the person."""
        self._choose(self.at + 1)


def turned(setting: m.Setting, value: str, way: int) -> str | None:
    """The choice or number beside a value; None where it can only be typed."""
    if setting.choices:
        if value in setting.choices:
            return setting.choices[(setting.choices.index(value) + way) % len(setting.choices)]
        return setting.choices[0 if way > 0 else -1]
    try:
        return f"{STEPS[setting.word](float(value), way):.10g}"
    except (KeyError, ValueError, OverflowError):
        return None


# ---------------------------------------------------------------- drawing


class Box(Drawn):
    """Draws the dialog."""

    framed = True

    def __init__(self, owner: SettingsDialog) -> None:
        super().__init__()
        self.owner = owner
        self.border_title = "settings"
        self.first = 0
        self.titles = self.values = 0  # columns that they take
        self.says_again = True  # whether there is room to say in each row that it begins again

    def draw(self, width: int, height: int) -> list[Row]:
        """The settings in sight, about the one at hand, what happened, the keys."""
        owner = self.owner
        said = SAID if height >= 14 else 1
        detail = DETAIL if height >= 17 else max(1, min(DETAIL - 1, height - said - 8))
        self._measure(width)
        room = max(1, height - detail - said - 2)
        rows = [self._setting(number, setting, width - 2) for number, setting in enumerate(owner.settings)]
        if not rows:
            rows = [[(" There is nothing to be changed here.", self.ink.muted)]]
        self.first = scrolled(self.first, owner.at, owner.at, room, len(rows))
        seen = with_bar(rows[self.first : self.first + room], self.first, len(rows), self.look, width)
        about = self._about(width - 3)[:detail] if owner.settings else []
        rule: Row = [(self.look.shapes.rule * width, self.ink.line)]
        return [
            *seen,
            *([[]] * (room - len(seen))),
            rule,
            *([(" ", self.ink.text), *row] for row in about),
            *([[]] * (detail - len(about))),
            *self._happened(width - 2, said),
            keys_row(self._keys(), self.look, width),
        ]

    def _measure(self, width: int) -> None:
        """Find the columns of the titles and the values."""
        settings = self.owner.settings
        titles = max((cell_len(setting.title) for setting in settings), default=1)
        values = max((cell_len(self.owner.value(setting)) for setting in settings), default=1)
        self.titles, self.values = min(titles, width // 3), min(max(8, values), max(8, width // 4))
        self.says_again = self.titles + self.values + 34 <= width

    def _keys(self) -> list[Key]:
        if self.owner.typed is not None:
            return [Key("enter", "take the value", "enter"), Key("esc", "leave it as it was", "escape")]
        return [
            Key("↑↓", "setting", "down"),
            Key("←→", "change", "right"),
            Key("enter", "choose", "enter", rank=1),
            Key("0–9 a–z", "type a value", "enter", rank=2),
            Key("esc", "close", "escape"),
        ]

    def _setting(self, number: int, setting: m.Setting, width: int) -> Row:
        """One row: mark, title, value between its signs, and whether changing it begins again."""
        chosen, owner, ink = number == self.owner.at, self.owner, self.ink
        titles, values = self.titles, self.values
        mark = self.look.shapes.about_to_run if chosen else " "
        title = padded(shortened(setting.title, titles, self.look.shapes.ellipsis), titles + 2)
        row: Row = [
            (f" {mark} ", touching(ink.accent, "row", number)),
            (title, touching(ink.strong if chosen else ink.text, "row", number)),
        ]
        if chosen and owner.typed is not None:
            room = width - titles - 7
            return [*row, ("  ", ink.text), (self._end_of(owner.typed, room), ink.lit), ("_", ink.accent)]
        value = shortened(owner.value(setting), values, self.look.shapes.ellipsis)
        row += self._value(number, setting, value, chosen)
        again = " begins again at step 0" if self.says_again else " from step 0"
        if setting.restarts:
            gap = " " * max(1, values - cell_len(value) + 2)
            row += [(gap, touching(ink.text, "row", number)), (again, touching(ink.muted, "row", number))]
        return row

    def _value(self, number: int, setting: m.Setting, value: str, chosen: bool) -> Row:
        ink = self.ink
        style = ink.lit if chosen else ink.text
        if len(setting.choices) == 1 or (not setting.choices and setting.word not in STEPS):
            return [(f"  {value}  ", touching(style, "row", number))]
        signs = ink.accent if chosen else ink.muted
        left, right = plain("‹", self.look), plain("›", self.look)
        return [
            (f"{left} ", touching(signs, "left", number)),
            (value, touching(style, "row", number)),
            (f" {right}", touching(signs, "right", number)),
        ]

    def _end_of(self, text: str, width: int) -> str:
        """As much of the end of a text as fits."""
        while cell_len(text) > width:
            text = text[max(1, len(text) - width) :]
        return text

    def _about(self, width: int) -> list[Row]:
        """About the setting that has the cursor: its choices, those that are not to be had, and the hint."""
        setting = self.owner.settings[self.owner.at]
        rows = self._choices(setting, width) if setting.choices else []
        no = self.look.shapes.no if self.look.shapes.unicode else "-"
        again = "Changing it begins again at step 0." if setting.restarts and not self.says_again else ""
        absent = [(f"{no} ", f"{name}: {why}") for name, why in setting.absent]
        for mark, text in (*absent, ("  ", f"{_sentence(setting.hint)} {again}".strip())):
            lines = folded(text, width - 2) if text else []
            marks = [mark, *["  "] * (len(lines) - 1)]
            rows += [[(sign + line, self.ink.muted)] for sign, line in zip(marks, lines, strict=False)]
        return rows

    def _choices(self, setting: m.Setting, width: int) -> list[Row]:
        rows: list[Row] = [[]]
        used = 0
        value = self.owner.value(setting)
        for number, choice in enumerate(setting.choices):
            here = choice == value
            mark = self.look.shapes.breakpoint if here else " "
            text = f"{mark} {shortened(choice, width - 4, self.look.shapes.ellipsis)}"
            if used and used + 2 + cell_len(text) > width:
                rows.append([])
                used = 0
            piece: Piece = (text, touching(self.ink.strong if here else self.ink.text, "choice", number))
            rows[-1] += [("  ", self.ink.text), piece] if used else [piece]
            used += cell_len(text) + (2 if used else 0)
        return rows

    def _happened(self, width: int, room: int) -> list[Row]:
        """What happened, as much of it as there is room for."""
        owner = self.owner
        text = wrong(owner.said, self.look) if owner.is_wrong else owner.said
        lines = folded(text[: 4 * width], width)
        if len(lines) > room:
            lines = [*lines[: room - 1], shortened(" ".join(lines[room - 1 :]), width, self.look.shapes.ellipsis)]
        style = self.ink.wrong if owner.is_wrong else self.ink.accent
        rows: list[Row] = [[(" ", self.ink.text), (line, style)] for line in lines]
        return [[]] * (room - len(rows)) + rows


def _sentence(text: str) -> str:
    """A hint as a sentence."""
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith('.') else '.'}" if text else ""
