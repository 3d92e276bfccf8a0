"""What can be found: a search row for each service at a location and category, worked out in the staging."""

from collections import defaultdict, namedtuple
from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache, partial
from typing import Any, NamedTuple

from services_directory import hours
from services_directory.hours import Opening
from services_directory.importers.columns import columns_of
from services_directory.importers.flags import FLAGS, Told, flags
from services_directory.importers.kinds import UNMARKED, Marks, categories, marks_of, sort_terms
from services_directory.importers.positions import Where, position
from services_directory.importers.report import ImportReport
from services_directory.importers.rows import Fault
from services_directory.importers.staging import Staging
from services_directory.models import WEEKDAYS

#: Columns of service_search, in the order of the staged rows.
SEARCH = (
    "service_at_location_id",
    "category",
    "latitude",
    "longitude",
    "timezone",
    *WEEKDAYS,
    "weekly",
    *FLAGS,
)
#: Services and places warned about are remembered up to so many.
MOST_TOLD = 50_000
WEEKLY = ("service_at_location_id", "weekday", "opens", "closes")
_SCHEDULE = tuple(column.name for column in columns_of("schedule"))
_RULE = tuple(name for name in _SCHEDULE if name != "id" and not name.endswith("_id"))
#: A schedule as the hours want it.
Rule = namedtuple("Rule", _RULE)  # type: ignore[misc]  # noqa: PYI024
_DATES = {"valid_from", "valid_to", "dtstart", "until"}
_INDEXES = (
    ("attribute", "link_id"),
    ("schedule", "service_at_location_id"), ("schedule", "service_id"), ("schedule", "location_id"),
    ("language", "service_id"), ("language", "location_id"),
    ("accessibility", "location_id"), ("cost_option", "service_id"), ("address", "location_id"),
    ("service_at_location", "service_id"),
)  # fmt: skip
_FOUND = """
SELECT at.id, service.id, location.id, service.at_file, service.at_line, location.at_file, location.at_line,
 service.name, service.alternate_name, service.description, service.eligibility_description,
 service.application_process, service.fees_description, service.fees, service.interpretation_services,
 service.minimum_age, service.maximum_age, service.assured_date, service.organization_id, service.program_id,
 organization.name, program.name, location.location_type, location.latitude, location.longitude
FROM service_at_location AS at
JOIN service ON service.id = at.service_id
JOIN location ON location.id = at.location_id
LEFT JOIN organization ON organization.id = service.organization_id
LEFT JOIN program ON program.id = service.program_id
WHERE service.status = 'active'
 AND at.id IN (SELECT min(id) FROM service_at_location GROUP BY service_id, location_id)
ORDER BY at.seq
"""
Found = namedtuple(  # noqa: PYI024
    "Found",
    "at service location file number place_file place_number name alternate_name description eligibility"
    " process fees_description fees interpretation minimum_age maximum_age assured_date organization program"
    " organization_name program_name kind latitude longitude",
)


class Around(NamedTuple):
    """What belongs to the services and places of some listings, by owner."""

    schedules: dict[str, list[Any]]
    languages: dict[str, list[tuple[str | None, str | None]]]
    access: dict[str, list[str]]
    amounts: dict[str, list[float]]
    prices: dict[str, list[str]]
    addresses: dict[str, list[Where]]


def work_out(
    staging: Staging, report: ImportReport, times: str, on: date, progress: Callable[[int, int], None]
) -> None:
    """Fill the staging's search and weekly tables. `times` is "local" or "utc"; `on` is today."""
    db = staging.db
    for number, (table, column) in enumerate(_INDEXES):
        db.execute(f"CREATE INDEX owner_{number} ON {table} ({column})")
    db.execute(f"CREATE TABLE search ({', '.join(SEARCH)})")
    db.execute(f"CREATE TABLE weekly ({', '.join(WEEKLY)})")
    sort_terms(staging)
    _report_unfindable(staging, report)
    told: set[str] = set()
    done, total = 0, staging.count("service_at_location")
    for batch in staging.batches(_FOUND):
        rows, openings = _listed(staging, [Found(*row) for row in batch], report, times, on, told)
        db.executemany(f"INSERT INTO search VALUES ({', '.join('?' * len(SEARCH))})", rows)  # noqa: S608
        db.executemany("INSERT INTO weekly VALUES (?, ?, ?, ?)", openings)
        done += len(batch)
        progress(done, total)
    db.execute("CREATE INDEX search_at ON search (service_at_location_id)")
    db.execute("CREATE INDEX weekly_at ON weekly (service_at_location_id)")


def _listed(
    staging: Staging, found: list[Any], report: ImportReport, times: str, on: date, told: set[str]
) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    around = _around(staging, found)
    marks = marks_of(staging, [one for row in found for one in {row.at, row.service}])
    rows: list[tuple[Any, ...]] = []
    weekly: list[tuple[Any, ...]] = []
    for row in found:
        kinds = categories(
            (marks.get(row.at, UNMARKED), marks.get(row.service, UNMARKED)),
            (row.name, row.alternate_name),
            row.description or "",
            partial(_above, staging, row),
        )
        if len(told) > MOST_TOLD:
            # Rather a warning twice than memory that grows with the package.
            told.clear()
        if not kinds:
            if row.service not in told:
                told.add(row.service)
                reason = "it is of no kind we know: it cannot be found by need"
                report.add(Fault(staging.file_named(row.file), row.number, "service", reason))
            continue
        where, assumed = position(
            row.kind, row.latitude, row.longitude, around.addresses.get(row.location, ())
        )
        if assumed and row.location not in told:
            told.add(row.location)
            report.add(Fault(staging.file_named(row.place_file), row.place_number, "location", assumed))
        if where is None:
            continue
        rules = next(
            (around.schedules[one] for one in (row.at, row.service, row.location) if one in around.schedules),
            (),
        )
        masks, openings = week_of(tuple(rules), times, where.timezone, on)
        shared = (*masks, openings is not None, *flags(_told(row, around)))
        for kind in sorted(kinds):
            rows.append((row.at, kind, where.latitude, where.longitude, where.timezone, *shared))
        weekly += [(row.at, *opening) for opening in openings or ()]
        report.listed += 1
    return rows, weekly


