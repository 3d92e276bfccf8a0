"""Texts written by people who had not seen the rules. Floors a little below what was measured."""

import pytest

from bot.triage.likeness.learning import made_of
from bot.triage.report import figures, split_texts

#: Recall of emergencies at least, false alarms at most: the README of the split says how far to trust them.
FLOORS = {("validation", "en"): (0.95, 0.05), ("validation", "es"): (0.95, 0.05)}


@pytest.mark.parametrize(("name", "language"), sorted(FLOORS))
def test_emergencies_are_caught_and_few_alarms_are_false(name, language):
    recall, false_alarms = FLOORS[name, language]
    found = figures(split_texts(name, language))
    assert found.recall >= recall
    assert found.false_alarms <= false_alarms


def test_the_weights_were_learned_from_the_texts_that_are_here():
    assert made_of()
