"""Take back, pause, resume and move what is promised. Each is safe to run again for the same text."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot import consent_ledger
from bot.check_in_times import LATEST, SOONEST
from bot.check_ins.coming import free_instant, lock
from bot.check_ins.groups import Group
from bot.check_ins.series import days_of
from bot.errors import TimeNotPossible
from bot.local_time import instant, minutes_of
from bot.models import CheckIn, CheckInState, Consent, Conversation, Purpose, SeriesState


def cancel(
    session: Session,
    conversation: Conversation,
    some: Sequence[Group],
    now: datetime,
    message_id: int | None = None,
    by: str = "words",
) -> None:
    """Take back, and with each its consent."""
    lock(session, conversation.id)
    for group in some:
        for check_in in group.check_ins:
            check_in.state = CheckInState.CANCELED
            if not group.cut_out or (group.series and check_in.consent_id != group.series.consent_id):
                _revoke(session, check_in.consent, now, by, message_id)
        if group.series is not None and not group.cut_out:
            group.series.state = SeriesState.CANCELED
            _revoke(session, session.get_one(Consent, group.series.consent_id), now, by, message_id)
    session.flush()


def pause(session: Session, conversation: Conversation, some: Sequence[Group]) -> None:
    """Hold back until they are resumed."""
    lock(session, conversation.id)
    for group in some:
        if group.series is not None:
            group.series.state = SeriesState.PAUSED
        for check_in in group.check_ins:
            check_in.state = CheckInState.PAUSED
    session.flush()


def pause_until(
    session: Session,
    conversation: Conversation,
    some: Sequence[Group],
    until: date,
    now: datetime,
) -> list[Group]:
    """Move what is due before a day to that day or after it, at its hour. Returns what was moved.

    A series goes on from there by its own rule, as long as it had to go. Run again it finds nothing to move.
    """
    lock(session, conversation.id)
    moved = []
    for group in some:
        early = [one for one in group.check_ins if _local(one).date() < until]
        if not early:
            continue
        rows = group.check_ins if group.series is not None and group.series.rrule else early
        _reschedule(session, conversation, rows, _days(group, rows, until), now)
        moved.append(group)
    return moved


def resume(session: Session, conversation: Conversation, some: Sequence[Group], now: datetime) -> list[Group]:
    """Take up what was paused, from now on. Single texts that are past are let go. Returns the rest."""
    lock(session, conversation.id)
    resumed = []
    for group in some:
        if group.series is not None:
            group.series.state = SeriesState.ACTIVE
        rows = [one for one in group.check_ins if one.state == CheckInState.PAUSED]
        if group.series is None or not group.series.rrule:
            for one in rows:
                if one.due_at < now + SOONEST:
                    one.state = CheckInState.CANCELED
            rows = [one for one in rows if one.state == CheckInState.PAUSED]
            days = [_local(one).date() for one in rows]
        else:
            days = _days(group, rows, _first_day(rows, now))
        if not rows:
            continue
        _reschedule(session, conversation, rows, days, now)
        group.check_ins = rows
        resumed.append(group)
    return resumed


def move(
    session: Session,
    conversation: Conversation,
    group: Group,
    on: date | None,
    minutes: int | None,
    words: str,
    message_id: int | None,
    now: datetime,
) -> Group:
    """Move to another day, another time of day, or both. Returns what was moved.

    A new day moves the next text alone; a new time all that are left of a series. The words that asked for
    it become its consent; the older one is replaced. Raises TimeNotPossible for what is past or too far.
    """
    lock(session, conversation.id)
    rows = group.check_ins[:1] if on is not None else group.check_ins
    zone = rows[0].timezone
    first = _due_on(rows[0], on or _local(rows[0]).date(), minutes)
    if on is None and first < now + SOONEST:
        # The new hour of today is over: the first one is tomorrow's.
        first = instant(_local(rows[0]).date() + timedelta(days=1), minutes or 0, zone)
        on = first.astimezone(ZoneInfo(zone)).date() if len(rows) == 1 else None
    if not now + SOONEST <= first <= now + LATEST and on is not None:
        raise TimeNotPossible
    days = [on or _local(one).date() for one in rows]
    _agree_anew(session, conversation, group, rows, words, message_id, now)
    if group.series is not None and len(rows) > 1 and minutes is not None:
        group.series.local_time = minutes
    _reschedule(session, conversation, rows, days, now, minutes)
    for one in rows:
        one.chosen_time = one.chosen_time or minutes is not None
    left = [one for one in rows if one.state == CheckInState.SCHEDULED]
    return Group(group.series if len(rows) > 1 else None, left or rows)


def tell_of_silence(session: Session, conversation: Conversation, some: Sequence[Group], how: str) -> None:
    """Note what is agreed for silence on everything to come."""
    lock(session, conversation.id)
    for group in some:
        for check_in in group.check_ins:
            check_in.if_silent = how
    session.flush()


def _agree_anew(
    session: Session,
    conversation: Conversation,
    group: Group,
    rows: Sequence[CheckIn],
    words: str,
    message_id: int | None,
    now: datetime,
) -> None:
    whole_series = group.series is not None and len(rows) > 1
    purpose = Purpose.CHECK_IN_SERIES if whole_series else Purpose.CHECK_IN
    if group.series is not None and whole_series and not group.series.rrule:
        purpose = Purpose.REFERRAL
    consent = consent_ledger.agree(session, conversation, purpose, words, now, message_id=message_id)
    for row in rows:
        if row.consent is not None and row.series_id is None and row.consent.id != consent.id:
            consent_ledger.revoke(session, row.consent, now, "replaced", message_id)
        row.consent = consent
    if group.series is not None and whole_series and group.series.consent_id != consent.id:
        older = session.get_one(Consent, group.series.consent_id)
        consent_ledger.revoke(session, older, now, "replaced", message_id)
        group.series.consent_id = consent.id
    session.flush()


def _reschedule(
    session: Session,
    conversation: Conversation,
    rows: Sequence[CheckIn],
    days: Sequence[date],
    now: datetime,
    minutes: int | None = None,
) -> None:
    # Out of one another's way first: two of a series may change places.
    for row in rows:
        row.state = CheckInState.PAUSED
    session.flush()
    for row, day in zip(rows, days, strict=True):
        due_at = _due_on(row, day, minutes)
        if due_at < now + SOONEST:
            row.state = CheckInState.CANCELED
            continue
        row.due_at = free_instant(session, conversation, due_at)
        row.late = False
        row.state = CheckInState.SCHEDULED
        session.flush()


def _days(group: Group, rows: Sequence[CheckIn], first: date) -> list[date]:
    if group.series is not None and group.series.rrule:
        return days_of(group.series.rrule, first, len(rows))
    return [first + timedelta(days=after) for after in range(len(rows))]


def _first_day(rows: Sequence[CheckIn], now: datetime) -> date:
    if not rows:
        return now.date()
    local = now.astimezone(ZoneInfo(rows[0].timezone))
    today = _due_on(rows[0], local.date(), None)
    return local.date() + timedelta(days=today < now + SOONEST)


def _due_on(check_in: CheckIn, day: date, minutes: int | None) -> datetime:
    at = minutes_of(_local(check_in)) if minutes is None else minutes
    return instant(day, at, check_in.timezone)


def _local(check_in: CheckIn) -> datetime:
    return check_in.due_at.astimezone(ZoneInfo(check_in.timezone))


def _revoke(
    session: Session, consent: Consent | None, now: datetime, by: str, message_id: int | None
) -> None:
    if consent is not None:
        consent_ledger.revoke(session, consent, now, by, message_id)
