"""Sessions on our side: the cookie is a random token, the row says whose it is and until when."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.models import StaffAccount, StaffSession


class Stage(StrEnum):
    """How far a sign-in has come. Only `full` opens the inbox."""

    #: Came with an invitation: sets up the second factor.
    SETUP = "setup"
    #: The password was right; the code is asked for.
    FACTOR = "factor"
    FULL = "full"


#: A browser is told by a few words of its own; more is not kept.
BROWSER_LENGTH = 200
SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Terms:
    """How long sessions last."""

    idle: timedelta = timedelta(minutes=30)
    longest: timedelta = timedelta(hours=12)
    factor: timedelta = timedelta(minutes=10)
    setup: timedelta = timedelta(minutes=30)

    def of(self, stage: str) -> timedelta:
        """How long one of a stage may last, used or not."""
        return {Stage.SETUP: self.setup, Stage.FACTOR: self.factor, Stage.FULL: self.longest}[Stage(stage)]


def digest(token: str) -> str:
    """What is kept of a token of 256 random bits: nothing that could be guessed back."""
    return hashlib.sha256(token.encode()).hexdigest()


def begin(
    session: Session, account: StaffAccount, stage: Stage, browser: str, at: datetime, terms: Terms
) -> tuple[str, StaffSession]:
    """A new session, and the token for the cookie, which is not kept."""
    session.execute(delete(StaffSession).where(StaffSession.ends_at <= at))
    token = secrets.token_urlsafe(32)
    row = StaffSession(
        token_digest=digest(token),
        account_id=account.id,
        stage=stage,
        browser=browser[:BROWSER_LENGTH],
        began_at=at,
        seen_at=at,
        ends_at=at + terms.of(stage),
    )
    session.add(row)
    session.flush()
    return token, row


def find(session: Session, token: str, at: datetime, terms: Terms) -> StaffSession | None:
    """The session of a cookie, unless it is over or its account may not sign in any more."""
    row = session.scalars(select(StaffSession).where(StaffSession.token_digest == digest(token))).first()
    if row is None or row.ends_at <= at or row.account.disabled_at is not None:
        return None
    if row.stage == Stage.FULL and row.seen_at + terms.idle <= at:
        return None
    return row


def rotate(
    session: Session, row: StaffSession, stage: Stage, at: datetime, terms: Terms
) -> tuple[str, StaffSession]:
    """The same browser goes on under a new token; the old one is worth nothing."""
    account, browser = row.account, row.browser
    session.execute(delete(StaffSession).where(StaffSession.id == row.id))
    return begin(session, account, stage, browser, at, terms)


def end(session: Session, session_id: int) -> None:
    """Sign one browser out."""
    session.execute(delete(StaffSession).where(StaffSession.id == session_id))


def end_all(session: Session, account: StaffAccount, but: int | None = None) -> int:
    """Sign out everywhere, but for one session; returns how many ended."""
    ended = session.execute(
        delete(StaffSession)
        .where(StaffSession.account_id == account.id, StaffSession.id != (but or 0))
        .returning(StaffSession.id)
    )
    return len(ended.all())


def of_account(session: Session, account: StaffAccount, at: datetime, terms: Terms) -> list[StaffSession]:
    """Where somebody is signed in now, the latest first."""
    rows = session.scalars(
        select(StaffSession)
        .where(
            StaffSession.account_id == account.id,
            StaffSession.stage == Stage.FULL,
            StaffSession.ends_at > at,
            StaffSession.seen_at > at - terms.idle,
        )
        .order_by(StaffSession.began_at.desc())
    )
    return list(rows)
