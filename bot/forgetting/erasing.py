"""Forget somebody: every row of theirs goes in one transaction, and a receipt without them stays.

What lies elsewhere (durable work, the provider's copies) is deleted afterwards from what the receipt still
knows (bot/forgetting/afterwards.py); the number is sealed in it until then.
"""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import Select, delete, exists, or_, select
from sqlalchemy.orm import Session

from bot.errors import ErasureHeld
from bot.forgetting import held, reach
from bot.forgetting.copies_known import note_known_copies
from bot.forgetting.staying import count_incidents, keep_wishes, name_no_more
from bot.models import (
    AuditEntry,
    AuditReason,
    Call,
    CaseWorker,
    Consent,
    Conversation,
    Erasure,
    ErasureBy,
    HomeMessage,
    Incident,
    Message,
    MessageState,
    UnpromptedText,
)
from bot.ports import Durably

#: Finished durable work is purged after a day; older texts have none unless they still wait.
WORK_REMEMBERED = timedelta(hours=48)
WAITING = (
    MessageState.RECEIVED,
    MessageState.ASKED,
    MessageState.MENU,
    MessageState.HELD,
    MessageState.QUEUED,
    MessageState.SENDING,
)


def erase(
    session: Session, conversation: Conversation, by: ErasureBy, now: datetime, durably: Durably
) -> Erasure:
    """Forget the person of a conversation, and start what follows. Returns the receipt.

    Only a person's own wish is answered with a last text, and only if they have not asked for silence.
    Raises ErasureHeld while an emergency or a using-alone timer goes on, or for a case worker on the roster.
    """
    # Held against everything that writes to it: texts that come now wait, and find nobody.
    _lock(session, [conversation.id])
    person = conversation.person
    reason = held.why(session, conversation, now)
    if reason is not None:
        raise ErasureHeld(reason)
    gone = _theirs(session, conversation)
    silent = person.opted_out_at is not None
    erasure = Erasure(
        public_id=uuid4().hex,
        asked_by=by,
        erased_at=now,
        counts="{}",
        texts=0,
        media=0,
        calls=0,
        attempts=0,
        number=person.number,
        language=person.language,
        conversation=conversation.public_id,
        work=json.dumps(_work(session, gone, now)),
        tells=by is ErasureBy.TEXT and not silent,
        # Should the work that is started here be lost.
        next_try_at=now + timedelta(minutes=1),
    )
    session.add(erasure)
    session.flush()
    note_known_copies(session, erasure, gone)
    keep_wishes(session, gone["conversation"])
    count_incidents(session, gone["incident"])
    name_no_more(session, person, gone["conversation"])
    _forget_reasons(session, gone[reach.PSEUDONYM])
    erasure.counts = json.dumps(reach.delete_all(session, gone), sort_keys=True)
    # What was loaded is not there any more.
    session.expunge_all()
    session.add(erasure)
    durably.erasure(session, erasure.id)
    return erasure


def _forget_reasons(session: Session, pseudonyms: Iterable[object]) -> None:
    """What case workers gave as reasons for looking at them; the log stays whole without those words."""
    about = [f"conversation:{pseudonym}" for pseudonym in pseudonyms]
    for some in reach.chunks(about):
        entries = select(AuditEntry.sequence).where(AuditEntry.subject.in_(some))
        session.execute(delete(AuditReason).where(AuditReason.sequence.in_(entries)))


def _theirs(session: Session, conversation: Conversation) -> dict[str, set[object]]:
    elsewhere = set(session.scalars(_texts_elsewhere(conversation.id)))
    homes = _known_only_through(session, conversation, elsewhere)
    _lock(session, homes)
    gone = {conversation.id, *homes}
    people = select(Conversation.person_id, Conversation.public_id).where(Conversation.id.in_(gone))
    found = session.execute(people).all()
    return reach.theirs(
        session,
        {
            "conversation": gone,
            "person": {person_id for person_id, _ in found},
            reach.PSEUDONYM: {public_id for _, public_id in found},
            "message": elsewhere,
        },
    )


def _lock(session: Session, conversations: Iterable[int]) -> None:
    held_now = select(Conversation.id).where(Conversation.id.in_(conversations)).order_by(Conversation.id)
    session.execute(held_now.with_for_update()).all()


def _texts_elsewhere(conversation_id: int) -> Select[int]:
    """Texts to others that this person agreed to: they hold their words, or say where they are."""
    return (
        select(UnpromptedText.message_id)
        .join(Consent, Consent.id == UnpromptedText.consent_id)
        .join(Message, Message.id == UnpromptedText.message_id)
        .where(Consent.conversation_id == conversation_id, Message.conversation_id != conversation_id)
    )


def _known_only_through(session: Session, conversation: Conversation, texts: Iterable[int]) -> list[int]:
    """Those they reached through the line whom nobody else knows: their numbers go with the person."""
    reached = select(HomeMessage.home_conversation_id).where(HomeMessage.conversation_id == conversation.id)
    texted = select(Message.conversation_id).where(Message.id.in_(texts))
    return [
        home for home in session.scalars(reached.union(texted)) if not _known(session, home, conversation)
    ]


def _known(session: Session, home_id: int, conversation: Conversation) -> bool:
    home = session.get_one(Conversation, home_id)
    others = or_(
        exists().where(
            HomeMessage.home_conversation_id == home_id, HomeMessage.conversation_id != conversation.id
        ),
        exists().where(Call.home_index == home.person.number_index, Call.conversation_id != conversation.id),
        exists().where(Call.conversation_id == home_id),
        exists().where(Consent.conversation_id == home_id),
        exists().where(Incident.conversation_id == home_id),
        exists().where(CaseWorker.person_id == home.person_id),
    )
    return bool(session.scalar(select(others)))


def _work(session: Session, gone: dict[str, set[object]], now: datetime) -> dict[str, list[object]]:
    recent = select(Message.id).where(
        Message.conversation_id.in_(gone["conversation"]),
        or_(Message.created_at > now - WORK_REMEMBERED, Message.state.in_(WAITING)),
    )
    return {
        "message": list(session.scalars(recent)),
        **{table: sorted(gone[table], key=str) for table in ("call", "using_alone_timer", "incident")},
    }
