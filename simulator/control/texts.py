"""The control API's texts: what a phone sends, what it got, and any other webhook."""

from dataclasses import fields
from threading import Thread
from typing import Any

from flask import Blueprint, Response, jsonify, request

from simulator.control.numbers import require_number
from simulator.exchange import exchange
from simulator.records import Text
from simulator.webhooks import inbound
from simulator.webhooks.inbound_form import Sending
from simulator.webhooks.signing import Manner

SIGNATURES, FORMS = {"right", "wrong", "none"}, {"form", "json", "tampered_json", "get"}


def blueprint() -> Blueprint:
    """The routes for texts."""
    door = Blueprint("control_texts", __name__, url_prefix="/simulator")
    door.before_request(require_number)
    door.post("/phones/<number>/texts")(text)
    door.get("/phones/<number>/messages")(messages)
    door.get("/messages")(all_messages)
    door.post("/webhooks")(webhook)
    return door


def text(number: str) -> tuple[Response, int] | Response:
    """Text the line; answers when the webhook has answered, or at once with "wait": false."""
    asked, here = request.get_json(), exchange()
    known = {field.name for field in fields(Sending)} - {"phone", "to"}
    to = str(asked.get("to") or here.config.from_number)
    sending = Sending(number, to, **{name: asked[name] for name in known if asked.get(name) is not None})
    if sending.signature not in SIGNATURES:
        return jsonify(error="signature is right, wrong or none"), 400
    try:
        pictures = sending.pictures()
    except (KeyError, ValueError):
        return jsonify(error="attachments are [{content_type, base64}]"), 400
    taken = inbound.accept(here, sending, pictures, request.host_url.rstrip("/"))
    if asked.get("wait", True):
        return jsonify(inbound.forward(here, taken, sending))
    Thread(target=inbound.forward, args=(here, taken, sending), daemon=True).start()
    return jsonify(message_sid=taken.sid, webhook_status=None, twiml=None, error_code=None, attempts=[])


def messages(number: str) -> Response:
    """Texts of a phone in order, those with an id above `after`."""
    state = exchange().state
    with state.lock:
        found = state.index.after(request.args.get("after", 0, type=int), number)
        return jsonify([_shown(one) for one in found])


def all_messages() -> Response:
    """Texts of every phone in order, those with an id above `after`; each says whose phone it is."""
    state = exchange().state
    with state.lock:
        found = state.index.after(request.args.get("after", 0, type=int))
        return jsonify([{"phone": one.phone, **_shown(one)} for one in found])


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


def webhook() -> tuple[Response, int] | Response:
    """Send any webhook: {"path": ..., "fields": {...}, "signature", "form", "headers"}; answers what came."""
    asked, here = request.get_json(), exchange()
    manner = Manner(asked.get("signature", "right"), asked.get("form", "form"))
    path = str(asked.get("path", ""))
    if not path.startswith("/") or manner.signature not in SIGNATURES or manner.form not in FORMS:
        words = f"{{path: /..., fields, headers, signature: {SIGNATURES}, form: {FORMS}}}"
        return jsonify(error=f"a webhook is {words}"), 400
    answer = here.sender.post(
        here.config.public_base_url + path,
        asked.get("fields", {}),
        target="made_up",
        headers=asked.get("headers"),
        manner=manner,
    )
    return jsonify(
        status=answer.status, body=answer.body, content_type=answer.content_type, error_code=answer.error_code
    )
