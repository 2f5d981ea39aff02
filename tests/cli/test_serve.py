"""`nntui serve`: who may come in, what goes between a page and its program, and that nothing is left behind."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from types import SimpleNamespace

import pyte
import pytest
from aiohttp import ClientSession, CookieJar, WSMsgType, WSServerHandshakeError
from aiohttp.test_utils import TestClient, TestServer
from commanding import ENVIRONMENT, nntui

from nntui.commands import serve
from nntui.serving import guest as guests
from nntui.serving import neighbours
from nntui.serving.gate import Gate
from nntui.serving.guest import fitting, packet
from nntui.serving.rooms import Rooms
from nntui.serving.server import Server
from nntui.session.recording.reading import read
from nntui.session.recording.records import Ended
from nntui.tui.wire import web

# A program that stands in a browser: it tells what it is told, packet for packet, and can be asked to do other things.
PROGRAM = r"""
import json, os, sys
def tell(kind, text):
    packed = text.encode()
    os.write(1, kind + len(packed).to_bytes(4, "big") + packed)
def read(size):
    data = sys.stdin.buffer.read(size)
    if len(data) < size:
        sys.exit()
    return data
os.write(1, b"something else\n__GANGLION__\n")
tell(b"D", f"{os.environ['COLUMNS']}x{os.environ['ROWS']}")
while True:
    kind = read(1)
    said = read(int.from_bytes(read(4), "big")).decode()
    if said == "hang":
        import time
        time.sleep(60)
    if said == "end":
        sys.exit("nntui: it cannot be opened")
    if said == "keep":
        with open("mine.toml", "w") as file:
            file.write("mine")
        tell(b"M", json.dumps({"type": "hand_over", "path": os.path.abspath("mine.toml")}))
        tell(b"M", json.dumps({"type": "hand_over", "path": "/etc/hosts"}))
    tell(b"D", kind.decode() + said)
