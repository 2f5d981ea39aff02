"""What the work screen does otherwise while a recording is played: what it lets through, which views it shows, and that
another weight can be looked at than the one who is recorded did.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nntui import messages as m
from nntui.tui.panes.pane import Pane
from nntui.tui.playback import NOT_LIVE, Playback

if TYPE_CHECKING:
    from nntui.tui.screens.work import WorkScreen

MOVES = (m.RecordingOpened, m.RecordingClosed, m.PlayerMoved, m.Branched, m.Rejoined)
PAUSE_FIRST = "Space pauses the recording; then any weight can be looked at."


class Projection:
    """The work screen's part in playing."""

    def __init__(self, screen: WorkScreen, playback: Playback) -> None:
        self.screen = screen
        self.playback = playback
        self.aside: m.TwistView | None = None  # a weight that is looked at while a recording is paused

    def hear(self, fact: m.Fact) -> None:
        """Take note of a fact."""
        self.playback.hear(fact)
        if isinstance(fact, MOVES):
            self.aside = None

    def is_open(self, opened: m.Opened) -> bool:
        """Whether this is what is open already, told once more because the recording was gone along."""
        before = self.screen.story.opened
        if before is None or not self.playback.played:
            return False
        return (before.name, before.title, before.beats) == (opened.name, opened.title, opened.beats)

    def forget_hidden(self, wanted: dict[m.View, tuple[int, int]]) -> None:
        """Panes that are not on the screen have views of another time; they shall not be seen for a moment later."""
        screen = self.screen
        screen.sections = {view: result for view, result in screen.sections.items() if view in wanted}
        for pane in screen.board.panes.values():
            if not pane.display:
                pane.view = None

    def fit(self) -> None:
        """Show the timeline while there is one, and ask for views of it."""
        timeline = self.screen.timeline
        before = timeline.display
        timeline.fit(0 if self.screen.has_class("-small") else self.screen.app.size.height)
        if timeline.display != before:
            self.screen.lay_out()

    def show(self, frame: m.Frame) -> None:
        """Where the recording stands."""
        if not self.playback.played:
            return
        self.playback.show(frame.sections.get("timeline"))
        self.screen.timeline.redraw()
        if self.playback.plays:
            self.aside = None
        if not frame.status.running:
            self.screen.story.rest()

    def view_of(self, pane: Pane) -> m.Result | None:
        """What a pane shows: its view, or what is looked at beside a recording, or compared with it."""
        if pane.needs == "twist" and self.aside is not None:
            return self.aside
        view = self.screen.sections.get(pane.needs)
        if pane.needs != "loss":
            return view
        self.screen.panes.loss.called = {"loss": "branch"} if self.playback.live else {}
        return self.playback.beside(view)

    def let_through(self, command: m.Command) -> m.Command | None:
        """What is sent for a command; while a recording is played, nothing that would change it."""
        if self.playback.moving and isinstance(command, m.Point):
            self._look_aside(command.address)
            return None
        sent = self.playback.instead(command)
        if sent is None:
            self.screen.app.say(NOT_LIVE)
        return sent

    def _look_aside(self, address: str) -> None:
        """Look at another weight than the one who is recorded; it stays so until the recording moves."""
        screen = self.screen
        if self.playback.plays:
            screen.app.say(PAUSE_FIRST)
            return
        screen.expected.sent(m.Point(address))

        def show(result: m.Result) -> None:
            if isinstance(result, m.TwistView) and self.playback.moving and not self.playback.plays:
                self.aside = result
                screen.point_at(result.address)
            elif isinstance(result, m.Refused):
                screen.say(result.sentence, "bad")

        screen.app.link.ask(m.AskView("twist", address, screen.sizes().get("twist", (40, 10))), show)
