"""Send one outgoing text: never lost, and after a crash looked up before it is sent again."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, select

from bot import consent, consent_ledger
from bot.db import writing
from bot.errors import RecipientOptedOut, Refused
from bot.models import Direction, Message, MessageState, MessageStatusEvent
from bot.people import insert_or_ignore
from bot.ports import Clock, Durably, Messenger, Sent

#: Twilio's list is by its own clock; a little slack on ours.
LOOK_BACK = timedelta(minutes=2)
#: A send that has not settled by now has lost its worker; another one takes it up.
STUCK_AFTER = timedelta(minutes=2)

#: How far a status has come. A lower or equal rank never replaces a higher one; final ones never change.
#: Twilio's own order (outbound message status in status callbacks).
RANK = {
    "scheduled": 0,
    "accepted": 1,
    "queued": 2,
    "sending": 3,
    "sent": 4,
    "delivered": 5,
    "undelivered": 5,
    "failed": 5,
    "canceled": 5,
    "read": 6,
}
OPTED_OUT_CODE = "21610"


@dataclass(frozen=True)
class _Parcel:
    to: str
    body: str
    callback_id: str
    began: datetime
    resumed: bool


class Delivery:
    """The send step of the outbox."""

    def __init__(self, engine: Engine, messenger: Messenger, clock: Clock) -> None:
        self._engine, self._messenger, self._clock = engine, messenger, clock

    def deliver(self, message_id: int) -> MessageState:
        """Send a queued text. Raises TryAgain or OutcomeUnknown for the engine to try again later."""
        parcel = self._begin(message_id)
        if isinstance(parcel, MessageState):
            return parcel
        try:
            sent = self._found(parcel) if parcel.resumed else None
            sent = sent or self._messenger.send(parcel.to, parcel.body, parcel.callback_id)
        except RecipientOptedOut:
            return self._refused(message_id, OPTED_OUT_CODE)
        except Refused as refusal:
            return self._refused(message_id, str(refusal.code or "unknown"))
        return self._sent(message_id, sent)

    def _begin(self, message_id: int) -> _Parcel | MessageState:
        now = self._clock()
        with writing(self._engine) as session:
            message = session.get_one(Message, message_id, with_for_update=True)
            if message.state not in {MessageState.QUEUED, MessageState.SENDING}:
                return MessageState(message.state)
            person = message.conversation.person
            opted_out = person.opted_out_at is not None and message.reply_key != consent.CONFIRMATION
            if opted_out or not consent_ledger.allows(session, message_id):
                message.state = MessageState.WITHHELD
                return MessageState.WITHHELD
            resumed = message.state == MessageState.SENDING
            message.state = MessageState.SENDING
            message.sending_at = message.sending_at or now
            message.attempts += 1
            return _Parcel(
                person.number, message.body, message.callback_id or "", message.sending_at, resumed
            )

    def _found(self, parcel: _Parcel) -> Sent | None:
        candidates = self._messenger.find(parcel.to, parcel.body, parcel.began - LOOK_BACK)
        with writing(self._engine) as session:
            known = set(
                session.scalars(
                    select(Message.message_sid).where(
                        Message.message_sid.in_([sent.message_sid for sent in candidates])
                    )
                )
            )
        return next((sent for sent in candidates if sent.message_sid not in known), None)

    def _sent(self, message_id: int, sent: Sent) -> MessageState:
        with writing(self._engine) as session:
            message = session.get_one(Message, message_id, with_for_update=True)
            message.state = MessageState.SENT
            message.message_sid = sent.message_sid
            _move_forward(message, sent.status, "")
        return MessageState.SENT

    def _refused(self, message_id: int, code: str) -> MessageState:
        now = self._clock()
        with writing(self._engine) as session:
            message = session.get_one(Message, message_id, with_for_update=True)
            message.state = MessageState.FAILED
            message.error_code = code
            if code == OPTED_OUT_CODE:
                consent.opt_out(session, message.conversation.person, now)
        return MessageState.FAILED


def note_status(
    engine: Engine, callback_id: str, message_sid: str, status: str, error_code: str, at: datetime
) -> bool:
    """Keep one status callback and move its text forward. False when we know no such text.

    The text is found by our own id first: the callback may come before the send has returned its SID.
    """
    with writing(engine) as session:
        insert_or_ignore(
            session,
            MessageStatusEvent,
            message_sid=message_sid,
            message_status=status,
            error_code=error_code,
            received_at=at,
        )
        found = select(Message).where(Message.direction == Direction.OUT).with_for_update()
        message = session.scalars(found.where(Message.callback_id == callback_id)).first()
        message = message or session.scalars(found.where(Message.message_sid == message_sid)).first()
        if message is None:
            return False
        _move_forward(message, status, error_code)
        if error_code == OPTED_OUT_CODE:
            consent.opt_out(session, message.conversation.person, at)
        return True


def _move_forward(message: Message, status: str, error_code: str) -> None:
    if error_code:
        # An error is never cleared by a later success: another segment's delivery hides nothing.
        message.error_code = error_code
    if RANK.get(status, -1) > RANK.get(message.twilio_status or "", -1):
        message.twilio_status = status


def resume_stuck(engine: Engine, durably: Durably, now: datetime) -> int:
    """Start again what was queued or begun long ago and never settled. Returns how many."""
    with writing(engine) as session:
        stuck = session.scalars(
            select(Message).where(
                Message.direction == Direction.OUT,
                Message.state.in_([MessageState.QUEUED, MessageState.SENDING]),
                Message.created_at < now - STUCK_AFTER,
            )
        ).all()
        for message in stuck:
            # One new attempt a minute: the id carries it, so that several sweepers start one.
            attempt = int((now - message.created_at).total_seconds() // 60)
            durably.deliver(session, message.id, message.conversation_id, attempt=attempt)
        return len(stuck)
