"""Promised texts: made, taken back, and kept. The row is the truth; timers only say when to read it."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import dateparser
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot import outbox
from bot.db import writing
from bot.errors import TimeNotPossible, TimeNotUnderstood
from bot.models import CheckIn, CheckInState, Conversation, Message
from bot.people import insert_or_ignore
from bot.ports import Durably, Reply

SOONEST = timedelta(seconds=50)
LATEST = timedelta(days=30)
#: A timer may be this much early by another clock and still count as due.
EARLY = timedelta(seconds=1)
#: After this long a timer is taken for lost.
OVERDUE = timedelta(seconds=3)

_HALF = re.compile(r"\bhalf an? hour\b")
_TOMORROW = re.compile(r"\b(?:tmrw|tmr|tmw|tomorow|tommorow|tommorrow|2moro|2morrow|2mrw|tomorro)\b")
_SMALL_WORDS = {
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7",
    "eight": "8", "nine": "9", "ten": "10", "eleven": "11", "twelve": "12", "an": "1", "a": "1",
}  # fmt: skip
_UNITS = (
    r"(?P<unit>s|secs?|seconds?|m|mins?|minutes?|minutos?|h|hrs?|hours?|horas?|d|days?|dias?|weeks?|semanas?)"
)
_IN = re.compile(
    rf"\b(?:in|en|after)\s+(?P<count>\d+(?:\.\d+)?|an?|one|two|three|four|five|six|seven|eight|nine|ten)\s*{_UNITS}\b"
)
_DAY = re.compile(
    r"\b(?:today|tonight|tomorrow|mañana|manana|hoy|mon(?:day)?|tue(?:s|sday)?|wed(?:nesday)?|thu(?:rs|rsday)?"
    r"|fri(?:day)?|sat(?:urday)?|sun(?:day)?|lunes|martes|miercoles|jueves|viernes|sabado|domingo)\b"
)
_PART = re.compile(
    r"\b(?:morning|mornin|afternoon|evening|night|tonight|noon|midnight|mediodia|noche|tarde)\b"
)
_CLOCK = re.compile(
    r"(?:\b(?:at|around|by|a las?)\s+)?\b(?P<hour>\d{1,2})(?::(?P<minute>\d{2}))?\s*(?P<half>am|pm|a\.m\.?|p\.m\.?|a|p)?(?=\s|$|[,.!?])"
)
_PART_HOURS = {
    "morning": 9, "mornin": 9, "afternoon": 14, "evening": 18, "night": 20, "tonight": 20,
    "noon": 12, "mediodia": 12, "midnight": 0, "noche": 20, "tarde": 15,
}  # fmt: skip
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}


def read_time(text: str, now: datetime, timezone: str) -> datetime:
    """The instant a text asks for, UTC. "tomorrow at 9" is nine in the morning where the person is.

    Raises TimeNotUnderstood, or TimeNotPossible when it is past or more than 30 days ahead.
    """
    zone = ZoneInfo(timezone)
    plain = _TOMORROW.sub("tomorrow", _HALF.sub("30 minutes", text.casefold()))
    plain = re.sub(r"\bin 30 minutes\b", "in 30 minutes", plain)
    due = _after_a_while(plain, now) or _on_a_day(plain, now.astimezone(zone))
    if due is None:
        raise TimeNotUnderstood
    if not now + SOONEST <= due <= now + LATEST:
        raise TimeNotPossible
    return due.astimezone(ZoneInfo("UTC"))


def _after_a_while(plain: str, now: datetime) -> datetime | None:
    found = _IN.search(plain)
    if not found:
        return None
    count = float(_SMALL_WORDS.get(found["count"], found["count"]))
    unit = found["unit"]
    letter = "w" if unit.startswith(("week", "semana")) else unit[0]
    return now + timedelta(seconds=count * _SECONDS[letter])


def _on_a_day(plain: str, local: datetime) -> datetime | None:
    day, part, clock = _DAY.search(plain), _PART.search(plain), _CLOCK.search(plain)
    if not (
        day or part or (clock and (clock["half"] or clock["minute"] or clock[0].startswith(("at", "a la"))))
    ):
        return None
    date = local.date()
    if day and day[0] not in {"today", "tonight", "hoy"}:
        read = dateparser.parse(
            day[0],
            languages=["en", "es"],
            settings={"PREFER_DATES_FROM": "future", "RELATIVE_BASE": local.replace(tzinfo=None)},
        )
        if read is None:
            return None
        date = read.date()
    hour, minute = _hour(clock, part[0] if part else None)
    if hour is None:
        return None
    due = local.replace(
        year=date.year, month=date.month, day=date.day, hour=hour, minute=minute, second=0, microsecond=0
    )
    if day is None and due <= local:
        # "at 3" said at five means the next three o'clock there is.
        later = due + timedelta(hours=12)
        spoken_half = bool(clock and clock["half"])
        due = later if not spoken_half and later > local else due + timedelta(days=1)
    return due


def _hour(clock: re.Match[str] | None, part: str | None) -> tuple[int | None, int]:
    if clock is None:
        return (_PART_HOURS[part], 0) if part else (9, 0)
    hour, minute = int(clock["hour"]), int(clock["minute"] or 0)
    if hour > 23 or minute > 59:
        return None, 0
    half = (clock["half"] or "")[:1]
    afternoon = half == "p" or (
        not half and part in {"afternoon", "evening", "night", "tonight", "tarde", "noche"}
    )
    if afternoon and hour < 12:
        hour += 12
    elif half == "a" and hour == 12:
        hour = 0
    elif not half and not part and 1 <= hour <= 6:
        # A bare "at 3" is the afternoon to nearly everyone awake to text it.
        hour += 12
    return hour, minute


def promise(
    session: Session,
    conversation: Conversation,
    due_at: datetime,
    timezone: str,
    message_id: int | None,
    now: datetime,
    durably: Durably,
) -> CheckIn:
    """Promise one check-in and start its timer, in the caller's transaction.

    The same text asking twice (a turn run again) promises once; a newer promise replaces an older one.
    """
    made = insert_or_ignore(
        session,
        CheckIn,
        conversation_id=conversation.id,
        due_at=due_at,
        timezone=timezone,
        state=CheckInState.SCHEDULED,
        message_id=message_id,
        created_at=now,
    )
    newest = select(CheckIn).where(CheckIn.conversation_id == conversation.id).order_by(CheckIn.id.desc())
    if message_id is not None:
        newest = newest.where(CheckIn.message_id == message_id)
    check_in = session.scalars(newest.limit(1)).one()
    if made:
        for older in _scheduled(session, conversation):
            if older.id != check_in.id:
                older.state = CheckInState.CANCELED
        durably.check_in(session, check_in.id, due_at, now)
    return check_in


def take_back(session: Session, conversation: Conversation) -> int:
    """Cancel what is promised to this person. Returns how many there were."""
    scheduled = _scheduled(session, conversation)
    for check_in in scheduled:
        check_in.state = CheckInState.CANCELED
    return len(scheduled)


def _scheduled(session: Session, conversation: Conversation) -> list[CheckIn]:
    return list(
        session.scalars(
            select(CheckIn).where(
                CheckIn.conversation_id == conversation.id, CheckIn.state == CheckInState.SCHEDULED
            )
        )
    )


def keep(engine: Engine, check_in_id: int, now: datetime, durably: Durably) -> CheckInState:
    """Keep one promise if it still stands and is due. Run twice, it texts once."""
    with writing(engine) as session:
        check_in = session.get_one(CheckIn, check_in_id, with_for_update=True)
        if check_in.state == CheckInState.SCHEDULED and check_in.due_at <= now + EARLY:
            check_in.state = CheckInState.SENT
            outbox.put(session, check_in.conversation, [Reply("check_in")], f"ck-{check_in.id}", now, durably)
        return CheckInState(check_in.state)


def keep_overdue(engine: Engine, now: datetime, durably: Durably) -> int:
    """Keep every promise whose timer seems lost. Returns how many were found."""
    with writing(engine) as session:
        overdue = session.scalars(
            select(CheckIn.id)
            .where(CheckIn.state == CheckInState.SCHEDULED, CheckIn.due_at < now - OVERDUE)
            .order_by(CheckIn.due_at)
            .limit(500)
        ).all()
    for check_in_id in overdue:
        keep(engine, check_in_id, now, durably)
    return len(overdue)


def message_of(session: Session, message_id: int) -> Message:
    """The text that asked for something."""
    return session.get_one(Message, message_id)
