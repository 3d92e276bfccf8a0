"""Is this really Twilio? The signature covers the configured public URL and the target as it was sent."""

from flask import abort, current_app, request
from twilio.request_validator import RequestValidator

from bot.bootstrap import Line

FORM = "application/x-www-form-urlencoded"


def line() -> Line:
    """The line this application was built with."""
    found: Line = current_app.extensions["line"]
    return found


def require_twilio_signature() -> None:
    """Answer 403 unless the request is signed with our auth token.

    Flask's own request.url is rewritten (escapes, case, slashes) and a genuine signature then fails, so the
    URL is rebuilt from PUBLIC_BASE_URL and the raw target. A JSON body would be unsigned by this scheme.
    """
    if request.method == "POST" and request.mimetype != FORM:
        abort(403)
    environ = request.environ
    target = environ.get("RAW_URI") or environ.get("REQUEST_URI") or request.full_path.rstrip("?")
    url = line().settings.public_base_url + target
    validator = RequestValidator(line().settings.twilio_auth_token)
    if not validator.validate(url, request.form, request.headers.get("X-Twilio-Signature", "")):
        abort(403)
