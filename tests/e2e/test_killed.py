"""Promises kept while workers are killed outright: a short run of benchmarks/killed.py, on real processes."""

import pytest

from benchmarks import killed

pytestmark = pytest.mark.e2e


def test_no_promise_is_lost_or_kept_twice_while_workers_are_killed(tmp_path):
    found = killed.run(tmp_path, check_ins=200, timers=40, seconds=15, seed=7)
    assert found["kills"] >= 4
    assert (found["lost"], found["doubled"]) == (0, 0)
