"""POST /twilio/sms: a text comes in. /twilio/sms/fallback is the same door for Twilio's second try."""

import base64
import binascii
import logging
import re

from flask import Blueprint, Response, abort, current_app, request
from twilio.twiml.messaging_response import MessagingResponse

from bot.bootstrap import now
from bot.intake import InboundText, emergency_words
from webhooks.storing import Slow, Storing

logger = logging.getLogger(__name__)
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4}){4,}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")


def blueprint() -> Blueprint:
    """The routes for texts coming in."""
    door = Blueprint("sms", __name__)
    door.post("/twilio/sms")(take_in)
    door.post("/twilio/sms/fallback", endpoint="fallback")(take_in)
    return door


def take_in() -> Response:
    """Store the text and answer at once: empty TwiML, or the emergency words.

    An emergency is answered even when the database cannot be written: the text goes on being stored behind
    the answer. Any other text waits for its row, since the answer says that it is kept.
    """
    text, at = _inbound_text(), now()
    storing = line_storing()
    words = emergency_words(text, at)
    if words is None:
        reception = storing.store(text, at)
    else:
        try:
            reception = storing.store_soon(text, at)
        except Slow:
            logger.error("the database is slow or away; an emergency is answered before its text is stored")
            return _twiml(words)
    extra = {"message_id": reception.message_id, "repeated": reception.repeated}
    logger.info("inbound text %(message_id)s repeated=%(repeated)s", extra, extra=extra)
    return _twiml(reception.say_now)


def line_storing() -> Storing:
    """What this application stores texts with, made with it."""
    found: Storing = current_app.extensions["storing"]
    return found


def _twiml(words: str | None) -> Response:
    answer = MessagingResponse()
    if words:
        answer.message(words)
    return Response(str(answer), mimetype="text/xml")


def _inbound_text() -> InboundText:
    form = request.form
    for name in ("MessageSid", "From"):
        if not form.get(name, "").strip():
            abort(Response(f"{name} is missing\n", 400, mimetype="text/plain"))
    media = form.get("NumMedia", "0")
    return InboundText(
        message_sid=form["MessageSid"].strip()[:34],
        from_number=form["From"].strip(),
        body=_decoded(form.get("Body", "")),
        num_media=int(media) if media.isdecimal() else 0,
        opt_out_type=form.get("OptOutType", ""),
    )


def _decoded(body: str) -> str:
    # Twilio sometimes delivers a joined-up text as base64; only what cannot be anything else is decoded.
    if not _BASE64.fullmatch(body) or not (body.endswith("=") or re.search(r"[+/0-9]", body)):
        return body
    try:
        decoded = base64.b64decode(body, validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return body
    return decoded if decoded.isprintable() and " " in decoded else body
