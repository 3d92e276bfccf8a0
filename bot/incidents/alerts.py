"""Alerts to case workers: nothing of the person on a lock screen, at most one text a minute to each."""

from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from bot import calls, outbox
from bot.incidents.record import Happened, record
from bot.models import (
    Call,
    CallPurpose,
    CallState,
    CaseWorker,
    Consent,
    Conversation,
    Direction,
    Incident,
    IncidentEvent,
    IncidentState,
    Message,
)
from bot.ports import Durably, Reply
from bot.roster import may_be_alerted

ALERT, ALERT_MANY = "on_call_alert", "on_call_alert_many"
#: What comes within it goes into the next text together.
ONE_ALERT_EVERY = timedelta(minutes=1)
#: A phone that was rung so lately is not rung again: whoever picks up hears of all that waits.
ONE_CALL_EVERY = timedelta(minutes=2)
RINGING = (CallState.REQUESTED, CallState.PLACING, CallState.RINGING, CallState.ANSWERED)


def text(
    session: Session,
    incident: Incident,
    worker: CaseWorker,
    step: int,
    consent: Consent,
    now: datetime,
    durably: Durably,
) -> None:
    """Want a case worker told of an incident by text; it goes now, or with others within the minute."""
    key = f"s{step}-text-{worker.id}"
    record(session, incident, Happened.ALERT_WANTED, key, now, case_worker_id=worker.id, detail=str(step))
    send_wanted(session, worker, consent, now, durably)


def send_wanted(
    session: Session, worker: CaseWorker, consent: Consent, now: datetime, durably: Durably
) -> int:
    """Put every alert that waits for a case worker into one text, unless one went within the minute.

    Returns how many incidents it tells of.
    """
    # Locked: two clocks must not both find the minute free.
    conversation = session.scalars(
        select(Conversation).where(Conversation.id == consent.conversation_id).with_for_update(key_share=True)
    ).one()
    if _alerted_lately(session, conversation, now):
        return 0
    wanted = session.scalars(
        waiting().where(IncidentEvent.case_worker_id == worker.id).order_by(IncidentEvent.id)
    ).all()
    if not wanted:
        return 0
    count = len({event.incident_id for event in wanted})
    code = wanted[0].incident.code
    reply = Reply(ALERT, {"code": code}) if count == 1 else Reply(ALERT_MANY, {"code": code, "count": count})
    sent = outbox.put_unprompted(
        session, conversation, [reply], f"alert-{worker.id}-{wanted[-1].id}", now, durably, consent
    )
    for event in wanted:
        # Nobody else writes this key: the case worker's conversation is held.
        session.add(
            IncidentEvent(
                incident_id=event.incident_id,
                at=now,
                kind=Happened.ALERTED,
                key=f"{event.key}-sent",
                case_worker_id=worker.id,
                message_id=sent[0] if sent else None,
                detail=event.detail,
            )
        )
    session.flush()
    return count


def waiting() -> Select[IncidentEvent]:
    """Alerts wanted of open incidents and not sent yet."""
    sent = aliased(IncidentEvent)
    return (
        select(IncidentEvent)
        .join(Incident)
        .where(
            Incident.state == IncidentState.OPEN,
            IncidentEvent.kind == Happened.ALERT_WANTED,
            ~select(sent.id)
            .where(sent.incident_id == IncidentEvent.incident_id, sent.key == IncidentEvent.key + "-sent")
            .exists(),
        )
    )


def _alerted_lately(session: Session, conversation: Conversation, now: datetime) -> bool:
    last = session.scalars(
        select(Message.created_at)
        .where(
            Message.conversation_id == conversation.id,
            Message.direction == Direction.OUT,
            Message.reply_key.in_([ALERT, ALERT_MANY]),
        )
        .order_by(Message.id.desc())
        .limit(1)
    ).first()
    return last is not None and now - last < ONE_ALERT_EVERY


def send_all_wanted(session: Session, now: datetime, durably: Durably) -> int:
    """Send what has waited for its minute, to every case worker. Returns how many texts that made."""
    workers = session.scalars(
        select(CaseWorker).where(
            CaseWorker.id.in_(waiting().with_only_columns(IncidentEvent.case_worker_id).distinct())
        )
    ).all()
    sent = 0
    for worker in workers:
        consent = may_be_alerted(session, worker)
        if consent is not None:
            sent += bool(send_wanted(session, worker, consent, now, durably))
    return sent


def ring(
    session: Session,
    incident: Incident,
    worker: CaseWorker,
    step: int,
    consent: Consent,
    now: datetime,
    durably: Durably,
) -> None:
    """Ring a case worker for an incident, unless their phone rings or has just rung for another."""
    conversation = session.scalars(
        select(Conversation).where(Conversation.id == consent.conversation_id).with_for_update(key_share=True)
    ).one()
    call = session.scalars(
        select(Call)
        .where(
            Call.conversation_id == conversation.id,
            Call.purpose == CallPurpose.INCIDENT,
            Call.state.in_(RINGING),
            Call.created_at > now - ONE_CALL_EVERY,
        )
        .order_by(Call.id.desc())
        .limit(1)
    ).first()
    if call is None:
        cause = f"inc-{incident.id}-{step}-{worker.id}"
        call = calls.ring(
            session, conversation, CallPurpose.INCIDENT, cause, now, durably, incident_id=incident.id
        )
    key = f"s{step}-call-{worker.id}"
    record(
        session,
        incident,
        Happened.CALLED,
        key,
        now,
        case_worker_id=worker.id,
        call_id=call.id,
        detail=str(step),
    )
