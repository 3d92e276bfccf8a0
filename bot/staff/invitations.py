"""From an invitation to an account: a password, a factor confirmed by its code, recovery codes.

The invitation is good until the factor is confirmed, and only then is anything of the account changed:
there is never an account that a password alone opens.
"""

from dataclasses import dataclass

from bot import audit
from bot.db import reading, writing
from bot.errors import InvitationInvalid, SignInRefused
from bot.models import StaffAccount, StaffSession
from bot.staff import accounts, factor, recovery, sessions
from bot.staff.passwords import judge
from bot.staff.sessions import Stage
from bot.staff.signing_in import SignedIn, SigningIn


@dataclass(frozen=True)
class Offered:
    """A factor to be set up: the secret to type, and what the square code says."""

    name: str
    secret: str
    address: str


@dataclass(frozen=True)
class Invitations:
    """The steps of whoever was invited."""

    signing_in: SigningIn

    def name_of(self, token: str) -> str:
        """Whom the invitation is for. Raises InvitationInvalid."""
        with reading(self.signing_in.engine) as session:
            return accounts.invited(session, token, self.signing_in.clock()).name

    def choose_password(self, token: str, password: str, browser: str) -> SignedIn:
        """A session that sets the factor up. Raises InvitationInvalid, PasswordRefused, SignInBusy."""
        name = self.name_of(token)
        judge(password, name)
        hashed = self.signing_in.passwords.hash(password)
        at = self.signing_in.clock()
        with writing(self.signing_in.engine) as session:
            account = accounts.invited(session, token, at)
            terms = self.signing_in.terms
            cookie, row = sessions.begin(session, account, Stage.SETUP, browser, at, terms)
            row.offered_password_hash, row.offered_secret = hashed, factor.new_secret()
            return SignedIn(cookie, account.id, account.name, account.language)

    def offered(self, session_id: int) -> Offered:
        """The factor that a session sets up. Raises SignInRefused."""
        with reading(self.signing_in.engine) as session:
            row = session.get(StaffSession, session_id)
            if row is None or row.offered_secret is None:
                raise SignInRefused
            name = row.account.name
            return Offered(name, row.offered_secret, factor.address(row.offered_secret, name))

    def confirm(self, session_id: int, code: str, language: str) -> tuple[SignedIn, list[str]]:
        """The first code: the account is ready, and these are its recovery codes. Raises SignInRefused."""
        at = self.signing_in.clock()
        with writing(self.signing_in.engine) as session:
            row = session.get(StaffSession, session_id, with_for_update=True)
            if row is None or row.stage != Stage.SETUP or row.offered_secret is None or row.ends_at <= at:
                raise SignInRefused
            account = session.get(StaffAccount, row.account_id, with_for_update=True)
            if account is None or account.invitation_digest is None or account.disabled_at is not None:
                raise InvitationInvalid
            step = factor.step_of(row.offered_secret, code, at)
            if step is None:
                raise SignInRefused
            account.password_hash, account.totp_secret = row.offered_password_hash, row.offered_secret
            account.totp_step, account.activated_at = step, at
            account.invitation_digest = account.invited_until = None
            account.language = language
            token, new = sessions.rotate(session, row, Stage.FULL, at, self.signing_in.terms)
            sessions.end_all(session, account, but=new.id)
            codes = recovery.renew(session, account)
            audit.append(session, audit.Actor.of(account), "account.activated", accounts.subject(account), at)
            return SignedIn(token, account.id, account.name, account.language), codes
