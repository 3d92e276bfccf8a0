"""Somebody signed in at the inbox by requests to the real application, without the steps of signing in."""

import re
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bot import audit
from bot.bootstrap import Line
from bot.db import writing
from bot.staff import accounts, sessions
from bot.staff.passwords import Passwords
from bot.staff.roles import Role
from bot.staff.sessions import Stage, Terms
from inbox import cookies
from inbox.desk import Desk

ZONE = "America/Los_Angeles"


@dataclass
class SignedIn:
    """One browser. Forms are sent with the token of the page shown last."""

    client: FlaskClient
    page: str = ""

    def get(self, path: str) -> TestResponse:
        return self._seen(self.client.get(f"/inbox{path}"))

    def post(self, path: str, **form: Any) -> TestResponse:
        token = re.search(r'X-CSRF-Token": "([^"]+)"', self.page)
        return self._seen(self.client.post(f"/inbox{path}", data={"csrf": token[1] if token else "", **form}))

    def _seen(self, answer: TestResponse) -> TestResponse:
        if "X-CSRF-Token" in answer.text:
            self.page = answer.text
        return answer


def sign_in(line: Line, app: Flask, clock: Any, name: str, role: Role) -> SignedIn:
    """Somebody of a role; the inbox's time is `clock`."""
    app.extensions["inbox"] = Desk(line, clock, Passwords())
    with writing(line.engine) as session:
        account, _ = accounts.invite(session, audit.OPERATOR, name, role, clock(), timezone=ZONE)
        account.activated_at, account.invitation_digest = clock(), None
        token, _ = sessions.begin(session, account, Stage.FULL, "a test", clock(), Terms())
    client = app.test_client()
    client.set_cookie(f"__Host-{cookies.TOKEN}", token, domain="localhost", path="/")
    return SignedIn(client)
