import subprocess
import sys
from pathlib import Path

import pytest

from nntui.machine import about
from nntui.text import clean


def test_the_machine_is_one_clean_sentence():
    said = about.machine()
    assert said == clean(said)
    assert said.endswith(".")
    assert "Python 3" in said
    assert "numpy" in said


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ("processor\t: 0\nmodel name\t: Sun  Lane 3\nprocessor\t: 1\nmodel name\t: Moon\n", "Sun Lane 3"),
        ("processor\t: 0\nBogoMIPS\t: 50\nModel\t\t: Raspberry Pi 5\n", "Raspberry Pi 5"),
        ("model name: \x1b]0;owned\x07\u202ered\n", "�]0;owned��red"),
        ("model name: " + "x" * 200_000, "x" * (about.LIMIT - 1) + "…"),
        ("model name:\n:::\n\n", ""),
        ("", ""),
    ],
)
def test_a_processor_is_called_as_the_machine_tells_it(
    told: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(about, "CPUINFO", tmp_path / "cpuinfo")
    (tmp_path / "cpuinfo").write_text(told, encoding="utf-8")
    monkeypatch.setattr("platform.processor", lambda: "")
    monkeypatch.setattr("platform.machine", lambda: "")
    monkeypatch.setattr(sys, "platform", "linux")
    assert about.processor() == (name or "a processor without a name")


def test_bytes_that_are_no_text_and_a_missing_file_raise_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(about, "CPUINFO", tmp_path / "cpuinfo")
    assert about.processor()
    (tmp_path / "cpuinfo").write_bytes(b"model name: \xff\xfe fast\n")
    assert about.processor() == "\ufffd\ufffd fast"


def test_macos_is_asked_by_sysctl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(about, "CPUINFO", tmp_path / "none")
    monkeypatch.setattr(sys, "platform", "darwin")

    def run(asked, **options):
        return subprocess.CompletedProcess(asked, 0, b"Apple M2\n")

    monkeypatch.setattr(subprocess, "run", run)
    assert about.processor() == "Apple M2"

    def fails(asked, **options):
        raise subprocess.TimeoutExpired(asked, 2.0)

    monkeypatch.setattr(subprocess, "run", fails)
    assert about.processor()


def test_vectors_are_told_only_where_numba_is_imported_anyway(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delitem(sys.modules, "numba", raising=False)
    assert about.vector_bits() == 0
    assert "vectors" not in about.machine()
