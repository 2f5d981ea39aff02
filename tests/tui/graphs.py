"""Views of graphs made by hand, and how they are drawn."""

from __future__ import annotations

import random

import msgspec
from hypothesis import strategies as st

from nntui import messages as m
from nntui.sentences.numbers import Voice
from nntui.tui.look import ASCII, THEMES, Look
from nntui.tui.panes.graph import GraphPane

PLAIN = Look(shapes=ASCII, depth=0)


class Lone(GraphPane):
    """Without an app around it."""

    said = Voice()

    @property
    def voice(self) -> Voice:
        return self.said


def leaf(number: int, name: str, value: float, gradient: float, row: int, column: int = 0) -> m.GraphNode:
    return m.GraphNode(number, name, "", (), value, gradient, column, row)


def view(nodes: tuple[m.GraphNode, ...], title: str = "d", **changes: object) -> m.GraphView:
    fields: dict[str, object] = {
        "title": title,
        "nodes": nodes,
        "columns": 1 + max(node.column for node in nodes),
        "rows": 1 + max(node.row for node in nodes),
        "left_out": 0,
        "direction": "",
        "done": 0,
        "of": len(nodes),
        "at": -1,
        "next": -1,
        "pointed": -1,
    }
    return m.GraphView(**(fields | changes))  # type: ignore[arg-type]


# d = b + c, c = 2b, b = 3a: the second backward pass without clearing, when b has just handed on.
NINES = (
    leaf(0, "3", 3.0, 0.0, 0),
    leaf(1, "a", 2.0, 33.0, 2),
    m.GraphNode(2, "b", "*", (0, 1), 6.0, 11.0, 1, 1, (2.0, 3.0)),
    leaf(3, "2", 2.0, 0.0, 3, 1),
    m.GraphNode(4, "c", "*", (3, 2), 12.0, 2.0, 2, 2, (6.0, 2.0)),
    m.GraphNode(5, "d", "+", (2, 4), 18.0, 1.0, 3, 1, (1.0, 1.0)),
)
HANDED_ON = m.Visit(
    "b", "*", 6.0, 8.0, (), (m.Given("a", 9.0, 3.0, 33.0),), "a product hands on times the other factor"
)
BACKWARD = view(NINES, direction="backward", done=3, of=4, at=2, next=1, passes=2, visit=HANDED_ON)

# a * b + tanh(c), of which two values are known.
FORWARD = view(
    (
        leaf(0, "a", 2.0, 0.0, 0),
        leaf(1, "b", -3.0, 0.0, 1),
        m.GraphNode(2, "a * b", "*", (0, 1), -6.0, 0.0, 1, 0, (-3.0, 2.0)),
        leaf(3, "c", 0.5, 0.0, 2),
        m.GraphNode(4, "tanh(c)", "tanh", (3,), None, 0.0, 1, 2),
        m.GraphNode(5, "a * b + tanh(c)", "+", (2, 4), None, 0.0, 2, 1),
    ),
    "a * b + tanh(c)",
    direction="forward",
    done=1,
    of=3,
    at=2,
    next=4,
    visit=m.Visit("a * b", "*", -6.0, 0.0, (("a", 2.0), ("b", -3.0))),
)  # fmt: skip


def large(columns: int = 12, rows: int = 12, seed: int = 1, **changes: object) -> m.GraphView:
    """A graph of many nodes, each computed from one to three of the column before."""
    dice = random.Random(seed)
    nodes: list[m.GraphNode] = []
    for column in range(columns):
        for row in range(rows):
            before = [node.number for node in nodes if node.column == column - 1]
            parents = tuple(dice.sample(before, dice.randint(1, 3))) if before else ()
            name = f"outputs[{column}][{row}]" if parents else f"weights[0][{row}][0]"
            slopes = tuple(dice.uniform(-2, 2) for _ in parents)
            value, gradient = dice.uniform(-2, 2), dice.uniform(-2, 2)
            group = f"neurons[{column}]"
            nodes.append(
                m.GraphNode(
                    len(nodes), name, "+" if parents else "", parents, value, gradient, column, row, slopes, group
                )
            )
    middle = len(nodes) // 2
    return view(
        tuple(nodes), "loss", **({"direction": "backward", "at": middle, "next": middle - 1, "passes": 1} | changes)
    )


def pointing(seen: m.GraphView, number: int) -> m.GraphView:
    return msgspec.structs.replace(seen, pointed=number)


def pane_of(seen: m.GraphView, look: Look | None = None, digits: int = 5) -> Lone:
    pane = Lone(look or Look())
    pane.said = Voice(digits=digits)
    pane.view = seen
    return pane


def drawn(seen: m.GraphView, width: int, height: int, look: Look | None = None, digits: int = 5) -> list[str]:
    rows = pane_of(seen, look, digits).draw(width, height)
    return ["".join(text for text, _ in row).rstrip() for row in rows]


# ---------------------------------------------------------------- of any kind

numbers = st.one_of(st.floats(allow_nan=True, allow_infinity=True), st.floats(-3, 3))
names = st.sampled_from(["a", "b", "2", "-1.5", "a * b", "weights[0][31][63]", "[red] x", "名前", "outputs[1][2]"])


@st.composite
def views(draw: st.DrawFn) -> m.GraphView:
    nodes: list[m.GraphNode] = []
    for number in range(draw(st.integers(0, 12))):
        parents = tuple(draw(st.lists(st.integers(0, number + 2), max_size=4))) if number else ()
        nodes.append(
            m.GraphNode(
                number,
                draw(names),
                draw(st.sampled_from(["+", "tanh", "** 2", "negate"])) if parents else "",
                parents,
                draw(st.none() | numbers),
                draw(numbers),
                draw(st.integers(0, 5)),
                number,
                tuple(draw(numbers) for _ in parents) if draw(st.booleans()) else (),
                draw(st.sampled_from(["", "outputs[0][1]"])),
                draw(st.sampled_from([0, 0, 64])),
            )
        )
    any_number = st.integers(-1, len(nodes) + 2)
    given = tuple(m.Given(draw(names), draw(numbers), draw(numbers), draw(numbers)) for _ in range(2))
    visit = m.Visit(draw(names), "+", draw(numbers), draw(numbers), (("a", draw(numbers)),), given, "so it goes")
    return m.GraphView(
        draw(names), tuple(nodes), 6, 13, draw(st.integers(0, 2)), draw(st.sampled_from(["", "forward", "backward"])),
        1, 3, draw(any_number), draw(any_number), draw(any_number), draw(st.none() | st.just(visit)),
        draw(st.integers(0, 2)), draw(any_number), draw(any_number),
    )  # fmt: skip


looks = st.sampled_from([Look(), PLAIN, Look(colours=THEMES["projector"]), Look(depth=16)])
