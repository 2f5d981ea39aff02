"""How single words read what stands behind them."""

from __future__ import annotations

import re

from nntui import messages as m
from nntui.text import did_you_mean
from nntui.words.arguments import is_number, number, one_of, whole
from nntui.words.word import Meaning, Own, WordError, fail

MOST_ADDRESS = 150  # characters of what is asked for: no name is as long
MOST_NAME = 24  # characters of the name of a curve
AXES = ("steps", "predictions", "seconds")


def read_input(rest: list[str]) -> Meaning:
    """`input 0.5 -1`."""
    if not rest:
        raise fail("input")
    return m.TypeInput(tuple(number(part, "an input") for part in rest))


def read_sample(rest: list[str]) -> Meaning:
    """`sample 3`, `sample 3 test` or `sample test 3`."""
    numbers = [part for part in rest if part not in ("test", "train")]
    splits = [part for part in rest if part in ("test", "train")]
    if len(numbers) != 1 or len(splits) > 1:
        raise fail("sample")
    number = whole(numbers[0], "a sample", 0, m.MOST_STEPS)
    return m.ChooseSample(number, "test" if splits == ["test"] else "train")


def read_mistake(rest: list[str]) -> Meaning:
    """`mistake`, `mistake back`."""
    if rest not in ([], ["back"]):
        raise fail("mistake")
    return m.NextMistake(not rest)


def read_slope(rest: list[str]) -> Meaning:
    """`slope weights[0][1][0] 0.01`, `slope 0.01` for the parameter pointed at, `slope off`."""
    if rest == ["off"]:
        return m.Slope("", 0.0)
    rest = [part for part in rest if part not in ("by", "=")]
    if not rest:
        raise fail("slope")
    if "[" in rest[-1]:
        raise WordError(f"a slope needs the size of a twist, too, as in: slope {''.join(rest)[:60]} 0.01")
    size = number(rest[-1], "the size of a twist")
    if not size:
        raise WordError("a twist of size 0 changes nothing; `slope off` ends looking at the slope")
    return m.Slope("".join(rest[:-1])[:200], size)


def read_draw(rest: list[str]) -> Meaning:
    """`draw weights` or `draw gradient`."""
    if rest not in (["gradient"], ["weights"]):
        raise fail("draw")
    return m.DrawEdges("gradient" if rest == ["gradient"] else "weights")


def read_landscape(rest: list[str]) -> Meaning:
    """`landscape`, `landscape 3`, `landscape weights[0][0][0] weights[0][0][1] 3`."""
    names: list[str] = []
    for part in rest:
        if part.startswith("[") and names:
            names[-1] += part
        elif part not in ("over", "and"):
            names.append(part.rstrip(","))
    reach = 0.0
    if (len(names) == 1 and "[" in names[0]) or (len(names) == 2 and is_number(names[1])):
        raise WordError(f"a landscape lies over two weights, as in: landscape {names[0][:60]} same")
    if len(names) in (1, 3):
        reach = number(names.pop(), "how far a landscape reaches")
        if reach <= 0:
            raise WordError("a landscape reaches further than 0 on each side, as in: landscape 2")
    if len(names) not in (0, 2):
        raise fail("landscape")
    first, second = ("" if name == "same" else name for name in names or ["", ""])
    return m.Landscape(first[:200], second[:200], reach)


def read_sweep(rest: list[str]) -> Meaning:
    """`sweep`, `sweep 0.5`."""
    if len(rest) > 1:
        raise fail("sweep")
    size = number(rest[0], "the size of a twist") if rest else 0.0
    if rest and not size:
        raise WordError("a twist of size 0 changes nothing; `sweep 0.1` twists every weight by 0.1")
    return m.Sweep(size)


def read_pin(rest: list[str]) -> Meaning:
    """`pin`, `pin dice`."""
    name = " ".join(rest)
    if len(name) > MOST_NAME:
        raise WordError(f"the name of a curve has at most {MOST_NAME} characters, not {len(name):,}")
    return m.Pin(name)


def read_axis(rest: list[str]) -> Meaning:
    """`axis predictions`."""
    if len(rest) != 1 or rest[0] not in AXES:
        raise fail("axis")
    return m.Axis("predictions" if rest == ["predictions"] else "seconds" if rest == ["seconds"] else "steps")


