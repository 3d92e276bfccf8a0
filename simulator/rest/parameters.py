"""Parameters Twilio does not know: it passes over them, and so does the simulator, but not in silence."""

from pathlib import Path

import yaml
from flask import request

from simulator.exchange import exchange

KNOWN: dict[str, list[str]] = yaml.safe_load(Path(__file__).with_name("parameters.yml").read_text("utf-8"))


def note_unknown(operation: str) -> None:
    """Note each parameter of this request that the operation does not have."""
    given = request.form if request.method == "POST" else request.args
    for name in sorted(set(given) - set(KNOWN[operation])):
        exchange().state.alert(20001, "", operation=operation, parameter=name)
