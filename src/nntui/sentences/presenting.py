"""The sentences of presenting: what a class has guessed, the beats of a lesson, what the lecturer alone is told."""

from __future__ import annotations

from collections.abc import Sequence

from nntui import messages as m
from nntui.sentences.numbers import Voice, capital, plural
from nntui.text import full_stop

MINUTE, HOUR = 60, 3600


def guessed(f: m.Guessed, v: Voice) -> list[str]:
    """How many chose which."""
    del v
    return [said_guesses(f.counts, f.choices)]


def said_guesses(counts: Sequence[int], choices: Sequence[str]) -> str:
    """ "20 of the class have guessed. 1, about 5: 3, 15 percent. 2, …"."""
    total = sum(counts)
    if not total:
        return "Nobody of the class has guessed."
    each = (
        f"{number}, {choice.rstrip('.')}: {count:,}{f', {share(count, total)} percent' if count else ''}."
        for number, (count, choice) in enumerate(zip(counts, choices, strict=False), start=1)
    )
    return f"{total:,} of the class {'has' if total == 1 else 'have'} guessed. {' '.join(each)}"


def share(count: int, total: int) -> int:
    """A share in whole percents."""
    return round(100 * count / total)


def lesson(r: m.LessonView, v: Voice) -> list[str]:
    """All beats, a line each, the one at hand first of all."""
    cores = [beat for beat in r.beats if beat.core]
    short = f", in the short lecture of {plural(len(cores), 'core beat')}" if r.short else ""
    here = f"Beat {r.beat} of {len(r.beats)}{short}." if r.beat else f"{capital(plural(len(r.beats), 'beat'))}."
    return [here, *(_beat(beat, beat.number == r.beat, v) for beat in r.beats)]


def _beat(beat: m.BeatLine, here: bool, v: Voice) -> str:
    core = "" if beat.core else ", not in the short lecture"
    time = f", {duration(beat.seconds)}" if beat.seconds >= 1 else ""
    been = ", can be gone to at once" if v.detail == "full" and beat.been else ""
    return f"{'Here, beat' if here else 'Beat'} {beat.number}{core}{time}{been}: {full_stop(beat.line)}"


def notes(r: m.NotesView, v: Voice) -> list[str]:
    """The notes of the beat at hand, what comes next, the time, what the class has guessed."""
    del v
    following = "This is the last beat."
    if r.next_beat:
        following = f"Next, beat {r.next_beat}: {full_stop(r.next_line)}"
    told = f"Notes: {' '.join(r.notes.split())}" if r.notes else "There are no notes for this beat."
    lines = [where(r), told, following]
    if r.question:
        lines.append(_question(r))
    return lines


def where(r: m.NotesView) -> str:
    """Which beat it is, and the time that it has taken."""
    core = f", core beat {r.core} of {r.cores}" if r.cores else ""
    return f"Beat {r.beat} of {r.beats}{core}. {duration(r.seconds)} on it, {duration(r.total)} in all."


def _question(r: m.NotesView) -> str:
    if r.guesses:
        return said_guesses(r.guesses, r.choices)
    numbers = ", ".join(str(number) for number in range(1, len(r.choices) + 1))
    open_ = "A question is open" if not r.answered else "The question has been answered"
    return f"{open_}: {r.question} guesses takes how many have chosen {numbers}."


def duration(seconds: float) -> str:
    """ "7 s", "1 min 35 s", "1 h 2 min"."""
    whole = int(seconds)
    if whole < MINUTE:
        return f"{whole} s"
    if whole < HOUR:
        return f"{whole // MINUTE} min {whole % MINUTE} s"
    return f"{whole // HOUR} h {whole % HOUR // MINUTE} min"
