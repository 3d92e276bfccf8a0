"""The blueprint: every page with its address. Each names what it needs (inbox/permits.py)."""

from flask import Blueprint
from flask.blueprints import BlueprintSetupState

from bot.bootstrap import Line
from bot.staff.passwords import Passwords
from inbox import built_files, errors, guard, templating
from inbox.desk import Desk
from inbox.pages import (
    account,
    agency,
    audit,
    cards,
    conversations,
    directory,
    factor,
    invitation,
    listings,
    numbers,
    signing_in,
    tasks,
    totals,
    workers,
)


def blueprint(line: Line, desk: Desk | None = None) -> Blueprint:
    """Every page under /inbox. A test gives a `desk` with a clock of its own."""
    door = Blueprint("inbox", __name__, url_prefix="/inbox", template_folder="templates")

    def set_up(state: BlueprintSetupState) -> None:
        state.app.extensions["inbox"] = desk or Desk(line, line.clock, Passwords())

    door.record(set_up)
    door.before_request(guard.admit)
    door.after_request(guard.protect)
    templating.register(door)
    errors.register(door)
    door.add_url_rule("/static/<of>/<path:path>", "static_file", built_files.static_file)
    for page in (
        signing_in,
        agency,
        factor,
        invitation,
        account,
        workers,
        audit,
        conversations,
        cards,
        totals,
        directory,
        listings,
        numbers,
        tasks,
    ):
        page.register(door)
    return door
