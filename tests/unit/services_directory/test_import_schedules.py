"""Opening times in the ways directories write them, and what somebody is told of them."""

from datetime import UTC, date, datetime, time

import pytest

from services_directory.importers.hours_text import read_hours
from services_directory.importers.when import read_clock, read_date, read_days
from tests.unit.services_directory.taking_in import Directory, changed, folder, kinds

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR")
WEEK = (*WEEKDAYS, "SA", "SU")
#: Wednesday 2026-11-25, 20:00 in Seattle: the day before Thanksgiving.
EVENING = datetime(2026, 11, 26, 4, 0, tzinfo=UTC)


def told(tmp_path, *rules, at=EVENING, **how):
    """What is said of a pantry with these schedules."""
    rows = [{"id": f"h{n}", "service_at_location_id": "a1", **rule} for n, rule in enumerate(rules)]
    directory = Directory()
    report = directory.take_in(folder(tmp_path / "package", changed(schedule=rows)), **how)
    (match,) = directory.near("food", "98104", at)
    return match.hours, report, directory


def test_a_schedule_without_days_is_hours_unknown(tmp_path):
    state, _report, directory = told(tmp_path, {"freq": "WEEKLY", "opens_at": "09:00", "closes_at": "17:00"})
    assert state.kind == "unknown"
    assert directory.listing()["monday"] is None
    assert directory.rows("weekly_hours") == []


def test_a_place_without_any_schedule_is_hours_unknown(tmp_path):
    assert told(tmp_path)[0].kind == "unknown"


@pytest.mark.parametrize("closes", ["02:00", "2:00 AM", "26:00"])
def test_closing_before_opening_is_overnight(tmp_path, closes):
    rule = {"freq": "WEEKLY", "byday": "WE", "opens_at": "18:00", "closes_at": closes}
    state, report, directory = told(tmp_path, rule)
    if closes == "26:00":
        assert state.kind == "unknown"
        assert "closes_at is not a time: hours unknown" in kinds(report.warnings)
        return
    assert (state.kind, state.until) == ("open", time(2, 0))
    assert directory.only("weekly_hours")["closes"] == 26 * 60
    # One in the morning of Thursday: still Wednesday's opening.
    assert told(tmp_path / "later", rule, at=datetime(2026, 11, 26, 9, 0, tzinfo=UTC))[0].kind == "open"


@pytest.mark.parametrize("closes", ["24:00", "23:59", "00:00"])
def test_closing_at_midnight(tmp_path, closes):
    state, _report, _directory = told(
        tmp_path, {"freq": "WEEKLY", "byday": "WE", "opens_at": "18:00", "closes_at": closes}
    )
    assert (state.kind, state.until) == ("open", time(0, 0))


