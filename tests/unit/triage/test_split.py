"""Texts written by people who had not seen the rules. Floors a little below what was measured."""

import pytest

from bot.triage.likeness.learning import made_of
from bot.triage.report import figures, split_texts

#: Recall of emergencies at least, false alarms at most: the README of the split says how far to trust them.
#: The weights are learned from the validation texts too: theirs only show that nothing broke.
FLOORS = {
    ("test", "en"): (0.955, 0.035),
    ("test", "es"): (0.965, 0.06),
    ("validation", "en"): (0.99, 0.03),
    ("validation", "es"): (0.98, 0.03),
}


@pytest.mark.parametrize(("name", "language"), sorted(FLOORS))
def test_emergencies_are_caught_and_few_alarms_are_false(name, language):
    recall, false_alarms = FLOORS[name, language]
    found = figures(split_texts(name, language))
    assert found.recall >= recall
    assert found.false_alarms <= false_alarms
    # Neither helped at once nor asked whether they are safe.
    assert found.passed_over <= 0.02
    # The wrong script is better than none, but not by much.
    assert found.kind_right >= 0.78
    assert found.who_right >= 0.81


def test_the_weights_were_learned_from_the_texts_that_are_here():
    assert made_of()
