"""Commands: what changes the state."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

import msgspec

from nntui.messages.base import *
from nntui.messages.presenting import *
from nntui.messages.races import *
from nntui.messages.recordings import *

# ---------------------------------------------------------------- where to go


class Open(Message, frozen=True):
    """Open a scenario from its text; `name` is what it is called, `folder` where its data file may lie."""

    text: Annotated[str, msgspec.Meta(max_length=MOST_TEXT)]
    name: str = "scenario"
    folder: str = ""


class Step(Message, frozen=True):
    """Go `count` units forwards."""

    count: Count = 1
    unit: Unit = "line"


class Back(Message, frozen=True):
    """Go `count` units back in time."""

    count: Count = 1
    unit: Unit = "line"


class Goto(Message, frozen=True):
    """Go to a place by its number: a training step, an epoch, a sample, or within the call walked."""

    number: Number
    unit: Unit = "step"


class Run(Message, frozen=True):
    """Train for so many steps and tell the end."""

    steps: Count


class Try(Message, frozen=True):
    """Train for so many steps by twists and tell each."""

    count: Count = 1


class Stop(Message, frozen=True):
    """Stop what is running."""


class Break(Message, frozen=True):
    """Set or clear a breakpoint on a line of the source."""

    line: Number


class Until(Message, frozen=True):
    """Run on until a line of the source is about to run, in this call."""

    line: Number


class Walk(Message, frozen=True):
    """Choose the call that is walked line by line: one prediction, or the next training step."""

    what: WalkName


class ChooseSample(Message, frozen=True):
    """Look at one sample of a split."""

    sample: Number
    split: Split = "train"


class NextMistake(Message, frozen=True):
    """Look at the next sample that is answered wrongly (or the one before): of the test split, where there is one."""

    forwards: bool = True


class TypeInput(Message, frozen=True):
    """Look at an input of one's own."""

    values: Annotated[tuple[float, ...], msgspec.Meta(min_length=1, max_length=20_000)]


# ---------------------------------------------------------------- what to change


class SetValue(Message, frozen=True):
    """Give one parameter a value."""

    address: Word
    value: float


class Twist(Message, frozen=True):
    """Change one parameter by an amount, by hand; it is kept whatever the loss does."""

    address: Word
    amount: float


class Point(Message, frozen=True):
    """Point at one parameter, for everyone to look at."""

    address: Word


class Use(Message, frozen=True):
    """Go on training on another rung."""

    rung: Word


class Method(Message, frozen=True):
    """Choose how the network learns."""

    name: Word


class Reseed(Message, frozen=True):
    """Start again with the dice, and where they are drawn the initial weights, of another seed."""

    seed: Seed


class UseData(Message, frozen=True):
    """Start again on another data set."""

    name: Word


class Noise(Message, frozen=True):
    """Start again with another share of noise in the data."""

    share: float


class Shift(Message, frozen=True):
    """Move every image by so many pixels to the right, or to the left below 0; the weights stay."""

    pixels: int


class Layers(Message, frozen=True):
    """Start again with other layer sizes."""

    sizes: Annotated[tuple[int, ...], msgspec.Meta(min_length=1, max_length=100)]


class Activation(Message, frozen=True):
    """Bend the totals of the hidden layers with another curve."""

    name: Word


class OutputActivation(Message, frozen=True):
    """Bend the totals of the last layer with another curve."""

    name: Word


class TwistSize(Message, frozen=True):
    """Draw twists from another range: plus or minus `size`."""

    size: float


class BatchSize(Message, frozen=True):
    """Compute the loss of a step over another number of samples."""

    size: Count


class Reset(Message, frozen=True):
    """Go back to the start of the lesson or scenario."""


class Undo(Message, frozen=True):
    """Take back the last command."""


class LearningRate(Message, frozen=True):
    """Walk downhill by another multiple of the gradient."""

    rate: float


class Momentum(Message, frozen=True):
    """Keep another share of the last step's velocity."""

    share: float


class Optimizer(Message, frozen=True):
    """Turn the gradient into a step in another way: `sgd`, `momentum` or `adam`."""

    name: Word


class WeightDecay(Message, frozen=True):
    """Let every weight shrink by another share of itself, times the learning rate, at each step."""

    amount: float


