"""What is typed, from bytes to messages, whatever arrives.

Textual's parser takes an empty text for the end of all input, so half a letter would be the last that it hears; it
fails at numbers that no terminal sends; it takes a pasted text letter by letter, and what follows an escape in it for
keys. So letters are put together here, pasted texts are kept from it, and where it fails another goes on.
"""

from __future__ import annotations

import codecs
import contextlib
from collections.abc import Iterator

from textual import events
from textual._xterm_parser import XTermParser
from textual.message import Message

MOST_PASTED = 65_536  # characters; the rest of a paste is let go
PATIENCE = 50  # times of quiet until a paste whose end has not come is held to be over
BEGIN, END = "\x1b[200~", "\x1b[201~"


class Typed:
    """Takes bytes as they are read; gives keys, clicks, pasted texts and the terminal's answers."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._parser = XTermParser()
        self._held = ""  # the last characters, where they may be the first of a mark
        self._pasted: list[str] | None = None  # what a paste has brought so far
        self._room = 0  # how many characters more of it are kept
        self._silent = 0  # how often it has been quiet since something came

    def feed(self, data: bytes) -> Iterator[Message]:
        """All that these bytes complete."""
        text = self._held + self._decoder.decode(data)
        self._held, self._silent = "", 0
        while text:
            mark = BEGIN if self._pasted is None else END
            before, found, text = text.partition(mark)
            if not found:
                before, self._held = _without_first_of(mark, before)
            yield from self._take(before)
            if found:
                yield from self._switch()

    @property
    def waits(self) -> bool:
        """Whether something is held back until more has come, or until it has been quiet."""
        return bool(self._held) and self._pasted is None

    def quiet(self) -> Iterator[Message]:
        """Nothing has been typed for a moment: what was held back was no mark, or a paste has been cut off."""
        self._silent += 1
        if self._pasted is None:
            held, self._held = self._held, ""
            yield from self._take(held)
        elif self._silent >= PATIENCE:
            self._held = ""
            yield from self._switch()
        yield from self.tick()

    def tick(self) -> Iterator[Message]:
        """Some time has passed: an escape may have been the key."""
        with contextlib.suppress(Exception):
            yield from self._parser.tick()

    def _take(self, text: str) -> Iterator[Message]:
        if self._pasted is not None:
            self._pasted.append(text[: self._room])
            self._room -= len(self._pasted[-1])
        elif text:
            try:
                yield from self._parser.feed(text)
            except Exception:  # nothing that is typed may end the program
                self._parser = XTermParser()

    def _switch(self) -> Iterator[Message]:
        """A paste begins or ends."""
        if self._pasted is None:
            self._pasted, self._room = [], MOST_PASTED
            return
        pasted, self._pasted = "".join(self._pasted), None
        yield events.Paste(pasted.replace("\0", ""))


def _without_first_of(mark: str, text: str) -> tuple[str, str]:
    """A text, and of its end what may be the first characters of a mark."""
    for size in range(len(mark) - 1, 0, -1):
        if text.endswith(mark[:size]):
            return text[:-size], text[-size:]
    return text, ""