"""


class Parrots(Server):
    """A server of such programs."""

    def _command(self) -> list[str]:
        return [sys.executable, "-c", PROGRAM]


@contextlib.asynccontextmanager
async def served(gate: Gate, most: int = 3, rooms: Rooms | None = None) -> AsyncIterator[TestClient]:
    server = Parrots(gate, ["open"], most, "nntui <2>", rooms=rooms)
    application = server.application()
    async with TestClient(TestServer(application), cookie_jar=CookieJar(unsafe=True)) as client:
        client.parrots = server  # type: ignore[attr-defined]
        yield client


def open_gate(guarded: bool = False) -> Gate:
    return Gate.of("127.0.0.1", 8000, guarded)


# ---------------------------------------------------------------- who may come in


async def test_on_this_machine_no_token_is_needed_but_the_name_must_be_right() -> None:
    async with served(open_gate()) as client:
        page = await client.get("/")
        assert page.status == 200
        assert "<title>nntui &lt;2&gt;</title>" in await page.text()
        assert "default-src 'self'" in page.headers["Content-Security-Policy"]
        assert (await client.get("/", headers={"Host": "localhost:8000"})).status == 200
        for path in ("/", "/ws", "/static/js/textual.js", "/page/nntui.js", "/download/x"):
            other = await client.get(path, headers={"Host": "rebound.example"})
            assert other.status == 403
            assert "does not go by that name" in await other.text()


async def test_all_that_a_page_needs_comes_from_here() -> None:
    async with served(open_gate()) as client:
        page = await (await client.get("/")).text()
        style = await (await client.get("/page/nntui.css")).text()
        assert "//" not in page + style
        for path in (*page.split('"'), *style.split('"')):
            if path.startswith("/") and len(path) > 1 and not path.startswith("/>"):
                assert (await client.get(path)).status == 200, path


async def test_elsewhere_everything_needs_the_token_and_then_its_cookie() -> None:
    gate = Gate.of("192.0.2.7", 8000, False)
    assert len(gate.token) >= 32
    async with served(gate) as client:
        for path in (
            "/",
            "/?token=",
            "/?token=wrong",
            "/?token=%FF",
            "/static/js/textual.js",
            "/page/nntui.js",
            "/ws",
            "/download/x",
        ):
            refused = await client.get(path)
            assert refused.status == 403
            assert "lacks the token" in await refused.text()
            assert "Set-Cookie" not in refused.headers
        with pytest.raises(WSServerHandshakeError, match="403"):
            await client.ws_connect("/ws")
        first = await client.get("/", params={"token": gate.token})
        assert first.status == 200
        assert "HttpOnly" in first.headers["Set-Cookie"]
        assert "SameSite=Strict" in first.headers["Set-Cookie"]
        assert (await client.get("/static/js/textual.js")).status == 200
        async with client.ws_connect("/ws") as line:
            assert await line.receive_bytes() == b"80x24"


def test_a_token_can_be_asked_for_on_this_machine_too() -> None:
    assert Gate.of("127.0.0.1", 8000, True).token
    assert Gate.of("::1", 8000, False).token == ""
    assert Gate.of("0.0.0.0", 8000, False).token
    assert Gate.of("::", 8000, False).token


async def test_no_page_of_another_site_opens_a_websocket_here() -> None:
    async with served(open_gate()) as client:
        for origin in ("http://elsewhere.example", f"http://127.0.0.1:{client.port + 1}", "null", "http://["):
            with pytest.raises(WSServerHandshakeError, match="403"):
                await client.ws_connect("/ws", origin=origin)
        async with client.ws_connect("/ws", origin=f"http://127.0.0.1:{client.port}") as line:
            assert await line.receive_bytes() == b"80x24"


def test_where_the_system_tells_another_users_connection_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = tmp_path / "tcp"
    monkeypatch.setitem(neighbours.TABLES, socket.AF_INET, table)
    with (
        socket.create_server(("127.0.0.1", 0)) as listening,
        socket.create_connection(listening.getsockname()) as there,
    ):
        here, _ = listening.accept()
        with here:
            ours, theirs = (neighbours._written(socket.AF_INET, sock.getsockname()) for sock in (here, there))
            request = SimpleNamespace(transport=SimpleNamespace(get_extra_info=lambda _: here))

            def says(*rows: tuple[str, str, str, int, int]) -> bool:
                lines = [f"0: {a} {b} {state} 0:0 0:0 0 {user} 0 {inode} 1" for a, b, state, user, inode in rows]
                table.write_text("\n".join(["head", *lines]))
                return neighbours.is_of_another_user(request)  # type: ignore[arg-type]

            own = (ours, theirs, "01", os.getuid(), 7)
            assert not says(own, (theirs, ours, "01", os.getuid(), 8))
            assert not says(own, (theirs, ours, "01", 0, 8))  # root may do everything anyway
            assert says(own, (theirs, ours, "01", os.getuid() + 1, 8))
            assert says(own, (theirs, ours, "06", 0, 0))  # it has been let go: whose it was is not told
            assert not says()  # this is no list of what happens here
            table.unlink()
            assert not neighbours.is_of_another_user(request)  # type: ignore[arg-type]


# ---------------------------------------------------------------- what goes between a page and its program


async def test_a_page_and_its_program_talk() -> None:
    async with served(open_gate()) as client, client.ws_connect("/ws?width=100000&height=x") as line:
        assert await line.receive_bytes() == b"500x24"
        for nonsense in ("", "{}", "[]", "[1]", '["stdin", 3]', '["resize"]', "[" * 100_000, '["unheard"]'):
            await line.send_str(nonsense)
        await line.send_bytes(b"nobody asked")
        await line.send_json(["ping", 17])
        assert json.loads(await line.receive_str()) == ["pong", 17]
        await line.send_json(["stdin", "é\ud800"])
        assert (await line.receive_bytes()).decode() == "Dé?"
        await line.send_json(["resize", {"width": 90, "height": 1e300}])
        told = (await line.receive_bytes()).decode()
        assert json.loads(told[1:]) == {"type": "resize", "width": 90, "height": 200}
        await line.send_json(["stdin", "end"])
        assert await line.receive_bytes() == b"nntui: it cannot be opened\r\n"
        assert (await line.receive()).type is WSMsgType.CLOSE


async def test_one_too_many_is_told_so() -> None:
    async with served(open_gate(), most=1) as client:
        async with client.ws_connect("/ws") as line:
            await line.receive_bytes()
            async with client.ws_connect("/ws") as second:
                assert b"1 session at once is all that is served here" in await second.receive_bytes()
                assert (await second.receive()).type is WSMsgType.CLOSE
        await until(lambda: not client.parrots.guests)
        async with client.ws_connect("/ws") as line:
            assert await line.receive_bytes() == b"80x24"


async def test_what_cannot_be_begun_is_said(tmp_path: Path) -> None:
    async with served(open_gate()) as client:
        client.parrots.folder = tmp_path / "gone"
        async with client.ws_connect("/ws") as line:
            assert await line.receive_bytes() == b"nntui: no session can be begun here: no such file or directory\r\n"
            assert (await line.receive()).type is WSMsgType.CLOSE
    async with served(open_gate(), rooms=Rooms(3, tmp_path / "gone")) as client:
        refused = await client.get("/")
        assert refused.status == 503
        assert "no folder can be made here for another browser" in await refused.text()


async def test_a_program_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guests, "END_SECONDS", 0.1)
    async with served(open_gate()) as client:
        async with client.ws_connect("/ws") as line:
            await line.receive_bytes()
            await line.send_json(["stdin", "hang"])
        await until(lambda: not client.parrots.guests)


def test_sizes_and_packets() -> None:
    assert fitting({}) == {"width": 80, "height": 24}
    assert fitting({"width": "60", "height": "-3"}) == {"width": 60, "height": 5}
    assert packet(["stdin", "r"]) == b"D\0\0\0\1r"
    assert packet(["focus"]) == b'M\0\0\0\x11{"type": "focus"}'
    assert packet(["open_url", "x"]) == b""
    assert web.fitting(10**9, 0) == (web.MOST_COLUMNS, 1)
    assert web.fitting("80", 24) is web.fitting(True, 24) is None


async def test_those_from_elsewhere_have_folders_of_their_own(tmp_path: Path) -> None:
    rooms = Rooms(4, tmp_path)
    async with served(Gate.of("0.0.0.0", 8000, False), rooms=rooms) as client:
        await client.get("/", params={"token": client.parrots.gate.token})
        async with client.ws_connect("/ws") as line:
            await line.receive_bytes()
            await line.send_json(["stdin", "keep"])
            said, key = json.loads(await line.receive_str())
            assert said == "deliver_file_start"
            assert await line.receive_bytes() == b"Dkeep"  # and no other file may be fetched
            found = await client.get(f"/download/{key}")
            assert await found.text() == "mine"
            assert found.headers["Content-Disposition"] == 'attachment; filename="mine.toml"'
            assert (await client.get(f"/download/{key}x")).status == 404
        async with client.ws_connect("/ws") as line:  # the same browser has the same folder again
            await line.receive_bytes()
            assert [path.name for path in tmp_path.glob("*/*")] == ["mine.toml"]
    assert len(list(tmp_path.iterdir())) == 1


def test_rooms_that_were_left_first_go_first_and_all_at_the_end() -> None:
    rooms = Rooms(2)
    first, second = rooms.find(""), rooms.find("unknown")
    first.enter()
    assert rooms.find(first.key) is first
    third = rooms.find("")
    assert first.folder.is_dir()
    assert not second.folder.exists()
    first.leave()
    rooms.close()
    assert not first.folder.exists()
    assert not third.folder.exists()


def test_who_fetches_the_page_again_and_again_takes_nobodys_folder_away() -> None:
    rooms = Rooms(3)
    first = rooms.find("")
    first.enter()
    first.leave()
    for _ in range(10):
        assert rooms.find("").folder.is_dir()
    assert rooms.find(first.key) is first
    assert first.folder.is_dir()
    rooms.close()


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not holds():
            await asyncio.sleep(0.01)


# ---------------------------------------------------------------- the command


def test_what_stands_in_the_way_is_said_in_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        for arguments, said in (
            (("--port", port), f"port {port} is taken by another program"),
            (("--host", "nowhere.invalid"), "there is no host 'nowhere.invalid'"),
            (("--host", "192.0.2.1"), "'192.0.2.1' is no address of this machine"),
            (("--keep", str(tmp_path)), "--keep is for those who come from elsewhere"),
            (("xor", "--follow"), "--follow goes with a recording"),
        ):
            with pytest.raises(serve.UserError, match=said.replace(".", r"\.")):
                serve.run(parsed(*arguments))
    done = nntui("serve", "99")
    assert done.returncode == 2
    assert done.stderr == "nntui: there is no lesson 99; the lessons are 0, 1, 2, 3, 4, 5, 6, 8 and 9\n"


def test_without_the_extra_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "find_spec", lambda name: None)
    with pytest.raises(serve.UserError, match=r"pip install 'nntui\[serve\]'"):
        serve.run(parsed())


def test_a_class_is_served_where_half_of_the_memory_holds_it() -> None:
    assert serve.usual_most(10**12) == 40
    assert serve.usual_most(3_000_000_000) == 10
    assert serve.usual_most(1) == 1


def parsed(*arguments: str) -> object:
    from nntui.cli import parser

    return parser().parse_args(["serve", *arguments])


# ---------------------------------------------------------------- the whole of it


def below(process: int) -> set[int]:
    """The processes that a process has begun, and those that they have."""
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    parents = {int(pid): int(parent) for pid, parent in (line.split() for line in listed.splitlines())}
    found, new = set(), {process}
    while new:
        new = {pid for pid, parent in parents.items() if parent in new}
        found |= new
    return found


def runs(process: int) -> bool:
    """Whether a process is there, and is not one that only waits for its end to be noticed."""
    listed = subprocess.run(["ps", "-o", "stat=", "-p", str(process)], capture_output=True, text=True, check=False)
    return listed.stdout.strip()[:1] not in ("", "Z")


class Page:
    """What a page does: it shows what it is sent, and the terminal on it answers what it is asked."""

    def __init__(self, line: object) -> None:
        self._line = line
        self._screen = pyte.Screen(100, 30)
        self._screen.write_process_input = self._answers = []  # type: ignore[assignment]
        self._stream = pyte.ByteStream(self._screen)
        self.asked = 0

    async def until(self, text: str) -> None:
        """Wait until something is seen."""
        async with asyncio.timeout(60):
            while not any(text in row for row in self._screen.display):
                data = await self._line.receive_bytes()  # type: ignore[attr-defined]
                questions = data.count(b"\x1b[6n")
                self.asked += questions
                self._stream.feed(data.replace(b"\x1b[6n", b""))
                for _ in range(questions):
                    await self.type("\x1b[1;1R")

    async def type(self, keys: str) -> None:
        await self._line.send_json(["stdin", keys])  # type: ignore[attr-defined]


async def test_a_lesson_in_a_browser_and_nothing_is_left_of_it(small: str, tmp_path: Path) -> None:
    environment = {**ENVIRONMENT, "NNTUI_RECORD": "1", "NNTUI_DATA": str(tmp_path), "NNTUI_CONFIG": str(tmp_path)}
    server = subprocess.Popen(
        [sys.executable, "-m", "nntui", "serve", small, "--port", "0"],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment,
    )  # fmt: skip
    try:
        assert server.stdout is not None
        address = server.stdout.readline().strip()
        assert address.startswith("http://127.0.0.1:")
        assert "Ctrl-c ends it" in server.stdout.readline()
        async with ClientSession() as client:
            async with client.ws_connect(f"{address}ws?width=100&height=30", origin=address[:-1]) as line:
                page = Page(line)
                await page.until("step 0")
                first = below(server.pid)
                await page.type("t")
                await page.until("step 1")
                await line.send_json(["resize", {"width": 90, "height": 25}])
                await page.type("q")
                assert [message.type async for message in line if message.type is WSMsgType.TEXT] == []
            assert page.asked  # the next frame waits for the terminal's answer
            async with client.ws_connect(f"{address}ws?width=100&height=30") as line:
                page = Page(line)
                await page.until("step 0")
                second = below(server.pid)
                server.send_signal(signal.SIGTERM)
                assert await asyncio.to_thread(server.wait, 30) == 0
        assert len(first) == len(second - first) == 2  # a screen and its engine
        until_gone = time.monotonic() + 30
        while any(map(runs, first | second)) and time.monotonic() < until_gone:
            await asyncio.sleep(0.05)
        assert not any(map(runs, first | second))
    finally:
        server.kill()
        server.wait()
    recordings = [read(path) for path in (tmp_path / "recordings").iterdir()]
    assert [type(scan.lines[-1].record) for scan in recordings] == [Ended, Ended]
