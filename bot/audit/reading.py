"""Entries as a supervisor looks for them, the newest first."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.models import AuditEntry, AuditReason

PAGE = 50


@dataclass(frozen=True)
class Wanted:
    """What is looked for; what is left out is not asked about. `before` is a sequence: the page after it."""

    actor: str | None = None
    action: str | None = None
    subject: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None


def entries(session: Session, wanted: Wanted, how_many: int = PAGE) -> list[tuple[AuditEntry, str | None]]:
    """Entries with their reasons, and one more than `how_many` when there are more."""
    found = select(AuditEntry, AuditReason.reason).outerjoin(
        AuditReason, AuditReason.sequence == AuditEntry.sequence
    )
    for given, condition in (
        (wanted.actor, AuditEntry.actor == wanted.actor),
        (wanted.action, AuditEntry.action == wanted.action),
        (wanted.subject, AuditEntry.subject == wanted.subject),
    ):
        if given:
            found = found.where(condition)
    if wanted.since:
        found = found.where(AuditEntry.at >= wanted.since)
    if wanted.until:
        found = found.where(AuditEntry.at < wanted.until)
    if wanted.before:
        found = found.where(AuditEntry.sequence < wanted.before)
    found = found.order_by(AuditEntry.sequence.desc()).limit(how_many + 1)
    return [(entry, reason) for entry, reason in session.execute(found)]


def actions(session: Session) -> list[str]:
    """Every action there is an entry of, for a list to choose from."""
    return list(session.scalars(select(AuditEntry.action).distinct().order_by(AuditEntry.action)))
