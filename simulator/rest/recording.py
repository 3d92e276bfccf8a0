"""Writes the REST API's exchanges into the journal."""

from time import monotonic
from typing import Any

from flask import Blueprint, Response, g, request

from simulator.exchange import exchange


def record(door: Blueprint, target: str) -> None:
    """Note every exchange of a blueprint."""

    def begin() -> None:
        g.began = monotonic()

    def note(answer: Response) -> Response:
        cut = g.pop("cut", False)
        refused = answer.status_code >= 400 and answer.is_json
        told: Any = answer.get_json(silent=True) if refused else None
        code = told.get("code") if isinstance(told, dict) else None
        named = [str(value) for name, value in (request.view_args or {}).items() if name != "account_sid"]
        exchange().journal.note(
            "to twilio",
            target,
            request.method,
            # The query of a list holds numbers.
            request.path,
            None if cut else answer.status_code,
            sids=[*named, *([g.taken] if g.get("taken") and g.taken not in named else [])],
            error_code=code,
            fault=g.get("fault"),
            seconds=round(monotonic() - g.began, 3),
        )
        return answer

    door.before_request(begin)
    door.after_request(note)
