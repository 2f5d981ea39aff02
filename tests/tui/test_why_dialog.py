"""The why dialog: the sum with its numbers, down to the inputs and back up, at every size."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual import events
from textual.app import App
from textual.pilot import Pilot

from nntui import messages as m
from nntui.sentences.numbers import Voice
from nntui.tui.look import ASCII, THEMES, Look
from nntui.tui.screens.why import WhyDialog
from nntui.tui.screens.why_rows import Level, Writer
from nntui.tui.themes import defaults

OUTPUT = m.Why(
    "outputs[1][0]", -0.635, "tanh of", -0.75,
    (
        m.Term("biases[1][0]", -0.5),
        m.Term("outputs[0][0]", 0.25, (("weights[1][0][0]", 0.5), ("outputs[0][0]", 0.5))),
        m.Term("outputs[0][1]", -0.5, (("weights[1][0][1]", -0.625), ("outputs[0][1]", 0.8))),
    ),
)  # fmt: skip
HIDDEN = m.Why(
    "outputs[0][1]", 0.8, "tanh of", 1.1,
    (m.Term("biases[0][1]", 0.1), m.Term("inputs[0]", 1.0, (("weights[0][1][0]", -1.0), ("inputs[0]", -1.0)))),
)  # fmt: skip
INPUT = m.Why("inputs[0]", -1.0, "", -1.0, (), "It is an input: nothing in the network made it.")
WEIGHT = m.Why("weights[1][0][1]", -0.625, "", -0.625, (m.Term("its value before", -0.5), m.Term("a twist", -0.125)))
ERROR = (("output -0.25 minus target 1.0", -1.25),) * 2
LOSS = m.Why("sample loss", 1.5625, "", 1.5625, (m.Term("outputs[1][0]", 1.5625, ERROR),))
ANSWERS = {answer.name: answer for answer in (OUTPUT, HIDDEN, INPUT, WEIGHT, LOSS)}


def many(count: int) -> m.Why:
    terms = [
        m.Term(f"inputs[{n}]", n / 64 - 0.5, ((f"weights[0][0][{n}]", n / 64 - 0.5), (f"inputs[{n}]", 1.0)))
        for n in range(count)
    ]
    return m.Why("outputs[0][0]", 0.5, "", 0.5, tuple(terms))


class Host(App[None]):
    def __init__(self, first: m.Why | m.Refused, look: Look | None = None, answers: bool = True) -> None:
        super().__init__()
        self.look = look or Look()
        self.voice = Voice()
        self.asked: list[str] = []
        self.strayed: list[str] = []
        self.answers = answers
        self.dialog = WhyDialog(first, self.ask)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return defaults()

    def ask(self, name: str) -> None:
        self.asked.append(name)
        if self.answers:
            self.dialog.show(ANSWERS.get(name) or m.Refused(f"there is no {name} here"))

    def on_mount(self) -> None:
        self.push_screen(self.dialog)

    def on_key(self, event: events.Key) -> None:
        self.strayed.append(event.key)

    def rows(self) -> list[str]:
        sheet = self.dialog.sheet
        return [sheet.render_line(y).text.rstrip() for y in range(sheet.size.height)]


async def click(pilot: Pilot[None], app: Host, text: str) -> None:
    """Click on the middle of a text."""
    for y, row in enumerate(app.rows()):
        if text in row:
            x = cell_len(row[: row.index(text)]) + cell_len(text) // 2
            await pilot.click(app.dialog.sheet, offset=(x + 1, y + 1))
            await pilot.pause()
            return
    raise AssertionError(f"no {text} to click")


async def test_the_sum_is_shown_with_its_numbers() -> None:
    app = Host(OUTPUT)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        rows = [row.strip() for row in app.rows()]
        assert rows[1] == "outputs[1][0] = −0.635 = tanh of −0.75"
        assert rows[3] == "−0.75 is the sum of these 3:"
        assert rows[4].startswith("−0.5                  biases[1][0]")
        assert rows[5].startswith("› +0.25 =  0.5   × 0.5  weights[1][0][0] × outputs[0][0] ")
        assert rows[6].startswith("−0.5  = −0.625 × 0.8  weights[1][0][1] × outputs[0][1] ")
        assert rows[8] == "−0.75  in all"


async def test_enter_leads_down_to_the_inputs_and_left_back_up() -> None:
    app = Host(OUTPUT)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("down", "enter")
        assert app.rows()[0].strip() == "outputs[1][0] › outputs[0][1]"
        await pilot.press("enter")
        assert app.rows()[0].strip() == "outputs[1][0] › outputs[0][1] › inputs[0]"
        assert "It is an input: nothing in the network made it." in app.rows()[3]
        await pilot.press("enter", "down", "left")
        assert app.asked == ["outputs[0][1]", "inputs[0]"]
        await pilot.press("backspace")
        assert "› −0.5" in "\n".join(app.rows())  # the term that was chosen is still chosen
        await pilot.press("left", "right")
        assert app.asked[-1] == "weights[1][0][1]"
        assert len(app.dialog.path) == 2


async def test_the_samples_of_a_loss_can_be_opened_and_the_output_of_each() -> None:
    loss = m.Why(
        "loss", 1.0, "the sum divided by 2, of", 2.0, (m.Term("sample 36", 1.5625), m.Term("sample 2", 0.4375))
    )
    sample = m.Why("sample 36", 1.5625, "", 1.5625, (m.Term("sample 36 outputs[1][0]", 1.5625, ERROR),))
    app = Host(loss)
    ANSWERS["sample 36"] = sample
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "enter sample 36" in app.rows()[-1]
        await pilot.press("enter")
        assert app.rows()[0].strip() == "loss › sample 36"
        await click(pilot, app, "enter sample 36 outputs[1][0]")
        assert app.asked == ["sample 36", "sample 36 outputs[1][0]"]
        hidden = m.Term("sample 36 outputs[0][1]", 0.5, (("weights[1][0][1]", 0.5), ("sample 36 outputs[0][1]", 1.0)))
        level = Level(m.Why("sample 36 outputs[1][0]", 0.5, "", 0.5, (hidden,)))
        row = Writer(Look(), Voice()).terms(level, 70)[0]
        assert "".join(text for text, _ in row).rstrip().endswith("  weights[1][0][1] × outputs[0][1]")
        assert [style.meta["touch"][0] for text, style in row if text.endswith("]")] == ["other", "open"]
        assert Level(m.Why("total", 1.0, "", 1.0, (m.Term("line 94, sample 36", 1.0),))).ways() == ("", "")


async def test_escape_closes_and_no_key_strays_to_the_app() -> None:
    app = Host(OUTPUT)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("t", "space", "1", "enter", "escape")
        assert not isinstance(app.screen, WhyDialog)
        assert app.strayed == []


async def test_the_mouse_does_what_the_keys_do() -> None:
    app = Host(OUTPUT)
    async with app.run_test(size=(110, 24)) as pilot:
        await pilot.pause()
        await click(pilot, app, "× 0.8")
        assert app.dialog.level.selected == 2
        await click(pilot, app, "outputs[0][1]")
        assert app.asked == ["outputs[0][1]"]
        await click(pilot, app, "outputs[1][0]")  # in the path
        assert len(app.dialog.path) == 1
        await click(pilot, app, "weights[1][0][1]")
        assert app.asked[-1] == "weights[1][0][1]"
        await click(pilot, app, "← back")
        assert len(app.dialog.path) == 1
        await click(pilot, app, "esc")
        assert not isinstance(app.screen, WhyDialog)


async def test_many_terms_scroll() -> None:
    app = Host(many(64))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("end")
        assert any("› +0.48438" in row and "inputs[63]" in row for row in app.rows())
        await pilot.press("up", "pageup", "home")
        assert any("› −0.5 " in row and "inputs[0]" in row for row in app.rows())
        assert len(app.rows()) <= 22
        assert any("+0.5 " in row and "in all" in row for row in app.rows())


async def test_what_cannot_be_opened_says_so_until_one_moves_on() -> None:
    app = Host(OUTPUT)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter")
        assert "there is no outputs[0][0] here" in "\n".join(app.rows())
        await pilot.press("down")
        assert "there is no" not in "\n".join(app.rows())


async def test_an_answer_that_comes_after_one_went_back_is_not_shown() -> None:
    app = Host(OUTPUT, answers=False)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("down", "enter", "enter")
        assert app.asked == ["outputs[0][1]"]
        assert app.rows()[0].strip() == "outputs[1][0] › outputs[0][1] …"
        await pilot.press("left", "right")
        app.dialog.show(HIDDEN)
        assert len(app.dialog.path) == 1
        app.dialog.show(WEIGHT)
        assert app.dialog.level.name == "weights[1][0][1]"


@pytest.mark.parametrize("size", [(80, 24), (60, 16), (160, 50), (40, 8), (20, 5)])
@pytest.mark.parametrize("first", [OUTPUT, many(64), LOSS, INPUT, m.Refused("there is no value 'inputs' here")])
async def test_it_fits_and_its_last_row_names_the_keys(size: tuple[int, int], first: m.Why | m.Refused) -> None:
    app = Host(first)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        assert app.dialog.sheet.region.right <= size[0]
        assert app.dialog.sheet.region.bottom <= size[1]
        assert "esc close" in app.rows()[-1]
        if isinstance(first, m.Why) and len(first.terms) > 1 and size[1] >= 8:
            assert any(row.lstrip().startswith("›") for row in app.rows())
            assert "in all" in "\n".join(app.rows())


@pytest.mark.parametrize("theme", THEMES)
async def test_it_can_be_read_without_unicode_and_colour(theme: str) -> None:
    app = Host(OUTPUT, Look(colours=THEMES[theme], shapes=ASCII, depth=0))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("down", "enter")
        assert all(row.isascii() for row in app.rows())
        assert app.rows()[0].strip() == "outputs[1][0] > outputs[0][1]"
        assert "left back" in app.rows()[-1]


def test_a_square_is_written_as_one_and_numbers_in_names_as_the_others() -> None:
    rows = Writer(Look(), Voice(digits=3)).terms(Level(LOSS), 80)
    assert "".join(text for text, _ in rows[0]).rstrip() == "› +1.56 = (−1.25)²  output −0.25 minus target 1"


def test_ways_lead_to_what_came_in_before_what_it_was_multiplied_with() -> None:
    assert Level(OUTPUT).ways(1) == ("outputs[0][0]", "weights[1][0][0]")
    assert Level(OUTPUT).ways(0) == ("biases[1][0]", "")
    assert Level(OUTPUT).selected == 1
    assert Level(LOSS).ways() == ("outputs[1][0]", "")
    assert Level(INPUT).ways() == ("", "")
    logarithm = m.Why("sample loss", 0.3, "minus the logarithm of", 0.7, (), "It is outputs[1][2].")
    assert Level(logarithm).ways() == ("outputs[1][2]", "")


FLOATS = st.floats()
NOTES = st.text("ab ü×[].,−", max_size=90)
FACTORS = st.lists(st.tuples(st.sampled_from(["inputs[0]", "weights[0][0][0]", "x"]), FLOATS), max_size=3).map(tuple)
TERMS = st.lists(st.builds(m.Term, st.text(max_size=20), FLOATS, FACTORS), max_size=12).map(tuple)
LOOKS = st.sampled_from([Look(), replace(Look(), depth=0), Look(shapes=ASCII)])


@given(st.builds(m.Why, st.text(max_size=30), FLOATS, NOTES, FLOATS, TERMS, NOTES),
       st.integers(1, 120), LOOKS, st.sampled_from([0, 3, 5]))  # fmt: skip
def test_no_size_and_no_answer_is_too_much(why: m.Why, width: int, look: Look, digits: int) -> None:
    writer, level = Writer(look, Voice(digits=digits)), Level(why)
    writer.head(level, width)
    writer.foot(level, "", width)
    rows = writer.terms(level, width)
    assert len(rows) == len(why.terms)
    if width > 100 and digits == 3:
        assert all(sum(cell_len(text) for text, _ in row) <= width for row in rows)
