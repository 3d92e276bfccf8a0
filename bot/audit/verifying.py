"""Is the log what was written? Read from the first entry to the last."""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import LargeBinary, select, type_coerce
from sqlalchemy.orm import Session

from bot.audit.chain import GENESIS, digest_of, reason_digest
from bot.errors import SealBroken
from bot.models import AuditEntry, AuditReason
from bot.sealing import FieldCipher, cipher_of

#: Entries read at a time.
PAGE = 1000


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
    for entry in _entries(session):
        why = _fault(cipher, entry, whole + 1, head)
        if why is None and entry.reason_digest is not None:
            erased += entry.sealed is None
            why = _reason_fault(cipher, entry)
        if why is None and expected is not None and expected[0] == entry.sequence:
            why = None if hmac.compare_digest(entry.digest, expected[1]) else "head"
        if why is not None:
            return Verdict(whole, head, whole + 1 if why == "missing" else entry.sequence, why, erased)
        whole, head = entry.sequence, entry.digest
    if expected is not None and expected[0] > whole:
        return Verdict(whole, head, whole + 1, "missing", erased)
    return Verdict(whole, head, erased=erased)


def _entries(session: Session) -> Iterator[Any]:
    sealed = type_coerce(AuditReason.reason, LargeBinary).label("sealed")
    wanted = (
        select(*AuditEntry.__table__.columns, sealed)
        .outerjoin(AuditReason, AuditReason.sequence == AuditEntry.sequence)
        .order_by(AuditEntry.sequence)
        .limit(PAGE)
    )
    # Whatever number the first may have been given.
    page = session.execute(wanted).all()
    while page:
        yield from page
        page = session.execute(wanted.where(AuditEntry.sequence > page[-1].sequence)).all()


def _fault(cipher: FieldCipher, entry: Any, sequence: int, previous: str) -> str | None:
    if entry.sequence != sequence:
        return "missing"
    if not hmac.compare_digest(entry.digest, digest_of(cipher, entry)):
        return "changed"
    return None if hmac.compare_digest(entry.previous_digest, previous) else "chain"


def _reason_fault(cipher: FieldCipher, entry: Any) -> str | None:
    if entry.sealed is None:
        return None
    try:
        expected = reason_digest(cipher, entry.sequence, cipher.open(bytes(entry.sealed)))
    except SealBroken:
        return "seal"
    return None if hmac.compare_digest(entry.reason_digest, expected) else "reason"
