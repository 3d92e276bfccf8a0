"""Texts again and again, in the words people use. Noon on Tuesday, 24 November 2026, in Seattle."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.check_ins import at_another_hour, read_recurrence
from bot.errors import TimeNotUnderstood, TooOften

SEATTLE = "America/Los_Angeles"
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=ZoneInfo(SEATTLE))

UNDERSTOOD = [
    ("every morning for a week", "FREQ=DAILY;COUNT=7", "11-25 09:00"),
    ("every day at 8", "FREQ=DAILY;COUNT=7", "11-25 08:00"),
    ("everyday 8am", "FREQ=DAILY;COUNT=7", "11-25 08:00"),
    ("text me every night at 9", "FREQ=DAILY;COUNT=7", "11-24 21:00"),
    ("daily check in please", "FREQ=DAILY;COUNT=7", "11-25 09:00"),
    ("every day for 3 days", "FREQ=DAILY;COUNT=3", "11-25 09:00"),
    ("every night at 9 for 3 nights", "FREQ=DAILY;COUNT=3", "11-24 21:00"),
    ("every day until friday", "FREQ=DAILY;COUNT=3", "11-25 09:00"),
    ("5 times every morning", "FREQ=DAILY;COUNT=5", "11-25 09:00"),
    ("every day starting friday at 6", "FREQ=DAILY;COUNT=7", "11-27 18:00"),
    ("every other day at noon", "FREQ=DAILY;INTERVAL=2;COUNT=4", "11-25 12:00"),
    ("every day for a year", "FREQ=DAILY;COUNT=30", "11-25 09:00"),
    ("mon wed fri at 10", "FREQ=WEEKLY;BYDAY=MO,WE,FR;COUNT=3", "11-25 10:00"),
    ("weekdays", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;COUNT=5", "11-25 09:00"),
    ("weekdays at 7am for 2 weeks", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;COUNT=10", "11-25 07:00"),
    ("wake me up at 6 every weekday", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;COUNT=5", "11-25 06:00"),
    ("once a day at noon", "FREQ=DAILY;COUNT=7", "11-25 12:00"),
    ("weekends", "FREQ=WEEKLY;BYDAY=SA,SU;COUNT=2", "11-28 09:00"),
    ("check on me every monday", "FREQ=WEEKLY;BYDAY=MO;COUNT=4", "11-30 09:00"),
    ("mondays at 9", "FREQ=WEEKLY;BYDAY=MO;COUNT=4", "11-30 09:00"),
    ("cada lunes a las 9", "FREQ=WEEKLY;BYDAY=MO;COUNT=4", "11-30 09:00"),
    ("todos los dias", "FREQ=DAILY;COUNT=7", "11-25 09:00"),
    ("todas las mañanas por una semana", "FREQ=DAILY;COUNT=7", "11-25 09:00"),
    ("cada dia a las 8 hasta el viernes", "FREQ=DAILY;COUNT=3", "11-25 08:00"),
    ("los lunes y miercoles a las 10", "FREQ=WEEKLY;BYDAY=MO,WE;COUNT=2", "11-25 10:00"),
    ("de lunes a viernes a las 7", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;COUNT=5", "11-25 07:00"),
]


@pytest.mark.parametrize(("text", "rrule", "first"), UNDERSTOOD)
def test_a_rule_is_read_as_people_text_it(text, rrule, first):
    read = read_recurrence(text, NOON, SEATTLE)
    at = f"{read.starts_on:%m-%d} {read.minutes // 60:02d}:{read.minutes % 60:02d}"
    assert (read.rrule, at) == (rrule, first)


@pytest.mark.parametrize(
    "text",
    ["tomorrow at 9", "friday", "el lunes a las 3", "monday or tuesday at 9", "in 2 hours", "98104", ""],
)
def test_what_is_wanted_once_is_no_rule(text):
    assert read_recurrence(text, NOON, SEATTLE) is None


@pytest.mark.parametrize(
    "text", ["every 2 hours", "hourly", "twice a day", "every day at 8 and 8pm", "cada 3 horas"]
)
def test_more_than_once_a_day_is_too_often(text):
    with pytest.raises(TooOften):
        read_recurrence(text, NOON, SEATTLE)


def test_an_hour_that_no_clock_shows_is_not_guessed():
    with pytest.raises(TimeNotUnderstood):
        read_recurrence("every day at 32", NOON, SEATTLE)


@pytest.mark.parametrize(("text", "chosen"), [("every day at 6am", True), ("every morning", False)])
def test_only_an_hour_they_named_is_theirs(text, chosen):
    assert read_recurrence(text, NOON, SEATTLE).chosen_time is chosen


def test_an_hour_named_instead_that_is_over_today_begins_tomorrow():
    pending = {"rrule": "FREQ=DAILY;COUNT=3", "starts_on": "2026-11-24", "timezone": SEATTLE, "minutes": 1260}
    assert at_another_hour(pending, 8 * 60, NOON)["starts_on"] == "2026-11-25"
    assert at_another_hour(pending, 13 * 60, NOON)["starts_on"] == "2026-11-24"
