"""What outlives somebody who is forgotten, without them: wishes for silence, counts, others' own records."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot import suppression
from bot.models import Call, Conversation, HomeRefusal, Incident, PastIncident, Person, UsingAloneTimer


def keep_wishes(session: Session, gone: set[object]) -> None:
    """A STOP and home's refusal outlive whom they are of."""
    silent = (
        select(Person.number_index, Person.opted_out_at)
        .join(Conversation, Conversation.person_id == Person.id)
        .where(Conversation.id.in_(gone), Person.opted_out_at.is_not(None))
    )
    for number_index, since in session.execute(silent).all():
        if since is not None:
            suppression.keep_silence(session, number_index, since)
    refused = (
        select(Person.number_index, HomeRefusal.number_index, HomeRefusal.refused_at)
        .select_from(HomeRefusal)
        .join(Conversation, Conversation.id == HomeRefusal.conversation_id)
        .join(Person, Person.id == Conversation.person_id)
        .where(HomeRefusal.conversation_id.in_(gone))
    )
    for person_index, home_index, since in session.execute(refused).all():
        suppression.keep_refusal(session, person_index, home_index, since)


def count_incidents(session: Session, gone: set[object]) -> None:
    """Keep that there were these emergencies, and nothing of whose they were."""
    for incident in session.scalars(select(Incident).where(Incident.id.in_(gone))):
        taken = incident.acknowledged_at
        session.add(
            PastIncident(
                opened_on=incident.opened_at.date(),
                kind=incident.kind,
                source=incident.source,
                danger_to=incident.danger_to,
                outcome=incident.outcome or "erased",
                taken_after_minutes=int((taken - incident.opened_at).total_seconds() // 60)
                if taken
                else None,
            )
        )


def name_no_more(session: Session, person: Person, gone: set[object]) -> None:
    """Where others rang them or named them the number is emptied; what still goes on keeps it."""
    session.execute(
        update(Call)
        .where(
            Call.home_index == person.number_index,
            Call.conversation_id.not_in(gone),
            Call.ended_at.is_not(None),
        )
        .values(home_number=None, home_index=None)
    )
    named = select(UsingAloneTimer).where(
        UsingAloneTimer.contact_number.is_not(None), UsingAloneTimer.conversation_id.not_in(gone)
    )
    for timer in session.scalars(named):
        if timer.contact_number == person.number and timer.ended_at is not None:
            timer.contact_number = None
