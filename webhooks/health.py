"""GET /healthz, /readyz, /metrics: is the line alive, and would a text be answered now?"""

from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from bot import delivery, incidents, opting_out
from bot.bootstrap import now
from bot.db import reading
from bot.models import Message, WorkerHeartbeat
from bot.turn import unanswered_since
from webhooks import refusals
from webhooks.delivery_metrics import add_delivery_metrics
from webhooks.security import line
from webhooks.writable import is_writable

WORKER_SILENT_AFTER = timedelta(seconds=15)
REFUSED_LATELY = timedelta(minutes=5)
UNANSWERED_TOO_LONG = timedelta(seconds=60)


def blueprint() -> Blueprint:
    """The routes for whoever watches over the line."""
    door = Blueprint("health", __name__)
    door.get("/healthz")(healthz)
    door.get("/readyz")(readyz)
    door.get("/metrics")(metrics)
    return door


def healthz() -> Response:
    """The web process is alive."""
    return jsonify(status="ok")


def readyz() -> tuple[Response, int]:
    """Every part a text needs, each by name; 503 when one is missing."""
    parts = _parts(now())
    ready = all(part["ok"] for part in parts.values())
    return jsonify(ready=ready, **parts), 200 if ready else 503


def _parts(at: datetime) -> dict[str, dict[str, Any]]:
    try:
        with reading(line().engine) as session:
            beat = session.scalar(select(func.max(WorkerHeartbeat.beat_at)))
        oldest = unanswered_since(line().engine)
        sending = delivery.sending(line().engine, at)
    except SQLAlchemyError:
        return {"database": {"ok": False, "writable": False}}
    writable = is_writable(line().engine)
    waited = (at - oldest.created_at).total_seconds() if oldest else 0.0
    return {
        "database": {"ok": writable, "writable": writable},
        "rasa": {"ok": line().dialogue.model_ready()},
        "actions": {"ok": line().dialogue.actions_ready()},
        "worker": {"ok": beat is not None and at - beat < WORKER_SILENT_AFTER},
        "oldest_unanswered_text": {
            "ok": waited < UNANSWERED_TOO_LONG.total_seconds(),
            "seconds": round(waited, 1),
        },
        "sending": {
            "ok": sending.ok,
            "waiting": sending.waiting,
            "oldest_seconds": round(sending.oldest_seconds, 1),
            "not_arrived": sending.not_arrived,
            "alerts": [f"{alert.code} {alert.action} x{alert.count}" for alert in sending.alerts],
        },
    }


def metrics() -> Response:
    """Counts of texts by direction and state, the oldest wait, and emergencies nobody has taken."""
    registry = CollectorRegistry()
    texts = Gauge("warmline_texts", "Texts by direction and state", ["direction", "state"], registry=registry)
    wait = Gauge("warmline_oldest_unanswered_seconds", "Age of the oldest unanswered text", registry=registry)
    with reading(line().engine) as session:
        counted = select(Message.direction, Message.state, func.count()).group_by(
            Message.direction, Message.state
        )
        for direction, state, count in session.execute(counted):
            texts.labels(direction, state).set(count)
        turned_away = refusals.since(session, now() - REFUSED_LATELY)
        to_review = opting_out.count_to_review(session)
    oldest = unanswered_since(line().engine)
    wait.set((now() - oldest.created_at).total_seconds() if oldest else 0)
    not_taken = incidents.not_taken(line().engine, now())
    refused = Gauge(
        "warmline_webhooks_refused_in_5_minutes",
        "Requests to Twilio's routes turned away: above 0 for long, genuine texts may be lost",
        ["reason"],
        registry=registry,
    )
    for reason, count in turned_away.items():
        refused.labels(reason).set(count)
    for name, meaning, value in (
        ("warmline_opt_outs_to_review", "Opt-outs nobody has looked at", to_review),
        ("warmline_incidents_not_taken", "Open emergencies nobody has taken", not_taken.count),
        (
            "warmline_oldest_incident_not_taken_seconds",
            "Age of the oldest emergency nobody has taken",
            not_taken.oldest_seconds,
        ),
    ):
        Gauge(name, meaning, registry=registry).set(value)
    add_delivery_metrics(registry, line().engine, now())
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
