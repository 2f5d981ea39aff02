"""A handout as one page of HTML: what is put into it is text, and stands there as text.

It needs nothing beside it: no script, no font, no address. What a recording of a stranger says is escaped, and the
page itself forbids the browser to fetch or run anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

from nntui.sentences.presenting import share
from nntui.text import ELLIPSIS, clean

MOST_TEXT = 4_000  # characters of one paragraph
MOST_HEADING = 120
MOST_BYTES = 15_000_000  # of a page; what would come after that is left out
CUT = "The page would be too large: what comes after this is left out."

STYLE = """
:root { color-scheme: light dark; --text: #1d2127; --muted: #5c6470; --ground: #ffffff; --line: #d5d9df;
  --accent: #0a58b8; --right: #1a6b2d; }
@media (prefers-color-scheme: dark) { :root { --text: #dfe3ea; --muted: #98a2b1; --ground: #14181f; --line: #343c48;
  --accent: #7cc0ff; --right: #8fd694; } }
html { background: var(--ground); color: var(--text); }
body { font: 1.06rem/1.55 Georgia, "Times New Roman", "DejaVu Serif", serif; max-width: 62rem; margin: 2rem auto;
  padding: 0 1.2rem; overflow-wrap: break-word; }
h1, h2, h3, nav, figcaption, .when, .did, footer, details { font-family: system-ui, "DejaVu Sans", sans-serif; }
h1 { font-size: 2rem; line-height: 1.2; margin: 0 0 .3rem; }
h2 { font-size: 1.6rem; margin: 3rem 0 .4rem; border-top: 3px solid var(--line); padding-top: 1rem; }
h3 { font-size: 1.15rem; margin: 2.4rem 0 .4rem; border-top: 1px solid var(--line); padding-top: .9rem; }
h2 .when, h3 .when { font-weight: 400; margin-left: .6rem; }
p { margin: .5rem 0; }
.lead { font-size: 1.15rem; }
.when, .told, figcaption, footer, .as { color: var(--muted); font-size: .92rem; }
.say { font-size: 1.15rem; }
.did { margin: .9rem 0 .1rem; }
kbd { font: .92rem ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; border: 1px solid var(--line);
  border-radius: .25rem; padding: .05rem .4rem; }
.told { margin: .1rem 0 .1rem 1rem; }
.question { border-left: 4px solid var(--accent); margin: 1rem 0; padding: .1rem 0 .1rem 1rem; }
.question p:first-child { font-weight: 700; }
.question ol { margin: .3rem 0; padding-left: 1.6rem; }
.question .right { color: var(--right); font-weight: 700; }
figure { margin: 1.2rem 0; break-inside: avoid; }
figure svg { display: block; width: 100%; height: auto; border: 1px solid var(--line); border-radius: .4rem; }
svg text { font: 16.6px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace;
  white-space: pre; }
figcaption { margin-top: .4rem; }
details { font-size: .92rem; margin-top: .3rem; }
summary { cursor: pointer; color: var(--muted); }
nav ol { padding-left: 0; list-style: none; }
nav li { margin: .2rem 0; }
nav .chapter { font-weight: 700; margin-top: .6rem; }
nav .mark { padding-left: 1.4rem; }
a { color: var(--accent); }
footer { border-top: 1px solid var(--line); margin-top: 3rem; padding-top: .8rem; }
@media print { body { max-width: none; margin: 0; font-size: 10.5pt; } details { display: none; }
  h2, h3, .did, .question { break-after: avoid; } .question { break-inside: avoid; } a { color: inherit; }
  svg { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
"""


@dataclass(frozen=True)
class Entry:
    """A line of the table of contents: a chapter, a beat or a mark."""

    anchor: str
    kind: str
    text: str
    when: str


@dataclass
class Question:
    """A question of the lesson and what became of it."""

    text: str
    choices: tuple[str, ...]
    guesses: tuple[int, ...] = ()
    answers: list[tuple[int, bool, str]] = field(default_factory=list)  # choice, whether it is right, reply


class Page:
    """Grows from the top; `whole` is the page."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.cut = False
        self.bytes = 0
        self._body: list[str] = []

    def _add(self, part: str) -> None:
        if self.cut:
            return
        self.bytes += len(part.encode())
        if self.bytes > MOST_BYTES:
            self.cut, part = True, f"<p><strong>{CUT}</strong></p>"
        self._body.append(part)

    # ------------------------------------------------------------ what stands in it

    def chapter(self, title: str, summary: str, when: str) -> None:
        """A lesson or scenario was opened."""
        self._head("h2", "chapter", title, title, when)
        if summary:
            self._add(f'<p class="lead">{safe(summary)}</p>')

    def beat(self, number: int, beats: int, say: str, when: str) -> None:
        """A beat began."""
        first, _, more = say.strip().partition("\n")
        cut = ELLIPSIS if more and first[-1:] not in ".!?" else ""
        self._head("h3", "beat", f"Beat {number} of {beats}", f"Beat {number}: {first}{cut}", when)
        self._add(f'<p class="say">{safe(" ".join(say.split()))}</p>')

    def mark(self, name: str, when: str) -> None:
        """A moment was marked."""
        self._head("h3", "mark", f"Marked: {name}", f"Marked: {name}", when)

    def _head(self, tag: str, kind: str, text: str, listed: str, when: str) -> None:
        """A heading, and its line of the table of contents."""
        entry = Entry(f"s{len(self.entries) + 1}", kind, clean(listed, MOST_HEADING), when)
        if not self.cut:
            self.entries.append(entry)
        head = safe(clean(text, MOST_HEADING))
        self._add(f'<{tag} id="{entry.anchor}">{head} <span class="when">{safe(when)}</span></{tag}>')

    def did(self, words: str) -> None:
        """A command was given."""
        self._add(f'<p class="did"><kbd>{safe(words)}</kbd></p>')

    def told(self, sentence: str) -> None:
        """A sentence came of it."""
        self._add(f'<p class="told">{safe(sentence)}</p>')

    def question(self, question: Question) -> None:
        """A question, its choices with what the class has guessed, and the answers given with what was said to them."""
        chosen = {choice for choice, right, _ in question.answers if right}
        total = sum(question.guesses)
        parts = [f'<div class="question">\n<p>{safe(question.text)}</p>\n<ol>']
        for number, choice in enumerate(question.choices, start=1):
            kind = ' class="right"' if number in chosen else ""
            guessed = question.guesses[number - 1] if number <= len(question.guesses) else 0
            of_all = f" ({guessed:,} of {total:,}, {share(guessed, total)} percent)" if total else ""
            parts.append(f"<li{kind}>{safe(choice)}{of_all}</li>")
        parts.append("</ol>")
        for given, right, reply in question.answers:
            verdict = "Right." if right else "Not so."
            parts.append(f"<p>{f'Answer {given}. ' if given else ''}{verdict} {safe(reply)}</p>")
        self._add("\n".join([*parts, "</div>"]))

    def picture(self, number: int, svg: str, caption: str, words: Sequence[str]) -> None:
        """A screen: the picture, where it stands, and the same in words, which is what the picture is called."""
        said = "\n".join(f"<p>{safe(line)}</p>" for line in words)
        self._add(
            f'<figure id="p{number}">\n{svg}\n<figcaption>Picture {number}. {safe(caption)}</figcaption>\n'
            f'<details><summary>Picture {number} in words</summary>\n<div id="w{number}">{said}</div></details>\n'
            "</figure>"
        )

    def as_before(self, number: int, caption: str) -> None:
        """The screen is that of a picture that there is already."""
        self._add(f'<p class="as">{safe(caption)} The screen is as in <a href="#p{number}">picture {number}</a>.</p>')

    def note(self, sentence: str) -> None:
        """Something about the page itself."""
        self._add(f'<p class="as">{safe(sentence)}</p>')

    # ------------------------------------------------------------ all of it

    def whole(self, title: str, about: Sequence[str], rules: str) -> str:
        """The page; `about` says what it is and where it comes from, `rules` are the styles of the pictures."""
        entries = "\n".join(
            f'<li class="{entry.kind}"><a href="#{entry.anchor}">{safe(entry.text)}</a> '
            f'<span class="when">{safe(entry.when)}</span></li>'
            for entry in self.entries
        )
        sources = "\n".join(f"<p>{safe(line)}</p>" for line in about[1:])
        return "\n".join([
            '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8"/>',
            '<meta name="viewport" content="width=device-width, initial-scale=1"/>',
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"/>",
            f'<meta name="generator" content="nntui"/>\n<title>{safe(clean(title, MOST_HEADING))}</title>',
            f"<style>{STYLE}{rules}\n</style>\n</head>\n<body>",
            f"<header>\n<h1>{safe(clean(title, MOST_HEADING))}</h1>",
            f'<p class="when">{safe(about[0])}</p>',
            f'</header>\n<nav aria-label="Contents">\n<ol>\n{entries}\n</ol>\n</nav>\n<main>',
            *self._body, f"</main>\n<footer>\n{sources}\n</footer>\n</body>\n</html>\n",
        ])  # fmt: skip


def safe(text: str) -> str:
    """Text that stands as text, whoever wrote it."""
    return escape(clean(text, MOST_TEXT))
