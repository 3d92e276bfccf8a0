"""How sending is doing, as numbers for /metrics."""

from datetime import datetime

from prometheus_client import CollectorRegistry, Gauge
from sqlalchemy import Engine, select

from bot import delivery
from bot.db import reading
from bot.models import Reconciliation

FOUND = ("taken_in", "settled", "moved_on", "strangers")


def add_delivery_metrics(registry: CollectorRegistry, engine: Engine, at: datetime) -> None:
    """Add what waits, what did not arrive, what a person must mend, and what reconciliation has found."""
    sending = delivery.sending(engine, at)
    for name, meaning, value in (
        ("warmline_texts_to_send", "Emergencies and answers not sent yet", sending.waiting),
        ("warmline_oldest_text_to_send_seconds", "Age of the oldest of them", sending.oldest_seconds),
        (
            "warmline_texts_not_arrived_in_24_hours",
            "Texts given up, refused or undelivered: somebody was left without",
            sending.not_arrived,
        ),
    ):
        Gauge(name, meaning, registry=registry).set(value)
    alerts = Gauge(
        "warmline_delivery_alert",
        "Stands until mended; how often it has happened",
        ["code", "action"],
        registry=registry,
    )
    for alert in sending.alerts:
        alerts.labels(alert.code, alert.action).set(alert.count)
    found = Gauge(
        "warmline_reconciled_texts",
        "What the provider's list told us that nothing else had",
        ["direction", "found"],
        registry=registry,
    )
    ran = Gauge(
        "warmline_reconciled_seconds_ago",
        "Since the list was last compared to its end",
        ["direction"],
        registry=registry,
    )
    with reading(engine) as session:
        for row in session.scalars(select(Reconciliation)):
            for kind in FOUND:
                found.labels(row.direction, kind).set(getattr(row, kind))
            if row.ran_at is not None:
                ran.labels(row.direction).set((at - row.ran_at).total_seconds())
