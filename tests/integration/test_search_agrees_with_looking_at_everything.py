"""The directory's answers beside those of going through every listing in memory, on a made-up directory.

It lies over Indiana, where Eastern and Central time meet and counties have zones of their own: what is open
follows each listing's clock, not the asker's.
"""

from datetime import date, datetime, time
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from benchmarks.directory_world.ground import sample
from benchmarks.directory_world.loading import fill
from benchmarks.directory_world.oracle import KINDS, Oracle
from benchmarks.directory_world.world import World, build
from bot.db import reading
from services_directory.places import zip_place
from services_directory.search import RADIUS_MILES, Who, find

LIMIT = 5
WEDNESDAY = date(2026, 12, 2)
BY_DAY = (WEDNESDAY, time(13, 0))
#: Half an hour before a day ends, and one after: Friday's night openings go on into Saturday.
LATE = ((WEDNESDAY, time(23, 30)), (date(2026, 12, 5), time(0, 30)))
#: When an hour more or less decides about most of them.
EDGES = ((date(2026, 12, 3), time(8, 45)), (date(2026, 12, 3), time(16, 45)))
#: ZIPs with Central time, and the other beyond the county line.
BORDER = ("47660", "47601", "47523", "46366")
PEOPLE = (
    Who(age=17, with_children=True),
    Who(age=60, gender="women", veteran=False),
    Who(gender="men", language="es", free=True),
    Who(with_pet=True, walk_in=True, wheelchair=True),
)


@pytest.fixture(scope="module")
def world() -> World:
    return build(3000, seed=7, states=frozenset({"IN"}))


@pytest.fixture
def directory(engine: Engine, world: World) -> Engine:
    with engine.begin() as connection:
        fill(connection, world)
    return engine


@cache
def oracle(world: World, need: str) -> Oracle:
    return Oracle(world, need)


def differences(
    directory: Engine, world: World, need: str, when: tuple[date, time], who: Who, zips: int
) -> list[str]:
    """Where the two disagree, said so that somebody can look into it."""
    wrong = []
    with reading(directory) as session:
        for one in (*BORDER, *sample(world.ground, zips // 2, zips // 2, seed=3)):
            place = zip_place(one)
            assert place is not None
            at = datetime.combine(*when, ZoneInfo(place.timezone))
            exact = oracle(world, need).answer(place.latitude, place.longitude, at, who, LIMIT, RADIUS_MILES)
            told = find(session, need, place, at, who, LIMIT)
            expected = [(each.service_at_location_id, KINDS[each.kind]) for each in exact]
            if [(match.service_at_location_id, match.hours.kind) for match in told] != expected:
                wrong.append(f"{need} near {one} at {at}: {expected}, not {told.matches}")
            elif [match.miles for match in told] != pytest.approx([each.miles for each in exact]):
                wrong.append(f"{need} near {one}: other distances")
    return wrong


def test_search_finds_what_looking_at_everything_finds(directory, world):
    for when in (BY_DAY, *EDGES, *LATE):
        assert differences(directory, world, "food", when, Who(), 16) == []
        assert differences(directory, world, "treatment", when, Who(), 4) == []


def test_search_leaves_out_only_what_says_no(directory, world):
    for who in PEOPLE:
        for when in (BY_DAY, *LATE):
            assert differences(directory, world, "food", when, who, 6) == []
