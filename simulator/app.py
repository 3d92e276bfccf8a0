"""The Flask application of the simulated Twilio."""

from flask import Flask, Response, current_app, jsonify, request
from werkzeug.exceptions import HTTPException

from simulator.config import Config
from simulator.control import calls as control_calls
from simulator.control import personas, phone_page, texts, trouble
from simulator.errors import TwilioError
from simulator.exchange import Exchange
from simulator.rest import calls, media, messages
from simulator.rest.accounts import refused
from simulator.webhooks.status_callbacks import API_VERSION

#: A text with five pictures in base64.
MAXIMUM_BODY_BYTES = 8 * 1024 * 1024


def create_app(config: Config) -> Flask:
    """Build the application; its Exchange is `app.extensions["simulator"]`, to be closed at the end."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = MAXIMUM_BODY_BYTES
    # A page elsewhere whose name was made to point at this machine reaches nothing.
    app.config["TRUSTED_HOSTS"] = ["127.0.0.1", "localhost", "[::1]"]
    app.extensions["simulator"] = Exchange(config)
    app.register_error_handler(TwilioError, refused)
    app.register_error_handler(Exception, failed)
    for part in (messages, media, calls, texts, control_calls, personas, trouble, phone_page):
        app.register_blueprint(part.blueprint())
    return app


def failed(error: Exception) -> HTTPException | tuple[Response, int]:
    """Log a failure without the path or the words, which hold numbers and texts."""
    if isinstance(error, HTTPException):
        if request.path.startswith(f"/{API_VERSION}/") and error.code in {404, 405}:
            return TwilioError(20404).response()
        return error
    current_app.logger.error("%s failed: %s", request.endpoint, type(error).__name__)
    return jsonify(error="the simulator failed"), 500
