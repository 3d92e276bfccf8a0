"""Names as people give them to be told at home."""

import pytest

from bot.calls.naming import LONGEST_NAME, NO_NAME, read_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("danny", "Danny"),
        ("Danny", "Danny"),
        ("tell her it's Danny", "Danny"),
        ("tell my mom its me danny", "Danny"),
        ("my name is danny", "Danny"),
        ("dile que soy Mari", "Mari"),
        ("soy jos\u00e9 luis", "Jos\u00e9 luis"),
        ("me llamo Beto", "Beto"),
        ("D'Angelo", "D'Angelo"),
        ("D\u2019Angelo", "D'Angelo"),
        ("Ana-Luc\u00eda", "Ana-Luc\u00eda"),
        ("her son", "Her son"),
    ],
)
def test_a_name_is_found_in_what_stands_around_it(text, name):
    assert read_name(text) == name


@pytest.mark.parametrize("text", ["no name", "NO NAME please", "skip", "no", "sin nombre", "prefiero que no"])
def test_nobody_has_to_give_one(text):
    assert read_name(text) == NO_NAME


@pytest.mark.parametrize(
    "text",
    ["the police", "officer smith", "Dr Jones", "la migra", "warmline", "yes", "why is that?", "12345",
     "x" * (LONGEST_NAME + 1), "a name that goes on and on", "", "\U0001f600"],
)  # fmt: skip
def test_what_is_no_name_or_somebody_elses_office_is_not_said(text):
    assert read_name(text) is None
