"""People at the inbox, by requests to the real application: what they know, and a clock that a test moves."""

import re
from dataclasses import dataclass, field
from typing import Any

import pyotp
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bot import audit
from bot.bootstrap import Line
from bot.db import writing
from bot.staff import accounts
from bot.staff.passwords import Passwords
from bot.staff.roles import Role
from inbox.desk import Desk

PASSWORD = "seven lamps on the quay"
ZONE = "America/Los_Angeles"
#: The real algorithm with its least cost: a test hashes a hundred passwords.
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class InboxWorld:
    """The inbox of a line, and the browsers that look at it."""

    def __init__(self, line: Line, app: Flask, clock: Any) -> None:
        self.line, self.app, self.clock = line, app, clock
        self.desk = Desk(line, clock, Passwords(QUICK))
        app.extensions["inbox"] = self.desk

    def browser(self, address: str = "198.51.100.7") -> "Browser":
        """A browser that has been nowhere, at an address."""
        return Browser(self, self.app.test_client(), address)

    def invite(self, name: str, role: Role = Role.WORKER, email: str | None = None) -> str:
        """An invitation's token."""
        with writing(self.line.engine) as session:
            _, token = accounts.invite(
                session, audit.OPERATOR, name, role, self.clock(), email=email, timezone=ZONE
            )
            return token

    def join(self, name: str, role: Role = Role.WORKER) -> "Browser":
        """Somebody who took an invitation up, in the browser they are signed in with."""
        browser = self.browser()
        browser.take_up(name, self.invite(name, role))
        return browser


@dataclass
class Browser:
    """One browser, and what whoever sits before it knows."""

    world: InboxWorld
    client: FlaskClient
    address: str
    name: str = ""
    secret: str = ""
    codes: list[str] = field(default_factory=list)
    #: The page shown last: its forms carry the token.
    page: str = ""

    def get(self, path: str, **more: Any) -> TestResponse:
        """Open a page below /inbox."""
        return self._seen(self.client.get(f"/inbox{path}", **self._headers(more)))

    def post(self, path: str, form: dict[str, str] | None = None, **more: Any) -> TestResponse:
        """Send a form of the page shown last."""
        token = re.search(r'name="csrf" value="([^"]+)"|X-CSRF-Token": "([^"]+)"', self.page)
        sent = {"csrf": (token[1] or token[2]) if token else "", **(form or {})}
        return self._seen(self.client.post(f"/inbox{path}", data=sent, **self._headers(more)))

    def take_up(self, name: str, token: str) -> None:
        """An invitation, to the recovery codes."""
        self.name = name
        self.get(f"/invitation/{token}")
        self.post(f"/invitation/{token}", {"new_password": PASSWORD, "repeated": PASSWORD})
        found = re.search(r'id="secret">(\w+)<', self.get("/set-up").text)
        assert found, self.page
        self.secret = found[1]
        answer = self.post("/set-up", {"code": self.code()})
        assert answer.status_code == 200, answer.text
        self.codes = re.findall(r"<li><code>([\w-]+)</code>", answer.text)

    def code(self, steps: int = 0) -> str:
        """The code that their phone shows, so many steps of 30 seconds from now."""
        return pyotp.TOTP(self.secret).generate_otp(int(self.world.clock().timestamp()) // 30 + steps)

    def type_password(self, password: str = PASSWORD, name: str | None = None, **more: str) -> TestResponse:
        """The first step of a sign-in."""
        self.get("/sign-in")
        answer = self.post("/sign-in", {"name": name or self.name, "password": password, **more})
        if answer.status_code == 303:
            self.get("/sign-in/code")
        return answer

    def sign_in(self, code: str | None = None) -> TestResponse:
        """Both steps, with a code that was not used yet."""
        self.world.clock.pass_by(seconds=30)
        answer = self.type_password()
        assert answer.status_code == 303, answer.text
        return self.post("/sign-in/code", {"code": code or self.code()})

    def like(self, other: "Browser") -> "Browser":
        """The same person at this browser."""
        self.name, self.secret, self.codes = other.name, other.secret, other.codes
        return self

    def is_in(self) -> bool:
        """Whether the inbox opens."""
        return self.get("/account").status_code == 200

    def _headers(self, more: dict[str, Any]) -> dict[str, Any]:
        return {**more, "headers": {"X-Forwarded-For": self.address, **more.get("headers", {})}}

    def _seen(self, answer: TestResponse) -> TestResponse:
        if answer.content_type and answer.content_type.startswith("text/html"):
            self.page = answer.text
        return answer
