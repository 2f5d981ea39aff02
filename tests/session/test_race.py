"""Races through the session: lanes, positions, stopping, waiting, saved results. Nothing here depends on speed."""

import json
import math
from itertools import pairwise

import msgspec
import numpy as np
import pytest
from driving import CLOUD, CORNERS, do, errors, opened, parameters, state, told
from hypothesis import given, settings
from hypothesis import strategies as st

from nntui import messages as m
from nntui import words
from nntui.models.plans import GradientPlan, TwistPlan
from nntui.scenario.meaning import RUNGS
from nntui.sentences.facts import FactTeller
from nntui.sentences.numbers import Voice
from nntui.session.process.local import LocalEngine
from nntui.session.race import racing
from nntui.session.race import state as state_of_races
from nntui.session.race.course import Course, part, shortened
from nntui.session.race.reasons import Size, Timed, reason
from nntui.session.race.results import as_json, read
from nntui.session.race.runner import Runner
from nntui.session.session import Session, replay
from nntui.session.subject import CommandError

RACE = "race 0.01 loops,numpy"
DOWNHILL = CLOUD.replace(
    "batch_size = 7", 'batch_size = 7\nmethod = "gradient"\noptimizer = "adam"\nlearning_rate = 0.05'
)


@pytest.fixture(autouse=True)
def a_peak_at_once(monkeypatch):
    monkeypatch.setattr(racing, "peaks", lambda: ((32, 40.0, 80.0), (64, 20.0, 40.0)))


def raced(session, line=RACE):
    return told(do(session, line), m.RaceEnded)[0].view


# ---------------------------------------------------------------- what is measured


@pytest.mark.parametrize("text", [CORNERS, CLOUD, DOWNHILL], ids=["corners by twists", "cloud by twists", "adam"])
def test_each_rung_gets_its_time_and_all_that_it_did_is_counted(text):
    session = opened(text)
    view = raced(session)
    assert [(lane.rung, lane.state, lane.precision) for lane in view.lanes] == [
        ("loops", "done", 64),
        ("numpy", "done", 64),
    ]
    for lane in view.lanes:
        assert lane.seconds >= 0.01
        assert lane.samples_per_second == pytest.approx(lane.samples / lane.seconds)
        assert lane.epochs == pytest.approx(lane.samples / session.desk.model.samples)
        assert lane.gflops == pytest.approx(lane.samples_per_second * view.operations_per_sample / 1e9)
        assert lane.peak_share == pytest.approx(lane.gflops / 20.0)
        assert lane.speedup == pytest.approx(lane.samples_per_second / view.lanes[0].samples_per_second)
        assert lane.steps <= lane.samples <= lane.steps * view.batch
        assert math.isfinite(lane.loss)
    assert not view.running


def test_operations_are_those_of_the_network():
    # 2-3-1: 9 multiply-adds forwards; backwards one for each weight, and one more behind each but the first layer
    assert raced(opened(CLOUD)).operations_per_sample == 2 * 2 * 9
    assert raced(opened(DOWNHILL)).operations_per_sample == 2 * (9 + 9 + 3)


def test_nothing_of_the_training_is_touched():
    session = opened(DOWNHILL)
    do(session, "run 20")
    before, snapshot = state(session), parameters(session)
    do(session, RACE, "race 0.01 numpy 32")
    assert (state(session), parameters(session)) == (before, snapshot)
    do(session, "run 5", "back 10 step")
    alone = opened(DOWNHILL)
    do(alone, "run 20", "run 5", "back 10 step")
    assert parameters(alone) == parameters(session)


def test_a_race_in_both_precisions_has_loops_once():
    view = raced(opened(CLOUD), "race 0.01 loops,numpy 32,64")
    assert [(lane.rung, lane.precision) for lane in view.lanes] == [("loops", 64), ("numpy", 32), ("numpy", 64)]
    assert view.lanes[0].note == "computes in 64 bits"
    assert view.lanes[1].peak_share == pytest.approx(view.lanes[1].gflops / 40.0)


def test_without_loops_there_is_no_speedup():
    assert raced(opened(CLOUD), "race 0.01 numpy").lanes[0].speedup is None


