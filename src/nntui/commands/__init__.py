"""What the commands do that a person types: `nntui NAME` is answered by `run` of the module NAME.

cli.py reads what was typed, and imports the one module that is needed. `completion`, which has to know how that is
done, is answered there.
"""

from __future__ import annotations

NAMES = (
    "open", "list", "plain", "resume", "replay", "follow", "info", "export", "serve", "notes", "check", "train",
    "bench", "race", "data", "machine", "completion",
)  # fmt: skip
INTERRUPTED = 130  # the exit code after a ctrl-c


class UserError(Exception):
    """What was typed cannot be done; the text says what is wrong and what would be right, in one sentence."""


def say(text: str) -> None:
    """Print a line of a command's answer."""
    print(text)  # noqa: T201
