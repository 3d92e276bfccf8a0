"""A phrase among alternatives without its underscore is refused: it would be read as two words."""

import pytest

from bot.triage.written import refuse_split_phrases


def test_a_phrase_with_a_space_between_bars_is_refused_and_the_message_says_how_to_write_it():
    with pytest.raises(ValueError, match="write 'rat_poison'"):
        refuse_split_phrases(["drank bleach|rat poison|gas", "rat_poison|drano"])


@pytest.mark.parametrize(
    "pattern",
    ["drank bleach|rat_poison|gas", "has a? rat poison", "rat poison|bait", "bleach|gas .. rat|poison"],
)
def test_what_may_be_meant_is_let_be(pattern):
    refuse_split_phrases([pattern, "rat_poison|drano"])
