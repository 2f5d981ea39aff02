"""What stands below a graph: the last visit's local rule with its numbers, or what is known of the node pointed at."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.cells import cell_len

from nntui import messages as m
from nntui.sentences.graphs import operands
from nntui.tui.look import Look
from nntui.tui.panes.graph_scene import Scene
from nntui.tui.rows import Row, folded, shortened

Number = Callable[[float], str]


class Told:
    """Says it in as many rows as there are."""

    def __init__(self, scene: Scene, look: Look, number: Number) -> None:
        self.scene = scene
        self.look = look
        self.number = number
        self._times = "×" if look.shapes.unicode else "*"

    def rows(self, width: int, most: int) -> list[Row]:
        """At most so many rows."""
        ink, view = self.look.ink, self.scene.view
        told = view.in_hand if view.in_hand in self.scene.nodes else self.scene.pointed
        if told not in (-1, view.at) or told == view.in_hand != -1:
            lines = self._of_node(self.scene.nodes[told])
        elif view.visit is None:
            lines = self._next()
        elif view.direction == "backward":
            lines = self._backward(view.visit, width, most)
        else:
            lines = self._forward(view.visit)
        texts: list[str] = []
        for line in lines:  # the first matter most; the last give way
            parts = folded(line, width)
            if not texts and len(parts) > most:
                parts = [shortened(line, width, self.look.shapes.ellipsis)][:most]
            if len(texts) + len(parts) > most:
                break
            texts += parts
        return [[(text, ink.text)] for text in texts]

    def _next(self) -> list[str]:
        node = self.scene.nodes.get(self.scene.view.next)
        return [f"Next: {node.name}."] if node is not None else []

    # ------------------------------------------------------------ a visit

    def _forward(self, visit: m.Visit) -> list[str]:
        """The value with what it was computed from."""
        value = self.number(visit.value)
        made = self._made(visit.operation, [self.number(operand) for _, operand in visit.operands])
        lines = [f"{visit.name} = {made} = {value}" if made else f"{visit.name} = {value}"]
        return [*lines, *([_sentence(visit.rule)] if visit.rule else [])]

    def _made(self, operation: str, numbers: Sequence[str]) -> str:
        """An operation on numbers."""
        if not numbers:
            return ""
        if operation == "negate":
            return f"{self.look.shapes.minus}({numbers[0]})"
        if operation.startswith("**"):
            return f"{numbers[0]} {operation}"
        if len(numbers) > 1 or operation in ("+", "-", "*", "/"):
            sign = {"*": self._times, "-": self.look.shapes.minus}.get(operation, operation)
            return f" {sign} ".join(numbers)
        return f"{operation}({numbers[0]})"

    def _backward(self, visit: m.Visit, width: int, most: int) -> list[str]:
        """What each parent got, with the numbers; who hands on, and by which rule."""
        gradient = self.number(visit.gradient)
        taught = [got for got in visit.given if got.parent[:1] not in "0123456789-."]  # a number written there is none
        if not visit.given:
            why = "there are only numbers to hand it on to" if visit.operation else "a leaf hands nothing on"
            return [f"{visit.name}: gradient {gradient}; {why}"]
        given = [self._got(got, gradient, width) for got in taught[: most if len(taught) <= most else most - 1]]
        if len(taught) > most:
            given.append(f"and {len(taught) - len(given):,} more")
        head = f"{visit.name}: gradient {gradient}, handed on through {visit.operation}"
        return [*given, head, *([_sentence(visit.rule)] if visit.rule else [])]

    def _got(self, got: m.Given, gradient: str, width: int) -> str:
        """What a parent got: in full, or as the sum alone, where there is no more room."""
        slope, before, after = self.number(got.slope), self.number(got.before), self.number(got.after)
        product = f"{slope} {self._times} {gradient}"
        sum_alone = f"{before} + {product} = {after}"
        told = (
            f"{got.parent} gets slope {product} = {self.number(got.after - got.before)}; held {before}, now {after}",
            f"{got.parent} gets {product}; held {before}, now {after}",
            f"{got.parent}: {sum_alone}",
            f"{shortened(got.parent, max(0, width - len(sum_alone) - 2), self.look.shapes.ellipsis)}: {sum_alone}",
        )
        return next((text for text in told if cell_len(text) <= width), sum_alone)

    def _about_to_get(self, node: m.GraphNode) -> list[str]:
        """What the line about to run hands on to a parent; of one that is used twice it is not known which time."""
        parent, scene = self.scene.view.parent_in_hand, self.scene
        if parent not in scene.nodes or node.number != scene.view.in_hand or node.parents.count(parent) != 1:
            return []
        slope = scene.slope(node.number, node.parents.index(parent))
        if slope is None:
            return []
        held, product = scene.nodes[parent].gradient, f"{self.number(slope)} {self._times} {self.number(node.gradient)}"
        got = self.number(slope * node.gradient)
        return [f"{scene.nodes[parent].name} is to get slope {product} = {got}; holds {self.number(held)}"]

    # ------------------------------------------------------------ a node

    def _of_node(self, node: m.GraphNode) -> list[str]:
        """Its name and numbers in full, what it comes from and what uses it."""
        nodes, scene = self.scene.nodes, self.scene
        value = "not known yet" if node.value is None else self.number(node.value)
        gradient = f", gradient {self.number(node.gradient)}" if scene.shows_gradients else ""
        lines = [*self._about_to_get(node), f"{node.name} = {value}{gradient}"]
        if node.folded:
            lines.append(f"{node.folded} nodes drawn as one")
        elif node.operation:
            parents = operands(node, {number: other.name for number, other in nodes.items()})
            lines.append(f"{node.operation} of {', '.join(parents)}" if parents else node.operation)
        users = [nodes[user].name for user in scene.users[node.number]]
        if users:
            lines.append(f"used by {', '.join(users)}")
        return lines


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")
