"""Nothing at all: for looking at the lecturer. Any key or click brings the screen back."""

from __future__ import annotations

from textual import events
from textual.screen import Screen


class Blank(Screen[None]):
    """An empty screen."""

    DEFAULT_CSS = "Blank { background: $background; }"

    def on_key(self, event: events.Key) -> None:
        """Come back."""
        event.stop()
        self.dismiss()

    def on_click(self) -> None:
        """Come back."""
        self.dismiss()
