from pathlib import Path

import pytest
from commanding import XOR


@pytest.fixture
def small(tmp_path: Path) -> str:
    """The name of a file with a small scenario."""
    path = tmp_path / "small.toml"
    path.write_text(XOR)
    return str(path)
