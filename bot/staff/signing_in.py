"""Signing in: a password, then a code. No transaction is open while a password is hashed."""

from dataclasses import dataclass

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot import audit
from bot.db import reading, writing
from bot.errors import SignInRefused
from bot.models import StaffAccount, StaffSession
from bot.ports import Clock
from bot.staff import accounts, factor, recovery, sessions, throttle
from bot.staff.passwords import Passwords
from bot.staff.sessions import Stage, Terms


@dataclass(frozen=True)
class Visitor:
    """Who asks: where from, with which browser, and whether that account's owner has used it before."""

    address: str
    browser: str
    #: The account and the nonce of a browser that is known (bot/staff/known_browsers.py).
    known: tuple[int, str] | None = None


@dataclass(frozen=True)
class SignedIn:
    """A session that is open now: the cookie's token, and whose it is."""

    token: str
    account_id: int
    name: str
    language: str


@dataclass(frozen=True)
class SigningIn:
    """The steps of a sign-in. Every one raises TooManyTries when too many were wrong."""

    engine: Engine
    clock: Clock
    passwords: Passwords
    terms: Terms = Terms()

    def with_password(self, name: str, password: str, visitor: Visitor) -> SignedIn:
        """The first step; the session only asks for the code. Raises SignInRefused and SignInBusy."""
        at, key = self.clock(), accounts.key_of(name)
        with reading(self.engine) as session:
            account = session.scalars(select(StaffAccount).where(StaffAccount.name_key == key)).first()
        counted = self._buckets(key, account, visitor)
        with writing(self.engine) as session:
            throttle.sweep(session, at)
            throttle.count(session, counted, at)
        stored = account.password_hash if account else None
        right = self.passwords.fits(stored, password)
        with writing(self.engine) as session:
            account = session.get(StaffAccount, account.id) if account else None
            if account is not None and right and _may_sign_in(account, stored):
                throttle.give_back(session, counted)
                token, _ = sessions.begin(session, account, Stage.FACTOR, visitor.browser, at, self.terms)
                return SignedIn(token, account.id, account.name, account.language)
            if account is not None:
                self._tell(session, account, "sign_in.wrong_password")
        raise SignInRefused

    def with_code(
        self, session_id: int, code: str, visitor: Visitor, *, lost_phone: bool = False
    ) -> SignedIn:
        """The second step: a code of the authenticator, or a recovery code. Raises SignInRefused."""
        at = self.clock()
        account, counted = self._asked(session_id, visitor)
        with writing(self.engine) as session:
            throttle.count(session, counted, at)
        with writing(self.engine) as session:
            row = session.get(StaffSession, session_id, with_for_update=True)
            if row is None or row.stage != Stage.FACTOR or row.ends_at <= at:
                raise SignInRefused
            account = row.account
            take = recovery.take if lost_phone else factor.take
            if take(session, account, code, at):
                throttle.forget(session, counted)
                token, _ = sessions.rotate(session, row, Stage.FULL, at, self.terms)
                self._tell(session, account, "sign_in.recovery_code" if lost_phone else "sign_in.code")
                return SignedIn(token, account.id, account.name, account.language)
            self._tell(session, account, "sign_in.wrong_code")
        raise SignInRefused

    def with_agency(self, issuer: str, subject: str, email: str | None, visitor: Visitor) -> SignedIn:
        """Somebody whom their agency has signed in, who was invited by that address. Raises SignInRefused.

        The agency's own factors count: no code is asked for. The first sign-in binds the account to the
        agency's id of the person, since an address may be given to another.
        """
        at = self.clock()
        with writing(self.engine) as session:
            account = accounts.of_agency(session, f"{issuer} {subject}", email)
            if account is None or account.disabled_at is not None:
                raise SignInRefused
            if account.activated_at is None:
                account.activated_at, account.invitation_digest = at, None
            token, _ = sessions.begin(session, account, Stage.FULL, visitor.browser, at, self.terms)
            self._tell(session, account, "sign_in.agency")
            return SignedIn(token, account.id, account.name, account.language)

    def _asked(self, session_id: int, visitor: Visitor) -> tuple[StaffAccount, tuple[throttle.Bucket, ...]]:
        with reading(self.engine) as session:
            row = session.get(StaffSession, session_id)
            if row is None:
                raise SignInRefused
            return row.account, self._buckets(row.account.name_key, row.account, visitor)

    @staticmethod
    def _buckets(key: str, account: StaffAccount | None, visitor: Visitor) -> tuple[throttle.Bucket, ...]:
        known = visitor.known
        if account is not None and known is not None and known[0] == account.id:
            return throttle.buckets(key, known[1], visitor.address)
        return throttle.buckets(key, None, visitor.address)

    def _tell(self, session: Session, account: StaffAccount, action: str) -> None:
        audit.append(session, audit.Actor.of(account), action, accounts.subject(account), self.clock())


def _may_sign_in(account: StaffAccount, stored: str | None) -> bool:
    """Whether the account is open still, and the password is the one that was looked at."""
    return (
        account.password_hash == stored and account.disabled_at is None and account.activated_at is not None
    )
