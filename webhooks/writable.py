"""Can the database be written, to the disk, now? A full disk can be read as well as any."""

import logging

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from bot.db import writing

logger = logging.getLogger(__name__)
#: Twilio waits 15 s; somebody who texts should not.
WITHIN_SECONDS = 2.0
#: A commit that reaches the disk and changes nothing: SQLite writes its first page with a number that nobody
#: uses, PostgreSQL a transaction of its own (which no server that only follows another can have).
PROBES = {"sqlite": "PRAGMA user_version = 0", "postgresql": "SELECT pg_current_xact_id()"}


def is_writable(engine: Engine, within: float = WITHIN_SECONDS) -> bool:
    """Whether a transaction commits within so many seconds."""
    try:
        with writing(engine, within=within) as session:
            session.execute(text(PROBES[engine.dialect.name]))
    except SQLAlchemyError as error:
        logger.error("the database cannot be written: %s", type(error).__name__)
        return False
    return True
