"""The command palette: every action by name, and every word of the plain front end."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from nntui import words
from nntui.tui.actions import ACTIONS, keys_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from nntui.tui.app import NntuiApp


class Palette(Provider):
    """Finds actions and words."""

    async def search(self, query: str) -> Hits:
        """Those that match."""
        matcher = self.matcher(query)
        for text, help_, run in self._entries():
            score = matcher.match(text)
            if score > 0:
                yield Hit(score, Content(text), run, text=text, help=help_)

    async def discover(self) -> Hits:
        """All of them."""
        for text, help_, run in self._entries():
            yield DiscoveryHit(Content(text), run, text=text, help=help_)

    def _entries(self) -> Iterator[tuple[str, str, Callable[[], None]]]:
        app: NntuiApp = self.app  # type: ignore[assignment]
        unicode = app.look.shapes.unicode
        for action in ACTIONS:
            if action.name not in ("answer", "palette"):
                yield action.title, f"{action.help} ({keys_of(action, unicode)})", partial(app.work.do, action.name)
        for word in words.TABLE.values():
            if word.group != "speak":
                yield f": {word.usage}", word.help, partial(app.work.open_command_line, f"{word.name} ")
