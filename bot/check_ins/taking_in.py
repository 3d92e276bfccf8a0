"""Use the answer to a check-in: note it, demote what was closed, offer the next place or a person."""

import re
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.check_ins.answers import Answer
from bot.check_ins.telling import all_clear
from bot.models import CheckIn, CheckInState, Conversation
from bot.needs import every_need
from bot.ports import Durably, Reply
from bot.presenting import list_fill, names_of
from bot.sealing import cipher_of
from services_directory import search
from services_directory.models import ServiceSearch
from services_directory.places import Place
from services_directory.taxonomy import categories_for
from services_directory.verification import report_closed

SHOWN_AT_ONCE = 3
_ZIP = re.compile(r"\b(\d{5})(?:-\d{4})?$")


@dataclass(frozen=True)
class Next:
    """Another place instead: where and for what it was looked for, and the list that was told."""

    place: Place
    need: str
    #: As the reply `service_list` is filled.
    fill: dict[str, object]
    #: Ids told before: the place it did not work out with.
    before: tuple[str, ...]


@dataclass(frozen=True)
class TakenIn:
    """What to say to an answer, and the list among it."""

    replies: tuple[Reply, ...]
    next: Next | None = None


def take_in(
    session: Session,
    conversation: Conversation,
    check_in: CheckIn,
    answer: Answer,
    now: datetime,
    durably: Durably,
) -> TakenIn:
    """Note the answer and say what follows. People who were told of the silence hear that it is over."""
    check_in.state, check_in.answer, check_in.answered_at = CheckInState.ANSWERED, answer, now
    check_in.follow_up_at = None
    if answer is Answer.HELP:
        # Whoever was told of the silence has the more reason to look.
        return TakenIn((Reply("check_in_help"),))
    all_clear(session, conversation, now, durably)
    if answer is Answer.OK:
        return TakenIn((Reply("checkin_ok"),))
    if check_in.listing_id is None:
        return TakenIn((Reply("checkin_not_ok"),))
    if answer is Answer.CLOSED:
        report(session, conversation, check_in.listing_id, check_in.timezone, now)
    sorry = "closed_noted" if answer is Answer.CLOSED else "check_in_no"
    instead = another(session, check_in.listing_id, now)
    if instead is None:
        return TakenIn((Reply("turned_away" if answer is Answer.NO else sorry), Reply("check_in_no_other")))
    return TakenIn((Reply(sorry), Reply("service_list", instead.fill)), instead)


def report(
    session: Session, conversation: Conversation, listing_id: str, timezone: str, now: datetime
) -> bool:
    """Keep the report that a place was closed under a name that leads back to nobody."""
    reporter = cipher_of(session.get_bind().dialect).index(f"closed:{conversation.public_id}")[:32]
    return report_closed(session, listing_id, reporter, now.astimezone(ZoneInfo(timezone)).date())


def another(session: Session, listing_id: str, now: datetime) -> Next | None:
    """What is near a place for the same need, that place itself left out; None when there is nothing."""
    row = session.scalars(
        select(ServiceSearch)
        .where(ServiceSearch.service_at_location_id == listing_id)
        .order_by(ServiceSearch.id)
        .limit(1)
    ).first()
    if row is None:
        return None
    place = Place("", row.latitude, row.longitude, None, row.timezone)
    told = search.get(session, listing_id, place, now)
    need = next(
        (one for one in every_need() if row.category in categories_for(one)),
        row.category,
    )
    found = search.find(session, need, place, now, limit=SHOWN_AT_ONCE, beyond=[listing_id])
    if told is None or not found:
        return None
    zip_code = _ZIP.search(told.address or "")
    label = zip_code[1] if zip_code else names_of(told)[0]
    place = Place(label, row.latitude, row.longitude, zip_code[1] if zip_code else None, row.timezone)
    return Next(place, need, list_fill(label, found), (listing_id,))
