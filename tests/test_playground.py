"""The playground does what it is there for: whoever draws another seed sees it solved as well."""

from statistics import mean

from nntui import messages as m
from nntui.scenario import library
from nntui.scenario.reader import read_text
from nntui.session.session import Session


def test_digits_are_read_with_any_of_five_seeds() -> None:
    path = library.find("digits")
    session = Session()
    session.handle(m.Open(read_text(path), path.name, str(path.parent)))
    shares = []
    for seed in range(1, 6):
        session.handle(m.Reseed(seed))
        session.handle(m.Run(1000))
        session.settle()
        reading = session.ask(m.AskReading("test_accuracy"))
        assert isinstance(reading, m.Reading)
        shares.append(reading.value)
    assert mean(shares) >= 0.96
    assert min(shares) >= 0.94


def test_each_scenario_for_free_play_is_held_to_something() -> None:
    for entry in library.playground():
        assert "[check]" in read_text(entry.path), entry.name
