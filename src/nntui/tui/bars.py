"""The rows around the panes: the header, what the lesson says, where one stands, and the keys."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual import events
from textual.message import Message

from nntui.tui.actions import BY_NAME, Action, key_name
from nntui.tui.panes.pane import Pane
from nntui.tui.presenting import guessed_rows
from nntui.tui.rows import Row, Rows, folded, shortened

if TYPE_CHECKING:
    from nntui.tui.playback import Playback
    from nntui.tui.story import Story

MOST_NARRATED = 10  # rows
TOLD_ROWS = 2  # for what was told, where there is room; always as many, so that the panes do not jump
TALL = 30
TOLD_BY_BEAT = 4  # rows for what a beat tells by what it does, which is often its point
NARRATED = 3 / 8  # of the rows of the screen, beyond which such rows are not taken from the panes


class Bar(Pane, can_focus=False):
    """A pane without a frame, which never has the keys."""

    DEFAULT_CSS = (
        "Bar { border: none; height: 1; padding: 0 1; } Bar.-thick { border: none; } Bar.-ascii { border: none; }"
    )

    story: Story | None = None

    def title(self) -> str:
        """No title."""
        return ""

    def _drawn(self, width: int, height: int) -> list[Row]:
        """It needs no view of the engine."""
        return Rows._drawn(self, width, height)


class Header(Bar):
    """What this is; rung, step and loss, as far as the lesson has come to them; the beat."""

    kind = "header"
    playback: Playback | None = None
    lag = 0.0  # seconds that the line to the terminal lags behind, where it is so bad that it is said

    def draw(self, width: int, height: int) -> list[Row]:
        """One row."""
        status, story = self.status, self.story
        if status is None or story is None:
            title = story.announced[0] if story is not None else ""
            return [[(title, self.ink.strong) if title else ("nntui", self.ink.accent)]]
        right = self._right()
        used = sum(cell_len(text) for text, _ in right)
        line = f"line {self.lag:.1f} s  " if self.lag else ""
        if line and used + len(line) < width:  # step and loss come first
            right, used = [(line, self.ink.wrong), *right], used + len(line)
        title = shortened(self._heading(), max(0, width - used - 2), self.look.shapes.ellipsis)
        gap = max(1, width - cell_len(title) - used)
        return [[(title, self.ink.strong), (" " * gap, self.ink.text), *right]]

    def _heading(self) -> str:
        status, story = self.status, self.story
        assert status is not None
        assert story is not None
        name = f"{story.number}  {status.title}" if story.number is not None else status.title
        if story.free and story.data:
            name = f"{status.title}, on {story.data}"
        return f"{name}  {status.model}" if story.knows_weights and status.model else name

    def _right(self) -> Row:
        s, story, ink = self.status, self.story, self.ink
        assert s is not None
        assert story is not None
        parts: list[tuple[str, str]] = []
        if s.preparing:
            parts.append(("", f"making {s.making or s.rung} ready"))
        elif story.introduced("rung") or s.rung != "loops":
            parts.append(("", s.rung))
        if story.knows_loss:
            parts.append(("step ", f"{s.step:,}" + (f" of {s.furthest:,}" if s.furthest > s.step else "")))
            if story.introduced("epoch") and s.epoch != s.step:  # it says something where a step is not an epoch
                parts.append(("epoch ", f"{s.epoch:,}"))
            parts.append(("loss ", self.voice.number(s.loss).replace("-", self.look.shapes.minus)))
        if s.cores:
            parts.append(("core ", f"{s.core}/{s.cores}"))
        elif s.beats:
            parts.append(("beat ", f"{s.beat}/{s.beats}"))
        row: Row = self._recorded()
        row += [(f"{'  ' if row else ''}{self._sign()} ", ink.accent)] if s.running else []
        for name, value in parts:
            row += [(f"  {name}" if row else name, ink.muted), (value, ink.strong)]
        return row

    def _recorded(self) -> Row:
        """A small sign that it is recorded; in words, that it is not any more."""
        play = self.playback
        if play is None or play.moving:
            return []
        if play.lost:
            return [("not recorded", self.ink.wrong)]
        return [(self.look.shapes.breakpoint if self.look.shapes.unicode else "rec", self.ink.muted)] * bool(
            play.recorded
        )

    def _sign(self) -> str:
        return self.look.shapes.about_to_run


class Narration(Bar):
    """What the lesson says and asks, and what was told last."""

    kind = "narration"
    DEFAULT_CSS = "Narration { height: auto; }"

    def rows_for(self, width: int) -> list[Row]:
        """All that is to be said, in rows."""
        story = self.story
        if story is None or story.opened is None:
            said = (story.announced[1] if story is not None else "") or "One moment."
            return [[(part, self.ink.muted)] for part in folded(said, width)]
        asked = self._heard(width) + self._asked(width) + self._judged(width)
        told = self._told(width, len(self._said(width)) + len(asked))
        # Where there is no room for all, what happened stays, then the question; the text has been read before.
        room = max(0, min(MOST_NARRATED, self.app.size.height // 2) - len(told))
        asked = asked[-room:] if room else []
        rows = self._begun(width, max(0, room - len(asked))) + asked + told
        return [[(self._with_minus(text), style) for text, style in row] for row in rows]

    def _with_minus(self, text: str) -> str:
        """Negative numbers with the sign that the panes write."""
        return re.sub(r"(?:(?<![\w.)\]-])|(?<=\de))-(?=\d)", self.look.shapes.minus, text)

    def _said(self, width: int) -> list[Row]:
        story, ink = self.story, self.ink
        assert story is not None
        if story.beat is None:
            summary = story.opened.summary if story.opened and not story.data else ""
            return [[(part, ink.muted)] for part in folded(summary, width)] if summary else []
        text = " ".join(story.beat.say.split()) if width < 76 else story.beat.say.strip()
        style = ink.muted if story.question is not None else ink.text
        return [[(part, style)] for part in folded(text, width)]

    def _begun(self, width: int, most: int) -> list[Row]:
        """As many rows of the text as there is room for; where some are left out, how they can be read."""
        rows = self._said(width)
        if 0 < most < len(rows):
            (last, style), more = rows[most - 1][0], f"{self.look.shapes.ellipsis} m: all"
            rows[most - 1] = [(f"{shortened(last, width - len(more) - 1, '').rstrip()} {more}", style)]
        return rows[:most]

    def _heard(self, width: int) -> list[Row]:
        """What came out for the inputs that this beat has tried."""
        assert self.story is not None
        if not self.story.heard:
            return []
        arrow = self.look.shapes.arrow
        entries = [sentence.rstrip(".").replace(" gives ", f" {arrow} ") for sentence in self.story.heard]
        return [[(part, self.ink.strong)] for part in folded("   ".join(entries), width)]

    def _asked(self, width: int) -> list[Row]:
        story, ink = self.story, self.ink
        assert story is not None
        if story.question is None:
            return []
        rows: list[Row] = [[(part, ink.strong)] for part in folded(story.question.question, width)]
        if story.answered is not None and self.app.size.height < TALL:
            rows.clear()  # the reply takes its place: the panes keep theirs
        rows += guessed_rows(story, self.look, width) if story.guesses else self._choices(width)
        if story.answered is not None:
            mark = self.look.shapes.yes if story.answered.right else self.look.shapes.no
            word = "Right." if story.answered.right else "Not so."
            style = ink.right if story.answered.right else ink.wrong
            reply = folded(f"{mark} {word} {story.answered.reply}".strip(), width)
            rows += [[(reply[0], style)], *[[(part, ink.text)] for part in reply[1:]]]
        return rows

    def _choices(self, width: int) -> list[Row]:
        """The choices, as many beside each other as there is room for."""
        story, ink = self.story, self.ink
        assert story is not None
        assert story.question is not None
        chosen = story.answered.choice if story.answered else 0
        rows: list[Row] = []
        row: Row = []
        for number, choice in enumerate(story.question.choices, start=1):
            piece = f" {number}) {choice} "
            if row and sum(cell_len(text) for text, _ in row) + cell_len(piece) > width:
                rows.append(row)
                row = []
            style = ink.lit if number == chosen else ink.accent if not chosen else ink.muted
            row.append((piece, style))
        return [*rows, row]

    def _judged(self, width: int) -> list[Row]:
        """What was said of the line that was accused, all of it: it is an answer like that to a question."""
        story, ink = self.story, self.ink
        assert story is not None
        mark, style = (self.look.shapes.yes, ink.right) if story.found else (self.look.shapes.no, ink.wrong)
        rows: list[Row] = []
        for number, line in enumerate(story.judged):
            parts = folded(line if number else f"{mark} {line}", width)
            rows += [[(part, ink.text if number or index else style)] for index, part in enumerate(parts)]
        return rows

    def _told(self, width: int, above: int) -> list[Row]:
        """The last sentence, in a row of its own that is always there: the panes shall not jump.

        What a beat tells takes more rows where it needs them and, with those `above`, leaves the panes enough.
        """
        story, ink = self.story, self.ink
        assert story is not None
        tall = self.app.size.height
        rows = TOLD_ROWS if tall >= TALL else 1
        if story.told_by_beat:
            rows = max(rows, min(TOLD_BY_BEAT, self._rows_wanted(width), int(tall * NARRATED) - above))
        if not story.latest:
            return [[]] * rows
        tone = story.latest[-1][1]
        style = {"plain": ink.text, "good": ink.right, "bad": ink.wrong}[tone]
        mark = f"{self.look.shapes.no} " if tone == "bad" else ""
        parts = self._last_words(width, mark, rows)
        return [[(part, style)] for part in parts] + [[]] * (rows - len(parts))

    def _rows_wanted(self, width: int) -> int:
        """How many rows it takes to tell all that was told last."""
        assert self.story is not None
        return len(folded("  ".join(sentence for sentence, _ in self.story.latest), width))

    def _last_words(self, width: int, mark: str, rows: int) -> list[str]:
        """As many of the last sentences as fit; where not all of them do, how the others can be read."""
        assert self.story is not None
        sentences = [sentence for sentence, _ in self.story.latest]
        whole = folded(mark + "  ".join(sentences), width)
        if len(whole) <= rows:
            return whole
        more = f"{self.look.shapes.ellipsis} m: all"
        chosen: list[str] = []
        for sentence in reversed(sentences):
            tried = folded(f"{mark}{'  '.join([sentence, *chosen])} {more}", width)
            if len(tried) > rows:
                break
            chosen = [sentence, *chosen]
        if chosen:
            return folded(f"{mark}{'  '.join(chosen)} {more}", width)
        parts = folded(mark + sentences[-1], width)[:rows]
        return [*parts[:-1], f"{shortened(parts[-1], width - len(more) - 1, '').rstrip()} {more}"]

    def draw(self, width: int, height: int) -> list[Row]:
        """As many rows as there are."""
        return self.rows_for(width)

    def fit(self) -> None:
        """Take as many rows as are needed, and draw them."""
        width = max(20, self.app.size.width - 2)
        most = max(2, self.app.size.height // 2)
        height = min(most, max(1, len(self.rows_for(width))))
        if self.styles.height is None or self.styles.height.value != height or not self.styles.height.is_cells:
            self.styles.height = height
        self.redraw()

    def on_click(self, event: events.Click) -> None:
        """A click on a choice answers."""
        place = event.get_content_offset(self)
        story = self.story
        if place is None or story is None or story.question is None:
            return
        rows = self.rows_for(self.size.width)
        x = 0
        for text, _ in rows[place.y] if place.y < len(rows) else []:
            if x <= place.x < x + cell_len(text) and text[1:2].isdigit() and text[2:4] == ") ":
                self.post_message(KeyBar.Chosen("answer", text[1]))
            x += cell_len(text)


class Here(Bar):
    """The line about to run and the selected weight, where their panes are not on the screen."""

    kind = "here"

    def __init__(self) -> None:
        super().__init__()
        self.line = ""
        self.weight = ""

    def draw(self, width: int, height: int) -> list[Row]:
        """One row."""
        ink, shapes = self.ink, self.look.shapes
        room = width - (len(self.weight) + 2 if self.weight else 0)
        line = shortened(f"{shapes.about_to_run} {self.line}", room, shapes.ellipsis) if self.line else ""
        gap = max(1, width - cell_len(line) - len(self.weight))
        return [[(line, ink.accent), (" " * gap, ink.text), (self.weight, ink.strong)]]

    def tell(self, line: str, weight: str) -> None:
        """Show these; nothing at all where there is neither."""
        self.display = bool(line or weight)
        if (line, weight) != (self.line, self.weight):
            self.line, self.weight = line, weight
            self.redraw()


class KeyBar(Bar):
    """The keys that matter now, the most important first; each can be clicked."""

    kind = "keys"

    class Chosen(Message):
        """An action was clicked; `key` is the key that it stands for, if it is one."""

        def __init__(self, name: str, key: str) -> None:
            super().__init__()
            self.name = name
            self.key = key

    def __init__(self) -> None:
        super().__init__()
        self.names: tuple[tuple[str, str], ...] = ()  # action, and what to call it

    def offer(self, names: tuple[tuple[str, str], ...]) -> None:
        """Show these actions."""
        if names != self.names:
            self.names = names
            self.redraw()

    def draw(self, width: int, height: int) -> list[Row]:
        """One row: as many as fit, and always the one that tells all others."""
        row: Row = []
        for name, hint in self._fitting(width):
            row += [(self._key(BY_NAME[name]), self.ink.accent), (f" {hint}  ", self.ink.muted)]
        return [row]

    def _fitting(self, width: int) -> list[tuple[str, str]]:
        """Those that there is room for."""
        room = width + 2 - sum(self._columns(entry) for entry in self.names if entry[0] == "help")
        chosen: list[tuple[str, str]] = []
        for entry in self.names:
            if entry[0] != "help":
                room -= self._columns(entry)
            if room >= 0 or entry[0] == "help":
                chosen.append(entry)
        return chosen

    def _columns(self, entry: tuple[str, str]) -> int:
        """The columns of an entry, with the gap behind it."""
        return len(self._key(BY_NAME[entry[0]])) + len(entry[1]) + 3

    def _key(self, action: Action) -> str:
        unicode = self.look.shapes.unicode
        pairs = {"turn_up": "←→" if unicode else "left right", "select_next": "↑↓" if unicode else "up down"}
        pairs |= {"seek_on": pairs["turn_up"], "next_mark": "[ ]", "faster": "< >"}
        if action.name == "answer":
            choices = len(self.story.question.choices) if self.story and self.story.question else 9
            return f"1-{choices}"
        return pairs.get(action.name) or key_name(action.keys[0], unicode)

    def on_click(self, event: events.Click) -> None:
        """A click on a key does what the key does."""
        place = event.get_content_offset(self)
        if place is None:
            return
        x = 0
        for entry in self._fitting(self.size.width):
            if x <= place.x < x + self._columns(entry):
                key = "" if entry[0] == "answer" else BY_NAME[entry[0]].keys[0]  # which answer, it does not say
                self.post_message(self.Chosen(entry[0], key))
                return
            x += self._columns(entry)
