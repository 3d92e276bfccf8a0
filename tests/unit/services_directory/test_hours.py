"""What is said of a place's hours, by example. The rules against dateutil: test_hours_against_dateutil.py."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from services_directory import hours
from services_directory.hours import Opening, OpenKind
from tests.unit.services_directory.schedules import Closure, Schedule

SEATTLE = "America/Los_Angeles"
EVERY_DAY = "MO,TU,WE,TH,FR,SA,SU"


def seattle(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(SEATTLE))


def told(at: str, *schedules: Schedule, closures=(), times="local", zone=SEATTLE) -> str:
    """What is said, in short: "open till 17:00", "opens 09:00", "opens 2026-11-26 09:00", "unknown"."""
    state = hours.state(schedules, seattle(at).astimezone(UTC), zone, closures=closures, times=times)
    match state.kind:
        case OpenKind.OPEN:
            said = f"open till {state.until:%H:%M}" if state.until else "open"
        case OpenKind.OPENS_LATER:
            said = f"opens {state.opens:%H:%M}"
        case OpenKind.CLOSED_TODAY:
            said = f"opens {state.opens_on} {state.opens:%H:%M}" if state.opens else "closed"
        case _:
            said = "unknown"
    return said + (f" ({state.holiday})" if state.holiday else "")


#: 2026-11-18 is a Wednesday.
@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-11-18T08:59", "opens 09:00"),
        ("2026-11-18T09:00", "open till 17:00"),
        ("2026-11-18T16:59", "open till 17:00"),
        ("2026-11-18T17:00", "opens 2026-11-19 09:00"),
        ("2026-11-20T18:00", "opens 2026-11-23 09:00"),
        ("2026-11-21T12:00", "opens 2026-11-23 09:00"),
    ],
)
def test_a_weekly_schedule_opens_and_closes(at, expected):
    assert told(at, Schedule("MO,TU,WE,TH,FR", "09:00", "17:00")) == expected


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-11-18T18:59", "opens 19:00"),
        ("2026-11-18T23:30", "open till 07:00"),
        ("2026-11-19T06:59", "open till 07:00"),
        ("2026-11-19T07:00", "opens 2026-11-25 19:00"),
    ],
)
def test_a_night_belongs_to_the_evening_it_began(at, expected):
    assert told(at, Schedule("WE", "19:00", "07:00")) == expected


@pytest.mark.parametrize(
    ("opens", "closes"),
    [("00:00", "24:00"), ("00:00", "00:00"), ("00:00", "23:59"), ("00:00:00Z", "23:59:59Z")],
)
def test_all_day_every_day_has_no_closing_time(opens, closes):
    assert told("2026-11-18T03:00", Schedule(EVERY_DAY, opens, closes)) == "open"


def test_hours_that_meet_are_one_opening():
    split = [
        Schedule("WE", "09:00", "12:00"),
        Schedule("WE", "12:00", "15:00"),
        Schedule("WE", "20:00", "24:00"),
    ]
    assert told("2026-11-18T10:00", *split) == "open till 15:00"
    assert told("2026-11-18T15:00", *split) == "opens 20:00"
    assert told("2026-11-18T21:00", *split, Schedule("TH", "00:00", "02:00")) == "open till 02:00"


@pytest.mark.parametrize(
    "schedule",
    [
        Schedule(None, "09:00", "17:00"),
        Schedule(None, "09:00", "17:00", freq="MONTHLY"),
        Schedule("WE", None, None),
        Schedule("WE", "09:00", None),
        Schedule("WE", "09:00", "09:00"),
        Schedule("WE", "nine", "five"),
        Schedule("SOMEDAYS", "09:00", "17:00"),
        Schedule("WE", "09:00", "17:00", interval=2),
        Schedule("WE", "09:00", "17:00", count=10),
        Schedule("WE", "09:00", "17:00", freq="FORTNIGHTLY"),
        Schedule("WE", "09:00", "17:00", valid_to=date(2026, 11, 17)),
        Schedule("WE", "09:00", "17:00", until=date(2020, 1, 1)),
    ],
)
def test_what_does_not_say_when_or_is_past_is_unknown_and_never_closed(schedule):
    assert told("2026-11-18T10:00", schedule) == "unknown"


def test_no_schedule_is_unknown():
    assert told("2026-11-18T10:00") == "unknown"
    assert hours.state_of_week([], seattle("2026-11-18T10:00"), SEATTLE).kind is OpenKind.UNKNOWN


def test_one_unreadable_schedule_hides_no_readable_one():
    known, unreadable = Schedule("WE", "09:00", "12:00"), Schedule(None, "13:00", "15:00")
    assert told("2026-11-18T10:00", known, unreadable) == "open till 12:00"
    assert told("2026-11-18T14:00", known, unreadable) == "unknown"


@pytest.mark.parametrize(
    ("byday", "bymonthday", "open_on"),
    [
        ("3TU", None, "2026-11-17"),
        ("-1FR", None, "2026-11-27"),
        ("1MO,3MO", None, "2026-11-16"),
        (None, "15", "2026-11-15"),
        (None, "-1", "2026-11-30"),
    ],
)
def test_the_nth_weekday_and_the_day_of_the_month(byday, bymonthday, open_on):
    schedule = Schedule(byday, "10:00", "14:00", freq="MONTHLY", bymonthday=bymonthday)
    days = [f"2026-11-{day:02}" for day in range(1, 31)]
    open_days = [day for day in days if told(f"{day}T12:00", schedule).startswith("open till")]
    assert open_on in open_days
    assert len(open_days) <= 2


def test_a_numbered_weekday_is_monthly_even_where_it_says_weekly():
    assert told("2026-11-17T12:00", Schedule("3TU", "10:00", "14:00")) == "open till 14:00"
    assert told("2026-11-10T12:00", Schedule("3TU", "10:00", "14:00")) == "opens 2026-11-17 10:00"


def test_every_other_week_is_counted_from_its_start():
    schedule = Schedule("WE", "10:00", "14:00", interval=2, dtstart=date(2026, 11, 4))
    assert told("2026-11-18T12:00", schedule) == "open till 14:00"
    assert told("2026-11-11T12:00", schedule) == "opens 2026-11-18 10:00"


def test_a_season_opens_and_ends():
    winter = Schedule(EVERY_DAY, "20:00", "08:00", valid_from=date(2026, 12, 1), valid_to=date(2027, 3, 1))
    assert told("2026-11-25T21:00", winter) == "opens 2026-12-01 20:00"
    assert told("2026-12-01T21:00", winter) == "open till 08:00"
    assert told("2027-03-02T07:00", winter) == "open till 08:00"
    assert told("2027-03-02T09:00", winter) == "unknown"


def test_hours_for_a_few_days_replace_the_usual_ones():
    usual = Schedule("MO,TU,WE,TH,FR", "09:00", "17:00")
    eve = Schedule(EVERY_DAY, "10:00", "12:00", valid_from=date(2026, 12, 23), valid_to=date(2026, 12, 24))
    assert told("2026-12-23T13:00", usual, eve) == "opens 2026-12-24 10:00"
    assert told("2026-12-22T13:00", usual, eve) == "open till 17:00"


def test_a_closure_closes_both_its_days_and_no_other():
    usual = Schedule(EVERY_DAY, "09:00", "17:00")
    closed = [Closure(date(2026, 11, 18), date(2026, 11, 19))]
    assert told("2026-11-18T12:00", usual, closures=closed) == "opens 2026-11-20 09:00"
    assert told("2026-11-20T12:00", usual, closures=closed) == "open till 17:00"


def test_a_closed_day_does_not_end_the_night_before():
    night = Schedule(EVERY_DAY, "19:00", "07:00")
    closed = [Closure(date(2026, 11, 18), date(2026, 11, 18))]
    assert told("2026-11-18T05:00", night, closures=closed) == "open till 07:00"
    assert told("2026-11-18T20:00", night, closures=closed) == "opens 2026-11-19 19:00"


def test_on_a_federal_holiday_the_usual_hours_carry_its_name():
    usual = Schedule(EVERY_DAY, "09:00", "17:00")
    assert told("2026-11-26T08:00", usual) == "opens 09:00 (Thanksgiving Day)"
    assert told("2026-11-26T12:00", usual) == "open till 17:00 (Thanksgiving Day)"
    # July 4, 2026 is a Saturday: offices keep the Friday.
    assert told("2026-07-03T12:00", usual) == "open till 17:00 (Independence Day (observed))"


def test_hours_given_for_the_holiday_itself_are_believed():
    dated = Schedule("TH", "11:00", "15:00", valid_from=date(2026, 11, 26), valid_to=date(2026, 11, 26))
    usual = Schedule("MO,TU,WE,TH,FR", "09:00", "17:00")
    assert told("2026-11-26T12:00", usual, dated) == "open till 15:00"


def test_a_place_open_all_day_and_night_needs_no_word_about_holidays():
    assert told("2026-11-26T12:00", Schedule(EVERY_DAY, "00:00", "24:00")) == "open"


def test_bare_times_are_local_unless_the_source_means_utc():
    # 17:00 to 01:00 UTC is 9 to 5 in Seattle's winter, and 10 to 6 in its summer.
    schedule = Schedule("MO,TU,WE,TH,FR", "17:00", "01:00")
    assert told("2026-11-18T12:00", schedule, times="utc") == "open till 17:00"
    assert told("2026-07-15T12:00", schedule, times="utc") == "open till 18:00"
    assert told("2026-11-18T12:00", schedule) == "opens 17:00"


def test_an_offset_is_ignored_where_times_are_local_and_obeyed_where_they_are_utc():
    schedule = Schedule("WE", "09:00-08:00", "17:00-08:00")
    assert told("2026-11-18T12:00", schedule) == "open till 17:00"
    assert told("2026-11-18T12:00", schedule, times="utc") == "open till 17:00"


def test_the_clock_is_the_places_own():
    schedule = Schedule("WE", "09:00", "17:00")
    assert told("2026-11-18T15:00", schedule) == "open till 17:00"
    assert told("2026-11-18T15:00", schedule, zone="America/New_York") == "opens 2026-11-25 09:00"


def test_the_night_the_clocks_change_keeps_its_wall_times():
    night = Schedule(EVERY_DAY, "22:00", "06:00")
    assert told("2026-11-01T01:30", night) == "open till 06:00"
    assert told("2026-03-08T03:30", night) == "open till 06:00"


def test_plain_weeks_become_weekday_rows():
    schedules = [Schedule("MO,WE", "09:00", "17:00"), Schedule("FR", "22:00", "02:00")]
    assert hours.weekly_openings(schedules, times="local", zone=SEATTLE) == [
        Opening(0, 540, 1020),
        Opening(2, 540, 1020),
        Opening(4, 1320, 1560),
    ]


@pytest.mark.parametrize(
    "schedule",
    [
        Schedule("3TU", "09:00", "17:00", freq="MONTHLY"),
        Schedule("TU", "09:00", "17:00", valid_to=date(2027, 1, 1)),
        Schedule("TU", "09:00", "17:00", valid_from=date(2027, 1, 1)),
        Schedule(None, "09:00", "17:00"),
    ],
)
def test_what_changes_from_week_to_week_becomes_no_weekday_rows(schedule):
    assert hours.weekly_openings([schedule], times="local", zone=SEATTLE, on=date(2026, 11, 18)) is None


def test_a_schedule_that_began_long_ago_is_a_plain_week():
    schedule = Schedule("TU", "09:00", "17:00", valid_from=date(2020, 1, 1), dtstart=date(2020, 1, 1))
    assert hours.weekly_openings([schedule], times="local", zone=SEATTLE, on=date(2026, 11, 18))


def test_utc_times_are_plain_weeks_only_where_the_clocks_never_change():
    schedule = Schedule("MO", "17:00", "01:00")
    assert hours.weekly_openings([schedule], times="utc", zone=SEATTLE) is None
    assert hours.weekly_openings([schedule], times="utc", zone="America/Phoenix") == [Opening(0, 600, 1080)]


def test_masks_hold_the_hours_of_the_week():
    masks = hours.week_masks([Schedule("SU", "22:30", "01:30")], times="local", zone=SEATTLE)
    assert masks == (0b11, 0, 0, 0, 0, 0, 1 << 22 | 1 << 23)
    assert hours.week_masks([Schedule(None, "09:00", "17:00")], times="local", zone=SEATTLE) == (None,) * 7


def test_opens_later_today_says_when():
    state = hours.state([Schedule("WE", "17:30", "19:00")], seattle("2026-11-18T12:00"), SEATTLE)
    assert (state.kind, state.opens, state.usable_today) == (OpenKind.OPENS_LATER, time(17, 30), True)
