"""Rasa stays small: a machine of 1 GB must hold it."""

import psutil

from tests.nlu.test_understanding import UNDERSTOOD

MOST_BYTES = 700_000_000
TEXTS = 500


def test_rasa_holds_less_than_seven_hundred_megabytes_after_five_hundred_texts(rasa):
    for at in range(TEXTS):
        rasa.parse(UNDERSTOOD[at % len(UNDERSTOOD)][0])
    assert psutil.Process(rasa.pid).memory_info().rss < MOST_BYTES
