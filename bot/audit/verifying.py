"""Is the log what was written? Read from the first entry to the last."""

import hmac
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.audit.chain import GENESIS, digest_of, reason_digest
from bot.errors import SealBroken
from bot.models import AuditEntry, AuditReason
from bot.sealing import FieldCipher, cipher_of

AT_ONCE = 1000


@dataclass(frozen=True)
class Verdict:
    """How far the log is whole. `broken` is the first entry that is not, and `why` a code for it.

    Cutting off the newest entries leaves a chain that is whole: compare `head` with one written down before.
    """

    whole: int
    head: str
    broken: int | None = None
    #: "missing", "chain", "changed", "reason", "seal" or "head".
    why: str | None = None
    #: Reasons that were erased since.
    erased: int = 0


def verify(session: Session, expected: tuple[int, str] | None = None) -> Verdict:
    """Check every digest. `expected` is a sequence and the digest it had when it was written down."""
    cipher = cipher_of(session.get_bind().dialect)
    whole, head, erased = 0, GENESIS, 0
    for entry in session.scalars(
        select(AuditEntry).order_by(AuditEntry.sequence).execution_options(yield_per=AT_ONCE)
    ):
        why = _fault(cipher, entry, whole + 1, head)
        if why is None and entry.reason_digest is not None:
            why, gone = _reason_fault(session, cipher, entry)
            erased += gone
        if why is None and expected is not None and expected[0] == entry.sequence:
            why = None if hmac.compare_digest(entry.digest, expected[1]) else "head"
        if why is not None:
            return Verdict(whole, head, whole + 1 if why == "missing" else entry.sequence, why, erased)
        whole, head = entry.sequence, entry.digest
    if expected is not None and expected[0] > whole:
        return Verdict(whole, head, whole + 1, "missing", erased)
    return Verdict(whole, head, erased=erased)


def _fault(cipher: FieldCipher, entry: AuditEntry, sequence: int, previous: str) -> str | None:
    if entry.sequence != sequence:
        return "missing"
    if not hmac.compare_digest(entry.digest, digest_of(cipher, entry)):
        return "changed"
    return None if hmac.compare_digest(entry.previous_digest, previous) else "chain"


def _reason_fault(session: Session, cipher: FieldCipher, entry: AuditEntry) -> tuple[str | None, int]:
    try:
        reason = session.scalar(select(AuditReason.reason).where(AuditReason.sequence == entry.sequence))
    except SealBroken:
        return "seal", 0
    if reason is None:
        return None, 1
    expected = reason_digest(cipher, entry.sequence, reason)
    return (None if hmac.compare_digest(entry.reason_digest or "", expected) else "reason"), 0
