"""The words of the lesson file and of the plain front end, and the messages that they stand for.

Each word has one row in the table at the end: how it is written, one sentence of help, and how it is read. `say` goes
the other way, from a command to its words.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias, get_args

from nntui import messages as m
from nntui.text import clean, did_you_mean

MOST_CHARACTERS = 4_000
MOST_TRIES = 1_000
MOST_ADDRESS = 150  # characters of what is asked for: no name is as long
MOST_USAGE = 110  # characters of how a word is written: more of it is for `help`
MOST_NAME = 24  # characters of the name of a curve
AXES = ("steps", "predictions", "seconds")


class WordError(ValueError):
    """A line that means nothing; the text says why, and what would, in one sentence."""


@dataclass(frozen=True)
class Own:
    """A word that concerns the front end alone, with what stands behind it."""

    word: str
    rest: str = ""


Meaning: TypeAlias = "m.Command | m.Query | Own"


@dataclass(frozen=True)
class Word:
    """One row of the table."""

    name: str
    usage: str
    help: str
    read: Callable[[list[str]], Meaning]
    group: str


def parse(line: str) -> Meaning:
    """Read one line; raise WordError where it means nothing."""
    if len(line) > MOST_CHARACTERS:
        raise WordError(f"a line has at most {MOST_CHARACTERS:,} characters, not {len(line):,}")
    parts = clean(line).split()
    if not parts:
        raise WordError("an empty line says nothing; `help` lists the words")
    name = parts[0].lower()
    if name not in TABLE:
        hint = did_you_mean(name, TABLE) or ";"
        raise WordError(f"there is no word '{name[:40]}'{hint} `help` lists them")
    return TABLE[name].read(parts[1:])


# ---------------------------------------------------------------- reading what stands behind a word


def _fail(name: str) -> WordError:
    usage = TABLE[name].usage
    if len(usage) > MOST_USAGE:
        return WordError(f"one way to write it is: {usage.split('|')[0]}; `help {name}` tells them all")
    return WordError(f"it is written: {usage}")


def _whole(text: str, what: str, low: int, high: int) -> int:
    """Read a whole number; a comma may part the thousands."""
    if re.fullmatch(r"\d{1,3}(,\d{3})+", text):
        text = text.replace(",", "")
    if not re.fullmatch(r"[+-]?\d{1,20}", text):
        raise WordError(f"{what} is a whole number, not '{text[:40]}'")
    if not low <= int(text) <= high:
        raise WordError(f"{what} goes from {low:,} to {high:,}, not {int(text):,}")
    return int(text)


def _number(text: str, what: str) -> float:
    """Read a finite number; the typographic minus sign will do as well."""
    text = text.replace("−", "-").rstrip(",")
    if len(text) > 60 or not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?", text):
        raise WordError(f"{what} is a number, not '{text[:40]}'")
    value = float(text)
    if not math.isfinite(value):
        raise WordError(f"{what} must be finite; '{text[:40]}' is beyond the largest number there is")
    return value


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"[-+−]?\.?\d.*", text))


def _nothing(name: str, message: Meaning) -> Callable[[list[str]], Meaning]:
    def read(rest: list[str]) -> Meaning:
        if rest:
            raise _fail(name)
        return message

    return read


def _moving(name: str, make: Callable[[int, m.Unit], Meaning], low: int = 1) -> Callable[[list[str]], Meaning]:
    """Read `[N] [UNIT]`, in either order."""
    fallback: m.Unit = "step" if name == "goto" else "line"

    def read(rest: list[str]) -> Meaning:
        units = [part for part in rest if not part[:1].isdigit() and part[:1] not in "+-"]
        numbers = [part for part in rest if part not in units]
        if len(units) > 1 or len(numbers) > 1 or (name == "goto" and not numbers):
            raise _fail(name)
        unit = units[0].lower() if units else fallback
        singular = unit[:-2] if unit == "passes" else unit.removesuffix("s") if unit != "pass" else unit
        if singular not in m.UNITS:
            hint = did_you_mean(unit, m.UNITS) or f"; {_one_of(m.UNITS)}"
            raise WordError(f"there is no unit '{unit[:40]}'{hint}")
        count = _whole(numbers[0], "the number", low, m.MOST_STEPS) if numbers else 1
        return make(count, singular)

    return read


def _one_of(names: Any) -> str:
    return "it is one of " + ", ".join(names)


def _count(
    name: str, what: str, make: Callable[[int], Meaning], low: int, high: int, default: int | None = None
) -> Callable[[list[str]], Meaning]:
    def read(rest: list[str]) -> Meaning:
        if not rest and default is not None:
            return make(default)
        if len(rest) != 1:
            raise _fail(name)
        return make(_whole(rest[0], what, low, high))

    return read


def _named(name: str, make: Callable[[str], Meaning]) -> Callable[[list[str]], Meaning]:
    def read(rest: list[str]) -> Meaning:
        if not rest:
            raise _fail(name)
        return make(" ".join(rest)[:200])

    return read


def _value(name: str, what: str, make: Callable[[float], Meaning]) -> Callable[[list[str]], Meaning]:
    def read(rest: list[str]) -> Meaning:
        if len(rest) != 1:
            raise _fail(name)
        return make(_number(rest[0], what))

    return read


def _address_and_number(name: str, make: Callable[[str, float], Meaning]) -> Callable[[list[str]], Meaning]:
    def read(rest: list[str]) -> Meaning:
        rest = [part for part in rest if part not in ("to", "by", "=")]
        if len(rest) < 2:
            raise _fail(name)
        return make("".join(rest[:-1])[:200], _number(rest[-1], "the last word"))

    return read


def _input(rest: list[str]) -> Meaning:
    if not rest:
        raise _fail("input")
    return m.TypeInput(tuple(_number(part, "an input") for part in rest))


def _sample(rest: list[str]) -> Meaning:
    """`sample 3`, `sample 3 test` or `sample test 3`."""
    numbers = [part for part in rest if part not in ("test", "train")]
    splits = [part for part in rest if part in ("test", "train")]
    if len(numbers) != 1 or len(splits) > 1:
        raise _fail("sample")
    number = _whole(numbers[0], "a sample", 0, m.MOST_STEPS)
    return m.ChooseSample(number, "test" if splits == ["test"] else "train")


def _mistake(rest: list[str]) -> Meaning:
    if rest not in ([], ["back"]):
        raise _fail("mistake")
    return m.NextMistake(not rest)


def _slope(rest: list[str]) -> Meaning:
    """`slope weights[0][1][0] 0.01`, `slope 0.01` for the parameter pointed at, `slope off`."""
    if rest == ["off"]:
        return m.Slope("", 0.0)
    rest = [part for part in rest if part not in ("by", "=")]
    if not rest:
        raise _fail("slope")
    if "[" in rest[-1]:
        raise WordError(f"a slope needs the size of a twist, too, as in: slope {''.join(rest)[:60]} 0.01")
    size = _number(rest[-1], "the size of a twist")
    if not size:
        raise WordError("a twist of size 0 changes nothing; `slope off` ends looking at the slope")
    return m.Slope("".join(rest[:-1])[:200], size)


def _draw(rest: list[str]) -> Meaning:
    if rest not in (["gradient"], ["weights"]):
        raise _fail("draw")
    return m.DrawEdges("gradient" if rest == ["gradient"] else "weights")


def _landscape(rest: list[str]) -> Meaning:
    """`landscape`, `landscape 3`, `landscape weights[0][0][0] weights[0][0][1] 3`."""
    names: list[str] = []
    for part in rest:
        if part.startswith("[") and names:
            names[-1] += part
        elif part not in ("over", "and"):
            names.append(part.rstrip(","))
    reach = 0.0
    if (len(names) == 1 and "[" in names[0]) or (len(names) == 2 and _is_number(names[1])):
        raise WordError(f"a landscape lies over two weights, as in: landscape {names[0][:60]} same")
    if len(names) in (1, 3):
        reach = _number(names.pop(), "how far a landscape reaches")
        if reach <= 0:
            raise WordError("a landscape reaches further than 0 on each side, as in: landscape 2")
    if len(names) not in (0, 2):
        raise _fail("landscape")
    first, second = ("" if name == "same" else name for name in names or ["", ""])
    return m.Landscape(first[:200], second[:200], reach)


def _sweep(rest: list[str]) -> Meaning:
    if len(rest) > 1:
        raise _fail("sweep")
    size = _number(rest[0], "the size of a twist") if rest else 0.0
    if rest and not size:
        raise WordError("a twist of size 0 changes nothing; `sweep 0.1` twists every weight by 0.1")
    return m.Sweep(size)


def _pin(rest: list[str]) -> Meaning:
    name = " ".join(rest)
    if len(name) > MOST_NAME:
        raise WordError(f"the name of a curve has at most {MOST_NAME} characters, not {len(name):,}")
    return m.Pin(name)


def _axis(rest: list[str]) -> Meaning:
    if len(rest) != 1 or rest[0] not in AXES:
        raise _fail("axis")
    return m.Axis("predictions" if rest == ["predictions"] else "seconds" if rest == ["seconds"] else "steps")


def _layers(rest: list[str]) -> Meaning:
    parts = [part for part in re.split(r"[,\s-]+", " ".join(rest)) if part]
    if not 1 <= len(parts) <= 100:
        raise _fail("layers")
    return m.Layers(tuple(_whole(part, "a layer's size", 1, 1_000_000) for part in parts))


def _walk(rest: list[str]) -> Meaning:
    what = " ".join(rest)
    if what not in m.WALKS:
        raise _fail("walk")
    return m.Walk(what)


def _accuse(rest: list[str]) -> Meaning:
    """`accuse 23`, `accuse line 23`; without a number the line about to run."""
    numbers = rest[1:] if rest[:1] == ["line"] else rest
    if len(numbers) > 1 or (rest and not numbers):
        raise _fail("accuse")
    return m.Accuse(_whole(numbers[0], "a line", 1, 1_000_000) if numbers else 0)


def _show(rest: list[str]) -> Meaning:
    if not rest:
        return Own("help", "show")
    if len(rest) > 1 and rest[0] != "twist":
        raise _fail("show")
    if rest[0] not in m.VIEWS:
        hint = did_you_mean(rest[0], m.VIEWS) or f"; {_one_of(m.VIEWS)}"
        raise WordError(f"there is nothing called '{rest[0][:40]}' to show{hint}")
    return m.AskView(rest[0], "".join(rest[1:])[:200])


def _why(rest: list[str]) -> Meaning:
    """`why`, `why output`, `why output 1`, `why neuron 1 0` (layer and neuron), `why outputs[1][0]`, `why sample 36`.

    `why sample 36 output` and the like ask the same of that sample.
    """
    if rest[:1] == ["sample"] and len(rest) > 1 and rest[1].rstrip(",").isdigit():
        return m.AskWhy(f"sample {rest[1].rstrip(',')} {_asked(rest[2:])}".rstrip())
    return m.AskWhy(_asked(rest))


def _asked(rest: list[str]) -> str:
    """The name of the number that is asked for."""
    if rest[:1] == ["gradient"]:
        return f"gradient {''.join(rest[1:])[:MOST_ADDRESS]}".rstrip()
    if rest and rest[0] in ("output", "neuron", "layer") and len(rest) > 1:
        numbers = [part.rstrip(",") for part in rest[1:] if part.rstrip(",").isdigit()]
        if rest[0] == "output" and len(numbers) == 1:
            return f"output[{numbers[0]}]"
        if len(numbers) == 2:
            return f"outputs[{numbers[0]}][{numbers[1]}]"
        raise _fail("why")
    joined = " ".join(rest)[:MOST_ADDRESS]
    return joined if "[" not in joined else joined.replace(" ", "")


def _own(name: str, needs: bool = False) -> Callable[[list[str]], Meaning]:
    def read(rest: list[str]) -> Meaning:
        if needs and not rest:
            raise _fail(name)
        return Own(name, " ".join(rest))

    return read


def _bare(name: str) -> Callable[[list[str]], Meaning]:
    return _nothing(name, Own(name))


_GIVEN = re.compile(r"\b([A-Za-z_]\w*)\s*=(?!=)")


def _graph(rest: list[str]) -> Meaning:
    """`graph a * b + c a=2 b=3*a c=0.5`, `graph loss`, `graph order depth`, `graph compare`."""
    if rest == ["compare"]:
        return m.AskComparison()
    if rest[:1] == ["order"] and len(rest) == 2 and "=" not in rest[1]:
        if rest[1] not in ("topological", "depth", "wrong"):
            raise WordError(f"there is no order '{rest[1][:40]}'; it is written: graph order topological|depth")
        return m.GraphOrder("topological" if rest[1] == "topological" else "depth")
    pieces = _GIVEN.split(" ".join(rest))
    if not pieces[0].strip():
        raise _fail("graph")
    given = [(name, text.strip().rstrip(",").strip()) for name, text in zip(pieces[1::2], pieces[2::2], strict=True)]
    if len(given) > 100 or any(len(name) > 200 or len(text) > 200 for name, text in given):
        raise WordError("a graph has at most 100 names, and each is given by at most 200 characters")
    return m.OpenGraph(pieces[0].strip().rstrip(",").strip(), tuple(given))


def _tensor(rest: list[str]) -> Meaning:
    if not 1 <= len(rest) <= 100:
        raise _fail("tensor")
    return m.Tensor(tuple(part[:200] for part in rest))


def _stages(rest: list[str]) -> Meaning:
    if len(rest) > 1:
        raise _fail("stages")
    return m.AskStages(_whole(rest[0], "the number of samples", 1, 100_000) if rest else 0)


_MOVE, _CHANGE, _LOOK, _LESSON, _SPEAK = "move", "change", "look", "lesson", "speak"

_ROWS = (
    Word("next", "next", "Go on with the lesson.", _nothing("next", m.Next()), _LESSON),
    Word("previous", "previous", "Go back to the end of the beat before.", _nothing("previous", m.Previous()), _LESSON),
    Word("answer", "answer N",
         "Answer the question with choice N; the number alone will do.",
         _count("answer", "a choice", m.Answer, 1, 9), _LESSON),
    Word("return", "return",
         "Come back from a detour to where the lesson stands.", _nothing("return", m.Return()), _LESSON),
    Word("open", "open LESSON", "Open a lesson by number, name or file.", _own("open", needs=True), _LESSON),
    Word("reset", "reset",
         "Go back to the start of the lesson: its weights, its data, step 0.", _nothing("reset", m.Reset()), _LESSON),
    Word("step", "step [N] [line|call|into|over|out|pass|neuron|layer|sample|step|epoch]",
         "Go forwards; a line unless told otherwise.", _moving("step", m.Step), _MOVE),
    Word("into", "into",
         "Go on to the first line of the next function called.", _nothing("into", m.Step(1, "into")), _MOVE),
    Word("over", "over", "Run the line whole, with all that it calls.", _nothing("over", m.Step(1, "over")), _MOVE),
    Word("out", "out", "Run on until this function has returned.", _nothing("out", m.Step(1, "out")), _MOVE),
    Word("back", "back [N] [UNIT]", "Go back in time; a line unless told otherwise.", _moving("back", m.Back), _MOVE),
    Word("goto", "goto N [UNIT]",
         "Go to training step N, or epoch N, sample N; within the call walked to line N of those run, pass N of "
         "this loop, neuron N, layer N, call N.", _moving("goto", m.Goto, low=0), _MOVE),
    Word("run", "run N",
         "Train for N steps and tell the end.", _count("run", "the number of steps", m.Run, 1, m.MOST_STEPS), _MOVE),
    Word("try", "try [N]",
         "Try one random twist, or N, and tell each.",
         _count("try", "the number of tries", m.Try, 1, MOST_TRIES, default=1), _MOVE),
    Word("stop", "stop", "Stop what is running.", _nothing("stop", m.Stop()), _MOVE),
    Word("walk", "walk predict|training|forward|backward|stage N|bug N",
         "Choose the call that is stepped through: one prediction, the next training step, a pass through the graph, "
         "stage 1 to 4 of the loops folded into arrays, or bug 1 to 3, each a step downhill that is wrong somewhere.",
         _walk, _MOVE),
    Word("break", "break LINE",
         "Stop at this line of the source when running; the same again clears it.",
         _count("break", "a line", m.Break, 1, 1_000_000), _MOVE),
    Word("until", "until LINE",
         "Run on until this line of the source is about to run, in this call.",
         _count("until", "a line", m.Until, 1, 1_000_000), _MOVE),
    Word("accuse", "accuse [LINE]",
         "In a room with a bug, after walk bug 1: say which line is wrong; the one about to run unless told otherwise.",
         _accuse, _MOVE),
    Word("undo", "undo", "Take back the last command.", _nothing("undo", m.Undo()), _MOVE),
    Word("set", "set WEIGHT VALUE",
         "Give a weight or bias a value, as in: set weights[1][0][2] 0.5",
         _address_and_number("set", m.SetValue), _CHANGE),
    Word("twist", "twist WEIGHT AMOUNT",
         "Turn a weight or bias by an amount, as in: twist biases[0][1] -0.1",
         _address_and_number("twist", m.Twist), _CHANGE),
    Word("size", "size X", "Draw random twists from ±X.", _value("size", "the size of twists", m.TwistSize), _CHANGE),
    Word("batch", "batch N",
         "Compute the loss of a step over N samples.", _count("batch", "a batch", m.BatchSize, 1, 100_000), _CHANGE),
    Word("rate", "rate X",
         "Go X times the gradient downhill at each step: the learning rate.",
         _value("rate", "the learning rate", m.LearningRate), _CHANGE),
    Word("optimizer", "optimizer sgd|momentum|adam",
         "Choose how the gradient becomes a step: plainly, by momentum, or by Adam.",
         _named("optimizer", m.Optimizer), _CHANGE),
    Word("momentum", "momentum X",
         "Keep a share X of the velocity from step to step, with the optimizer momentum.",
         _value("momentum", "momentum", m.Momentum), _CHANGE),
    Word("decay", "decay X",
         "Let weights shrink at each step by X times the learning rate, of themselves: weight decay.",
         _value("decay", "weight decay", m.WeightDecay), _CHANGE),
    Word("use", "use RUNG", "Go on training on another rung: loops, numpy or numba.", _named("use", m.Use), _CHANGE),
    Word("method", "method NAME",
         "Choose how the network learns: by twist or by gradient.", _named("method", m.Method), _CHANGE),
    Word("seed", "seed N",
         "Start again with the dice, and the weights if they are drawn, of another seed.",
         _count("seed", "a seed", m.Reseed, 0, 2**32 - 1), _CHANGE),
    Word("data", "data NAME", "Start again on another data set.", _named("data", m.UseData), _CHANGE),
    Word("noise", "noise X",
         "Start again with a share of noise in the data, 0 to 0.5.", _value("noise", "the noise", m.Noise), _CHANGE),
    Word("layers", "layers 2,4,1", "Start again with other layer sizes, inputs first.", _layers, _CHANGE),
    Word("activation", "activation NAME",
         "Bend the hidden layers by tanh, relu, sigmoid or linear.", _named("activation", m.Activation), _CHANGE),
    Word("output", "output NAME",
         "Bend the last layer by tanh, relu, sigmoid or linear.", _named("output", m.OutputActivation), _CHANGE),
    Word("sample", "sample N [test]",
         "Look at sample N of those to train on, or of those to test with.", _sample, _LOOK),
    Word("mistake", "mistake [back]",
         "Look at the next sample that is answered wrongly, or the one before; of those to test with, where there are "
         "any.", _mistake, _LOOK),
    Word("input", "input X [X ...]", "Look at an input of your own, as in: input 0.5 -1", _input, _LOOK),
    Word("point", "point WEIGHT",
         "Point at a weight or bias.", _named("point", lambda a: m.Point(a.replace(" ", ""))), _LOOK),
    Word("slope", "slope [WEIGHT] SIZE, or slope off",
         "Tell the slope of the loss along a weight or bias, by a twist of this size, as in: "
         "slope weights[0][1][0] 0.01", _slope, _LOOK),
    Word("gradient", "gradient",
         "Tell the slope along every weight and bias, by twists and by backpropagation, and what each way costs.",
         _nothing("gradient", m.AskView("gradient")), _LOOK),
    Word("draw", "draw gradient|weights", "Show the gradient on the network's edges, or the weights.", _draw, _LOOK),
    Word("landscape", "landscape [WEIGHT WEIGHT] [REACH]",
         "Tell the loss over two weights, so far on each side, and the way that training has come, as in: "
         "landscape weights[0][0][0] weights[0][0][1] 2; `same` stands for the weight of the last time.",
         _landscape, _LOOK),
    Word("sweep", "sweep [SIZE]",
         "Twist every weight and bias once, up and down, and tell which matter most.", _sweep, _LOOK),
    Word("why", "why [VALUE]",
         "Open a value into what made it: output, outputs[0][1], inputs[0], loss, sample loss, sample 3, "
         "total, weights[0][0][1], gradient weights[0][0][1].", _why, _LOOK),
    Word("show",
         "show code|values|network|diagram|loss|twist [WEIGHT]|picture|landscape|sweep|gradient|confusion|graph|tensor|"
         "weights|settings",
         "Tell how something looks: the code about to run, its values, the network, how it is drawn, the course of "
         "the loss, one weight and what turning it would do, the picture, the loss over two weights, which weights "
         "matter, the gradient, which classes are taken for which, the graph, the array at hand, all weights, all "
         "settings.",
         _show, _LOOK),
    Word("pin", "pin [NAME]",
         "Keep the curve of the loss on the plot, beside those to come; its name is the method's unless told "
         "otherwise.", _pin, _LOOK),
    Word("unpin", "unpin", "Take the curves that were kept from the plot.", _nothing("unpin", m.Unpin()), _LOOK),
    Word("axis", "axis steps|predictions|seconds",
         "Plot the loss over the steps, or over what they cost: in predictions, or in seconds.", _axis, _LOOK),
    Word("graph", "graph EXPRESSION [NAME=EXPRESSION ...], graph loss, graph order topological|depth, graph compare",
         "Make the graph of an expression, as in: graph tanh(a*b + c) a=2 b=-3 c=0.5; or of the network's own loss "
         "for the sample looked at. Choose the order in which backward visits it; compare its gradients with those "
         "known otherwise.", _graph, _CHANGE),
    Word("forward", "forward [N]",
         "Compute the values of the next N nodes of the graph, or of all.",
         _count("forward", "the number of nodes", m.Forward, 1, m.MOST_STEPS, default=0), _MOVE),
    Word("backward", "backward [N]",
         "Let the next N nodes of the graph, or all, hand their gradients on to what they came from.",
         _count("backward", "the number of nodes", m.Backward, 1, m.MOST_STEPS, default=0), _MOVE),
    Word("clear", "clear", "Set all gradients of the graph to 0.", _nothing("clear", m.ClearGradients()), _CHANGE),
    Word("fold", "fold [NEURON]",
         "Draw a neuron of the graph as one node, as in: fold outputs[0][1]; or all of them; the same again unfolds.",
         lambda rest: m.Fold("".join(rest)[:200]), _LOOK),
    Word("tensor", "tensor 3 4|weights N|inputs|transpose|reshape 2 6|slice 0:2 1|broadcast 5 3 4|flatten|order column|"
         "element 1 2|left|right|up|down|back|product [2 3 4]|next [N]|cell|rest",
         "Lay numbers out in memory: tensor 3 4 makes 3 rows of 4, tensor weights 0 takes the weights of layer 0, "
         "tensor inputs a batch of samples. Make another array of it: transpose, reshape 2 6, slice 0:2 1 (rows 0 and "
         "1, column 1), broadcast 5 3 4, flatten, order column; back goes to the array before. Look at one element: "
         "element 1 2, then left, right, up, down. tensor product multiplies the inputs by weights, tensor product 2 3 "
         "4 a matrix of 2 by 3 by one of 3 by 4; next, cell and rest go on by one multiply-add, one cell, all.",
         _tensor, _LOOK),
    Word("stages", "stages [N]",
         "Compare the loops with the array operations that they fold into, one loop at a time, on N samples; walk "
         "stage 1 to 4 steps through them.", _stages, _LOOK),
    Word("where", "where", "Tell where you are.", _nothing("where", m.AskWhere()), _LOOK),
    Word("summary", "summary", "Tell what this is and what has been done.", _nothing("summary", m.AskSummary()), _LOOK),
    Word("repeat", "repeat", "Tell the last thing again.", _bare("repeat"), _SPEAK),
    Word("more", "more", "Tell what did not fit.", _bare("more"), _SPEAK),
    Word("brief", "brief", "Say as little as will do.", _bare("brief"), _SPEAK),
    Word("normal", "normal", "Say what is usual.", _bare("normal"), _SPEAK),
    Word("full", "full", "Say all of it at once.", _bare("full"), _SPEAK),
    Word("digits", "digits N|exact",
         "Say numbers with N significant digits, or exactly.", _own("digits", needs=True), _SPEAK),
    Word("names", "names code|spoken",
         "Say names as the code writes them, or as one speaks them.", _own("names", needs=True), _SPEAK),
    Word("width", "width N", "Break lines after N columns, 20 to 200.", _own("width", needs=True), _SPEAK),
    Word("save", "save FILE",
         "Save all of this as a scenario that opens again exactly here.", _own("save", needs=True), _SPEAK),
    Word("help", "help [WORD]", "Tell the words, or one.", _own("help"), _SPEAK),
    Word("quit", "quit", "End.", _bare("quit"), _SPEAK),
)  # fmt: skip

TABLE: dict[str, Word] = {word.name: word for word in _ROWS}


# ---------------------------------------------------------------- saying a command


def say(command: m.Command) -> str:
    """The words of a command; `parse` reads them back (but `open`, which the front end reads from a file)."""
    return _SAY[type(command)](command)


def _count_and_unit(word: str, count: int, unit: str, fallback: str) -> str:
    return " ".join(
        [word, *([str(count)] if count != 1 or word == "goto" else []), *([unit] if unit != fallback else [])]
    )


def _named_pair(c: m.Landscape) -> list[str]:
    """The two parameters of a landscape; an empty one is that of the last time, which only a front end leaves out."""
    return [c.first or "same", c.second or "same"] if c.first or c.second else []


_SAY: dict[type, Callable[[Any], str]] = {
    m.Open: lambda c: f"open {c.name}",
    m.Next: lambda c: "next",
    m.Previous: lambda c: "previous",
    m.Answer: lambda c: f"answer {c.choice}",
    m.Return: lambda c: "return",
    m.Step: lambda c: _count_and_unit("step", c.count, c.unit, "line"),
    m.Back: lambda c: _count_and_unit("back", c.count, c.unit, "line"),
    m.Goto: lambda c: _count_and_unit("goto", c.number, c.unit, "step"),
    m.Run: lambda c: f"run {c.steps}",
    m.Try: lambda c: "try" if c.count == 1 else f"try {c.count}",
    m.Stop: lambda c: "stop",
    m.Break: lambda c: f"break {c.line}",
    m.Until: lambda c: f"until {c.line}",
    m.Walk: lambda c: f"walk {c.what}",
    m.Accuse: lambda c: f"accuse {c.line}" if c.line else "accuse",
    m.ChooseSample: lambda c: f"sample {c.sample}" + " test" * (c.split == "test"),
    m.NextMistake: lambda c: "mistake" if c.forwards else "mistake back",
    m.TypeInput: lambda c: "input " + " ".join(repr(value) for value in c.values),
    m.SetValue: lambda c: f"set {c.address} {c.value!r}",
    m.Twist: lambda c: f"twist {c.address} {c.amount:+}",
    m.Point: lambda c: f"point {c.address}",
    m.Slope: lambda c: f"slope {c.address} {c.size!r}".replace("  ", " ") if c.size else "slope off",
    m.DrawEdges: lambda c: f"draw {c.what}",
    m.Landscape: lambda c: " ".join(["landscape", *_named_pair(c), *([repr(c.reach)] if c.reach else [])]),
    m.Sweep: lambda c: f"sweep {c.size!r}" if c.size else "sweep",
    m.Use: lambda c: f"use {c.rung}",
    m.Method: lambda c: f"method {c.name}",
    m.Reseed: lambda c: f"seed {c.seed}",
    m.UseData: lambda c: f"data {c.name}",
    m.Noise: lambda c: f"noise {c.share!r}",
    m.Layers: lambda c: "layers " + ",".join(str(size) for size in c.sizes),
    m.Activation: lambda c: f"activation {c.name}",
    m.OutputActivation: lambda c: f"output {c.name}",
    m.TwistSize: lambda c: f"size {c.size!r}",
    m.LearningRate: lambda c: f"rate {c.rate!r}",
    m.Momentum: lambda c: f"momentum {c.share!r}",
    m.Optimizer: lambda c: f"optimizer {c.name}",
    m.WeightDecay: lambda c: f"decay {c.amount!r}",
    m.BatchSize: lambda c: f"batch {c.size}",
    m.Pin: lambda c: f"pin {c.name}".rstrip(),
    m.Unpin: lambda c: "unpin",
    m.Axis: lambda c: f"axis {c.what}",
    m.OpenGraph: lambda c: " ".join(["graph", c.expression, *(f"{name}={text}" for name, text in c.leaves)]),
    m.Forward: lambda c: f"forward {c.count}" if c.count else "forward",
    m.Backward: lambda c: f"backward {c.count}" if c.count else "backward",
    m.ClearGradients: lambda c: "clear",
    m.GraphOrder: lambda c: f"graph order {c.name}",
    m.Fold: lambda c: f"fold {c.name}".rstrip(),
    m.Tensor: lambda c: "tensor " + " ".join(c.words),
    m.Reset: lambda c: "reset",
    m.Undo: lambda c: "undo",
}

COMMANDS: tuple[type, ...] = get_args(m.Command)
