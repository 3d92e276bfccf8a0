"""The control API's manners of a phone."""

from dataclasses import asdict, fields

from flask import Blueprint, Response, jsonify, request

from simulator.control.numbers import require_number
from simulator.exchange import exchange
from simulator.personas import NAMED, Persona, persona_of


def blueprint() -> Blueprint:
    """The routes for personas."""
    door = Blueprint("control_personas", __name__, url_prefix="/simulator")
    door.before_request(require_number)
    door.post("/phones/<number>/persona")(set_persona)
    door.get("/phones/<number>/persona")(get_persona)
    door.get("/personas")(named)
    return door


def set_persona(number: str) -> tuple[Response, int] | Response:
    """Say how a number behaves, by name or in detail; what is left out is as at the start."""
    try:
        persona = persona_of(request.get_json())
    except TypeError:
        known = ", ".join(field.name for field in fields(Persona))
        return jsonify(error=f"a persona has a name or {known}"), 400
    except ValueError as error:
        return jsonify(error=str(error)), 400
    with exchange().state.lock:
        exchange().state.personas[number] = persona
    return jsonify(asdict(persona))


def get_persona(number: str) -> Response:
    """How a number behaves."""
    return jsonify(asdict(exchange().state.persona(number)))


def named() -> Response:
    """The personas that have names."""
    return jsonify({name: asdict(persona_of({"name": name})) for name in NAMED})