def test_a_compiled_rung_is_made_ready_apart():
    session = opened(CLOUD)
    facts = do(session, "race 0.01 numba")
    (lane,) = told(facts, m.RaceEnded)[0].view.lanes
    assert lane.state == "done"
    assert lane.compile_seconds > 0
    assert [type(fact) for fact in facts] == [
        m.RaceBegan, m.Preparing, m.Ready, m.LaneEnded, m.RaceEnded, m.Settled
    ]  # fmt: skip


def test_an_unknown_rung_is_refused():
    assert errors(do(opened(CLOUD), "race 0.01 numpi")) == ["there is no rung 'numpi'; did you mean 'numpy'?"]


def test_a_rung_that_fails_does_not_end_the_race(monkeypatch):
    session = opened(CLOUD)

    def fail(self, seconds):
        raise RuntimeError("out of\nluck \x1b[31m")
        yield

    monkeypatch.setattr(racing.Runner, "run", fail)
    view = raced(session)
    assert [(lane.state, lane.note) for lane in view.lanes] == [
        ("failed", "loops has failed: out of"), ("failed", "numpy has failed: out of")
    ]  # fmt: skip
    assert session.ask(m.AskReading("race_failed")) == m.Reading("race_failed", 2.0)
    assert session.ask(m.AskReading("raced")) == m.Reading("raced", 0.0)


# ---------------------------------------------------------------- commands during a race


def test_stop_ends_it_with_what_was_measured():
    session = opened(CLOUD)
    session.handle(words.parse("race 60 loops,numpy"))
    while session.desk.races.race.lanes[0].steps == 0:
        session.work(0.0)
    assert session.busy
    assert session.status().running
    assert session.ask(m.AskView("race")).running
    (ended,) = told(session.handle(m.Stop()), m.RaceEnded)
    assert ended.stopped == "stopped"
    assert [lane.state for lane in ended.view.lanes] == ["done", "waiting"]
    assert not session.busy
    assert not ended.view.running


def test_what_halts_takes_its_place_and_what_does_not_goes_beside_it():
    session = opened(CLOUD)
    session.handle(words.parse("race 60 loops"))
    session.work(0.0)
    assert not told(session.handle(words.parse("point weights[0][0][1]")), m.RaceEnded)
    assert session.desk.races.running
    facts = session.handle(words.parse("run 5")) + session.settle()
    assert [type(fact) for fact in facts if isinstance(fact, m.RaceEnded | m.Trained)] == [m.RaceEnded, m.Trained]
    assert session.desk.training.step == 5


def test_a_race_is_one_turn_of_work_however_long_it_takes():
    session = opened(CLOUD)
    before = session.position.work
    do(session, "race 0.05 loops,numpy")
    first = session.position.work
    do(session, RACE)
    assert session.position.work - first == first - before


def test_a_log_with_races_replays_to_the_same_bits():
    session = opened(CLOUD)
    do(session, "run 7", RACE, "run 4")
    session.handle(words.parse("race 60 loops"))
    session.work(0.0)
    session.work(0.0)
    do(session, "run 3", RACE, "try 2")
    log, other = session.log, Session()
    facts = replay(log, other)
    assert not errors(facts)
    assert state(other) == state(session)
    assert other.position == session.position


def test_a_race_is_neither_undone_nor_a_detour():
    session = opened(CLOUD)
    do(session, "run 7", RACE, "undo")
    assert session.desk.training.step == 0
    assert session.ask(m.AskReading("raced")) == m.Reading("raced", 2.0)
    do(session, "reset")
    assert session.ask(m.AskReading("raced")) == m.Reading("raced", 2.0)


class Later:
    """Makes things ready when it is told to."""

    def __init__(self):
        self.makings = []

    def __call__(self, make):
        self.makings.append(self)
        self.make, self.is_done = make, False
        return self

    def done(self):
        return self.is_done

    def result(self):
        return self.make()


def test_while_a_rung_is_made_ready_there_is_nothing_to_do_and_keys_are_obeyed():
    later = Later()
    session = opened(CLOUD, preparer=later)
    session.handle(words.parse("race 0.01 numba"))
    while not later.makings:
        session.work(0.0)
    assert session.waiting  # for the peak
    later.is_done = True
    while len(later.makings) < 2:
        session.work(0.0)
    assert session.waiting
    assert session.desk.races.race.lanes[0].state == "compiling"
    assert session.work(math.inf) == []  # returns at once
    assert told(session.handle(words.parse("rate 0.5")), m.SettingChanged)
    assert told(session.handle(m.Stop()), m.RaceEnded)[0].view.lanes[0].state == "waiting"
    assert not session.waiting


