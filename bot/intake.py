"""Take in one text, in one transaction: store it once, look for danger, obey STOP, start its turn.

Nothing here waits for a network. If this commits, the text is stored and will be answered.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import (
    consent,
    emergencies,
    erased_copies,
    floods,
    forgetting,
    incidents,
    joining,
    language,
    opting_out,
    outbox,
    using_alone,
)
from bot.models import Conversation, Direction, InboundMedia, IncidentSource, Message, MessageState, OptOutBy
from bot.people import conversation_with, insert_or_ignore
from bot.ports import Durably, Reply
from bot.replies import render
from bot.triage import Assessment, assess

#: Where a language word leads: the only reply that needs no dialogue at all.
LANGUAGE_SET = "language_set"
#: Stands for the row of a text whose person was forgotten.
FORGOTTEN = 0
#: A person's language until they or their words say otherwise.
DEFAULT_LANGUAGE = "en"


@dataclass(frozen=True)
class Media:
    """Where a picture or other thing lies at the provider. It is never fetched by itself."""

    url: str
    content_type: str = ""


@dataclass(frozen=True)
class InboundText:
    """A text as the provider brought it."""

    message_sid: str
    from_number: str
    body: str
    num_media: int = 0
    opt_out_type: str = ""
    media: tuple[Media, ...] = ()


@dataclass(frozen=True)
class Reception:
    """What became of a text: its row, and words to give back in the same breath (emergencies only)."""

    message_id: int
    repeated: bool
    say_now: str | None
    state: str


def receive(
    session: Session,
    text: InboundText,
    at: datetime,
    durably: Durably,
    assessment: Assessment | None = None,
    limit: floods.Limit | None = None,
) -> Reception:
    """Store and weigh one text. A repeated one changes nothing and gets the same emergency words again.

    So does one that comes again after its person was forgotten: it must not bring them back.

    `assessment` is triage's, if it was weighed already. Without a `limit` no number of texts is a flood.
    """
    assessment = assessment or assess(text.body)
    if erased_copies.is_erased(session, text.message_sid):
        words = _emergency_words(assessment, language.detect(text.body) or DEFAULT_LANGUAGE, at)
        return Reception(FORGOTTEN, True, words, MessageState.ANSWERED)
    conversation = conversation_with(session, text.from_number, at)
    language.follow(conversation, text.body, at)
    new = insert_or_ignore(
        session,
        Message,
        conversation_id=conversation.id,
        direction=Direction.IN,
        message_sid=text.message_sid,
        body=text.body,
        num_media=text.num_media,
        state=MessageState.RECEIVED,
        created_at=at,
        position=0,
        attempts=0,
        triage_kind=assessment.kind if assessment.emergency else None,
        triage_rule=assessment.rule,
    )
    message = session.scalars(select(Message).where(Message.message_sid == text.message_sid)).one()
    words = _emergency_words(assessment, conversation.person.language, at)
    if new:
        if words is not None:
            _open_emergency(session, conversation, message, assessment, words, at, durably)
        session.add_all(
            InboundMedia(
                message_id=message.id, position=position, url=media.url, content_type=media.content_type
            )
            for position, media in enumerate(text.media)
        )
        _begin(session, conversation, message, text, at, durably, limit if not assessment.unsure else None)
    return Reception(message.id, not new, words, message.state)


def _begin(
    session: Session,
    conversation: Conversation,
    message: Message,
    text: InboundText,
    at: datetime,
    durably: Durably,
    limit: floods.Limit | None,
) -> None:
    person = conversation.person
    wish, asked_for = consent.read_wish(
        text.body, text.opt_out_type, opted_out=person.opted_out_at is not None
    )
    if wish is consent.Wish.STOP:
        asked_by = opting_out.how(text.body, text.opt_out_type)
        new = consent.opt_out(session, person, at, asked_by, message, durably)
        if new and asked_by is OptOutBy.WORDS:
            outbox.put(session, conversation, [Reply(consent.CONFIRMATION)], f"in-{message.id}", at, durably)
    elif wish is consent.Wish.START:
        consent.opt_in(session, person, at)
    elif wish is consent.Wish.LANGUAGE and asked_for:
        person.language, person.language_asked_at = asked_for, at
    if person.opted_out_at is not None:
        # Stored and seen by case workers, but never answered: only START brings the line back.
        if wish is consent.Wish.NONE and forgetting.asks(text.body):
            durably.turn(session, message.id, conversation.id)
            return
        message.state = MessageState.ANSWERED
        return
    with_worker = joining.hear(session, message, at)
    danger = message.triage_kind is not None
    # In the middle of an emergency "ok" means "done, what next": it is no all-clear to a timer.
    calm = emergencies.going_on(session, conversation) is None
    timer = danger or calm
    if timer and using_alone.hear(session, conversation, message, emergency=danger, now=at, durably=durably):
        return
    pressing = danger or not calm or with_worker or wish is not consent.Wish.NONE
    if limit is not None and not pressing and floods.hold(session, message, limit, at, durably):
        return
    durably.turn(session, message.id, conversation.id)


def emergency_words(text: InboundText, at: datetime, assessment: Assessment | None = None) -> str | None:
    """What to say at once if the text is an emergency, known without any memory of the person; else None.

    `assessment` is triage's, if it was weighed already.
    """
    assessment = assessment or assess(text.body)
    if not assessment.emergency:
        return None
    return _emergency_words(assessment, language.detect(text.body) or DEFAULT_LANGUAGE, at)


def _emergency_words(assessment: Assessment, known: str, at: datetime) -> str | None:
    if not assessment.emergency:
        return None
    return render(_first_words(assessment), {}, assessment.language or known, at)


def _first_words(assessment: Assessment) -> str:
    return emergencies.first_words(assessment.kind, assessment.danger_to)


def _open_emergency(
    session: Session,
    conversation: Conversation,
    message: Message,
    assessment: Assessment,
    words: str,
    at: datetime,
    durably: Durably,
) -> None:
    """Keep the words said in the same breath, and have people told: with the text or not at all."""
    incidents.open_incident(
        session,
        conversation,
        IncidentSource.TRIAGE,
        assessment.kind,
        at,
        durably,
        danger_to=assessment.danger_to,
        message_id=message.id,
    )
    conversation.emergency_kind = assessment.kind
    conversation.emergency_at = at
    session.add(
        Message(
            conversation_id=conversation.id,
            direction=Direction.OUT,
            body=words,
            state=MessageState.INLINE,
            created_at=at,
            reply_key=_first_words(assessment),
            cause=f"now-{message.id}",
        )
    )
