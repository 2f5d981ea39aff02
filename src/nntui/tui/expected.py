"""What will be the case when all that was sent is obeyed: keys may come faster than frames.

`r` typed twice quickly means run and stop, not run and run; five times down means the fifth weight from here. What was
sent, and what facts tell, counts until a frame says the same.
"""

from __future__ import annotations

from typing import Any

from nntui import messages as m


class Expected:
    """The values that are on their way, by the names that Status has for them."""

    def __init__(self) -> None:
        self._values: dict[str, Any] = {}

    def sent(self, command: m.Command) -> None:
        """A command was sent."""
        if isinstance(command, m.Run | m.Stop):
            self._values["running"] = isinstance(command, m.Run)
        elif isinstance(command, m.Walk):
            self._values["walking"] = command.what
        elif isinstance(command, m.ChooseSample):
            self._values["sample_number"] = command.sample
        elif isinstance(command, m.Method):
            self._values["method"] = command.name
        elif isinstance(command, m.Axis):
            self._values["axis"] = command.what
        elif isinstance(command, m.DrawEdges):
            self._values["drawn"] = command.what
        elif isinstance(command, m.Slope):
            self._values["slope"] = command.size
            if command.address:
                self._values["pointed"] = command.address
        elif isinstance(command, m.Point | m.Twist | m.SetValue):
            self._values["pointed"] = command.address

    def told(self, fact: m.Fact) -> None:
        """A fact was told."""
        if isinstance(fact, m.Settled):
            self._values["running"] = False
        elif isinstance(fact, m.NodePointed | m.LeafSet | m.PlayerMoved):  # no parameter, or the recording's own
            self._values.pop("pointed", None)
        elif isinstance(fact, m.Error):  # whatever it was, it has not become so
            self._values = {name: value for name, value in self._values.items() if name == "running"}

    def shown(self, **values: Any) -> None:
        """A frame shows these; what agrees is expected no more."""
        for name, value in values.items():
            if self._values.get(name) == value:
                self._values.pop(name)

    def get(self, name: str, otherwise: Any) -> Any:
        """The value that is expected, or the one that is shown."""
        return self._values.get(name, otherwise)
