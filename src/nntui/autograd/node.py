"""A computation as a graph: numbers that remember what they were computed from.

Adding or multiplying nodes computes nothing yet: it makes a node that knows its operation and its parents. `forward`
computes the values, from the leaves to the result. `backward` then finds for every node how fast the result changes
with it, its gradient, from the result to the leaves.

Each operation has one rule below. It gives the value, and how fast that value changes with each of its parents: the
slopes. That is all that has to be known about an operation; `backward` does the rest.
"""

import math


class Node:
    """One number of a computation. A leaf has a value of its own; any other node gets one from its parents."""

    def __init__(self, value=None, operation="", parents=(), constant=None, name=""):
        self.value = value
        self.gradient = 0.0
        self.operation = operation
        self.parents = parents  # a node that is used twice stands here twice
        self.constant = constant  # the exponent of a power
        self.slopes = ()  # one for each parent, known once the value is
        self.name = name

    def __add__(self, other):
        return Node(operation="+", parents=(self, node(other)))

    def __sub__(self, other):
        return Node(operation="-", parents=(self, node(other)))

    def __mul__(self, other):
        return Node(operation="*", parents=(self, node(other)))

    def __truediv__(self, other):
        return Node(operation="/", parents=(self, node(other)))

    def __pow__(self, exponent):
        return Node(operation="**", parents=(self,), constant=exponent)

    def __neg__(self):
        return Node(operation="negate", parents=(self,))

    def __radd__(self, other):
        return node(other) + self

    def __rsub__(self, other):
        return node(other) - self

    def __rmul__(self, other):
        return node(other) * self

    def __rtruediv__(self, other):
        return node(other) / self

    def __repr__(self):
        value = "not known yet" if self.value is None else f"{self.value:.6g}"
        return f"{self.name or self.operation or 'node'} = {value}, gradient {self.gradient:.6g}"


def node(value):
    """A node as it is; a plain number as a leaf."""
    return value if isinstance(value, Node) else Node(float(value))


def exp(x):
    """The exponential of a node."""
    return Node(operation="exp", parents=(node(x),))


def log(x):
    """The natural logarithm of a node."""
    return Node(operation="log", parents=(node(x),))


def tanh(x):
    """The hyperbolic tangent of a node."""
    return Node(operation="tanh", parents=(node(x),))


def relu(x):
    """The node where it is above 0, else 0."""
    return Node(operation="relu", parents=(node(x),))


def total(terms):
    """The sum of many nodes, as one node."""
    return Node(operation="+", parents=tuple(terms))


# ---------------------------------------------------------------- the rules: the value, and the slopes


def add_rule(*terms):
    """A sum grows as fast as each of its terms."""
    value = terms[0]
    for term in terms[1:]:
        value += term
    return value, (1.0,) * len(terms)


def subtract_rule(left, right):
    """A difference grows with what is on the left, and shrinks with what is on the right."""
    return left - right, (1.0, -1.0)


def multiply_rule(left, right):
    """A product grows with one factor as fast as the other is large."""
    return left * right, (right, left)


def divide_rule(left, right):
    """A quotient: the top counts by one over the bottom; the bottom works against it."""
    return left / right, (1.0 / right, -left / (right * right))


def power_rule(base, exponent):
    """A power: the exponent comes to the front, and is one less."""
    slope = exponent * base ** (exponent - 1) if exponent else 0.0
    return base**exponent, (slope,)


def negate_rule(x):
    """The number with the other sign."""
    return -x, (-1.0,)


def exp_rule(x):
    """The exponential grows as fast as it is large."""
    value = math.exp(x)
    return value, (value,)


def log_rule(x):
    """The natural logarithm."""
    return math.log(x), (1.0 / x,)


def tanh_rule(x):
    """The hyperbolic tangent: steep in the middle, flat at its ends."""
    value = math.tanh(x)
    return value, (1.0 - value * value,)


def relu_rule(x):
    """What is below 0 is cut off, and has no slope."""
    if x > 0.0:
        return x, (1.0,)
    return 0.0, (0.0,)


RULES = {
    "+": add_rule,
    "-": subtract_rule,
    "*": multiply_rule,
    "/": divide_rule,
    "**": power_rule,
    "negate": negate_rule,
    "exp": exp_rule,
    "log": log_rule,
    "tanh": tanh_rule,
    "relu": relu_rule,
}


# ---------------------------------------------------------------- the two passes


def topological_order(result):
    """All nodes that lead to the result, each after its parents: without recursion, so that a long chain will do."""
    order = []
    seen = set()
    waiting = [(result, False)]
    while waiting:
        current, parents_are_done = waiting.pop()
        if parents_are_done:
            order.append(current)
        elif current not in seen:
            seen.add(current)
            waiting.append((current, True))
            for parent in reversed(current.parents):
                waiting.append((parent, False))
    return order


def forward(order):
    """Compute every value, from the leaves to the result."""
    for current in order:
        compute(current)


def compute(current):
    """Apply the rule of a node's operation to its parents' values."""
    if not current.parents:
        return
    numbers = [parent.value for parent in current.parents]
    if current.constant is not None:
        numbers.append(current.constant)
    rule = RULES[current.operation]
    current.value, current.slopes = rule(*numbers)


def backward(order):
    """Find every gradient, from the result to the leaves; what a gradient holds already stays in it."""
    order[-1].gradient = 1.0  # the result changes as fast as itself
    for current in reversed(order):
        hand_on(current)


def hand_on(current):
    """Add to each parent's gradient: how fast this node changes with it, times how fast the result does with this."""
    for parent, slope in zip(current.parents, current.slopes):
        parent.gradient += slope * current.gradient
