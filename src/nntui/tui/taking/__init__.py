"""A recording taken away as pictures: a cast for asciinema's player, and a handout, one page of HTML.

Both show the real screen over what the recording does again, so nothing on them is drawn for the occasion.
"""

from __future__ import annotations

from nntui.tui.taking.cast import write_cast
from nntui.tui.taking.handout import write_handout

__all__ = ["write_cast", "write_handout"]
