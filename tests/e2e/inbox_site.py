"""The web process alone, as gunicorn runs it, on a database of its own; and people at the inbox."""

import os
import re
import subprocess
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyotp
import requests
from cryptography.fernet import Fernet
from playwright.sync_api import Page
from sqlalchemy import Engine, select

from bot import audit
from bot.config import Settings
from bot.db import make_engine, writing
from bot.models import Direction, Message, MessageState, StaffSession
from bot.people import conversation_with
from bot.sealing import FieldCipher
from bot.staff import accounts
from bot.staff.roles import Role
from tests.e2e.running_line import ROOT, free_port, wait_for
from tests.integration.conftest import migrate

PASSWORD = "seven lamps on the quay"
ZONE = "America/Los_Angeles"


@dataclass
class Somebody:
    """Somebody with an account: what they know, and the codes on their phone."""

    name: str
    secret: str = ""
    codes: list[str] = field(default_factory=list)
    #: The step of the code used last: the next one is of another.
    used: int = 0

    def code(self) -> str:
        """A code that was not used yet: of now, or one step ahead, which a fast phone would show."""
        # One of the step before would be too old when a slow page sends it after the next step has begun.
        while self.used > int(time.time()) // 30:
            time.sleep(0.5)
        self.used = max(int(time.time()) // 30, self.used + 1)
        return pyotp.TOTP(self.secret).generate_otp(self.used)


class InboxSite:
    """A running web process. `settings` are added to those of a test."""

    def __init__(self, folder: Path, **settings: str) -> None:
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.environ = {
            "PUBLIC_BASE_URL": self.url,
            "PORT": str(port),
            "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
            "TWILIO_AUTH_TOKEN": "an-auth-token",
            "TWILIO_FROM": "+12065550100",
            "FIELD_KEYS": Fernet.generate_key().decode(),
            "SECRET_KEY": "s" * 40,
            "RASA_URL": "http://127.0.0.1:9",
            "DATABASE_URL": f"sqlite:///{folder / 'line.db'}",
            **settings,
        }
        read = Settings.from_env(self.environ)
        self.engine: Engine = make_engine(read.database_url, FieldCipher(read.field_keys, read.secret_key))
        migrate(self.engine)
        self.log = folder / "web.log"
        serve = [
            str(ROOT / ".venv/bin/gunicorn"),
            "--bind",
            f"127.0.0.1:{port}",
            "--workers",
            "1",
            "--threads",
            "8",
        ]
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                [*serve, "--log-level", "warning", "webhooks.app:create_app()"],
                cwd=ROOT,
                env={"PATH": os.environ["PATH"], **self.environ},
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        self.http = requests.Session()
        self.http.trust_env = False
        wait_for("the web process", self._answers, 90)

    def _answers(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        try:
            return self.http.get(f"{self.url}/healthz", timeout=2).ok
        except requests.RequestException:
            return False

    def stop(self) -> None:
        """End the process."""
        self.process.terminate()
        self.process.wait(20)
        self.engine.dispose()

    def invite(self, name: str, role: Role = Role.WORKER, email: str | None = None) -> str:
        """The address of an invitation."""
        with writing(self.engine) as session:
            _, token = accounts.invite(
                session, audit.OPERATOR, name, role, datetime.now(UTC), email=email, timezone=ZONE
            )
        return f"{self.url}/inbox/invitation/{token}"

    def join(self, page: Page, name: str, role: Role = Role.WORKER) -> Somebody:
        """Take an invitation up in a browser, to the recovery codes; the browser is then signed in."""
        somebody = Somebody(name)
        page.goto(self.invite(name, role))
        page.locator("[name=new_password]").fill(PASSWORD)
        page.locator("[name=repeated]").fill(PASSWORD)
        page.locator("main [type=submit]").click()
        somebody.secret = page.locator("#secret").text_content() or ""
        page.locator("[name=code]").fill(somebody.code())
        page.locator("main [type=submit]").click()
        page.locator("#codes code").first.wait_for()
        somebody.codes = page.locator("#codes code").all_text_contents()
        return somebody

    def sign_in(self, page: Page, somebody: Somebody, to: str = "/inbox/sign-in") -> None:
        """With password and code."""
        page.goto(self.url + to)
        page.locator("[name=name]").fill(somebody.name)
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("main [type=submit]").click()
        page.locator("[name=code]").fill(somebody.code())
        page.locator("main [type=submit]").click()

    def be_texted(self, people: int) -> None:
        """So many people text within a month, more on some days than on others; every fourth in Spanish."""
        now = datetime.now(UTC)
        with writing(self.engine) as session:
            for number in range(people):
                at = now - timedelta(days=28 * (1 - number / people) ** 1.4, minutes=20)
                conversation = conversation_with(session, f"+1206555{number:04d}", at)
                conversation.person.language = "es" if number % 4 == 0 else "en"
                session.add_all(
                    Message(
                        conversation_id=conversation.id,
                        direction=Direction.IN,
                        body="hungry near 98104",
                        state=MessageState.ANSWERED,
                        created_at=at + timedelta(minutes=text * 3),
                    )
                    for text in range(1 + number % 5)
                )

    def time_passes(self, **how_long: float) -> None:
        """Every session is so much older than it was."""
        older = timedelta(**how_long)
        with writing(self.engine) as session:
            for row in session.scalars(select(StaffSession)):
                row.seen_at, row.ends_at = row.seen_at - older, row.ends_at - older


def path_of(page: Page) -> str:
    """Where a browser is."""
    return re.sub(r"^https?://[^/]+", "", page.url)
