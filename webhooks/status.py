"""POST /twilio/status/<our id>: how a text of ours is doing."""

import logging

from flask import Blueprint, Response, request

from bot.bootstrap import now
from bot.delivery import note_status
from webhooks.security import line

logger = logging.getLogger(__name__)


def blueprint() -> Blueprint:
    """The routes for delivery status."""
    door = Blueprint("status", __name__)
    door.post("/twilio/status")(note)
    door.post("/twilio/status/<callback_id>")(note)
    return door


def note(callback_id: str = "") -> Response:
    """Keep the status. Always 200: whatever we do not know is our matter, not Twilio's."""
    form = request.form
    sid = form.get("MessageSid") or form.get("SmsSid") or ""
    status = form.get("MessageStatus") or form.get("SmsStatus") or ""
    if sid and status:
        error_code = form.get("ErrorCode", "").strip()[:16]
        known = note_status(line().engine, callback_id, sid[:34], status[:24], error_code, now())
        if not known:
            logger.warning("status for a text we do not know")
    return Response(status=200)
