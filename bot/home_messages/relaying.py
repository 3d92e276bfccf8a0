"""What home writes back goes to the person, or ends there; home is never told anything of the person."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import outbox
from bot.calls.limits import DAY
from bot.calls.refusing import refuse
from bot.home_messages.reached import open_for, reached, still_open, uses_the_line
from bot.home_messages.reading import Answer, read_answer
from bot.models import Consent, Conversation, Direction, HomeMessage, Message
from bot.needs import CALL_HOME, read_needs
from bot.ports import Durably, Reply
from bot.triage import assess

#: Of one home's texts within a day.
MOST_PASSED_ON = 10
PASSED_ON = "home_passed_on"
#: What home hears that writes when nobody waits for it, and how often.
ONLY_PASSES = "home_only_passes"
ONLY_PASSES_ONCE_IN = timedelta(hours=1)
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
    sent = open_for(session, message.conversation, now)
    if sent is None:
        return _to_a_home_only(session, message, now)
    means = read_answer(message.body, sent.name)
    if means is Answer.FOR_THEMSELVES or (means not in ENDS and _may_be_theirs(session, sent, message)):
        # From here on what they text is theirs, and passed on to nobody.
        sent.closed_at, sent.closed_by = now, "theirs"
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
        # Said once: two machines must not go on telling each other.
        return [] if _told(session, message.conversation, "home_limit", now - DAY) else [Reply("home_limit")]
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
    told = _told(session, message.conversation, PASSED_ON, sent.sent_at)
    return [] if told else [Reply(PASSED_ON)]


def _may_be_theirs(session: Session, sent: HomeMessage, message: Message) -> bool:
    """Whether somebody who was only rung asks the line for help, not knowing yet that it passes words on."""
    told_how = sent.message_id is not None or sent.call_id is not None
    if told_how or _told(session, message.conversation, PASSED_ON, sent.sent_at):
        return False
    needs = [need for need in read_needs(message.body).wanted if need != CALL_HOME]
    return bool(needs) or assess(message.body).unsure


def _to_a_home_only(session: Session, message: Message, now: datetime) -> Sequence[Reply] | None:
    """A number that others have reached and that never asked for itself is told what this line is to it.

    Not the line's welcome: what it offers says what the one who called needs.
    """
    home = message.conversation
    means = read_answer(message.body)
    if not reached(session, home) or means is Answer.FOR_THEMSELVES or uses_the_line(session, home):
        return None
    if means in ENDS:
        by, _, to_home = ENDS[means]
        _refuse_all(session, home, by, now)
        return [Reply(to_home)]
    told = _told(session, home, ONLY_PASSES, now - ONLY_PASSES_ONCE_IN)
    return [] if told else [Reply(SAYS_NOTHING.get(means, ONLY_PASSES))]


def heed(session: Session, message: Message, now: datetime, durably: Durably) -> None:
    """Home's text was an emergency and has been answered as one; if it also ends the pair, end it."""
    sent = still_open(session, message.conversation, now)
    means = read_answer(message.body, sent.name if sent else None)
    if means not in ENDS:
        return
    by, to_person, _ = ENDS[means]
    if sent is not None:
        close(session, sent, by, to_person, now, durably)
    _refuse_all(session, message.conversation, by, now)


def _refuse_all(session: Session, home: Conversation, by: str, now: datetime) -> None:
    for one in reached(session, home):
        refuse(session, session.get_one(Conversation, one), home.person.number_index, by, now)


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


def _told(session: Session, home: Conversation, key: str, since: datetime) -> bool:
    told = select(Message.id).where(
        Message.conversation_id == home.id,
        Message.direction == Direction.OUT,
        Message.reply_key == key,
        Message.created_at >= since,
    )
    return session.scalars(told.limit(1)).first() is not None