# ---------------------------------------------------------------- what everyone looks at


class Slope(Message, frozen=True):
    """Look at the slope of the loss along one parameter, by a twist of this size."""

    address: Word
    size: float


class DrawEdges(Message, frozen=True):
    """Draw on the network's edges its weights, or the gradient: how the loss changes with each of them."""

    what: Literal["weights", "gradient"]


class Landscape(Message, frozen=True):
    """Look at the loss over two parameters, so far on each side of where they stand; empty: those of the last time."""

    first: Word = ""
    second: Word = ""
    reach: float = 0.0  # 0: as far as the last time


class Sweep(Message, frozen=True):
    """Twist every parameter once, up and down by this much, and look at which matter; 0: as much as the last time."""

    size: float = 0.0


class Pin(Message, frozen=True):
    """Keep the curve of the loss on the plot, beside those to come, under a name; empty: the method's."""

    name: Annotated[str, msgspec.Meta(max_length=24)] = ""


class Unpin(Message, frozen=True):
    """Take the curves that were kept from the plot."""


class Axis(Message, frozen=True):
    """Plot the loss over another measure of the work done."""

    what: Literal["steps", "predictions", "seconds"]


class Accuse(Message, frozen=True):
    """Say which line of the code at hand is wrong, where one is: the program runs the right one beside it.

    Line 0 stands for the line about to run.
    """

    line: Number = 0


# ---------------------------------------------------------------- the graph


class OpenGraph(Message, frozen=True):
    """Make the graph of an expression, its names given by others; of `loss`: of the network's, for the sample at hand.

    `leaves` gives each name its own expression, of numbers and of names before it, such as ("b", "3 * a").
    """

    expression: Annotated[str, msgspec.Meta(max_length=4_000)]
    leaves: Annotated[tuple[tuple[Word, Word], ...], msgspec.Meta(max_length=100)] = ()


class Forward(Message, frozen=True):
    """Compute the values of the next `count` nodes of the graph; 0: of all that are left."""

    count: Number = 0


class Backward(Message, frozen=True):
    """Hand the gradients of the next `count` nodes of the graph on to what they came from; 0: of all that are left."""

    count: Number = 0


class ClearGradients(Message, frozen=True):
    """Set all gradients of the graph to 0."""


class GraphOrder(Message, frozen=True):
    """Let backward visit the nodes in another order: each after all that it leads to, or as depth first finds them."""

    name: Literal["topological", "depth"]


class Fold(Message, frozen=True):
    """Draw the nodes of one neuron, such as `outputs[0][1]`, as one, or each by itself again; empty: of all neurons."""

    name: Word = ""


# ---------------------------------------------------------------- the tensor


class Tensor(Message, frozen=True):
    """Make an array, or another view of the one at hand: the words behind `tensor`, such as ("reshape", "2", "6")."""

    words: Annotated[tuple[Word, ...], msgspec.Meta(max_length=100)]


# ---------------------------------------------------------------- the lesson


class Next(Message, frozen=True):
    """Go on to the next beat of the lesson."""


class Previous(Message, frozen=True):
    """Go back to the end of the beat before."""


class Answer(Message, frozen=True):
    """Answer the question of this beat."""

    choice: Count


class Return(Message, frozen=True):
    """Come back from a detour to where the lesson stands."""


Command: TypeAlias = (
    Open | Step | Back | Goto | Run | Try | Stop | Break | Until | Walk | ChooseSample | NextMistake | TypeInput
    | SetValue | Twist | Point | Use | Method | Reseed | UseData | Noise | Shift | Layers | Activation
    | OutputActivation | TwistSize | BatchSize | LearningRate | Momentum | Optimizer | WeightDecay
    | Slope | DrawEdges | Landscape | Sweep | Pin | Unpin | Axis | Accuse
    | OpenGraph | Forward | Backward | ClearGradients | GraphOrder | Fold | Tensor
    | Race | RaceWidths | CompareRace | Climb | Check
    | Mark | Play | Pause | Seek | Branch | Rejoin
    | GoToBeat | ShortLecture | Guesses | Reveal | Blank
    | Reset | Undo | Next | Previous | Answer | Return
)  # fmt: skip
