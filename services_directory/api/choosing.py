"""Which objects of a list are meant, and in which order."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from services_directory.api import filters
from services_directory.api.asking import Asked
from services_directory.api.coverage import zip_codes
from services_directory.api.nearness import MOST_IDS, near
from services_directory.api.opened import Opening, open_at
from services_directory.api.remembered import Ids
from services_directory.api.resources import Resource
from services_directory.api.values import instant
from services_directory.models import TABLES, Service, ServiceAtLocation


@dataclass(frozen=True)
class Chosen:
    """The objects of a list in its order: a query for their ids, or the ids themselves."""

    query: Select[Any] | None
    known: Ids = field(default_factory=lambda: Ids(()))

    def total(self, session: Session) -> int:
        """How many there are."""
        if self.query is None:
            return len(self.known)
        counted = select(func.count()).select_from(self.query.order_by(None).subquery())
        return session.scalar(counted) or 0

    def first(self, session: Session, offset: int, limit: int) -> list[str]:
        """Some of the first ids, without looking for the others."""
        if self.query is None:
            return self.known.slice(offset, limit)
        return list(session.scalars(self.query.offset(offset).limit(limit)))

    def ids(self, session: Session) -> Ids:
        """All of the ids."""
        return self.known if self.query is None else Ids(session.scalars(self.query))


def choose(session: Session, resource: Resource, asked: Asked, now: datetime) -> Chosen:
    """What a list's filters leave: by id, or the nearest first when `proximity` is asked for."""
    if resource.table in filters.BY_TABLE:
        column = TABLES[resource.table].id
        return Chosen(select(column).where(*filters.BY_TABLE[resource.table](asked)).order_by(column))
    at = asked["open_at"] or (now if asked["open_now"] else None)
    opening = open_at(session, at) if at else None
    services = resource.table == "service"
    if asked["postcode"] is not None:
        place = zip_codes().get(asked["postcode"][:5])
        if place is None:
            return Chosen(None)
        listed = near(session, filters.of_service_at_locations(asked, None), place, asked["proximity"])
        if opening:
            open_ids = _open_among(session, asked, opening, [one.id for one in listed])
            listed = [one for one in listed if one.id in open_ids]
        if asked["modified_after"]:
            kept = set(_modified(session, Service.id, [], asked["modified_after"]))
            listed = [one for one in listed if one.service_id in kept]
        return Chosen(None, Ids(dict.fromkeys(one.service_id if services else one.id for one in listed)))
    wanted = filters.of_services if services else filters.of_service_at_locations
    column = Service.id if services else ServiceAtLocation.id
    conditions = wanted(asked, opening)
    if asked["modified_after"]:
        return Chosen(None, Ids(_modified(session, column, conditions, asked["modified_after"])))
    return Chosen(select(column).where(*conditions).order_by(column))


def _open_among(session: Session, asked: Asked, opening: Opening, ids: list[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(ids), MOST_IDS):
        some = filters.listings(asked, opening, ids[start : start + MOST_IDS])
        found |= set(session.scalars(some)) if some is not None else set()
    return found


def _modified(
    session: Session, column: Any, conditions: list[ColumnElement[bool]], after: datetime
) -> list[str]:
    """Ids whose service says that it was modified then or later. Sources write times in their own ways."""
    said = select(column, Service.last_modified).where(*conditions)
    if column is ServiceAtLocation.id:
        said = said.join(Service, Service.id == ServiceAtLocation.service_id)
    if after.year > 1:
        # Text sorts by day well enough to pass most over; a day earlier, since offsets differ.
        said = said.where(Service.last_modified >= (after - timedelta(days=2)).date().isoformat())
    found = session.execute(said.order_by(column))
    return [row[0] for row in found if (at := instant(row[1] or "")) and _read(at) >= after]


def _read(text: str) -> datetime:
    read = datetime.fromisoformat(text)
    return read if read.tzinfo else read.replace(tzinfo=UTC)
