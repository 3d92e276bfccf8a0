"""The sender's pace, in one row for all workers: so many segments a second, emergencies before all else.

Whatever is handed over faster than the carriers let the sender send waits at Twilio, in order of arrival,
where nothing can overtake it: an alert behind 600 check-ins would be ten minutes late. So it waits here
instead. Each text takes its place once. Emergencies never wait; answers wait for answers; check-ins give way
to answers.
Figures and reasons: docs/adr/0019.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.delivery.waiting import Chance, Wait, Waits
from bot.models import Message, SendingPace
from bot.people import insert_or_ignore
from bot.replies.fitting import segments
from bot.urgency import Urgency

SENDER = "sms"
#: So much of a line at Twilio is nothing anybody notices.
AHEAD = timedelta(seconds=3)
#: After so many troubles in a row only emergencies are tried, for 1, 2, 4 ... seconds.
TROUBLES_BORNE = 2
LONGEST_HOLD_SECONDS = 30.0
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Pace:
    """`mps` is how many segments a second the sender may send; 0 for as many as there are."""

    mps: float = 0.0

    def wait(self, session: Session, message: Message, now: datetime, chance: Chance) -> Wait | None:
        """What a text must wait for before it may be handed over; None when it may go."""
        urgency = Urgency(message.urgency)
        if urgency is Urgency.EMERGENCY:
            self._count_in(session, message, now)
            return None
        row = session.get(SendingPace, SENDER)
        if row is not None and row.held_until is not None and row.held_until > now:
            return Wait(row.held_until + timedelta(seconds=chance() * 2), Waits.PROVIDER)
        if not self.mps:
            return None
        slot = message.slot_at or self._take(session, message, now)
        if urgency is Urgency.CHECK_IN and slot <= now and locked(session).answers_free_at > now:
            # An answer has come into its place meanwhile.
            slot = self._take(session, message, now)
        message.slot_at = slot
        earliest = slot - AHEAD if urgency is Urgency.ANSWER else slot
        return Wait(earliest, Waits.SLOT) if earliest > now else None

    def _takes(self, message: Message) -> timedelta:
        return timedelta(seconds=segments(message.body) / self.mps)

    def _take(self, session: Session, message: Message, now: datetime) -> datetime:
        row = locked(session)
        if message.urgency == Urgency.ANSWER:
            slot = max(row.answers_free_at, now)
            row.answers_free_at = slot + self._takes(message)
            return slot
        slot = max(row.check_ins_free_at, row.answers_free_at, now)
        row.check_ins_free_at = slot + self._takes(message)
        return slot

    def _count_in(self, session: Session, message: Message, now: datetime) -> None:
        if self.mps and message.slot_at is None:
            row = locked(session)
            row.answers_free_at = max(row.answers_free_at, now) + self._takes(message)
            message.slot_at = now


def locked(session: Session) -> SendingPace:
    """The one row, for this transaction alone."""
    insert_or_ignore(
        session,
        SendingPace,
        sender=SENDER,
        answers_free_at=_LONG_AGO,
        check_ins_free_at=_LONG_AGO,
        troubles=0,
    )
    return session.scalars(
        select(SendingPace)
        .where(SendingPace.sender == SENDER)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def hold(session: Session, until: datetime) -> None:
    """Nothing but emergencies until then."""
    row = locked(session)
    row.held_until = max(row.held_until or until, until)


def trouble(session: Session, now: datetime) -> None:
    """The provider failed. Once it has done so several times in a row, leave it alone for a while."""
    row = locked(session)
    row.troubles += 1
    beyond = row.troubles - TROUBLES_BORNE
    if beyond > 0:
        pause = timedelta(seconds=min(LONGEST_HOLD_SECONDS, 2.0 ** (beyond - 1)))
        row.held_until = max(row.held_until or now, now + pause)


def well(session: Session) -> None:
    """The provider took a text: whatever there was is over."""
    row = session.get(SendingPace, SENDER)
    if row is not None and (row.troubles or row.held_until is not None):
        row = locked(session)
        row.troubles, row.held_until = 0, None
