"""Twilio's Calls resource: https://www.twilio.com/docs/voice/api/call-resource"""

from threading import Thread
from time import sleep
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, jsonify, request

from simulator import paging
from simulator.accounts import require_account
from simulator.call_flow import place
from simulator.errors import TwilioError
from simulator.exchange import exchange
from simulator.messages_api import E164, MAGIC
from simulator.records import Call
from simulator.state import FINAL_CALL
from simulator.status_callbacks import API_VERSION


def blueprint() -> Blueprint:
    """Create, list, fetch and hang up."""
    door = Blueprint("calls", __name__, url_prefix="/2010-04-01/Accounts/<account_sid>")
    door.before_request(require_account)
    door.post("/Calls.json")(create)
    door.get("/Calls.json")(list_)
    door.get("/Calls/<sid>.json")(fetch)
    door.post("/Calls/<sid>.json")(update)
    return door


def create(account_sid: str) -> tuple[Response, int]:
    """Ring a phone; 201 with status queued."""
    fault = exchange().faults.take("calls")
    if fault and fault.status != "lose_answer":
        sleep(fault.seconds)
        raise TwilioError(20429 if fault.status == 429 else 20500)
    call = _taken()
    answer = _json(call, account_sid)
    Thread(target=place, args=(exchange(), call), name=call.sid, daemon=True).start()
    if fault:
        sleep(fault.seconds)
        raise TwilioError(20500)
    return jsonify(answer), 201


def _taken() -> Call:
    form = request.form
    to, sender, url, twiml = (form.get(name, "").strip() for name in ("To", "From", "Url", "Twiml"))
    if not to:
        raise TwilioError(21201)
    if not E164.fullmatch(to) or to in MAGIC:
        raise TwilioError(21211)
    if not sender:
        raise TwilioError(21213)
    if sender != exchange().config.from_number:
        raise TwilioError(21210)
    if not twiml and urlsplit(url).scheme not in {"http", "https"}:
        raise TwilioError(21205)
    return exchange().state.add_call(
        to=to,
        from_=sender,
        direction="outbound-api",
        url=url,
        twiml=twiml,
        status_callback=form.get("StatusCallback", ""),
        status_events=tuple(form.getlist("StatusCallbackEvent")) or ("completed",),
        timeout=form.get("Timeout", 60.0, type=float),
        recorded=form.get("Record") == "true",
    )


def list_(account_sid: str) -> Response:
    """Legs of calls, newest first, by To, From, Status, ParentCallSid and StartTime."""
    wanted = {"To": "to", "From": "from_", "Status": "status", "ParentCallSid": "parent_sid"}
    state = exchange().state
    with state.lock:
        kept = [
            call
            for call in state.calls.values()
            if all(request.args.get(name) in (None, getattr(call, own)) for name, own in wanted.items())
            and paging.in_dates(call.started or call.created, "StartTime")
        ]
    return jsonify(paging.page_of("calls", [_json(call, account_sid) for call in reversed(kept)]))


def _found(sid: str) -> Call:
    call = exchange().state.calls.get(sid)
    if call is None:
        raise TwilioError(20404)
    return call


def fetch(account_sid: str, sid: str) -> Response:
    """One leg."""
    return jsonify(_json(_found(sid), account_sid))


def update(account_sid: str, sid: str) -> Response:
    """Hang up: `completed` always, `canceled` only before anybody picked up."""
    call, status = _found(sid), request.form.get("Status")
    if status not in {"completed", "canceled"} or call.status in FINAL_CALL:
        raise TwilioError(21220)
    if status == "completed" or call.started is None:
        call.hang_up()
    return jsonify(_json(call, account_sid))


def _json(call: Call, account_sid: str) -> dict[str, Any]:
    uri = f"/{API_VERSION}/Accounts/{account_sid}/Calls/{call.sid}"
    return {
        "account_sid": account_sid,
        "annotation": None,
        "answered_by": None,
        "api_version": API_VERSION,
        "caller_name": None,
        "date_created": paging.rfc2822(call.created),
        "date_updated": paging.rfc2822(call.ended or call.started or call.created),
        "direction": call.direction,
        "duration": None if call.seconds is None else str(call.seconds),
        "end_time": paging.rfc2822(call.ended),
        "forwarded_from": None,
        "from": call.from_,
        "from_formatted": call.from_,
        "group_sid": None,
        "parent_call_sid": call.parent_sid,
        "phone_number_sid": None,
        "price": None,
        "price_unit": "USD",
        "queue_time": "0",
        "sid": call.sid,
        "start_time": paging.rfc2822(call.started),
        "status": call.status,
        "subresource_uris": {"recordings": f"{uri}/Recordings.json"},
        "to": call.to,
        "to_formatted": call.to,
        "trunk_sid": None,
        "uri": f"{uri}.json",
    }
