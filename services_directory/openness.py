"""Whether the listings found are open: their weekday rows or schedules, closures and holidays together."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session

from services_directory import hours
from services_directory.hours import Opening, OpenState
from services_directory.models import Closure, DirectoryImport, Schedule, ServiceAtLocation, WeeklyHours
from services_directory.nearby import Near

#: The statements are made once: making one takes as long as SQLite takes to answer it.
_AT = ServiceAtLocation.__table__
_HOURS = WeeklyHours.__table__
_WEEKLY = select(_HOURS).where(_HOURS.c.service_at_location_id.in_(bindparam("ids", expanding=True)))
_SHUT, _RULE = Closure.__table__, Schedule.__table__
_CLOSED = (
    select(_AT.c.id, _SHUT.c.starts_on, _SHUT.c.ends_on)
    .join(_SHUT, _SHUT.c.link_id.in_((_AT.c.id, _AT.c.service_id, _AT.c.location_id)))
    .where(_AT.c.id.in_(bindparam("ids", expanding=True)), _SHUT.c.ends_on >= bindparam("since"))
)
_RULES = select(_RULE).where(
    or_(
        _RULE.c.service_at_location_id.in_(bindparam("ids", expanding=True)),
        _RULE.c.service_id.in_(bindparam("services", expanding=True)),
        _RULE.c.location_id.in_(bindparam("locations", expanding=True)),
    ),
    _RULE.c.retired_on.is_(None),
)


def open_states(session: Session, near: Sequence[Near], at: datetime) -> dict[str, OpenState]:
    """Each listing's hours at an instant, by service at location id."""
    if not near:
        return {}
    ids = [one.row.service_at_location_id for one in near]
    closures = _closures(session, ids, at)
    weekly: dict[str, list[Opening]] = defaultdict(list)
    for row in session.execute(_WEEKLY, {"ids": ids}):
        weekly[row.service_at_location_id].append(Opening(row.weekday, row.opens, row.closes))
    unusual = {one.row.service_at_location_id for one in near if not one.row.weekly and _told(one.row)}
    schedules = schedules_of(session, _owners(session, unusual))
    utc = _sources_in_utc(session, {one.row.directory_source for one in near}) if unusual else set()
    states = {}
    for one in near:
        own = one.row.service_at_location_id
        closed = closures.get(own, ())
        if own in unusual:
            times = "utc" if one.row.directory_source in utc else "local"
            states[own] = hours.state(
                schedules.get(own, []), at, one.row.timezone, closures=closed, times=times
            )
        else:
            states[own] = hours.state_of_week(weekly[own], at, one.row.timezone, closures=closed)
    return states


def schedules_of(session: Session, owners: Collection[tuple[str, str, str]]) -> dict[str, list[Schedule]]:
    """The schedules that count for listings, each given as its own, its service's and its location's id.

    The nearest owner's win, as the standard has it; the building's are the last resort.
    """
    if not owners:
        return {}
    ids, services, locations = zip(*owners, strict=True)
    by_owner: dict[str, list[Any]] = defaultdict(list)
    for rule in session.execute(_RULES, {"ids": ids, "services": services, "locations": locations}):
        by_owner[str(rule.service_at_location_id or rule.service_id or rule.location_id)].append(rule)
    return {three[0]: next((by_owner[owner] for owner in three if owner in by_owner), []) for three in owners}


def _told(row: Any) -> bool:
    return row.monday is not None


def _owners(session: Session, ids: Collection[str]) -> list[tuple[str, str, str]]:
    if not ids:
        return []
    found = session.execute(select(_AT.c.id, _AT.c.service_id, _AT.c.location_id).where(_AT.c.id.in_(ids)))
    return [(row.id, row.service_id, row.location_id) for row in found]


def _closures(session: Session, ids: Collection[str], at: datetime) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    # What opened the evening before yesterday's closure ended may still be open, in any zone.
    for row in session.execute(_CLOSED, {"ids": ids, "since": (at - timedelta(days=2)).date()}):
        found[row.id].append(row)
    return found


def _sources_in_utc(session: Session, sources: Collection[str]) -> set[str]:
    newest = (
        select(func.max(DirectoryImport.id))
        .where(DirectoryImport.directory_source.in_(sources))
        .group_by(DirectoryImport.directory_source)
    )
    found = select(DirectoryImport.directory_source).where(
        DirectoryImport.id.in_(newest), DirectoryImport.times == "utc"
    )
    return set(session.scalars(found))
