"""The control API's faults and settings, its clock and journal, and what was found wrong."""

from typing import Any

from flask import Blueprint, Response, abort, jsonify, request

from simulator.exchange import exchange

MOST_ENTRIES = 5_000


def blueprint() -> Blueprint:
    """The routes that make trouble and look at it."""
    door = Blueprint("control_trouble", __name__, url_prefix="/simulator")
    door.post("/faults")(order_faults)
    door.get("/faults")(faults)
    door.delete("/faults")(clear_faults)
    door.post("/replays")(replay)
    door.post("/settings")(change_settings)
    door.get("/settings")(settings)
    door.post("/clock")(change_clock)
    door.get("/clock")(clock)
    door.get("/journal")(journal)
    door.get("/alerts")(alerts)
    door.get("/violations")(violations)
    door.post("/reset")(reset)
    return door


def order_faults() -> tuple[Response, int] | Response:
    """Make requests or webhooks go wrong; answers what is to come."""
    try:
        exchange().faults.order(request.get_json())
    except (AttributeError, TypeError, ValueError) as error:
        return jsonify(error=str(error)), 400
    return faults()


def faults() -> Response:
    """What is still to go wrong."""
    return jsonify(exchange().faults.waiting())


def clear_faults() -> Response:
    """No more faults."""
    exchange().faults.clear()
    return jsonify({})


def replay() -> Response:
    """Send a webhook of the journal again, byte for byte: {"journal": id}."""
    kept = exchange().journal.kept(int(request.get_json().get("journal", 0)))
    if kept is None:
        abort(404)
    target, _, webhook = kept
    answer = exchange().sender.replay(webhook, target)
    return jsonify(status=answer.status, body=answer.body, error_code=answer.error_code)


def change_settings() -> tuple[Response, int] | Response:
    """Change settings of the account, the network and the webhooks."""
    try:
        exchange().change_settings(request.get_json())
    except ValueError as error:
        return jsonify(error=str(error)), 400
    return settings()


def settings() -> Response:
    """The settings that may be changed."""
    return jsonify(exchange().config.changeable())


def change_clock() -> tuple[Response, int] | Response:
    """Freeze time or let it run ({"frozen": true}), or move it on ({"advance": seconds})."""
    asked: dict[str, Any] = request.get_json()
    frozen, seconds = asked.get("frozen"), asked.get("advance", 0)
    if set(asked) - {"frozen", "advance"} or not isinstance(seconds, int | float) or seconds < 0:
        return jsonify(error="a clock is {frozen: true or false, advance: seconds}"), 400
    timeline = exchange().timeline
    if frozen is not None:
        timeline.freeze(bool(frozen))
    if seconds:
        timeline.advance(float(seconds))
    return clock()


def clock() -> Response:
    """The time here."""
    time = exchange().clock
    return jsonify(now=time.now().isoformat(), frozen=time.frozen)


def journal() -> Response:
    """HTTP exchanges in order, those with an id above `after`, at most `limit`."""
    after, limit = request.args.get("after", 0, type=int), request.args.get("limit", 1000, type=int)
    return jsonify(exchange().journal.after(after, min(limit, MOST_ENTRIES)))


def alerts() -> Response:
    """What Twilio's debugger would list: error codes by SID."""
    with exchange().state.lock:
        return jsonify(exchange().state.alerts)


def violations() -> Response:
    """Promises about calls that were broken."""
    with exchange().state.lock:
        return jsonify(exchange().state.violations)


def reset() -> Response:
    """Forget every text, call, opt-out, persona, fault, setting and journal entry; time is real again."""
    exchange().reset()
    return jsonify({})
