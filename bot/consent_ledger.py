"""What people agreed to, in which words, and when they took it back. Consents are only added and revoked.

The TCPA lets a consent be revoked "by any reasonable means" (47 CFR 64.1200(a)(10)): each promise can be
taken back on its own, and STOP takes back all of them.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.models import Consent, Conversation, Person, Purpose
from bot.people import insert_or_ignore


def agree(
    session: Session,
    conversation: Conversation,
    purpose: Purpose,
    words: str,
    at: datetime,
    *,
    message_id: int | None = None,
    asked: str | None = None,
) -> Consent:
    """Note an agreement in the person's own words. The same text agrees once, however often its turn runs.

    `asked` is the reply that put the question; None when they asked of their own accord.
    """
    if message_id is None:
        consent = Consent(
            conversation_id=conversation.id, purpose=purpose, words=words, asked=asked, agreed_at=at
        )
        session.add(consent)
        session.flush()
        return consent
    insert_or_ignore(
        session,
        Consent,
        conversation_id=conversation.id,
        purpose=purpose,
        words=words,
        asked=asked,
        message_id=message_id,
        agreed_at=at,
    )
    return session.scalars(
        select(Consent).where(Consent.message_id == message_id, Consent.purpose == purpose)
    ).one()


def revoke(session: Session, consent: Consent, at: datetime, by: str, message_id: int | None = None) -> None:
    """Take one agreement back: by "words", "stop", "worker" or "replaced". The first revocation stands."""
    if consent.revoked_at is None:
        consent.revoked_at, consent.revoked_by, consent.revoking_message_id = at, by, message_id
        session.flush()


def revoke_all(session: Session, person: Person, at: datetime, by: str, message_id: int | None = None) -> int:
    """Take back all that a person agreed to, but word of an emergency. Returns how many there were.

    A case worker's STOP ends their alerts as well: nobody is texted against their will.
    """
    standing = session.scalars(
        select(Consent)
        .join(Conversation)
        .where(
            Conversation.person_id == person.id,
            Consent.revoked_at.is_(None),
            Consent.purpose != Purpose.EMERGENCY,
        )
    ).all()
    for consent in standing:
        revoke(session, consent, at, by, message_id)
    return len(standing)
