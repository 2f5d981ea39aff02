"""The built wheel holds all that a lesson needs."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=120)
    return zipfile.ZipFile(next(folder.glob("*.whl")))


def test_every_lesson_is_in_the_wheel(wheel: zipfile.ZipFile) -> None:
    shipped = {path.relative_to(ROOT).as_posix() for path in (ROOT / "scenarios").rglob("*.toml")}
    assert shipped
    assert {f"nntui/{path}" for path in shipped} <= set(wheel.namelist())


def test_the_digits_and_their_licence_are_in_the_wheel(wheel: zipfile.ZipFile) -> None:
    assert {"nntui/data/digits.npz", "nntui/data/DIGITS.md", "nntui/py.typed"} <= set(wheel.namelist())


def test_no_tests_and_nothing_compiled_are_in_the_wheel(wheel: zipfile.ZipFile) -> None:
    assert not [
        name for name in wheel.namelist() if name.startswith("tests") or name.endswith((".pyc", ".nbi", ".nbc"))
    ]
