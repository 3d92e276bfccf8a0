"""Who is on call: shifts in their own zone, over midnight, over the nights clocks change. In memory."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from bot import roster
from bot.errors import RosterError
from bot.models import Base, Shift
from bot.roster.on_call import covers
from bot.roster.week import instant
from bot.sealing import FieldCipher, seal_with

SEATTLE = ZoneInfo("America/Los_Angeles")
NOW = datetime(2026, 11, 25, 20, 0, tzinfo=UTC)
MON, TUE, WED, THU, FRI, SAT, SUN = range(7)


def shift(weekday, hours, timezone="America/Los_Angeles", valid_from=None, valid_to=None):
    starts, ends = roster.read_hours(hours)
    return Shift(
        weekday=weekday, starts=starts, ends=ends, timezone=timezone, valid_from=valid_from, valid_to=valid_to
    )


def on(shift_, *local, zone=SEATTLE, fold=0):
    return covers(shift_, datetime(*local, tzinfo=zone, fold=fold))


def test_a_shift_is_on_from_its_beginning_and_off_at_its_end():
    day = shift(WED, "08:00-16:00")
    assert [on(day, 2026, 11, 25, *at) for at in ((7, 59), (8, 0), (15, 59), (16, 0))] == [
        False, True, True, False,
    ]  # fmt: skip
    assert not on(day, 2026, 11, 26, 9, 0)


def test_a_night_belongs_to_the_day_it_begins_on():
    night = shift(FRI, "22:00-06:00")
    assert on(night, 2026, 11, 27, 23, 0)
    assert on(night, 2026, 11, 28, 5, 59)
    assert not on(night, 2026, 11, 28, 6, 0)
    assert not on(night, 2026, 11, 27, 5, 0), "the night before is Thursday's"


def test_a_whole_day_and_the_turn_of_the_week():
    assert on(shift(SUN, "00:00-24:00"), 2026, 11, 29, 23, 59)
    assert on(shift(SUN, "20:00-08:00"), 2026, 11, 30, 7, 0)


def test_a_shift_keeps_its_own_zone_wherever_it_is_asked_from():
    eastern = shift(WED, "09:00-10:00", "America/New_York")
    assert on(eastern, 2026, 11, 25, 6, 30)
    assert covers(eastern, datetime(2026, 11, 25, 14, 30, tzinfo=UTC))


def test_first_and_last_day_bound_it_by_the_day_it_begins_on():
    bounded = shift(FRI, "22:00-06:00", valid_from=date(2026, 11, 27), valid_to=date(2026, 11, 27))
    assert on(bounded, 2026, 11, 28, 5, 0)
    assert not on(bounded, 2026, 11, 20, 23, 0)
    assert not on(bounded, 2026, 12, 4, 23, 0)


def test_a_beginning_the_spring_change_leaves_out_is_the_first_minute_after_it():
    # On 8 March 2026 clocks go from 2:00 to 3:00.
    assert instant(date(2026, 3, 8), 2 * 60 + 30, SEATTLE) == datetime(2026, 3, 8, 10, 0, tzinfo=UTC)
    assert on(shift(SUN, "02:30-05:00"), 2026, 3, 8, 3, 0)


def test_an_hour_that_comes_twice_leaves_no_hole_between_two_shifts():
    # On 1 November 2026 clocks go from 2:00 back to 1:00.
    first, second = shift(SUN, "00:00-01:30"), shift(SUN, "01:30-08:00")
    for hour, minute, fold in ((1, 0, 0), (1, 29, 0), (1, 30, 0), (1, 0, 1), (1, 30, 1), (2, 0, 0)):
        at = (2026, 11, 1, hour, minute)
        assert on(first, *at, fold=fold) != on(second, *at, fold=fold)


def test_a_night_over_the_change_is_an_hour_longer_or_shorter_and_ends_by_the_clock():
    night = shift(SAT, "22:00-06:00")
    assert on(night, 2026, 11, 1, 5, 59)
    assert not on(night, 2026, 11, 1, 6, 0)
    assert not on(night, 2026, 3, 8, 6, 0)


@given(st.datetimes(timezones=st.just(UTC)))
def test_two_shifts_that_share_a_day_always_have_exactly_one_on(at):
    at = at.replace(year=2026 + at.year % 3, day=min(at.day, 28))
    halves = [shift(day, hours) for day in range(7) for hours in ("00:00-12:00", "12:00-24:00")]
    assert sum(covers(half, at) for half in halves) == 1


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("mon", [0]), ("Monday", [0]), ("mon,wed, fri", [0, 2, 4]), ("mon-fri", [0, 1, 2, 3, 4]),
        ("fri-mon", [0, 4, 5, 6]), ("daily", list(range(7))), ("sat-sun,wed", [2, 5, 6]),
    ],
)  # fmt: skip
def test_days_are_read_as_people_write_them(text, days):
    assert roster.read_days(text) == days


@pytest.mark.parametrize("text", ["", "x", "mon-", "-mon", "someday"])
def test_days_that_are_none_are_refused(text):
    with pytest.raises(RosterError):
        roster.read_days(text)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("08:00-16:00", (480, 960)),
        ("22:00-06:00", (1320, 1800)),
        ("8-16", (480, 960)),
        ("00:00-24:00", (0, 1440)),
    ],
)
def test_hours_are_read_in_minutes(text, minutes):
    assert roster.read_hours(text) == minutes


@pytest.fixture
def session():
    engine = create_engine("sqlite://")
    seal_with(engine, FieldCipher((Fernet.generate_key().decode(),), "s" * 40))
    Base.metadata.create_all(engine)
    with Session(engine) as made:
        yield made
    engine.dispose()


def worker(session, pseudonym, number):
    return roster.add_worker(session, pseudonym, "x", number, "America/Los_Angeles", "+12065550100", NOW)


def test_positions_say_who_is_told_first_and_nobody_is_told_twice(session):
    heron, otter = worker(session, "Heron", "2065551001"), worker(session, "Otter", "2065551002")
    for who, hours, position in ((heron, (0, 1440), 2), (otter, (0, 1440), 1), (otter, (60, 1440), 3)):
        taken = roster.TakenShift(WED, *hours, "America/Los_Angeles", position)
        roster.take_shift(session, who, taken, NOW)
    assert [one.pseudonym for one in roster.who_is_on_call(session, NOW)] == ["Otter", "Heron"]
    assert roster.who_is_on_call(session, datetime(2026, 11, 27, 20, tzinfo=UTC)) == []


def test_a_shift_is_refused_to_a_phone_that_said_stop(session):
    heron = worker(session, "Heron", "2065551001")
    heron.person.opted_out_at = NOW
    with pytest.raises(RosterError, match="START"):
        roster.take_shift(session, heron, roster.TakenShift(WED, 0, 60, "UTC"), NOW)


def test_somebody_who_left_can_come_back(session):
    heron = worker(session, "Heron", "2065551001")
    roster.leave(session, heron, NOW)
    assert worker(session, "Crane", "2065551001").id == heron.id
    assert roster.find_worker(session, "crane").left_at is None
