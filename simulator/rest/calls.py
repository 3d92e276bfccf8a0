"""Twilio's Calls resource: https://www.twilio.com/docs/voice/api/call-resource"""

from threading import Thread
from urllib.parse import urlsplit

from flask import Blueprint, Response, g, jsonify, make_response, request

from simulator.errors import TwilioError
from simulator.exchange import exchange
from simulator.faults.rest import answered
from simulator.rest import paging
from simulator.rest.accounts import require_account
from simulator.rest.call_json import call_json
from simulator.rest.creating import E164, MAGIC_TO
from simulator.rest.parameters import note_unknown
from simulator.rest.recording import record
from simulator.state import FINAL_CALL
from simulator.voice.call_events import AT_ONCE, TO_THE_END
from simulator.voice.call_flow import place
from simulator.voice.call_record import Call
from simulator.voice.promises import RECORDED

#: MachineDetectionTimeout in seconds: 3 to 59.
LEAST_PATIENCE, MOST_PATIENCE = 3, 60


def blueprint() -> Blueprint:
    """Create, list, fetch, hang up and delete."""
    door = Blueprint("calls", __name__, url_prefix="/2010-04-01/Accounts/<account_sid>")
    record(door, "calls")
    door.before_request(require_account)
    door.post("/Calls.json")(create)
    door.get("/Calls.json")(list_)
    door.get("/Calls/<sid>.json")(fetch)
    door.post("/Calls/<sid>.json")(update)
    door.delete("/Calls/<sid>.json")(delete)
    return door


def create(account_sid: str) -> Response:
    """Ring a phone; 201 with status queued."""

    def take() -> Response:
        note_unknown("Calls.create")
        call = _taken()
        g.taken = call.sid
        answer = make_response(jsonify(call_json(call, account_sid)), 201)
        Thread(target=place, args=(exchange(), call), name=call.sid, daemon=True).start()
        return answer

    return answered("calls", request.form.get("To", ""), take)


def _taken() -> Call:
    form, here = request.form, exchange()
    to, sender, url, twiml = (form.get(name, "").strip() for name in ("To", "From", "Url", "Twiml"))
    if not to:
        raise TwilioError(21201)
    if not E164.fullmatch(to) or to in MAGIC_TO:
        raise TwilioError(21211)
    if not sender:
        raise TwilioError(21213)
    if sender != here.config.from_number:
        raise TwilioError(21210)
    if not twiml and urlsplit(url).scheme not in {"http", "https"}:
        raise TwilioError(21205)
    detection = form.get("MachineDetection", "")
    patience = form.get("MachineDetectionTimeout", 30.0, type=float)
    # https://www.twilio.com/docs/voice/answering-machine-detection gives the values and the seconds.
    if detection not in {"", AT_ONCE, TO_THE_END} or not LEAST_PATIENCE <= patience < MOST_PATIENCE:
        raise TwilioError(20001)
    call = here.state.add_call(
        to=to,
        from_=sender,
        direction="outbound-api",
        url=url,
        twiml=twiml,
        status_callback=form.get("StatusCallback", ""),
        status_events=tuple(form.getlist("StatusCallbackEvent")) or ("completed",),
        timeout=form.get("Timeout", 60.0, type=float),
        recorded=form.get("Record") == "true",
        machine_detection=detection,
        machine_detection_timeout=patience,
    )
    if call.recorded:
        here.state.violation(RECORDED, call.sid)
    return call


def list_(account_sid: str) -> Response:
    """Legs of calls, newest first, by To, From, Status, ParentCallSid and StartTime."""
    wanted = {"To": "to", "From": "from_", "Status": "status", "ParentCallSid": "parent_sid"}

    def take() -> Response:
        note_unknown("Calls.list")
        started, ended = paging.Dates("StartTime"), paging.Dates("EndTime")
        state = exchange().state
        with state.lock:
            kept = (
                call
                for call in reversed(list(state.calls.values()))
                if all(request.args.get(name) in (None, getattr(call, own)) for name, own in wanted.items())
                and started.allow(call.started or call.created)
                and ended.allow(call.ended or call.created)
            )
            return jsonify(paging.page_of("calls", kept, lambda call: call_json(call, account_sid)))

    return answered("lists", request.args.get("To", ""), take)


def _found(sid: str) -> Call:
    call = exchange().state.calls.get(sid)
    if call is None:
        raise TwilioError(20404)
    return call


def fetch(account_sid: str, sid: str) -> Response:
    """One leg."""
    return jsonify(call_json(_found(sid), account_sid))


def update(account_sid: str, sid: str) -> Response:
    """Hang up: `completed` always, `canceled` only before anybody picked up."""
    note_unknown("Calls.update")
    call, status = _found(sid), request.form.get("Status")
    if status not in {"completed", "canceled"} or call.status in FINAL_CALL:
        raise TwilioError(21220)
    if status == "completed" or call.started is None:
        call.hang_up()
    return jsonify(call_json(call, account_sid))


def delete(account_sid: str, sid: str) -> tuple[str, int]:
    """Forget a leg, once it has ended. The legs it rang stay until they are deleted themselves."""
    call = _found(sid)
    if call.status not in FINAL_CALL:
        raise TwilioError(20009)
    exchange().state.delete_call(call)
    return "", 204
