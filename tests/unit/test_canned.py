"""Replies that case workers begin from."""

import pytest

from bot.errors import UnknownReply
from bot.replies.canned import canned, every_canned
from bot.replies.lint import canned_book, differences, problems


def test_they_are_linted_like_all_replies():
    books = [canned_book(language) for language in ("en", "es")]
    assert [problem for book in books for problem in problems(book)] == []
    assert differences(*books) == []


def test_the_writers_name_is_filled_in_and_other_gaps_are_left():
    offered = {one.key: one for one in every_canned("es", "en", "Heron")}
    assert "soy Heron" in offered["hello"].words
    assert offered["hello"].gaps == ()
    assert offered["called_ahead"].gaps == ("place", "time")
    assert "{place}" in offered["called_ahead"].words
    assert offered["hello"].about == "I am here"


def test_a_gap_is_filled_when_it_is_known():
    said = canned("called_ahead", "en", "Heron", place="the Alder clinic")
    assert said == "I called the Alder clinic. They can see you at {time}. Say you're with Warmline."
    with pytest.raises(UnknownReply):
        canned("nobody_wrote_this", "en", "Heron")
