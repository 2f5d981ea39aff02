"""The command palette: every action by name or by what it does, and every word of the plain front end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.markup import escape

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
        for text, help_, run, also in self._entries():
            score = worth(query, text, f"{help_} {also}", matcher.match(text))
            if score > 0:
                yield Hit(score, Content(text), run, text=text, help=escape(help_))

    async def discover(self) -> Hits:
        """All of them."""
        for text, help_, run, _also in self._entries():
            yield DiscoveryHit(Content(text), run, text=text, help=escape(help_))

    def _entries(self) -> Iterator[tuple[str, str, Callable[[], None], str]]:
        """What each is called, its help, what it does, and what else it can be found by."""
        app: NntuiApp = self.app  # type: ignore[assignment]
        unicode = app.look.shapes.unicode
        for action in ACTIONS:
            if action.name not in ("answer", "seek_percent", "palette"):
                help_ = f"{action.help} ({keys_of(action, unicode)})"
                yield action.title, help_, partial(app.work.do, action.name), action.name.replace("_", " ")
        for word in words.TABLE.values():
            if word.group != "speak":
                yield f": {word.usage}", word.help, partial(app.work.open_command_line, f"{word.name} "), ""


def worth(query: str, title: str, about: str, alike: float) -> float:
    """How well an entry matches: its title by its words, then its help by its words, then a title that is alike."""
    alike /= 1 + alike
    if _begin(query, title):
        return 2 + alike
    return 1 + alike if _begin(query, f"{title} {about}") else alike


def _begin(query: str, text: str) -> bool:
    """Whether each word of a query begins one of a text."""
    known = re.findall(r"\w+", text.casefold())
    asked = re.findall(r"\w+", query.casefold())
    return bool(asked) and all(any(word.startswith(each) for word in known) for each in asked)
