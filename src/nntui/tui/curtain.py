"""The curtain before the screen: drawn by a key here, or by a word on a second terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from nntui import messages as m
from nntui.tui.screens.blank import Blank

if TYPE_CHECKING:
    from nntui.tui.app import NntuiApp


class Curtain:
    """Blanks the screen at once, whatever the engine does, and lets those know who hold it beside this screen."""

    def __init__(self, app: NntuiApp) -> None:
        self._app = app
        self._told = 0  # times that the engine was told, and has not said so itself yet

    def set(self, on: bool) -> None:
        """Blank the screen, or bring it back."""
        self.draw(on)
        if self._app.link.shows and not self._app.link.lost:  # else it would be refused
            self._told += 1
            self._app.link.engine.send(m.Blank(on))

    def hear(self, fact: m.Blanked) -> None:
        """Somebody else has done it, or it is our own word that comes back."""
        if self._told:
            self._told -= 1
        else:
            self.draw(fact.on)

    def forget(self) -> None:
        """The engine is another one, and has heard nothing."""
        self._told = 0

    @property
    def is_drawn(self) -> bool:
        """Whether the screen is blank."""
        return isinstance(self._app.screen, Blank)

    def draw(self, on: bool) -> None:
        """Blank the screen, or bring it back, without a word to anybody."""
        if on and not self.is_drawn:
            self._app.push_screen(Blank())
        elif not on and self.is_drawn:
            cast(Blank, self._app.screen).dismiss()
