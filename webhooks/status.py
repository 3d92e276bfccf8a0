"""POST /twilio/status/<our id>: how a text of ours is doing."""

import logging
import re
from datetime import UTC, datetime

from flask import Blueprint, Response, request
from sqlalchemy.exc import SQLAlchemyError

from bot.bootstrap import now
from bot.delivery import note_status
from webhooks.security import line

logger = logging.getLogger(__name__)
_CARRIER_TIME = re.compile(r"\d{10}")


def blueprint() -> Blueprint:
    """The routes for delivery status."""
    door = Blueprint("status", __name__)
    door.post("/twilio/status")(note)
    door.post("/twilio/status/<callback_id>")(note)
    return door


def note(callback_id: str = "") -> Response:
    """Keep the status. 200 to all that is signed: whatever we do not know is our matter, not Twilio's.

    503 only while the database cannot be written; Twilio's list brings the status later
    (bot/reconciliation.py).
    """
    form = request.form
    sid = (form.get("MessageSid") or form.get("SmsSid") or "").strip()
    status = (form.get("MessageStatus") or form.get("SmsStatus") or "").strip()
    if not sid or not status:
        return Response(status=200)
    error_code = form.get("ErrorCode", "").strip()[:16]
    try:
        known = note_status(
            line().engine,
            callback_id,
            sid[:34],
            status[:24],
            "" if error_code == "0" else error_code,
            now(),
            line().durably,
            carrier_time(form.get("RawDlrDateDone", "")),
        )
    except SQLAlchemyError as error:
        logger.error("a status could not be stored: %s", type(error).__name__)
        return Response(status=503)
    if not known:
        logger.warning("status for a text we do not know yet")
    return Response(status=200)


def carrier_time(raw: str) -> datetime | None:
    """The carrier's own time of a delivery, in UTC; None when there is none that can be read.

    Twilio passes it on as ten digits, YYMMDDhhmm (RawDlrDateDone, in its page on outbound message status in
    status callbacks); anything else is read as ISO 8601, without an offset as UTC.
    """
    raw = raw.strip()
    try:
        if _CARRIER_TIME.fullmatch(raw):
            return datetime.strptime(raw, "%y%m%d%H%M").replace(tzinfo=UTC)
        at = datetime.fromisoformat(raw)
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
