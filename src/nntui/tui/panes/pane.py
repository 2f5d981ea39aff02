"""What all panes have in common: a frame with a title, a view of the engine, and what keys and the mouse mean in them.

A pane is given a view (`show`) and draws it (`draw`). Panes read no keys: the table of actions does, and asks the pane
that has the keys.
"""

from __future__ import annotations

from typing import Any, ClassVar, Literal, TypeAlias, cast

from textual import events
from textual._context import NoActiveAppError
from textual.message import Message

from nntui import messages as m
from nntui.sentences.numbers import Voice
from nntui.tui.look import Look
from nntui.tui.panes.written import whole
from nntui.tui.rows import Row, Rows, folded

Direction: TypeAlias = Literal["up", "down", "left", "right"]
Answer: TypeAlias = "m.Command | m.Query | Literal['done'] | None"
DONE: Literal["done"] = "done"  # an arrow key moved something of the pane's own


class Pane(Rows, can_focus=True):
    """One pane. `kind` is its name in lessons and actions, `needs` the view of the engine that it draws."""

    DEFAULT_CSS = """
    Pane { border: round $border; border-title-color: $text-muted; background: $background; padding: 0; }
    Pane:focus { border: round $border-focus; border-title-color: $border-focus; border-title-style: bold; }
    Pane.-thick { border: heavy $border; }
    Pane.-thick:focus { border: heavy $border-focus; }
    Pane.-ascii, Pane.-ascii:focus { border: ascii $border; }
    Pane.-plain:focus { border: double $border-focus; }
    """

    kind: ClassVar[str] = ""
    needs: ClassVar[m.View] = "code"

    class Picked(Message):
        """Something was chosen with the mouse: a command or query that it stands for, to be sent."""

        def __init__(self, pane: Pane, message: m.Command | m.Query) -> None:
            super().__init__()
            self.pane = pane
            self.message = message

    class Resized(Message):
        """A pane has another size."""

        def __init__(self, pane: Pane) -> None:
            super().__init__()
            self.pane = pane

    def __init__(self, look: Look | None = None) -> None:
        super().__init__(look, id=f"pane-{self.kind}" if self.kind else None)
        self.view: Any = None
        self.status: m.Status | None = None
        self.pointed = ""  # the parameter that everyone looks at
        self.knows_loss = True  # whether the lesson has come to speak of losses, and so of targets
        self.knows_weights = True  # whether it has come to weights that can be turned

    # ------------------------------------------------------------ for the panes

    def title(self) -> str:
        """What stands in the frame."""
        return self.kind

    def clicked(self, x: int, y: int, shift: bool) -> m.Command | m.Query | None:
        """What a click at a cell of the content stands for, if anything."""
        return None

    def clicked_all(self, x: int, y: int, shift: bool) -> tuple[m.Command | m.Query, ...]:
        """The same where it stands for several, one after the other."""
        message = self.clicked(x, y, shift)
        return () if message is None else (message,)

    def wheel(self, x: int, y: int, up: bool, shift: bool) -> m.Command | None:
        """What a turn of the wheel stands for, if anything."""
        return None

    def turn(self, amount: float) -> m.Command | None:
        """What turning by an amount means in this pane; None for the usual, which turns the selected weight."""
        return None

    def to_be_set(self) -> tuple[str, float] | None:
        """The name and value of what this pane lets one set; None for the usual, the selected weight."""
        return None

    def arrow(self, direction: Direction, fine: bool) -> Answer:
        """What an arrow key means while this pane has the keys: a message to be sent, DONE, or None for the usual."""
        return None

    def page(self, down: bool) -> bool:
        """Go on, or back, by what is in sight; False where the pane has no pages, and the lesson goes on instead."""
        return False

    def entered(self) -> m.Command | None:
        """What Enter means while this pane has the keys; None for the usual, which asks why."""
        return None

    def number_at_hand(self) -> str:
        """The name of the number that Enter asks about; as AskWhy takes it. Empty: the one told last."""
        return ""

    def value_at_hand(self) -> str:
        """The text that is copied."""
        return ""

    @property
    def voice(self) -> Voice:
        """How numbers are written."""
        try:
            return cast(Voice, getattr(self.app, "voice", Voice()))
        except NoActiveAppError:  # a pane that is drawn by itself
            return Voice()

    # ------------------------------------------------------------ showing

    def show(self, view: Any, status: m.Status | None = None) -> None:
        """Show a view from now on."""
        if status is not None:
            self.status = status
        if view is not None and view != self.view:
            self.view = view
            self.redraw()

    def dress(self) -> None:
        """Write the title."""
        title = self.title().replace("[", r"\[")
        if self.border_title != title:
            self.border_title = title

    def _drawn(self, width: int, height: int) -> list[Row]:
        """Nothing yet, why there is nothing, or the view; no number of it is cut without a sign."""
        if self.view is None:
            return []
        if isinstance(self.view, m.Refused):
            return [[(part, self.ink.muted)] for part in folded(self.view.sentence, width)]
        return [whole(row, width, self.look.shapes.ellipsis) for row in super()._drawn(width, height)]

    def on_resize(self) -> None:
        """Tell the screen, that asks for views of this size."""
        self.post_message(self.Resized(self))

    # ------------------------------------------------------------ the mouse

    def on_click(self, event: events.Click) -> None:
        """A click on the content."""
        place = event.get_content_offset(self)
        if place is not None:
            for message in self.clicked_all(place.x, place.y, event.shift):
                self.post_message(self.Picked(self, message))

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel, away from the person."""
        self._wheel(event, True)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel, towards the person."""
        self._wheel(event, False)

    def _wheel(self, event: events.MouseEvent, up: bool) -> None:
        message = self.wheel(event.x - self.gutter.left, event.y - self.gutter.top, up, event.shift)
        if message is not None:
            event.stop()
            self.post_message(self.Picked(self, message))
