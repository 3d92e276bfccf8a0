"""The made-up directory as rows of the real tables."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from benchmarks.directory_world.weeks import weeks
from benchmarks.directory_world.world import FLAGS, LOCATIONS_PER_ORGANIZATION, World, ids
from services_directory import hours
from services_directory.models import WEEKDAYS, Schedule

SOURCE = "made-up"
#: Nothing is stale and no report is in: distance alone ranks what is open.
ASSURED = (date(2026, 11, 1), date(2026, 6, 1), date(2026, 1, 15), None)
ABOUT = "Open to anyone who lives nearby. Bring what papers you have; nobody is sent away for having none. "


class Table(NamedTuple):
    """Rows for one table, made as they are asked for."""

    name: str
    columns: tuple[str, ...]
    rows: Iterator[tuple[Any, ...]]


def tables(world: World) -> Iterator[Table]:
    """Every table that finding a service reads, in an order in which they can be loaded.

    Dates are ISO text and booleans 0 or 1, which both databases take.
    """
    size, locations = len(world.at_ids), len(world.zip_of_location)
    organizations = max(1, locations // LOCATIONS_PER_ORGANIZATION)
    chance = np.random.default_rng([world.seed, 2])
    owner = chance.integers(organizations, size=locations)
    place_ids = ids(locations, world.seed, "location")
    owner_ids = ids(organizations, world.seed, "organization")
    service_ids = ids(size, world.seed, "service")
    kept = (SOURCE, 1, "0" * 24)
    known = ("directory_source", "import_id", "digest")
    yield Table(
        "directory_import",
        ("id", "directory_source", "format", "times", "imported_on", *_COUNTS),
        iter([(1, SOURCE, "made up", "local", "2026-11-20", *(0 for _ in _COUNTS))]),
    )
    yield Table(
        "organization",
        ("id", "name", "description", *known),
        ((one, f"Neighbors' House {number}", ABOUT, *kept) for number, one in enumerate(owner_ids)),
    )
    yield Table(
        "location",
        ("id", "location_type", "organization_id", "name", "latitude", "longitude", *known),
        (
            (one, "physical", owner_ids[owned], f"Hall {number}", latitude, longitude, *kept)
            for number, (one, owned, latitude, longitude) in enumerate(
                zip(
                    place_ids,
                    owner.tolist(),
                    world.latitude_of_location.tolist(),
                    world.longitude_of_location.tolist(),
                    strict=True,
                )
            )
        ),
    )
    yield Table("address", (*_ADDRESS, *known), _addresses(world, place_ids, kept))
    yield Table("phone", (*_PHONE, *known), _phones(world, place_ids, owner_ids, service_ids, kept))
    yield Table(
        "service",
        ("id", "organization_id", "name", "description", "status", "assured_date", *known),
        _services(world, owner.tolist(), owner_ids, service_ids, kept),
    )
    yield Table(
        "service_at_location",
        ("id", "service_id", "location_id", *known),
        (
            (one, service_ids[service], place_ids[place], *kept)
            for one, service, place in zip(
                world.at_ids, world.service.tolist(), world.location.tolist(), strict=True
            )
        ),
    )
    yield Table("schedule", (*_SCHEDULE, *known), _schedules(world, service_ids, kept))
    yield Table(
        "weekly_hours", ("id", "service_at_location_id", "weekday", "opens", "closes"), _openings(world)
    )
    yield Table("service_search", _SEARCH, _search(world))


_COUNTS = ("rows_read", "rows_added", "rows_changed", "rows_gone", "rows_refused", "rows_warned")
_ADDRESS = (
    *("id", "location_id", "address_1", "city", "state_province", "postal_code", "country", "address_type"),
)
_PHONE = ("id", "location_id", "service_id", "organization_id", "number", "type")
_SCHEDULE = ("id", "service_id", "service_at_location_id", "freq", "byday", "opens_at", "closes_at")
_SEARCH = (
    *("id", "service_at_location_id", "category", "directory_source", "latitude", "longitude", "timezone"),
    *(*WEEKDAYS, "weekly", *FLAGS, "assured_date"),
)


def _addresses(world: World, place_ids: tuple[str, ...], kept: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    where, own = world.ground, ids(len(place_ids), world.seed, "address")
    for number, zip_number in enumerate(world.zip_of_location.tolist()):
        town = (where.cities[zip_number], where.states[zip_number], where.zips[zip_number])
        yield own[number], place_ids[number], f"{number % 9000 + 100} Main St", *town, "US", "physical", *kept


def _phones(
    world: World,
    place_ids: tuple[str, ...],
    owner_ids: tuple[str, ...],
    service_ids: tuple[str, ...],
    kept: tuple[Any, ...],
) -> Iterator[tuple[Any, ...]]:
    """One for every organization, three of five locations and three of ten services."""
    owners = [(None, None, one) for one in owner_ids]
    owners += [(one, None, None) for number, one in enumerate(place_ids) if number % 5 < 3]
    owners += [(None, one, None) for number, one in enumerate(service_ids) if number % 10 < 3]
    own = ids(len(owners), world.seed, "phone")
    for number, (one, owned) in enumerate(zip(own, owners, strict=True)):
        # 555-01xx numbers ring nowhere.
        yield one, *owned, f"+1206555{100 + number % 100:04d}", "voice", *kept


def _services(
    world: World,
    owner: list[int],
    owner_ids: tuple[str, ...],
    service_ids: tuple[str, ...],
    kept: tuple[Any, ...],
) -> Iterator[tuple[Any, ...]]:
    row_of = np.argsort(world.service)
    categories, places = world.category[row_of].tolist(), world.location[row_of].tolist()
    for number, (one, row, category) in enumerate(zip(service_ids, row_of.tolist(), categories, strict=True)):
        name = f"{world.categories[category].replace('_', ' ').capitalize()} {number}"
        assured = _assured(row)
        yield one, owner_ids[owner[places[number]]], name, ABOUT * 2, "active", assured, *kept


def _schedules(
    world: World, service_ids: tuple[str, ...], kept: tuple[Any, ...]
) -> Iterator[tuple[Any, ...]]:
    """Four of five are the service's at its location, the others the service's."""
    rules = [week.rules for week in weeks()]
    own = iter(ids(sum(len(rules[week]) for week in world.week.tolist()), world.seed, "schedule"))
    for row, (week, service) in enumerate(zip(world.week.tolist(), world.service.tolist(), strict=True)):
        owned = (None, world.at_ids[row]) if row % 5 else (service_ids[service], None)
        for rule in rules[week]:
            days = (rule["freq"], rule.get("byday"), rule["opens_at"], rule["closes_at"])
            yield next(own), *owned, *days, *kept


@cache
def _indexed() -> tuple[tuple[list[hours.Opening] | None, tuple[int | None, ...]], ...]:
    """What an import writes for each kind of week, by the directory's own code."""
    each = [[Schedule(**rule) for rule in week.rules] for week in weeks()]
    return tuple(
        (
            hours.weekly_openings(rules, times="local", zone="America/Chicago"),
            hours.week_masks(rules, times="local", zone="America/Chicago"),
        )
        for rules in each
    )


