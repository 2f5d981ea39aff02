"""The folder of a recording's data files goes with the process, even if that is killed."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from nntui.session.recording import laid

KILLED = """
import os, signal
from nntui.session.recording.laid import LaidOut
found = LaidOut()
print(found.path, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_what_a_killed_process_has_left_is_removed_by_the_next(temporary: Path) -> None:
    held = laid.LaidOut()
    done = subprocess.run(
        [sys.executable, "-c", KILLED], capture_output=True, text=True, env={**os.environ, "TMPDIR": str(temporary)},
        check=False,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL
    orphan = Path(done.stdout.strip()).parent
    assert orphan.parent == temporary
    others = [temporary / f"{laid.PREFIX}file", temporary / f"{laid.PREFIX}link", temporary / f"{laid.PREFIX}strange"]
    others[0].write_text("")
    others[1].symlink_to(orphan)
    others[2].mkdir()
    laid.LaidOut().remove()
    assert orphan.exists(), "it is young: it may be about to be locked"
    for folder in (orphan, held.path.parent, others[2]):
        os.utime(folder, (0, 0))
    laid.LaidOut().remove()
    assert not orphan.exists()
    assert held.path.exists()
    assert all(os.path.lexists(other) for other in others)
    held.remove()
    assert not held.path.parent.exists()
