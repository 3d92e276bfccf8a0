"""Asking for a call, in the caller's transaction: now, at a time, or taken back."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.calls.ending import close_answers, consent
from bot.calls.progress import advance, note_over
from bot.calls.refusing import index_of
from bot.db import writing
from bot.models import TO_HOMES, Call, CallPurpose, CallState, Conversation, Outcome
from bot.people import insert_or_ignore
from bot.ports import Durably

#: Somebody who types a number takes that long.
INBOUND_LOOKED_AT = timedelta(minutes=2)
#: What an earlier text told of home is asked for anew after this: the phone may be in other hands.
REMEMBERED_FOR = timedelta(hours=12)


@dataclass(frozen=True)
class Asked:
    """The call there is now, and whether this asked for it: one goes at a time."""

    call: Call
    new: bool


def request(
    session: Session,
    conversation: Conversation,
    home_number: str,
    message_id: int | None,
    now: datetime,
    durably: Durably,
    *,
    name: str | None = None,
    due_at: datetime | None = None,
) -> Asked:
    """Ask for a call home. The same text asking twice asks once, and so does another while one is going.

    One that is scheduled gives way to the new one.
    """
    for waiting in going(session, conversation):
        if waiting.state == CallState.SCHEDULED and (message_id is None or waiting.message_id != message_id):
            note_over(waiting, Outcome.CANCELED, now)
            close_answers(session, waiting, Outcome.CANCELED, now)
            session.flush()
    made = insert_or_ignore(
        session,
        Call,
        public_id=uuid4().hex,
        conversation_id=conversation.id,
        purpose=CallPurpose.HOME,
        home_number=home_number,
        home_index=index_of(session, home_number),
        name=name,
        language=conversation.person.language,
        state=CallState.SCHEDULED if due_at else CallState.REQUESTED,
        due_at=due_at,
        message_id=message_id,
        created_at=now,
    )
    newest = select(Call).where(Call.conversation_id == conversation.id, Call.purpose == CallPurpose.HOME)
    call = None
    if message_id is not None:
        call = session.scalars(newest.where(Call.message_id == message_id)).first()
    if call is None:
        call = session.scalars(newest.order_by(Call.ended_at.is_not(None), Call.id.desc()).limit(1)).one()
    if made and message_id is not None:
        # Noted when it is given: a STOP before the call has ended takes it back.
        consent(session, call)
    if made and due_at is None:
        durably.call(session, call.id)
    return Asked(call, made)


def request_voicemail(
    session: Session,
    conversation: Conversation,
    last: Call,
    message_id: int,
    now: datetime,
    durably: Durably,
    *,
    due_at: datetime | None = None,
) -> Call:
    """Ask for a voice message at the number and in the name of the last call home; the same yes asks once."""
    made = insert_or_ignore(
        session,
        Call,
        public_id=uuid4().hex,
        conversation_id=conversation.id,
        purpose=CallPurpose.VOICEMAIL,
        home_number=last.home_number,
        home_index=last.home_index,
        name=last.name,
        language=last.language,
        state=CallState.SCHEDULED if due_at else CallState.REQUESTED,
        due_at=due_at,
        message_id=message_id,
        created_at=now,
    )
    call = session.scalars(select(Call).where(Call.message_id == message_id)).one()
    if made and due_at is None:
        durably.call(session, call.id)
    return call


def from_inbound(
    session: Session, conversation: Conversation, home_number: str, call_sid: str, now: datetime
) -> Call | None:
    """The call home of somebody who has called the line and is on the phone, to the number given last.

    None while another call of theirs goes on; one that waits for its time gives way.
    """
    for waiting in going(session, conversation):
        if waiting.state == CallState.SCHEDULED:
            note_over(waiting, Outcome.CANCELED, now)
            close_answers(session, waiting, Outcome.CANCELED, now)
            session.flush()
    insert_or_ignore(
        session,
        Call,
        public_id=uuid4().hex,
        conversation_id=conversation.id,
        purpose=CallPurpose.HOME,
        language=conversation.person.language,
        state=CallState.ANSWERED,
        call_sid=call_sid,
        answered_at=now,
        placing_at=now,
        look_at=now + INBOUND_LOOKED_AT,
        created_at=now,
    )
    call = session.scalars(select(Call).where(Call.call_sid == call_sid)).first()
    if call is None or call.ended_at is not None or call.state != CallState.ANSWERED:
        return None
    call.home_number, call.home_index = home_number, index_of(session, home_number)
    return call


def for_person(session: Session, conversation: Conversation, call_sid: str, now: datetime) -> Call:
    """The record of somebody who has called the line being put through to a person."""
    cause = f"person-{call_sid[-24:]}"
    insert_or_ignore(
        session,
        Call,
        public_id=uuid4().hex,
        conversation_id=conversation.id,
        purpose=CallPurpose.PERSON,
        state=CallState.DIALING,
        cause=cause,
        created_at=now,
    )
    return session.scalars(select(Call).where(Call.cause == cause)).one()


def ring(
    session: Session,
    conversation: Conversation,
    purpose: CallPurpose,
    cause: str,
    now: datetime,
    durably: Durably,
    *,
    incident_id: int | None = None,
    using_alone_timer_id: int | None = None,
) -> Call:
    """Have a conversation's phone rung for something no text asked for; a cause rings once.

    What is heard is decided by the purpose (webhooks/voice).
    """
    made = insert_or_ignore(
        session,
        Call,
        public_id=uuid4().hex,
        conversation_id=conversation.id,
        purpose=purpose,
        state=CallState.REQUESTED,
        cause=cause,
        incident_id=incident_id,
        using_alone_timer_id=using_alone_timer_id,
        created_at=now,
    )
    call = session.scalars(select(Call).where(Call.cause == cause)).one()
    if made:
        durably.call(session, call.id)
    return call


def start_due(engine: Engine, now: datetime, durably: Durably) -> int:
    """Have the calls rung whose time has come. Returns how many."""
    with writing(engine) as session:
        due = session.scalars(
            select(Call)
            .where(Call.state == CallState.SCHEDULED, Call.ended_at.is_(None), Call.due_at <= now)
            .with_for_update(skip_locked=True)
        ).all()
        for call in due:
            if advance(call, CallState.REQUESTED, now):
                durably.call(session, call.id)
        return len(due)


def going(session: Session, conversation: Conversation) -> list[Call]:
    """Calls home, and for a voice message there, asked for and neither joined nor over."""
    return list(
        session.scalars(
            select(Call).where(
                Call.conversation_id == conversation.id,
                Call.purpose.in_(TO_HOMES),
                Call.ended_at.is_(None),
                Call.state != CallState.JOINED,
            )
        )
    )


def last_home(session: Session, conversation: Conversation, now: datetime) -> Call | None:
    """The call home of these hours, whose number and name may be meant again."""
    return session.scalars(
        select(Call)
        .where(
            Call.conversation_id == conversation.id,
            Call.purpose == CallPurpose.HOME,
            Call.created_at > now - REMEMBERED_FOR,
        )
        .order_by(Call.id.desc())
        .limit(1)
    ).first()


def take_back(session: Session, conversation: Conversation, now: datetime) -> list[str]:
    """Cancel what has not been joined yet; returns SIDs of calls that are ringing and must be hung up."""
    canceled = going(session, conversation)
    for call in canceled:
        note_over(call, Outcome.CANCELED, now)
        close_answers(session, call, Outcome.CANCELED, now)
    return [call.call_sid for call in canceled if call.call_sid]
