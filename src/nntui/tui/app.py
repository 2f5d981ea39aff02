"""The app: composes, routes what arrives and what is pressed, and keeps the person's settings. It draws nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from textual import events
from textual.app import App
from textual.binding import Binding
from textual.filter import Monochrome
from textual.message import Message
from textual.screen import Screen

from nntui import messages as m
from nntui.scenario import library
from nntui.scenario.reader import ScenarioError, read_text
from nntui.sentences.numbers import Voice
from nntui.session.process.inbox import Arrival
from nntui.session.recording import shelf
from nntui.session.recording.records import SUFFIX
from nntui.text import clean
from nntui.tui.actions import for_key
from nntui.tui.confined import ConfinedError, check_open, room
from nntui.tui.curtain import Curtain
from nntui.tui.deeds import DEEDS
from nntui.tui.ending import Endings
from nntui.tui.link import Link
from nntui.tui.look import THEMES, UNICODE, Look, Shapes
from nntui.tui.palette_css import PALETTE_CSS
from nntui.tui.reader import Engine
from nntui.tui.remembered import Remembered
from nntui.tui.rows import log_fault
from nntui.tui.screens.work import WorkScreen
from nntui.tui.story import Tone
from nntui.tui.themes import defaults, themes
from nntui.tui.warm import warm
from nntui.tui.wire.cells import Cells, sparing
from nntui.tui.wire.filters import Ascii, NoColour
from nntui.tui.wire.pace import Pace
from nntui.tui.wire.terminal import depth, is_orphan
from nntui.tui.wire.turns import Turns

WARM_SECONDS = 0.3  # after the start
EVERYWHERE = ("help", "theme", "quit", "palette", "screenshot", "blank", "restart")
if TYPE_CHECKING:
    from textual.command import Provider

    from nntui.tui.screens.lessons import LessonList


def _palette() -> type[Provider]:
    """The palette, imported when it is opened."""
    from nntui.tui.palette import Palette

    return Palette


class NntuiApp(App[None]):
    """The screen over an engine."""

    TITLE = "nntui"
    ENABLE_COMMAND_PALETTE = True
    COMMANDS = {_palette}  # noqa: RUF012 - Textual's own way
    BINDINGS = [  # noqa: RUF012 - likewise
        Binding("ctrl+c,ctrl+q", "quit", "Quit", show=False, priority=True),
        Binding("ctrl+z", "suspend_process", "To the shell", show=False, priority=True),
    ]
    CSS = (
        """
    Screen { background: $background; color: $foreground; }
    """
        + PALETTE_CSS
    )

    class Arrived(Message):
        """The engine has sent something."""

        def __init__(self, arrived: Sequence[Arrival]) -> None:
            super().__init__()
            self.arrived = arrived

    def __init__(
        self,
        engine: Engine,
        path: Path | None = None,
        *,
        remembered: Remembered | None = None,
        shapes: Shapes = UNICODE,
        listens: bool = True,
        pace: Pace | None = None,
        follow: bool = False,
        resume: bool = False,
        branches: str = "",
        **options: Any,
    ) -> None:
        """`path` is of a scenario, or of a recording; `branches` the folder in which branches of one are recorded.

        With `resume` it goes on where the recording ends.
        """
        self.look = Look(shapes=shapes)
        super().__init__(**options)
        self.remembered = remembered or Remembered.load()
        self.voice = Voice(digits=0 if self.remembered.exact else 5)
        system = self.console.color_system
        self.look = Look(THEMES[self.remembered.theme], shapes, depth(system, self.no_color))
        self.cells = Cells()
        self.link = Link(self, engine, pace)
        self.curtain = Curtain(self)
        self.endings = Endings()
        self.work = WorkScreen()
        self.short = False  # whether lessons are opened as the short lecture
        self.refusal = ""  # why the lesson that was asked for cannot be opened
        self._path = path  # of what is open, or was asked for at the start
        self._opening: Path | None = None
        self._counted = 0  # bytes that were written until the last frame was painted
        self._listens = listens
        self._follow, self._resume, self._branches = follow, resume, branches
        self._turns = Turns(self, super().on_event)
        self._filter()

    def _filter(self) -> None:
        """Take out at the very end what the terminal cannot show."""
        if self.no_color:
            self._filters = [f for f in self._filters if not isinstance(f, Monochrome)]
            self._filters.append(NoColour())
        if not self.look.shapes.unicode:
            self._filters.append(Ascii())

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Our variables, before a theme is chosen."""
        return defaults()

    def get_default_screen(self) -> Screen[Any]:
        """The list of lessons, or the lesson that was asked for."""
        return self.work if self._path is not None else self._list()

    # ------------------------------------------------------------ begin and end

    def on_mount(self) -> None:
        """Dress, listen, and open what was asked for."""
        for theme in themes():
            self.register_theme(theme)
        self.theme = f"nntui-{self.look.colours.name}"
        if self._listens:
            self.link.listen()
            self.endings.mind(self.exit)
            self.set_timer(WARM_SECONDS, warm)
        self.app_resume_signal.subscribe(self, self._taken_over_again)
        if self._path is not None and self._path.suffix == SUFFIX:
            self.work.announce(clean(self._path.name, 200), "")
            self.open(self._path)
        elif self._path is not None:
            title, summary = library.heading(self._path)
            lesson = self._path.name.partition("-")[0]
            self.work.announce(f"{int(lesson)}  {title}" if lesson.isdigit() else title, summary)
            self.open(self._path)

    def on_unmount(self) -> None:
        """Listen no more."""
        self.link.end()

    async def action_quit(self) -> None:
        """End."""
        self.exit()

    def action_suspend_process(self) -> None:
        """Stop, and leave the terminal to the shell, where there is one that can let us go on."""
        if self.is_headless or self._driver is None or not self._driver.can_suspend or is_orphan():
            self.say("There is no shell here that could let nntui go on.", "bad")
        else:
            super().action_suspend_process()

    def _taken_over_again(self, _app: App[Any]) -> None:
        """The terminal is ours again, and may show anything."""
        self.cells.forget()
        self.link.forget_answers()
        for screen in self.screen_stack:
            screen.refresh(layout=True)

    # ------------------------------------------------------------ opening

    def open(self, path: Path) -> None:
        """Open a lesson, scenario or recording; what is wrong with it is said where it was chosen."""
        try:
            check_open(path)
        except ConfinedError as error:
            self.say(str(error), "bad")
            return
        if path.suffix == SUFFIX:
            if self._resume:
                self.link.resume(path)
            else:
                self.link.play(path, self._follow, self._branches)
            self._opening, self._follow, self._resume = path, False, False
            return
        try:
            text = read_text(path)
        except (ScenarioError, OSError) as error:
            self.say(str(error), "bad")
            return
        self.link.send(m.Open(text, path.name, str(path.parent)))
        self._opening = path

    def _opened(self) -> None:
        """It is open: show it, and remember it where it is a file of one's own."""
        if self._opening is not None and self._opening.suffix != SUFFIX:
            self._path, self._opening = self._opening, None
        blank = self.curtain.is_drawn  # by somebody who opens from a second terminal what is not to be seen yet
        while self.work in self.screen_stack and self.screen is not self.work:
            self.pop_screen()
        if self.screen is not self.work:
            self.push_screen(self.work)
        self.curtain.draw(blank)
        if self._path is not None and not {library.folder(), shelf.folder()} & set(self._path.resolve().parents):
            self.remember(self._path)

    def hand_over(self, path: Path) -> None:
        """A file was saved: whoever has no other way to it, in a browser elsewhere, is given it."""
        give = getattr(self._driver, "hand_over", None)
        if give is not None and room() is not None:
            give(path)

    def remember(self, path: Path) -> None:
        """Offer a file among the recent ones from now on."""
        self.remembered = self.remembered.with_file(path)
        self.remembered.save()

    def take_up_again(self) -> None:
        """After the engine was started anew: it goes on by itself, or the file has to be opened again."""
        path = self._opening or self._path
        if self.work.playback.played:
            path = None  # the engine has been told where it stood
        if path is not None and (self._opening is not None or self.work.story.opened is None):
            self.open(path)
        self.work.subscribe()  # the window may have got another size meanwhile

    def on_key(self, event: events.Key) -> None:
        """What was not for the list of lessons, and is not about one lesson alone."""
        if self.screen not in self._lists:
            return
        if event.key == "escape" and self.work in self.screen_stack:
            self.pop_screen()
            return
        action = for_key(event.key)
        if action is not None and action.name in EVERYWHERE:
            import nntui.tui.dialogs  # noqa: F401 - more deeds

            event.stop()
            DEEDS[action.name](self.work, event.key)

    def on_lesson_list_chosen(self, event: LessonList.Chosen) -> None:
        """A lesson was chosen."""
        self.open(event.path)

    def show_lessons(self) -> None:
        """Go to the list of lessons."""
        self.link.send(m.Stop())
        self.push_screen(self._list(self.work.status.title if self.work.status is not None else ""))

    def _list(self, over: str = "") -> LessonList:
        """A new list of lessons."""
        from nntui.tui.screens.lessons import LessonList

        return LessonList(over=over)

    @property
    def _lists(self) -> list[LessonList]:
        """The lists of lessons among the screens, the topmost last."""
        return [cast("LessonList", screen) for screen in self.screen_stack if type(screen).__name__ == "LessonList"]

    # ------------------------------------------------------------ what arrives

    def on_nntui_app_arrived(self, event: Arrived) -> None:
        """Take it."""
        self.link.take(event.arrived)

    def hear(self, facts: Sequence[m.Fact], frame: m.Frame | None) -> None:
        """Facts and a frame, in one batch: what lights up together is seen together."""
        with self.batch_update():
            for fact in facts:
                if isinstance(fact, m.Blanked):
                    self.curtain.hear(fact)
                    continue
                if isinstance(fact, m.RecordingOpened | m.Resumed) and self._opening is not None:
                    self._path, self._opening = self._opening, None
                elif isinstance(fact, m.Opened) and not self.work.projection.is_open(fact):
                    if self.short and fact.beats and self._opening is not None:
                        self.link.send(m.ShortLecture())
                    self._opened()
                elif isinstance(fact, m.Error) and self._opening is not None:
                    self._not_opened(fact.sentence)
                self.work.hear(fact)
            if facts:
                self.work.after_facts()
            if frame is not None:
                self.work.show_frame(frame)
        if frame is not None:
            self.call_after_refresh(self._painted, frame)

    def _not_opened(self, sentence: str) -> None:
        """What was to be opened cannot be: whoever chose it is told."""
        self._opening = None
        if self._lists:
            self._lists[-1].say(sentence)
        elif self.work.story.opened is None:
            self.refusal = sentence
            self.exit()

    def _painted(self, frame: m.Frame) -> None:
        before, self._counted = self._counted, self._written
        self.ask_terminal(self.link.shown(frame, self._counted - before))

    def ask_terminal(self, question: str) -> None:
        """Ask where its cursor is; `on_cursor_position` hears the answer."""
        if question and self._driver is not None and not self.is_headless:
            self._driver.write(question)

    @property
    def _written(self) -> int:
        return cast(int, getattr(self._driver, "written", 0))

    def on_cursor_position(self, event: events.CursorPosition) -> None:
        """The terminal has shown what was sent before it was asked."""
        self.link.answered(event.x + 1)

    def say(self, sentence: str, tone: Tone = "plain") -> None:
        """Say a sentence."""
        self.work.say(sentence, tone)
        if self._lists and self.screen is self._lists[-1]:
            self._lists[-1].say(sentence)

    # ------------------------------------------------------------ how it looks

    def change_theme(self, name: str) -> None:
        """Dress otherwise, and remember it."""
        self.look = replace(self.look, colours=THEMES[name])
        self.theme = f"nntui-{name}"
        self.remembered = replace(self.remembered, theme=name)  # type: ignore[arg-type]
        self.remembered.save()
        for screen in self.screen_stack:
            redraw = getattr(screen, "redraw", None)
            if redraw is not None:
                redraw()

    def change_voice(self, voice: Voice) -> None:
        """Write numbers otherwise."""
        self.voice = voice
        self.remembered = replace(self.remembered, exact=not voice.digits)
        self.remembered.save()
        self.work.redraw()

    def _display(self, screen: Screen[Any], renderable: Any) -> None:
        """Send only the cells that changed; nothing for a size that the terminal has no more: all is sent soon."""
        current = screen._compositor.size == self.size
        super()._display(screen, cast(Any, sparing(renderable, self.cells)) if current else None)

    async def on_event(self, event: events.Event) -> None:
        """A resized terminal, or one that we come back to, may show anything; keys wait for their turns."""
        if isinstance(event, events.Resize):
            self.cells.forget()
            if self.screen_stack and self.screen._compositor.size == event.size:  # and so nothing is laid out anew
                self.screen.refresh()
        elif isinstance(event, events.Key) and not event.is_forwarded and self._turns.wait(event):
            return
        await super().on_event(event)

    def _fatal_error(self) -> None:
        """End; the log has the whole story, and the person one sentence (see `ended_by_fault`)."""
        if self._exception is not None:
            log_fault(self._exception)
        self._close_messages_no_wait()
