"""GET /phone: the way to the simulator's phone page, when the simulator is Twilio."""

from flask import Blueprint, redirect
from werkzeug.wrappers import Response

from webhooks.security import line


def blueprint() -> Blueprint:
    """One redirect."""
    door = Blueprint("phone", __name__)
    door.get("/phone")(phone)
    return door


def phone() -> Response:
    """Off to the simulator."""
    return redirect(f"{line().settings.twilio_api_base}/phone")
