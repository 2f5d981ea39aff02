import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nntui.machine import gpu
from nntui.machine.gpu import Gpu, Gpus
from nntui.text import clean

H100 = "NVIDIA H100 80GB HBM3, 81559, 550.54.15, 9.0\n"
# A package in the place of numba, as far as it is asked.
NUMBA = """\
class Device:
    name = b"Made \\x1b up"
    compute_capability = (8, 6)
def is_available(): return {available}
def cuda_error(): return "no  driver\\nat all."
def list_devices(): return [Device()]
def current_context(number): raise OSError("out of memory")
"""


def answering(monkeypatch: pytest.MonkeyPatch, *answers: tuple[bool, str]) -> list[list[str]]:
    """Programs give these answers, one after another; which were run."""
    run: list[list[str]] = []

    def answer_of(command, *rest):
        run.append(command)
        return answers[len(run) - 1]

    monkeypatch.setattr(gpu, "answer_of", answer_of)
    return run


def test_nvidia_smi_tells_of_all_of_them(monkeypatch: pytest.MonkeyPatch):
    answering(monkeypatch, (True, H100 + "NVIDIA GB10, [N/A], 580.1, 12.1\n"))
    assert gpu.by_smi("smi") == (
        Gpu("NVIDIA H100 80GB HBM3", 81559 << 20, "9.0", "550.54.15"), Gpu("NVIDIA GB10", None, "12.1", "580.1")
    )  # fmt: skip


def test_an_older_one_is_asked_for_less_and_one_that_fails_finds_none(monkeypatch: pytest.MonkeyPatch):
    answering(
        monkeypatch, (False, 'Field "compute_cap" is not a valid field to query.'), (True, "Tesla K80, 11441, 418.1\n")
    )
    assert gpu.by_smi("smi") == (Gpu("Tesla K80", 11441 << 20, None, "418.1"),)
    answering(monkeypatch, (False, "NVIDIA-SMI has failed"), (False, ""))
    assert gpu.by_smi("smi") == ()


@given(st.text())
def test_whatever_it_prints_is_clean(text: str):
    with pytest.MonkeyPatch.context() as patch:
        answering(patch, (True, text))
        for found in gpu.by_smi("smi"):
            assert found.name == clean(found.name, gpu.NAME)
            assert all(
                told is None or told == clean(told, gpu.WORD) for told in (found.driver, found.compute_capability)
            )


def test_numba_cuda_is_asked_first_and_why_it_finds_none_is_told(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(gpu, "_installed", lambda package: True)
    monkeypatch.setattr("shutil.which", lambda name: "/bin/smi")
    found = {"devices": [{"name": "RTX", "memory_bytes": 5, "compute_capability": "8.6", "driver": "for CUDA 12.4"}]}
    run = answering(monkeypatch, (True, json.dumps(found)))
    assert gpu.gpus() == Gpus((Gpu("RTX", 5, "8.6", "for CUDA 12.4"),), "numba-cuda")
    assert len(run) == 1
    answering(monkeypatch, (True, '{"why": "the driver is\\ntoo old."}'), (True, H100))
    told = gpu.gpus()
    assert (told.by, told.note) == ("nvidia-smi", "numba-cuda finds none: the driver is too old")
    answering(monkeypatch, (False, ""), (False, ""), (False, ""))
    assert gpu.gpus() == Gpus(note="numba-cuda finds none: it fails or hangs; nvidia-smi finds none")


def test_a_gpu_that_lacks_numba_cuda_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(gpu, "_installed", lambda package: False)
    monkeypatch.setattr("shutil.which", lambda name: "/bin/smi")
    answering(monkeypatch, (True, H100))
    assert gpu.gpus().note == "numba-cuda is not installed; pip install 'nntui[cuda]' gets it"


def test_without_either_it_is_said(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(gpu, "_installed", lambda package: False)
    monkeypatch.setattr("shutil.which", lambda name: None)
    assert gpu.gpus() == Gpus(note="numba-cuda is not installed; there is no nvidia-smi")


@pytest.mark.parametrize("available", [True, False])
def test_numba_cuda_is_asked_in_a_process_of_its_own(available: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "numba" / "cuda").mkdir(parents=True)
    (tmp_path / "numba" / "__init__.py").touch()
    (tmp_path / "numba" / "cuda" / "__init__.py").write_text(NUMBA.format(available=available))
    source = Path(gpu.__file__).parent.parent.parent
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{source}")
    answer = gpu.by_numba()
    if available:  # what it cannot tell, here memory and driver, costs no more than itself
        assert answer.devices == (Gpu("Made \ufffd up", None, "8.6", None),)
    else:
        assert answer.why == "no driver at all"
