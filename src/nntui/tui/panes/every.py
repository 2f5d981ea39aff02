"""All panes, in the order of the table: imported when the first picture stands, for they take a third of the start."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

from nntui.tui.panes.code import CodePane
from nntui.tui.panes.confusion import ConfusionPane
from nntui.tui.panes.graph import GraphPane
from nntui.tui.panes.ladder import LadderPane
from nntui.tui.panes.landscape import LandscapePane
from nntui.tui.panes.loss import LossPane
from nntui.tui.panes.network import NetworkPane
from nntui.tui.panes.pane import Pane
from nntui.tui.panes.picture import PicturePane
from nntui.tui.panes.race import RacePane
from nntui.tui.panes.sweep import SweepPane
from nntui.tui.panes.tensor import TensorPane
from nntui.tui.panes.twist import TwistPane
from nntui.tui.panes.values import ValuesPane
from nntui.tui.panes.widths import WidthsPane


@dataclass
class Panes:
    """One of each."""

    code: CodePane = field(default_factory=CodePane)
    values: ValuesPane = field(default_factory=ValuesPane)
    network: NetworkPane = field(default_factory=NetworkPane)
    graph: GraphPane = field(default_factory=GraphPane)
    tensor: TensorPane = field(default_factory=TensorPane)
    twist: TwistPane = field(default_factory=TwistPane)
    picture: PicturePane = field(default_factory=PicturePane)
    landscape: LandscapePane = field(default_factory=LandscapePane)
    sweep: SweepPane = field(default_factory=SweepPane)
    loss: LossPane = field(default_factory=LossPane)
    confusion: ConfusionPane = field(default_factory=ConfusionPane)
    ladder: LadderPane = field(default_factory=LadderPane)
    race: RacePane = field(default_factory=RacePane)
    widths: WidthsPane = field(default_factory=WidthsPane)

    def all(self) -> tuple[Pane, ...]:
        """In order."""
        return tuple(getattr(self, each.name) for each in fields(self))
