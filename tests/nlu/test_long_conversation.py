"""A long conversation costs what a short one does, in whole turns on the running line and both databases."""

import pytest

from benchmarks.long_conversation import MOST, TEXTS, cost_of
from tests.e2e.running_line import RunningLine
from tests.nlu.test_tracker_store import empty_database


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def cost(request, tmp_path_factory):
    """What a text costs around the 10th and at the 400th."""
    url = "" if request.param == "sqlite" else empty_database(request, tmp_path_factory)
    line = RunningLine(tmp_path_factory.mktemp("line"), **({"DATABASE_URL": url} if url else {}))
    try:
        return cost_of(line, TEXTS, url, conversations=1)
    finally:
        line.stop()


def test_the_four_hundredth_text_takes_at_most_a_fifth_longer_than_the_tenth(cost):
    assert cost.ratio <= MOST
