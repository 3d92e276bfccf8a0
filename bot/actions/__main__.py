"""The action server Rasa calls: `python -m bot.actions`."""

import os
import sys
import warnings

from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor

from bot import garbage
from bot.actions import (
    calls,
    check_ins,
    crisis,
    directory,
    home_messages,
    questions,
    reading,
    safety,
    talk,
    using_alone,
    which_place,
)
from bot.actions import line as the_line
from bot.bootstrap import Line, set_up_logging
from bot.check_in_times import read_time
from bot.config import Settings
from bot.errors import SettingsError
from services_directory import places


def executor_of(line: Line) -> ActionExecutor:
    """Every action of the domain, with the line in its hand."""
    executor = ActionExecutor()
    for action in (
        reading.ReadText,
        *directory.ACTIONS,
        *questions.ACTIONS,
        *safety.ACTIONS,
        *the_line.ACTIONS,
        *which_place.ACTIONS,
        *calls.ACTIONS,
        *home_messages.ACTIONS,
        *check_ins.ACTIONS,
        *crisis.ACTIONS,
        *talk.ACTIONS,
        *using_alone.ACTIONS,
    ):
        executor.register_action(action(line))
    return executor


def warm_up(line: Line) -> None:
    """Read ZIPs, names and words of time now: the first person to send a ZIP waited 1.5 s for it."""
    places.warm_up()
    read_time("in 2 hours", line.clock(), line.settings.timezone)


def main() -> int:
    """Serve on loopback until told to stop; 2 when the settings are wrong."""
    set_up_logging()
    # Tried: this pair of versions works (docs/adr/0001).
    warnings.filterwarnings("ignore", message="Your versions of rasa and rasa_sdk")
    try:
        line = Line(Settings.from_env(os.environ))
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    with garbage.loading():
        warm_up(line)
        app = create_app(executor_of(line), cors_origins=[])
    # rasa_sdk's own run() listens on every interface.
    app.run(
        host="127.0.0.1",
        port=line.settings.actions_port,
        single_process=True,
        access_log=False,
        motd=False,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
