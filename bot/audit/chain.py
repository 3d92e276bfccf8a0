"""How an entry is bound to the one before: a keyed digest (HMAC-SHA256) over both.

Keyed: whoever can write the database but has no SECRET_KEY cannot make a chain that verifies.
"""

import json
from datetime import UTC
from typing import Any

from sqlalchemy import Row

from bot.models import AuditEntry
from bot.sealing import FieldCipher

#: What stands before the first entry.
GENESIS = "0" * 64


def digest_of(cipher: FieldCipher, entry: AuditEntry | Row[Any]) -> str:
    """The digest an entry, or a row of its columns, must have."""
    told = [
        entry.sequence,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.actor_id,
        entry.actor,
        entry.action,
        entry.subject,
        entry.reason_digest,
        entry.previous_digest,
    ]
    return cipher.digest("audit chain", json.dumps(told, ensure_ascii=True, separators=(",", ":")))


def reason_digest(cipher: FieldCipher, sequence: int, reason: str) -> str:
    """The digest a reason must have; the same words given twice have two."""
    return cipher.digest("audit reason", f"{sequence} {reason}")