def test_several_rows_make_one_week(tmp_path):
    rules = [
        {"freq": "WEEKLY", "byday": "MO,WE", "opens_at": "09:00", "closes_at": "12:00"},
        {"freq": "WEEKLY", "byday": "WE", "opens_at": "19:00", "closes_at": "21:00"},
    ]
    state, _report, directory = told(tmp_path, *rules)
    assert (state.kind, state.until) == ("open", time(21, 0))
    assert [(row["weekday"], row["opens"], row["closes"]) for row in directory.rows("weekly_hours")] == [
        (0, 540, 720),
        (2, 540, 720),
        (2, 1140, 1260),
    ]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("MO,TU", ("MO", "TU")),
        ("Mo, Tu", ("MO", "TU")),
        ("Monday-Friday", WEEKDAYS),
        ("MO-FR", WEEKDAYS),
        ("Mon.-Fri.", WEEKDAYS),
        ("Friday to Monday", ("FR", "SA", "SU", "MO")),
        ("1MO", ("1MO",)),
        ("-1FR", ("-1FR",)),
        ('["MO", "TU"]', ("MO", "TU")),
        ("MO TU WE", ("MO", "TU", "WE")),
        ("MWF", ("MO", "WE", "FR")),
        ("Tuesdays & Thursdays", ("TU", "TH")),
        ("weekdays", WEEKDAYS),
        ("daily", WEEK),
        ("1st and 3rd Tuesday", ("1TU", "3TU")),
        ("2nd Thursday of each month", ("2TH",)),
        ("last Friday of the month", ("-1FR",)),
        ("Lunes a viernes", WEEKDAYS),
        ("Sábado", ("SA",)),
        ("1", ("MO",)),
        ("1,3,5", ("MO", "WE", "FR")),
        ("every other Tuesday", None),
        ("holidays", None),
        ("MO,XX", None),
        ("", None),
    ],
)
def test_weekdays_as_people_write_them(said, kept):
    assert read_days(said) == kept


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("09:00", "09:00"),
        ("9:00 AM", "09:00"),
        ("0900", "09:00"),
        ("900", "09:00"),
        ("9", "09:00"),
        ("9am", "09:00"),
        ("12am", "00:00"),
        ("12 p.m.", "12:00"),
        ("3pm", "15:00"),
        ("noon", "12:00"),
        ("midnight", "00:00"),
        ("24:00", "24:00"),
        ("23:59", "23:59"),
        ("17:00:00Z", "17:00Z"),
        ("09:00:00-08:00", "09:00-08:00"),
        ("09:00:00+00:00", "09:00Z"),
        ("2024-01-01T09:30:00Z", "09:30Z"),
        ("7h30", "07:30"),
        ("9.30", "09:30"),
        ("13:00 PM", "13:00"),
        (time(9, 5), "09:05"),
        ("25:00", None),
        ("9:75", None),
        ("open", None),
        ("", None),
        ("8-5", None),
    ],
)
def test_clock_times_as_people_write_them(said, kept):
    assert read_clock(said) == kept


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("2024-01-02", "2024-01-02"),
        ("2024-1-2", "2024-01-02"),
        ("2024-01-02T00:00:00Z", "2024-01-02"),
        ("01/02/2024", "2024-01-02"),
        ("31/12/2024", "2024-12-31"),
        ("1/2/24", "2024-01-02"),
        ("January 01, 0001", "0001-01-01"),
        ("March 3rd, 2024", "2024-03-03"),
        ("2 January 2024", "2024-01-02"),
        ("20240102", "2024-01-02"),
        ("03-Mar-24", "2024-03-03"),
        ("Jan 2024", "2024-01-01"),
        (date(2024, 1, 2), "2024-01-02"),
        (datetime(2024, 1, 2, 3, tzinfo=UTC), "2024-01-02"),
        ("2024-02-30", None),
        ("tomorrow", None),
        ("", None),
    ],
)
def test_days_as_people_write_them(said, kept):
    assert read_date(said) == kept


@pytest.mark.parametrize(
    ("given", "freq", "byday"),
    [
        ({"freq": "weekly", "byday": "MO"}, "WEEKLY", "MO"),
        ({"freq": "", "byday": "MO"}, "WEEKLY", "MO"),
        ({"freq": "WEEKLY", "byday": "1MO"}, "MONTHLY", "1MO"),
        ({"freq": "monthly", "byday": "first Monday"}, "MONTHLY", "1MO"),
        ({"freq": "daily", "byday": ""}, "WEEKLY", "MO,TU,WE,TH,FR,SA,SU"),
        ({"freq": "DAILY", "byday": "", "interval": "2"}, "DAILY", None),
        ({"freq": "", "bymonthday": "15"}, "MONTHLY", None),
        ({"freq": "WEEKLY", "byday": ""}, "WEEKLY", None),
        ({"freq": "whenever", "byday": "MO"}, "WHENEVER", "MO"),
    ],
)
def test_frequencies(tmp_path, given, freq, byday):
    _state, _report, directory = told(tmp_path, {**given, "opens_at": "9", "closes_at": "17"})
    row = directory.only("schedule")
    assert (row["freq"], row["byday"]) == (freq, byday)


def test_a_frequency_nobody_knows_is_hours_unknown(tmp_path):
    rule = {"freq": "whenever", "byday": "WE", "opens_at": "18:00", "closes_at": "22:00"}
    state, report, _directory = told(tmp_path, rule)
    assert state.kind == "unknown"
    assert "freq is no frequency we know: hours unknown" in kinds(report.warnings)


def test_days_that_are_none_are_hours_unknown_and_said(tmp_path):
    rule = {"freq": "WEEKLY", "byday": "Wednesdoy", "opens_at": "18:00", "closes_at": "22:00"}
    state, report, _directory = told(tmp_path, rule)
    assert state.kind == "unknown"
    assert "byday holds a word that is no weekday: hours unknown" in kinds(report.warnings)


def test_bare_hours_that_would_close_before_they_open_close_in_the_afternoon(tmp_path):
    rule = {"freq": "WEEKLY", "byday": "WE", "opens_at": "9", "closes_at": "5"}
    _state, report, directory = told(tmp_path, rule)
    assert (directory.only("schedule")["opens_at"], directory.only("schedule")["closes_at"]) == (
        "09:00",
        "17:00",
    )
    assert "closes_at was taken as in the afternoon" in kinds(report.warnings)


def test_the_offset_column_is_kept_and_not_used(tmp_path):
    rule = {"freq": "WEEKLY", "byday": "WE", "opens_at": "18:00", "closes_at": "22:00", "timezone": "-5"}
    state, _report, directory = told(tmp_path, rule)
    assert state.until == time(22, 0)
    assert directory.only("schedule")["timezone"] == -5


