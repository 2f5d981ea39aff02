"""Keys have their effect one after another, however fast they come.

Textual hands each key to whoever has the keys at that moment. Of several that arrive at once, as over a slow line or
from a script, the second would reach the screen that the first is just about to cover: `:goto 5` would open the line
and then do five other things. Here a key is handed on when the one before has been dealt with, and what that has
opened has the next ones. Keys that were held down, and have waited for longer than anybody expects, are let go.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

from textual import events
from textual.app import App, ScreenStackError
from textual.message_pump import MessagePump

PATIENCE_SECONDS = 0.5  # with a key of whose end nothing is heard, since what had it is no more
HELD_SECONDS = 1.0
ROUNDS = 2  # of all that a key passes: behind it comes what it was made into, as a line that was entered


class Turns:
    """Gives keys their turns; `hand_on` gives one to whoever has the keys."""

    def __init__(self, app: App[Any], hand_on: Callable[[events.Key], Awaitable[None]]) -> None:
        self._app = app
        self._hand_on = hand_on
        self._waiting: deque[tuple[events.Key, float]] = deque()
        self._task: asyncio.Task[None] | None = None

    def wait(self, key: events.Key) -> bool:
        """Whether a key has to wait; it will be handed on later. Otherwise it is to be handed on now."""
        if self._task is not None:
            self._waiting.append((key, time.monotonic()))
            return True
        self._task = asyncio.create_task(self._go_on(self._dealt_with(self._holder())))
        return False

    async def _go_on(self, dealt_with: Awaitable[None]) -> None:
        """Wait for the end of the first, then hand on what has come meanwhile."""
        try:
            await dealt_with
            last = ""
            while self._waiting:
                key, since = self._waiting.popleft()
                if key.key == last and time.monotonic() - since > HELD_SECONDS:
                    continue
                last = key.key
                holder = self._holder()
                await self._hand_on(key)
                await self._dealt_with(holder)
        except Exception as error:
            self._app._handle_exception(error)
        finally:
            self._task = None

    def _holder(self) -> MessagePump | None:
        """Who has the keys."""
        try:
            return self._app.focused or self._app.screen
        except ScreenStackError:
            return None

    async def _dealt_with(self, holder: MessagePump | None) -> None:
        """Follow a key on its way, and wait until what it has opened is drawn."""
        with contextlib.suppress(TimeoutError, ScreenStackError):
            async with asyncio.timeout(PATIENCE_SECONDS):
                screen = self._app.screen
                for _ in range(ROUNDS):
                    node = holder
                    while node is not None:
                        await _called(node.call_later)
                        node = node._parent
                if self._app.screen is not screen:
                    await _called(self._app.screen.call_after_refresh)


async def _called(call: Callable[[Callable[[], None]], bool]) -> None:
    """Wait until something that is to be called has been."""
    done = asyncio.Event()
    if call(done.set):
        await done.wait()
