"""Which one of a list a text means. The wrong door costs somebody a walk, so in doubt: ask."""

import pytest

from bot.actions.choosing import Listed, read_choice

LISTED = [
    Listed("a", "Sample Methadone Clinic 22"),
    Listed("b", "Sample Detox Center 30"),
    Listed("c", "Sample Sobering Rooms 31"),
]


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("2", 1),
        ("#2", 1),
        ("2 please", 1),
        ("number two", 1),
        ("one", 0),
        ("the first one", 0),
        ("the 2nd one", 1),
        ("third", 2),
        ("the last one", 2),
        ("la segunda", 1),
        ("the sobering one", 2),
        ("detox", 1),
        ("sample detox center", 1),
        ("smaple detox centr 30", 1),
        ("whats the number for 1", 0),
        ("methadone clinic", 0),
    ],
)
def test_a_number_or_a_name_means_one_of_the_list(text, position):
    assert read_choice(text, LISTED) == position


@pytest.mark.parametrize("text", ["4", "1 or 2", "the blue one", "sample", "", "that", "0"])
def test_what_could_be_several_or_none_is_asked_about(text):
    assert read_choice(text, LISTED) is None


def test_after_more_a_number_of_the_earlier_list_still_counts():
    assert read_choice("5", [*LISTED, Listed("d", "Sample D"), Listed("e", "Sample E")]) == 4
