"""STOP, START and the language words: obeyed in the request that brings them, whatever else is down.

Twilio answers its keywords itself and then blocks our texts, so nothing is sent here after one. A stop said
in words ("please stop texting me", bot/opting_out) is ours to obey, and to confirm once within five minutes,
which 47 CFR 64.1200(a)(12) allows. "cancel my check-in" is neither.
"""

import re
import unicodedata
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot import calls, consent_ledger, home_messages, opting_out, suppression
from bot.models import (
    TO_HOMES,
    Call,
    CallState,
    CheckIn,
    CheckInSeries,
    CheckInState,
    Conversation,
    Message,
    OptOutBy,
    Outcome,
    Person,
    SeriesState,
    TimerState,
    UsingAloneTimer,
)
from bot.ports import Durably

START_WORDS = {"start", "unstop"}
#: Check-ins that a STOP takes back. START does not bring them back: they must be asked for again.
COMING = (CheckInState.SCHEDULED, CheckInState.HELD, CheckInState.PAUSED)
#: The one reply that still goes out after a stop said in words, and until when: what comes later would no
#: longer be presumed to do nothing but confirm it.
CONFIRMATION = "stopped"
CONFIRMED_WITHIN = timedelta(minutes=5)
LANGUAGE_WORDS = {"espanol": "es", "spanish": "es", "english": "en", "ingles": "en"}


class Wish(StrEnum):
    """What a whole text asks of the line itself."""

    NONE = "none"
    STOP = "stop"
    START = "start"
    LANGUAGE = "language"
    INFO = "info"


def read_wish(body: str, opt_out_type: str = "", *, opted_out: bool = False) -> tuple[Wish, str | None]:
    """The wish in a text and, for a language, which one. `opt_out_type` is Twilio's own reading of it."""
    word = _one_word(body)
    if opt_out_type == "STOP" or opting_out.is_keyword(body) or opting_out.asks_for_silence(body):
        return Wish.STOP, None
    # YES undoes a STOP at Twilio; said at any other time it is an answer to a question.
    if opt_out_type == "START" or word in START_WORDS or (word == "yes" and opted_out):
        return Wish.START, None
    if word in LANGUAGE_WORDS:
        return Wish.LANGUAGE, LANGUAGE_WORDS[word]
    if word == "info":
        return Wish.INFO, None
    return Wish.NONE, None


def opt_out(
    session: Session,
    person: Person,
    at: datetime,
    asked_by: OptOutBy = OptOutBy.PROVIDER,
    message: Message | None = None,
    durably: Durably | None = None,
) -> bool:
    """Remember the STOP, take back every promised text, and have a person look. False when it stood already.

    With `durably`, worrying texts of the last 24 hours open an incident.
    """
    new = person.opted_out_at is None
    if new:
        person.opted_out_at = at
    consent_ledger.revoke_all(session, person, at, "stop")
    theirs = select(Conversation.id).where(Conversation.person_id == person.id)
    session.execute(
        update(CheckIn)
        .where(CheckIn.state.in_(COMING), CheckIn.conversation_id.in_(theirs))
        .values(state=CheckInState.CANCELED)
    )
    # Nor followed up on: this was their answer.
    session.execute(
        update(CheckIn)
        .where(CheckIn.follow_up_at.is_not(None), CheckIn.conversation_id.in_(theirs))
        .values(follow_up_at=None)
    )
    session.execute(
        update(CheckInSeries)
        .where(CheckInSeries.conversation_id.in_(theirs))
        .values(state=SeriesState.CANCELED)
    )
    # Whoever texts STOP is awake, and must not be texted at the end.
    session.execute(
        update(UsingAloneTimer)
        .where(UsingAloneTimer.ended_at.is_(None), UsingAloneTimer.conversation_id.in_(theirs))
        .values(state=TimerState.CANCELED, ended_at=at, next_at=None)
    )
    for call in session.scalars(
        select(Call).where(
            Call.conversation_id.in_(theirs), Call.purpose.in_(TO_HOMES), Call.ended_at.is_(None)
        )
    ):
        # One that rings already is hung up on, and whoever picks it up before hears that it is over.
        if call.state != CallState.JOINED:
            calls.note_over(call, Outcome.CANCELED, at)
            calls.close_answers(session, call, Outcome.CANCELED, at)
    home_messages.stopped(session, person, at, durably)
    opting_out.note(session, person, at, asked_by, message, durably)
    return new


def opt_in(session: Session, person: Person, at: datetime) -> None:
    """Undo a STOP; only the person's own START may, never an enrolment elsewhere."""
    person.opted_out_at = None
    suppression.end_silence(session, person.number_index)
    opting_out.undo(session, person, at)


def silences(opted_out_at: datetime | None, reply_key: str | None, now: datetime) -> bool:
    """Whether a text must not go out since the person asked for silence, then."""
    if opted_out_at is None:
        return False
    return reply_key != CONFIRMATION or now - opted_out_at > CONFIRMED_WITHIN


def _one_word(body: str) -> str:
    plain = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", body.casefold())
        if not unicodedata.combining(letter)
    )
    return re.sub(r"^[^a-z]+|[^a-z]+$", "", plain)
