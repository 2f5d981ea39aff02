"""Views of networks made by hand, and how they are drawn."""

from __future__ import annotations

import random

from hypothesis import strategies as st

from nntui import messages as m
from nntui.tui.look import ASCII, THEMES, Look
from nntui.tui.panes.network import NetworkPane

PLAIN = Look(shapes=ASCII, depth=0)


def network(
    sizes: tuple[int, ...],
    weight: float | None = None,
    *,
    shown: tuple[int, ...] = (),
    pointed: str = "weights[0][0][0]",
    uses: tuple[str, ...] = (),
    maps: bool = False,
    seed: int = 1,
) -> m.DiagramView:
    dice = random.Random(seed)
    shown = shown or sizes
    layers = []
    for layer, (size, count) in enumerate(zip(sizes, shown, strict=True)):
        sources = shown[layer - 1] if layer else 0
        neurons = tuple(
            m.DrawnNeuron(
                number,
                dice.uniform(-1, 1),
                dice.uniform(-1, 1) if layer else None,
                tuple(dice.uniform(-2, 2) if weight is None else weight for _ in range(sources)),
                tuple(tuple(dice.uniform(-1, 1) for _ in range(7)) for _ in range(6)) if maps else (),
            )
            for number in range(count)
        )
        layers.append(m.DrawnLayer(size, neurons))
    return m.DiagramView(tuple(layers), "sample 3", (1.0,) * sizes[-1], pointed, uses)


def pane_of(view: m.DiagramView, look: Look | None = None) -> NetworkPane:
    pane = NetworkPane(look or Look())
    pane.view = view
    return pane


def drawn(view: m.DiagramView, width: int, height: int, look: Look | None = None) -> list[str]:
    return ["".join(text for text, _ in row) for row in pane_of(view, look).draw(width, height)]


XOR = network((2, 4, 2, 1))


# ---------------------------------------------------------------- of any kind


numbers = st.one_of(st.floats(allow_nan=True, allow_infinity=True), st.floats(-3, 3))
names = st.builds(
    lambda kind, numbers: kind + "".join(f"[{n}]" for n in numbers),
    st.sampled_from(["weights", "biases", "outputs", "inputs", "total"]),
    st.lists(st.integers(0, 5), max_size=4),
)


@st.composite
def views(draw: st.DrawFn) -> m.DiagramView:
    layers: list[m.DrawnLayer] = []
    for layer in range(draw(st.integers(0, 5))):
        count = draw(st.integers(0, 5))
        sources = len(layers[-1].neurons) if layers else 0
        shape = draw(st.tuples(st.integers(0, 3), st.integers(0, 3)))
        neurons = tuple(
            m.DrawnNeuron(
                number * draw(st.integers(1, 2)),
                draw(numbers),
                draw(st.none() | numbers),
                tuple(draw(st.lists(numbers, min_size=0, max_size=sources))) if layer else (),
                tuple(tuple(draw(numbers) for _ in range(shape[0])) for _ in range(shape[1])),
            )
            for number in range(count)
        )
        layers.append(m.DrawnLayer(count + draw(st.integers(0, 3)), neurons))
    target = draw(st.none() | st.lists(numbers, max_size=3).map(tuple))
    return m.DiagramView(tuple(layers), "[red] s", target, draw(names), tuple(draw(st.lists(names, max_size=3))))


looks = st.sampled_from([Look(), PLAIN, Look(colours=THEMES["projector"]), Look(depth=16)])
