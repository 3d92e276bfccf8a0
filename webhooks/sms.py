"""POST /twilio/sms: a text comes in. /twilio/sms/fallback is the same door for Twilio's second try."""

import base64
import binascii
import logging
import re

from flask import Blueprint, Response, abort, current_app, request
from sqlalchemy.exc import SQLAlchemyError
from twilio.twiml.messaging_response import MessagingResponse

from bot.bootstrap import now
from bot.intake import InboundText, Media, emergency_words
from bot.triage import assess
from webhooks.storing import Slow, Storing

#: Twilio's own limit for one message.
MOST_MEDIA = 10
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
    the answer. Any other text waits for its row, since the answer says that it is kept; 503 has Twilio bring
    it again, at the fallback or by the address's own retries (docs/webhooks.md).
    """
    text, at = _inbound_text(), now()
    storing = line_storing()
    assessment = assess(text.body)
    words = emergency_words(text, at, assessment)
    if words is None:
        try:
            reception = storing.store(text, at, assessment)
        except (Slow, SQLAlchemyError) as error:
            logger.error("a text could not be stored and is refused: %s", type(error).__name__)
            return Response("try again\n", 503, mimetype="text/plain")
    else:
        try:
            reception = storing.store_soon(text, at, assessment)
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
    return InboundText(
        message_sid=form["MessageSid"].strip()[:34],
        from_number=form["From"].strip(),
        body=_decoded(form.get("Body", "")),
        num_media=_number_of_media(),
        opt_out_type=form.get("OptOutType", ""),
        media=_media(),
    )


def _number_of_media() -> int:
    number = request.form.get("NumMedia", "0")
    return min(int(number), MOST_MEDIA) if number.isascii() and number.isdecimal() else 0


def _media() -> tuple[Media, ...]:
    """Where the pictures lie, in Twilio's order. Nobody fetches them unasked."""
    form = request.form
    return tuple(
        Media(url, form.get(f"MediaContentType{number}", "").strip()[:128])
        for number in range(_number_of_media())
        if (url := form.get(f"MediaUrl{number}", "").strip()[:2048])
    )


def _decoded(body: str) -> str:
    # Twilio sometimes delivers a joined-up text as base64; only what cannot be anything else is decoded.
    if not _BASE64.fullmatch(body) or not (body.endswith("=") or re.search(r"[+/0-9]", body)):
        return body
    try:
        decoded = base64.b64decode(body, validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return body
    readable = all(letter.isprintable() or letter == "\n" for letter in decoded)
    return decoded if readable and " " in decoded else body
