"""Objects of the directory for the routes: one, a page of them, or all of them line by line."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services_directory import corrections
from services_directory.api import plans
from services_directory.api.answers import dumps
from services_directory.api.asking import Asked
from services_directory.api.choosing import choose
from services_directory.api.filters import is_id
from services_directory.api.nesting import objects
from services_directory.api.paging import page
from services_directory.api.remembered import Remembered
from services_directory.api.resources import Resource
from services_directory.api.values import instant
from services_directory.models import DirectoryImport, Service

#: Objects made at a time in a stream.
BATCH = 500
#: So far into a list the database counts quickly enough.
EARLY = 2000
Sessions = Callable[[], AbstractContextManager[Session]]


class Directory:
    """The directory as the API shows it. `sessions` opens a session to read with."""

    def __init__(self, sessions: Sessions) -> None:
        self.sessions = sessions
        self._remembered = Remembered()

    def state(self, session: Session) -> str:
        """A text that changes whenever the directory does: by imports and by corrections."""
        newest, count = session.execute(
            select(func.max(DirectoryImport.id), func.count(DirectoryImport.id))
        ).one()
        return f"{newest}/{count}/{corrections.state(session)}"

    def one(self, session: Session, resource: Resource, given_id: str, asked: Asked) -> dict[str, Any] | None:
        """An object with everything inside it, or None."""
        row_id = is_id(given_id)
        if row_id is None:
            return None
        found = objects(session, _whole(resource, asked, detail=True), [row_id])
        return found[0] if found else None

    def page(
        self, session: Session, resource: Resource, asked: Asked, now: datetime, state: str
    ) -> dict[str, Any]:
        """One page of a list."""
        moment = now.isoformat(timespec="minutes") if asked["open_now"] else None
        key = (resource.name, asked.filters, moment)
        if asked.filters or asked.offset > EARLY:
            found = self._remembered.ids(
                state, key, lambda: choose(session, resource, asked, now).ids(session)
            )
            total, ids = len(found), found.slice(asked.offset, asked.per_page)
        else:
            every = choose(session, resource, asked, now)
            total = self._remembered.total(state, key, lambda: every.total(session))
            ids = every.first(session, asked.offset, asked.per_page)
        return page(asked, total, _items(session, resource, asked, ids))

    def lines(self, resource: Resource, asked: Asked, now: datetime) -> Iterator[bytes]:
        """Every object of a list on a line of its own."""
        with self.sessions() as session:
            for ids in choose(session, resource, asked, now).ids(session).batches(BATCH):
                for one in _items(session, resource, asked, ids):
                    yield dumps(one) + b"\n"


def _items(session: Session, resource: Resource, asked: Asked, ids: list[str]) -> list[dict[str, Any]]:
    if asked["minimal"]:
        return _minimal(session, ids)
    if asked["full"] or asked["full_service"]:
        return objects(session, _whole(resource, asked, detail=False), ids)
    return objects(session, plans.flat(resource.table), ids)


def _whole(resource: Resource, asked: Asked, *, detail: bool) -> plans.Plan:
    if resource.table in {"taxonomy", "taxonomy_term"}:
        return plans.full(resource.table)
    if resource.table == "organization":
        return plans.full("organization", services=bool(asked["full_service"]))
    return plans.full(resource.table, locations=detail)


def _minimal(session: Session, ids: list[str]) -> list[dict[str, Any]]:
    rows = {
        row.id: row
        for row in session.execute(
            select(Service.id, Service.name, Service.status, Service.last_modified).where(Service.id.in_(ids))
        )
    }
    found = []
    for one in (rows[row_id] for row_id in ids if row_id in rows):
        modified = instant(one.last_modified) if one.last_modified else None
        told = {"id": one.id, "name": one.name, "status": one.status, "modified_date": modified}
        found.append({name: value for name, value in told.items() if value is not None})
    return found