def being_made_for_a_check(later):
    """A session in the middle of a check, whose rung is being made ready."""
    session = opened(CLOUD, preparer=later)
    facts = session.handle(words.parse("check numba"))
    while not later.makings:
        facts += session.work(0.0)
    assert told(facts, m.Preparing)
    assert session.waiting
    assert (session.status().preparing, session.status().making) == (True, "numba")
    return session


def settled(session, later):
    """Work to the end, all that is made being ready at once."""
    facts = []
    while session.busy:
        later.is_done = True
        facts += session.work(0.0)
    return facts


def test_a_check_says_that_it_waits_for_a_compiler_and_that_a_race_has_stopped_it():
    later = Later()
    session = being_made_for_a_check(later)
    facts = session.handle(words.parse("race 0.01 loops")) + settled(session, later)
    assert [fact.sentence for fact in told(facts, m.Note)] == ["The check of numba was stopped."]
    assert not told(facts, m.Checked)
    assert told(facts, m.RaceEnded)
    assert not session.status().preparing


def test_a_rung_that_cannot_be_compiled_is_not_checked_and_says_why():
    class Failing(Later):
        def result(self):
            raise OSError("no compiler")

    later = Failing()
    session = being_made_for_a_check(later)
    facts = settled(session, later)
    assert errors(facts) == ["numba cannot be checked, for it could not be made ready: no compiler"]
    assert not session.busy


def test_what_was_compiled_for_a_check_took_its_time_before_the_race():
    session = opened(CLOUD)
    checked = do(session, "check numba")
    took = told(checked, m.Ready)[0].seconds
    session.desk.races.made["numba", 64] = state_of_races.Made(took + 5, 0.0)  # as if it had taken long
    facts = do(session, "race 0.01 numba")
    assert told(facts, m.RaceEnded)[0].view.lanes[0].compile_seconds == took + 5
    assert not told(facts, m.Preparing)  # what was quick the last time is not worth a word


def test_what_cannot_be_compiled_is_told_of_its_lane():
    class Failing(Later):
        def result(self):
            if len(self.makings) > 1:
                raise OSError("no compiler")
            return self.make()

    later = Failing()
    session = opened(CLOUD, preparer=later)
    session.handle(words.parse("race 0.01 numpy,numba"))
    while session.busy:
        later.is_done = True
        session.work(0.0)
    assert [lane.state for lane in session.desk.races.race.lanes] == ["done", "failed"]


def test_frames_show_the_bars_growing():
    with LocalEngine.start() as engine:
        engine.send(m.Open(CLOUD, "test.toml"))
        engine.subscribe(("race",))
        list(engine.settle())
        engine.send(words.parse("race 60 loops"))
        seen = []
        while len(set(seen)) < 3:
            for frame in engine.receive(0.05):
                if isinstance(frame, m.Frame):
                    engine.acknowledge(frame.number)
                    seen += [view.lanes[0].steps for view in frame.sections.values() if view.running]
        engine.send(m.Stop())
        assert told(list(engine.settle()), m.RaceEnded)
        assert seen == sorted(seen)


# ---------------------------------------------------------------- the course


@given(st.lists(st.integers(1, 6), min_size=1, max_size=12), st.data())
def test_parts_of_a_plan_make_the_plan(sizes, data):
    starts = np.concatenate([[0], np.cumsum(sizes)])
    order = np.arange(starts[-1]) * 7
    whole = TwistPlan(np.arange(len(sizes)), np.arange(len(sizes)) / 2, order, starts)
    cut = data.draw(st.integers(0, len(sizes)))
    first, second = part(whole, 0, cut), part(whole, cut, len(sizes) - cut)
    assert [*first.order, *second.order] == order.tolist()
    assert [*np.diff(first.starts), *np.diff(second.starts)] == sizes
    assert [*first.amounts, *second.amounts] == whole.amounts.tolist()
    few = shortened(whole, 2)
    assert np.diff(few.starts).tolist() == [min(size, 2) for size in sizes]
    assert few.order.tolist() == [n for a, b in pairwise(starts) for n in order[a : min(a + 2, b)]]


