"""How often things are made while something runs: keyframes, and what each client is shown, every view at its pace."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Collection, Mapping

from nntui import messages as m

OFTEN = 0.05  # seconds between two frames, where there is time for them
SELDOM = 1.8  # seconds between two makings of a view, unless it is very dear
CHEAP = 0.008  # seconds that a view may cost to be made together with others, beside a run
PROMPT = 0.025  # seconds that it may cost to be made at once when somebody has pressed a key
ANYWAY: tuple[m.View, ...] = ("loss", "picture")  # move by themselves beside a run, and cost the screen the most
PATIENT: tuple[m.View, ...] = ("sweep",)  # while keys are pressed, nobody needs them at every one of them
DEAR = 0.05  # seconds: a patient view that costs as much waits for a pause
PAUSE = 0.1  # seconds without a command that are one
STALLING = 0.25  # seconds: a view that costs as much is not made beside a run, for every key would wait for it
RECENT = 8  # costs of a view that are remembered
SMALL = 64 * 1024  # bytes: a snapshot that costs nothing to speak of is laid and sent before what it holds is told
STATUS = "status"


class Pace:
    """Spaces something out so that it takes no more than a share of the time."""

    def __init__(self, share: float) -> None:
        self._share = share
        self._took = 0.0
        self._ended = -math.inf

    def wait(self, least: float = 0.0) -> float:
        """Seconds until it is due again, `least` seconds after the last time or later."""
        return max(0.0, self._ended + max(least, self._took / self._share) - time.perf_counter())

    def took(self, began: float) -> None:
        """It has just been done, from `began` until now."""
        self._ended = time.perf_counter()
        self._took = self._ended - began


def intervals(costs: Mapping[str, float], share: float) -> dict[str, float]:
    """Seconds between two makings of each, so that all of them together take no more than a share of the time.

    The status comes first, then each view is given what it needs to be made now and then; what is left is dealt out
    evenly, until a view is in every frame.
    """
    costs = {name: max(cost, 1e-6) for name, cost in costs.items()}
    often = min(1 / OFTEN, share / 2 / costs[STATUS])
    share -= often * costs.pop(STATUS)
    rates = {name: min(1 / SELDOM, share / 4 / cost) for name, cost in costs.items()}
    taken = sum(costs[name] * rate for name, rate in rates.items())
    if taken > share:
        rates = {name: rate * share / taken for name, rate in rates.items()}
    left = max(0.0, share - taken)
    for at, name in enumerate(sorted(costs, key=costs.__getitem__)):
        more = min(max(0.0, often - rates[name]) * costs[name], left / (len(costs) - at))
        rates[name] += more / costs[name]
        left -= more
    return {STATUS: 1 / often, **{name: 1 / rate for name, rate in rates.items()}}


class _Sight:
    """One view as one client has it: of which version of the state, when it was made, and what that costs."""

    def __init__(self) -> None:
        self.version = -1
        self.made = -math.inf
        self.interval = 0.0
        self._costs: deque[float] = deque(maxlen=RECENT)

    def take(self, version: int, made: float, cost: float) -> None:
        """It has been made."""
        self.version, self.made = version, made
        self._costs.append(cost)

    @property
    def cost(self) -> float:
        """Seconds that it will cost: the lower of the last two, for an outlier says nothing about the next time."""
        return min(list(self._costs)[-2:], default=0.0)

    @property
    def usual(self) -> float:
        """Seconds that it costs on average, but for the worst: that may have been the first time, or a busy machine."""
        return sum(sorted(self._costs)[:-1]) / (len(self._costs) - 1) if len(self._costs) > 1 else self.cost

    @property
    def due(self) -> float:
        """When it is to be made again, while something runs."""
        return self.made + self.interval if self.cost < STALLING else math.inf


class Showing:
    """What one client is shown: which views, how old each of them is, and when it is due again."""

    def __init__(self, wanted: m.Subscribe) -> None:
        self.wanted = wanted
        self._status = _Sight()
        self._views = {view: _Sight() for view in wanted.views}
        self._sights: dict[str, _Sight] = {STATUS: self._status, **dict(self._views.items())}
        self._urgent = False
        self._hurried = -math.inf  # when somebody last did something
        self._coarse: set[m.View] = set()  # views that were shown coarse at first: finer ones are due

    def size(self, view: m.View) -> tuple[int, int]:
        """The cells that a view is made for."""
        return self.wanted.sizes.get(view, self.wanted.size)

    @property
    def urgent(self) -> bool:
        """Whether somebody waits to see what a command has done."""
        return self._urgent

    def hurry(self) -> None:
        """Somebody waits to see what a command has done: the next frame is due at once."""
        self._urgent = True
        self._hurried = time.perf_counter()

    def stale(self, version: int) -> bool:
        """Whether anything shown is of another version of the state, or will be finer."""
        return bool(self._coarse) or any(sight.version != version for sight in self._sights.values())

    def wait(self, version: int, now: float) -> float:
        """Seconds until a frame is due while something runs; infinite if nothing is to be made before it ends."""
        if self._urgent:
            return 0.0
        dues = [sight.due for sight in self._sights.values() if sight.version != version]
        return max(0.0, self._status.made + self._status.interval - now, min(dues, default=math.inf) - now)

    def due(self, version: int, now: float, running: bool) -> list[m.View]:
        """The views that the next frame shows: all that are stale, but beside a run only those whose time has come.

        Of the costly ones it is then a single one, so that no key waits for several.
        """
        stale = [view for view, sight in self._views.items() if sight.version != version]
        if self._status.version < 0:
            return stale
        if not running:
            return self._due_at_rest(stale, now)
        if self._urgent:
            return [view for view in stale if self._is_prompt(view) or self._views[view].due <= now]
        cheap = [v for v in stale if self._is_cheap(v) and self._views[v].due <= now]
        costly = [v for v in stale if not self._is_cheap(v) and self._views[v].due <= now]
        return cheap + sorted(costly, key=lambda view: self._views[view].due)[:1]

    def pause(self, version: int, now: float) -> float:
        """Seconds until a frame is due at rest, where something is to be made."""
        stale = [view for view, sight in self._views.items() if sight.version != version]
        if self._status.version != version or self._due_at_rest(stale, now):
            return 0.0
        return max(0.0, self._hurried + PAUSE - now)

    def _due_at_rest(self, stale: list[m.View], now: float) -> list[m.View]:
        """The views to be made at rest: all that are stale; what is dear, or will be finer, after a pause."""
        if now >= self._hurried + PAUSE:
            return [*stale, *(view for view in self._coarse if view not in stale)]
        return [view for view in stale if view not in PATIENT or self._views[view].cost < DEAR]

    def shown(
        self, version: int, now: float, costs: Mapping[str, float], share: float, coarse: Collection[m.View] = ()
    ) -> None:
        """A frame that was begun at `now` shows these, at these costs; all together may take a share of the time."""
        self._coarse = (self._coarse - costs.keys()) | set(coarse)
        for name, cost in costs.items():
            self._sights[name].take(version, now, cost)
        for name, interval in intervals({name: sight.usual for name, sight in self._sights.items()}, share).items():
            self._sights[name].interval = interval
        self._urgent = False

    def _is_prompt(self, view: m.View) -> bool:
        """Whether a key's effect is looked for there, and it is made soon enough."""
        return view not in ANYWAY and self._views[view].cost <= PROMPT

    def _is_cheap(self, view: m.View) -> bool:
        return self._views[view].cost <= CHEAP
