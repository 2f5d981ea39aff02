"""Views of how the loss changes, made by hand: a valley that bends, and a sweep."""

from __future__ import annotations

from nntui import messages as m

WAY = ((-1.5, 1.5), (-1.0, 1.2), (-0.5, 0.6), (0.0, 0.3), (0.5, 0.1))


def valley(x: float, y: float) -> float:
    """A loss whose lowest place is at 1, 0, in a valley that bends."""
    return 0.02 + 0.25 * (1 - x) ** 2 + 0.5 * (y - 0.3 * (1 - x) ** 2) ** 2


def landscape(columns: int = 38, rows: int = 16, **changes: object) -> m.LandscapeView:
    xs = [-2 + 4 * i / (columns - 1) for i in range(columns)]
    ys = [2 - 4 * i / (rows - 1) for i in range(rows)]
    fields: dict[str, object] = {
        "first": "weights[1][0][0]",
        "second": "biases[0][3]",
        "x_range": (-2.0, 2.0),
        "y_range": (-2.0, 2.0),
        "rows": tuple(tuple(valley(x, y) for x in xs) for y in ys),
        "levels": (0.1, 0.5, 1.0, 2.0, 3.0),
        "here": WAY[-1],
        "loss": valley(*WAY[-1]),
        "path": WAY,
        "path_steps": (0, 40),
        "gradient": (-0.25, 0.1),
    }
    return m.LandscapeView(**(fields | changes))  # type: ignore[arg-type]


NOW = 1.0299


def sweep(count: int = 12, **changes: object) -> m.SweepView:
    """Each effect is half of the one before; the last weight does nothing."""
    effects = [
        m.Effect(f"weights[0][{n // 3}][{n % 3}]", (-1) ** n * (0.3 + n / 10), NOW + size, NOW - size)
        for n, size in enumerate((-1) ** n * 0.2 * 0.5**n for n in range(count - 1))
    ]
    effects.append(m.Effect("biases[1][0]", 0.0, NOW, NOW))
    fields: dict[str, object] = {
        "size": 0.1,
        "loss": NOW,
        "effects": tuple(effects),
        "parameters": count,
        "predictions": 2 * count * 500,
        "seconds": 0.01,
    }
    return m.SweepView(**(fields | changes))  # type: ignore[arg-type]


def slope(size: float = 0.1, value: float = 0.4, **changes: object) -> m.SlopeView:
    """Along the curve (x - 0.6)² + 0.01."""
    before, after = (value - 0.6) ** 2 + 0.01, (value + size - 0.6) ** 2 + 0.01
    ladder = tuple((s, (((value + s - 0.6) ** 2 + 0.01) - before) / s) for s in (0.5, 0.1, 0.01, 1e-3, 1e-4))
    fields: dict[str, object] = {
        "address": "weights[0][2][1]",
        "value": value,
        "size": size,
        "loss": before,
        "loss_after": after,
        "slope": (after - before) / size,
        "exact": 2 * (value - 0.6),
        "ladder": ladder,
    }
    return m.SlopeView(**(fields | changes))  # type: ignore[arg-type]
