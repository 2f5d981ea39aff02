"""The sentences of a graph: what was visited and what it gave, how it looks, and what its gradients are worth."""

from __future__ import annotations

from nntui import messages as m
from nntui.sentences.numbers import Voice, capital, plural

FEW_OPERANDS = 3  # of a sum are said one by one
FEW_VISITS = 6  # nodes are said in one line
FEW_SHARES = 5  # of a comparison are said; in full, all
ORDINARY = 40  # nodes of a graph are told one by one, of more those near the one in hand


MADE_BY = {
    "*": "the product", "+": "the sum", "-": "the difference", "/": "the quotient", "negate": "minus", "exp": "exp",
    "log": "the logarithm", "tanh": "tanh", "relu": "relu",
}  # fmt: skip

# ---------------------------------------------------------------- facts


def opened(f: m.GraphOpened, v: Voice) -> list[str]:
    """What the graph is of, and what is known of it."""
    lines = [f"Graph of {f.title}: {_nodes(f.nodes, f.numbers)}."]
    if v.detail != "brief":
        some = f.leaves if v.detail == "full" else f.leaves[:FEW_OPERANDS]
        more = " and others" if len(some) < len(f.leaves) else ""
        if f.leaves:
            said = [f"{v.name(name)} is {v.number(value)}" for name, value in some]
            lines.append(f"Leaves: {_listed(said)}{more}.")
        lines.append("Forward computes the other values; backward then hands gradients back.")
    return lines


def _nodes(count: int, numbers: int) -> str:
    """How many nodes, and how many of them are numbers that stand in the expression."""
    return plural(count, "node") + (f", {numbers:,} of them written in it as numbers" if numbers else "")


def visited(f: m.Visited, v: Voice) -> list[str]:
    """Each node by its name, with what it has now; of a single one, or in full, also by which rule.

    Of many the point first: the result, or the gradients of the leaves; then each node in a line of its own.
    """
    heads = [_head(visit, f.direction, v) for visit in f.visits]
    many = f.count > FEW_VISITS and v.detail != "full"
    lines = _many(f, v) if many else []
    if v.detail == "full" or len(f.visits) == 1:
        for visit, head in zip(f.visits, heads, strict=True):
            lines += [head, *(_how(visit, f.direction, v) if v.detail != "brief" else [])]
    elif not many:
        lines.append(" ".join(heads))
    elif v.detail != "brief":
        lines += heads
    left_out = f.count - len(f.visits)
    if left_out and (not many or v.detail != "brief"):
        lines.append(f"And {left_out:,} more in between.")
    if v.detail != "brief" and f.left:
        lines.append(f"{plural(f.left, 'node')} left.")
    if f.direction == "backward" and f.passes > 1 and not f.left and v.detail != "brief":
        lines.append(f"This was pass {f.passes} without clearing: gradients add up.")
    return lines


def _many(f: m.Visited, v: Voice) -> list[str]:
    """How many nodes were visited, and what came of it."""
    last = f.visits[-1]
    if f.direction == "forward":
        return [f"{f.count:,} values computed, at the end {v.name(last.name)}: {v.number(last.value)}."]
    lines = [f"{f.count:,} nodes visited, back from {v.name(f.visits[0].name)} to {v.name(last.name)}."]
    leaves = [visit for visit in f.visits if not visit.operation]
    leaves = [visit for visit in leaves if visit.name.startswith(("weights[", "biases["))] or leaves
    if leaves and v.detail != "brief":
        some = [f"{v.number(visit.gradient)} for {v.name(visit.name)}" for visit in leaves[-FEW_SHARES:]]
        lines.append(f"Of the leaves: {'; '.join(some)}{'; and others' * (len(some) < len(leaves))}.")
    return lines


def _head(visit: m.Visit, direction: str, v: Voice) -> str:
    name = v.name(visit.name)
    if visit.name.startswith(("weights[", "biases[", "outputs[", "inputs[", "totals[", "targets[")):
        name = capital(name)  # a name that is spoken in words; one that is written in the expression stays as it is
    if direction == "backward":
        return f"{name}: gradient {v.number(visit.gradient)}."
    return f"{name}: {v.number(visit.value)}."


def _how(visit: m.Visit, direction: str, v: Voice) -> list[str]:
    """How a value was computed; or to whom a gradient was handed on, times which slope."""
    if direction == "forward":
        return [f"That is {_computed(visit, v)}."] if visit.operands else []
    if not visit.given:
        return []
    rule = [f"{capital(visit.rule)}."] if v.detail == "full" and visit.rule else []
    some = visit.given if v.detail == "full" else visit.given[:FEW_OPERANDS]
    lines = [_given(each, visit, v) for each in some]
    more = len(visit.given) - len(some)
    return [*rule, *lines, *([f"And to {more:,} others."] if more else [])]


def _given(given: m.Given, visit: m.Visit, v: Voice) -> str:
    slope, gradient = v.number(given.slope), v.number(visit.gradient)
    got = f"{slope} times {gradient} is {v.number(given.slope * visit.gradient)}"
    return (
        f"To {v.name(given.parent)}: {got}; its gradient goes from {v.number(given.before)} to {v.number(given.after)}."
    )


def _computed(visit: m.Visit, v: Voice) -> str:
    numbers = [v.number(value) for _, value in visit.operands]
    operation = visit.operation
    if len(numbers) > FEW_OPERANDS and v.detail != "full":
        return f"the sum of {len(numbers):,} numbers"
    if operation.startswith("**") or len(numbers) > 1:
        signs = {"*": " times ", "+": " plus ", "-": " minus ", "/": " over "}
        return signs.get(operation, "").join(numbers) or f"{numbers[0]} to the power {operation[2:].strip()}"
    return f"minus {numbers[0]}" if operation == "negate" else f"{operation} of {numbers[0]}"


