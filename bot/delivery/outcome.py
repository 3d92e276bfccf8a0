"""What became of a text that was handed over, whoever learned it: the sender, a callback, the list."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.delivery import alerts, pace
from bot.delivery.reactions import react
from bot.delivery.statuses import Standing, standing_of
from bot.delivery.validity import expires_at
from bot.delivery.waiting import Chance, Wait, put_off, wake_next
from bot.models import Direction, Message, MessageState, MessageStatusEvent
from bot.people import insert_or_ignore, insert_or_leave
from bot.ports import Durably, Sent


def note_event(
    session: Session,
    sid: str,
    status: str,
    error_code: str,
    at: datetime,
    provider_at: datetime | None = None,
) -> bool:
    """Keep what was said of a SID. False when the very same has been said before."""
    return insert_or_ignore(
        session,
        MessageStatusEvent,
        message_sid=sid,
        message_status=status,
        error_code=error_code,
        received_at=at,
        provider_at=provider_at,
    )


def owner_of(session: Session, sid: str) -> Message | None:
    """The text that has or had this SID."""
    current = select(Message).where(Message.direction == Direction.OUT, Message.message_sid == sid)
    former = (
        select(Message)
        .join(MessageStatusEvent, MessageStatusEvent.message_id == Message.id)
        .where(MessageStatusEvent.message_sid == sid)
        .limit(1)
    )
    return session.scalars(current).first() or session.scalars(former).first()


def belongs(session: Session, message: Message, sid: str, at: datetime, durably: Durably) -> bool:
    """Tie a SID to the text it is of. False when it is an earlier or a second one of that text.

    A text whose outcome was unknown is settled by this.
    """
    seen = session.scalars(
        select(MessageStatusEvent.id).where(
            MessageStatusEvent.message_sid == sid, MessageStatusEvent.message_id == message.id
        )
    ).first()
    session.execute(
        update(MessageStatusEvent)
        .where(MessageStatusEvent.message_sid == sid, MessageStatusEvent.message_id.is_(None))
        .values(message_id=message.id)
    )
    if message.message_sid == sid:
        return True
    if message.message_sid is not None:
        if seen is None:
            # Its first sending had arrived after all; twice is better than never, but somebody should know.
            alerts.page(session, alerts.DOUBLED, alerts.OURS, message.id, at)
        return False
    if seen is not None:
        # It has been given back to the queue since.
        return False
    _take_from_another(session, message, sid)
    message.message_sid = sid
    if message.state != MessageState.INLINE:
        settle(session, message, MessageState.SENT, at, durably)
    session.flush()
    return True


def _take_from_another(session: Session, message: Message, sid: str) -> None:
    other = session.scalars(
        select(Message).where(Message.message_sid == sid, Message.id != message.id)
    ).first()
    if other is not None:
        # Two texts of the same words were told apart by guess, and a callback now says which is which.
        other.message_sid = None
        session.flush()


def settle(session: Session, message: Message, state: MessageState, at: datetime, durably: Durably) -> None:
    """A text is done as far as sending goes: what waited behind it goes on."""
    _settled(message, state)
    wake_next(session, [message], at, durably)


def _settled(message: Message, state: MessageState) -> None:
    message.state = state
    message.waiting_for, message.next_try_at = None, None
    if state == MessageState.SENT and message.error_code in {alerts.EXPIRED, alerts.OUTCOME_UNKNOWN}:
        message.error_code = None


def move_on(session: Session, message: Message, at: datetime, durably: Durably, chance: Chance) -> None:
    """Bring a text to where all that was said of its SID puts it, and act on an error that is news."""
    heard = session.execute(
        select(MessageStatusEvent.message_status, MessageStatusEvent.error_code).where(
            MessageStatusEvent.message_sid == message.message_sid
        )
    )
    _move_on(session, message, standing_of((status, code) for status, code in heard), at, durably, chance)


def _move_on(
    session: Session, message: Message, now_at: Standing, at: datetime, durably: Durably, chance: Chance
) -> None:
    before = (message.twilio_status, message.error_code)
    message.twilio_status = now_at.status or message.twilio_status
    message.error_code = now_at.error_code or message.error_code
    news = now_at.lost and before != (message.twilio_status, message.error_code)
    if news:
        wait = react(session, message, now_at.error_code or "none", at, durably, chance)
        if wait is not None and message.state == MessageState.SENT:
            _give_back(session, message, wait, at, durably)


def _give_back(session: Session, message: Message, wait: Wait, at: datetime, durably: Durably) -> None:
    """The provider took it and could not deliver it: it is sent anew, while that is worth it."""
    if wait.until >= expires_at(session, message):
        return
    message.state = MessageState.QUEUED
    # What was said of that SID is kept with it; what comes next is said of another.
    message.message_sid, message.twilio_status, message.error_code = None, None, None
    put_off(session, message, wait, at, durably)


def refused(
    session: Session, message: Message, code: str, at: datetime, durably: Durably, chance: Chance
) -> MessageState:
    """The provider refused a text: it waits, or is over."""
    wait = react(session, message, code, at, durably, chance)
    if wait is None:
        message.error_code = code
        settle(session, message, MessageState.FAILED, at, durably)
    else:
        message.state = MessageState.QUEUED
        put_off(session, message, wait, at, durably)
    return MessageState(message.state)


def give_up(session: Session, message: Message, at: datetime, durably: Durably) -> MessageState:
    """A text is not worth sending any more. Somebody was left without it: the operator looks."""
    code = alerts.EXPIRED if message.state == MessageState.QUEUED else alerts.OUTCOME_UNKNOWN
    message.error_code = message.error_code or code
    settle(session, message, MessageState.FAILED, at, durably)
    alerts.page(session, code, alerts.OURS, message.id, at)
    return MessageState.FAILED


def taken(
    session: Session, some: Sequence[tuple[Message, Sent]], at: datetime, durably: Durably, chance: Chance
) -> None:
    """The provider has these texts under these SIDs. The caller holds the rows."""
    if not some:
        return
    pace.well(session)
    alerts.sent_again(session, at)
    known = _known(session, [sent.message_sid for _, sent in some])
    # Of most of them nothing was heard yet, and no other text has or had their SID.
    new = [(message, sent) for message, sent in some if _new(message, sent, known)]
    if new:
        session.execute(insert_or_leave(session, MessageStatusEvent), [_event(*one, at) for one in new])
    for message, sent in new:
        message.message_sid = sent.message_sid
        if message.state != MessageState.INLINE:
            _settled(message, MessageState.SENT)
    wake_next(session, [message for message, _ in new], at, durably)
    for message, sent in new:
        _move_on(session, message, standing_of([(sent.status, "")]), at, durably, chance)
    for message, sent in some:
        if message.message_sid != sent.message_sid or sent.message_sid in known:
            note_event(session, sent.message_sid, sent.status, "", at)
            if belongs(session, message, sent.message_sid, at, durably):
                move_on(session, message, at, durably, chance)


def _known(session: Session, sids: Sequence[str]) -> set[str]:
    """Those of these SIDs that something has been heard of, or that a text has."""
    heard = select(MessageStatusEvent.message_sid).where(MessageStatusEvent.message_sid.in_(sids))
    theirs = select(Message.message_sid).where(Message.message_sid.in_(sids))
    twice = {sid for sid in sids if sids.count(sid) > 1}
    return twice.union(session.scalars(heard), filter(None, session.scalars(theirs)))


def _new(message: Message, sent: Sent, known: set[str]) -> bool:
    return message.message_sid is None and sent.message_sid not in known


def _event(message: Message, sent: Sent, at: datetime) -> dict[str, object]:
    return {
        "message_sid": sent.message_sid,
        "message_status": sent.status,
        "error_code": "",
        "received_at": at,
        "message_id": message.id,
    }
