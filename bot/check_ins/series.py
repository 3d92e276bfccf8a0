"""Check-ins that belong together: again and again as asked for, or the four after a referral.

Every occurrence is a row from the beginning, its instant computed from its own day's clock.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import consent_ledger
from bot.check_in_times import SOONEST
from bot.check_ins import quiet_hours
from bot.check_ins.coming import free_instant, lock
from bot.check_ins.promising import make_room
from bot.check_ins.terms import terms
from bot.local_time import instant, minutes_of
from bot.models import CheckIn, CheckInKind, CheckInSeries, CheckInState, Conversation, Purpose, SeriesState
from bot.people import insert_or_ignore


@dataclass(frozen=True)
class Recurrence:
    """When to text again and again: an RFC 5545 rule with a COUNT, from a day on, at a local time."""

    rrule: str
    starts_on: date
    #: Minutes after local midnight.
    minutes: int
    #: They named the hour themselves: quiet hours do not move it.
    chosen_time: bool


@dataclass(frozen=True)
class Agreed:
    """How somebody agreed: their words, the reply that asked, the text, and what silence means."""

    words: str
    asked: str | None
    message_id: int | None
    if_silent: str = "nothing"


def days_of(rrule: str, starts_on: date, most: int | None = None) -> list[date]:
    """The days of a rule; the first `most` of them, its own count aside, when that is given."""
    plain = rrule if most is None else ";".join(p for p in rrule.split(";") if not p.startswith("COUNT="))
    found = rrulestr(plain, dtstart=datetime.combine(starts_on, time()))
    return [one.date() for one in islice(found, most or terms().most_texts)]


def days_of_series(pending: Mapping[str, Any]) -> dict[str, Any]:
    """What the words of a series that is being asked for are filled with."""
    days = days_of(pending["rrule"], date.fromisoformat(pending["starts_on"]))
    ends = [instant(day, pending["minutes"], pending["timezone"]).isoformat() for day in (days[0], days[-1])]
    return {
        "rrule": pending["rrule"],
        "minutes": pending["minutes"],
        "timezone": pending["timezone"],
        "due_at": ends[0],
        "last_at": ends[1],
        "count": len(days),
    }


def at_another_hour(pending: Mapping[str, Any], minutes: int, now: datetime) -> dict[str, Any]:
    """A series that is being asked for, at an hour named instead; from tomorrow if that is over today."""
    starts_on = date.fromisoformat(pending["starts_on"])
    if instant(starts_on, minutes, pending["timezone"]) < now + SOONEST:
        starts_on = days_of(pending["rrule"], starts_on + timedelta(days=1))[0]
    return {**pending, "starts_on": starts_on.isoformat(), "minutes": minutes, "chosen_time": True}


def promise_series(
    session: Session,
    conversation: Conversation,
    recurrence: Recurrence,
    timezone: str,
    agreed: Agreed,
    now: datetime,
) -> CheckInSeries:
    """Promise a text for every day of the rule. The same text agreeing twice promises once.

    Raises TooManyCheckIns.
    """
    days = days_of(recurrence.rrule, recurrence.starts_on)
    minutes = recurrence.minutes
    if not recurrence.chosen_time:
        minutes = quiet_hours.nearest(minutes, conversation.id)
    begun = _begin(
        session, conversation, CheckInKind.RECURRING, recurrence.rrule, days, minutes, timezone, agreed, now
    )
    if begun is None:
        return _of_message(session, agreed)
    _write(session, conversation, begun, days, recurrence.chosen_time, agreed.if_silent, None, now)
    return begun


def promise_ladder(
    session: Session,
    conversation: Conversation,
    timezone: str,
    agreed: Agreed,
    listing_id: str | None,
    now: datetime,
) -> CheckInSeries:
    """Promise the texts after a referral: next day, in 3 days, a week and a month, at this hour of the day.

    The hour is brought out of the quiet hours. A ladder that stands is left for the new one. The same text
    agreeing twice promises once. Raises TooManyCheckIns.
    """
    local = now.astimezone(ZoneInfo(timezone))
    days = [local.date() + timedelta(days=ahead) for ahead in terms().ladder_days]
    minutes = quiet_hours.nearest(minutes_of(local), conversation.id)
    begun = _begin(session, conversation, CheckInKind.REFERRAL, None, days, minutes, timezone, agreed, now)
    if begun is None:
        return _of_message(session, agreed)
    _write(session, conversation, begun, days, False, agreed.if_silent, listing_id, now)
    return begun


def _begin(
    session: Session,
    conversation: Conversation,
    kind: CheckInKind,
    rrule: str | None,
    days: Sequence[date],
    minutes: int,
    timezone: str,
    agreed: Agreed,
    now: datetime,
) -> CheckInSeries | None:
    lock(session, conversation.id)
    if agreed.message_id is not None and _made_before(session, agreed.message_id):
        return None
    make_room(session, conversation, len(days))
    purpose = Purpose.REFERRAL if kind is CheckInKind.REFERRAL else Purpose.CHECK_IN_SERIES
    consent = consent_ledger.agree(
        session,
        conversation,
        purpose,
        agreed.words,
        now,
        message_id=agreed.message_id,
        asked=agreed.asked,
    )
    series = CheckInSeries(
        conversation_id=conversation.id,
        kind=kind,
        rrule=rrule,
        starts_on=days[0],
        local_time=minutes,
        timezone=timezone,
        state=SeriesState.ACTIVE,
        consent_id=consent.id,
        message_id=agreed.message_id,
        created_at=now,
    )
    session.add(series)
    session.flush()
    return series


def _made_before(session: Session, message_id: int) -> CheckInSeries | None:
    return session.scalars(select(CheckInSeries).where(CheckInSeries.message_id == message_id)).first()


def _of_message(session: Session, agreed: Agreed) -> CheckInSeries:
    return session.scalars(select(CheckInSeries).where(CheckInSeries.message_id == agreed.message_id)).one()


def _write(
    session: Session,
    conversation: Conversation,
    series: CheckInSeries,
    days: Sequence[date],
    chosen_time: bool,
    if_silent: str,
    listing_id: str | None,
    now: datetime,
) -> None:
    for occurrence, day in enumerate(days):
        due_at = free_instant(session, conversation, instant(day, series.local_time, series.timezone))
        if due_at < now + SOONEST:
            continue
        insert_or_ignore(
            session,
            CheckIn,
            conversation_id=conversation.id,
            kind=series.kind,
            due_at=due_at,
            timezone=series.timezone,
            chosen_time=chosen_time,
            late=False,
            state=CheckInState.SCHEDULED,
            consent_id=series.consent_id,
            series_id=series.id,
            occurrence=occurrence,
            listing_id=listing_id,
            if_silent=if_silent,
            created_at=now,
        )
