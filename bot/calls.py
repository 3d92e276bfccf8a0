"""A call home: ring the person, then, on their keypress, home. This is what each step of it decides."""

from datetime import datetime, timedelta
from uuid import uuid4

import phonenumbers
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot import outbox
from bot.db import writing
from bot.errors import Refused
from bot.models import Call, CallState, Conversation
from bot.people import insert_or_ignore
from bot.ports import Caller, Clock, Durably, Reply

LOOK_BACK = timedelta(minutes=2)
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


class Calling:
    """The step that rings the person."""

    def __init__(self, engine: Engine, caller: Caller, durably: Durably, clock: Clock) -> None:
        self._engine, self._caller, self._durably, self._clock = engine, caller, durably, clock

    def place(self, call_id: int) -> CallState:
        """Ring the person. After a crash, looks for the call before placing another. Raises TryAgain."""
        now = self._clock()
        with writing(self._engine) as session:
            call = session.get_one(Call, call_id, with_for_update=True)
            if call.state not in {CallState.REQUESTED, CallState.PLACING}:
                return CallState(call.state)
            resumed = call.state == CallState.PLACING
            call.state = CallState.PLACING
            call.placing_at = call.placing_at or now
            to, public_id, began = call.conversation.person.number, call.public_id, call.placing_at
        try:
            sid = self._found(to, began) if resumed else None
            sid = sid or self._caller.place(to, public_id)
        except Refused:
            finish(self._engine, public_id, "failed", now, self._durably)
            return CallState.FAILED
        with writing(self._engine) as session:
            call = session.get_one(Call, call_id, with_for_update=True)
            call.call_sid = sid
            if call.state == CallState.PLACING:
                call.state = CallState.RINGING
            return CallState(call.state)

    def _found(self, to: str, began: datetime) -> str | None:
        candidates = self._caller.find(to, began - LOOK_BACK)
        with writing(self._engine) as session:
            known = set(session.scalars(select(Call.call_sid).where(Call.call_sid.in_(candidates))))
        return next((sid for sid in candidates if sid not in known), None)


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


def finish(engine: Engine, public_id: str, outcome: str, now: datetime, durably: Durably) -> None:
    """Note how a call ended and, when the two were not joined, tell the person kindly, once."""
    with writing(engine) as session:
        call = find(session, public_id)
        if call is None or call.state in {CallState.FINISHED, CallState.CANCELED, CallState.FAILED}:
            return
        if outcome == "completed" and call.accepted_at is None:
            outcome = "not-accepted"
        call.state = CallState.FAILED if outcome == "failed" else CallState.FINISHED
        call.outcome = outcome
        reply = OUTCOME_REPLIES.get(outcome)
        if reply:
            outbox.put(session, call.conversation, [Reply(reply)], f"call-{call.id}", now, durably)


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
