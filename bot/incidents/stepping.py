"""Take the next step of an escalation. The row says which; however many clocks ring, each is taken once."""

import logging
from datetime import datetime, timedelta

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.db import reading, writing
from bot.incidents import alerts, ladder, reaching, telling
from bot.incidents.ladder import Ladder, Rung
from bot.incidents.record import Happened, locked, record
from bot.models import CaseWorker, Incident, IncidentState
from bot.ports import Durably
from bot.roster import may_be_alerted, who_is_on_call

logger = logging.getLogger(__name__)
#: A wake-up may come this much early by another clock.
EARLY = timedelta(milliseconds=500)
SWEPT_AT_ONCE = 500


def step(engine: Engine, incident_id: int, now: datetime, durably: Durably) -> str:
    """Take what is due of one incident and set the next wake-up. Returns the state it is in."""
    with writing(engine) as session:
        incident = locked(session, incident_id)
        due = incident.next_step_at is not None and incident.next_step_at <= now + EARLY
        if incident.state == IncidentState.OPEN and due:
            _take(session, incident, now, durably)
        return incident.state


def step_overdue(engine: Engine, now: datetime, durably: Durably) -> int:
    """Look after every open incident: what became of alerts, alerts that wait, steps that are due.

    Returns how many steps were due.
    """
    reaching.note_alerts(engine, now, durably)
    with reading(engine) as session:
        wanted = session.scalars(alerts.waiting().limit(1)).first()
        due = session.scalars(
            select(Incident.id)
            .where(Incident.state == IncidentState.OPEN, Incident.next_step_at <= now)
            .order_by(Incident.next_step_at)
            .limit(SWEPT_AT_ONCE)
        ).all()
    for incident_id in due:
        step(engine, incident_id, now, durably)
    if wanted is not None:
        with writing(engine) as session:
            alerts.send_all_wanted(session, now, durably)
    return len(due)


def _take(session: Session, incident: Incident, now: datetime, durably: Durably) -> None:
    steps = ladder.current(session)
    on_call = [
        # Nobody is told of their own emergency.
        worker
        for worker in who_is_on_call(session, now)
        if worker.person_id != incident.conversation.person_id
    ]
    round_, position = divmod(incident.step, len(steps.rungs) + 1)
    if not on_call:
        _nobody_on_call(session, incident, now, durably)
        _wait(session, incident, _next_round(round_, steps), steps.again_every, steps, now, durably)
        return
    while position < len(steps.rungs):
        rung, taken = steps.rungs[position], incident.step
        incident.step, position = incident.step + 1, position + 1
        worker = on_call[(rung.tells - 1) % len(on_call)]
        if _tell(session, incident, worker, rung, taken, now, durably):
            after = steps.rungs[position].after if position < len(steps.rungs) else steps.nobody_after
            _wait(session, incident, incident.step, after - rung.after, steps, now, durably)
            return
    _nobody_answered(session, incident, now, durably)
    _wait(session, incident, _next_round(round_, steps), steps.again_every, steps, now, durably)


def _next_round(round_: int, steps: Ladder) -> int:
    # Each round has one step more than rungs: the one at which the person is told that nobody answered.
    return (round_ + 1) * (len(steps.rungs) + 1)


def _tell(
    session: Session,
    incident: Incident,
    worker: CaseWorker,
    rung: Rung,
    taken: int,
    now: datetime,
    durably: Durably,
) -> bool:
    consent = may_be_alerted(session, worker)
    if consent is None:
        key = f"s{taken}-opted-out-{worker.id}"
        record(session, incident, Happened.OPTED_OUT, key, now, case_worker_id=worker.id)
        logger.error("case worker %s is on call but has said STOP", worker.id)
        return False
    if "text" in rung.by:
        alerts.text(session, incident, worker, taken, consent, now, durably)
    if "call" in rung.by:
        alerts.ring(session, incident, worker, taken, consent, now, durably)
    return True


def _wait(
    session: Session,
    incident: Incident,
    next_step: int,
    how_long: timedelta,
    steps: Ladder,
    now: datetime,
    durably: Durably,
) -> None:
    new_round = next_step % (len(steps.rungs) + 1) == 0
    done = incident.over_at is not None or now + how_long > incident.opened_at + steps.gives_up_after
    incident.step = next_step
    if new_round and done:
        incident.next_step_at = None
        record(session, incident, Happened.GAVE_UP, "gave-up", now)
        logger.error("incident %s: nobody took it and nobody is told any more", incident.id)
        return
    incident.next_step_at = now + how_long
    durably.incident(session, incident.id, next_step, incident.next_step_at, now)


def _nobody_on_call(session: Session, incident: Incident, now: datetime, durably: Durably) -> None:
    record(session, incident, Happened.NOBODY_ON_CALL, f"s{incident.step}-nobody", now)
    logger.error("incident %s: nobody is on call", incident.id)
    telling.tell(session, incident, telling.NOBODY_ON_CALL, now, durably)


def _nobody_answered(session: Session, incident: Incident, now: datetime, durably: Durably) -> None:
    record(session, incident, Happened.NOBODY_ANSWERED, f"s{incident.step}-unanswered", now)
    logger.error("incident %s: nobody on call has answered", incident.id)
    telling.tell(session, incident, telling.NOBODY_ANSWERED, now, durably)
