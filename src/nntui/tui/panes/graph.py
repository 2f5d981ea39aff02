"""The graph of a computation, drawn: from left to right, each node a box with its name, its value and its gradient.

The node visited last has a double frame, and the edges that it used are lit, backwards with their local slopes; an
arrow head in its frame says which node comes next. What is in the frames' lower edges is the gradient. Below it all the
local rule is told with its numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from rich.style import Style

from nntui import messages as m
from nntui.tui.actions import FINE, TURN
from nntui.tui.look import Look
from nntui.tui.panes.braille import THICK, THIN, Canvas
from nntui.tui.panes.graph_plan import TALL, Box, Plan, is_constant, plan
from nntui.tui.panes.graph_scene import Scene
from nntui.tui.panes.graph_told import Told
from nntui.tui.panes.network_labels import Label, along, short, write
from nntui.tui.panes.pane import DONE, Answer, Direction, Pane
from nntui.tui.panes.written import fitted, name_in
from nntui.tui.rows import Row

LEAST_TOLD, MOST_TOLD = 2, 4  # rows below the graph
GRADIENTS = ("gradient ", "grad ")  # what stands before one, where there is room
FOLDED = ("#", "⊞")  # without and with Unicode: that a node stands for several, where there is no room for the count
WITH_COUNT = 11  # columns within a box, from which on a folded neuron says how many nodes it is
LEAST_DIGITS = 3  # of a number that there is little room for
FEWER_DIGITS = 2  # of one with an exponent, whose size is told by that

# The frames of nodes: corners from the top left, and the strokes.
FRAMES = {
    (True, False): "╭╮╰╯─│", (True, True): "╔╗╚╝═║", (False, False): "..''-|", (False, True): "####=#",
}  # fmt: skip


class GraphPane(Pane):
    """Draws the graph, and lets one point at its nodes."""

    kind = "graph"
    needs = "graph"

    def __init__(self, look: Look | None = None) -> None:
        super().__init__(look)
        self._scene: Scene | None = None
        self._plan: Plan | None = None
        self._sent: list[int] = []  # the nodes that were pointed at, of which no view has told yet
        self._came = -1  # the node that the last arrow key left

    def show(self, view: object, status: m.Status | None = None) -> None:
        """Show a view; what it tells of having been pointed at is no longer on its way."""
        if isinstance(view, m.GraphView):
            old = self.view
            if view.pointed in self._sent:
                del self._sent[: self._sent.index(view.pointed) + 1]
            elif isinstance(old, m.GraphView) and (view.title, view.pointed, view.at) != (
                old.title, old.pointed, old.at,
            ):  # fmt: skip
                self._sent.clear()
            if isinstance(old, m.GraphView) and view.title != old.title:
                self._plan = None
        super().show(view, status)

    # ------------------------------------------------------------ drawing

    def title(self) -> str:
        """What it is of, how far it has come, and how many nodes cannot be seen; in as many words as fit."""
        view = self.view
        if not isinstance(view, m.GraphView):
            return self.kind
        room, shapes = self.size.width - 4, self.look.shapes
        dot = f" {shapes.dot} "
        place = f"{view.direction} {view.done:,} of {view.of:,}" if view.direction else ""
        if view.passes > 1:
            place += f", pass {view.passes:,}"
        drawn = len(self._plan.boxes) if self._plan is not None else 0
        hidden = view.left_out + len(view.nodes) - drawn
        more = f"+{hidden:,} more" if hidden > 0 and drawn else ""
        _, at, step = view.title.partition(" at step ")  # where training has gone on since, that is to be known
        since = f"at step {step}" if at else ""
        for parts in (
            (f"graph {view.title}", place, more), (view.title, place, more), (f"graph {since}".rstrip(), place, more),
            (since, place, more), (since, place),
        ):  # fmt: skip
            title = dot.join(part for part in parts if part)
            if len(title) <= room:
                return title
        return since or place or self.kind

    def draw(self, width: int, height: int) -> list[Row]:
        """The graph in so many cells, and below it what is to be told."""
        view: m.GraphView = self.view
        scene = self._scene = Scene(view, self.status.walking if self.status is not None else "")
        most = max(LEAST_TOLD, min(MOST_TOLD, height // 5)) if height > TALL + LEAST_TOLD else 0
        told = Told(scene, self.look, self._number).rows(width, most)
        tall = max(1, height - most)
        laid = self._plan = plan(view, scene.focus, scene.wanted, width, tall, self._plan)
        canvas = Canvas(width, tall, self.look.shapes.unicode)
        self._edges(canvas, scene, laid)
        word = self._word(scene, laid)
        for number in laid.boxes:
            self._node(canvas, scene, number, laid.boxes[number], word)
        self._heads(canvas, scene, laid)
        write(canvas, list(self._slopes(scene, laid)))
        return canvas.rows(self.ink.text) + told

    def _number(self, value: float) -> str:
        return self.voice.number(value).replace("-", self.look.shapes.minus)

    # ------------------------------------------------------------ edges

    def _edges(self, canvas: Canvas, scene: Scene, laid: Plan) -> None:
        """The edges: those of the node in hand stand out, and those in use most of all."""
        ink, focus = self.ink, scene.focus
        drawn = [edge for edge in scene.edges() if edge[0] in laid.boxes and edge[1] in laid.boxes]
        for start, end, port, ports in sorted(drawn, key=lambda e: (scene.uses(*e[:2]), focus in e[:2])):
            used = scene.uses(start, end)
            style = ink.accent if used else ink.text if focus in (start, end) else ink.muted
            weight = THICK if used or self.look.colours.thick else THIN
            for line in laid.edge(start, end, port, ports):
                canvas.line(*line, style, weight=weight, over=used)

    def _heads(self, canvas: Canvas, scene: Scene, laid: Plan) -> None:
        """An arrow head at the end of each edge in use: where the value goes, or the gradient."""
        shapes = self.look.shapes
        for start, end, port, ports in scene.edges():
            if not scene.uses(start, end) or start not in laid.boxes or end not in laid.boxes:
                continue
            if scene.works_backward:
                box = laid.boxes[start]
                canvas.mark(box.x + box.width, box.middle, shapes.knob_left, self.ink.accent)
            else:
                x, y = laid.edge(start, end, port, ports)[-1][2:]
                canvas.mark(x // 2, y // 4, shapes.knob_right, self.ink.accent)

    def _slopes(self, scene: Scene, laid: Plan) -> Iterator[Label]:
        """The local slopes on the edges in use, or of the node pointed at."""
        shown = {scene.in_use} if scene.works_backward else set()
        shown |= {scene.pointed} if scene.shows_gradients else set()
        for start, end, port, ports in scene.edges():
            slope = scene.slope(end, port)
            told = slope is not None and not is_constant(scene.nodes[start])
            if end in shown and told and start in laid.boxes and end in laid.boxes:
                assert slope is not None
                style = self.ink.lit if scene.uses(start, end) else self.ink.signed(slope)
                lines = laid.edge(start, end, port, ports)
                places = tuple(place for line in (lines[-1], *lines[:-1]) for place in along(line))
                yield Label(f" {short(slope, self.look, True)} ", style, places)

    # ------------------------------------------------------------ nodes

    def _node(self, canvas: Canvas, scene: Scene, number: int, box: Box, word: str) -> None:
        """A node: in its upper edge its name and operation, then its value, in the lower edge its gradient."""
        node, ink = scene.nodes[number], self.ink
        if box.bare:
            style = ink.selected if number == scene.pointed else ink.muted
            return _write(canvas, box.x, box.middle, node.name.replace("-", self.look.shapes.minus).rjust(box.width),
                          style)  # fmt: skip
        visited = number == scene.in_use
        frame = FRAMES[self.look.shapes.unicode, visited]
        edge = ink.accent if visited else ink.text if number == scene.focus else ink.muted
        inside = box.width - 2
        for y, (left, right, stroke) in enumerate(((0, 1, frame[4]), (5, 5, " "), (2, 3, frame[4]))):
            _write(canvas, box.x, box.y + y, frame[left] + stroke * inside + frame[right], edge)
        self._head(canvas, scene, node, box)
        value = "?" if node.value is None else self._number_in(node.value, inside)
        style = ink.muted if node.value is None else ink.strong
        value = value + " " if len(value) < inside else value
        _write(canvas, box.x + 1, box.middle, value.rjust(inside), style)
        if scene.shows_gradients:
            self._gradient(canvas, node, box, word)
        if number == scene.about:
            canvas.mark(box.x, box.y, self.look.shapes.about_to_run, ink.accent)
        return None

    def _head(self, canvas: Canvas, scene: Scene, node: m.GraphNode, box: Box) -> None:
        """Name and operation; of a step that has no name of its own, its operation alone where there is no more room:
        what it works on can be seen."""
        ink, room, ellipsis = self.ink, box.width - 2, self.look.shapes.ellipsis
        name, said = node.name, scene.operation(node, len(node.name) + 1, room)
        if node.folded:
            said = f"{node.folded} nodes" if len(name) + len(str(node.folded)) + 7 <= room else f"({node.folded})"
            said = said if room >= WITH_COUNT else FOLDED[self.look.shapes.unicode]
        elif len(name) + len(said) + 1 > room:
            name, said = (scene.operation(node, 0, room) if scene.is_step(node) else name), ""
        name = name_in(name, room - (len(said) + 1 if said else 0), ellipsis)
        pointed = node.number == scene.pointed
        style = ink.selected if pointed else ink.accent if node.number == scene.in_use else ink.strong
        if pointed and not self.look.depth and len(name) + 2 <= room:
            name = f"[{name}]"
        _write(canvas, box.x + 1, box.y, name, style)
        _write(canvas, box.x + box.width - 1 - len(said), box.y, said, ink.accent)

    def _gradient(self, canvas: Canvas, node: m.GraphNode, box: Box, word: str) -> None:
        """The gradient, with its sign."""
        text = self._signed_in(node.gradient, box.width - 2 - len(word))
        end = box.x + box.width - 1 - (len(word) + len(text) < box.width - 2)
        _write(canvas, end - len(text) - len(word), box.y + TALL - 1, word, self.ink.muted)
        _write(canvas, end - len(text), box.y + TALL - 1, text, self.ink.signed(node.gradient))

    def _word(self, scene: Scene, laid: Plan) -> str:
        """What the gradients are called in their boxes: the same in all of them, the longest that fits."""
        boxes = [(scene.nodes[number].gradient, box) for number, box in laid.boxes.items() if not box.bare]
        room = min((box.width - 3 - len(self._signed_in(value, box.width - 2)) for value, box in boxes), default=0)
        return next((word for word in GRADIENTS if len(word) <= room), "")

    def _signed_in(self, value: float, room: int) -> str:
        sign = "+" if value > 0 else ""
        return sign + self._number_in(value, room - len(sign))

    def _number_in(self, value: float, room: int) -> str:
        """A number in so many cells: in fewer digits than are asked for, where that will do, else with an ellipsis."""
        digits = self.voice.digits
        for few in range(digits, FEWER_DIGITS - 1, -1):
            text = replace(self.voice, digits=few).number(value).replace("-", self.look.shapes.minus)
            enough = "." in text and (few >= LEAST_DIGITS or "e" in text)
            if len(text) <= room and (few == digits or enough):  # 0.9999 is not 1
                return text
        return fitted(self._number(value), room, self.look.shapes.ellipsis)

    # ------------------------------------------------------------ pointing

    def clicked(self, x: int, y: int, shift: bool) -> m.Command | m.Query | None:
        """The node that was clicked."""
        number = self._plan.at(x, y) if self._plan is not None else None
        return self._pointing(number) if number is not None else None

    def arrow(self, direction: Direction, fine: bool) -> Answer:
        """Left to what a node came from, right to what uses it, up and down its column; with shift a leaf is turned."""
        scene, laid = self._scene, self._plan
        if not isinstance(self.view, m.GraphView) or scene is None or laid is None or not scene.nodes:
            return None
        if fine and direction in ("left", "right"):
            return self.turn(FINE if direction == "right" else -FINE) or DONE
        here = self._here
        if scene.pointed < 0 and not self._sent:
            return self._pointing(here) or DONE
        there = scene.onward(laid, here, direction, self._came)
        if there is None:
            return DONE
        self._came = here
        return self._pointing(there) or DONE

    @property
    def _here(self) -> int:
        """The node in hand, when all that was sent is obeyed."""
        assert self._scene is not None
        sent = [number for number in self._sent if number in self._scene.nodes]
        return sent[-1] if sent else self._scene.focus

    def _pointing(self, number: int) -> m.Point | None:
        if self._scene is None or number not in self._scene.nodes:
            return None
        self._sent.append(number)
        return m.Point(self._scene.address(number))

    def turn(self, amount: float) -> m.Command | None:
        """The leaf in hand, turned by an amount."""
        scene = self._scene
        if scene is None or not scene.can_be_set(self._here):
            return None
        node = scene.nodes[self._here]
        return m.SetValue(node.name, (node.value or 0.0) + amount)

    def wheel(self, x: int, y: int, up: bool, shift: bool) -> m.Command | None:
        """Away turns the leaf under the mouse up, towards turns it down; with shift finely."""
        number = self._plan.at(x, y) if self._plan is not None else None
        scene = self._scene
        if number is None or scene is None or not scene.can_be_set(number):
            return None
        amount = FINE if shift else TURN
        node = scene.nodes[number]
        return m.SetValue(node.name, (node.value or 0.0) + (amount if up else -amount))

    def to_be_set(self) -> tuple[str, float] | None:
        """The leaf in hand and its value, for one to be typed."""
        scene = self._scene
        if scene is None or not scene.can_be_set(self._here):
            return None
        node = scene.nodes[self._here]
        return node.name, node.value or 0.0

    def group_in_hand(self) -> str:
        """The neuron that the node in hand belongs to."""
        scene = self._scene
        node = scene.nodes.get(self._here) if scene is not None else None
        return "" if node is None else node.group or (node.name if node.folded else "")

    def number_at_hand(self) -> str:
        """The gradient of the node in hand, once there are gradients; else its value."""
        scene = self._scene
        if scene is None or self._here not in scene.nodes:
            return ""
        name = scene.address(self._here)
        return f"gradient {name}" if scene.shows_gradients else name

    def value_at_hand(self) -> str:
        """The exact value of the node in hand, or its gradient, where these are what it is about."""
        scene = self._scene
        node = scene.nodes.get(self._here) if scene is not None else None
        if scene is None or node is None:
            return ""
        value = node.gradient if scene.shows_gradients else node.value
        return "" if value is None else repr(value)


def _write(canvas: Canvas, column: int, row: int, text: str, style: Style) -> None:
    """Write over everything, cell by cell."""
    for at, character in enumerate(text, column):
        canvas.mark(at, row, character, style)


if __name__ == "__main__":
    from nntui.tui.panes.alone import run

    run(GraphPane())
