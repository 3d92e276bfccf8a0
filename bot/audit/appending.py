"""Write one entry, in the transaction of what it tells of: both happen or neither."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from bot.audit.chain import GENESIS, digest_of, reason_digest
from bot.models import AuditEntry, AuditReason, StaffAccount
from bot.sealing import cipher_of

LONGEST_REASON = 500
#: PostgreSQL's lock for whoever appends, held to the end of the transaction: "audit" in letters' numbers.
LOCK = 0x6175646974


@dataclass(frozen=True)
class Actor:
    """Who did it. `id` is an account's; the operator at the terminal has none."""

    id: int | None
    name: str

    @classmethod
    def of(cls, account: StaffAccount) -> "Actor":
        return cls(account.id, account.name)


#: Whoever uses `python -m bot`.
OPERATOR = Actor(None, "operator")


def append(
    session: Session, actor: Actor, action: str, subject: str, at: datetime, reason: str | None = None
) -> AuditEntry:
    """Add an entry: somebody did `action` to `subject`, such as conversation:4f0c... .

    Call it last in a transaction: those who append wait for each other until theirs is over.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    # On SQLite whoever writes has the database's one write lock since the transaction began.
    cipher = cipher_of(session.get_bind().dialect)
    last = session.execute(
        select(AuditEntry.sequence, AuditEntry.digest).order_by(AuditEntry.sequence.desc()).limit(1)
    ).first()
    entry = AuditEntry(
        sequence=last.sequence + 1 if last else 1,
        at=at,
        actor_id=actor.id,
        actor=actor.name,
        action=action,
        subject=subject,
        previous_digest=last.digest if last else GENESIS,
    )
    if reason is not None:
        reason = reason.strip()[:LONGEST_REASON]
        entry.reason_digest = reason_digest(cipher, entry.sequence, reason)
        session.add(AuditReason(sequence=entry.sequence, reason=reason))
    entry.digest = digest_of(cipher, entry)
    session.add(entry)
    session.flush()
    return entry
