"""Twilio's Messages resource: https://www.twilio.com/docs/messaging/api/message-resource"""

import re
from time import sleep
from urllib.parse import urlsplit

from flask import Blueprint, Response, jsonify, request

from simulator import paging
from simulator.accounts import require_account
from simulator.errors import TwilioError
from simulator.exchange import exchange
from simulator.message_json import message_json
from simulator.opt_out import is_opted_out
from simulator.records import Text
from simulator.sizes import LONGEST_BODY
from simulator.status_callbacks import set_off

E164 = re.compile(r"\+[1-9][0-9]{6,14}")
#: Recipients that always fail: https://www.twilio.com/docs/iam/test-credentials
MAGIC = {
    "+15005550001": 21211,
    "+15005550002": 21612,
    "+15005550003": 21408,
    "+15005550004": 21610,
    "+15005550009": 21614,
}


def blueprint() -> Blueprint:
    """Create, list, fetch, update and delete."""
    door = Blueprint("messages", __name__, url_prefix="/2010-04-01/Accounts/<account_sid>")
    door.before_request(require_account)
    door.post("/Messages.json")(create)
    door.get("/Messages.json")(list_)
    door.get("/Messages/<sid>.json")(fetch)
    door.post("/Messages/<sid>.json")(update)
    door.delete("/Messages/<sid>.json")(delete)
    return door


def create(account_sid: str) -> tuple[Response, int]:
    """Take a text for a phone; 201 with status queued."""
    fault = exchange().faults.take("messages")
    if fault and fault.status != "lose_answer":
        sleep(fault.seconds)
        raise TwilioError(20429 if fault.status == 429 else 20500)
    text = _taken()
    if fault:
        sleep(fault.seconds)
        raise TwilioError(20500)
    return jsonify(message_json(text, account_sid)), 201


def _taken() -> Text:
    form, state = request.form, exchange().state
    to, sender, service = (form.get(name, "").strip() for name in ("To", "From", "MessagingServiceSid"))
    body, media = form.get("Body", ""), form.getlist("MediaUrl")
    _check_numbers(to, sender, service)
    if not body and not media:
        raise TwilioError(21602)
    if len(body) > LONGEST_BODY:
        raise TwilioError(21617)
    callback = form.get("StatusCallback", "")
    if callback and (urlsplit(callback).scheme not in {"http", "https"} or not urlsplit(callback).netloc):
        raise TwilioError(21609)
    line = exchange().config.from_number
    if is_opted_out(state, line, to):
        raise TwilioError(21610)
    text = state.add_text(
        from_=line,
        to=to,
        body=body,
        media=media,
        direction="outbound-api",
        status="accepted" if service else "queued",
        via="rest",
        status_callback=callback,
        messaging_service_sid=service or None,
    )
    set_off(exchange(), text)
    return text


def _check_numbers(to: str, sender: str, service: str) -> None:
    config = exchange().config
    if not to:
        raise TwilioError(21604)
    if not E164.fullmatch(to):
        raise TwilioError(21211)
    if to in MAGIC:
        raise TwilioError(MAGIC[to])
    if service and service != config.messaging_service_sid:
        raise TwilioError(21701)
    if not service and not sender:
        raise TwilioError(21603)
    if sender and sender != config.from_number:
        raise TwilioError(21606)


def list_(account_sid: str) -> Response:
    """Texts in and out, newest first, by To, From and DateSent."""
    to, sender = request.args.get("To"), request.args.get("From")
    state = exchange().state
    with state.lock:
        kept = [
            text
            for text in state.texts.values()
            if (not to or text.to == to)
            and (not sender or text.from_ == sender)
            and text.via != "twilio"
            and paging.in_dates(text.sent or text.created, "DateSent")
        ]
    return jsonify(paging.page_of("messages", [message_json(text, account_sid) for text in reversed(kept)]))


def _found(sid: str) -> Text:
    text = exchange().state.texts.get(sid)
    if text is None:
        raise TwilioError(20404)
    return text


def fetch(account_sid: str, sid: str) -> Response:
    """One text."""
    return jsonify(message_json(_found(sid), account_sid))


def update(account_sid: str, sid: str) -> Response:
    """Redact a text with an empty Body, or cancel it while it waits."""
    text, state = _found(sid), exchange().state
    if request.form.get("Status") == "canceled" and (
        text.status not in {"scheduled", "accepted"} or not state.change_text(text, "canceled")
    ):
        raise TwilioError(30409)
    if request.form.get("Body") == "":
        text.body = ""
    return jsonify(message_json(text, account_sid))


def delete(account_sid: str, sid: str) -> tuple[str, int]:
    """Forget a text."""
    exchange().state.delete_text(_found(sid))
    return "", 204
