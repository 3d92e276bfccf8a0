"""A text that worries without being surely an emergency: "are you safe right now?", once."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import incidents
from bot.emergencies.going_on import Said, take_up
from bot.emergencies.reading import read_yes_or_no
from bot.emergencies.scripts import CRISIS, first_words
from bot.keyword_menu import speaks_of_using_alone
from bot.models import Conversation, Direction, Incident, IncidentSource, Message, MessageState
from bot.ports import Durably, Reply
from bot.triage import assess

ARE_YOU_SAFE = "are_you_safe"
#: Said by the dialogue when it is sure of a crisis: the turn then opens an incident.
CRISIS_WORDS = first_words(CRISIS, None)
#: Asked at every worrying text it would be a wall between them and what they came for.
NOT_AGAIN_WITHIN = timedelta(hours=12)
#: The cause of what is said before the dialogue is asked: another than that of its answer to the same text.
BEFORE = "first-"


def may_ask(conversation: Conversation, now: datetime) -> bool:
    """Whether the question was not put within twelve hours."""
    asked = conversation.safety_asked_at
    return asked is None or now - asked >= NOT_AGAIN_WITHIN


def ask(message: Message, now: datetime) -> Said | None:
    """The question, to a text that worries; None to any other, or when it was put lately.

    Nor to somebody about to use alone: who can watch over them, and the timer, are what helps there.
    """
    if not may_ask(message.conversation, now) or not assess(message.body).unsure:
        return None
    if speaks_of_using_alone(message.body):
        return None
    note_asked(message.conversation, now)
    return Said([Reply(ARE_YOU_SAFE)])


def note_asked(conversation: Conversation, now: datetime) -> None:
    """Remember that the question was put."""
    conversation.safety_asked_at = now


def answer(session: Session, message: Message, now: datetime, durably: Durably) -> Said | None:
    """What follows an answer to the question; None to a text that is none.

    After a yes the text that worried is answered; after neither yes nor no the dialogue hears it first.
    """
    asked, worried = _asked(session, message, now)
    if not asked:
        return None
    safe = read_yes_or_no(message.body)
    if safe is False:
        open_crisis(session, message, now, durably)
        return Said([Reply(CRISIS_WORDS)])
    if safe:
        if worried is not None:
            take_up(session, worried, durably)
        return Said([Reply("safe_then")])
    if worried is not None:
        worried.state = MessageState.MENU
        session.flush()
    return None


def open_crisis(session: Session, message: Message, now: datetime, durably: Durably) -> Incident:
    """Open an incident that triage did not see."""
    incident = incidents.open_incident(
        session,
        message.conversation,
        IncidentSource.DIALOGUE,
        CRISIS,
        now,
        durably,
        danger_to="self",
        message_id=message.id,
    )
    message.conversation.emergency_kind, message.conversation.emergency_at = CRISIS, now
    return incident


def _asked(session: Session, message: Message, now: datetime) -> tuple[bool, Message | None]:
    """Whether the question was the last thing said, and the text that worried.

    None when the dialogue put the question: it has heard that text already.
    """
    conversation = message.conversation
    if may_ask(conversation, now):
        return False, None
    last = session.scalars(
        select(Message)
        .where(Message.conversation_id == conversation.id, Message.direction == Direction.OUT)
        .order_by(Message.id.desc())
        .limit(1)
    ).first()
    if last is None or last.reply_key != ARE_YOU_SAFE:
        return False, None
    cause = last.cause or ""
    if not cause.startswith(BEFORE):
        return True, None
    return True, session.get(Message, int(cause.removeprefix(BEFORE)))
