"""The plot of the loss has its past wherever a recording is taken up, and a branch its parent beside it on any axis."""

import random
from pathlib import Path

import msgspec
import numpy as np
import pytest
from recordings import SMALL, recorded, written

from nntui import messages as m
from nntui.session.process.pacing import SMALL as SMALL_BYTES
from nntui.session.recording.losses import NEVER, difference, put_together
from nntui.session.recording.player import Player
from nntui.session.recording.reading import read
from nntui.session.recording.records import Header, Losses
from nntui.session.recording.resuming import resumed
from nntui.session.run.behind import Behind
from nntui.session.run.curves import loss_view
from nntui.session.run.remembering import packed, rows_of
from nntui.session.session import Session

TEXT = SMALL.replace("samples = 20", "samples = 24\ntest_share = 0.25")
COMMANDS = (
    m.Run(300), m.Twist("weights[0][0][1]", 0.3), m.Use("numpy"), m.Run(900), m.Goto(800), m.Run(20), m.Goto(500),
    m.Goto(820), m.BatchSize(3), m.Run(400), m.BatchSize(18), m.Run(700), m.Goto(1500),
)  # fmt: skip


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return recorded(tmp_path_factory.mktemp("losses") / "x.nnrec", COMMANDS, TEXT)


def plots(session: Session) -> list[m.CurvesView]:
    """The plot along both axes that do not depend on a clock, as it is at rest."""
    assert session.desk is not None
    run = session.desk.training
    target, run.target = run.target, None
    found = [loss_view(run, (200, 10), (), axis) for axis in ("steps", "predictions")]
    run.target = target
    return found


def way(session: Session) -> dict[int, bytes]:
    """The way of the parameters, as the landscape shows it."""
    assert session.desk is not None
    run = session.desk.training
    return {step: point.tobytes() for step, point in run.timeline.path.points.items() if step < run.step}


def from_the_first_line(path: Path) -> Player:
    """A player that knows of no keyframe."""
    player = Player(path)
    player.timeline.keyframes.clear()
    player.way._begin_anew()
    return player


def test_the_plot_is_the_same_from_a_keyframe_and_from_the_first_line(path: Path) -> None:
    straight, player, dice = from_the_first_line(path), Player(path), random.Random(2)
    lines = len(straight.timeline.lines)
    for taken in [*sorted(dice.sample(range(straight.timeline.beginning() + 1, lines), 10)), lines]:
        player.stand(taken)
        if player.lost:  # on its way into a past that is not known here
            continue
        straight.stand(taken)
        assert straight.desk is not None
        if straight.desk.training.origin_step is not None:  # on its way to a step: how far it is depends on the clock
            continue
        assert plots(player.session) == plots(straight.session)
        assert player.status().furthest == straight.status().furthest
        assert way(player.session) == way(straight.session)
    assert [curve.name for curve in plots(player.session)[0].curves] == ["loss", "test loss", "ahead"]
    straight.close()
    player.close()


def test_the_seconds_are_those_of_then(path: Path) -> None:
    player = Player(path)
    player.stand(player.timeline.keyframes[-1] + 1)
    desk = player.desk
    assert desk is not None
    seconds = loss_view(desk.training, (200, 10), (), "seconds").curves[0].x
    assert 0 == seconds[0] < seconds[-1]
    assert list(seconds) == sorted(seconds)
    player.close()


def test_who_goes_on_has_all_that_was_before(path: Path) -> None:
    player, _ = resumed(path)
    straight = from_the_first_line(path)
    straight.stand(len(straight.timeline.lines))
    assert plots(player.session) == plots(straight.session)
    again = Session()
    again.restore(player.session.snapshot(plot=True))
    assert plots(again) == plots(player.session)
    player.close()
    straight.close()


def test_what_goes_along_with_every_command_is_small() -> None:
    session = Session()
    session.handle(m.Open(SMALL.replace("batch_size = 7", 'batch_size = 20\nrung = "numpy"'), "full.toml"))
    session.handle(m.Run(2_000))
    session.settle()
    whole, sent = session.snapshot(portable=True, plot=True), session.snapshot(plot=True)
    assert len(sent) < SMALL_BYTES - 20_000 < len(whole)
    again, thin = Session(), Session()
    again.restore(whole)
    thin.restore(sent)
    assert plots(again) == plots(session)
    ours, theirs = plots(thin)[0].curves[0], plots(session)[0].curves[0]
    assert set(zip(ours.x, ours.y, strict=True)) == set(zip(theirs.x, theirs.y, strict=True))


