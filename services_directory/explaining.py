"""Why a search tells what it tells: the listings near by in its order, and what rules the others out."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from services_directory.hours import OpenState
from services_directory.listing import Match, closed_reports, filled
from services_directory.models import ServiceSearch
from services_directory.nearby import Near, nearest
from services_directory.openness import open_states
from services_directory.places import Place
from services_directory.search import (
    MILES_FOR_STALE,
    MILES_PER_REPORT,
    RADIUS_MILES,
    Candidate,
    Who,
    find,
)
from services_directory.taxonomy import categories_for
from services_directory.who import filters

#: Listings looked at beyond those that the search itself finds.
NEAREST = 25


@dataclass(frozen=True)
class Considered:
    """A listing as the search weighs it.

    `weighed_miles` is its distance with what reports of closing and its age add; `refused` are the wishes it
    says no to: any of them rules it out.
    """

    match: Match
    weighed_miles: float
    refused: tuple[str, ...]


def explain(
    session: Session,
    need: str,
    place: Place,
    at: datetime,
    who: Who | None = None,
    limit: int = 12,
    radius_miles: float = RADIUS_MILES,
) -> list[Considered]:
    """What `find` would tell, in its order, then those ruled out; the first `limit` of each."""
    who = who or Who()
    told = find(session, need, place, at, who, limit, radius_miles=radius_miles)
    categories = categories_for(need)
    near = nearest(session, categories, place, NEAREST, radius_miles) if categories else []
    refused = _refused(session, near, who)
    out = [one for one in near if refused.get(one.row.service_at_location_id)]
    states = open_states(session, out, at)
    reports = closed_reports(session, list(states), at) if out else {}
    out.sort(key=lambda one: _candidate(one, states, reports).order(at))
    ruled_out = filled(session, out[:limit], states, reports, at, who)
    return [
        *(_considered(one, at, ()) for one in told),
        *(_considered(one, at, refused[one.service_at_location_id]) for one in ruled_out),
    ]


def _considered(match: Match, at: datetime, refused: tuple[str, ...]) -> Considered:
    weighed = match.miles + MILES_PER_REPORT * match.closed_reports + MILES_FOR_STALE * match.stale
    return Considered(match, weighed, refused)


def _candidate(near: Near, states: dict[str, OpenState], reports: dict[str, int]) -> Candidate:
    own = near.row.service_at_location_id
    return Candidate(near, states[own], reports.get(own, 0))


def _refused(session: Session, near: Sequence[Near], who: Who) -> dict[str, tuple[str, ...]]:
    """The wishes each listing says no to, by the very conditions that the search puts."""
    ids = [one.row.service_at_location_id for one in near]
    found: dict[str, tuple[str, ...]] = {}
    for wish in fields(who):
        alone = filters(Who(**{wish.name: getattr(who, wish.name)}))
        if not alone or not ids:
            continue
        row = ServiceSearch
        kept = set(
            session.scalars(
                select(row.service_at_location_id).where(row.service_at_location_id.in_(ids), *alone)
            )
        )
        for own in ids:
            if own not in kept:
                found[own] = (*found.get(own, ()), wish.name)
    return found
