"""Ask, take the yes, and have home's phone rung for its voicemail.

The question stands for as long as it is the last thing said to the person, and an hour at most: a yes to
anything else never leaves a message.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import phonenumbers.timezone
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import calls, consent_ledger
from bot.calls import CallLimits
from bot.calls.limits import DAY
from bot.calls.refusing import silent
from bot.check_ins.quiet_hours import next_allowed
from bot.home_messages.reached import close_expired, open_to_others, uses_the_line
from bot.models import (
    Call,
    CallPurpose,
    Conversation,
    Direction,
    HomeMessage,
    Message,
    Outcome,
    Purpose,
)
from bot.people import conversation_with, insert_or_ignore, language_of
from bot.ports import Durably, Reply
from bot.voicemail.reading import asks_for_it, yes_or_no

ASK = "ask_voicemail_confirmed"
ASKED_FOR = timedelta(hours=1)
NOT_NOW = "voicemail_not_now"
#: How the call before ended: with nobody, so that a voice box may take the next.
WITH_NOBODY = {Outcome.VOICEMAIL, Outcome.NO_ANSWER, Outcome.BUSY}
#: Of one number, for anybody, in a day: nobody's voice box is filled.
MOST_OF_A_NUMBER = 1


def answer(
    session: Session, message: Message, now: datetime, durably: Durably, limits: CallLimits
) -> Sequence[Reply] | None:
    """What is said to a text about home's voicemail; None when it is about something else."""
    conversation = message.conversation
    last = calls.last_home(session, conversation, now)
    tried = last is not None and last.outcome in WITH_NOBODY
    if asks_for_it(message.body):
        if last is None or not tried:
            return [Reply("voicemail_call_first")]
        wrong = _problem(session, conversation, last, now, limits)
        return [Reply(wrong) if wrong else Reply(ASK, {"name": last.name})]
    if last is None or not tried or not _just_asked(session, message, now):
        return None
    agreed = yes_or_no(message.body)
    if agreed is None:
        return None
    return [_leave(session, message, last, now, durably, limits) if agreed else Reply("voicemail_none")]


def _leave(
    session: Session, message: Message, last: Call, now: datetime, durably: Durably, limits: CallLimits
) -> Reply:
    conversation, number = message.conversation, str(last.home_number)
    wrong = _problem(session, conversation, last, now, limits)
    if wrong:
        return Reply(wrong)
    agreed = consent_ledger.agree(
        session, conversation, Purpose.VOICEMAIL, message.body, now, message_id=message.id, asked=ASK
    )
    zone = _zone_of(number) or conversation.person.timezone or "UTC"
    # An automated call wakes nobody, though the person is awake.
    due_at = next_allowed(now, zone, conversation.id)
    call = calls.request_voicemail(
        session, conversation, last, message.id, now, durably, due_at=due_at if due_at > now else None
    )
    stranger = language_of(session, number) is None
    home = conversation_with(session, number, now)
    if stranger:
        home.person.language = last.language or conversation.person.language
    close_expired(session, home, now)
    insert_or_ignore(
        session,
        HomeMessage,
        conversation_id=conversation.id,
        home_conversation_id=home.id,
        consent_id=agreed.id,
        call_id=call.id,
        name=last.name,
        sent_at=due_at,
    )
    return Reply("voicemail_leaving" if due_at <= now else "voicemail_later")


def _problem(
    session: Session, conversation: Conversation, last: Call, now: datetime, limits: CallLimits
) -> str | None:
    """The reply that says why no message is left, or None."""
    number, index = str(last.home_number), str(last.home_index)
    if calls.refused(session, conversation, index):
        return "home_refused"
    if silent(session, index):
        return NOT_NOW
    wrong = limits.reached(session, conversation, index, now)
    if wrong:
        return wrong
    left = select(func.count(Call.id)).where(
        Call.purpose == CallPurpose.VOICEMAIL, Call.home_index == index, Call.created_at > now - DAY
    )
    if session.scalars(left).one() >= MOST_OF_A_NUMBER:
        return NOT_NOW
    if language_of(session, number) is None:
        return None
    home = conversation_with(session, number, now)
    # What home answers must have one person it can be for; a number on the line is overheard by nobody.
    others = open_to_others(session, home, conversation, now)
    return NOT_NOW if others or uses_the_line(session, home) else None


def _just_asked(session: Session, message: Message, now: datetime) -> bool:
    said = select(Message.reply_key, Message.created_at).where(
        Message.conversation_id == message.conversation_id,
        Message.direction == Direction.OUT,
        # A yes that was written before the question is a yes to something else.
        Message.id < message.id,
    )
    last = session.execute(said.order_by(Message.id.desc()).limit(1)).first()
    return last is not None and last.reply_key == ASK and last.created_at > now - ASKED_FOR


def _zone_of(number: str) -> str | None:
    """Where a number is, as far as it tells: the first zone of its area."""
    zones = phonenumbers.timezone.time_zones_for_number(phonenumbers.parse(number))
    return next((zone for zone in zones if zone != phonenumbers.timezone.UNKNOWN_TIMEZONE), None)
