"""Counts what nobody can count later without opening texts: the need and the area of each search.

Only the day's number goes up by one. Nothing leads from it to a person, a text or a time of day.
"""

import logging
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bot.db import writing
from bot.models import DailyCount
from bot.numbers.measures import Measure

logger = logging.getLogger(__name__)
UNKNOWN = "unknown"
#: Somebody waits for an answer: a number may be lost, a second may not.
WITHIN_SECONDS = 0.5


def note_served(
    engine: Engine, needs: Sequence[str], zip_code: str | None, at: datetime, timezone: str
) -> None:
    """Count a search for some needs near a ZIP; not when the database is busy, and without an error then."""
    try:
        with writing(engine, within=WITHIN_SECONDS) as session:
            add(session, needs, zip_code, at, timezone)
    except OperationalError:
        logger.warning("a search was not counted: the database is busy")


def add(session: Session, needs: Sequence[str], zip_code: str | None, at: datetime, timezone: str) -> None:
    """The same in the caller's transaction."""
    day = at.astimezone(ZoneInfo(timezone)).date()
    area = zip_code[:3] if zip_code and zip_code[:3].isdigit() else UNKNOWN
    parts = [(Measure.NEEDS, need) for need in dict.fromkeys(needs)] + [(Measure.ZIP3, area)]
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    # In one order always, so that two who count do not wait for each other in a ring.
    for measure, part in sorted(parts):
        new = insert(DailyCount).values(day=day, measure=measure, part=part[:32], count=1)
        session.execute(
            new.on_conflict_do_update(
                index_elements=["day", "measure", "part"], set_={"count": DailyCount.count + 1}
            )
        )
