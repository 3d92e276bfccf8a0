"""Wall clocks on odd nights, and the hours in which nobody is texted unasked."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.check_ins import quiet_hours
from bot.local_time import instant

SEATTLE = "America/Los_Angeles"


def at(day, hour, minute=0, zone=SEATTLE):
    return datetime(2026, 11, day, hour, minute, tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(("hour", "quiet"), [(7, True), (8, False), (20, False), (21, True), (0, True)])
def test_the_quiet_hours_are_from_nine_to_eight(hour, quiet):
    assert quiet_hours.quiet(at(24, hour), SEATTLE) is quiet


def test_they_are_those_of_the_persons_own_zone():
    noon_in_new_york = at(24, 12, zone="America/New_York")
    assert not quiet_hours.quiet(noon_in_new_york, "America/New_York")
    assert quiet_hours.quiet(at(24, 9, 30, zone="America/New_York"), SEATTLE)


def test_what_falls_into_them_waits_for_the_morning_and_not_everybody_for_the_same_minute():
    late, early = at(24, 23), at(25, 2)
    moved = {quiet_hours.next_allowed(late, SEATTLE, seed) for seed in range(60)}
    assert {one.astimezone(ZoneInfo(SEATTLE)).strftime("%d %H") for one in moved} == {"25 08"}
    assert len(moved) == 30
    assert quiet_hours.next_allowed(early, SEATTLE, 0) == at(25, 8)
    assert quiet_hours.next_allowed(at(24, 12), SEATTLE, 7) == at(24, 12)


def test_a_time_that_clocks_skip_is_the_first_after_the_gap():
    assert instant(date(2026, 3, 8), 150, SEATTLE) == datetime(2026, 3, 8, 10, 0, tzinfo=UTC)


def test_a_time_that_clocks_show_twice_is_the_first():
    assert instant(date(2026, 11, 1), 90, SEATTLE) == datetime(2026, 11, 1, 8, 30, tzinfo=UTC)


def test_an_ordinary_time_is_itself():
    assert instant(date(2026, 7, 1), 540, SEATTLE) == datetime(2026, 7, 1, 16, 0, tzinfo=UTC)
