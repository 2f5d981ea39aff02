"""Opens a lesson in terminals of all kinds, looks around and quits: `python benchmarks/terminals.py [SEED]`.

Each TERM with three of the ways to say how many colours and which letters there are. Nothing that was switched stays
switched, no traceback, no colour where none is wanted, nothing but ASCII where that is all there is. Linux only.
"""

from __future__ import annotations

import os
import random
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "tui"))
from terminal import Terminal

TERMS = ("xterm-256color", "xterm", "screen", "screen-256color", "tmux", "tmux-256color", "linux", "vt100", "vt220",
         "xterm-kitty", "foot", "nosuchterm", "dumb", "unknown")  # fmt: skip
REFUSED = ("dumb", "unknown")
COLOURS = ("truecolor", "24bit", "256", "16", None)
NO_COLOUR = (None, "1")
LETTERS: tuple[tuple[dict[str, str | None], bool], ...] = (  # and whether that is more than ASCII
    ({"LANG": "C"}, False), ({"LANG": "POSIX", "LC_ALL": "POSIX"}, False), ({"LANG": "C.UTF-8"}, True),
    ({"LANG": "en_US.UTF-8"}, True), ({"LC_ALL": "de_DE.ISO-8859-1"}, False), ({"LANG": None}, True),
    ({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, False),
    ({"LANG": "C", "PYTHONIOENCODING": "ascii"}, False),
)  # fmt: skip
SMALL_FONTS = ("linux", "vt100", "vt220")
EACH = 3


def look_around(terminal: Terminal) -> None:
    """Another theme, the help, a run; then quit."""
    terminal.wait_for("n next")
    terminal.press("T")
    terminal.wait_for("Theme: ")
    terminal.press("?")
    terminal.wait_for("The lesson")
    terminal.press("escape")
    terminal.wait_for(lambda: "The lesson" not in terminal.text)
    terminal.press("r")
    end = time.monotonic() + 0.5
    while time.monotonic() < end:
        terminal.read(0.05)
    terminal.press("q")
    assert terminal.end() == 0, "it ends with an error"
    terminal.left_as_it_was()


def wrong(term: str, environment: dict[str, str | None], unicode: bool) -> str:
    """What is wrong with it in such a terminal."""
    with Terminal("2", environment={"TERM": term, **environment}) as terminal:
        try:
            if term in REFUSED:
                assert terminal.end() == 2, "it is not refused"
                return "" if b"\x1b" not in terminal.output else "codes are written"
            look_around(terminal)
        except AssertionError as error:
            return str(error)
        if b"Traceback" in terminal.output:
            return "a traceback"
        if not unicode and not terminal.output.isascii():
            return "more than ASCII"
        return "colours" if environment["NO_COLOR"] and terminal.colours else ""


def main(seed: int) -> int:
    """All of them; 1 where anything is wrong."""
    dice, faults, count = random.Random(seed), 0, 0
    for term in TERMS:
        for _ in range(EACH):
            letters, unicode = dice.choice(LETTERS)
            environment = {"COLORTERM": dice.choice(COLOURS), "NO_COLOR": dice.choice(NO_COLOUR), **letters}
            found = wrong(term, environment, unicode and term not in SMALL_FONTS)
            faults, count = faults + bool(found), count + 1
            if found:
                print(f"{term} {environment}: {found}", flush=True)
    print(f"{count} terminals, {faults} of them with a fault")
    return 1 if faults else 0


if __name__ == "__main__":
    os.environ["NNTUI_NO_WARM"] = "1"
    os.environ["NNTUI_RECORD"] = "0"
    sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else 1))