def test_bare_times_are_local_or_utc_as_the_source_means_them_and_that_is_remembered(tmp_path):
    rule = {"freq": "WEEKLY", "byday": "TH", "opens_at": "02:00", "closes_at": "06:00"}
    package = folder(tmp_path, changed(schedule=[{"id": "h", "service_at_location_id": "a1", **rule}]))
    directory = Directory()
    directory.take_in(package, times="utc")
    # 02:00 to 06:00 UTC on Thursday is Wednesday evening in Seattle.
    assert directory.near("food", "98104", EVENING)[0].hours.until == time(22, 0)
    directory.take_in(package)
    assert directory.rows("directory_import")[-1]["times"] == "utc"
    assert directory.near("food", "98104", EVENING)[0].hours.kind == "open"
    directory.take_in(package, times="local")
    assert directory.near("food", "98104", EVENING)[0].hours.kind != "open"


def test_a_rule_that_is_over_does_not_spoil_the_one_that_holds(tmp_path):
    rules = [
        {
            "freq": "WEEKLY",
            "byday": "WE",
            "opens_at": "08:00",
            "closes_at": "09:00",
            "valid_to": "2020-01-01",
        },
        {
            "freq": "WEEKLY",
            "byday": "WE",
            "opens_at": "18:00",
            "closes_at": "22:00",
            "valid_from": "01/02/2020",
        },
    ]
    state, _report, directory = told(tmp_path, *rules)
    assert state.until == time(22, 0)
    assert directory.listing()["weekly"] == 1


def test_the_nearest_owners_schedule_counts(tmp_path):
    rows = [
        {"id": "1", "location_id": "l1", "freq": "WEEKLY", "byday": "WE", "opens_at": "8", "closes_at": "9"},
        {
            "id": "2",
            "service_id": "s1",
            "freq": "WEEKLY",
            "byday": "WE",
            "opens_at": "18:00",
            "closes_at": "22:00",
        },
    ]
    directory = Directory()
    directory.take_in(folder(tmp_path, changed(schedule=rows)))
    assert directory.near("food", "98104", EVENING)[0].hours.until == time(22, 0)


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("Mon-Fri 9am-5pm; Sat 10-2", [(WEEKDAYS, "09:00", "17:00"), (("SA",), "10:00", "14:00")]),
        ("24/7", [(WEEK, "00:00", "24:00")]),
        ("daily 8-20", [(WEEK, "08:00", "20:00")]),
        ("Tue & Thu 1-3pm", [(("TU", "TH"), "13:00", "15:00")]),
        ("Mon, Wed, Fri 9-5", [(("MO", "WE", "FR"), "09:00", "17:00")]),
        (
            "Monday: 15:00:00-17:00:00, 18:00:00-19:00:00",
            [(("MO",), "15:00", "17:00"), (("MO",), "18:00", "19:00")],
        ),
        ("M-F 8:30am - 4:30 pm", [(WEEKDAYS, "08:30", "16:30")]),
        ("Mon-Fri 9-12, 1-5", [(WEEKDAYS, "09:00", "12:00"), (WEEKDAYS, "13:00", "17:00")]),
        ("Sat 9am-noon", [(("SA",), "09:00", "12:00")]),
        ("Mon-Sun 7pm-7am", [(WEEK, "19:00", "07:00")]),
        ("11pm-3am daily", [(WEEK, "23:00", "03:00")]),
        ("Mon 9-5, Tue 10-6, Wed closed", [(("MO",), "09:00", "17:00"), (("TU",), "10:00", "18:00")]),
        ("Daily 9-5; closed Sunday", [(WEEK[:6], "09:00", "17:00")]),
        ("Mon-Fri 9-5 (closed holidays)", [(WEEKDAYS, "09:00", "17:00")]),
        ("Lunes a viernes 9am a 5pm", [(WEEKDAYS, "09:00", "17:00")]),
        ("Mon–Thu: 9:00–17:00", [(WEEK[:4], "09:00", "17:00")]),
        ("Mon-Fri 10:00-2:00", [(WEEKDAYS, "10:00", "14:00")]),
        ("Mon-Fri 22:00-06:00", [(WEEKDAYS, "22:00", "06:00")]),
        ("Every day 7am-9pm.", [(WEEK, "07:00", "21:00")]),
        ("12-3", None),
        ("call first", None),
        ("2nd Tuesday 9-11", None),
        ("Mon-Fri 9-5 by appointment", None),
        ("", None),
    ],
)
def test_hours_in_a_cell_are_read_for_sure_or_not_at_all(said, read):
    assert read_hours(said) == read
