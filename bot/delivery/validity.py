"""How long a text is worth sending."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.check_ins.terms import terms
from bot.local_time import instant
from bot.models import CheckIn, Message
from bot.urgency import Urgency

#: Help that comes later than this misleads; a call or somebody else has been tried by then.
EMERGENCY_LASTS = timedelta(minutes=10)
#: As long as somebody may still be looking for a bed or a meal that day.
ANSWER_LASTS = timedelta(hours=4)
#: What Twilio takes for ValidityPeriod, in seconds (its OpenAPI file).
SHORTEST_SECONDS, LONGEST_SECONDS = 1, 36_000
_CHECK_IN = re.compile(r"ck-(\d+)")


def expires_at(session: Session, message: Message) -> datetime:
    """When a text is no longer worth sending: a check-in has its own limit."""
    if message.urgency == Urgency.EMERGENCY:
        return message.created_at + EMERGENCY_LASTS
    latest = message.created_at + ANSWER_LASTS
    named = _CHECK_IN.fullmatch(message.cause or "")
    check_in = session.get(CheckIn, int(named[1])) if named else None
    if check_in is None:
        return latest
    limit = terms().late_after[check_in.kind]
    limit_at = _end_of_day(check_in) if limit is None else check_in.due_at + limit
    # Kept at the last moment, it still gets a few minutes to leave.
    return max(limit_at, message.created_at + EMERGENCY_LASTS)


def check_ins_of(session: Session, messages: Iterable[Message]) -> Sequence[CheckIn]:
    """The check-ins that these texts are, read at once; while they are held, `expires_at` reads none."""
    named = (_CHECK_IN.fullmatch(message.cause or "") for message in messages)
    ids = [int(one[1]) for one in named if one]
    return session.scalars(select(CheckIn).where(CheckIn.id.in_(ids))).all() if ids else []


def valid_seconds(expires: datetime, now: datetime) -> int:
    """What is left of it, for the provider to keep to."""
    return min(LONGEST_SECONDS, max(SHORTEST_SECONDS, int((expires - now).total_seconds())))


def _end_of_day(check_in: CheckIn) -> datetime:
    day = check_in.due_at.astimezone(ZoneInfo(check_in.timezone)).date()
    return instant(day + timedelta(days=1), 0, check_in.timezone)
