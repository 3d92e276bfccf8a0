"""Forget somebody: every row of theirs goes in one transaction, and a receipt without them stays.

What lies elsewhere (durable work, the provider's copies) is deleted afterwards from what the receipt still
knows (bot/forgetting/afterwards.py); the number is sealed in it until then.
"""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import Select, exists, or_, select, update
from sqlalchemy.orm import Session

from bot import suppression
from bot.errors import ErasureHeld
from bot.forgetting import held, reach
from bot.inserting import insert_or_leave
from bot.models import (
    Call,
    CaseWorker,
    Consent,
    Conversation,
    CopyKind,
    ErasedCopy,
    Erasure,
    ErasureBy,
    HomeMessage,
    HomeRefusal,
    Incident,
    Message,
    MessageState,
    MessageStatusEvent,
    PastIncident,
    Person,
    UnpromptedText,
    UsingAloneTimer,
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
    person = session.scalars(
        select(Person).where(Person.id == conversation.person_id).with_for_update()
    ).one()
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
        next_try_at=now,
    )
    session.add(erasure)
    session.flush()
    note_known_copies(session, erasure, gone)
    _keep_wishes(session, gone["conversation"])
    count_incidents(session, gone["incident"])
    _name_no_more(session, person, gone["conversation"])
    erasure.counts = json.dumps(reach.delete_all(session, gone), sort_keys=True)
    # What was loaded is not there any more.
    session.expunge_all()
    session.add(erasure)
    durably.erasure(session, erasure.id)
    return erasure


def _theirs(session: Session, conversation: Conversation) -> dict[str, set[object]]:
    elsewhere = set(session.scalars(_texts_elsewhere(conversation.id)))
    homes = _known_only_through(session, conversation, elsewhere)
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


def note_known_copies(session: Session, erasure: Erasure, gone: dict[str, set[object]]) -> None:
    """What the provider has of it, as far as its SIDs are known."""
    for some in reach.chunks(gone.get("message", ())):
        sids = select(Message.message_sid).where(Message.id.in_(some), Message.message_sid.is_not(None))
        # A text that was sent anew has had others.
        former = select(MessageStatusEvent.message_sid).where(MessageStatusEvent.message_id.in_(some))
        note_copies(session, erasure.id, CopyKind.TEXT, session.scalars(sids.union(former)))
    for some in reach.chunks(gone.get("call", ())):
        legs = select(Call.call_sid).where(Call.id.in_(some), Call.call_sid.is_not(None))
        note_copies(session, erasure.id, CopyKind.CALL, session.scalars(legs))


def note_copies(session: Session, erasure_id: int, kind: CopyKind, sids: Iterable[str | None]) -> int:
    """Write down what the provider is to erase, once each. Returns how many of these are new."""
    rows = [{"sid": sid, "erasure_id": erasure_id, "kind": kind} for sid in list(sids) if sid]
    if not rows:
        return 0
    new = insert_or_leave(session, ErasedCopy).returning(ErasedCopy.sid)
    return len(session.scalars(new, rows).all())


def _keep_wishes(session: Session, gone: set[object]) -> None:
    """A STOP and home's refusal outlive whom they are of."""
    silent = (
        select(Person.number_index, Person.opted_out_at)
        .join(Conversation, Conversation.person_id == Person.id)
        .where(Conversation.id.in_(gone), Person.opted_out_at.is_not(None))
    )
    for number_index, since in session.execute(silent).all():
        if since is not None:
            suppression.keep_silence(session, number_index, since)
    refused = (
        select(Person.number_index, HomeRefusal.number_index, HomeRefusal.refused_at)
        .select_from(HomeRefusal)
        .join(Conversation, Conversation.id == HomeRefusal.conversation_id)
        .join(Person, Person.id == Conversation.person_id)
        .where(HomeRefusal.conversation_id.in_(gone))
    )
    for person_index, home_index, since in session.execute(refused).all():
        suppression.keep_refusal(session, person_index, home_index, since)


def count_incidents(session: Session, gone: set[object]) -> None:
    """Keep that there were these emergencies, and nothing of whose they were."""
    for incident in session.scalars(select(Incident).where(Incident.id.in_(gone))):
        taken = incident.acknowledged_at
        session.add(
            PastIncident(
                opened_on=incident.opened_at.date(),
                kind=incident.kind,
                source=incident.source,
                danger_to=incident.danger_to,
                outcome=incident.outcome or "erased",
                taken_after_minutes=int((taken - incident.opened_at).total_seconds() // 60)
                if taken
                else None,
            )
        )


def _name_no_more(session: Session, person: Person, gone: set[object]) -> None:
    """Where others rang them or named them the number is emptied; what still goes on keeps it."""
    session.execute(
        update(Call)
        .where(
            Call.home_index == person.number_index,
            Call.conversation_id.not_in(gone),
            Call.ended_at.is_not(None),
        )
        .values(home_number=None, home_index=None)
    )
    named = select(UsingAloneTimer).where(
        UsingAloneTimer.contact_number.is_not(None), UsingAloneTimer.conversation_id.not_in(gone)
    )
    for timer in session.scalars(named):
        if timer.contact_number == person.number and timer.ended_at is not None:
            timer.contact_number = None
