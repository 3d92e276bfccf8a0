"""The control API under /simulator: the texts of a phone, its manners, faults to order."""

import re
from dataclasses import asdict, fields
from threading import Thread
from typing import Any

from flask import Blueprint, Response, abort, jsonify, request

from simulator import inbound
from simulator.exchange import exchange
from simulator.inbound_form import Sending
from simulator.records import Persona, Text

NUMBER = re.compile(r"\+?[0-9]{3,15}")


def blueprint() -> Blueprint:
    """The routes of the control API."""
    door = Blueprint("control", __name__, url_prefix="/simulator")
    door.before_request(require_number)
    door.post("/phones/<number>/texts")(text)
    door.get("/phones/<number>/messages")(messages)
    door.get("/messages")(all_messages)
    door.post("/phones/<number>/persona")(set_persona)
    door.get("/phones/<number>/persona")(get_persona)
    door.get("/alerts")(alerts)
    door.post("/faults")(order_faults)
    door.delete("/faults")(clear_faults)
    door.post("/reset")(reset)
    return door


def require_number() -> None:
    """Answer 404 unless the path's number could be one."""
    if not NUMBER.fullmatch((request.view_args or {}).get("number", "000")):
        abort(404)


def text(number: str) -> tuple[Response, int] | Response:
    """Text the line; answers when the webhook has answered, or at once with "wait": false."""
    asked = request.get_json()
    known = {field.name for field in fields(Sending)} - {"phone", "to"}
    to = str(asked.get("to") or exchange().config.from_number)
    sending = Sending(number, to, **{name: asked[name] for name in known if asked.get(name) is not None})
    if sending.signature not in {"right", "wrong", "none"}:
        return jsonify(error="signature is right, wrong or none"), 400
    taken = inbound.accept(exchange(), sending)
    if asked.get("wait", True):
        return jsonify(inbound.forward(exchange(), taken, sending))
    Thread(target=inbound.forward, args=(exchange(), taken, sending), daemon=True).start()
    return jsonify(message_sid=taken.sid, webhook_status=None, twiml=None, error_code=None, attempts=[])


def messages(number: str) -> Response:
    """Texts of a phone in order, those with an id above `after`."""
    after = request.args.get("after", 0, type=int)
    state = exchange().state
    with state.lock:
        return jsonify([_shown(text) for text in state.by_phone.get(number, []) if text.id > after])


def all_messages() -> Response:
    """Texts of every phone in order, those with an id above `after`; each says whose phone it is."""
    after = request.args.get("after", 0, type=int)
    state = exchange().state
    with state.lock:
        found = sorted(
            (text for some in state.by_phone.values() for text in some if text.id > after), key=_id
        )
        return jsonify([{"phone": text.from_ if text.inbound else text.to, **_shown(text)} for text in found])


def _id(text: Text) -> int:
    return text.id


def _shown(text: Text) -> dict[str, Any]:
    return {
        "id": text.id,
        "direction": "in" if text.inbound else "out",
        "body": text.body,
        "at": text.created.isoformat(),
        "status": text.status,
        "message_sid": text.sid,
        "via": text.via,
        "media": text.media,
        "error_code": text.error_code,
        "answered": text.answered,
    }


def set_persona(number: str) -> tuple[Response, int] | Response:
    """Say how a number behaves; what is left out is as at the start."""
    try:
        persona = Persona(**request.get_json())
    except TypeError:
        return jsonify(error=f"a persona has {', '.join(field.name for field in fields(Persona))}"), 400
    with exchange().state.lock:
        exchange().state.personas[number] = persona
    return jsonify(asdict(persona))


def get_persona(number: str) -> Response:
    """How a number behaves."""
    return jsonify(asdict(exchange().state.persona(number)))


def alerts() -> Response:
    """What Twilio's debugger would list: error codes by SID."""
    with exchange().state.lock:
        return jsonify(exchange().state.alerts)


def order_faults() -> tuple[Response, int] | Response:
    """Make the REST API misbehave for a number of requests."""
    try:
        exchange().faults.order(request.get_json())
    except (AttributeError, TypeError, ValueError):
        return jsonify(error="faults are {messages|calls: {status, times, seconds}}"), 400
    return jsonify({})


def clear_faults() -> Response:
    """No more faults."""
    exchange().faults.clear()
    return jsonify({})


def reset() -> Response:
    """Forget every text, call, opt-out, persona and fault."""
    exchange().reset()
    return jsonify({})
