"""What comes before forgetting somebody: an emergency, a timer that runs, a place on the roster."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import incidents, using_alone
from bot.models import CaseWorker, Conversation, TimerState

#: Once people have been told, it is the emergency that counts.
WATCHING = (TimerState.RUNNING, TimerState.ASKING)


class Held(StrEnum):
    """Why somebody is not forgotten now; each is a reply's key and says how to go on."""

    #: People are on their way, or are being told: they need what was written.
    EMERGENCY = "delete_after_emergency"
    #: It would end the only watch somebody who uses alone has.
    TIMER = "delete_after_timer"
    #: The phone of a case worker on the roster.
    CASE_WORKER = "delete_not_a_case_worker"


def why(
    session: Session, conversation: Conversation, now: datetime, message_id: int | None = None
) -> Held | None:
    """Why a person is not forgotten now, or None. `message_id` is the text that asks, if one does.

    An emergency is over when they say so, or after 12 hours without a text: then that is noted.
    """
    incident = incidents.open_of(session, conversation)
    if incident is not None and incident.over_at is None:
        if not incidents.gone_quiet(session, incident, message_id, now):
            return Held.EMERGENCY
        incidents.over(session, incident, now, "quiet", message_id)
    timer = using_alone.live(session, conversation)
    if timer is not None and timer.state in WATCHING:
        return Held.TIMER
    on_roster = select(CaseWorker.id).where(
        CaseWorker.person_id == conversation.person_id, CaseWorker.left_at.is_(None)
    )
    return Held.CASE_WORKER if session.scalars(on_roster).first() is not None else None
