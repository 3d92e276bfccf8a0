"""Correct a listing, take a correction back, decide a conflict. In the caller's transaction."""

import json
from datetime import date
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from services_directory.corrections.applying import apply, take_back
from services_directory.corrections.kinds import OURS, Kind, ListingUnknown, standing
from services_directory.corrections.source import Listing, listing_of, says
from services_directory.models import Closure, ListingCorrection, ServiceAtLocation
from services_directory.verification import close_task


def correct(
    session: Session, service_at_location_id: str, kind: Kind, value: Any, by: str, on: date
) -> ListingCorrection:
    """Tell `value` of a listing from now on, whatever its source says. Raises ListingUnknown."""
    listing = listing_of(session, service_at_location_id, locked=True)
    before = standing(session, listing.at).get(kind)
    _refuse_dropped(session, listing, kind)
    source_said, put_aside = json.dumps(says(session, kind, listing)), "{}"
    if before is not None:
        # What the source says now has been seen by whoever corrects it again.
        source_said, put_aside = before.source_says or before.source_said, before.put_aside
        _end(session, before, by, on)
    made = ListingCorrection(
        service_at_location_id=listing.at,
        kind=kind,
        value=json.dumps(value),
        source_said=source_said,
        put_aside=put_aside,
        made_by=by,
        made_on=on,
    )
    session.add(made)
    session.flush()
    apply(session, listing, standing(session, listing.at), on)
    return made


def undo(session: Session, service_at_location_id: str, kind: Kind, by: str, on: date) -> bool:
    """Tell again what the source says. Returns whether there was a correction. Raises ListingUnknown."""
    listing = listing_of(session, service_at_location_id, locked=True)
    before = standing(session, listing.at).get(kind)
    if before is None:
        return False
    _end(session, before, by, on)
    take_back(session, before)
    apply(session, listing_of(session, listing.at), standing(session, listing.at), on)
    return True


def keep(session: Session, service_at_location_id: str, kind: Kind) -> bool:
    """Decide a conflict for the correction. Returns whether there was one. Raises ListingUnknown."""
    listing = listing_of(session, service_at_location_id, locked=True)
    found = standing(session, listing.at).get(kind)
    if found is None or found.source_says is None:
        return False
    found.source_said, found.source_says = found.source_says, None
    return True


def checked(session: Session, service_at_location_id: str, by: str, on: date) -> None:
    """Somebody made sure today that all of it is true: what people reported counts no more."""
    correct(session, service_at_location_id, Kind.CHECKED, on.isoformat(), by, on)
    close_task(session, service_at_location_id, on)


def add_closure(
    session: Session, service_at_location_id: str, starts_on: date, ends_on: date, reason: str | None
) -> Closure:
    """Days on which it is closed, both included. Imports leave it as it is. Raises ListingUnknown."""
    listing = listing_of(session, service_at_location_id, locked=True)
    closure = Closure(
        directory_source=OURS, link_id=listing.at, starts_on=starts_on, ends_on=ends_on, reason=reason
    )
    session.add(closure)
    session.flush()
    return closure


def remove_closure(session: Session, service_at_location_id: str, closure_id: int) -> bool:
    """Take a closure of ours back. Returns whether there was one."""
    gone = session.execute(
        delete(Closure)
        .where(
            Closure.id == closure_id,
            Closure.link_id == service_at_location_id,
            Closure.directory_source == OURS,
        )
        .returning(Closure.id)
    )
    return gone.first() is not None


def _refuse_dropped(session: Session, listing: Listing, kind: Kind) -> None:
    """A listing that its source has dropped cannot be corrected; one that we closed can."""
    if Kind.CLOSED in standing(session, listing.at) or kind is Kind.CLOSED and _is_live(session, listing):
        return
    if not _is_live(session, listing):
        raise ListingUnknown(listing.at)


def _is_live(session: Session, listing: Listing) -> bool:
    return session.get_one(ServiceAtLocation, listing.at).retired_on is None


def _end(session: Session, correction: ListingCorrection, by: str, on: date) -> None:
    correction.ended_by, correction.ended_on = by, on
    # Before another of its kind is added: of each one may stand.
    session.flush()
