"""The control API's calls: what was said to whom, keys to press, and ringing the line."""

from flask import Blueprint, Response, abort, jsonify, request

from simulator.control.numbers import require_number
from simulator.exchange import exchange
from simulator.voice.call_flow import take
from simulator.voice.hands import press


def blueprint() -> Blueprint:
    """The routes for calls."""
    door = Blueprint("control_calls", __name__, url_prefix="/simulator")
    door.before_request(require_number)
    door.post("/phones/<number>/calls")(ring_the_line)
    door.get("/calls")(calls)
    door.post("/calls/<sid>/keys")(press_key)
    return door


def ring_the_line(number: str) -> Response:
    """The phone calls the line; answers when the call is over."""
    config = exchange().config
    call = exchange().state.add_call(to=config.from_number, from_=number, direction="inbound")
    take(exchange(), call)
    return jsonify(call.summary())


def calls() -> Response:
    """Calls in order, each with its legs; the first leg's state is the call's."""
    state = exchange().state
    with state.lock:
        every = list(state.calls.values())
        return jsonify(
            [
                {
                    "sid": first.sid,
                    "status": first.status,
                    "bridged": first.bridged,
                    "at": first.created.isoformat(),
                    "ended": first.ended.isoformat() if first.ended else None,
                    "legs": [leg.summary() for leg in every if first.sid in (leg.sid, leg.parent_sid)],
                }
                for first in every
                if first.parent_sid is None
            ]
        )


def press_key(sid: str) -> tuple[Response, int] | Response:
    """Press a key of the phone on a leg: {"key": "answer" | "hang-up" | "0".."9" | "*" | "#"}."""
    call = exchange().state.calls.get(sid)
    if call is None:
        abort(404)
    try:
        press(call, str(request.get_json().get("key")))
    except ValueError:
        return jsonify(error="key is answer, hang-up, 0 to 9, * or #"), 400
    return jsonify({})