def _above(staging: Staging, row: Any) -> tuple[Sequence[Marks], Sequence[str | None]]:
    owners = [one for one in (row.program, row.location, row.organization) if one]
    return list(marks_of(staging, owners).values()), (row.program_name, row.organization_name)


@lru_cache(maxsize=4096)
def week_of(
    rules: tuple[Any, ...], times: str, zone: str, on: date
) -> tuple[tuple[int | None, ...], tuple[Opening, ...] | None]:
    """The hours of the week in which a listing may be open, and its weekday rows if those tell everything."""
    # What is over says nothing any more, unless nothing else is said: then the hours are out of date.
    rules = tuple(rule for rule in rules if not _is_over(rule, on)) or rules
    if not rules:
        return (None,) * 7, None
    openings = hours.weekly_openings(rules, times=times, zone=zone, on=on)
    return hours.week_masks(rules, times=times, zone=zone), None if openings is None else tuple(openings)


def _is_over(rule: Any, on: date) -> bool:
    last = min((day for day in (rule.valid_to, rule.until) if day), default=None)
    return last is not None and last < on


def _told(row: Any, around: Around) -> Told:
    prices = around.prices.get(row.service, [])
    languages = [*around.languages.get(row.service, ()), *around.languages.get(row.location, ())]
    return Told(
        name=row.name,
        description=row.description or "",
        eligibility=row.eligibility or "",
        how_to_start=row.process or "",
        price="; ".join([said for said in (row.fees_description, row.fees) if said] or prices),
        interpretation=row.interpretation or "",
        minimum_age=row.minimum_age,
        maximum_age=row.maximum_age,
        assured_date=row.assured_date,
        amounts=around.amounts.get(row.service, ()),
        access=around.access.get(row.location, ()),
        languages=languages,
    )


def _around(staging: Staging, found: list[Any]) -> Around:
    ats, services = [row.at for row in found], list({row.service for row in found})
    places = list({row.location for row in found})
    around = Around(
        schedules=defaultdict(list),
        languages=defaultdict(list),
        access=defaultdict(list),
        amounts=defaultdict(list),
        prices=defaultdict(list),
        addresses=defaultdict(list),
    )
    for column, ids in (("service_at_location_id", ats), ("service_id", services), ("location_id", places)):
        for row in _of(staging, "schedule", _SCHEDULE, column, ids):
            said = dict(zip(_SCHEDULE, row, strict=True))
            owner = said["service_at_location_id"] or said["service_id"] or said["location_id"]
            if owner == said[column]:
                around.schedules[owner].append(Rule(*(_value(name, said[name]) for name in _RULE)))
    for column, ids in (("service_id", services), ("location_id", places)):
        for owner, code, name in _of(staging, "language", (column, "code", "name"), column, ids):
            around.languages[owner].append((code, name))
    for owner, description, details in _of(
        staging, "accessibility", ("location_id", "description", "details"), "location_id", places
    ):
        around.access[owner].append(f"{description or ''} {details or ''}")
    columns: tuple[str, ...] = ("service_id", "amount", "option", "amount_description")
    for owner, amount, *said in _of(staging, "cost_option", columns, "service_id", services):
        if amount is not None:
            around.amounts[owner].append(amount)
        around.prices[owner] += [text for text in said if text]
    columns = ("location_id", "postal_code", "city", "state_province", "address_type")
    addresses = _of(staging, "address", columns, "location_id", places)
    for owner, code, city, state, _kind in sorted(addresses, key=lambda row: row[4] != "physical"):
        around.addresses[owner].append(Where(code, city, state))
    return around


def _of(staging: Staging, table: str, columns: Sequence[str], owner: str, ids: Sequence[str]) -> list[Any]:
    names, marks = ", ".join(f'"{name}"' for name in columns), ", ".join("?" * len(ids))
    query = f"SELECT {names} FROM {table} WHERE {owner} IN ({marks}) ORDER BY id"  # noqa: S608
    return staging.db.execute(query, ids).fetchall()


def _value(name: str, said: Any) -> Any:
    return date.fromisoformat(said) if said and name in _DATES else said


def _report_unfindable(staging: Staging, report: ImportReport) -> None:
    nowhere = staging.db.execute(
        "SELECT at_file, at_line FROM service WHERE status = 'active' AND NOT EXISTS (SELECT 1 FROM"
        " service_at_location JOIN location ON location.id = location_id WHERE service_id = service.id)"
    )
    for file, number in nowhere:
        reason = "it is at no location: it cannot be found by distance"
        report.add(Fault(staging.file_named(file), number, "service", reason))
    twice = staging.db.execute(
        "SELECT at_file, at_line FROM service_at_location AS at"
        " WHERE EXISTS (SELECT 1 FROM service_at_location AS other WHERE other.service_id = at.service_id"
        " AND other.location_id = at.location_id AND other.id < at.id)"
    )
    for file, number in twice:
        reason = "the same service is at the same location twice: it is listed once"
        report.add(Fault(staging.file_named(file), number, "service_at_location", reason))
