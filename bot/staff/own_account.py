"""What somebody who is signed in may change about their own account: each asks for the password again."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot import audit
from bot.db import reading, writing
from bot.errors import SignInRefused
from bot.models import StaffAccount, StaffSession
from bot.staff import accounts, factor, recovery, sessions, throttle
from bot.staff.invitations import Offered
from bot.staff.passwords import judge
from bot.staff.signing_in import SigningIn

LANGUAGES = ("en", "es")


@dataclass(frozen=True)
class OwnAccount:
    """Changes by an account to itself. `session_id` is the browser that it is done with."""

    signing_in: SigningIn

    def change_password(self, session_id: int, old: str, new: str) -> None:
        """Another password; every other browser is signed out. Raises SignInRefused, PasswordRefused."""
        name = self._asked_again(session_id, old)
        judge(new, name)
        hashed = self.signing_in.passwords.hash(new)
        with writing(self.signing_in.engine) as session:
            row = self._row(session, session_id)
            row.account.password_hash = hashed
            sessions.end_all(session, row.account, but=row.id)
            self._tell(session, row.account, "account.password_changed")

    def offer_factor(self, session_id: int, password: str) -> None:
        """Begin to set up another authenticator. Raises SignInRefused."""
        self._asked_again(session_id, password)
        with writing(self.signing_in.engine) as session:
            self._row(session, session_id).offered_secret = factor.new_secret()

    def offered(self, session_id: int) -> Offered:
        """The authenticator being set up. Raises SignInRefused when none is."""
        with reading(self.signing_in.engine) as session:
            row = self._row(session, session_id)
            if row.offered_secret is None:
                raise SignInRefused
            name = row.account.name
            return Offered(name, row.offered_secret, factor.address(row.offered_secret, name))

    def confirm_factor(self, session_id: int, code: str) -> list[str]:
        """Take the new authenticator; new recovery codes, other browsers signed out. Raises SignInRefused."""
        at = self.signing_in.clock()
        with writing(self.signing_in.engine) as session:
            row = self._row(session, session_id)
            step = factor.step_of(row.offered_secret, code, at) if row.offered_secret else None
            if step is None:
                raise SignInRefused
            row.account.totp_secret, row.account.totp_step = row.offered_secret, step
            row.offered_secret = None
            sessions.end_all(session, row.account, but=row.id)
            codes = recovery.renew(session, row.account)
            self._tell(session, row.account, "account.factor_changed")
            return codes

    def renew_codes(self, session_id: int, password: str) -> list[str]:
        """New recovery codes. Raises SignInRefused."""
        self._asked_again(session_id, password)
        with writing(self.signing_in.engine) as session:
            account = self._row(session, session_id).account
            codes = recovery.renew(session, account)
            self._tell(session, account, "account.codes_renewed")
            return codes

    def choose_language(self, session_id: int, language: str) -> None:
        """The language of the pages; anything but ours is left alone."""
        if language in LANGUAGES:
            with writing(self.signing_in.engine) as session:
                self._row(session, session_id).account.language = language

    def sign_out(self, session_id: int) -> None:
        """End this session."""
        with writing(self.signing_in.engine) as session:
            account = self._row(session, session_id).account
            sessions.end(session, session_id)
            self._tell(session, account, "sign_out")

    def sign_out_elsewhere(self, session_id: int) -> int:
        """End every other session; returns how many."""
        with writing(self.signing_in.engine) as session:
            row = self._row(session, session_id)
            ended = sessions.end_all(session, row.account, but=row.id)
            self._tell(session, row.account, "sign_out.elsewhere")
            return ended

    def end_session(self, session_id: int, other_id: int) -> None:
        """End one session of one's own; another account's is left alone."""
        with writing(self.signing_in.engine) as session:
            row, other = self._row(session, session_id), session.get(StaffSession, other_id)
            if other is not None and other.account_id == row.account_id:
                sessions.end(session, other.id)
                self._tell(session, row.account, "sign_out.elsewhere")

    def _asked_again(self, session_id: int, password: str) -> str:
        """The account's name, once its password is right. Raises SignInRefused, TooManyTries, SignInBusy."""
        at = self.signing_in.clock()
        with writing(self.signing_in.engine) as session:
            account = self._row(session, session_id).account
            counted = (throttle.Bucket(f"again {account.id}", throttle.OF_ONE_ACCOUNT),)
            throttle.count(session, counted, at)
        if not self.signing_in.passwords.fits(account.password_hash, password):
            raise SignInRefused
        with writing(self.signing_in.engine) as session:
            throttle.forget(session, counted)
        return account.name

    @staticmethod
    def _row(session: Session, session_id: int) -> StaffSession:
        row = session.get(StaffSession, session_id)
        if row is None:
            raise SignInRefused
        return row

    def _tell(self, session: Session, account: StaffAccount, action: str) -> None:
        audit.append(
            session, audit.Actor.of(account), action, accounts.subject(account), self.signing_in.clock()
        )
