"""GET /phone: a phone in the browser that talks to the control API."""

from flask import Blueprint, Response, make_response, render_template

from simulator.exchange import exchange

#: No inline script or style, nothing from anywhere else, shown in no frame.
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'"
)


def blueprint() -> Blueprint:
    """The page."""
    door = Blueprint("phone", __name__)
    door.get("/phone")(phone)
    return door


def phone() -> Response:
    """The page; everything that changes comes from the control API."""
    page = make_response(render_template("phone.html", line=exchange().config.from_number))
    page.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    page.headers["X-Content-Type-Options"] = "nosniff"
    page.headers["Referrer-Policy"] = "no-referrer"
    return page
