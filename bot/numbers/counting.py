"""Counts each day once it is over, from rows and codes alone: no text is opened.

A day is counted again on each of the next days until it is final, since check-ins are answered late.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from math import ceil
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, String, cast, delete, func, literal, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased

from bot.db import reading, writing
from bot.models import (
    CaseWorker,
    CheckIn,
    CheckInState,
    Conversation,
    DailyCount,
    Direction,
    Incident,
    Message,
)
from bot.numbers.measures import AFTERWARDS, Measure

#: How far back days are counted that nobody counted: the longest range there is, and the day before it.
BACK = 91
#: A day this old does not change any more.
FINAL_AFTER = 3
#: Days counted in one round, so that no round is long.
AT_ONCE = 4
#: Replies that end a search, and what became of it.
OUTCOMES = {
    "service_list": "found",
    "list_again": "found",
    "nothing_with_wish": "wish",
    "nothing_found": "none",
    "nothing_around": "none",
}
Counts = dict[tuple[Measure, str], int]


def count_days(engine: Engine, now: datetime, timezone: str) -> int:
    """Count a few days that want it, the latest first; returns how many. Safe in any number of workers."""
    today = now.astimezone(ZoneInfo(timezone)).date()
    with reading(engine) as session:
        wanting = _wanting(session, today)[:AT_ONCE]
    for day in wanting:
        with reading(engine) as session:
            counts = _count(session, day, timezone)
        counts[Measure.COUNTED, ""] = (today - day).days
        with writing(engine) as session:
            _keep(session, day, counts)
    return len(wanting)


def bounds(day: date, timezone: str) -> tuple[datetime, datetime]:
    """The instants a day of the line's zone begins and ends at: 23 or 25 hours apart when clocks change."""
    zone = ZoneInfo(timezone)
    begins, ends = (datetime.combine(one, time(), zone) for one in (day, day + timedelta(days=1)))
    return begins.astimezone(UTC), ends.astimezone(UTC)


def _wanting(session: Session, today: date) -> list[date]:
    since = today - timedelta(days=BACK)
    rows = session.execute(
        select(DailyCount.day, DailyCount.count).where(
            DailyCount.measure == Measure.COUNTED, DailyCount.day >= since
        )
    )
    counted = {row[0]: row[1] for row in rows}
    days = (today - timedelta(days=back) for back in range(1, BACK + 1))
    return [day for day in days if counted.get(day, 0) < min(FINAL_AFTER, (today - day).days)]


def _keep(session: Session, day: date, counts: Counts) -> None:
    mine = (*AFTERWARDS, Measure.COUNTED)
    session.execute(delete(DailyCount).where(DailyCount.day == day, DailyCount.measure.in_(mine)))
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    for (measure, part), count in sorted(counts.items()):
        new = insert(DailyCount).values(day=day, measure=measure, part=part, count=count)
        # Another worker may have counted it in the same moment.
        session.execute(
            new.on_conflict_do_update(index_elements=["day", "measure", "part"], set_={"count": count})
        )


def _count(session: Session, day: date, timezone: str) -> Counts:
    begins, ends = bounds(day, timezone)
    found: Counts = {}
    for counted in (_texts, _people, _answers, _check_ins, _emergencies):
        for measure, part, count in counted(session, begins, ends):
            if count:
                found[measure, part] = found.get((measure, part), 0) + count
    return found


def _texts(session: Session, begins: datetime, ends: datetime) -> Iterator[tuple[Measure, str, int]]:
    rows = session.execute(
        select(Message.direction, Message.reply_key, func.count())
        .join(Conversation, Conversation.id == Message.conversation_id)
        .outerjoin(CaseWorker, CaseWorker.person_id == Conversation.person_id)
        .where(Message.created_at >= begins, Message.created_at < ends, CaseWorker.id.is_(None))
        .group_by(Message.direction, Message.reply_key)
    )
    for direction, key, count in rows:
        yield Measure.TEXTS, direction, count
        if direction == Direction.OUT and key in OUTCOMES:
            yield Measure.PLACES, OUTCOMES[key], count


def _people(session: Session, begins: datetime, ends: datetime) -> Iterator[tuple[Measure, str, int]]:
    theirs = (
        select(func.count(Message.conversation_id.distinct()))
        .join(Conversation, Conversation.id == Message.conversation_id)
        .outerjoin(CaseWorker, CaseWorker.person_id == Conversation.person_id)
        .where(
            Message.created_at >= begins,
            Message.created_at < ends,
            Message.direction == Direction.IN,
            CaseWorker.id.is_(None),
        )
    )
    yield Measure.PEOPLE, "texted", session.scalar(theirs) or 0
    new = (
        select(func.count())
        .select_from(Conversation)
        .outerjoin(CaseWorker, CaseWorker.person_id == Conversation.person_id)
        .where(Conversation.created_at >= begins, Conversation.created_at < ends, CaseWorker.id.is_(None))
    )
    yield Measure.PEOPLE, "new", session.scalar(new) or 0


def _answers(session: Session, begins: datetime, ends: datetime) -> Iterator[tuple[Measure, str, int]]:
    """From a text's coming to the handing over of its first answer; words of the webhook take no time."""
    answer = aliased(Message)
    pairs = session.execute(
        select(Message.created_at, answer.sending_at)
        .join(answer, answer.cause == literal("in-") + cast(Message.id, String))
        .where(
            Message.created_at >= begins,
            Message.created_at < ends,
            Message.direction == Direction.IN,
            answer.position == 0,
            answer.sending_at.is_not(None),
        )
    )
    took = sorted(
        max(0, round((sent - came).total_seconds() * 1000)) for came, sent in pairs if sent is not None
    )
    yield Measure.ANSWERED, "texts", len(took)
    for part, share in (("median", 0.5), ("slow", 0.95)):
        yield Measure.ANSWERED, part, took[ceil(share * len(took)) - 1] if took else 0


def _check_ins(session: Session, begins: datetime, ends: datetime) -> Iterator[tuple[Measure, str, int]]:
    sent = (CheckInState.SENT, CheckInState.ANSWERED, CheckInState.MISSED)
    rows = session.execute(
        select(CheckIn.state, func.count())
        .where(CheckIn.state.in_(sent), CheckIn.due_at >= begins, CheckIn.due_at < ends)
        .group_by(CheckIn.state)
    )
    for state, count in rows:
        yield Measure.CHECK_INS, "answered" if state == CheckInState.ANSWERED else "silent", count


def _emergencies(session: Session, begins: datetime, ends: datetime) -> Iterator[tuple[Measure, str, int]]:
    rows = session.execute(
        select(Incident.kind, func.count())
        .where(Incident.opened_at >= begins, Incident.opened_at < ends)
        .group_by(Incident.kind)
    )
    for kind, count in rows:
        yield Measure.EMERGENCIES, kind, count
