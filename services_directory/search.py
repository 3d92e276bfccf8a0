"""The right place for a need: near, open, and not one that would turn the person away."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, overload

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from services_directory.geometry import MILES_PER_DEGREE, miles_between
from services_directory.hours import OpenKind, OpenState
from services_directory.listing import Match, closed_reports, filled, is_stale
from services_directory.models import ServiceSearch
from services_directory.nearby import (
    FIRST_RADIUS_MILES,
    Near,
    hours_unknown,
    may_be_open,
    may_open_later,
    nearest,
)
from services_directory.openness import open_states
from services_directory.places import Place
from services_directory.taxonomy import categories_for, every_category
from services_directory.who import Who, filters

__all__ = ["Match", "Results", "Who", "find", "get"]

#: A list holds nothing farther than this: an hour by bus.
RADIUS_MILES = 25.0
#: How far we look to say where the next one is.
FARTHEST_MILES = 200.0
#: A place with no listing of any kind within so many miles is outside the directory's area.
AREA_MILES = 50.0
#: A report that it was closed, and a listing nobody made sure of for a year, count as so much farther.
MILES_PER_REPORT = 3.0
MILES_FOR_STALE = 0.5
#: The order to tell them in, and how many of the nearest are looked at for each before the next.
_RANK = {OpenKind.OPEN: 0, OpenKind.OPENS_LATER: 1, OpenKind.UNKNOWN: 2, OpenKind.CLOSED_TODAY: 3}
MOST_LOOKED_AT = 160
_ROW = ServiceSearch.__table__


@dataclass(frozen=True)
class Results(Sequence[Match]):
    """Matches in the order to tell them, and what to say when there are none.

    `radius_miles` is how far was looked. When nothing fits: `drop` names the one wish without which there
    would be something, and `next_miles` how far the nearest thing is (with `drop` left out if there is one).
    `covered` is whether the directory knows of anything at all around the place.
    """

    matches: tuple[Match, ...]
    radius_miles: float
    drop: str | None = None
    next_miles: float | None = None
    covered: bool = True

    def __len__(self) -> int:
        return len(self.matches)

    @overload
    def __getitem__(self, index: int) -> Match: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Match]: ...
    def __getitem__(self, index: int | slice) -> Match | Sequence[Match]:
        return self.matches[index]

    def __iter__(self) -> Iterator[Match]:
        return iter(self.matches)


class Candidate(NamedTuple):
    """A listing that may be told."""

    near: Near
    state: OpenState
    reports: int

    def order(self, at: datetime) -> tuple[int, float, str]:
        """Sorts what to tell first."""
        miles = self.near.miles + MILES_PER_REPORT * self.reports + MILES_FOR_STALE * is_stale(self.near, at)
        return _RANK[self.state.kind], miles, self.near.row.service_at_location_id


def find(
    session: Session,
    need: str,
    place: Place,
    at: datetime,
    who: Who | None = None,
    limit: int = 3,
    *,
    beyond: Collection[str] = (),
    radius_miles: float = RADIUS_MILES,
) -> Results:
    """Services for a need near a place: open now, opening later today, of unknown hours, closed; by distance.

    Looks no further than `radius_miles`. What `who` asks for rules out only listings that say no to it.
    `beyond` are service at location ids that were told before.
    """
    who = who or Who()
    categories = categories_for(need)
    if not categories or limit < 1:
        return Results((), radius_miles)
    wishes = filters(who)
    if beyond:
        wishes.append(_ROW.c.service_at_location_id.not_in(list(beyond)))
    found = _candidates(session, categories, place, at, wishes, limit, radius_miles)
    told = sorted(found, key=lambda one: one.order(at))[:limit]
    if told:
        states = {one.near.row.service_at_location_id: one.state for one in told}
        reports = {one.near.row.service_at_location_id: one.reports for one in told}
        near = [one.near for one in told]
        return Results(tuple(filled(session, near, states, reports, at, who)), radius_miles)
    return Results((), radius_miles) if beyond else _nothing(session, categories, place, who, radius_miles)


def get(session: Session, service_at_location_id: str, place: Place, at: datetime) -> Match | None:
    """One service at a location, or None when the directory no longer has it."""
    row = session.execute(
        select(_ROW).where(_ROW.c.service_at_location_id == service_at_location_id).limit(1)
    ).first()
    if row is None:
        return None
    near = [Near(row, miles_between(place.latitude, place.longitude, row.latitude, row.longitude))]
    states, reports = open_states(session, near, at), closed_reports(session, [service_at_location_id], at)
    return next(iter(filled(session, near, states, reports, at, Who())), None)


def _candidates(
    session: Session,
    categories: Sequence[str],
    place: Place,
    at: datetime,
    wishes: Sequence[ColumnElement[bool]],
    limit: int,
    radius_miles: float,
) -> list[Candidate]:
    """Enough listings that the first `limit` to tell are among them.

    The weekdays' hours say who may be open; whether one is, its schedules, closures and reports decide. So
    for each kind more are looked at until enough are of it.
    """
    found: dict[str, Candidate] = {}
    first = FIRST_RADIUS_MILES
    for rank, condition in enumerate(_conditions(at, place)):
        wanted = limit
        while True:
            near = nearest(session, categories, place, wanted, radius_miles, [*wishes, *condition], first)
            # A few more than wanted: one of them may have been found closed.
            likely = near[: wanted + limit // 2]
            new = [one for one in likely if one.row.service_at_location_id not in found]
            states = open_states(session, new, at)
            reports = closed_reports(session, list(states), at) if new else {}
            for one in new:
                own = one.row.service_at_location_id
                found[own] = Candidate(one, states[own], reports.get(own, 0))
            enough = sum(_RANK[one.state.kind] <= rank and not one.reports for one in found.values())
            if enough >= limit:
                return list(found.values())
            if len(near) < wanted or wanted >= MOST_LOOKED_AT:
                break
            wanted *= 2
        # There are not many, or it would have been enough.
        first = radius_miles
    return list(found.values())


def _conditions(at: datetime, place: Place) -> Iterator[list[ColumnElement[bool]]]:
    """What may be of each kind, in the order of their ranks; seldom is more than the first needed."""
    yield [may_be_open(at, place)]
    yield [may_open_later(at, place)]
    yield [hours_unknown()]
    yield []


def _nothing(
    session: Session, categories: Sequence[str], place: Place, who: Who, radius_miles: float
) -> Results:
    for condition in who.conditions:
        if condition in {"age", "gender"}:
            # Who somebody is cannot be left out: they would be turned away at the door.
            continue
        found = nearest(session, categories, place, 1, radius_miles, filters(who.without(condition)))
        if found:
            return Results((), radius_miles, condition, found[0].miles)
    far = nearest(session, categories, place, 1, FARTHEST_MILES, filters(who))
    return Results((), radius_miles, None, far[0].miles if far else None, _covers(session, place))


def _covers(session: Session, place: Place) -> bool:
    degrees = AREA_MILES / MILES_PER_DEGREE
    inside = (
        # Named so that the index can be used.
        _ROW.c.category.in_(every_category()),
        _ROW.c.latitude.between(place.latitude - degrees, place.latitude + degrees),
        _ROW.c.longitude.between(place.longitude - 1.5 * degrees, place.longitude + 1.5 * degrees),
    )
    return session.execute(select(_ROW.c.id).where(*inside).limit(1)).first() is not None