def read_layers(rest: list[str]) -> Meaning:
    """`layers 2,4,1`, or with spaces or hyphens between."""
    parts = [part for part in re.split(r"[,\s-]+", " ".join(rest)) if part]
    if not 1 <= len(parts) <= 100:
        raise fail("layers")
    return m.Layers(tuple(whole(part, "a layer's size", 1, 1_000_000) for part in parts))


def read_walk(rest: list[str]) -> Meaning:
    """`walk predict`, `walk bug 1`."""
    what = " ".join(rest)
    if what not in m.WALKS:
        raise fail("walk")
    return m.Walk(what)


def read_accuse(rest: list[str]) -> Meaning:
    """`accuse 23`, `accuse line 23`; without a number the line about to run."""
    numbers = rest[1:] if rest[:1] == ["line"] else rest
    if len(numbers) > 1 or (rest and not numbers):
        raise fail("accuse")
    return m.Accuse(whole(numbers[0], "a line", 1, 1_000_000) if numbers else 0)


def read_show(rest: list[str]) -> Meaning:
    """`show loss`, `show twist weights[0][0][1]`."""
    if not rest:
        return Own("help", "show")
    if len(rest) > 1 and rest[0] != "twist":
        raise fail("show")
    if rest[0] not in m.VIEWS:
        hint = did_you_mean(rest[0], m.VIEWS) or f"; {one_of(m.VIEWS)}"
        raise WordError(f"there is nothing called '{rest[0][:40]}' to show{hint}")
    return m.AskView(rest[0], "".join(rest[1:])[:200])


def read_why(rest: list[str]) -> Meaning:
    """`why`, `why output`, `why output 1`, `why neuron 1 0` (layer and neuron), `why outputs[1][0]`, `why sample 36`.

    `why sample 36 output` and the like ask the same of that sample.
    """
    if rest[:1] == ["sample"] and len(rest) > 1 and rest[1].rstrip(",").isdigit():
        return m.AskWhy(f"sample {rest[1].rstrip(',')} {asked(rest[2:])}".rstrip())
    return m.AskWhy(asked(rest))


def asked(rest: list[str]) -> str:
    """The name of the number that is asked for."""
    if rest[:1] == ["gradient"]:
        return f"gradient {''.join(rest[1:])[:MOST_ADDRESS]}".rstrip()
    if rest and rest[0] in ("output", "neuron", "layer") and len(rest) > 1:
        numbers = [part.rstrip(",") for part in rest[1:] if part.rstrip(",").isdigit()]
        if rest[0] == "output" and len(numbers) == 1:
            return f"output[{numbers[0]}]"
        if len(numbers) == 2:
            return f"outputs[{numbers[0]}][{numbers[1]}]"
        raise fail("why")
    joined = " ".join(rest)[:MOST_ADDRESS]
    return joined if "[" not in joined else joined.replace(" ", "")


GIVEN = re.compile(r"\b([A-Za-z_]\w*)\s*=(?!=)")


def read_graph(rest: list[str]) -> Meaning:
    """`graph a * b + c a=2 b=3*a c=0.5`, `graph loss`, `graph order depth`, `graph compare`."""
    if rest == ["compare"]:
        return m.AskComparison()
    if rest[:1] == ["order"] and len(rest) == 2 and "=" not in rest[1]:
        if rest[1] not in ("topological", "depth", "wrong"):
            raise WordError(f"there is no order '{rest[1][:40]}'; it is written: graph order topological|depth")
        return m.GraphOrder("topological" if rest[1] == "topological" else "depth")
    pieces = GIVEN.split(" ".join(rest))
    if not pieces[0].strip():
        raise fail("graph")
    given = [(name, text.strip().rstrip(",").strip()) for name, text in zip(pieces[1::2], pieces[2::2], strict=True)]
    if len(given) > 100 or any(len(name) > 200 or len(text) > 200 for name, text in given):
        raise WordError("a graph has at most 100 names, and each is given by at most 200 characters")
    return m.OpenGraph(pieces[0].strip().rstrip(",").strip(), tuple(given))


def read_tensor(rest: list[str]) -> Meaning:
    """`tensor 3 4`; brackets and commas may stand between."""
    if not 1 <= len(rest) <= 100:
        raise fail("tensor")
    return m.Tensor(tuple(part[:200] for part in rest))


def read_stages(rest: list[str]) -> Meaning:
    """`stages`, `stages 1000`."""
    if len(rest) > 1:
        raise fail("stages")
    return m.AskStages(whole(rest[0], "the number of samples", 1, 100_000) if rest else 0)
