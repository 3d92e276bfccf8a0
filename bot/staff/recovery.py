"""Recovery codes: ten ways in for whoever has lost their phone, each good once, kept only as digests."""

import secrets
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from bot.models import StaffAccount, StaffRecoveryCode
from bot.sealing import cipher_of

HOW_MANY = 10
#: No letters or digits that look alike; 16 of them are 78 bits.
LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"[:30]
LENGTH, GROUP = 16, 4


def renew(session: Session, account: StaffAccount) -> list[str]:
    """New codes, to be shown once; the old ones are worth nothing any more."""
    session.execute(delete(StaffRecoveryCode).where(StaffRecoveryCode.account_id == account.id))
    codes = ["".join(secrets.choice(LETTERS) for _ in range(LENGTH)) for _ in range(HOW_MANY)]
    session.add_all(
        StaffRecoveryCode(account_id=account.id, code_digest=_digest(session, account.id, code))
        for code in codes
    )
    return ["-".join(code[at : at + GROUP] for at in range(0, LENGTH, GROUP)) for code in codes]


def take(session: Session, account: StaffAccount, code: str, at: datetime) -> bool:
    """Use a code up, in any way of writing it; False when it is none, or was used."""
    plain = "".join(letter for letter in code.casefold() if letter.isalnum())
    taken = session.execute(
        update(StaffRecoveryCode)
        .where(
            StaffRecoveryCode.account_id == account.id,
            StaffRecoveryCode.code_digest == _digest(session, account.id, plain),
            StaffRecoveryCode.used_at.is_(None),
        )
        .values(used_at=at)
        .returning(StaffRecoveryCode.id)
    )
    return taken.first() is not None


def left(session: Session, account: StaffAccount) -> int:
    """How many are not used yet."""
    counted = select(func.count()).where(
        StaffRecoveryCode.account_id == account.id, StaffRecoveryCode.used_at.is_(None)
    )
    return session.scalar(counted) or 0


def _digest(session: Session, account_id: int, code: str) -> str:
    return cipher_of(session.get_bind().dialect).digest("recovery code", f"{account_id} {code}")
