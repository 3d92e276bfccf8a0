"""Calls: a call home (ring the person, then, on their keypress, home), and rings no text asked for."""

from datetime import datetime, timedelta
from uuid import uuid4

import phonenumbers
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot import consent_ledger, outbox
from bot.db import writing
from bot.models import Call, CallPurpose, CallState, Conversation, Message, Purpose
from bot.people import insert_or_ignore
from bot.ports import Durably, Reply

STUCK_AFTER = timedelta(minutes=2)
#: Premium and other numbers nobody's home is at.
NOT_HOME = {
    phonenumbers.PhoneNumberType.PREMIUM_RATE,
    phonenumbers.PhoneNumberType.SHARED_COST,
    phonenumbers.PhoneNumberType.UAN,
}
#: What is said when a call ends, by Twilio's DialCallStatus; a call that was joined needs no text.
OUTCOME_REPLIES = {
    "no-answer": "call_no_answer",
    "busy": "call_no_answer",
    "failed": "call_failed",
    "canceled": "call_you_missed",
    "not-accepted": "call_not_accepted",
    "missed": "call_you_missed",
}


def read_number(text: str) -> str | None:
    """The one US number in a text as E.164, or None. Any way of writing it will do."""
    found = [
        match.number for match in phonenumbers.PhoneNumberMatcher(text, "US", phonenumbers.Leniency.POSSIBLE)
    ]
    usable = [number for number in found if phonenumbers.is_possible_number(number)]
    if not usable:
        return None
    return phonenumbers.format_number(usable[0], phonenumbers.PhoneNumberFormat.E164)


def may_ring(number: str, line_number: str) -> bool:
    """Whether home may be at this number: US or Canadian, not ours, not premium, not 911 and its kin."""
    parsed = phonenumbers.parse(number, "US")
    return (
        number != line_number
        and parsed.country_code == 1
        and phonenumbers.is_possible_number(parsed)
        and str(parsed.national_number)[0] in "23456789"
        and phonenumbers.number_type(parsed) not in NOT_HOME
    )


def request(
    session: Session,
    conversation: Conversation,
    home_number: str,
    message_id: int | None,
    now: datetime,
    durably: Durably,
) -> Call:
    """Ask for a call to be placed, in the caller's transaction; the same text asking twice asks once."""
    made = insert_or_ignore(
        session,
        Call,
        public_id=uuid4().hex,
        conversation_id=conversation.id,
        purpose=CallPurpose.HOME,
        home_number=home_number,
        state=CallState.REQUESTED,
        message_id=message_id,
        created_at=now,
    )
    newest = select(Call).where(Call.conversation_id == conversation.id).order_by(Call.id.desc())
    if message_id is not None:
        newest = newest.where(Call.message_id == message_id)
    call = session.scalars(newest.limit(1)).one()
    if made:
        durably.call(session, call.id)
    return call


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


def find(session: Session, public_id: str) -> Call | None:
    """The call a voice webhook speaks of."""
    return session.scalars(select(Call).where(Call.public_id == public_id)).first()


def accept(session: Session, public_id: str, now: datetime) -> None:
    """Home pressed the key: only this joins the two."""
    call = find(session, public_id)
    if call and call.accepted_at is None:
        call.accepted_at = now


def going(session: Session, conversation: Conversation) -> list[Call]:
    """Calls asked for and not joined or over yet."""
    return list(
        session.scalars(
            select(Call).where(
                Call.conversation_id == conversation.id,
                Call.purpose == CallPurpose.HOME,
                Call.state.in_([CallState.REQUESTED, CallState.PLACING, CallState.RINGING]),
            )
        )
    )


def take_back(session: Session, conversation: Conversation) -> list[str]:
    """Cancel what has not been joined yet; returns SIDs of calls that are ringing and must be hung up."""
    canceled = going(session, conversation)
    for call in canceled:
        call.state = CallState.CANCELED
    return [call.call_sid for call in canceled if call.call_sid]


def home_ended(session: Session, call: Call, outcome: str, now: datetime, durably: Durably) -> None:
    """Tell the person kindly, once, when a call home did not join the two."""
    if outcome == "completed" and call.accepted_at is None:
        outcome = "not-accepted"
    call.outcome = outcome
    reply = OUTCOME_REPLIES.get(outcome)
    if reply:
        consent = consent_ledger.agree(
            session,
            call.conversation,
            Purpose.CALL_HOME,
            _words_of(session, call),
            call.created_at,
            message_id=call.message_id,
            asked="ask_home_confirmed",
        )
        cause = f"call-{call.id}"
        outbox.put_unprompted(session, call.conversation, [Reply(reply)], cause, now, durably, consent)


def _words_of(session: Session, call: Call) -> str:
    asked = session.get(Message, call.message_id) if call.message_id else None
    return asked.body if asked else ""


def resume_stuck(engine: Engine, durably: Durably, now: datetime) -> int:
    """Start again calls asked for long ago and never placed. Returns how many."""
    with writing(engine) as session:
        stuck = session.scalars(
            select(Call).where(
                Call.state.in_([CallState.REQUESTED, CallState.PLACING]), Call.created_at < now - STUCK_AFTER
            )
        ).all()
        for call in stuck:
            durably.call(session, call.id, attempt=int((now - call.created_at).total_seconds() // 60))
        return len(stuck)
