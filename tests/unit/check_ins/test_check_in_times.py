"""When somebody wants a text, in the words people use. Noon on Tuesday, 24 November 2026, in Seattle."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.check_in_times import read_time
from bot.errors import TimeNotPossible, TimeNotUnderstood

SEATTLE = "America/Los_Angeles"
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=ZoneInfo(SEATTLE))

UNDERSTOOD = [
    ("tomorrow at 9", "2026-11-25 09:00"),
    ("Check on me tomorrow at 9", "2026-11-25 09:00"),
    ("tmrw at 9am", "2026-11-25 09:00"),
    ("tomorow 9 pm", "2026-11-25 21:00"),
    ("tomorrow", "2026-11-25 09:00"),
    ("tomorrow night", "2026-11-25 20:00"),
    ("tomorrow at 3", "2026-11-25 15:00"),
    ("tomorrow morning at 7:30", "2026-11-25 07:30"),
    ("tonight", "2026-11-24 20:00"),
    ("tonight at 9", "2026-11-24 21:00"),
    ("in 2 hours", "2026-11-24 14:00"),
    ("in an hour", "2026-11-24 13:00"),
    ("in half an hour", "2026-11-24 12:30"),
    ("half an hour", "2026-11-24 12:30"),
    ("in a couple of hours", "2026-11-24 14:00"),
    ("2 hrs", "2026-11-24 14:00"),
    ("in 1 min", "2026-11-24 12:01"),
    ("at 3", "2026-11-24 15:00"),
    ("at 9", "2026-11-24 21:00"),
    ("9am", "2026-11-25 09:00"),
    ("9", "2026-11-24 21:00"),
    ("noon tomorrow", "2026-11-25 12:00"),
    ("friday at 10", "2026-11-27 10:00"),
    ("tuesday", "2026-12-01 09:00"),
    ("next week monday 8am", "2026-11-30 08:00"),
    ("dec 3 at 4pm", "2026-12-03 16:00"),
    ("12/3 at 4pm", "2026-12-03 16:00"),
    ("mañana a las 9", "2026-11-25 09:00"),
    ("mañana por la mañana", "2026-11-25 09:00"),
    ("en dos horas", "2026-11-24 14:00"),
    ("el viernes", "2026-11-27 09:00"),
    ("later", "2026-11-24 18:00"),
    ("más tarde", "2026-11-24 18:00"),
    ("después", "2026-11-24 18:00"),
    ("luego, al rato", "2026-11-24 18:00"),
    ("en la tarde", "2026-11-24 15:00"),
    ("later like at 6", "2026-11-24 18:00"),
    ("despues del jale como a las 6", "2026-11-24 18:00"),
    ("mañana despues de las 9", "2026-11-25 09:00"),
    ("at 5 o'clock", "2026-11-24 17:00"),
    ("8 oclock tomorrow", "2026-11-25 08:00"),
    ("in 2 days", "2026-11-26 12:00"),
    ("9 am", "2026-11-25 09:00"),
    ("at 2:30 am tonight", "2026-11-25 02:30"),
    ("wake me up at 6", "2026-11-25 06:00"),
    ("despiertame a las 5", "2026-11-25 05:00"),
    ("in a month", "2026-12-24 12:00"),
]


@pytest.mark.parametrize(("text", "due"), UNDERSTOOD)
def test_a_time_is_read_as_people_text_it(text, due):
    read = read_time(text, NOON, SEATTLE)
    assert read.astimezone(ZoneInfo(SEATTLE)).strftime("%Y-%m-%d %H:%M") == due
    assert read.tzinfo is UTC


@pytest.mark.parametrize(
    "text", ["", "ok", "yes please", "98104", "i dont know", "at 77", "206-555-0143", "32 o'clock"]
)
def test_what_is_no_time_is_not_guessed(text):
    with pytest.raises(TimeNotUnderstood):
        read_time(text, NOON, SEATTLE)


@pytest.mark.parametrize(
    "text",
    [
        "in 5 seconds",
        "in 9 weeks",
        "in 99999999 weeks",
        "in 5 years",
        "dentro de 5 años",
        "next year",
        "on march 3 2031",
        "yesterday at 5",
        "last night",
        "2 hours ago",
        "ayer",
        "hace dos horas",
        "today at 9am",
    ],
)
def test_a_time_too_near_or_too_far_is_told_apart_from_no_time(text):
    with pytest.raises(TimeNotPossible):
        read_time(text, NOON, SEATTLE)


def test_nine_in_the_morning_stays_nine_across_the_end_of_daylight_saving():
    before = datetime(2026, 10, 31, 12, 0, tzinfo=ZoneInfo(SEATTLE))
    read = read_time("tomorrow at 9", before, SEATTLE)
    assert read == datetime(2026, 11, 1, 17, 0, tzinfo=UTC)


def test_in_two_days_is_at_this_hour_across_the_end_of_daylight_saving():
    before = datetime(2026, 10, 31, 12, 0, tzinfo=ZoneInfo(SEATTLE))
    assert read_time("in 2 days", before, SEATTLE) == datetime(2026, 11, 2, 20, 0, tzinfo=UTC)


def test_half_past_two_on_the_night_clocks_spring_forward_is_three():
    before = datetime(2026, 3, 7, 12, 0, tzinfo=ZoneInfo(SEATTLE))
    assert read_time("tomorrow at 2:30am", before, SEATTLE) == datetime(2026, 3, 8, 10, 0, tzinfo=UTC)


def test_an_hour_that_clocks_show_twice_is_the_first_of_the_two():
    before = datetime(2026, 10, 31, 12, 0, tzinfo=ZoneInfo(SEATTLE))
    assert read_time("tomorrow at 1:30am", before, SEATTLE) == datetime(2026, 11, 1, 8, 30, tzinfo=UTC)
