"""Where the panes stand: in columns, by what the lesson has reached, the arrangement, and the room there is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

from textual.containers import Container
from textual.geometry import NULL_OFFSET, Region, Size
from textual.layout import ArrangeResult, Layout, WidgetPlacement
from textual.widget import AwaitMount, Widget

from nntui.tui.panes.pane import Pane

Arrangement: TypeAlias = Literal["explain", "train"]
Columns: TypeAlias = list[list[str]]

WIDE, TALL = 120, 26  # from here on explaining and training are shown together
THREE_COLUMNS = 150
FEW = 4  # panes find room on a small screen
LEAST_ROWS = 5  # of a pane, with its frame

CODE_SHARE = 1.25  # of the width of other columns: lines of code are long
WEIGHTS = {"code": 6, "values": 4, "network": 6, "twist": 5, "loss": 4, "picture": 5}
EXPLAIN: Columns = [["code", "values"], ["network", "twist"]]
TRAIN: Columns = [["network", "twist"], ["picture", "loss"]]


def columns(panes: Sequence[str], arrangement: Arrangement, width: int, height: int) -> Columns:
    """Which panes stand in which column, from the top."""
    if width >= WIDE and height >= TALL:
        three = [["code", "values"], ["network", "twist"], ["picture", "loss"]]
        two = [["code", "values", "loss"], ["network", "twist", "picture"]]
        plan = three if width >= THREE_COLUMNS else two
    elif len(panes) <= FEW:
        plan = [["code", "values"], ["network", "twist", "picture", "loss"]]
        if "values" not in panes:
            plan = [["code", "loss"], ["network", "twist", "picture"]]
    else:
        plan = EXPLAIN if arrangement == "explain" else TRAIN
    chosen = [[kind for kind in column if kind in panes] for column in plan]
    most = max(1, height // LEAST_ROWS)
    return [column[:most] for column in chosen if column] or [list(panes[:1])]


def regions(plan: Columns, width: int, height: int) -> dict[str, Region]:
    """The cells of each pane; all of the room is given away."""
    found: dict[str, Region] = {}
    shares = [CODE_SHARE if "code" in column else 1.0 for column in plan]
    edges = [round(width * sum(shares[:n]) / sum(shares)) for n in range(len(plan) + 1)]
    for column, left, right in zip(plan, edges, edges[1:], strict=False):
        total = sum(WEIGHTS[kind] for kind in column)
        before = 0
        for kind in column:
            top, bottom = height * before // total, height * (before + WEIGHTS[kind]) // total
            found[kind] = Region(left, top, right - left, bottom - top)
            before += WEIGHTS[kind]
    return found


class _BoardLayout(Layout):
    name = "board"

    def arrange(self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True) -> ArrangeResult:
        assert isinstance(parent, Board)
        places = regions(parent.plan(size), size.width, size.height)
        return [
            WidgetPlacement(places[child.kind], NULL_OFFSET, child.styles.margin, child)
            for child in children
            if isinstance(child, Pane) and child.kind in places
        ]


class Board(Container):
    """Holds all panes and shows those that there is room and reason for."""

    DEFAULT_CSS = "Board { height: 1fr; }"

    def __init__(self) -> None:
        super().__init__()
        self.panes: dict[str, Pane] = {}
        self.reached: tuple[str, ...] = ()
        self.arrangement: Arrangement = "explain"
        self.zoomed = ""
        self.wants_layout = False  # whether other panes are to be shown as soon as may be
        self._columns = _BoardLayout()

    def fill(self, panes: Sequence[Pane]) -> AwaitMount:
        """Put the panes in."""
        self.panes = {pane.kind: pane for pane in panes}
        for pane in panes:
            pane.display = False  # until it is known which of them are shown
        return self.mount(*panes)

    @property
    def layout(self) -> Layout:
        """Ours."""
        return self._columns

    def plan(self, size: Size) -> Columns:
        """The columns of panes in so much room."""
        if self.zoomed in self.reached:
            return [[self.zoomed]]
        return columns(self.reached, self.arrangement, size.width, size.height)

    @property
    def shown(self) -> list[Pane]:
        """The panes that are on the screen, column by column."""
        return [self.panes[kind] for column in self.plan(self.size) for kind in column if kind in self.panes]

    @property
    def has_other(self) -> bool:
        """Whether the other arrangement shows other panes."""
        size = self.size
        if not size.width or self.zoomed in self.reached:
            return False
        plans = [columns(self.reached, arrangement, size.width, size.height) for arrangement in ("explain", "train")]
        return plans[0] != plans[1]

    def prefer(self, wanted: set[str], reached: tuple[str, ...]) -> None:
        """Take the arrangement that shows the most of these panes; the one at hand, if it does as well."""
        size = self.size

        def count(arrangement: Arrangement) -> int:
            plan = columns(reached, arrangement, size.width, size.height)
            return sum(kind in wanted for column in plan for kind in column)

        other: Arrangement = "train" if self.arrangement == "explain" else "explain"
        if size.width and count(other) > count(self.arrangement):
            self.arrangement, self.wants_layout = other, True

    def arrange_again(self) -> None:
        """Show other panes."""
        self.wants_layout = False
        shown = {pane.kind for pane in self.shown}
        for kind, pane in self.panes.items():
            pane.display = kind in shown
        self.refresh(layout=True)
