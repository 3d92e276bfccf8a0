"""What about sending a person must mend: an error in the log with ids, a row, /readyz and /metrics."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.delivery.error_codes import Action
from bot.models import DeliveryAlert
from bot.people import insert_or_ignore

logger = logging.getLogger(__name__)
#: While one of these stands, nothing leaves: the line is not ready. The first text that leaves clears it.
BLOCKING = (Action.CREDENTIALS, Action.SENDER, Action.DAILY_LIMIT)
#: Any other stands so long after it last happened.
STANDS_FOR = timedelta(hours=1)

#: What is no error code of the provider's.
EXPIRED, OUTCOME_UNKNOWN, DOUBLED = "expired", "outcome_unknown", "doubled"
UNKNOWN_STATUS, MISSED_WEBHOOKS = "unknown_status", "missed_webhooks"
OURS = "line"


def page(session: Session, code: str, action: str, message_id: int | None, now: datetime) -> None:
    """Show it to the operator, once per code however often it happens."""
    logger.error("sending needs a person: code %s (%s), message %s", code, action, message_id)
    code = code[:24]
    insert_or_ignore(session, DeliveryAlert, code=code, action=action, count=0, first_at=now, last_at=now)
    session.execute(
        update(DeliveryAlert)
        .where(DeliveryAlert.code == code)
        .values(
            count=DeliveryAlert.count + 1, last_at=now, message_id=message_id, action=action, cleared_at=None
        )
    )


def sent_again(session: Session, now: datetime) -> None:
    """A text has left, so nothing keeps texts from leaving."""
    session.execute(
        update(DeliveryAlert)
        .where(DeliveryAlert.cleared_at.is_(None), DeliveryAlert.action.in_(BLOCKING))
        .values(cleared_at=now)
    )


def standing(session: Session, now: datetime) -> Sequence[DeliveryAlert]:
    """What stands now, the latest first."""
    alerts = session.scalars(
        select(DeliveryAlert).where(DeliveryAlert.cleared_at.is_(None)).order_by(DeliveryAlert.last_at.desc())
    )
    return [alert for alert in alerts if blocks(alert) or alert.last_at > now - STANDS_FOR]


def blocks(alert: DeliveryAlert) -> bool:
    """Whether nothing leaves while it stands."""
    return alert.action in BLOCKING