def cleared(f: m.GradientsCleared, v: Voice) -> list[str]:
    """All are 0."""
    return ["All gradients are 0."]


def leaf_set(f: m.LeafSet, v: Voice) -> list[str]:
    """The leaf, and what flowed from it."""
    said = f"{v.name(f.name)}: {v.number(f.old)} to {v.number(f.new)}."
    if not f.flowed:
        return [said]
    flowed = f.flowed if v.detail == "full" or f.count <= FEW_SHARES else f.flowed[-1:]
    values = " ".join(f"{v.name(visit.name)}: {v.number(visit.value)}." for visit in flowed)
    more = f"And {f.count - len(flowed):,} others changed." if f.count > len(flowed) and v.detail != "brief" else ""
    return [f"{said} {values}", more]


def node_pointed(f: m.NodePointed, v: Voice) -> list[str]:
    """The node, its value and its gradient."""
    value = "not known yet" if f.value is None else v.number(f.value)
    return [f"Pointing at {v.name(f.name)}: value {value}, gradient {v.number(f.gradient)}."]


# ---------------------------------------------------------------- answers


def graph(r: m.GraphView, v: Voice) -> list[str]:
    """Where the passes stand, then the nodes from the leaves to the result."""
    whole = len(r.nodes) + r.left_out + r.numbers
    lines = [f"Graph of {r.title}: {_nodes(whole, r.numbers)}. {_stands(r)}"]
    names = {node.number: node.name for node in r.nodes}
    if r.visit is not None:
        lines.append(" ".join([f"Visited last: {_head(r.visit, r.direction, v)}", *_how(r.visit, r.direction, v)]))
    marks = [("Next", r.next), ("Pointed at", r.pointed), ("The line works on", r.in_hand)]
    lines.append(" ".join(f"{said}: {v.name(names[number])}." for said, number in marks if number in names))
    lines += [_slopes(node, names, v) for node in r.nodes if node.number in (r.pointed, r.in_hand)]
    lines += [_node(node, names, v) for node in r.nodes]
    return [*lines, f"And {plural(r.left_out, 'node')} more." if r.left_out else ""]


def _slopes(node: m.GraphNode, names: dict[int, str], v: Voice) -> str:
    """How fast a node changes with each of those that it is computed from."""
    pairs = [(names.get(parent, ""), slope) for parent, slope in zip(node.parents, node.slopes, strict=False)]
    said = ", ".join(f"{v.number(slope)} with {v.name(name)}" for name, slope in pairs if name)
    return f"{v.name(node.name)} changes {said}." if said else ""


def _stands(r: m.GraphView) -> str:
    if not r.direction:
        return "Nothing is computed yet."
    done = f"{r.done:,} of {plural(r.of, 'node')}"
    passes = f", in pass {r.passes} since the gradients were 0" if r.direction == "backward" and r.passes > 1 else ""
    return f"{capital(r.direction)}: {done}{passes}."


def _node(node: m.GraphNode, names: dict[int, str], v: Voice) -> str:
    value = "not known yet" if node.value is None else v.number(node.value)
    parents = " and ".join(dict.fromkeys(operands(node, {number: v.name(name) for number, name in names.items()})))
    kind = "a neuron" if node.folded else MADE_BY.get(node.operation, node.operation)
    of = f", {kind}{f' of {parents}' if parents else ''}" if node.parents or node.numbers else ""
    folded = f", {plural(node.folded, 'node')} folded into one" if node.folded else ""
    return f"{v.name(node.name)}{of}: {value}, gradient {v.number(node.gradient)}{folded}."


def _listed(said: list[str]) -> str:
    """A list; of names that have commas themselves with semicolons between."""
    return ("; " if any("," in each for each in said) else ", ").join(said)


def operands(node: m.GraphNode, names: dict[int, str]) -> list[str]:
    """What a node is computed from: its parents by their names, and the numbers that are written in it."""
    drawn = iter(node.parents)
    every = [number or names.get(next(drawn), "") for number in node.numbers] or [names.get(n, "") for n in drawn]
    return [name for name in every if name]


def comparison(r: m.ComparisonView, v: Voice) -> list[str]:
    """What the ways to the gradient cost, how far they are apart, and each parameter's."""
    price = (r.forward + r.backward) / r.prediction if r.prediction else 0.0
    lines = [
        f"By twists {r.twist_predictions:,} predictions, by the graph {v.number(round(price, 2))}. "
        f"The graph's gradients and backpropagation's differ by {v.number(r.difference)} at most"
        + (
            "."
            if r.twisted_difference is None
            else f"; those by twists are off by up to {v.number(r.twisted_difference)}."
        ),
        f"Counted for the {r.title}: a prediction reads {r.prediction:,} numbers; "
        f"forward reads {r.forward:,}, backward hands on {r.backward:,}.",
    ]
    if v.detail == "brief":
        return lines
    some = r.shares if v.detail == "full" else r.shares[:FEW_SHARES]
    lines += [
        f"{capital(v.name(s.address))}: by the graph {v.number(s.graph)}, by backpropagation "
        + v.number(s.backpropagation)
        + (f", by twists {v.number(s.twisted)}" if s.twisted is not None else "")
        + "."
        for s in some
    ]
    more = r.parameters - len(some)
    return [*lines, f"And {more:,} more." if more else ""]
