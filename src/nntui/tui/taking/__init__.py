"""A recording taken away as pictures: a cast for asciinema's player, and a handout, one page of HTML.

Both show the real screen over what the recording does again, so nothing on them is drawn for the occasion.
"""

from __future__ import annotations

import os

from nntui.tui.start import FRAMES

os.environ.setdefault("TEXTUAL_FPS", FRAMES)  # what is drawn waits for the next frame, and there are many to wait for

from nntui.tui.taking.cast import write_cast
from nntui.tui.taking.handout import write_handout

__all__ = ["write_cast", "write_handout"]