class SlowRung:
    """Takes as much of a clock of its own as it has samples; or so much for a step, and so much for a sample."""

    def __init__(self, clock, step=0.0, sample=1):
        self.clock, self.step, self.sample = clock, step, sample
        self.batches = []

    def load(self, parameters):
        pass

    def start(self, plan):
        rung = self

        class Work:
            outcome = None

            def run(self, deadline):
                rung.clock[0] += rung.step * plan.steps + rung.sample * len(plan.order)
                rung.batches.append(int(np.diff(plan.starts).max()))
                return True

        return Work()


def test_steps_that_would_take_longer_than_the_race_are_cut(monkeypatch):
    clock = [0.0]
    monkeypatch.setattr("nntui.session.race.runner.time.perf_counter", lambda: clock[0])
    plan = GradientPlan(np.arange(64), np.array([0, 32, 64]), "sgd", 0.1, 0.0, 0.0, np.zeros((0, 3)))
    rung = SlowRung(clock)
    runner = Runner(rung, Course(np.zeros(3), plan, 64))
    for _ in runner.run(3.0):
        pass
    assert runner.step_samples == 2
    assert rung.batches == [1, 2, 4, 4, 2, 2]
    assert (runner.samples, runner.steps, runner.seconds) == (4, 2, 4.0)


def test_steps_that_take_as_long_with_few_samples_are_left_whole(monkeypatch):
    clock = [0.0]
    monkeypatch.setattr("nntui.session.race.runner.time.perf_counter", lambda: clock[0])
    plan = GradientPlan(np.arange(64), np.array([0, 32, 64]), "sgd", 0.1, 0.0, 0.0, np.zeros((0, 3)))
    for fixed, samples in ((0.2, 32), (0.6, 1)):  # seconds of a step whatever it has to do: its weights are many
        rung = SlowRung(clock, fixed, 0.001)
        runner = Runner(rung, Course(np.zeros(3), plan, 64))
        for _ in runner.run(0.1):
            pass
        assert runner.step_samples == samples


# ---------------------------------------------------------------- over widths


def test_a_race_over_widths_finds_a_winner_at_each():
    session = opened(CLOUD)
    before = state(session)
    facts = do(session, "race widths 0.01 numpy")
    ends, (over,) = told(facts, m.WidthEnded), told(facts, m.WidthsEnded)
    assert [end.width for end in ends] == list(over.view.widths) == [2, 10, 32, 100, 320, 1000, 3200, 10_000]
    assert {end.winner for end in ends} == {"numpy"}
    assert all(end.why.startswith("A step of 7 samples is ") for end in ends)
    assert session.ask(m.AskView("widths")) == over.view
    assert state(session) == before


def test_widths_that_would_be_too_many_weights_are_left_out():
    session = opened(CLOUD.replace("[2, 3, 1]", "[2, 3, 3, 1]"))
    session.handle(words.parse("widths 0.01 loops"))
    view = session.desk.races.widths
    assert view.widths[-1] == 1000
    assert view.left_out[0][1] == "3,200 neurons would be more than 4,000,000 weights"
    assert told(session.handle(m.Stop()), m.WidthsEnded)[0].stopped == "stopped"


def test_widths_need_a_hidden_layer():
    session = opened(CLOUD.replace("[2, 3, 1]", "[2, 1]"))
    assert "hidden layer" in errors(do(session, "widths"))[0]


def test_a_rung_that_fails_at_a_width_is_left_out_of_it(monkeypatch):
    def fail(self, seconds):
        raise RuntimeError("no luck")
        yield

    monkeypatch.setattr(racing.Runner, "run", fail)
    session = opened(CLOUD)
    facts = do(session, "widths 0.01 numpy")
    assert not told(facts, m.WidthEnded)
    assert told(facts, m.WidthsEnded)[0].view.left_out[0] == ("numpy", "at 2 neurons it has failed: no luck")


@given(
    st.lists(st.sampled_from([*RUNGS, "x"]), min_size=1, max_size=4, unique=True),
    st.floats(1, 1e12), st.integers(1, 1000), st.integers(1, 10**9), st.integers(1, 8),
)  # fmt: skip
def test_every_winner_has_a_reason(rungs, operations, samples, weight_bytes, threads):
    timed = [Timed(rung, 1e-7 * 3**n, threads) for n, rung in enumerate(rungs)]
    said = reason(Size(operations, samples, weight_bytes), timed, ((1, 32_768), (2, 1_048_576)))
    assert said.startswith("A step of ")
    assert said.endswith(".")
    assert "\n" not in said


# ---------------------------------------------------------------- saved results