def _openings(world: World) -> Iterator[tuple[Any, ...]]:
    number = 0
    openings = [[(one.weekday, one.opens, one.closes) for one in found or ()] for found, _ in _indexed()]
    for one, week in zip(world.at_ids, world.week.tolist(), strict=True):
        for opening in openings[week]:
            number += 1
            yield number, one, *opening


def _search(world: World) -> Iterator[tuple[Any, ...]]:
    told = [[_plain(value) for value in values] for values in FLAGS.values()]
    flags = zip(*(world.flags[name].tolist() for name in FLAGS), strict=True)
    also = dict(zip(world.doubled.tolist(), world.second.tolist(), strict=True))
    masks = [(*mask, int(openings is not None)) for openings, mask in _indexed()]
    number = 0
    for row, (category, latitude, longitude, zone, week, chosen) in enumerate(
        zip(
            world.category.tolist(),
            world.latitude.tolist(),
            world.longitude.tolist(),
            world.zone.tolist(),
            world.week.tolist(),
            flags,
            strict=True,
        )
    ):
        where = (SOURCE, latitude, longitude, world.ground.zones[zone])
        saying = (value[one] for value, one in zip(told, chosen, strict=True))
        rest = (*where, *masks[week], *saying, _assured(row))
        for name in sorted({category, also.get(row, category)}):
            number += 1
            yield number, world.at_ids[row], world.categories[name], *rest


def _assured(row: int) -> str | None:
    day = ASSURED[row % len(ASSURED)]
    return day and (day - timedelta(days=row % 10)).isoformat()


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, bool) else value
