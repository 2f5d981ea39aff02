"""The screen on which a lesson is worked on: the header, the panes, what the lesson says, and the keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from textual import events
from textual.app import ComposeResult
from textual.screen import Screen
from textual.widget import Widget

from nntui import messages as m
from nntui import words
from nntui.tui.actions import BY_NAME, for_key
from nntui.tui.bars import Bar, Header, Here, KeyBar, Narration
from nntui.tui.board import Board, pane_of
from nntui.tui.deeds import DEEDS
from nntui.tui.expected import Expected
from nntui.tui.offered import offered
from nntui.tui.panes.pane import Direction, Pane
from nntui.tui.playback import Playback
from nntui.tui.presenting import revealing
from nntui.tui.projection import Projection
from nntui.tui.rows import folded
from nntui.tui.story import Story, Tone
from nntui.tui.timeline import TimelineBar
from nntui.tui.wire.terminal import LEAST_COLUMNS, LEAST_ROWS

if TYPE_CHECKING:
    from nntui.tui.app import NntuiApp
    from nntui.tui.panes.every import Panes

# What arrow keys do in a pane, as the row of keys calls it.
ARROWS: dict[str, Direction] = {"up": "up", "down": "down", "left": "left", "right": "right"}

PAGES = ("pageup", "pagedown")


class TooSmall(Bar):
    """Stands there instead of everything where the terminal is too small."""

    kind = "small"
    DEFAULT_CSS = "TooSmall { height: 1fr; display: none; }"

    def draw(self, width: int, height: int) -> list[list[tuple[str, object]]]:  # type: ignore[override]
        """One sentence."""
        size = self.app.size
        here = f"nntui needs {LEAST_COLUMNS} columns and {LEAST_ROWS} rows; here are {size.width} and {size.height}."
        return [[(part, self.ink.text)] for part in folded(f"{here} Make the window larger, and it goes on.", width)]


class WorkScreen(Screen[None]):
    """One lesson or scenario."""

    AUTO_FOCUS = ""
    DEFAULT_CSS = """
    WorkScreen.-small > * { display: none; }
    WorkScreen.-small > TooSmall { display: block; }
    """
    app: NntuiApp

    def __init__(self) -> None:
        super().__init__()
        self.story = Story()
        self.expected = Expected()
        self.status: m.Status | None = None
        self.sections: dict[str, m.Result] = {}
        self.header, self.narration, self.here, self.keys = Header(), Narration(), Here(), KeyBar()
        self.timeline = TimelineBar()
        self.playback = self.timeline.playback = self.header.playback = Playback()
        self.projection = Projection(self, self.playback)
        self.small = TooSmall()
        self.board = Board()
        self._panes: Panes | None = None
        self._reached: tuple[str, ...] = ()
        self.reveals: m.Asked | None = None  # the question that the next press of a remote's key answers
        self.typed: list[str] = []  # words, for going back to them

    def compose(self) -> ComposeResult:
        """From the top."""
        yield self.small
        yield self.header
        yield self.board
        yield self.narration
        yield self.here
        yield self.timeline
        yield self.keys

    def on_mount(self) -> None:
        """Show the header and what the lesson is about first; then the panes."""
        self.header.story = self.narration.story = self.keys.story = self.story
        self.narration.fit()
        self.call_after_refresh(self._begin)

    async def _begin(self) -> None:
        """The first picture stands: put the panes into it, and show what has been heard meanwhile."""
        if not self.board.is_attached:
            return  # it has ended already
        import nntui.tui.dialogs  # noqa: F401 - more deeds
        from nntui.tui.panes.every import Panes

        panes = Panes()
        await self.board.fill(panes.all())
        self._panes = panes
        self.redraw()
        self.after_facts()
        self.header.redraw()
        self.lay_out()

    @property
    def ready(self) -> bool:
        """Whether the panes are there."""
        return self._panes is not None

    @property
    def panes(self) -> Panes:
        """The panes, once they are there."""
        assert self._panes is not None
        return self._panes

    def announce(self, title: str, summary: str) -> None:
        """Say what is about to be opened."""
        self.story.announced = (title, summary)

    # ------------------------------------------------------------ what arrives

    def hear(self, fact: m.Fact) -> None:
        """Take note of a fact."""
        self.projection.hear(fact)
        if isinstance(fact, m.RecordingOpened):
            self.story = Story()
        again = isinstance(fact, m.Opened) and self.projection.is_open(fact)
        if isinstance(fact, m.Opened) and again:  # gone to another place of the recording: the panes stay as they are
            self.story = Story()
            self.projection.forget_hidden(self.sizes())
        elif isinstance(fact, m.Opened):
            self.story, self.expected, self._reached = Story(), Expected(), ()
            self.sections.clear()
            self.board.arrangement, self.board.called = "explain", ()
            for pane in self.board.panes.values():
                pane.view = None
            self.board.zoomed = ""
            self.board.wants_layout = True  # and so views of it are asked for
        self.story.hear(fact, self.app.voice)
        self.expected.told(fact)

        self._make_visible(fact)

    def _make_visible(self, fact: m.Fact) -> None:
        """Where not all panes have room, those that a beat has just reached, or shows by its own words, come first."""
        new: tuple[str, ...] = ()
        if isinstance(fact, m.BeatBegan):
            self.board.forget(self.story.panes)
            new = tuple(kind for kind in self.story.panes if kind not in self._reached)
        elif isinstance(fact, m.Told):
            new = pane_of(fact.result)
        elif isinstance(fact, m.GraphOpened):
            new = ("graph",)
        elif isinstance(fact, m.ArrayMade) and fact.what != "element":
            new = ("tensor",)
        elif isinstance(fact, m.RaceBegan | m.RaceCompared):
            new = ("race",)
        elif isinstance(fact, m.WidthEnded):
            new = () if "widths" in self.board.called else ("widths",)
        elif isinstance(fact, m.Climbed | m.Checked):
            new = ("ladder",)
        if new and isinstance(fact, m.BeatBegan):
            self._call(new)
        elif new:
            self.bring(*new)

    def bring(self, *kinds: str) -> None:
        """Let these panes be seen, whether or not the lesson has reached them, and whatever is zoomed."""
        if self.board.zoomed not in kinds:
            self.board.zoomed = ""
        self._call(kinds)

    def _call(self, kinds: tuple[str, ...]) -> None:
        self.board.reach({*self.story.panes, *self.board.called, *kinds})
        self.board.call(kinds)

    def after_facts(self) -> None:
        """Show what the facts have changed."""
        if not self.ready:
            return
        for bar in (self.header, self.narration, self.keys):
            bar.story = self.story
        for pane in self.board.panes.values():
            pane.knows_loss, pane.knows_weights = self.story.knows_loss, self.story.knows_weights
        self.narration.fit()
        self.header.redraw()
        self.projection.fit()
        self._reached = self.story.panes
        self.board.reach({*self.story.panes, *self.board.called})
        if self.board.wants_layout:
            self.lay_out()
        self.offer_keys()

    def say(self, sentence: str, tone: Tone = "plain") -> None:
        """Say a sentence in the narration, in place of what was told before."""
        self.story.begin(sent=False)
        self.story.say(sentence, tone)
        if self.ready:
            self.narration.story = self.story
            self.narration.fit()

    def show_frame(self, frame: m.Frame) -> None:
        """Show how it looks now: everything in one go."""
        if self.story.opened is None or frame.status.name != self.story.opened.name:
            return  # it was made before another lesson was opened
        self.sections.update(frame.sections)
        self.status = self.header.status = frame.status
        self.projection.show(frame)
        diagram = self.sections.get("diagram")
        pointed = diagram.pointed if isinstance(diagram, m.DiagramView) else ""
        s = frame.status
        self.expected.shown(
            running=s.running, walking=s.walking, sample_number=s.sample_number, pointed=pointed, method=s.method,
            axis=s.axis, drawn=diagram.drawn if isinstance(diagram, m.DiagramView) else "", slope=self.slope_size,
        )  # fmt: skip
        self.header.lag = self.app.link.pace.line.lag
        if self.ready:
            if isinstance(frame.sections.get("graph"), m.Refused):
                self._graph_is_gone()
            enlarged = "twist" if self.slope_size else ""
            if enlarged != self.board.enlarged:
                self.board.enlarged = enlarged
                self.lay_out()
            self.header.redraw()
            shown = self.board.shown
            kept_back = self.app.link.kept_back([pane.kind for pane in shown], frame.status.running)
            for pane in shown:
                pane.pointed = self.projection.aside.address if self.projection.aside is not None else pointed
                later = pane.kind in kept_back and pane.view is not None
                pane.show(None if later else self.projection.view_of(pane), frame.status)
            self._tell_here()
            self.offer_keys()

    def point_at(self, address: str) -> None:
        """Mark a parameter in the panes, and show what belongs to it."""
        for pane in self.board.shown:
            pane.pointed = address
            pane.show(self.projection.view_of(pane))
            pane.redraw()
        self._tell_here()

    # ------------------------------------------------------------ what stands beside the panes

    def _graph_is_gone(self) -> None:
        """Let the network be seen in the graph's place, but for a beat that shows the graph."""
        self.board.forget([kind for kind in self.board.called if kind != "graph" or kind in self.story.panes])
        self.board.reach({*self.story.panes, *self.board.called})
        if self.board.wants_layout:
            self.lay_out()

    @property
    def slope_size(self) -> float:
        """The size of the twist by which the slope is taken that is shown; 0: none is."""
        twist = self.sections.get("twist")
        return twist.slope.size if isinstance(twist, m.TwistView) and twist.slope is not None else 0.0

    def now(self, name: str) -> Any:
        """A value of the status as it will be when all that was sent is obeyed."""
        return self.expected.get(name, getattr(self.status, name, None))

    def _tell_here(self) -> None:
        """The line about to run and the selected weight, where their panes are not to be seen."""
        if self.has_class("-small"):
            self.here.display = False
            return
        shown = {pane.kind for pane in self.board.shown}
        code, twist = self.sections.get("code"), self.projection.aside or self.sections.get("twist")
        line = weight = ""
        if isinstance(code, m.CodeView) and code.line and "code" in self.story.panes and "code" not in shown:
            line = f"{code.line}  {code.lines[code.line - code.first].strip()}"
        if isinstance(twist, m.TwistView) and "twist" not in shown and self.story.knows_weights:
            value = self.app.voice.number(twist.value).replace("-", self.app.look.shapes.minus)
            weight = f"{twist.address} {value}"
        # The network marks the weight, too; the graph is about nodes. Where this row stands anyway, it names it.
        self.here.tell(line, weight if line or not shown & {"network", "graph"} else "")

    # ------------------------------------------------------------ panes

    def lay_out(self) -> None:
        """Show other panes, or the same in other places."""
        self.board.arrange_again()
        self._tell_here()
        self.call_after_refresh(self.subscribe)

    def on_resize(self) -> None:
        """Another size of the terminal."""
        small = self.app.size.width < LEAST_COLUMNS or self.app.size.height < LEAST_ROWS
        self.set_class(small, "-small")
        self.small.redraw()
        self.narration.fit()
        self.projection.fit()
        self.lay_out()

    def on_screen_resume(self) -> None:
        """Back from a dialog or the list of lessons."""
        self.lay_out()

    def subscribe(self) -> None:
        """Ask for views of the panes that are on the screen, in their sizes."""
        if self.story.opened is None or not self.ready:
            return
        for pane in self.board.shown:
            pane.show(self.projection.view_of(pane), self.status)
            pane.redraw()
        self.app.link.subscribe(self.sizes())

    def sizes(self) -> dict[m.View, tuple[int, int]]:
        """The views that are wanted, in the cells that they have."""
        sizes: dict[m.View, tuple[int, int]] = {"code": (80, 24), "twist": (40, 10), "diagram": (40, 12)}
        if self.playback.played:
            sizes["timeline"] = (80, 1)
        for pane in self.board.shown:
            rows = getattr(pane, "cells_per_row", 1)
            sizes[pane.needs] = (max(2, pane.size.width), max(2, pane.size.height * rows))
        return sizes

    def on_pane_resized(self, event: Pane.Resized) -> None:
        """A pane has got its room only now: the view of it shall be as large."""
        if self.ready and self.story.opened is not None and event.pane in self.board.shown:
            self.app.link.subscribe(self.sizes())

    def redraw(self) -> None:
        """Draw everything anew: another theme, another way to write numbers."""
        for pane in self._all_panes():
            pane.set_class(self.app.look.colours.thick, "-thick")
            pane.set_class(not self.app.look.shapes.unicode, "-ascii")
            pane.set_class(self.app.look.depth == 0, "-plain")
            pane.redraw()

    def _all_panes(self) -> Iterator[Pane]:
        yield from (self.header, self.narration, self.here, self.timeline, self.keys, self.small)
        yield from self.board.panes.values()

    @property
    def pane(self) -> Pane | None:
        """The pane that has the keys."""
        return self.focused if isinstance(self.focused, Pane) else None

    @property
    def pane_in_hand(self) -> Pane | None:
        """The pane that keys are about: that which has them; else graph or tensor, where no weight is seen to turn."""
        shown = {pane.kind: pane for pane in self.board.shown}
        return self.pane or (None if "twist" in shown else shown.get("graph") or shown.get("tensor"))

    # ------------------------------------------------------------ keys and mouse

    def on_key(self, event: events.Key) -> None:
        """Do what the key stands for."""
        action = for_key(event.key, self.playback.moving)
        if action is None:
            return
        event.stop()
        event.prevent_default()
        self.do(action.name, event.key)

    def do(self, name: str, key: str = "") -> None:
        """Do an action."""
        if not self.ready:
            return
        action = BY_NAME[name]
        if key in PAGES and self.pane is not None and self.pane.page(key == "pagedown"):
            return
        if revealing(self, key):
            return
        direction = ARROWS.get(key.removeprefix("shift+"))
        if direction is not None and self._arrow(direction, key.startswith("shift+")):
            return
        if action.command is not None and action.group == "graph" and "graph" not in self.board.reached:
            self.say("There is no graph here; G makes one.")
        elif action.command is not None:
            self.app.link.send(action.command)
        else:
            DEEDS[name](self, key or action.keys[0])

    def _arrow(self, direction: Direction, fine: bool) -> bool:
        """Let the pane that has the keys take an arrow; tell whether it did."""
        pane = self.pane if self.playback.moving else self.pane_in_hand
        if pane is None:
            return False
        answer = pane.arrow(direction, fine)
        if answer is None:
            return False
        if answer != "done":
            self.send_or_ask(answer)
        return True

    def send_or_ask(self, message: m.Command | m.Query) -> None:
        """Send a command; show the answer to a query."""
        if isinstance(message, words.COMMANDS):
            self.app.link.send(message)  # type: ignore[arg-type]
        elif isinstance(message, m.AskWhy):
            DEEDS["ask_why"](self, message.value)

    def on_pane_picked(self, event: Pane.Picked) -> None:
        """The mouse chose something in a pane."""
        self.send_or_ask(event.message)

    def on_key_bar_chosen(self, event: KeyBar.Chosen) -> None:
        """The mouse chose an action."""
        if event.name == "answer" and not event.key:
            self.say("A choice's number answers, and so does a click on the choice.")
        else:
            self.do(event.name, event.key)

    def on_descendant_focus(self) -> None:
        """Other keys matter now."""
        self.offer_keys()

    def on_descendant_blur(self) -> None:
        """Other keys matter now."""
        self.offer_keys()

    def focus_pane(self, widget: Widget | None) -> None:
        """Give the keys to a pane, or to none."""
        self.set_focus(widget)
        self.offer_keys()

    def open_command_line(self, text: str = "") -> None:
        """Let words be typed."""
        DEEDS["command_line"](self, text)

    # ------------------------------------------------------------ the row of keys

    def offer_keys(self) -> None:
        """Name the keys that matter now."""
        if self.ready:
            self.keys.offer(tuple(offered(self)))
