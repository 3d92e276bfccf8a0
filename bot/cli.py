"""`python -m bot`: what an operator does from a terminal."""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy.exc import DBAPIError

from bot import audit_commands, privacy_commands, roster_commands
from bot.adapters import durable
from bot.bootstrap import Line, set_up_logging
from bot.config import Settings
from bot.db import writing
from bot.directory_commands import export_to, import_into
from bot.errors import DialogueUnavailable, SettingsError
from bot.people import conversation_with
from bot.replies import render


def migrate(line: Line, _arguments: argparse.Namespace) -> int:
    """Bring our tables and DBOS's up to date."""
    config = Config("alembic.ini")
    config.attributes["engine"] = line.engine
    command.upgrade(config, "head")
    durable.migrate(line.settings.database_url)
    print("The database is up to date.")
    return 0


def chat(line: Line, _arguments: argparse.Namespace) -> int:
    """Talk to the dialogue model from the terminal: it answers, and no text is stored or sent."""
    with writing(line.engine) as session:
        conversation = conversation_with(session, "terminal", line.clock()).public_id
    for text in sys.stdin:
        try:
            replies = line.dialogue.ask(conversation, text.strip(), 0)
        except DialogueUnavailable as error:
            sys.stderr.write(f"{error}\n")
            return 1
        for reply in replies:
            print(render(reply.key, reply.fill, "en", line.clock()))
    return 0


def main(argv: list[str], environ: Mapping[str, str]) -> int:
    """Run one command: 2 when the settings are wrong, 1 when the database does not do what is asked of it."""
    parser = argparse.ArgumentParser(prog="python -m bot", description="Look after the line.")
    commands = parser.add_subparsers(required=True, metavar="command")
    commands.add_parser("migrate", help="bring the database up to date").set_defaults(run=migrate)
    importing = commands.add_parser(
        "import-directory", help="load a directory of services: file, folder or zip"
    )
    importing.add_argument("path", type=Path)
    importing.add_argument("--source", help="a name for where it came from (default: the file's name)")
    importing.add_argument(
        "--times",
        choices=("local", "utc"),
        help="what its clock times mean (default: as the last time; local for a new source)",
    )
    importing.add_argument(
        "--allow-shrinking", action="store_true", help="even if most of its services would be gone"
    )
    importing.add_argument(
        "--report", type=Path, metavar="FILE.csv", help="write every refusal and warning there"
    )
    importing.add_argument("--dry-run", action="store_true", help="only say what would be done")
    importing.set_defaults(run=import_into)
    exporting = commands.add_parser("export-directory", help="write the directory as an HSDS datapackage")
    exporting.add_argument("path", type=Path, help="a name that ends in .zip, or a folder")
    exporting.add_argument("--source", help="only what came from this source (default: everything)")
    exporting.set_defaults(run=export_to)
    commands.add_parser("chat", help="talk to the dialogue model").set_defaults(run=chat)
    roster_commands.register(commands)
    privacy_commands.register(commands)
    audit_commands.register(commands)
    arguments = parser.parse_args(argv)
    set_up_logging()
    try:
        line = Line(Settings.from_env(environ))
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    try:
        return int(arguments.run(line, arguments))
    except DBAPIError as error:
        # What the driver says may hold a number or a text.
        sys.stderr.write(
            f"The database refused ({type(error).__name__}). Is it there, and up to date? "
            "`python -m bot migrate` brings it up to date and loses nothing.\n"
        )
        return 1
