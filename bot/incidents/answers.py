"""What a case worker texts back: OK K7QF takes it, OVER K7QF closes it; all else is an ordinary text."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.incidents import taking
from bot.incidents.codes import looks_like_a_code
from bot.incidents.record import Happened
from bot.models import CaseWorker, Conversation, Incident, IncidentEvent, IncidentState
from bot.ports import Durably, Reply
from bot.roster import worker_of
from bot.triage.assess import normalise

#: A bare OK so long after the last alert answers something else.
OK_WITHIN = timedelta(hours=2)


@dataclass(frozen=True)
class Answer:
    """What is to be done, and with which code; an empty code is the one that waits longest."""

    takes: bool
    code: str


@cache
def _words() -> Mapping[str, re.Pattern[str]]:
    page = yaml.safe_load((files("bot.incidents") / "answers.yml").read_text("utf-8"))
    return {
        name: re.compile(rf"(?:{'|'.join(sorted(some, key=len, reverse=True))})\b")
        for name, some in page.items()
    }


def read(text: str) -> Answer | None:
    """The answer a text is, or None: any case, any spaces, marks or none ("ok, k 7 qf.")."""
    plain = normalise(text)
    for name, pattern in _words().items():
        begun = pattern.match(plain)
        if begun:
            rest = plain[begun.end() :].replace(" ", "").upper()
            return Answer(name == "take", rest) if not rest or looks_like_a_code(rest) else None
    code = plain.replace(" ", "").upper()
    # "okk7qf": written in one.
    code = code[2:] if code.startswith("OK") and looks_like_a_code(code[2:]) else code
    return Answer(True, code) if looks_like_a_code(code) else None


def answer(
    session: Session,
    conversation: Conversation,
    text: str,
    now: datetime,
    durably: Durably,
    *,
    bare: bool = True,
) -> list[Reply] | None:
    """Do what a case worker's text says of an incident; None when it is an ordinary text.

    `bare` says whether an OK without a code may mean an incident.
    """
    answered = read(text)
    worker = worker_of(session, conversation.person) if answered else None
    if answered is None or worker is None:
        return None
    if not answered.code:
        return _bare(session, worker, now, durably) if answered.takes and bare else None
    incident = session.scalars(select(Incident).where(Incident.code == answered.code)).first()
    if incident is None:
        return [Reply("on_call_unknown", {"code": answered.code})]
    if answered.takes:
        return _take(session, incident, worker, now, durably)
    taking.close(session, incident, now, outcome="worker", worker=worker)
    return [Reply("on_call_closed", {"code": incident.code}), *_more(session, worker)]


def _bare(session: Session, worker: CaseWorker, now: datetime, durably: Durably) -> list[Reply] | None:
    waiting = _alerted(session, worker, IncidentState.OPEN, None)
    if waiting:
        return _take(session, waiting[0], worker, now, durably)
    gone = _alerted(session, worker, IncidentState.ACKNOWLEDGED, now - OK_WITHIN)
    gone = [incident for incident in gone if incident.acknowledged_by_id != worker.id]
    return [Reply("on_call_taken", {"code": gone[-1].code})] if gone else None


def _take(
    session: Session, incident: Incident, worker: CaseWorker, now: datetime, durably: Durably
) -> list[Reply]:
    new = taking.acknowledge(session, incident.id, worker, "text", now, durably)
    mine = new or incident.acknowledged_by_id == worker.id
    if incident.state == IncidentState.CLOSED:
        return [Reply("on_call_closed", {"code": incident.code}), *_more(session, worker)]
    return [
        Reply("on_call_yours" if mine else "on_call_taken", {"code": incident.code}),
        *_more(session, worker),
    ]


def _more(session: Session, worker: CaseWorker) -> list[Reply]:
    waiting = len(_alerted(session, worker, IncidentState.OPEN, None))
    return [Reply("on_call_more", {"count": waiting})] if waiting else []


def _alerted(
    session: Session, worker: CaseWorker, state: IncidentState, since: datetime | None
) -> list[Incident]:
    """Incidents in a state that this case worker was told of, or is about to be, the oldest first."""
    told = select(IncidentEvent.incident_id).where(
        IncidentEvent.case_worker_id == worker.id,
        IncidentEvent.kind.in_([Happened.ALERT_WANTED, Happened.CALLED]),
    )
    if since is not None:
        told = told.where(IncidentEvent.at >= since)
    return list(
        session.scalars(
            select(Incident).where(Incident.state == state, Incident.id.in_(told)).order_by(Incident.id)
        )
    )
