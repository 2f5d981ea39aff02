"""Where the panes stand: in columns, by what the lesson has reached, the arrangement, and the room there is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal, TypeAlias

from textual.containers import Container
from textual.geometry import NULL_OFFSET, Region, Size
from textual.layout import ArrangeResult, Layout, WidgetPlacement
from textual.widget import AwaitMount, Widget

from nntui import messages as m
from nntui.tui.panes.pane import Pane

Arrangement: TypeAlias = Literal["explain", "train", "race"]
Columns: TypeAlias = list[list[str]]
ARRANGEMENTS: tuple[Arrangement, ...] = ("explain", "train", "race")

WIDE, TALL = 120, 26  # from here on explaining and training are shown together
THREE_COLUMNS = 150
FEW = 4  # panes find room on a small screen
LEAST_ROWS = 5  # of a pane, with its frame
LEAST_COLUMNS = 30
LONG_LINES = ("code", "graph", "tensor")  # want the whole width

ROOMY = 36  # rows, from which on a third column has room for two pictures

SUBJECTS = ("network", "graph", "tensor")  # share one place: what the lesson is about
PICTURES = ("picture", "landscape", "sweep", "confusion")  # share another: what can be seen of it
RACES = ("ladder", "race", "widths")  # want the whole width, and have an arrangement of their own

CODE_SHARE = 1.25  # of the width of other columns: lines of code are long
LARGE_SHARE = 1.5  # graphs and tensors are wide
WEIGHTS = {
    "code": 6, "values": 4, "network": 6, "graph": 9, "tensor": 9, "twist": 5, "loss": 4, "picture": 5, "landscape": 8,
    "sweep": 5, "confusion": 6, "ladder": 11, "race": 9, "widths": 9,
}  # fmt: skip
ENLARGED = 2  # times the weight
EXPLAIN: Columns = [["code", "values"], [*SUBJECTS, "twist"]]
TRAIN: Columns = [[*SUBJECTS, "twist"], [*PICTURES, "loss"]]


_PANE_OF: tuple[tuple[type[m.Message], str], ...] = (
    (m.MapView, "picture"), (m.BarsView, "picture"), (m.LandscapeView, "landscape"), (m.SweepView, "sweep"),
    (m.ConfusionView, "confusion"), (m.GraphView, "graph"), (m.TensorView, "tensor"), (m.SlopeView, "twist"),
    (m.GradientView, "network"), (m.RaceView, "race"), (m.WidthsView, "widths"), (m.LadderView, "ladder"),
)  # fmt: skip


def pane_of(result: m.Result) -> tuple[str, ...]:
    """The pane, if any, that shows what was told."""
    if isinstance(result, m.CurvesView):
        return ("loss" if result.y_name == "loss" else "picture",)
    return tuple(kind for view, kind in _PANE_OF if isinstance(result, view))


def chosen(reached: Sequence[str], called: Sequence[str], width: int, height: int) -> list[str]:
    """Of panes that share a place, the one called for last; of pictures two, where there is room. Order is kept."""
    ranks = {kind: rank for rank, kind in enumerate(called, 1)}
    gone: set[str] = set()
    for kinds, room in ((SUBJECTS, 1), (PICTURES, 2 if width >= THREE_COLUMNS and height >= ROOMY else 1)):
        there = sorted((kind for kind in kinds if kind in reached), key=lambda kind: ranks.get(kind, 0), reverse=True)
        gone.update(there[room:])
    return [kind for kind in reached if kind not in gone]


def races(reached: Sequence[str], called: Sequence[str], width: int, height: int) -> Columns:
    """Of ladder, race and widths the one called for last; with room, the ladder and below it the other called last."""
    ranks = {kind: rank for rank, kind in enumerate(called, 1)}
    there = sorted((kind for kind in RACES if kind in reached), key=lambda kind: ranks.get(kind, 0), reverse=True)
    if width < WIDE or height < TALL:
        return [there[:1]] if there else []
    if "ladder" not in there[:2]:
        there = [*(["ladder"] if "ladder" in there else []), *there]
    return [sorted(there[:2], key=RACES.index)] if there else []


def columns(panes: Sequence[str], arrangement: Arrangement, width: int, height: int) -> Columns:
    """Which panes stand in which column, from the top; those of the race have an arrangement of their own."""
    panes = [kind for kind in panes if kind not in RACES]
    if width >= WIDE and height >= TALL:
        three = [["code", "values"], [*SUBJECTS, "twist"], [*PICTURES, "loss"]]
        two = [["code", "values", "loss"], [*SUBJECTS, "twist", *PICTURES]]
        plan = three if width >= THREE_COLUMNS else two
    elif len(panes) <= FEW:
        plan = [["code", "values"], [*SUBJECTS, "twist", *PICTURES, "loss"]]
        if "code" not in panes:
            plan = TRAIN
        elif "values" not in panes:
            plan = [["code", "loss"], [*SUBJECTS, "twist", *PICTURES]]
    else:
        plan = EXPLAIN if arrangement == "explain" else TRAIN
    filled = [[kind for kind in column if kind in panes] for column in plan]
    filled = _side_by_side([column for column in filled if column], width)
    most = max(1, height // LEAST_ROWS)
    return [column[:most] for column in filled] or [list(panes[:1])]


def _side_by_side(filled: Columns, width: int) -> Columns:
    """Few panes that would stand one below the other, in two columns; except where one wants the whole width."""
    if len(filled) != 1 or len(filled[0]) < 2 or set(LONG_LINES) & set(filled[0]) or width < 2 * LEAST_COLUMNS:
        return filled
    return [filled[0][:1], filled[0][1:]]


def _share(column: Sequence[str]) -> float:
    """Of the width, what a column is given."""
    return LARGE_SHARE if {"graph", "tensor"} & set(column) else CODE_SHARE if "code" in column else 1.0


def regions(plan: Columns, width: int, height: int, enlarged: str = "") -> dict[str, Region]:
    """The cells of each pane; all of the room is given away, to the one that is enlarged more than to others."""
    weights = {kind: weight * (ENLARGED if kind == enlarged else 1) for kind, weight in WEIGHTS.items()}
    found: dict[str, Region] = {}
    shares = [_share(column) for column in plan]
    edges = [round(width * sum(shares[:n]) / sum(shares)) for n in range(len(plan) + 1)]
    for column, left, right in zip(plan, edges, edges[1:], strict=False):
        total = sum(weights[kind] for kind in column)
        before = 0
        for kind in column:
            top, bottom = height * before // total, height * (before + weights[kind]) // total
            found[kind] = Region(left, top, right - left, bottom - top)
            before += weights[kind]
    return found


class _BoardLayout(Layout):
    name = "board"

    def arrange(self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True) -> ArrangeResult:
        assert isinstance(parent, Board)
        places = regions(parent.plan(size), size.width, size.height, parent.enlarged)
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
        self.called: tuple[str, ...] = ()  # of those that share a place, the last one called for at the end
        self.arrangement: Arrangement = "explain"
        self.zoomed = ""
        self.enlarged = ""  # the pane that has more to show than usual
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
        return self._plan(self.arrangement, size)

    def _plan(self, arrangement: Arrangement, size: Size) -> Columns:
        only = set(self.reached) <= set(RACES)
        if arrangement == "race" or only:
            plan = races(self.reached, self.called, size.width, size.height)
            if plan or only:
                return plan
        panes = chosen(self.reached, self.called, size.width, size.height)
        return columns(panes, arrangement, size.width, size.height)

    @property
    def shown(self) -> list[Pane]:
        """The panes that are on the screen, column by column."""
        return [self.panes[kind] for column in self.plan(self.size) for kind in column if kind in self.panes]

    @property
    def has_other(self) -> bool:
        """Whether another arrangement shows other panes."""
        size = self.size
        if not size.width or self.zoomed in self.reached:
            return False
        return len({repr(self._plan(each, size)) for each in ARRANGEMENTS}) > 1

    def next_arrangement(self, with_race: bool) -> Arrangement:
        """The next one that shows other panes; also that of the race where its panes can be had (`with_race`)."""
        here, size = ARRANGEMENTS.index(self.arrangement), self.size
        now = self._plan(self.arrangement, size)
        for each in (*ARRANGEMENTS[here + 1 :], *ARRANGEMENTS[:here]):
            if (each == "race" and with_race) or self._plan(each, size) != now:
                return each
        return self.arrangement

    def reach(self, reached: Collection[str]) -> None:
        """These have been reached; they stand in the order of the table."""
        now = tuple(kind for kind in self.panes if kind in reached)
        if now != self.reached:
            self.reached, self.wants_layout = now, True
        if self.zoomed not in self.reached:
            self.zoomed = ""

    def call(self, kinds: Sequence[str]) -> None:
        """Let these be seen: each of them in its place, and the arrangement that shows the most of them."""
        sharing = [kind for kind in kinds if kind in (*SUBJECTS, *PICTURES, *RACES)]
        now = (*(kind for kind in self.called if kind not in sharing), *sharing)
        if now != self.called:
            self.called, self.wants_layout = now, True
        self._prefer(set(kinds))

    def next_of(self, kinds: Sequence[str], can_be_had: Collection[str]) -> str:
        """The one after what now stands in the place that these share; empty where there is no other."""
        there = [kind for kind in kinds if kind in self.panes and kind in can_be_had]
        ranks = {kind: rank for rank, kind in enumerate(self.called, 1)}
        seen = [pane.kind for pane in self.shown if pane.kind in there]
        here = max(seen, key=lambda kind: ranks.get(kind, 0), default="")
        if not here:
            return there[0] if there else ""
        after = there[(there.index(here) + 1) % len(there)]
        return after if after != here else ""

    def forget(self, kept: Sequence[str]) -> None:
        """Only these are called for any longer."""
        now = tuple(kind for kind in self.called if kind in kept)
        if now != self.called:
            self.called, self.wants_layout = now, True

    def _prefer(self, wanted: set[str]) -> None:
        """Take the arrangement that shows the most of these panes; the one at hand, if it does as well."""
        size = self.size

        def count(arrangement: Arrangement) -> int:
            return sum(kind in wanted for column in self._plan(arrangement, size) for kind in column)

        best = max((self.arrangement, *ARRANGEMENTS), key=count)
        if size.width and count(best) > count(self.arrangement):
            self.arrangement, self.wants_layout = best, True

    def arrange_again(self) -> None:
        """Show other panes."""
        self.wants_layout = False
        shown = {pane.kind for pane in self.shown}
        for kind, pane in self.panes.items():
            pane.display = kind in shown
        self._clear_arrangement_cache()  # the same panes may stand in other sizes
        self.refresh(layout=True)
