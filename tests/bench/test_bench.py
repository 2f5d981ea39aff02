"""The bench: the structure of what it writes, who is left out and why, and that everyone computes the same."""

from __future__ import annotations

import json
import shutil
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from nntui.bench import by_twists, command, measuring, report, verdicts
from nntui.bench.command import Bench
from nntui.bench.contestants import Contestant, ladder, peers
from nntui.bench.measuring import Measurement, Result, summed_up
from nntui.bench.tasks import SIZES
from nntui.cli import main
from nntui.models.mlp import ladder as mlp_ladder

FAKE = """
import json, sys
from array import array
print(json.dumps({"version": "1.0"}), flush=True)
for line in sys.stdin:
    told = json.loads(line)
    if told["do"] == "prepare":
        folder, answer = told["folder"], {"ready": 0.0}
    elif told["do"] == "check":
        open(told["file"], "wb").write(open(folder + "/first.f64", "rb").read())  # has learned nothing
        answer = {"checked": told["steps"]}
    else:
        answer = {"samples": 1000, "seconds": 0.5, "width": 0}
    if WRONG == told["do"]:
        answer = {"error": "it hurts"}
    print(json.dumps(answer), flush=True)
"""


def measured(*contestants: Contestant, size: str = "P", rounds: int = 2) -> Measurement:
    measurement = Measurement(contestants, lambda text: None)
    measurement.run([SIZES[size]], [64], rounds, 0.005)
    return measurement


def fake(wrong: str = "", **more: object) -> Contestant:
    command = (sys.executable, "-c", f"WRONG = {wrong!r}\n{FAKE}")
    return replace(Contestant("fake", "Fake", command, precisions=(64,), unchecked=("P",)), **more)


def result(contestant: str, median: float, threads: int = 1) -> Result:
    rung = contestant in ("numpy", "numba")
    return Result(
        size="P", precision=32, contestant=contestant, title=contestant, rung=rung, threads=threads,
        rounds=[median, median / 2, median * 2],
    )  # fmt: skip


