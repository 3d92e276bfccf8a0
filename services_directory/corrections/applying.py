"""Bring what the line tells of a listing to what its source and the standing corrections say together."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from services_directory.corrections.kinds import OURS, Kind
from services_directory.corrections.source import (
    NOT_CALLED,
    NOT_SPOKEN,
    Listing,
    kind_of,
    source_rules,
    week,
)
from services_directory.importers.staging import digest_of
from services_directory.models import (
    WEEKDAYS,
    ListingCorrection,
    Phone,
    Schedule,
    Service,
    ServiceAtLocation,
    ServiceSearch,
    WeeklyHours,
)

#: Of the ids our rows get.
NAMESPACE = UUID("5f0f6b3a-93d8-5b43-8f0e-7e4b0c1d9a55")
_SEARCH: Any = ServiceSearch.__table__
_OWN: dict[Kind, Any] = {Kind.HOURS: Schedule, Kind.PHONE: Phone}
Standing = Mapping[str, ListingCorrection]


def apply(session: Session, listing: Listing, standing: Standing, on: date) -> None:
    """Put the corrections that stand in place. Doing it again changes nothing."""
    there = session.get_one(ServiceAtLocation, listing.at, populate_existing=True).retired_on is None
    retired_on = None if there and Kind.CLOSED not in standing else on
    for kind, model in _OWN.items():
        if kind in standing:
            _put_aside(session, listing, standing[kind], model, on)
        _replace_own(session, listing, kind, standing.get(kind), retired_on)
    if Kind.CLOSED in standing:
        _close(session, listing, standing[Kind.CLOSED], on)
    else:
        renew(session, listing, standing, on)


def take_back(session: Session, correction: ListingCorrection, *, listed: bool = False) -> None:
    """Let the source's rows count again that an ended correction had put aside.

    `listed`: an import has just written the search rows that there are.
    """
    kept = json.loads(correction.put_aside)
    if correction.kind == Kind.CLOSED:
        _revive(session, ServiceAtLocation, kept.get("rows", []))
        for row in [] if listed else kept.get("search", []):
            session.execute(insert(ServiceSearch).values(**_dated(row)))
    elif correction.kind in _OWN:
        _revive(session, _OWN[Kind(correction.kind)], kept.get("rows", []))


def renew(session: Session, listing: Listing, standing: Standing, on: date) -> None:
    """Work out the hours and the day of checking of a listing's search rows anew."""
    hours = standing.get(Kind.HOURS)
    rules = source_rules(session, listing, ours=True)
    masks, openings = week(session, listing, rules, on, times="local" if hours else None)
    told = session.get_one(Service, listing.service, populate_existing=True).assured_date
    checked = standing.get(Kind.CHECKED)
    days = [day for day in (told, checked and date.fromisoformat(json.loads(checked.value))) if day]
    values = dict(zip(WEEKDAYS, masks, strict=True))
    session.execute(
        update(ServiceSearch)
        .where(ServiceSearch.service_at_location_id == listing.at)
        .values(**values, weekly=openings is not None, assured_date=max(days, default=None))
    )
    _forget_week(session, listing)
    found = [{"service_at_location_id": listing.at, **opening._asdict()} for opening in openings or ()]
    if found and _is_listed(session, listing):
        session.execute(insert(WeeklyHours), found)


def _put_aside(
    session: Session, listing: Listing, correction: ListingCorrection, model: Any, on: date
) -> None:
    """The source's own rows for this counter would count beside ours: retire them while ours stands."""
    rows = session.scalars(
        select(model).where(
            model.service_at_location_id == listing.at,
            model.retired_on.is_(None),
            model.directory_source != OURS,
        )
    ).all()
    if model is Phone:
        rows = [row for row in rows if kind_of(row) not in NOT_CALLED | NOT_SPOKEN]
    kept = json.loads(correction.put_aside)
    for row in rows:
        row.retired_on = on
        kept.setdefault("rows", []).append(row.id)
    correction.put_aside = json.dumps(kept)
    session.flush()


def _replace_own(
    session: Session,
    listing: Listing,
    kind: Kind,
    correction: ListingCorrection | None,
    retired_on: date | None,
) -> None:
    model = _OWN[kind]
    session.execute(
        delete(model).where(model.service_at_location_id == listing.at, model.directory_source == OURS)
    )
    if correction is None:
        return
    value = json.loads(correction.value)
    made = _schedules(value) if kind is Kind.HOURS else [_number(value)]
    for position, columns in enumerate(made):
        own = str(uuid5(NAMESPACE, f"{kind}/{listing.at}/{position}"))
        session.add(
            model(
                id=own,
                service_at_location_id=listing.at,
                directory_source=OURS,
                import_id=0,
                digest=digest_of((own, *columns.items())),
                retired_on=retired_on,
                **columns,
            )
        )
    session.flush()


def _schedules(openings: list[Any]) -> list[dict[str, Any]]:
    if not openings:
        # A rule without days: the hours are not known.
        return [{"freq": "WEEKLY"}]
    return [
        {"freq": "WEEKLY", "byday": ",".join(days), "opens_at": opens, "closes_at": closes}
        for days, opens, closes in openings
    ]


def _number(told: str) -> dict[str, Any]:
    number, _, extension = told.partition(" ext. ")
    return {"number": number, "extension": int(extension) if extension else None, "type": "voice"}


def _close(session: Session, listing: Listing, correction: ListingCorrection, on: date) -> None:
    row = session.get_one(ServiceAtLocation, listing.at, populate_existing=True)
    kept = json.loads(correction.put_aside)
    if row.retired_on is None:
        row.retired_on, kept["rows"] = on, [row.id]
    found = session.execute(select(_SEARCH).where(_SEARCH.c.service_at_location_id == listing.at)).all()
    if found:
        kept["search"] = [_told(row) for row in found]
        session.execute(delete(ServiceSearch).where(ServiceSearch.service_at_location_id == listing.at))
        _forget_week(session, listing)
    correction.put_aside = json.dumps(kept)
    session.flush()


def _told(row: Any) -> dict[str, Any]:
    values = dict(row._mapping)
    values.pop("id")
    if values["assured_date"]:
        values["assured_date"] = values["assured_date"].isoformat()
    return values


def _dated(row: dict[str, Any]) -> dict[str, Any]:
    day = row["assured_date"]
    return {**row, "assured_date": date.fromisoformat(day) if day else None}


def _revive(session: Session, model: Any, ids: list[str]) -> None:
    session.execute(update(model).where(model.id.in_(ids)).values(retired_on=None))


def _forget_week(session: Session, listing: Listing) -> None:
    session.execute(delete(WeeklyHours).where(WeeklyHours.service_at_location_id == listing.at))


def _is_listed(session: Session, listing: Listing) -> bool:
    return (
        session.scalar(
            select(ServiceSearch.id).where(ServiceSearch.service_at_location_id == listing.at).limit(1)
        )
        is not None
    )