def test_a_result_is_read_as_it_was_written():
    session = opened(CLOUD)
    view = raced(session)
    text = "\n".join(as_json(lane, view) for lane in view.lanes)
    assert {"rung", "precision", "samples_per_second", "speedup", "gflops", "peak_share", "threads", "seconds",
            "compile_seconds", "samples", "steps", "state", "note", "sizes", "batch", "method", "data", "machine",
            "nntui"} <= set(json.loads(text.splitlines()[0]))  # fmt: skip
    (compared,) = told(session.handle(m.CompareRace("mine.json", text)), m.RaceCompared)
    assert [lane.samples_per_second for lane in compared.view.saved] == [lane.samples_per_second for lane in view.lanes]
    assert (compared.view.saved_name, compared.view.saved_machine) == ("mine.json", view.machine)
    assert session.ask(m.AskView("race")).saved == compared.view.saved
    assert told(do(session, "race alone"), m.RaceCompared)[0].view.saved == ()


def test_a_saved_result_is_compared_with_where_it_did_the_same_work():
    session = opened(CLOUD)
    view = raced(session)
    text = "\n".join(as_json(msgspec.structs.replace(lane, samples_per_second=1.0), view) for lane in view.lanes)
    facts = session.handle(m.CompareRace("then.json", text)) + do(session, RACE)
    teller, voice = FactTeller(), Voice(width=1000)
    said = " ".join(line for fact in facts for line in teller.tell(fact, voice))
    assert "Against then.json: loops " in said
    assert session.desk.races.race.saved_on == ""
    other = text.replace(f'"batch": {view.batch}', '"batch": 77')
    (fact,) = told(session.handle(m.CompareRace("other.json", other)), m.RaceCompared)
    assert fact.view.saved_on == "2-3-1, batches of 77, by twists"
    said = " ".join([*teller.tell(fact, voice), *(line for f in do(session, RACE) for line in teller.tell(f, voice))])
    assert "the numbers do not compare" in said
    assert "Against" not in said


def test_beside_a_race_that_has_not_been_run_the_lanes_wait():
    session = opened(CLOUD)
    line = json.dumps({"rung": "warp\x1b", "precision": 32, "samples_per_second": 1e9, "new": [1]})
    view = told(session.handle(m.CompareRace("other", line)), m.RaceCompared)[0].view
    assert view.saved[0].rung == "warp\N{REPLACEMENT CHARACTER}"
    assert {lane.state for lane in view.lanes} <= {"waiting", "absent"}


GOOD = {"rung": "numpy", "precision": 64, "samples_per_second": 1000.0, "machine": "a machine"}


@pytest.mark.parametrize(
    "change",
    [
        {"samples_per_second": "fast"}, {"samples_per_second": -1.0}, {"precision": 16}, {"threads": 0}, {"rung": 3},
        {"precision": 64.5}, {"speedup": -2.0}, {"peak_share": 1e300}, {"samples_per_second": None},
    ],
    ids=str,
)  # fmt: skip
def test_a_result_that_says_what_cannot_be_is_refused(change):
    with pytest.raises(CommandError, match="line 1 of r"):
        read("r", json.dumps({**GOOD, **change}))


@pytest.mark.parametrize("text", ["NaN", '{"rung": "a", "precision": 64, "samples_per_second": NaN}', "[]", "\n", "{",
                                  '{"rung": "a", "precision": 64, "samples_per_second": 1e999}', "[" * 10_000])  # fmt: skip
def test_what_is_no_result_is_refused_by_one_line(text):
    with pytest.raises(CommandError) as error:
        read("r", text)
    assert "\n" not in str(error.value)


def test_more_rungs_than_can_race_are_refused():
    with pytest.raises(CommandError, match="one too many"):
        read("r", "\n".join([json.dumps(GOOD)] * (m.MOST_RACERS + 1)))


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=60)
@given(st.text(max_size=80) | st.dictionaries(st.sampled_from([*GOOD, "threads", "state", "x"]), JSON).map(
    lambda change: json.dumps({**GOOD, **change})))  # fmt: skip
def test_any_text_is_a_result_or_refused(text):
    lanes, refusal = (), ""
    try:
        lanes = read("r", text).lanes
    except CommandError as error:
        refusal = str(error)
    assert bool(lanes) != bool(refusal)
    assert "\n" not in refusal
    assert all(lane.precision in (32, 64) and math.isfinite(lane.samples_per_second) for lane in lanes)
