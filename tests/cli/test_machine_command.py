"""`nntui machine`."""

import json

import pytest
from commanding import nntui

from nntui.cli import main
from nntui.commands import machine
from nntui.text import clean


def test_this_machine_as_json_with_its_peak() -> None:
    done = nntui("machine", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    assert [peak["bits"] for peak in told["peaks"]] == [32, 64]
    assert all(0 < peak["one_core"] <= peak["all_cores"] for peak in told["peaks"])
    assert told["blas"]["threads"] == 1 or told["blas"]["threads_by"] != "OPENBLAS_NUM_THREADS"
    assert told["software"]["numba_fails"] == ""
    assert [rung["name"] for rung in told["rungs"]][:3] == ["loops", "numpy", "numba"]
    assert all(rung["there"] for rung in told["rungs"][:3])


def test_without_numba_the_rungs_that_are_compiled_are_absent(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "1")  # as the command asks for; put back afterwards
    monkeypatch.setattr(machine, "why_not_numba", lambda: "Numba needs NumPy 2.3 or less")
    assert main(["machine", "--no-measure"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert all(line == clean(line) and line.endswith(".") for line in lines)
    assert lines[0].startswith("Processor: ")
    assert "Peak: it was not measured." in lines
    assert "numba cannot be imported: Numba needs NumPy 2.3 or less." in lines
    assert "Rung numpy (whole-array operations): there." in lines
    absent = "absent; numba cannot be imported; pip install --upgrade numba numpy gets one that fits."
    assert f"Rung numba (the loops, compiled): {absent}" in lines
