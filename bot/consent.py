"""STOP, START and the language words: obeyed in the request that brings them, whatever else is down.

Twilio answers STOP itself and then blocks our texts, so nothing is sent here after one. The keywords are
Twilio's own list (its Advanced Opt-Out documentation): one word alone. "cancel my check-in" is no opt-out.
A stop said in words ("please stop texting me") is understood by the dialogue (bot/actions/line.py) and
confirmed once, which 47 CFR 64.1200(a)(12) allows.
"""

import re
import unicodedata
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot import consent_ledger
from bot.models import (
    CheckIn,
    CheckInSeries,
    CheckInState,
    Conversation,
    Person,
    SeriesState,
    TimerState,
    UsingAloneTimer,
)

STOP_WORDS = {"stop", "unsubscribe", "end", "quit", "stopall", "revoke", "optout", "cancel", "alto"}
START_WORDS = {"start", "unstop"}
#: Check-ins that a STOP takes back. START does not bring them back: they must be asked for again.
COMING = (CheckInState.SCHEDULED, CheckInState.HELD, CheckInState.PAUSED)
#: The one reply that still goes out after a stop said in words; Twilio answers the keywords itself.
CONFIRMATION = "stopped"
LANGUAGE_WORDS = {"espanol": "es", "spanish": "es", "english": "en", "ingles": "en"}


class Wish(StrEnum):
    """What a whole text asks of the line itself."""

    NONE = "none"
    STOP = "stop"
    START = "start"
    LANGUAGE = "language"


def read_wish(body: str, opt_out_type: str = "", *, opted_out: bool = False) -> tuple[Wish, str | None]:
    """The wish in a text and, for a language, which one. `opt_out_type` is Twilio's own reading of it."""
    word = _one_word(body)
    if opt_out_type == "STOP" or word in STOP_WORDS:
        return Wish.STOP, None
    # YES undoes a STOP at Twilio; said at any other time it is an answer to a question.
    if opt_out_type == "START" or word in START_WORDS or (word == "yes" and opted_out):
        return Wish.START, None
    if word in LANGUAGE_WORDS:
        return Wish.LANGUAGE, LANGUAGE_WORDS[word]
    return Wish.NONE, None


def opt_out(session: Session, person: Person, at: datetime) -> None:
    """Remember the STOP and take back every promised text."""
    if person.opted_out_at is None:
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


def opt_in(person: Person) -> None:
    """Undo a STOP; only the person's own START may."""
    person.opted_out_at = None


def _one_word(body: str) -> str:
    plain = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", body.casefold())
        if not unicodedata.combining(letter)
    )
    return re.sub(r"^[^a-z]+|[^a-z]+$", "", plain)
