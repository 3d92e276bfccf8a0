"""What the pages work with: the line, the clock, and the steps of signing in. One for an application."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from flask import current_app
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot import audit
from bot.bootstrap import Line
from bot.models import StaffAccount
from bot.ports import Clock
from bot.sealing import FieldCipher, cipher_of
from bot.staff.invitations import Invitations
from bot.staff.known_browsers import KnownBrowsers
from bot.staff.own_account import OwnAccount
from bot.staff.passwords import Passwords
from bot.staff.sessions import Terms
from bot.staff.signing_in import SigningIn


@dataclass(frozen=True)
class Desk:
    """Everything a page may need."""

    line: Line
    clock: Clock
    passwords: Passwords

    @property
    def engine(self) -> Engine:
        return self.line.engine

    @property
    def cipher(self) -> FieldCipher:
        return cipher_of(self.engine.dialect)

    @cached_property
    def terms(self) -> Terms:
        settings = self.line.settings
        return Terms(
            idle=timedelta(minutes=settings.inbox_idle_minutes),
            longest=timedelta(hours=settings.inbox_session_hours),
        )

    @cached_property
    def signing_in(self) -> SigningIn:
        return SigningIn(self.engine, self.clock, self.passwords, self.terms)

    @cached_property
    def invitations(self) -> Invitations:
        return Invitations(self.signing_in)

    @cached_property
    def own_account(self) -> OwnAccount:
        return OwnAccount(self.signing_in)

    @cached_property
    def known_browsers(self) -> KnownBrowsers:
        return KnownBrowsers(self.line.settings.secret_key)

    def record(
        self, session: Session, account: StaffAccount, action: str, subject: str, reason: str | None = None
    ) -> None:
        """Write into the audit log, last in the transaction of what it tells of."""
        audit.append(session, audit.Actor.of(account), action, subject, self.clock(), reason)

    def now(self) -> datetime:
        """The time."""
        return self.clock()


def desk() -> Desk:
    """The desk of the application that answers now."""
    found: Desk = current_app.extensions["inbox"]
    return found
