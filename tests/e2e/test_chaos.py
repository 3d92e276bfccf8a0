"""Everything goes wrong at once: a short run of benchmarks/chaos.py, on real processes."""

import pytest

from benchmarks import chaos

pytestmark = pytest.mark.e2e


def test_nothing_is_lost_or_said_twice_while_twilio_misbehaves_and_parts_are_killed(tmp_path):
    found = chaos.run(tmp_path, texts=40, seed=3, rate=4.0, between=(2.0, 3.0), slow=False)
    books = found.books
    assert len(found.kills) >= 3
    assert found.struck.total() >= 10
    assert books.stored_once == books.texts == 40
    assert books.emergencies >= 2
    assert books.unanswered == []
    assert books.well, books
