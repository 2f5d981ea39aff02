"""Nobody's settings are read or written by the tests of the screen."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nobody's settings are read or written."""
    folder = tmp_path / "config"
    monkeypatch.setenv("NNTUI_CONFIG", str(folder))
    monkeypatch.setenv("NNTUI_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("NO_COLOR", raising=False)
    return folder
