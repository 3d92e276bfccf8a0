"""Lists and details in two segments of GSM-7, with names people still recognise."""

from datetime import UTC, date, datetime, time

import pytest
import smsutil
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.presenting import list_fill, match_fill, names_of
from bot.replies import render
from bot.replies.fitting import gsm, segments, shorten
from bot.replies.wording import LONGEST_ADDRESS
from services_directory.hours import OpenKind, OpenState
from services_directory.search import Match

NOON = datetime(2026, 11, 25, 20, 0, tzinfo=UTC)
OPEN = OpenState(OpenKind.OPEN, until=time(19, 30), holiday="Thanksgiving Day")


def place(
    name="Food Bank", organization=None, address="100 Main St, Seattle 98104", phone="206-555-0143", **more
):
    facts = {"miles": 12.34, "hours": OPEN, **more}
    return Match("at", "service", name, organization, address, phone, **facts)


LONG = (
    "Saint Vincent de Paul of Seattle King County Community Food Bank"
    " and Emergency Services Center (Georgetown)"
)


@pytest.mark.parametrize("language", ["en", "es"])
def test_three_long_names_fit_in_two_segments(language):
    text = render("service_list", list_fill("University District", [place(LONG)] * 3, 10), language, NOON)
    assert segments(text) <= 2
    assert smsutil.is_valid_gsm(text)
    assert text.count("12 mi") == 3


@pytest.mark.parametrize(
    ("longest", "expected"),
    [
        (
            100,
            "Saint Vincent de Paul of Seattle King County Community Food Bank and Emergency Services Center",
        ),
        (85, "St Vincent de Paul of Seattle King Co Comm Food Bank and Emerg Svcs Ctr"),
        (40, "St Vincent de Paul of Seattle King Co"),
        (23, "St Vincent de Paul"),
    ],
)
def test_a_name_loses_its_brackets_then_its_long_words_then_its_end(longest, expected):
    assert shorten(LONG, longest) == expected


def test_a_number_in_a_name_is_never_cut():
    assert shorten("Veterans of Foreign Wars Post 2713 Kitchen", 30) == "Veterans of Foreign Wars Post"
    assert shorten("123456789012345", 12) == "123456789012345"
    assert shorten("Building2345678Annex", 12) == "Building2345678"


def test_letters_outside_the_sms_alphabet_are_written_inside_it():
    assert (
        gsm("Centro de Salud “José Martí” – Ayuda\u00a0médica")
        == 'Centro de Salud "José Marti" - Ayuda médica'
    )


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=120), min_size=1, max_size=3), st.sampled_from(["en", "es"]))
def test_whatever_directories_call_their_places_a_list_fits(names, language):
    found = [place(name) for name in names]
    text = render("service_list", list_fill("98104", found), language, NOON)
    assert smsutil.is_valid_gsm(text)
    assert segments(text) <= 2


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=150), st.text(max_size=150), st.text(max_size=120))
def test_whatever_directories_write_details_are_whole_where_it_matters(name, organization, address):
    found = place(name, organization, address, assured_date=date(2024, 5, 1), stale=True, free=True)
    text = render("service_details", match_fill(found), "es", NOON)
    assert smsutil.is_valid_gsm(text)
    assert segments(text) <= 2
    assert "(206) 555-0143" in text
    assert shorten(address, LONGEST_ADDRESS) in text


def test_details_say_what_else_is_known_as_far_as_there_is_room():
    found = place(assured_date=date(2024, 5, 1), stale=True, walk_in=True, free=True, closed_reports=2)
    assert render("service_details", match_fill(found), "en", NOON).splitlines() == [
        "Food Bank",
        "100 Main St, Seattle 98104",
        "(206) 555-0143",
        "open till 7:30pm, holiday: call first",
        "Someone found it closed lately. Call first if you can.",
        "Free.",
        "Just walk in.",
        "Last checked May 2024. Call first if you can.",
    ]


def test_a_place_without_address_or_phone_has_no_empty_lines():
    assert "\n\n" not in render("service_details", match_fill(place(address="", phone=None)), "en", NOON)


def test_an_unknown_closing_day_reads_as_the_next_opening():
    closed = OpenState(OpenKind.CLOSED_TODAY, opens=time(9), opens_on=date(2026, 11, 27))
    text = render("service_list", list_fill("98104", [place(hours=closed)]), "en", NOON)
    assert "1) Food Bank, 12 mi, opens Friday 9am" in text


@pytest.mark.parametrize(
    ("service", "organization", "expected"),
    [
        ("Food Pantry", "Rainier Helping Hands", ("Rainier Helping Hands", "Food Pantry")),
        ("Rainier Helping Hands Pantry", "Rainier Helping Hands", ("Rainier Helping Hands Pantry", None)),
        ("Breakfast Club", "Rainier Helping Hands", ("Breakfast Club", "Rainier Helping Hands")),
        ("Food Pantry", None, ("Food Pantry", None)),
    ],
)
def test_a_place_is_called_what_tells_it_from_others(service, organization, expected):
    assert names_of(place(service, organization)) == expected
