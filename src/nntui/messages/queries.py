"""Queries: what is asked, and changes nothing."""

from __future__ import annotations

from typing import TypeAlias

from nntui.messages.base import *


class AskWhere(Message, frozen=True):
    """Where are we?"""


class AskSummary(Message, frozen=True):
    """What has happened so far?"""


class AskWhy(Message, frozen=True):
    """Why has this value its value? Empty: the one told last."""

    value: Word = ""


class AskView(Message, frozen=True):
    """How does this look? `address` chooses a parameter where the view is of one; `size` is in cells."""

    view: View
    address: Word = ""
    size: tuple[int, int] = (9, 5)


class AskReading(Message, frozen=True):
    """What is the value of this reading, as `expect` names it?"""

    name: Word


class AskStages(Message, frozen=True):
    """How do the stages of folding the loops into arrays compare? 0 samples: as many as a batch holds."""

    samples: Number = 0


class AskComparison(Message, frozen=True):
    """Are the gradients of a graph of the loss those that are known otherwise, and what do they cost?"""


class AskScenario(Message, frozen=True):
    """What is on the screen, as a scenario file?"""


Query: TypeAlias = AskWhere | AskSummary | AskWhy | AskView | AskReading | AskStages | AskComparison | AskScenario
