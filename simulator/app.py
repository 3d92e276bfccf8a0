"""The Flask application of the simulated Twilio."""

from flask import Flask, Response, current_app, jsonify, request
from werkzeug.exceptions import HTTPException

from simulator import calls_api, control, control_calls, messages_api, phone_page
from simulator.accounts import refused
from simulator.config import Config
from simulator.errors import TwilioError
from simulator.exchange import Exchange

MAXIMUM_BODY_BYTES = 1024 * 1024


def create_app(config: Config) -> Flask:
    """Build the application; its Exchange is `app.extensions["simulator"]`, to be closed at the end."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = MAXIMUM_BODY_BYTES
    # A page elsewhere whose name was made to point at this machine reaches nothing.
    app.config["TRUSTED_HOSTS"] = ["127.0.0.1", "localhost", "[::1]"]
    app.extensions["simulator"] = Exchange(config)
    app.register_error_handler(TwilioError, refused)
    app.register_error_handler(Exception, failed)
    for part in (messages_api, calls_api, control, control_calls, phone_page):
        app.register_blueprint(part.blueprint())
    return app


def failed(error: Exception) -> HTTPException | tuple[Response, int]:
    """Log a failure without the path or the words, which hold numbers and texts."""
    if isinstance(error, HTTPException):
        return error
    current_app.logger.error("%s failed: %s", request.endpoint, type(error).__name__)
    return jsonify(error="the simulator failed"), 500
