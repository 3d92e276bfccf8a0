"""Twilio's Messages resource: https://www.twilio.com/docs/messaging/api/message-resource"""

from collections.abc import Iterator
from datetime import timedelta

from flask import Blueprint, Response, g, jsonify, make_response, request

from simulator.errors import TwilioError
from simulator.exchange import exchange
from simulator.faults.rest import answered
from simulator.records import Text
from simulator.rest import paging
from simulator.rest.accounts import require_account
from simulator.rest.creating import take_text
from simulator.rest.message_json import message_json
from simulator.rest.parameters import note_unknown
from simulator.rest.recording import record
from simulator.state import FINAL_TEXT


def blueprint() -> Blueprint:
    """Create, list, fetch, update and delete."""
    door = Blueprint("messages", __name__, url_prefix="/2010-04-01/Accounts/<account_sid>")
    record(door, "messages")
    door.before_request(require_account)
    door.post("/Messages.json")(create)
    door.get("/Messages.json")(list_)
    door.get("/Messages/<sid>.json")(fetch)
    door.post("/Messages/<sid>.json")(update)
    door.delete("/Messages/<sid>.json")(delete)
    return door


def create(account_sid: str) -> Response:
    """Take a text for a phone; 201 with status queued (accepted or scheduled in a service)."""

    def take() -> Response:
        note_unknown("Messages.create")
        text = take_text()
        g.taken = text.sid
        return make_response(jsonify(message_json(text, account_sid)), 201)

    return answered("messages", request.form.get("To", ""), take)


def list_(account_sid: str) -> Response:
    """Texts in and out, newest first, by To, From and DateSent."""

    def take() -> Response:
        note_unknown("Messages.list")
        with exchange().state.lock:
            return jsonify(
                paging.page_of(
                    "messages", _kept(), lambda text: message_json(text, account_sid), lambda text: text.id
                )
            )

    return answered("lists", request.args.get("To", ""), take)


def _kept() -> Iterator[Text]:
    here = exchange()
    to, sender = request.args.get("To"), request.args.get("From")
    phone = next((number for number in (to, sender) if number and number != here.config.from_number), None)
    dates = paging.Dates("DateSent")
    # Twilio's lists are not up to date to the moment.
    newest = here.clock.now() - timedelta(seconds=here.config.list_lag_seconds)
    for text in here.state.index.newest_first(phone, before_id=paging.before_token(), since=dates.since):
        if (
            (not to or text.to == to)
            and (not sender or text.from_ == sender)
            and text.via != "twilio"
            and text.sid in here.state.texts
            and text.created <= newest
            and dates.allow(text.dated)
        ):
            yield text


def found(sid: str) -> Text:
    """The text of a SID. Raises TwilioError 20404."""
    text = exchange().state.texts.get(sid)
    if text is None:
        raise TwilioError(20404)
    return text


def fetch(account_sid: str, sid: str) -> Response:
    """One text."""
    return answered("lists", "", lambda: jsonify(message_json(found(sid), account_sid)))


def update(account_sid: str, sid: str) -> Response:
    """Redact a text with an empty Body, or cancel it while it is scheduled."""
    note_unknown("Messages.update")
    text, state = found(sid), exchange().state
    status, body = request.form.get("Status"), request.form.get("Body")
    # https://www.twilio.com/docs/api/errors/30400: one of the two, the Body empty, the Status canceled.
    if (status is None) == (body is None) or body or status not in {None, "canceled"}:
        raise TwilioError(30400)
    if status and (text.status != "scheduled" or not state.change_text(text, "canceled")):
        raise TwilioError(30409)
    if body is not None:
        _refuse_unfinished(text)
        text.redacted = True
    return jsonify(message_json(text, account_sid))


def delete(account_sid: str, sid: str) -> tuple[str, int]:
    """Forget a text, once it has come to its end."""
    text = found(sid)
    _refuse_unfinished(text)
    exchange().state.delete_text(text)
    return "", 204


def _refuse_unfinished(text: Text) -> None:
    if not text.inbound and text.status not in FINAL_TEXT | {"sent"}:
        raise TwilioError(20009)
