"""Who may come in: by the token, by the name that this server was called, and from no other page.

Beyond the machine itself everybody needs the token that stands in the address; the first request that brings it is
given a cookie, which stands for it from then on. On the machine itself nobody needs one, unless it is asked for, but
no page of another site may use this server: neither under a name of its own that leads here (DNS rebinding), nor by a
websocket that it opens. Nor may another user of the machine, where the system tells whose a connection is.
"""

from __future__ import annotations

import hmac
import ipaddress
import secrets
from dataclasses import dataclass
from urllib.parse import urlsplit

from aiohttp import web

from nntui.serving.neighbours import is_of_another_user

TOKEN = "token"  # noqa: S105 - its name in the address
OTHERS_PAGE = "another page may not use this nntui; open its own address"
OTHERS_NAME = "this nntui does not go by that name; open the address that it printed"
OTHERS_USER = "this nntui is another user's; nntui serve begins one of your own"
LACKING = "this address is not whole: it lacks the token; ask whoever gave it to you for all of it"


class RefusedError(Exception):
    """Somebody may not or cannot come in; the text says why, in one sentence."""

    def __init__(self, sentence: str, status: int = 403) -> None:
        super().__init__(sentence)
        self.status = status


@dataclass(frozen=True)
class Gate:
    """Holds requests to the rules."""

    names: frozenset[str]  # by which this server may be called; any, where there are none
    token: str = ""  # none is needed where it is empty
    cookie: str = "nntui"

    @classmethod
    def of(cls, host: str, port: int, guarded: bool) -> Gate:
        """The gate of a server at an address; `guarded`: with a token, on this machine, too."""
        local = is_loopback(host)
        names = frozenset({"localhost", "127.0.0.1", "::1", host.lower()}) if local else frozenset()
        token = secrets.token_urlsafe(24) if guarded or not local else ""
        return cls(names, token, f"nntui-{port}")

    def check(self, request: web.Request) -> None:
        """Raise RefusedError where a request is none of those that may be answered."""
        if self.names and _name(request.headers.get("Host", "")) not in self.names:
            raise RefusedError(OTHERS_NAME)
        if self.token:
            given = (request.query.get(TOKEN, ""), request.cookies.get(self.cookie, ""))
            if not any(hmac.compare_digest(text.encode("utf-8", "replace"), self.token.encode()) for text in given):
                raise RefusedError(LACKING)
        elif is_of_another_user(request):
            raise RefusedError(OTHERS_USER)

    def check_page(self, request: web.Request) -> None:
        """Raise RefusedError where a websocket is opened by a page of another site; a program that is none has none."""
        origin = request.headers.get("Origin")
        if origin is not None and origin.partition("://")[2].lower() != request.headers.get("Host", "").lower():
            raise RefusedError(OTHERS_PAGE)

    def admit(self, response: web.StreamResponse) -> None:
        """Let whoever has brought the token come again without it."""
        if self.token:
            response.set_cookie(self.cookie, self.token, httponly=True, samesite="Strict", path="/")


def is_loopback(host: str) -> bool:
    """Whether an address is of this machine alone."""
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _name(host: str) -> str:
    """The name in a Host header, without the port."""
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""
