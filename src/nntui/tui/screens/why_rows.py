"""The rows of the why dialog: a number, the terms of the sum that made it, and what they come to."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.style import Style

from nntui import messages as m
from nntui.sentences.numbers import Voice
from nntui.tui.look import Look
from nntui.tui.panes.written import aligned, written
from nntui.tui.rows import Piece, Row, folded, shortened
from nntui.tui.screens.drawn import padded, touching

ADDRESS = re.compile(r"^sample \d+$|(?:sample \d+ )?[A-Za-z_]\w*(?:\[\d+\])+")  # what AskWhy takes in a text
PARAMETERS = ("weights[", "biases[")  # what is multiplied with; what comes in from below is more interesting
NUMBER = re.compile(r"-?\d+(?:\.\d+)?e[+-]?\d+|-?\d+\.\d+")  # in a name, such as "output 0.25 minus target 1.0"
LEAST_BAR, MOST_BAR = 3, 10  # cells of a term's bar, on each side of nothing


@dataclass
class Level:
    """One answer, and where one is in it."""

    answer: m.Why | m.Refused
    selected: int = 0
    first: int = 0  # of the terms in sight

    def __post_init__(self) -> None:
        """Begin at the first term that leads further down, not at the bias."""
        ways = (self.ways(number)[0] for number in range(len(self.terms)))
        self.selected = next((n for n, way in enumerate(ways) if way and not way.startswith(PARAMETERS)), 0)

    @property
    def name(self) -> str:
        """What it is about."""
        return self.answer.name if isinstance(self.answer, m.Why) else "?"

    def short(self, name: str) -> str:
        """A name without the sample that it is of, where this number is of that sample too."""
        sample = re.match(r"sample \d+(?= |$)", self.name)
        return name.removeprefix(f"{sample[0]} ") if sample else name

    @property
    def terms(self) -> tuple[m.Term, ...]:
        """The parts of its sum."""
        return self.answer.terms if isinstance(self.answer, m.Why) else ()

    def ways(self, number: int | None = None) -> tuple[str, str]:
        """The names that a term can be opened by: what came in, and what it was multiplied with; empty for none."""
        if not isinstance(self.answer, m.Why):
            return "", ""
        texts = [self.answer.note]
        if self.terms:
            term = self.terms[self.selected if number is None else number]
            texts = [term.name, *(name for name, _ in term.factors)]
        found = dict.fromkeys(name for text in texts for name in ADDRESS.findall(text) if name != self.answer.name)
        ways = (*sorted(found, key=lambda name: name.startswith(PARAMETERS)), "", "")
        return ways[0], ways[1]


class Writer:
    """Writes one level, for one look and one voice."""

    def __init__(self, look: Look, voice: Voice) -> None:
        self.look = look
        self.ink = look.ink
        self.voice = voice

    def number(self, value: float, plus: bool = False) -> str:
        """A number; with `plus` it always has a sign."""
        text = written(self.voice, float(value), self.look.shapes)
        return f"+{text}" if plus and value > 0 else text

    def said(self, name: str) -> str:
        """A name with the numbers in it written as the others are."""
        return NUMBER.sub(lambda found: self.number(float(found[0])), name)

    # ------------------------------------------------------------ above and below the terms

    def head(self, level: Level, width: int, brief: bool = False) -> list[Row]:
        """The number, what was done to get it, and what the terms add up to."""
        ink, why = self.ink, level.answer
        if isinstance(why, m.Refused):
            return [[(part, ink.text)] for part in folded(why.sentence, width)]
        first: Row = [(why.name, ink.strong), (" = ", ink.text), (self.number(why.value), self._signed(why.value))]
        then: Row = []
        if why.rule:
            then = [("= ", ink.text), (f"{why.rule} ", ink.text), (self.number(why.of), self._signed(why.of))]
        rows = [first]
        if then and _width(first) + 1 + _width(then) <= width:
            rows = [[*first, (" ", ink.text), *then]]
        elif then:
            rows += [[(part, ink.text)] for part in folded("".join(text for text, _ in then), width)]
        count = len(why.terms)
        if count > 1 and not brief:
            what = self.number(why.of) if why.rule else "It"
            rows += [[], [(part, ink.muted) for part in folded(f"{what} is the sum of these {count:,}:", width)[:1]]]
        return rows

    def foot(self, level: Level, refusal: str, width: int, brief: bool = False) -> list[Row]:
        """What the terms come to, and the note."""
        ink, why = self.ink, level.answer
        if isinstance(why, m.Refused):
            return []
        rows: list[Row] = []
        if len(why.terms) > 1:
            values = self._values(why)
            rule = self.look.shapes.rule * cell_len(values[0])
            rows += [] if brief else [[("  ", ink.text), (rule, ink.line)]]
            rows.append([("  ", ink.text), (values[-1], self._signed(why.of)), ("  in all", ink.muted)])
        said = [(part, ink.wrong) for part in folded(refusal, width)] if refusal else []
        said = said or [(part, ink.muted) for part in folded(self.said(why.note), width) if part]
        if said and not brief:
            rows.append([])
        return rows + [[piece] for piece in said]

    def _signed(self, value: float) -> Style:
        return self.ink.signed(value) if value else self.ink.text

    def _values(self, why: m.Why) -> list[str]:
        """The values of the terms and, last, of their sum, aligned."""
        return aligned([*(self.number(term.value, plus=True) for term in why.terms), self.number(why.of, plus=True)])

    # ------------------------------------------------------------ the terms

    def terms(self, level: Level, width: int) -> list[Row]:
        """One row a term: its value, the product that it is, what it is called, and a bar as long as it is large."""
        why = level.answer
        if isinstance(why, m.Refused) or not why.terms:
            return []
        values, products = self._values(why), self._products(why.terms)
        numbers = [f"{value}{product}" for value, product in zip(values, products, strict=False)]
        used = 2 + max(cell_len(text) for text in numbers)
        both, one = ([self._named(level, n, whole) for n in range(len(why.terms))] for whole in (True, False))
        names, bar = self._plan(both, one, width - used) if len(why.terms) > 1 else (both, 0)
        size = min(max(map(cell_len, names)), max(0, width - used - 2))
        largest = max((abs(term.value) for term in why.terms if math.isfinite(term.value)), default=0.0)
        rows: list[Row] = []
        for n, term in enumerate(why.terms):
            name = padded(shortened(names[n], size, self.look.shapes.ellipsis), size)
            row = self._term(level, n, numbers[n], name, len(values[0]))
            rows.append([*row, *self._bar(term.value, largest, bar)])
        return rows

    def _plan(self, both: list[str], one: list[str], room: int) -> tuple[list[str], int]:
        """Which names fit, and how long a bar beside them: rather a bar than the weights' names."""
        for names in (both, one):
            left = room - max(map(cell_len, names)) - 5
            if left // 2 >= LEAST_BAR:
                return names, min(MOST_BAR, left // 2)
        return (both if max(map(cell_len, both)) + 2 <= room else one), 0

    def _named(self, level: Level, number: int, whole: bool) -> str:
        """What a term is called: its factors, or only the one that came in."""
        term, source = level.terms[number], level.short(level.ways(number)[0])
        names = list(dict.fromkeys(level.short(self.said(name)) for name, _ in term.factors))
        if not names:
            return level.short(self.said(term.name))
        return f" {self._times} ".join(names) if whole else (source if source in names else names[-1])

    @property
    def _times(self) -> str:
        return "×" if self.look.shapes.unicode else "x"

    def _products(self, terms: Sequence[m.Term]) -> list[str]:
        """What each term is the product of, in numbers, one below the other."""
        factors = [self._factors(term) for term in terms]
        texts = [""] * len(terms)
        for column in range(max(map(len, factors))):
            shown = aligned([numbers[column] if column < len(numbers) else "" for numbers in factors])
            for n, text in enumerate(shown):
                sign = (f" {self._times} " if column else " = ") if column < len(factors[n]) else "   "
                texts[n] += sign + text
        return texts

    def _factors(self, term: m.Term) -> list[str]:
        if len(term.factors) == 2 and term.factors[0] == term.factors[1]:
            return [f"({self.number(term.factors[0][1])})" + ("²" if self.look.shapes.unicode else "^2")]
        return [self.number(value) for _, value in term.factors]

    def _term(self, level: Level, number: int, numbers: str, name: str, value: int) -> Row:
        """Mark, numbers (the value is the first so many characters) and name; what can be opened can be clicked."""
        ink, term = self.ink, level.terms[number]
        selected = number == level.selected
        mark = f"{self.look.shapes.cursor} " if selected else "  "
        main = ink.selected if selected else self._signed(term.value)
        row: Row = [
            (mark, touching(ink.accent, "term", number)),
            (numbers[:value], touching(main, "term", number)),
            (numbers[value:] + "  ", touching(ink.text, "term", number)),
        ]
        source, factor = map(level.short, level.ways(number))
        parts = name.split(f" {self._times} ") if term.factors else [name]
        for n, part in enumerate(parts):
            row += [(f" {self._times} ", touching(ink.muted, "term", number))] if n else []
            what = {source: "open", factor: "other"}.get(part.strip(), "term") if part.strip() else "term"
            row.append((part, touching(ink.text if what == "open" else ink.muted, what, number)))
        return row

    def _bar(self, value: float, largest: float, half: int) -> list[Piece]:
        """How large a term is beside the largest, to the left of the middle where it is negative."""
        if not half:
            return []
        share = abs(value) / largest if largest and math.isfinite(value) else 0.0
        size = max(1, round(share * half)) if share else 0
        bar = self.look.shapes.bar * size
        left, right = (bar, "") if value < 0 else ("", bar)
        middle = "│" if self.look.shapes.unicode else "|"
        return [
            (" " * (2 + half - len(left)), self.ink.text), (left, self.ink.minus), (middle, self.ink.line),
            (right, self.ink.plus),
        ]  # fmt: skip


def _width(row: Row) -> int:
    return sum(cell_len(text) for text, _ in row)
