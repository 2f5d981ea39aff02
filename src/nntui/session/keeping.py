"""The commands about the plot of the loss: which curves are kept on it, and along which axis it is drawn."""

from __future__ import annotations

import msgspec

from nntui import messages as m
from nntui.session.moving import Tell
from nntui.session.run.curves import RESERVED, pinned, usual_name
from nntui.session.run.spent import AxisName
from nntui.session.subject import CommandError, Desk
from nntui.text import SHOWN, clean, short

MOST_PINS = 6
AXIS_SENTENCES: dict[AxisName, str] = {
    "steps": "The loss is plotted over the steps.",
    "predictions": "The loss is plotted over what it cost: in predictions of one sample, counted.",
    "seconds": "The loss is plotted over the seconds that training took, measured.",
}


class Keeper:
    """Keeps curves on the plot of a desk."""

    def __init__(self, desk: Desk, tell: Tell) -> None:
        self.desk = desk
        self.tell = tell

    def pin(self, name: str) -> None:
        """Keep the curve of the run as it is now; one of the same name gives way to it."""
        desk, run = self.desk, self.desk.training
        name = clean(name.strip(), SHOWN) or usual_name(run.settings)
        if name in RESERVED:
            raise CommandError(f"'{name}' is what another curve of this plot is called; give it another name")
        if run.step == run.first_step:
            raise CommandError("there is no curve to keep yet; `run N` trains")
        others = tuple(pin for pin in desk.kept.pins if pin.name != name)
        if len(others) >= MOST_PINS:
            raise CommandError(f"{MOST_PINS} curves are kept already, as many as there can be; `unpin` takes them off")
        pin = pinned(run, name)
        desk.kept = msgspec.structs.replace(desk.kept, pins=(*others, pin))
        cost = f"after {run.step - run.first_step:,} steps, {pin.predictions[-1]:,.0f} predictions"
        self.tell(m.Note(f"Kept on the plot as {name}: loss {short(pin.losses[-1], 5)} {cost}."))

    def unpin(self) -> None:
        """Take all curves that were kept from the plot."""
        desk = self.desk
        if not desk.kept.pins:
            raise CommandError("no curve is kept on the plot; `pin` keeps the one that is there")
        desk.kept = msgspec.structs.replace(desk.kept, pins=())
        self.tell(m.Note("The plot shows this run alone.", scene=True))

    def axis(self, what: AxisName) -> None:
        """Plot over another measure of the work."""
        self.desk.kept = msgspec.structs.replace(self.desk.kept, axis=what)
        self.tell(m.Note(AXIS_SENTENCES[what], scene=True))
