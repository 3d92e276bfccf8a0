"""The Flask application: settings in, routes out."""

import os

from flask import Flask

import inbox
from bot import garbage, triage
from bot.bootstrap import Line, set_up_logging
from bot.config import Settings
from bot.db import reading
from services_directory import api as hsds_api
from webhooks import cards, health, phone, sms, status, voice
from webhooks.refusals import Refusals
from webhooks.security import require_twilio_signature
from webhooks.storing import Storing

#: A webhook carries a text of 1,600 characters and a few dozen short fields.
MAXIMUM_BODY_BYTES = 256 * 1024


def create_app(line: Line | None = None) -> Flask:
    """Build the web process's application. Raises SettingsError when a setting is missing or bad."""
    if line is None:
        with garbage.loading():
            return create_app(Line(Settings.from_env(os.environ), eager=True))
    set_up_logging()
    # The first emergency must not wait for the rules to be read.
    triage.warm_up()
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = MAXIMUM_BODY_BYTES
    app.config["MAX_FORM_MEMORY_SIZE"] = MAXIMUM_BODY_BYTES
    app.extensions["line"] = line
    app.extensions["storing"] = Storing(line)
    app.extensions["refusals"] = Refusals(lambda: line.engine, line.clock)
    for blueprint in (sms.blueprint(), status.blueprint(), voice.blueprint()):
        blueprint.before_request(require_twilio_signature)
        app.register_blueprint(blueprint)
    app.register_blueprint(health.blueprint())
    app.register_blueprint(cards.blueprint())
    directory = hsds_api.blueprint(lambda: reading(line.engine), line.clock, line.settings.public_base_url)
    app.register_blueprint(directory)
    app.register_blueprint(inbox.blueprint(line))
    if line.settings.simulated:
        app.register_blueprint(phone.blueprint())
    return app
