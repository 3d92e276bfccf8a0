"""Who may come, what it costs and how to start, in the words of real listings."""

import pytest

from services_directory.folding import folded
from services_directory.importers.ages import ages, ages_in
from services_directory.importers.flags import FLAGS, Told, codes_in, flags


def flag(which, **said):
    told = {
        "name": "Sample Program",
        "description": "",
        "eligibility": "",
        "how_to_start": "",
        "price": "",
        "interpretation": "",
        "minimum_age": None,
        "maximum_age": None,
        "assured_date": None,
        **said,
    }
    return dict(zip(FLAGS, flags(Told(**told)), strict=True))[which]


@pytest.mark.parametrize(
    ("said", "gender"),
    [
        ({"name": "Women's Shelter"}, "women"),
        ({"name": "Men's Shelter"}, "men"),
        ({"eligibility": "Women only"}, "women"),
        ({"eligibility": "Women and their children"}, "women"),
        ({"eligibility": "Men 18 and older"}, "men"),
        ({"eligibility": "Homeless men"}, "men"),
        ({"eligibility": "For single women"}, "women"),
        ({"eligibility": "Must be female"}, "women"),
        ({"eligibility": "Solo mujeres"}, "women"),
        ({"description": "A house that serves only men."}, "men"),
        ({"eligibility": "Men and women 18+"}, None),
        ({"eligibility": "For women and men"}, None),
        ({"eligibility": "For men, women and children"}, None),
        ({"eligibility": "Adult women; Pregnant/postpartum women; Adult men"}, None),
        ({"description": "For men and women. Our other house is for women only."}, None),
        ({"name": "Men's Health Clinic"}, None),
        ({"name": "Women's Health"}, None),
        ({"description": "We document and comment on amendments."}, None),
        ({"eligibility": "Residents of the county"}, None),
    ],
)
def test_women_or_men_only(said, gender):
    assert flag("gender", **said) == gender


@pytest.mark.parametrize(
    ("said", "span"),
    [
        ("18+", (18, None)),
        ("Adults 18 and over", (18, None)),
        ("Adults (18+)", (18, None)),
        ("Ages 18 and up", (18, None)),
        ("Must be at least 18 years old", (18, None)),
        ("Must be 21", (21, None)),
        ("Adults", (18, None)),
        ("Adults only", (18, None)),
        ("Seniors 60 and older", (60, None)),
        ("Seniors only", (60, None)),
        ("Age 55 or over for most programs, age 60 or over for lunch program", (55, None)),
        ("ages 12-17", (12, 17)),
        ("12 to 17 years", (12, 17)),
        ("Youth 16 to 24", (16, 24)),
        ("between 13 and 17", (13, 17)),
        ("18-24", (18, 24)),
        ("under 18", (None, 17)),
        ("Under age 21", (None, 20)),
        ("Children 5 and under", (None, 5)),
        ("0-5 years", (None, 5)),
        ("Youth ages 12-17 and adults 18+", (12, None)),
        ("Youth 12-17; adults 18+", (12, None)),
        ("Children under 12 must be accompanied by an adult", (None, None)),
        ("Kids under 5 eat free", (None, None)),
        ("People over 50% of poverty", (None, None)),
        ("up to 30 days", (None, None)),
        ("Call 206-555-0100", (None, None)),
        ("Anyone in need", (None, None)),
        ("", (None, None)),
    ],
)
def test_ages_in_words(said, span):
    assert ages_in(folded(said)) == span


def test_ages_in_their_columns_go_before_words():
    assert ages(12, 100, "adults 18+") == (12, None)
    assert ages(0, 17, "") == (None, 17)
    # Nobody is both over 65 and under 18: one of the two is wrong, and nobody knows which.
    assert ages(65, 18, "") == (None, None)


