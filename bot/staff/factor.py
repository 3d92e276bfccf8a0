"""The second factor: codes by time (RFC 6238), each taken once, from phones whose clock is a little off."""

import hmac
import re
from datetime import datetime

import pyotp
from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from bot.models import StaffAccount

STEP_SECONDS = 30
#: One step early or late: RFC 6238, section 5.2.
SKEW_STEPS = 1
ISSUER = "Warmline"


def new_secret() -> str:
    """160 random bits, base32."""
    return pyotp.random_base32()


def address(secret: str, name: str) -> str:
    """What the square code says to an authenticator."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)


def step_of(secret: str, code: str, at: datetime) -> int | None:
    """The time step a code is of, if it is of now or one step beside; else None."""
    digits = re.sub(r"\s", "", code)
    if not re.fullmatch(r"[0-9]{6}", digits):
        return None
    now = int(at.timestamp()) // STEP_SECONDS
    codes = pyotp.TOTP(secret)
    for step in range(now - SKEW_STEPS, now + SKEW_STEPS + 1):
        if hmac.compare_digest(codes.generate_otp(step), digits):
            return step
    return None


def take(session: Session, account: StaffAccount, code: str, at: datetime) -> bool:
    """Whether a code is right and nobody has used it or a later one. The database decides between two."""
    step = step_of(account.totp_secret, code, at) if account.totp_secret else None
    if step is None:
        return False
    taken = session.execute(
        update(StaffAccount)
        .where(
            StaffAccount.id == account.id,
            or_(StaffAccount.totp_step.is_(None), StaffAccount.totp_step < step),
        )
        .values(totp_step=step)
        .returning(StaffAccount.id)
    )
    return taken.first() is not None
