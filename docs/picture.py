"""Makes the picture at the top of the README: `python docs/picture.py` writes docs/screen.svg.

It is the real screen over a real session: what is on it is computed while it is made.
"""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
from pathlib import Path

from nntui import messages as m
from nntui import words
from nntui.scenario.library import find
from nntui.session.process.local import LocalEngine
from nntui.tui.app import NntuiApp
from nntui.tui.remembered import Remembered
from nntui.tui.wire.pace import Pace

SIZE = (132, 38)
LINES = (
    "run 300",
    "walk predict",
    "sample 3",
    "until 36",
    "until 36",
    "until 36",
    "point weights[0][1][0]",
)
OUT = Path(__file__).with_name("screen.svg")


async def picture() -> str:
    """Play the lines, and give the screen as SVG."""
    engine = LocalEngine.start()
    app = NntuiApp(engine, find("xor"), listens=False, pace=Pace(asks=False), remembered=Remembered())
    async with app.run_test(size=SIZE) as pilot:
        for line in ("", *LINES):
            if line:
                app.link.send(words.parse(line))  # type: ignore[arg-type]
            for _ in range(6):
                app.link.take(engine.receive(2.0))
                await pilot.pause()
        assert isinstance(app.work.sections.get("code"), m.CodeView)
        return app.export_screenshot(title="nntui xor", simplify=True)


def main() -> None:
    """Write it."""
    os.environ["NNTUI_CONFIG"] = tempfile.mkdtemp()
    os.environ["COLORTERM"] = "truecolor"
    svg = asyncio.run(picture())
    # The fonts are named by addresses that a reader of the README should not have to fetch.
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    OUT.write_text(
        svg.replace("Fira Code", "ui-monospace, SFMono-Regular, Menlo, Consolas, DejaVu Sans Mono"), encoding="utf-8"
    )


if __name__ == "__main__":
    main()
