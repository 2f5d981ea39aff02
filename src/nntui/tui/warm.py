"""What is imported in a thread once the first picture stands, so that neither the start nor a key waits for it."""

from __future__ import annotations

import contextlib
import threading


def warm() -> None:
    """Begin to import it."""
    threading.Thread(target=_import, name="imports", daemon=True).start()


def _import() -> None:
    with contextlib.suppress(ImportError):
        import plotext  # noqa: F401 - the loss plot is drawn with it
        import textual.command  # noqa: F401 - the palette

        import nntui.tui.screens.help
        import nntui.tui.screens.settings
        import nntui.tui.screens.why  # noqa: F401
