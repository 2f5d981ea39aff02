"""The sentences of the table of answers by class: how many are right, and what is most often taken for what."""

from __future__ import annotations

from nntui import messages as m
from nntui.sentences.numbers import Voice, plural

FEW_CONFUSIONS = 5  # are named, of many


def confusion(r: m.ConfusionView, v: Voice) -> list[str]:
    """How many are right; the most frequent confusions; class by class, where all detail is wanted."""
    lines = [f"{r.right:,} of {_samples(r)} right: {v.percent(r.right / max(1, r.samples))} percent."]
    pairs = confusions(r)
    if not pairs:
        return [*lines, "No class is taken for another."]
    few = pairs if v.detail == "full" else pairs[:FEW_CONFUSIONS]
    said = "; ".join(f"{_pair(r, wanted, answered)}, {plural(n, 'time')}" for n, wanted, answered in few)
    more = f"; and {plural(len(pairs) - len(few), 'other pair')}" if len(few) < len(pairs) else ""
    lines.append(f"Most often {said}{more}.")
    if v.detail == "full":
        lines += [_row(r, wanted) for wanted in range(len(r.classes))]
    return lines


def confusions(r: m.ConfusionView) -> list[tuple[int, int, int]]:
    """How often, the class, the class that it is taken for: those that occur, the most frequent first."""
    cells = [(n, i, j) for i, row in enumerate(r.counts) for j, n in enumerate(row) if n and i != j]
    return sorted(cells, key=lambda cell: (-cell[0], cell[1:]))


def _samples(r: m.ConfusionView) -> str:
    return plural(r.samples, "test sample" if r.split == "test" else "training sample")


def _pair(r: m.ConfusionView, wanted: int, answered: int) -> str:
    return f"{r.classes[wanted]} taken for {r.classes[answered]}"


def _row(r: m.ConfusionView, wanted: int) -> str:
    """One class: how many of it are right, and what the others are taken for."""
    row = r.counts[wanted]
    others = "".join(f", {n:,} taken for {r.classes[j]}" for j, n in enumerate(row) if n and j != wanted)
    return f"Class {r.classes[wanted]}: {row[wanted]:,} of {sum(row):,} right{others}."
