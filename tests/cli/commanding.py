"""What the tests of the commands share: a small scenario, and a command as a person types it."""

import os
import subprocess
import sys
from pathlib import Path

XOR = """\
format = 1
title = "Small"
[data]
name = "corners-xor"
[model]
kind = "mlp"
layers = [2, 2, 1]
seed = 3
[training]
batch_size = 4
twist = 0.5
"""
ENVIRONMENT = {**os.environ, "PYTHONIOENCODING": "utf-8"}


def nntui(*arguments: str, text: str = "", cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """A real process, its output, its exit code."""
    return subprocess.run(
        [sys.executable, "-m", "nntui", *arguments],
        input=text, capture_output=True, encoding="utf-8", timeout=120, cwd=cwd, env=ENVIRONMENT, check=False,
    )  # fmt: skip
