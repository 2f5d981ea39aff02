"""The line to whoever listens: when it is gone, so are we, also in the middle of a long run.

A hang-up is not always told by a signal: it may be ignored, and a program that ssh has started without a terminal gets
none. Then only a look at the line itself tells. The engine sees the end of its pipe, and brings a recording to its end.
"""

from __future__ import annotations

import os
import select
import sys
import threading

GONE = select.POLLHUP | select.POLLERR


def end_with_line() -> None:
    """From now on, end when the terminal is gone, or nobody reads any more what is said into a pipe."""
    stdin, stdout = sys.__stdin__, sys.__stdout__
    if stdin is None or stdout is None or sys.stdin is not stdin or sys.stdout is not stdout:
        return  # a program that has us do this
    poll = select.poll()
    if stdin.isatty():  # lines from a pipe may well have an end before they are all answered
        poll.register(stdin.fileno(), 0)
    poll.register(stdout.fileno(), 0)
    threading.Thread(target=_wait, args=(poll,), name="line", daemon=True).start()


def _wait(poll: select.poll) -> None:
    if any(event & GONE for _, event in poll.poll()):
        os._exit(0)