def test_writes_markdown_and_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = (
        "bench --sizes p --rungs loops,numpy --no-peers --only-speeds --seconds 0.01 --rounds 2 --precision 64 --out"
    )
    assert main([*words.split(), str(tmp_path)]) == 0
    found = json.loads((tmp_path / "bench.json").read_text())
    assert [entry["contestant"] for entry in found["results"]] == ["loops", "numpy"]
    for entry in found["results"]:
        assert len(entry["rounds"]) == 2
        assert entry["low"] <= entry["median"] <= entry["high"]
    assert set(found["peaks"]) == {"32", "64"}
    text = (tmp_path / "bench.md").read_text()
    assert "## P 2-4-2-1, batch 10" in text
    assert "`loops`" in text
    assert "loops, 64 bits" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("--sizes Q", "there is no size 'Q'; there are P, M, L, XL"),
        ("--rungs numby", "there is no rung 'numby'; did you mean 'numpy'?"),
        ("--precision 16", "there is no precision '16'; there are 32, 64"),
    ],
)
def test_a_wrong_option_gets_one_sentence(words: str, sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", *words.split()]) == 2
    assert capsys.readouterr().err == f"nntui: {sentence}\n"


def test_a_fake_peer_is_measured() -> None:
    found = summed_up(measured(fake()).found.results, {})
    assert [(one.contestant, one.median, len(one.rounds)) for one in found] == [("fake", 2000.0, 2)]


@pytest.mark.parametrize("wrong", ["prepare", "measure"])
def test_a_peer_that_fails_is_left_out_and_said_so(wrong: str) -> None:
    missing = measured(fake(wrong)).found.missing
    assert [(one.title, one.why) for one in missing] == [("Fake", "it hurts")]


def test_a_peer_that_computes_something_else_is_left_out() -> None:
    measurement = measured(fake(unchecked=()))
    assert not measurement.found.results
    assert "computes something else" in measurement.found.missing[0].why


def test_an_absent_peer_is_said_with_what_would_enable_it() -> None:
    gone = fake(command=("/nowhere/at/all",), enabled_by="pip install nntui[bench]")
    missing = measured(gone).found.missing
    assert missing[0].why.startswith("it does not start")
    assert missing[0].enabled_by == "pip install nntui[bench]"


@pytest.mark.parametrize("size", ["P", "M"])
@pytest.mark.skipif(shutil.which("node") is None, reason="there is no node")
def test_the_playground_agrees_with_the_reference(size: str) -> None:
    playground = next(peer for peer in peers() if peer.name == "playground")
    measurement = measured(playground, size=size, rounds=1)
    assert not measurement.found.missing
    assert measurement.found.results[0].check.startswith("off by")


def test_each_precision_has_a_process_of_its_own() -> None:
    """What a library compiled for one precision was forgotten for the other, and compiled again while it was timed."""
    started = Measurement([ladder(["numpy"])[0]], lambda text: None)
    try:
        first, second = (started._talk(started._contestants[0], 1, bits) for bits in (32, 64))
        assert first is not second
    finally:
        started.close()


def test_of_several_settings_of_threads_the_best_median_counts() -> None:
    found = summed_up([result("numpy", 10.0), result("numpy", 30.0, threads=2)], {})
    assert [(one.threads, one.tried) for one in found] == [(2, {1: 10.0, 2: 30.0})]


def test_ratios_are_of_the_best_compiled_rung() -> None:
    results = summed_up([result("numba", 700.0), result("numpy", 9000.0), result("torch-eager", 0.1)], {})
    only = verdicts.verdicts(results, {})
    assert [(v.against, v.best_rung, v.measured, v.reached) for v in only] == [
        ("PyTorch eager", "numba", pytest.approx(7000.0), True)
    ]


def test_numbers_are_said_in_three_digits() -> None:
    assert [report.count(n) for n in (77.1e6, 57_300, 834, 999_999)] == ["77.1 M", "57.3 k", "834", "1 M"]
    assert [report.duration(s) for s in (0.00015, 0.31, 480, 13.7 * 86400)] == [
        "150 µs",
        "310 ms",
        "8 minutes",
        "13.7 days",
    ]


def test_training_by_twists_is_measured_for_every_rung(monkeypatch: pytest.MonkeyPatch) -> None:
    some = lambda network: {name: mlp_ladder.rungs(network)[name] for name in ("loops", "numpy")}  # noqa: E731
    monkeypatch.setattr(by_twists, "rungs", some)
    found = by_twists.measured("P", rounds=2, seconds=0.005)
    assert [(one.rung, len(one.rounds)) for one in found] == [("loops", 2), ("numpy", 2)]
    bench = Bench("today", "a machine", 2, 0.005, by_twists=found)
    text = report.markdown(bench)
    assert "## Training by twists" in text
    assert [line.split(" | ")[1] for line in text.splitlines() if line.startswith("| P")] == ["`loops`", "`numpy`"]


def test_what_fails_in_a_process_of_its_own_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench("today", "a machine", 2, 0.005)
    assert command._alone(bench, "nntui.bench.by_twists", "Q", 1, 0.1) == "[]"
    assert [(one.contestant, one.size, one.why) for one in bench.missing] == [("by_twists", "Q", "KeyError: 'Q'")]


def test_a_slow_one_is_compared_after_one_step() -> None:
    numpy = replace(ladder(["numpy"])[0], precisions=(64,), threads=(1,), slow=("P",))
    assert measured(numpy, rounds=1).found.results[0].check.endswith("after one step")


def test_a_quick_look_tries_one_setting_of_threads() -> None:
    numpy = replace(ladder(["numpy"])[0], precisions=(64,), threads=(1, 2))
    quick = Measurement([numpy], lambda text: None, quick=True)
    quick.run([SIZES["M"]], [64], 1, 0.005)
    assert [result.threads for result in quick.found.results] == [1]


def test_an_interrupt_waits_for_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """While one is made ready, which may take minutes: all processes are ended."""
    forever = fake(command=(sys.executable, "-c", "import time; print('{}', flush=True); time.sleep(600)"))
    measurement = Measurement([forever], lambda text: None)

    class Interrupted(measuring.ThreadPoolExecutor):
        def map(self, *arguments):
            super().map(*arguments)
            while not measurement._talks:
                time.sleep(0.01)
            raise KeyboardInterrupt

    monkeypatch.setattr(measuring, "ThreadPoolExecutor", Interrupted)
    with pytest.raises(KeyboardInterrupt):
        measurement.run([SIZES["P"]], [64], 1, 0.005)
    assert not measurement._talks
