"""Numbers as people text them, and those that nobody's home can be at."""

import pytest

from bot.phone_numbers import Unfit, may_ring, read, read_number

LINE = "+12065550100"


@pytest.mark.parametrize(
    "text",
    [
        "2065550143",
        "206-555-0143",
        "(206) 555-0143",
        "206.555.0143",
        "206 555 0143",
        "206/555/0143",
        "206_555_0143",
        "2 0 6 5 5 5 0 1 4 3",
        "+1 (206) 555-0143",
        "12065550143",
        "1 206 555 0143",
        "call my mom at 206-555-0143 please",
        "its 2065550143 thats my mom",
        "206-555-0143 ext 5",
        "my old one was 555-0199 now its 206-555-0143",
        "two zero six five five five oh one four three",
        "206 five five five 0143",
        "2o6 555 o143",
        "dos cero seis cinco cinco cinco cero uno cuatro tres",
        "el numero es 206 555 0143",
        "\uff12\uff10\uff16\uff15\uff15\uff15\uff10\uff11\uff14\uff13",
    ],
)
def test_a_number_is_read_however_it_is_written(text):
    assert read(text).number == "+12065550143"
    assert read_number(text) == "+12065550143"


@pytest.mark.parametrize(
    ("text", "unfit"),
    [
        ("911", Unfit.EMERGENCY),
        ("call 911", Unfit.EMERGENCY),
        ("112", Unfit.EMERGENCY),
        ("988", Unfit.HELP),
        ("211", Unfit.HELP),
        ("555-0143", Unfit.NO_AREA),
        ("5550143", Unfit.NO_AREA),
        ("1-900-555-1234", Unfit.BUSINESS),
        ("1-800-555-1234", Unfit.BUSINESS),
        ("+1 876 555 1234", Unfit.FOREIGN),
        ("809 555 1234", Unfit.FOREIGN),
        ("+52 55 1234 5678", Unfit.FOREIGN),
        ("52 55 1234 5678", Unfit.FOREIGN),
        ("011 52 55 1234 5678", Unfit.FOREIGN),
        ("20655501", Unfit.NONE),
        ("my mom", Unfit.NONE),
        ("no one knows", Unfit.NONE),
        ("", Unfit.NONE),
    ],
)
def test_what_is_no_home_is_refused_with_its_reason(text, unfit):
    assert read(text) == read(text).__class__(None, unfit)


def test_another_country_can_be_allowed():
    assert read("+52 55 1234 5678", {"US", "MX"}).number == "+525512345678"
    assert read("52 55 1234 5678", {"US", "MX"}).number == "+525512345678"


def test_the_lines_own_number_rings_nobodys_home():
    assert not may_ring(LINE, LINE)
    assert may_ring("+12065550143", LINE)
    assert not may_ring("+19005551234", LINE)
