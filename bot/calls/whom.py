"""Whom a person may reach through the line, and the reply that says why not."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.calls.limits import CallLimits
from bot.calls.refusing import index_of, refused, silent
from bot.models import CaseWorker, Conversation, Person
from bot.phone_numbers import Unfit

#: Said when a number is of no use, by what is wrong with it.
UNFIT = {
    Unfit.EMERGENCY: "home_number_emergency",
    Unfit.HELP: "home_number_help",
    Unfit.NO_AREA: "home_number_area",
    Unfit.BUSINESS: "home_number_business",
    Unfit.FOREIGN: "home_number_foreign",
    Unfit.NONE: "home_number_not_understood",
}


def problem(
    session: Session,
    conversation: Conversation,
    number: str,
    line_number: str,
    limits: CallLimits,
    now: datetime,
) -> str | None:
    """The reply that says why this person cannot be connected to a number, or None when they can be."""
    if number == line_number:
        return "home_number_ours"
    if number == conversation.person.number:
        return "home_number_own"
    index = index_of(session, number)
    on_our_team = (
        select(CaseWorker.id).join(Person).where(Person.number_index == index, CaseWorker.left_at.is_(None))
    )
    if refused(session, conversation, index):
        return "home_refused"
    if session.scalars(on_our_team).first() is not None or silent(session, index):
        # Not said why: whose number it is, and that they have ever texted this line, is nobody's business.
        return "home_number_refused"
    return limits.reached(session, conversation, index, now)
