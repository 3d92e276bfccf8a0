"""What stands between a due check-in and its text: consent, a case worker, the hour, another text."""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import literal, select, union_all
from sqlalchemy.orm import Session

from bot import consent_ledger
from bot.check_ins import quiet_hours
from bot.check_ins.terms import terms
from bot.local_time import instant
from bot.models import CheckIn, Consent, Conversation, Incident, Message, Purpose, Takeover


def standing_consent(session: Session, check_in: CheckIn) -> Consent | None:
    """The consent a check-in is sent by, or None when there is none, or it has been taken back.

    One promised before there was a ledger has it from the text that asked for it.
    """
    if check_in.conversation.person.opted_out_at is not None:
        return None
    if check_in.consent is None and check_in.message_id is not None:
        asked_by = session.get_one(Message, check_in.message_id)
        check_in.consent = consent_ledger.agree(
            session,
            check_in.conversation,
            Purpose.CHECK_IN,
            asked_by.body,
            asked_by.created_at,
            message_id=asked_by.id,
        )
    consent = check_in.consent
    return consent if consent is not None and consent.revoked_at is None else None


class Busy(StrEnum):
    """Who has the conversation, so that what is automated waits."""

    NOBODY = "nobody"
    CASE_WORKER = "case_worker"
    EMERGENCY = "emergency"


def busy_with(session: Session, conversation: Conversation, now: datetime) -> Busy:
    """Whether a case worker is in the conversation, or an emergency that a text would cover goes on."""
    return busy_among(session, [conversation.id], now).get(conversation.id, Busy.NOBODY)


def busy_among(session: Session, conversations: Collection[int], now: datetime) -> dict[int, Busy]:
    """Those of many conversations that are not free, and who has them; a case worker before an emergency."""
    taken = select(Takeover.conversation_id, literal(Busy.CASE_WORKER)).where(
        Takeover.conversation_id.in_(conversations), Takeover.ended_at.is_(None)
    )
    going_on = select(Incident.conversation_id, literal(Busy.EMERGENCY)).where(
        Incident.conversation_id.in_(conversations),
        Incident.closed_at.is_(None),
        Incident.over_at.is_(None),
        Incident.opened_at >= now - terms().emergency_lasts,
    )
    found: dict[int, Busy] = {}
    for conversation, busy in session.execute(union_all(taken, going_on)):
        if found.get(conversation) is not Busy.CASE_WORKER:
            found[conversation] = Busy(busy)
    return found


def too_late(check_in: CheckIn, now: datetime) -> bool:
    """Whether a check-in is beyond its limit, or has come into hours that nobody chose."""
    limit = terms().late_after[check_in.kind]
    latest = _end_of_day(check_in) if limit is None else check_in.due_at + limit
    if now > latest:
        return True
    chosen = check_in.chosen_time and now <= check_in.due_at + terms().chosen_hour_holds
    return not chosen and quiet_hours.quiet(now, check_in.timezone)


def _end_of_day(check_in: CheckIn) -> datetime:
    day = check_in.due_at.astimezone(ZoneInfo(check_in.timezone)).date()
    return instant(day + timedelta(days=1), 0, check_in.timezone)


def wait_for_another(conversation: Conversation, now: datetime) -> datetime | None:
    """When the next unprompted text may go to this person, if one has gone within the minute; else None."""
    last = conversation.unprompted_at
    if last is None or now - last >= terms().apart:
        return None
    return last + terms().apart
