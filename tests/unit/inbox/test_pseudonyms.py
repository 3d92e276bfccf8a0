"""What a person is called in the inbox."""

import hashlib

from bot.staff.pseudonyms import pseudonym


def test_a_pseudonym_is_the_same_each_time():
    assert pseudonym("4f0c" + "0" * 28) == pseudonym("4f0c" + "0" * 28)


def test_a_pseudonym_is_two_words_and_four_letters():
    tone, thing, letters = pseudonym("4f0c" + "0" * 28).split()
    assert tone.istitle()
    assert thing.istitle()
    assert letters == "4F0C"


def test_fifty_thousand_people_have_nearly_as_many_pseudonyms():
    names = {
        pseudonym(hashlib.sha256(bytes(str(number), "ascii")).hexdigest()[:32]) for number in range(50_000)
    }
    assert len(names) > 49_900
