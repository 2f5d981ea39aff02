"""Which command is obeyed by what: all that work on a desk, but for those that lead through a lesson or take back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from nntui import messages as m
from nntui.session.accusing import judged
from nntui.session.changing import Changer
from nntui.session.graph.graphing import Grapher
from nntui.session.keeping import Keeper
from nntui.session.ladder.checking import Checker
from nntui.session.ladder.climbing import Climber
from nntui.session.moving import Activity, Mover, Tell
from nntui.session.race.racing import Racing
from nntui.session.race.widths import WidthsRace
from nntui.session.subject import NO_RECORDING, NO_SCREEN, CommandError, Desk
from nntui.session.surveys.kept import Surveys
from nntui.session.surveys.surveying import Surveyor
from nntui.session.tensoring import arrange
from nntui.text import clean

Routes: TypeAlias = dict[type, Callable[[Any], Activity | None]]


def routes_of(desk: Desk, tell: Tell, surveys: Surveys) -> Routes:
    """For each kind of command what obeys it on this desk."""
    move, change, keep = Mover(desk, tell), Changer(desk, tell), Keeper(desk, tell)
    graph, survey, race = Grapher(desk, tell), Surveyor(desk, tell, surveys), Racing(desk, tell)
    return {
        m.Step: lambda c: move.step(c.count, c.unit),
        m.Back: lambda c: move.back(c.count, c.unit),
        m.Goto: lambda c: move.goto(c.number, c.unit),
        m.Run: lambda c: move.run(c.steps, each=False),
        m.Try: lambda c: move.run(c.count, each=True),
        m.Until: lambda c: move.until(c.line),
        m.Break: lambda c: change.set_breakpoint(c.line),
        m.Walk: lambda c: change.choose_walk(c.what),
        m.ChooseSample: lambda c: change.choose_sample(c.sample, c.split),
        m.NextMistake: lambda c: change.next_mistake(c.forwards),
        m.TypeInput: lambda c: change.type_input(c.values),
        m.SetValue: lambda c: graph.set_value(change, c.address, c.value),
        m.Twist: lambda c: graph.twist(change, c.address, c.amount),
        m.Point: lambda c: graph.point(change, c.address),
        m.OpenGraph: graph.open,
        m.Forward: lambda c: graph.forward(c.count),
        m.Backward: lambda c: graph.backward(c.count),
        m.ClearGradients: lambda c: graph.clear(),
        m.GraphOrder: graph.order,
        m.Fold: lambda c: graph.fold(c.name),
        m.Use: lambda c: change.use(c.rung),
        m.Method: lambda c: change.method(c.name),
        m.Reseed: lambda c: change.reseed(c.seed),
        m.UseData: lambda c: change.use_data(c.name),
        m.Noise: lambda c: change.noise(c.share),
        m.Shift: lambda c: change.shift(c.pixels),
        m.Layers: lambda c: change.layers(c.sizes),
        m.Activation: lambda c: change.activation("activation", c.name),
        m.OutputActivation: lambda c: change.activation("output", c.name),
        m.TwistSize: lambda c: change.twist_size(c.size),
        m.BatchSize: lambda c: change.batch_size(c.size),
        m.LearningRate: lambda c: change.learning_rate(c.rate),
        m.Momentum: lambda c: change.momentum(c.share),
        m.Optimizer: lambda c: change.optimizer(c.name),
        m.WeightDecay: lambda c: change.weight_decay(c.amount),
        m.Accuse: lambda c: tell(judged(desk, c.line)),
        m.Slope: lambda c: survey.slope(c.address, c.size),
        m.DrawEdges: lambda c: survey.draw(c.what),
        m.Landscape: lambda c: survey.landscape(c.first, c.second, c.reach),
        m.Sweep: lambda c: survey.sweep(c.size),
        m.Pin: lambda c: keep.pin(c.name),
        m.Unpin: lambda c: keep.unpin(),
        m.Axis: lambda c: keep.axis(c.what),
        m.Tensor: lambda c: arrange(desk, c.words, tell),
        m.Race: race.race,
        m.CompareRace: race.compare,
        m.RaceWidths: WidthsRace(race).race,
        m.Climb: lambda c: Climber(desk, tell).climb(c.rung),
        m.Check: lambda c: Checker(desk, tell, race).check(c.rung),
        m.Reset: lambda c: change.reset(),
        m.Mark: lambda c: tell(m.Marked(clean(c.name), desk.training.step)),
        m.Blank: no_screen,
        **dict.fromkeys((m.Play, m.Pause, m.Seek, m.Branch, m.Rejoin), no_recording),
    }  # fmt: skip


def no_screen(_: m.Command) -> Activity:
    """Refuse what is for a screen: where there is one, this never comes here."""
    raise CommandError(NO_SCREEN)


def no_recording(_: m.Command) -> Activity:
    """Refuse what moves along a recording: these never come here while one is played."""
    raise CommandError(NO_RECORDING)
