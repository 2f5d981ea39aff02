"""Text that came from outside, made fit to be shown: no character of it may steer the terminal.

Escape and C1 characters reach the real terminal raw through most ways of drawing, so every string is cleaned when it
is loaded. `did_you_mean` ends the sentence about a word that is not known.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
SHOWN = 40  # characters of foreign text that a sentence quotes

_UNSAFE = re.compile(
    "["
    "\x00-\x1f\x7f-\x9f"  # C0 with tab, line ends and escape; delete; C1
    "\u2028\u2029"  # line and paragraph separator
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # bidirectional marks, embeddings, overrides, isolates
    "\ud800-\udfff"  # lone surrogates, as in file names that are not UTF-8: they cannot be printed at all
    "]"
)


def clean(text: str, limit: int | None = None) -> str:
    """Replace each character that could steer the terminal by U+FFFD, and shorten to `limit` characters.

    Control characters (tab and line ends too), escape, C1, line and paragraph separators, bidirectional controls and
    lone surrogates are replaced one for one. With a limit (at least 1) the result has at most that many characters,
    the last of them an ellipsis if any were left out.
    """
    if limit is not None and len(text) > limit:
        text = text[: limit - 1] + ELLIPSIS
    return _UNSAFE.sub(REPLACEMENT, text)


def full_stop(text: str) -> str:
    """A title or a clause as a sentence: with a full stop, where no mark ends it."""
    return text if text[-1:] in ("", ".", "!", "?") else f"{text}."


def short(value: float, digits: int = 6) -> str:
    """A number in so many significant digits as people write it: 1e-5, not 1e-05."""
    return re.sub(r"e([+-])0", lambda found: "e-" if found[1] == "-" else "e+", f"{value:.{digits}g}")


def did_you_mean(word: str, candidates: Iterable[str]) -> str:
    """Return "; did you mean 'xor'?" for the candidate most like the word, upper and lower case alike, or ""."""
    by_folded = {candidate.casefold(): candidate for candidate in candidates}
    # The comparison is quadratic in the length, and nobody mistypes a word of more characters than a sentence quotes.
    close = difflib.get_close_matches(word.casefold()[:SHOWN], by_folded, n=1)
    return f"; did you mean '{clean(by_folded[close[0]], SHOWN)}'?" if close else ""
