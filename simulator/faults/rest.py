"""A fault that strikes a request to the REST API."""

import socket
from collections.abc import Callable
from time import sleep

from flask import Response, g, jsonify, make_response, request

from simulator.errors import TwilioError
from simulator.exchange import exchange

#: What a status is answered with unless the order says otherwise.
CODES = {401: 20003, 404: 20404, 429: 20429, 503: 20503}


def answered(target: str, phone: str, take: Callable[[], Response]) -> Response:
    """Take a request, or let the fault ordered for it strike."""
    struck = exchange().faults.strike(target, phone, most=1)
    if not struck:
        return take()
    fault = struck[0]
    g.fault = fault.kind
    if not fault.spoils_the_answer:
        sleep(fault.seconds)
        return _refused(fault.kind, fault.code, fault.body)
    answer = take()
    sleep(fault.seconds)
    if fault.kind == "slow":
        return answer
    if fault.kind == "no_sid":
        return make_response(jsonify({**answer.get_json(), "sid": None}), answer.status_code)
    if fault.kind == "cut":
        return _cut()
    raise TwilioError(20500)


def _refused(kind: str | int, code: int, body: str | None) -> Response:
    if kind == "cut_before":
        return _cut()
    status = kind if isinstance(kind, int) else 500
    if body is not None:
        return Response(body, status, mimetype="text/plain")
    raise TwilioError(code or CODES.get(status, 20500), status)


def _cut() -> Response:
    """Close the connection: the client never gets an answer. Werkzeug takes the failed write calmly."""
    wire: socket.socket | None = request.environ.get("werkzeug.socket")
    g.cut = True
    if wire is not None:
        wire.shutdown(socket.SHUT_RDWR)
    return Response(status=500)
