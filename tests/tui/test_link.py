"""The hold on the engine, over one that does nothing: what is owed, what is answered, what if it is lost or stuck."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from nntui import messages as m
from nntui.session.process.inbox import Arrival, EngineLost
from nntui.tui.app import NntuiApp
from nntui.tui.reader import Reader
from nntui.tui.remembered import Remembered
from nntui.tui.wire.pace import Pace

LESSON = Path("lesson.toml")
OPENED = m.Opened("lesson.toml", "A lesson", "Of nothing.", 0, "2-1 tanh", "4 samples", 0, 1.0)


class MockEngine:
    """Notes what it is sent."""

    def __init__(self) -> None:
        self.sent: list[m.Command] = []
        self.asked: list[m.Query] = []
        self.subscribed: list[tuple[m.View, ...]] = []
        self.acknowledged: list[int] = []
        self.restarts = 0
        self.stuck = 0.0

    def send(self, command: m.Command) -> None:
        self.sent.append(command)

    def post(self, query: m.Query) -> int:
        self.asked.append(query)
        return len(self.asked)

    def subscribe(self, views: tuple[m.View, ...], size: object = None, sizes: object = None) -> None:
        self.subscribed.append(views)

    def acknowledge(self, number: int) -> None:
        self.acknowledged.append(number)

    def receive(self, timeout: float | None = None) -> list[Arrival]:
        return []

    def restart(self) -> str:
        self.restarts += 1
        return "The engine is started anew, and goes on from step 7."

    def close(self) -> None:
        pass


@asynccontextmanager
async def stage(pace: Pace | None = None) -> AsyncIterator[tuple[NntuiApp, MockEngine, object]]:
    engine = MockEngine()
    app = NntuiApp(engine, LESSON, listens=False, pace=pace or Pace(asks=False), remembered=Remembered())
    app.open = lambda path: None  # type: ignore[method-assign]
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        app.link.take([OPENED])
        await pilot.pause()
        yield app, engine, pilot


def frame(number: int, running: bool = False) -> m.Frame:
    return m.Frame(number, m.Status("A lesson", "loops", number, 0, 1.0, running, 0, 0, "lesson.toml"), {})


async def test_a_frame_is_acknowledged_when_it_has_been_shown() -> None:
    async with stage() as (app, engine, pilot):
        app.link.take([frame(1)])
        assert engine.acknowledged == []
        await pilot.pause()
        assert engine.acknowledged == [1]
        assert "step 1" in app.work.header._rows[0].text


async def test_an_answer_goes_to_who_asked() -> None:
    async with stage() as (app, _, _):
        answers: list[m.Result] = []
        app.link.ask(m.AskWhere(), answers.append)
        app.link.take([m.Reply(1, m.Refused("no")), m.Reply(2, m.Refused("nobody asked"))])
        assert answers == [m.Refused("no")]


async def test_a_lost_engine_is_said_and_started_anew() -> None:
    async with stage() as (app, engine, pilot):
        answers: list[m.Result] = []
        app.link.ask(m.AskWhere(), answers.append)
        app.link.take([EngineLost("the engine was ended by SIGKILL")])
        assert isinstance(answers[0], m.Refused), "whoever waits is told"
        assert app.work.story.told[-1] == ("The engine was ended by SIGKILL. Starting it anew.", "bad")
        app.link.ask(m.AskWhere(), answers.append)
        assert isinstance(answers[1], m.Refused)
        app.link.send(m.Step())
        assert m.Step() not in engine.sent, "there is nobody to send it to"
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert engine.restarts == 1
        assert app.work.story.told[-1][0].endswith("goes on from step 7.")
        app.link.send(m.Step())
        assert engine.sent[-1] == m.Step()


async def test_an_engine_that_is_lost_again_and_again_is_left_to_the_person() -> None:
    async with stage() as (app, engine, pilot):
        for _ in range(4):
            app.link.take([EngineLost("the engine has ended")])
            await app.workers.wait_for_complete()
            await pilot.pause()
        assert engine.restarts == 3
        assert "R starts it anew" in app.work.story.told[-1][0]
        app.work.do("restart")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert engine.restarts == 4
        assert not app.link.lost


async def test_a_stuck_engine_is_said_once_and_when_it_goes_on() -> None:
    async with stage() as (app, engine, _):
        engine.stuck = 3.0
        app.link._look_whether_stuck()
        app.link._look_whether_stuck()
        assert [sentence for sentence, _ in app.work.story.latest] == [
            "The engine has been busy with one thing for 3 s. R starts it anew."
        ]
        engine.stuck = 0.0
        app.link._look_whether_stuck()
        assert app.work.story.told[-1][0] == "The engine goes on."


# ---------------------------------------------------------------- a bad line


async def test_a_bad_line_is_told_in_the_header_until_it_is_good_again() -> None:
    async with stage() as (app, _, pilot):
        for seconds, said in ((0.05, False), (0.62, True), (0.05, False)):
            for _ in range(10):
                app.link.pace.line.took(1_000, seconds)
            app.link.take([frame(1)])
            await pilot.pause()
            assert ("line 0.6 s" in app.work.header._rows[0].text) == said
            (narrow,) = app.work.header.draw(12, 1)
            assert "line" not in "".join(text for text, _ in narrow), "where there is no room, step and loss come first"


async def test_beside_a_run_a_slow_line_keeps_back_the_panes_that_cost_most() -> None:
    async with stage() as (app, _, pilot):
        app.link.take([frame(1, running=True)])
        await pilot.pause()
        assert app.link.kept_back(["loss", "picture"], running=True) == []
        for number in range(10):
            app.link.pace.line.took(1_000 * number, 0.1 + number / 8)
        assert app.link.kept_back(["loss", "picture"], running=True) == ["picture"]
        assert app.link.kept_back(["loss", "picture"], running=True) == ["loss", "picture"]
        assert app.link.kept_back(["loss", "picture"], running=False) == [], "at rest all of it is shown"


@pytest.mark.parametrize("batches", [[[frame(1)], [frame(2)]], [[OPENED, frame(1)]]])
def test_the_reader_hands_on_all_that_arrives(batches: list[list[Arrival]]) -> None:
    engine, heard = MockEngine(), []
    waiting = list(batches)
    reader = Reader(engine, lambda arrived: heard.append(list(arrived)) or (reader.end() if not waiting else None))
    engine.receive = lambda timeout=None: waiting.pop(0) if waiting else []  # type: ignore[method-assign]
    reader.start()
    reader._thread.join(5.0)
    assert heard == batches


async def test_an_answer_that_went_to_the_shell_is_not_waited_for() -> None:
    async with stage(Pace()) as (app, engine, pilot):
        app.link.take([frame(1)])
        await pilot.pause()
        assert engine.acknowledged == []
        app._taken_over_again(app)
        assert engine.acknowledged == [1]
