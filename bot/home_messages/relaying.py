"""What home writes back goes to the person, or ends there; home is never told anything of the person."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import outbox
from bot.calls.limits import DAY
from bot.calls.refusing import refuse
from bot.home_messages.reading import Answer, read_answer
from bot.models import Consent, HomeMessage, Message
from bot.ports import Durably, Reply

#: An answer that comes later is the home phone's own matter again.
ANSWERED_WITHIN = timedelta(days=3)
#: Of one home's texts within a day.
MOST_PASSED_ON = 10
PASSED_ON = "home_passed_on"
#: What ends it for ever: how it is remembered, what the person is told, what home is told.
ENDS = {
    Answer.REFUSES: ("words", "home_refused", "home_no_more"),
    Answer.DANGER: ("words", "home_refused", "home_danger"),
    Answer.WRONG_NUMBER: ("wrong_person", "message_wrong_number", "home_no_more"),
    Answer.LOSS: ("wrong_person", "message_wrong_number", "home_loss"),
}
#: Passed on, with words that tell home nothing.
SAYS_NOTHING = {Answer.SEEKS: "home_cant_say", Answer.CHILD: "home_cant_say_child"}


def answer(session: Session, message: Message, now: datetime, durably: Durably) -> Sequence[Reply] | None:
    """What is said to home's text; None when it is no answer to a text sent for somebody."""
    sent = open_for(session, message.conversation_id, now)
    if sent is None:
        return None
    means = read_answer(message.body, sent.name)
    if means is Answer.FOR_THEMSELVES:
        return None
    if means in ENDS:
        by, to_person, to_home = ENDS[means]
        close(session, sent, by, to_person, now, durably)
        return [Reply(to_home)]
    if not message.body.strip():
        return [Reply("only_text")]
    if sent.conversation.person.opted_out_at is not None:
        return [Reply("home_cant_say")]
    if _passed_on_today(session, sent, now) >= MOST_PASSED_ON:
        return [Reply("home_limit")]
    outbox.put_unprompted(
        session,
        sent.conversation,
        [Reply("home_answered", {"words": message.body})],
        f"relay-{message.id}",
        now,
        durably,
        session.get_one(Consent, sent.consent_id),
    )
    if means in SAYS_NOTHING:
        return [Reply(SAYS_NOTHING[means])]
    return [] if _told_so(session, sent) else [Reply(PASSED_ON)]


def heed(session: Session, message: Message, now: datetime, durably: Durably) -> None:
    """Home's text was an emergency and has been answered as one; if it also ends the pair, end it."""
    sent = open_for(session, message.conversation_id, now)
    means = read_answer(message.body, sent.name) if sent else None
    if sent is not None and means in ENDS:
        by, to_person, _ = ENDS[means]
        close(session, sent, by, to_person, now, durably)


def open_for(session: Session, home_conversation_id: int, now: datetime) -> HomeMessage | None:
    """The text to home that is still answered, or None."""
    return session.scalars(
        select(HomeMessage).where(
            HomeMessage.home_conversation_id == home_conversation_id,
            HomeMessage.closed_at.is_(None),
            HomeMessage.sent_at > now - ANSWERED_WITHIN,
        )
    ).first()


def close(session: Session, sent: HomeMessage, by: str, tell: str, now: datetime, durably: Durably) -> None:
    """Home wants no more of it: remembered for ever, and told gently, without home's words."""
    sent.closed_at, sent.closed_by = now, "refused"
    refuse(session, sent.conversation, sent.home_conversation.person.number_index, by, now)
    tell_person(session, sent, tell, now, durably)


def tell_person(session: Session, sent: HomeMessage, key: str, now: datetime, durably: Durably) -> None:
    """A word to the person of what became of their text, once."""
    outbox.put_unprompted(
        session,
        sent.conversation,
        [Reply(key)],
        f"home-{sent.id}-end",
        now,
        durably,
        session.get_one(Consent, sent.consent_id),
    )


def _passed_on_today(session: Session, sent: HomeMessage, now: datetime) -> int:
    passed = select(func.count(Message.id)).where(
        Message.conversation_id == sent.conversation_id,
        Message.reply_key == "home_answered",
        Message.created_at > now - DAY,
    )
    return session.scalars(passed).one()


def _told_so(session: Session, sent: HomeMessage) -> bool:
    told = select(Message.id).where(
        Message.conversation_id == sent.home_conversation_id,
        Message.reply_key == PASSED_ON,
        Message.created_at >= sent.sent_at,
    )
    return session.scalars(told.limit(1)).first() is not None
