"""Why a search tells what it tells agrees with what it tells."""

from datetime import timedelta
from itertools import product

import pytest

from services_directory.explaining import explain
from services_directory.search import Who, find
from services_directory.verification import report_closed
from tests.unit.services_directory.test_search import HERE, NOON, ON, directory, session

__all__ = ["directory", "session"]
PEOPLE = (
    Who(),
    Who(with_pet=True),
    Who(age=16),
    Who(age=40, gender="women", language="es"),
    Who(free=True, walk_in=True, wheelchair=True, veteran=False),
)


@pytest.fixture
def street(directory):
    """Thirty places that differ in all that counts."""
    hours = ("daily 9am-5pm", "daily 6pm-9pm", "", "Sat 9am-5pm", "Mon-Fri 7am-1pm")
    said = (
        {},
        {"who": "no pets"},
        {"minimum_age": 18},
        {"who": "women only"},
        {"cost": "$20"},
        {"last_checked": "2024-01-01"},
    )
    places = [
        {"name": f"Table {number}", "miles": 0.2 * number, "hours": when, **more}
        for number, (when, more) in enumerate(product(hours, said))
    ]
    session = directory(*places)
    for match in find(session, "meal", HERE, NOON, limit=2):
        report_closed(session, match.service_at_location_id, "somebody", ON)
    return session


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("later", [0, 7, 14])
def test_the_first_that_are_not_ruled_out_are_those_that_are_told(street, who, later):
    at = NOON + timedelta(hours=later)
    considered = explain(street, "meal", HERE, at, who)
    kept = [one.match for one in considered if not one.refused]
    assert kept[:3] == list(find(street, "meal", HERE, at, who, 3))
    assert kept == list(find(street, "meal", HERE, at, who, 12))


@pytest.mark.parametrize("who", PEOPLE)
def test_what_is_ruled_out_is_never_told_and_told_again_without_what_rules_it_out(street, who):
    for one in explain(street, "meal", HERE, NOON, who):
        everything = find(street, "meal", HERE, NOON, who, 40)
        ids = {match.service_at_location_id for match in everything}
        assert (one.match.service_at_location_id in ids) == (not one.refused)
        less = who
        for wish in one.refused:
            less = less.without(wish)
        again = {match.service_at_location_id for match in find(street, "meal", HERE, NOON, less, 40)}
        assert one.match.service_at_location_id in again


def test_a_report_and_an_old_listing_weigh_as_more_miles(street):
    weighed = [one for one in explain(street, "meal", HERE, NOON) if one.match.closed_reports]
    assert weighed
    assert all(one.weighed_miles >= one.match.miles + 3 for one in weighed)


def test_a_need_we_do_not_know_is_explained_by_nothing(street):
    assert explain(street, "juggling", HERE, NOON) == []
