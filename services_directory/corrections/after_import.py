"""After an import: does the source still say what it said? Then put the corrections in place again."""

import json
import re
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services_directory.corrections.applying import apply, take_back
from services_directory.corrections.kinds import Kind, ListingUnknown, standing
from services_directory.corrections.source import (
    COLUMNS,
    USUAL_ZONE,
    Listing,
    listing_of,
    says,
    source_rules,
    week,
)
from services_directory.hours import weekly_openings
from services_directory.importers.listings import Rule
from services_directory.importers.report import Corrected
from services_directory.models import ListingCorrection, Phone, Schedule, ServiceAtLocation
from services_directory.verification import open_task

#: Who ends a correction that the source has come to agree with.
THE_SOURCE = "the source"
CHANGED = "source changed"
_PUT_ASIDE: dict[str, Any] = {Kind.HOURS: Schedule, Kind.PHONE: Phone, Kind.CLOSED: ServiceAtLocation}


def reapply(session: Session, source: str, on: date) -> Corrected:
    """Look at every standing correction of a source's listings, in the transaction of its import.

    One that the source agrees with ends. One whose source says something new stands and is shown in conflict.
    """
    stand = conflicts = agreed = 0
    ids = session.scalars(
        select(ListingCorrection.service_at_location_id)
        .join(ServiceAtLocation, ServiceAtLocation.id == ListingCorrection.service_at_location_id)
        .where(ListingCorrection.ended_on.is_(None), ServiceAtLocation.directory_source == source)
        .distinct()
    ).all()
    session.expire_all()
    for at in sorted(ids):
        try:
            listing = listing_of(session, at)
        except ListingUnknown:
            continue
        for correction in standing(session, at).values():
            _renew_put_aside(session, correction, source)
            if _agrees(session, listing, correction, on):
                correction.ended_by, correction.ended_on = THE_SOURCE, on
                session.flush()
                take_back(session, correction, listed=True)
                agreed += 1
                continue
            _compare(session, listing, correction, on)
            stand += 1
            conflicts += correction.source_says is not None
        apply(session, listing, standing(session, at), on)
    return Corrected(stand, conflicts, agreed)


def _renew_put_aside(session: Session, correction: ListingCorrection, source: str) -> None:
    """Rows put aside come back by the import if the source still has them; the others it has dropped."""
    model = _PUT_ASIDE.get(correction.kind)
    if model is None:
        return
    kept = json.loads(correction.put_aside)
    rows = session.execute(
        select(model.id, model.directory_source, model.retired_on).where(model.id.in_(kept.get("rows", [])))
    )
    kept["rows"] = [row.id for row in rows if row.directory_source != source and row.retired_on is not None]
    # What was listed before is out of date: the import has listed it anew, if it still lists it.
    kept.pop("search", None)
    correction.put_aside = json.dumps(kept)


def _compare(session: Session, listing: Listing, correction: ListingCorrection, on: date) -> None:
    if correction.kind == Kind.CHECKED:
        return
    now = json.dumps(says(session, correction.kind, listing))
    if now == correction.source_said:
        correction.source_says = None
        return
    if now != correction.source_says:
        correction.source_says = now
        open_task(session, listing.at, CHANGED, on)


def _agrees(session: Session, listing: Listing, correction: ListingCorrection, on: date) -> bool:
    value = json.loads(correction.value)
    if correction.kind == Kind.PHONE:
        return _digits(says(session, Kind.PHONE, listing) or "") == _digits(value)
    if correction.kind == Kind.CLOSED:
        return bool(says(session, Kind.CLOSED, listing)["status"] != "active")
    if correction.kind == Kind.CHECKED:
        told = says(session, Kind.CLOSED, listing)["assured_date"]
        return bool(told and told >= value)
    _, openings = week(session, listing, source_rules(session, listing), on)
    return bool(value) and openings is not None and set(openings) == _openings(value)


def _openings(value: list[Any]) -> set[tuple[int, int, int]]:
    empty: dict[str, str | None] = dict.fromkeys(COLUMNS)
    rules: list[Any] = [
        Rule(**empty | {"byday": ",".join(days), "opens_at": opens, "closes_at": closes})
        for days, opens, closes in value
    ]
    return set(weekly_openings(rules, times="local", zone=USUAL_ZONE) or ())


def _digits(number: str) -> str:
    return re.sub(r"\D", "", number).removeprefix("1")
