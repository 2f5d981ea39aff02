import threading

import pytest

from nntui.machine import peak


def test_both_precisions_have_a_peak_for_one_core_and_for_all():
    found = peak.measure(seconds=0.0)
    assert [one.bits for one in found] == [32, 64]
    assert all(one.one_core > 0.0 and one.all_cores > 0.0 for one in found)
    assert peak.cores() >= 1


def test_each_core_has_its_products_at_the_same_time(monkeypatch: pytest.MonkeyPatch):
    at_work: set[int] = set()
    real = peak._work

    def work(*args):
        at_work.add(threading.get_ident())
        real(*args)

    monkeypatch.setattr(peak, "_work", work)
    monkeypatch.setattr(peak, "ROUNDS", 0)
    assert peak._best(64, 3, 0.0) == 0.0  # nothing but the round that fetches code and memory
    assert len(at_work) == 3  # they wait for one another, so none is over before the last begins


def test_without_affinity_all_cores_count(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delattr("os.sched_getaffinity", raising=False)
    monkeypatch.setattr("os.cpu_count", lambda: None)
    assert peak.cores() == 1
