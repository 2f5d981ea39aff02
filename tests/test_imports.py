"""What must not be imported, seen in processes of their own."""

import subprocess
import sys

import pytest

HEAVY = ("numba", "llvmlite", "rich", "shtab", "tomlkit", "numpy.linalg._umath_linalg")


def imported(statement: str) -> set[str]:
    code = f"{statement}\nimport sys\nprint('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    return set(done.stdout.split())


def test_the_command_line_imports_nothing_until_it_is_needed() -> None:
    modules = imported("import nntui.cli")
    assert not {"numpy", "numba", "msgspec", "nntui.session.session"} & modules


@pytest.mark.parametrize("module", ["nntui.plain.front", "nntui.plain.start", "nntui.session.client"])
def test_the_front_end_computes_nothing(module: str) -> None:
    modules = imported(f"import {module}")
    assert not {"numpy", "numba", "nntui.session.session", "nntui.models.mlp"} & modules


def test_the_engine_imports_numba_only_for_a_rung_that_needs_it() -> None:
    modules = imported("import nntui.session.session, nntui.models.mlp")
    assert not set(HEAVY[:5]) & modules


def test_messages_know_nobody() -> None:
    modules = {name for name in imported("import nntui.messages") if name.startswith("nntui")}
    assert modules == {"nntui", "nntui.messages"}