def test_a_branch_has_the_recording_beside_it_on_any_axis(path: Path) -> None:
    player = Player(path)
    player.settle()
    player.handle(m.Seek("step", 250))
    player.settle()
    before = plots(player.session)[0].curves[0]
    player.handle(m.Branch())
    for axis in ("steps", "predictions"):
        player.handle(m.Axis(axis))
        player.handle(m.Run(60))
        player.settle()
        plot, view = player.ask(m.AskView("loss")), player.view()
        assert isinstance(plot, m.CurvesView)
        assert view.axis == f"{plot.x_name}s"
        assert len(view.parent_places) == len(view.parent_loss) > 5
        parent = zip(view.parent_places, view.parent_loss, strict=True)
        theirs = {place: loss for place, (step, loss) in parent if step < 300}  # then they part
        ours = dict(zip(plot.curves[0].x, plot.curves[0].y, strict=True))
        assert set(before.y[:-1]) <= set(ours.values())
        same = [x for x in ours if x in theirs]
        assert same
        assert all(ours[x] == theirs[x] for x in same)
    player.close()


def test_lines_put_together_give_what_was_noted() -> None:
    dice = random.Random(4)
    told: dict[int, float] = {}
    now: dict[int, float] = {}
    lines = []
    apart = 1
    for _ in range(120):
        kind = dice.random()
        if kind < 0.8:
            first = max(now, default=0)
            now |= {step: dice.random() for step in range(first, first + 30) if step % apart == 0}
        elif kind < 0.9:
            cut = dice.randint(0, max(now, default=0) + 5)
            now = {step: loss for step, loss in now.items() if step < cut}
        else:
            apart = min(16, apart * 2)
            now = {step: loss for step, loss in now.items() if step % apart == 0}
        since, added = difference(told, now, apart)
        rows = np.array([[step, loss, 0.0, 0.0] for step, loss in added.items()]).reshape(-1, 4)
        lines.append(Losses(0.0, m.Position(), Behind(packed(rows), apart=(apart, 1)), (since, NEVER, NEVER)))
        told = dict(now)
        found = put_together(lines)
        assert found is not None
        assert {int(step): loss for step, loss, *_ in rows_of(found.losses, 4).tolist()} == now


@pytest.mark.parametrize(
    "behind",
    [
        Behind(losses=b"1234"),
        Behind(losses=packed(np.array([[0.5, 1.0, 0.0, 0.0]]))),
        Behind(losses=packed(np.array([[np.nan, 1.0, 0.0, 0.0]]))),
        Behind(losses=packed(np.array([[1e300, 1.0, 0.0, 0.0]]))),
        Behind(losses=packed(np.array([[1.0, 1.0, np.inf, 0.0]]))),
        Behind(tests=bytes(16 * 5_000)),
        Behind(apart=(0, 1)),
        Behind(here=(-1.0, 0.0)),
        Behind(furthest=-1),
        Behind(began=-1),
        Behind(path=b"1234"),
        Behind(path=packed(np.array([[1.0]]))),
        Behind(path=packed(np.array([[1.0, np.inf]])), parameters=1),
        Behind(path=packed(np.array([[0.5, 1.0]])), parameters=1),
        Behind(parameters=10**9),
        Behind(marks=((1, 0.0, 0.0, "x"),) * 21),
        Behind(marks=((1, 0.0, 0.0, "x" * 1_000),)),
    ],
)
def test_losses_out_of_their_limits_are_damage(tmp_path: Path, behind: Behind) -> None:
    path = written(tmp_path / "x.nnrec", Header(1, "0.7", "now"), Losses(0.0, m.Position(), behind))
    assert [damage.line for damage in read(path).damages] == [2]


def test_what_strangers_write_as_losses_does_no_harm(path: Path, tmp_path: Path) -> None:
    """Whatever the numbers are, the plot is drawn or refused, and nothing is computed otherwise."""
    dice = random.Random(8)
    records = [line.record for line in read(path).lines]
    for _ in range(6):
        rows = np.array([[dice.randint(0, 2000), dice.choice((0.1, np.nan, -np.inf, 1e308)), 1e300, 0.0]] * 3)
        odd = Behind(packed(rows), b"", (dice.randint(1, 9), 1), (1e300, 0.0), ((9, 0.0, 0.0, "\x1b[31m"),), 10**9)
        changed = [
            msgspec.structs.replace(record, behind=odd) if isinstance(record, Losses) else record for record in records
        ]
        player = Player(written(tmp_path / "odd.nnrec", *changed[:20]))
        player.stand(len(player.timeline.lines))
        for view in plots(player.session):
            assert "\x1b" not in repr(view.marks)
        player.close()
