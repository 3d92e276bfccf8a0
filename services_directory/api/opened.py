"""Which listings are open at an instant, as conditions on the database."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import Session

from services_directory.hours import OpenKind
from services_directory.models import WEEKDAYS, Closure, ServiceAtLocation, ServiceSearch, WeeklyHours
from services_directory.nearby import Near
from services_directory.openness import open_states

DAY_MINUTES = 24 * 60
BATCH = 1000
#: SQLite takes 32,766 values in a query. Beyond it rules that are not weekly are left out.
MOST_UNUSUAL = 30_000


class _Clock(NamedTuple):
    """What the clocks of some zones show."""

    day: date
    minute: int


class Opening(NamedTuple):
    """What is open at an instant.

    `hours` is a condition on a search row joined with one of its weekday rows; `unusual` are the ids of
    listings that are open by rules such as "third Tuesday", which were asked one by one.
    """

    hours: ColumnElement[bool]
    unusual: tuple[str, ...]


def open_at(session: Session, at: datetime) -> Opening:
    """The same answer as services_directory.openness gives for each listing.

    Closed days count from the day an opening begins, and hours that nobody tells are not open.
    """
    zones = session.scalars(select(ServiceSearch.timezone).distinct())
    try:
        clocks = _clocks(at, zones)
    except OverflowError:
        # The first and the last days of the calendar: nothing is open then.
        return Opening(false(), ())
    closed = {day: _closed_on(session, day) for day in _days(clocks)}
    weekly = or_(false(), *(_weekly(clock, names, closed) for clock, names in clocks.items()))
    unusual = list(_unusual(session, at, clocks))
    return Opening(and_(ServiceSearch.weekly, weekly), tuple(unusual[:MOST_UNUSUAL]))


def _clocks(at: datetime, zones: Iterable[str]) -> dict[_Clock, list[str]]:
    clocks: dict[_Clock, list[str]] = {}
    for zone in zones:
        local = at.astimezone(ZoneInfo(zone))
        # A day earlier must exist too.
        local - timedelta(days=2)
        clocks.setdefault(_Clock(local.date(), local.hour * 60 + local.minute), []).append(zone)
    return clocks


def _days(clocks: dict[_Clock, list[str]]) -> set[date]:
    today = {clock.day for clock in clocks}
    return today | {day - timedelta(days=1) for day in today}


def _weekly(clock: _Clock, zones: list[str], closed: dict[date, Any]) -> ColumnElement[bool]:
    today, yesterday = clock.day, clock.day - timedelta(days=1)
    began_today = (
        WeeklyHours.weekday == today.weekday(),
        WeeklyHours.opens <= clock.minute,
        WeeklyHours.closes > clock.minute,
        *_not_closed(closed[today]),
    )
    # What opened last evening and closes after midnight.
    still_open = (
        WeeklyHours.weekday == yesterday.weekday(),
        WeeklyHours.closes > clock.minute + DAY_MINUTES,
        *_not_closed(closed[yesterday]),
    )
    on_these_clocks = (ServiceSearch.timezone.in_(zones), _may_be_open(clock))
    return and_(*on_these_clocks, or_(and_(*began_today), and_(*still_open)))


def _may_be_open(clock: _Clock) -> ColumnElement[bool]:
    hours = getattr(ServiceSearch, WEEKDAYS[clock.day.weekday()])
    bit: ColumnElement[bool] = hours.bitwise_and(1 << clock.minute // 60) != 0
    return bit


def _closed_on(session: Session, day: date) -> Any:
    links = select(Closure.link_id).where(Closure.starts_on <= day, Closure.ends_on >= day)
    if session.execute(links.limit(1)).first() is None:
        return None
    at = ServiceAtLocation
    return select(at.id).where(or_(at.id.in_(links), at.service_id.in_(links), at.location_id.in_(links)))


def _not_closed(closed: Any) -> list[ColumnElement[bool]]:
    return [] if closed is None else [ServiceSearch.service_at_location_id.not_in(closed)]


def _unusual(session: Session, at: datetime, clocks: dict[_Clock, list[str]]) -> Iterator[str]:
    store = ServiceSearch.__table__
    may = or_(
        false(),
        *(and_(store.c.timezone.in_(zones), _may_be_open(clock)) for clock, zones in clocks.items()),
    )
    rows = session.execute(select(store).where(store.c.weekly.is_(False), may)).all()
    near = {row.service_at_location_id: Near(row, 0.0) for row in rows}
    every = list(near.values())
    for start in range(0, len(every), BATCH):
        states = open_states(session, every[start : start + BATCH], at)
        yield from (one for one, state in states.items() if state.kind is OpenKind.OPEN)
