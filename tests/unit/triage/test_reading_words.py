"""Words as typed that were read wrong once."""

import pytest

from bot.triage.rules import rule_book
from bot.triage.text import reading_of


@pytest.mark.parametrize(
    ("text", "words"),
    [("nodespierta", ["no", "despierta"]), ("hes blue !help", ["he", "is", "blue", "help"])],
)
def test_no_word_is_lost(text, words):
    assert reading_of(text, rule_book()).words[1:-1] == words