@pytest.mark.parametrize(
    ("said", "free"),
    [
        ({"price": "Free"}, True),
        ({"price": "None."}, True),
        ({"price": "None. Donations requested of clients who can afford it."}, True),
        ({"price": "No cost to clients"}, True),
        ({"price": "$0.00"}, True),
        ({"price": "Gratis"}, True),
        ({"amounts": [0.0]}, True),
        ({"amounts": [5.0, 0.0]}, True),
        ({"description": "Free hot meals every day"}, True),
        ({"description": "All of this at no cost to you"}, True),
        ({"price": "$20 per visit"}, False),
        ({"amounts": [35.0]}, False),
        ({"price": "Not free"}, False),
        ({"price": "$2.50 suggested donation for lunch"}, None),
        ({"price": "Sliding fee scale (fee is based on income and other factors)"}, None),
        ({"price": "None, except for permits"}, None),
        ({"price": "Medicaid; Private health insurance"}, None),
        ({"description": "Drug-free, smoke free housing. Toll-free number, free parking."}, None),
        ({}, None),
    ],
)
def test_what_it_costs(said, free):
    assert flag("free", **said) == free


@pytest.mark.parametrize(
    ("said", "walk_in"),
    [
        ({"how_to_start": "Walk in."}, True),
        ({"how_to_start": "Walk in or apply by phone for an appointment."}, True),
        ({"how_to_start": "No appointment necessary"}, True),
        ({"description": "A drop-in center"}, True),
        ({"how_to_start": "Sin cita"}, True),
        ({"how_to_start": "No walk-ins. Call."}, False),
        ({"how_to_start": "Walk-ins are not accepted"}, False),
        ({"how_to_start": "By appointment only"}, False),
        ({"how_to_start": "Appointment required"}, False),
        ({"how_to_start": "Apply by phone for an appointment."}, False),
        ({"how_to_start": "Referral required"}, False),
        ({"how_to_start": "Call first"}, None),
        ({"how_to_start": "By phone during business hours."}, None),
    ],
)
def test_how_to_start(said, walk_in):
    assert flag("walk_in", **said) == walk_in


@pytest.mark.parametrize(
    ("name", "said", "value"),
    [
        ("families", "Families with children", True),
        ("families", "Women and children", True),
        ("families", "All ages", True),
        ("families", "No children", False),
        ("families", "Single adults", False),
        ("families", "We cannot accept families", False),
        ("families", "Children are not allowed", False),
        ("families", "Peninsula Family Service", None),
        ("veterans_only", "Veterans", True),
        ("veterans_only", "Veterans and their families", True),
        ("veterans_only", "Must be a veteran", True),
        ("veterans_only", "For homeless veterans", True),
        ("veterans_only", "Open to everyone, veterans welcome", None),
        ("veterans_only", "For veterans and others", None),
        ("pets", "Pets welcome", True),
        ("pets", "Dogs allowed, kennels on site", True),
        ("pets", "No pets", False),
        ("pets", "Pets are not allowed", False),
        ("pets", "Service animals only", False),
        ("pets", "Competent staff", None),
    ],
)
def test_who_may_come_along(name, said, value):
    assert flag(name, eligibility=said) == value


@pytest.mark.parametrize(
    ("said", "value"),
    [
        (["ramp, restroom, wheelchair"], True),
        (["Wheelchair access is possible on all levels."], True),
        (["ADA compliant"], True),
        (["not wheelchair accessible"], False),
        (["Wheelchair: no"], False),
        (["Stairs only"], False),
        (["Induction loop"], None),
        ([], None),
    ],
)
def test_wheelchairs(said, value):
    assert flag("wheelchair", access=said) == value


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ("es", ("es",)),
        ("spa", ("es",)),
        ("es-MX", ("es",)),
        ("en_US", ("en",)),
        ("Español", ("es",)),
        ("Chinese (Mandarin)", ("zh",)),
        ("English/Spanish", ("en", "es")),
        ("Haitian Creole", ("ht",)),
        ("American Sign Language", ("ase",)),
        ("Klingon", ()),
        ("", ()),
    ],
)
def test_languages_by_code_and_name(said, codes):
    assert codes_in(said) == codes


def test_languages_of_rows_and_interpreters():
    spoken = flag(
        "languages",
        languages=[("eng", None), (None, "Tagalog")],
        interpretation="Interpretation services are available in Urdu, Polish, and Slovak",
    )
    assert spoken == ",en,pl,sk,tl,ur,"
