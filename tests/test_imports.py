"""What must not be imported, seen in processes of their own."""

import subprocess
import sys
from pathlib import Path

import pytest

import nntui

HEAVY = ("numba", "llvmlite", "rich", "shtab", "tomlkit", "numpy.linalg._umath_linalg")


def imported(statement: str) -> set[str]:
    code = f"{statement}\nimport sys\nprint('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    return set(done.stdout.split())


def test_the_command_line_imports_nothing_until_it_is_needed() -> None:
    modules = imported("import nntui.cli")
    assert not {"numpy", "numba", "msgspec", "nntui.session.session"} & modules


@pytest.mark.parametrize("module", ["nntui.plain.front", "nntui.plain.start", "nntui.session.process.client"])
def test_the_front_end_computes_nothing(module: str) -> None:
    modules = imported(f"import {module}")
    assert not {"numpy", "numba", "nntui.session.session", "nntui.models.mlp"} & modules


def modules_of(package: str) -> list[str]:
    folder = Path(nntui.__file__).parent / package
    return [f"nntui.{package.replace('/', '.')}.{path.stem}" for path in sorted(folder.glob("*.py"))]


def test_the_screen_computes_nothing() -> None:
    drawn = [name for name in modules_of("tui/panes") if not name.endswith(".alone")]
    names = ["nntui.tui.app", *modules_of("tui"), *modules_of("tui/screens"), *modules_of("tui/wire"), *drawn]
    assert len(names) > 40
    curve = "plot([Line((0, 1), (0, 1), Look().ink.text)], 60, 20, Look(), lambda value, digits: str(value))"
    statement = f"import {', '.join(names)}\nfrom nntui.tui.look import Look\nfrom nntui.tui.panes.plot import Line, plot\n{curve}"
    modules = imported(statement)
    assert {"plotext", "nntui.tui.panes.twist"} <= modules
    assert not {"numpy", "numba", "nntui.session.session"} & modules
    assert not [name for name in modules if name.startswith("nntui.models")]


def test_the_engine_imports_numba_only_for_a_rung_that_needs_it() -> None:
    modules = imported("import nntui.session.session, nntui.models.mlp")
    assert not set(HEAVY[:5]) & modules


def test_messages_know_nobody() -> None:
    modules = {name for name in imported("import nntui.messages") if name.startswith("nntui")}
    assert "nntui.messages" in modules
    assert {name for name in modules if not name.startswith("nntui.messages")} == {"nntui"}
