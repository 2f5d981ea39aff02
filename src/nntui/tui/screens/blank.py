"""Nothing at all: for looking at the lecturer. Any key or click, or a second terminal, brings the screen back."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual import events
from textual.screen import Screen

if TYPE_CHECKING:
    from nntui.tui.app import NntuiApp


class Blank(Screen[None]):
    """An empty screen."""

    DEFAULT_CSS = "Blank { background: $background; }"

    def on_key(self, event: events.Key) -> None:
        """Come back."""
        event.stop()
        self._come_back()

    def on_click(self) -> None:
        """Come back."""
        self._come_back()

    def _come_back(self) -> None:
        cast("NntuiApp", self.app).curtain.set(False)
